"""The enumerations. They stand here because core executes a variables file anew for every tax-benefit system."""

from openfisca_core.indexed_enums import Enum


class Kategori(Enum):
    """The categories of the category model; ``INGEN`` for a user without hours (T-9)."""

    INGEN = "Ingen kategori"
    KATEGORI_1 = "Kategori 1"
    KATEGORI_2 = "Kategori 2"
    KATEGORI_3 = "Kategori 3"
    KATEGORI_4 = "Kategori 4"
    KATEGORI_5 = "Kategori 5"
    KATEGORI_6 = "Kategori 6"


class Budsjettmottaker(Enum):
    """Who receives the budget for the home-based services."""

    VURDERINGSENHET = "Vurderingsenheten (forvaltningskontoret), som bestiller tjenestene"
    ETAT = "Etaten som yter tjenestene"


class VurderendeInstans(Enum):
    """Who assesses a user's need."""

    VURDERINGSENHET = "Vurderingsenheten"
    VURDERINGSTEAM = "Vurderingsteamet"


class Tjenesteomraade(Enum):
    """The service area that a unit works in."""

    HJEMMETJENESTER = "Hjemmetjenester"
    ANDRE = "Andre tjenesteområder"

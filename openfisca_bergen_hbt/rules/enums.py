"""The enumerations. They stand here because core executes a variables file anew for every tax-benefit system."""

from openfisca_core.indexed_enums import Enum


class Kategori(Enum):
    """The categories of the category model; ``INGEN`` for a user without hours (T-9)."""

    INGEN = "Ingen kategori"
    KATEGORI_1 = "Kategori 1: under 1,5 timer per uke"
    KATEGORI_2 = "Kategori 2: 1,5 til 7,49 timer per uke"
    KATEGORI_3 = "Kategori 3: 7,5 til 14,99 timer per uke"
    KATEGORI_4 = "Kategori 4: 15 til 29,99 timer per uke"
    KATEGORI_5 = "Kategori 5: 30 til 79,99 timer per uke"
    KATEGORI_6 = "Kategori 6: 80 timer per uke eller mer"


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

"""T-15 read otherwise: the reserve pays claims that the pool can't cover."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_reserven_dekker_krav(Variable):
    documentation = "Om reserven betaler det potten ikke kan: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class ReservenDekker(Reading):
    """Reserven dekker krav som potten over 80 timer ikke rekker til."""

    title = "Reserven dekker krav som potten over 80 timer ikke rekker til"
    short_title = "Reserven dekker krav"
    replaces = "T-15"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «kompensere enheter der modellen av ulike grunner "
        "gir urimelige utslag»"
    )
    case_for = "En enhet med brukere som ingen pott dekker, er et urimelig utslag, og reserven er til for slike."
    case_against = (
        "Potten er det teksten setter av til disse brukerne, og reserven er til for utslag ved inngangen av året."
    )
    hinges = (etat_reserven_dekker_krav,)

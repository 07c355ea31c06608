"""T-5 read otherwise: the reserve is the director's alone."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_kompensasjon_etter_skjoenn(Variable):
    documentation = "Om reserven bare brukes etter etatsdirektørens skjønn: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class Skjoenn(Reading):
    """Reserven er etatsdirektørens alene, uten automatisk kompensasjon."""

    title = "Reserven er etatsdirektørens alene, uten automatisk kompensasjon"
    short_title = "Reserven etter skjønn"
    replaces = "T-5"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «der modellen av ulike grunner gir urimelige utslag»"
    )
    case_for = "«Av ulike grunner» lar seg ikke regne ut, og teksten gir etatsdirektøren ansvaret for å omfordele."
    case_against = "Et urimelig utslag kan måles mot timene, og en fast regel behandler enhetene likt."
    hinges = (etat_kompensasjon_etter_skjoenn,)

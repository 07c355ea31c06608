"""T-15 and T-18 read otherwise: users who pass 80 hours leave and enter the unit's points in the same month."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_faktiske_brukere_veier(Variable):
    documentation = "Om brukere som passerer 80 timer, følges gjennom året: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class FaktiskBruker(Reading):
    """Brukere som passerer 80 timer, følges samme måned."""

    title = "Brukere som passerer 80 timer, følges samme måned"
    short_title = "Følger brukeren"
    replaces = "T-15"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «løpende fordeler disse til de enhetene som har "
        "slike brukere»"
    )
    case_for = "En bruker skal ikke gi penger to ganger, eller ingen, fordi han passerte 80 timer i løpet av året."
    case_against = "Andelene er satt ved inngangen av året, og teksten endrer dem bare ved en vesentlig endring."
    hinges = (etat_faktiske_brukere_veier,)

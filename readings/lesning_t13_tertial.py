"""T-13 read otherwise: a change is judged at the end of each third of the year."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_endring_i_tertial(Variable):
    documentation = "Om en endring bare vurderes av tallene for april og august: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class Tertial(Reading):
    """En vesentlig endring vurderes etter hvert tertial."""

    title = "En vesentlig endring vurderes etter hvert tertial"
    short_title = "Vurdert hvert tertial"
    replaces = "T-13"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «Hvis det er vesentlige endringer i brukermassen "
        "gjennom året, vil budsjettet bli omfordelt»"
    )
    case_for = "Kommuner rapporterer og justerer budsjettet etter hvert tertial."
    case_against = "Teksten sier «gjennom året», uten faste tidspunkter."
    hinges = (etat_endring_i_tertial,)

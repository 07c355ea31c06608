"""T-10 read otherwise: the pool over 80 hours is paid out by twelfths."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_pott_i_maanedsrater(Variable):
    documentation = "Om potten betales ut med en tolvdel i måneden: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class Maanedsrater(Reading):
    """Potten til brukere over 80 timer betales ut i månedsrater."""

    title = "Potten til brukere over 80 timer betales ut i månedsrater"
    short_title = "Pott i månedsrater"
    replaces = "T-10"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «legges midlene sentralt hos etaten som løpende "
        "fordeler disse»"
    )
    case_for = "«Løpende» kan leses som jevnt gjennom året, slik et budsjett periodiseres."
    case_against = "«Løpende fordeler disse til de enhetene som har slike brukere» følger brukerne, ikke kalenderen."
    hinges = (etat_pott_i_maanedsrater,)

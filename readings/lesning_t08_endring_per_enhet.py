"""T-8 read otherwise: a change is material when any unit's own points have moved."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_endring_per_enhet(Variable):
    documentation = "Om en endring måles for hver enhet: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class EndringPerEnhet(Reading):
    """En endring er vesentlig når en enhets egne poeng har endret seg."""

    title = "En endring er vesentlig når en enhets egne poeng har endret seg"
    short_title = "Endring per enhet"
    replaces = "T-8"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «vesentlige endringer i brukermassen gjennom året»"
    )
    case_for = "Brukermassen er den enkelte enhets, og en enhet merker en endring i sine egne brukere."
    case_against = "En liten enhet ville utløse en omfordeling for alle, og budsjettet er etatens."
    hinges = (etat_endring_per_enhet,)

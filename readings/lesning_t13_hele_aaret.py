"""T-13 read otherwise: a material change divides the whole year anew."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_omfordeling_hele_aaret(Variable):
    documentation = "Om en omfordeling gjelder hele året: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class HeleAaret(Reading):
    """En vesentlig endring deler hele årets budsjett på nytt."""

    title = "En vesentlig endring deler hele årets budsjett på nytt"
    short_title = "Hele året på nytt"
    replaces = "T-13"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «Hvis det er vesentlige endringer i brukermassen "
        "gjennom året, vil budsjettet bli omfordelt»"
    )
    case_for = "«Budsjettet vil bli omfordelt» kan leses som årets budsjett, også det som er brukt."
    case_against = "Penger som er brukt, kan ikke deles på nytt, og en enhet kunne ende en måned med å skylde."
    hinges = (etat_omfordeling_hele_aaret,)

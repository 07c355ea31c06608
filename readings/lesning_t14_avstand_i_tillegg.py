"""T-14 read otherwise: distance money comes in addition to the frame that is shared out."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Reading


class etat_avstand_i_tillegg(Variable):
    documentation = "Om reserven bærer avstandspotten: ja."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class AvstandITillegg(Reading):
    """Avstandsmidlene kommer i tillegg til rammen som fordeles."""

    title = "Avstandsmidlene kommer i tillegg til rammen som fordeles"
    short_title = "Avstand i tillegg"
    replaces = "T-14"
    reads = "vedtak_2018_01_kategorimodell"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «I tillegg til det som fordeles gjennom denne "
        "modellen»"
    )
    case_for = "Teksten sier «i tillegg til», og bare reserven er satt av ved siden av det som fordeles."
    case_against = "Rammen er lukket, så det som gis i tillegg, må tas av noe; å ta det av toppen er enklest."
    hinges = (etat_avstand_i_tillegg,)

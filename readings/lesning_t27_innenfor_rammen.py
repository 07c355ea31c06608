"""T-27 read otherwise: before the category model, the hours share the frame."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.groups import split_among_units
from openfisca_bergen_hbt.vedtak import Reading


class enhet_samlet_tildeling(Variable):
    documentation = "Disponibel ramme, delt etter enhetenes vedtakstimer i hjemmetjenestene, med største rest."

    def formula_2017_01(enhet, period):
        hours = enhet("enhet_vedtakstimer", period) * enhet("enhet_i_hjemmetjenestene", period)
        return split_among_units(enhet, enhet.simulation.etat("etat_disponibel_ramme", period), hours)


class InnenforRammen(Reading):
    """Timene deler rammen også før kategorimodellen."""

    title = "Timene deler rammen også før kategorimodellen"
    short_title = "Innenfor rammen"
    replaces = "T-27"
    reads = None
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    case_for = "En vurderingsenhet hadde budsjettet, og et budsjett er en ramme."
    case_against = "«Aktivitetsbasert finansiering» betyr at pengene følger timene."
    hinges = (enhet_samlet_tildeling,)

"""September 2019: the trust reform enters the city government's platform and widens to more service areas."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Vedtak


class etat_tillitsreform_i_politisk_plattform(Variable):
    documentation = "Om reformen står i byrådets politiske plattform: fra september 2019."

    def formula_2019_09(etat, period):
        return etat.filled_array(True)


class enhet_omfattet_av_tillitsreformen(Variable):
    documentation = "Om reformen gjelder for enheten: den gjelder i alle tjenesteområder."

    def formula_2019_09(enhet, period):
        return enhet.filled_array(True)


class PolitiskPlattform(Vedtak):
    """Tillits- og faglighetsreformen forankres i byrådets politiske plattform og utvides."""

    title = "Tillits- og faglighetsreformen i byrådets plattform"
    short_title = "Politisk plattform"
    adopted = "2019-09"
    in_force = date(2019, 9, 1)
    decided_by = "Byrådet"
    reference = "Vedtak 2017-2021, punktet «September 2019»"
    hinges = (etat_tillitsreform_i_politisk_plattform, enhet_omfattet_av_tillitsreformen)

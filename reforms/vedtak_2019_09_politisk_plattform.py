"""September 2019: the trust reform enters the city government's platform and widens to more service areas."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.vedtak import Vedtak


class etat_tillitsreform_i_politisk_plattform(Variable):
    documentation = "Om reformen står i byrådets politiske plattform: fra september 2019."

    def formula_2019_09(etat, period):
        return etat.filled_array(True)


class enhet_i_utvidelsen(Variable):
    documentation = "Om utvidelsen til flere tjenesteområder omfatter enheten: de som inndata navngir."

    def formula_2019_09(enhet, period):
        return enhet("enhet_omfattet_fra_plattformen", year_of(period))


class PolitiskPlattform(Vedtak):
    """Tillits- og faglighetsreformen forankres i byrådets politiske plattform og utvides."""

    title = "Tillits- og faglighetsreformen i byrådets plattform"
    short_title = "Politisk plattform"
    adopted = "2019-09"
    in_force = date(2019, 9, 1)
    decided_by = "Byrådet"
    reference = "Vedtak 2017-2021, punktet «September 2019»"
    interpretations = ("T-23",)
    hinges = (etat_tillitsreform_i_politisk_plattform, enhet_i_utvidelsen)

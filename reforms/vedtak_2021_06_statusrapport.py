"""June 2021: the status report on the trust reform."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Vedtak


class etat_statusrapport_vedtatt(Variable):
    documentation = "Om bystyret har vedtatt statusrapporten: fra juni 2021."

    def formula_2021_06(etat, period):
        return etat.filled_array(True)


class Statusrapport(Vedtak):
    """Statusrapport for arbeidet med tillits- og faglighetsreformen."""

    title = "Statusrapport om tillits- og faglighetsreformen"
    short_title = "Statusrapport"
    adopted = "2021-06"
    in_force = date(2021, 6, 1)
    decided_by = "Bystyret"
    reference = "Vedtak 2017-2021, punktet «Juni 2021»"
    hinges = (etat_statusrapport_vedtatt,)

"""May 2019: the plan for services to elderly people who live at home, 2019-2029."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.vedtak import Vedtak


class etat_plan_hjemmeboende_eldre_gjelder(Variable):
    documentation = "Om planen gjelder: fra mai 2019 til og med 2029."

    def formula_2019_05(etat, period):
        return etat.filled_array(True)

    def formula_2030_01(etat, period):
        return etat.filled_array(False)


class PlanHjemmeboendeEldre(Vedtak):
    """Plan for helse- og omsorgstjenester til hjemmeboende eldre (2019-2029)."""

    title = "Plan for tjenester til hjemmeboende eldre 2019-2029"
    short_title = "Plan hjemmeboende eldre"
    adopted = "2019-05"
    in_force = date(2019, 5, 1)
    decided_by = "Bystyret"
    reference = "Vedtak 2017-2021, punktet «Mai 2019»"
    hinges = (etat_plan_hjemmeboende_eldre_gjelder,)

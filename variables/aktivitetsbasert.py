"""Activity-based financing: the money follows the decided hours, open-ended."""

from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Enhet, Etat
from openfisca_bergen_hbt.rules.groups import sum_home_care
from openfisca_bergen_hbt.rules.money import krone
from openfisca_bergen_hbt.rules.stages.sums import hours_of_year

AKTIVITETSBASERT = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"


class enhet_vedtakstimer(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Enhetens vedtakstimer i året"
    unit = "timer_per_aar"
    reference = "Lysbilder 04.06.2020, tabellen «Vedtaktimer»"
    documentation = "Summen av brukernes vedtakstimer."

    def formula_2017_01(enhet, period, parameters):
        return hours_of_year(enhet, period, parameters)


class etat_vedtakstimer(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Etatens vedtakstimer i året"
    unit = "timer_per_aar"
    reference = "Lysbilder 04.06.2020, tabellen «Vedtaktimer», SUM"
    documentation = "Summen av vedtakstimene til enhetene i hjemmetjenestene."

    def formula_2017_01(etat, period):
        return sum_home_care(etat, etat.simulation.enhet("enhet_vedtakstimer", period), period)


class enhet_aktivitetsbasert_inntekt(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Aktivitetsbasert inntekt"
    unit = "kr"
    reference = [AKTIVITETSBASERT, "Tolkning T-1", "Tolkning T-21"]
    documentation = (
        "Timepris ganget med enhetens vedtakstimer, i hele kroner. Uten tak: summen følger timene. 0 for en enhet "
        "utenfor hjemmetjenestene."
    )

    def formula_2017_01(enhet, period, parameters):
        hours = enhet("enhet_vedtakstimer", period) * enhet("enhet_i_hjemmetjenestene", period)
        return krone(parameters(period).aktivitetsbasert.timepris * hours)


class etat_aktivitetskostnad(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Aktivitetskostnad"
    unit = "kr"
    reference = [AKTIVITETSBASERT, "Tolkning T-1", "Tolkning T-21"]
    documentation = "Hva vedtakstimene koster etter timeprisen, enten pengene følger timene eller ikke."

    def formula_2017_01(etat, period, parameters):
        return krone(parameters(period).aktivitetsbasert.timepris * etat("etat_vedtakstimer", period))

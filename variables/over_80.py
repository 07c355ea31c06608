"""Users over 80 hours a week: a central pool, paid out as the months pass."""

from openfisca_core.model_api import MONTH, YEAR, Variable
import numpy

from openfisca_bergen_hbt.categories import direct_hours, hours_over_80
from openfisca_bergen_hbt.entities import Enhet, Etat
from openfisca_bergen_hbt.groups import of_agency, split_among_units, sum_units
from openfisca_bergen_hbt.money import krone, ratio
from openfisca_bergen_hbt.months import january, months_so_far, year_of

POTTEN = (
    "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «For den siste kategorien … legges midlene sentralt "
    "hos etaten som løpende fordeler disse til de enhetene som har slike brukere»"
)


class enhet_timer_direkte(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Timer per uke for brukere i kategori 1 til 5"
    unit = "timer_per_uke"
    reference = POTTEN
    documentation = "Summen av timene til brukere i kategori 1 til 5."

    def formula_2018_01(enhet, period):
        return direct_hours(enhet, period)


class enhet_timer_over_80(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Timer per uke for brukere i kategori 6"
    unit = "timer_per_uke"
    reference = [POTTEN, "Tolkning T-18"]
    documentation = "Summen av timene til brukere i kategori 6."

    def formula_2018_01(enhet, period):
        return hours_over_80(enhet, period)


class etat_kostnad_per_time(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Kostnad per time"
    unit = "kr_per_time"
    reference = [POTTEN, "Tolkning T-10"]
    documentation = "Rammen til fordeling delt på et års timer for brukerne ved inngangen av året. 0 uten timer."

    def formula_2018_01(etat, period, parameters):
        enhet = etat.simulation.enhet
        start = january(period)
        hours = sum_units(etat, enhet("enhet_timer_direkte", start) + enhet("enhet_timer_over_80", start))
        return ratio(etat("etat_ramme_til_fordeling", period), hours * parameters(period).tid.uker_per_aar)


class enhet_krav_over_80(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Krav for brukere over 80 timer per uke"
    unit = "kr_med_desimaler"
    reference = [POTTEN, "Tolkning T-15", "Tolkning T-16", "Tolkning T-18"]
    documentation = "Månedens timer for brukere i kategori 6 ganget med kostnaden per time."

    def formula_2018_01(enhet, period, parameters):
        weeks = parameters(period).tid.uker_per_aar / 12
        cost = of_agency(enhet, enhet.simulation.etat("etat_kostnad_per_time", year_of(period)))
        return enhet("enhet_timer_over_80", period) * weeks * cost


class etat_krav_over_80(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    label = "Etatens krav for brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Summen av enhetenes krav, i hele kroner."

    def formula_2018_01(etat, period):
        return krone(sum_units(etat, etat.simulation.enhet("enhet_krav_over_80", period)))


class etat_utbetalt_over_80(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    label = "Utbetalt hittil fra potten til brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Summen av kravene til og med måneden, inntil potten er tom."

    def formula_2018_01(etat, period):
        claims = sum(etat("etat_krav_over_80", month) for month in months_so_far(period))
        return numpy.minimum(claims, numpy.maximum(etat("etat_pott_over_80", year_of(period)), 0))


class enhet_tildeling_over_80(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Tildeling for brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Månedens krav, inntil det som er igjen i potten, delt etter enhetenes krav med største rest."

    def formula_2018_01(enhet, period):
        etat = enhet.simulation.etat
        so_far = months_so_far(period)
        paid = etat("etat_utbetalt_over_80", period)
        if len(so_far) > 1:
            paid = paid - etat("etat_utbetalt_over_80", so_far[-2])
        return split_among_units(enhet, paid, enhet("enhet_krav_over_80", period))


class etat_rest_pott_over_80(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    label = "Rest i potten til brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Potten når det som er utbetalt til og med måneden er trukket fra."

    def formula_2018_01(etat, period):
        return etat("etat_pott_over_80", year_of(period)) - etat("etat_utbetalt_over_80", period)


class etat_udekket_over_80(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    label = "Udekket krav for brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Månedens krav som potten ikke rakk til."

    def formula_2018_01(etat, period):
        paid = sum_units(etat, etat.simulation.enhet("enhet_tildeling_over_80", period))
        return etat("etat_krav_over_80", period) - paid

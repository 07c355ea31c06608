"""Users over 80 hours a week: a central pool, paid out as the months pass."""

from openfisca_core.model_api import MONTH, YEAR, Variable

from openfisca_bergen_hbt.rules.course import paid_in, paid_over_80
from openfisca_bergen_hbt.rules.entities import Enhet, Etat
from openfisca_bergen_hbt.rules.groups import agency_value, split_among_units, sum_home_care, sum_units
from openfisca_bergen_hbt.rules.money import krone, ratio
from openfisca_bergen_hbt.rules.months import january, months, year_of
from openfisca_bergen_hbt.rules.stages.sums import direct_hours, hours_over_80

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
        over_80 = sum_home_care(etat, enhet("enhet_timer_over_80", start), period)
        hours = sum_home_care(etat, enhet("enhet_timer_direkte", start), period) + over_80
        return ratio(etat("etat_ramme_til_fordeling", period), hours * parameters(period).tid.uker_per_aar)


class enhet_krav_over_80(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Krav for brukere over 80 timer per uke"
    unit = "kr_med_desimaler"
    reference = [POTTEN, "Tolkning T-15", "Tolkning T-16", "Tolkning T-18"]
    documentation = (
        "Månedens timer for brukere i kategori 6 ganget med kostnaden per time. 0 for en enhet utenfor "
        "hjemmetjenestene."
    )

    def formula_2018_01(enhet, period, parameters):
        cost = agency_value(enhet, enhet.simulation.etat("etat_kostnad_per_time", year_of(period)))
        hours = enhet("enhet_timer_over_80", period) * enhet("enhet_i_hjemmetjenestene", year_of(period))
        return hours * parameters(period).tid.uker_per_aar / 12 * cost


class etat_rest_pott_over_80(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    label = "Rest i potten til brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Potten når kravene til og med måneden er betalt, inntil den er tom."

    def formula_2018_01(etat, period):
        return etat("etat_pott_over_80", year_of(period)) - paid_over_80(etat, period).from_pool


class enhet_tildeling_over_80(Variable):
    value_type = float
    entity = Enhet
    definition_period = MONTH
    label = "Tildeling for brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Månedens krav, inntil det som er igjen i potten, delt etter enhetenes krav med største rest."

    def formula_2018_01(enhet, period):
        paid = paid_in(enhet.simulation.etat, period)
        return split_among_units(enhet, paid, enhet("enhet_krav_over_80", period))


class etat_udekket_over_80(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    label = "Udekket krav for brukere over 80 timer per uke"
    unit = "kr"
    reference = POTTEN
    documentation = "Månedens krav, i hele kroner, som potten ikke rakk til."

    def formula_2018_01(etat, period):
        enhet = etat.simulation.enhet
        paid = sum_units(etat, enhet("enhet_tildeling_over_80", period))
        return krone(sum_units(etat, enhet("enhet_krav_over_80", period))) - paid


class etat_udekket_over_80_i_aaret(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Udekket krav for brukere over 80 timer i uken, i året"
    unit = "kr"
    reference = POTTEN
    documentation = "Summen over månedene av kravene som potten ikke rakk til."

    def formula_2018_01(etat, period):
        return sum(etat("etat_udekket_over_80", month) for month in months(period))


class etat_pott_i_maanedsrater(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "Potten til brukere over 80 timer betales ut i månedsrater"
    unit = "ja_nei"
    reference = [POTTEN, "Tolkning T-10"]
    documentation = (
        "Om potten betales ut med en tolvdel i måneden. Regelverket leses slik at kravene betales til potten er tom: "
        "nei."
    )

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class etat_reserven_dekker_krav(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "Reserven dekker krav som potten ikke rekker til"
    unit = "ja_nei"
    reference = [POTTEN, "Tolkning T-15"]
    documentation = "Om reserven betaler det potten ikke kan. Regelverket leses slik at kravene står udekket: nei."

    def formula_2017_01(etat, period):
        return etat.filled_array(False)

"""Need: how many hours a week each user is assessed to need."""

from openfisca_core.model_api import MONTH, YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Bruker
from openfisca_bergen_hbt.rules.inputs import (
    DefaultFromParameter,
    hours_of_some,
    hours_per_week,
    minutes_per_visit,
    visits_per_week,
)
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.need import (
    counted_from,
    hours_of_visits,
    refuse_impossible_hours,
    sum_of_months,
    yearly_hours,
)


class besoek_per_uke(Variable):
    value_type = float
    entity = Bruker
    definition_period = MONTH
    set_input = visits_per_week
    label = "Besøk per uke"
    unit = "besoek_per_uke"
    reference = "Lysbilder 04.06.2020, tabellen «Besøk»"
    documentation = "Inndata. Besøk i uken etter brukerens vedtak."


class normtid_minutter_per_besoek(DefaultFromParameter):
    value_type = float
    entity = Bruker
    definition_period = MONTH
    set_input = minutes_per_visit
    label = "Normert tid per besøk"
    unit = "minutter_per_besoek"
    reference = "Lysbilder 04.06.2020, tabellen «Antall timer pr besøk»"
    documentation = "Inndata. Der den ikke er oppgitt, gjelder parameteren normtid.minutter_per_besoek."

    def formula(bruker, period, parameters):
        return bruker.filled_array(0.0)

    def formula_2017_01(bruker, period, parameters):
        return shared(bruker.simulation, bruker.filled_array, [], parameters(period).normtid.minutter_per_besoek)


class vurdert_timer_per_uke(Variable):
    value_type = float
    entity = Bruker
    definition_period = MONTH
    set_input = hours_per_week
    label = "Vurdert behov, timer per uke"
    unit = "timer_per_uke"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: "
        "«hvor mye hjelp den enkelte bruker vurderes å ha behov for»"
    )
    documentation = "Inndata. Timene som brukeren vurderes å ha behov for, uten normtid per besøk."


class teamvurdert_timer_per_uke(DefaultFromParameter):
    value_type = float
    entity = Bruker
    definition_period = MONTH
    set_input = hours_of_some
    label = "Behov vurdert av vurderingsteam, timer per uke"
    unit = "timer_per_uke"
    reference = "Vedtak 2017-2021, punktet «Desember 2020»"
    documentation = (
        "Inndata. Timene slik et vurderingsteam vurderer dem; bare for brukere som er vurdert slik. For de andre "
        "gjelder timene som ellers gjelder."
    )


class normtid_timer_per_uke(Variable):
    value_type = float
    entity = Bruker
    definition_period = MONTH
    set_input = hours_per_week
    label = "Normert behov, timer per uke"
    unit = "timer_per_uke"
    reference = "Vedtak 2017-2021, punktet «Oktober 2017»: «systemet med normtider»"
    documentation = "Besøk per uke ganget med normert tid per besøk."

    def formula_2017_01(bruker, period, parameters):
        visits = counted_from(bruker, "besoek_per_uke", period)
        minutes = bruker("normtid_minutter_per_besoek", period)
        hours = shared(bruker.simulation, hours_of_visits, [visits, minutes])
        refuse_impossible_hours(bruker, period, hours, parameters(period).tid.timer_per_uke_maks)
        return hours


class timer_per_uke(Variable):
    value_type = float
    entity = Bruker
    definition_period = MONTH
    set_input = hours_per_week
    label = "Timer per uke"
    unit = "timer_per_uke"
    reference = "Vedtak 2017-2021, punktet «Oktober 2017»: «systemet med normtider»"
    documentation = "Timene i brukerens vedtak. Grunnregelverket: etter normtid. Kan også gis direkte som inndata."

    def formula_2017_01(bruker, period):
        return bruker("normtid_timer_per_uke", period)


class vedtakstimer(Variable):
    value_type = float
    entity = Bruker
    definition_period = YEAR
    label = "Vedtakstimer i året"
    unit = "timer_per_aar"
    reference = ["Lysbilder 04.06.2020, tabellen «Vedtaktimer»", "Tolkning T-16"]
    documentation = "Summen over månedene av timer per uke, ganget med ukene i en måned (52/12)."

    @sum_of_months
    def formula_2017_01(bruker, period, parameters):
        return yearly_hours(bruker, period, parameters)

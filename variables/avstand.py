"""Distance and transport."""

from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Enhet
from openfisca_bergen_hbt.rules.groups import split_among_units
from openfisca_bergen_hbt.rules.inputs import driving_time, refuse_other_services

AVSTAND = (
    "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: "
    "«kompensere for kostnadsulemper i forhold til avstander og transport»"
)


class enhet_kjoeretid_per_uke(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    set_input = driving_time
    label = "Kjøretid per uke"
    unit = "timer_per_uke"
    reference = AVSTAND
    documentation = "Inndata. Timene som enhetens ansatte kjører i en uke."


class enhet_avstandstilskudd(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Avstandstilskudd"
    unit = "kr"
    reference = AVSTAND
    documentation = "Avstandspotten delt etter kjøretid, med største rest."

    def formula_2018_01(enhet, period):
        pot = enhet.simulation.etat("etat_avstandspott", period)
        driving = enhet("enhet_kjoeretid_per_uke", period)
        refuse_other_services(enhet, period, "enhet_kjoeretid_per_uke", driving)
        return split_among_units(enhet, pot, driving)

"""The frame, and what is taken off its top before the rest is shared out."""

from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Etat
from openfisca_bergen_hbt.rules.groups import sum_units
from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter, default_frame, frame, whole_kroner
from openfisca_bergen_hbt.rules.money import krone, ratio
from openfisca_bergen_hbt.rules.months import january

MODELLEN = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»"


class etat_budsjettramme(DefaultFromParameter):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = frame
    label = "Budsjettramme"
    unit = "kr"
    reference = ["Lysbilder 04.06.2020, lysbildet med «5%» og «51 784 341»", "Tolkning T-1"]
    documentation = "Inndata. Der den ikke er oppgitt, gjelder parameteren budsjett.ramme, som én etat kan bruke."

    def formula(etat, period, parameters):
        return etat.filled_array(0.0)

    def formula_2017_01(etat, period, parameters):
        return etat.filled_array(default_frame(etat, etat.filled_array(True), parameters(period)))


class etat_tillitsreform_styrking(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Styrking til tillits- og faglighetsreformen"
    unit = "kr"
    reference = ["Vedtak 2017-2021, punktet «Oktober 2017»: «Det ble bevilget 14 millioner kroner»", "Tolkning T-2"]
    documentation = "Årlig styrking av rammen. Grunnregelverket: ingen."

    def formula_2017_01(etat, period):
        return etat.filled_array(0.0)


class etat_disponibel_ramme(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Disponibel ramme"
    unit = "kr"
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    documentation = "Budsjettramme og styrking."

    def formula_2017_01(etat, period):
        return etat("etat_budsjettramme", period) + etat("etat_tillitsreform_styrking", period)


class etat_avstandspott(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Avstandspott"
    unit = "kr"
    reference = [f"{MODELLEN}: «kostnadsulemper i forhold til avstander og transport»", "Tolkning T-14"]
    documentation = "En andel av disponibel ramme dersom noen enhet i etaten har kjøretid, ellers 0."

    def formula_2018_01(etat, period, parameters):
        driving = sum_units(etat, etat.simulation.enhet("enhet_kjoeretid_per_uke", period))
        if not driving.any():
            return etat.filled_array(0.0)
        pot = krone(etat("etat_disponibel_ramme", period) * parameters(period).avstand.andel)
        return pot * (driving > 0)


class etat_sentral_reserve(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Sentral reserve"
    unit = "kr"
    reference = [f"{MODELLEN}: «det settes av budsjettmidler sentralt hos etaten»", "Tolkning T-5", "Tolkning T-14"]
    documentation = "En andel av disponibel ramme som etatsdirektøren rår over."

    def formula_2018_01(etat, period, parameters):
        return krone(etat("etat_disponibel_ramme", period) * parameters(period).reserve.andel)


class etat_ramme_til_fordeling(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Ramme til fordeling etter kategori"
    unit = "kr"
    reference = [f"{MODELLEN}: «fordeles budsjettet på bakgrunn av kategorisering»", "Tolkning T-14"]
    documentation = "Disponibel ramme når avstandspotten og reserven er trukket fra."

    def formula_2018_01(etat, period):
        off_the_top = etat("etat_avstandspott", period) + etat("etat_sentral_reserve", period)
        return etat("etat_disponibel_ramme", period) - off_the_top


class etat_pott_over_80(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Sentral pott til brukere over 80 timer per uke"
    unit = "kr"
    reference = [f"{MODELLEN}: «For den siste kategorien … legges midlene sentralt hos etaten»", "Tolkning T-10"]
    documentation = "Andelen av timene i januar som hører til brukere i kategori 6, av rammen til fordeling."

    def formula_2018_01(etat, period):
        start = january(period)
        enhet = etat.simulation.enhet
        over_80 = sum_units(etat, enhet("enhet_timer_over_80", start))
        hours = sum_units(etat, enhet("enhet_timer_direkte", start)) + over_80
        return krone(ratio(etat("etat_ramme_til_fordeling", period) * over_80, hours))


class etat_kategoripott(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Kategoripott"
    unit = "kr"
    reference = f"{MODELLEN}: «Budsjettet for de fem første kategoriene fordeles direkte til enhetene»"
    documentation = "Rammen til fordeling når potten til brukere over 80 timer er trukket fra."

    def formula_2018_01(etat, period):
        return etat("etat_ramme_til_fordeling", period) - etat("etat_pott_over_80", period)

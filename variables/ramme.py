"""The frame, and what is taken off its top before the rest is shared out."""

from openfisca_core.model_api import MONTH, YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Etat
from openfisca_bergen_hbt.rules.groups import sum_home_care, sum_units
from openfisca_bergen_hbt.rules.inputs import (
    DefaultFromParameter,
    default_frame,
    frame,
    grant,
    kroner_by_month,
    sum_of_frame,
    whole_kroner,
)
from openfisca_bergen_hbt.rules.money import krone, ratio
from openfisca_bergen_hbt.rules.months import january
from openfisca_bergen_hbt.rules.switches import holds

MODELLEN = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»"
STYRKINGEN = "Vedtak 2017-2021, punktet «Oktober 2017»: «Det ble bevilget 14 millioner kroner»"


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
        return etat.filled_array(default_frame(etat, period, parameters(period).budsjett.ramme))


class etat_tillitsreform_styrking(DefaultFromParameter):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = grant
    label = "Styrking til tillits- og faglighetsreformen"
    unit = "kr"
    reference = [STYRKINGEN, "Tolkning T-2", "Tolkning T-20"]
    documentation = (
        "Årlig styrking av rammen. Grunnregelverket: ingen. Kan gis som inndata, hele kroner, og må gis der det er "
        "flere etater; den teller i rammen bare der vedtaket om den er i kraft."
    )

    def formula(etat, period):
        return etat.filled_array(0.0)

    def formula_2017_01(etat, period):
        return etat.filled_array(0.0)


class etat_styrking_i_rammen(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "Styrkingen er med i rammen"
    unit = "ja_nei"
    reference = [STYRKINGEN, "Tolkning T-2"]
    documentation = "Om styrkingen er med i disponibel ramme. Grunnregelverket: nei."

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


class etat_disponibel_ramme(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = whole_kroner
    label = "Disponibel ramme"
    unit = "kr"
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    documentation = "Budsjettramme, og styrking der den er med i rammen."

    def formula_2017_01(etat, period):
        frame = etat("etat_budsjettramme", period)
        included = holds(etat, "etat_styrking_i_rammen", period)
        return sum_of_frame(etat, period, frame, etat("etat_tillitsreform_styrking", period)) if included else frame


class etat_tilleggsbevilgning(Variable):
    value_type = float
    entity = Etat
    definition_period = MONTH
    set_input = kroner_by_month
    label = "Tilleggsbevilgning"
    unit = "kr"
    reference = MODELLEN
    documentation = (
        "Inndata, hele kroner, bare for måneder: penger som etaten får i løpet av året. Står ikke i kildene."
    )


class etat_ramme_i_alt(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Ramme i alt"
    unit = "kr"
    reference = "Lysbilder 04.06.2020, «Fra aktivitetsbasert finansiering til rammefinansiering»"
    documentation = (
        "Disponibel ramme. Fra kategorimodellen av også tilleggsbevilgninger, og det enhetene har ført over."
    )

    def formula_2017_01(etat, period):
        return etat("etat_disponibel_ramme", period)


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


class etat_avstand_i_tillegg(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "Avstandsmidlene kommer i tillegg til rammen som fordeles"
    unit = "ja_nei"
    reference = [f"{MODELLEN}: «kostnadsulemper i forhold til avstander og transport»", "Tolkning T-14"]
    documentation = "Om reserven bærer avstandspotten. Regelverket leses slik at den trekkes av rammen: nei."

    def formula_2017_01(etat, period):
        return etat.filled_array(False)


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
        rest = etat("etat_disponibel_ramme", period) - etat("etat_sentral_reserve", period)
        in_addition = holds(etat, "etat_avstand_i_tillegg", period)
        return rest if in_addition else rest - etat("etat_avstandspott", period)


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
        over_80 = sum_home_care(etat, enhet("enhet_timer_over_80", start), period)
        hours = sum_home_care(etat, enhet("enhet_timer_direkte", start), period) + over_80
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

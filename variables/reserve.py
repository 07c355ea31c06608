"""The reserve: compensation for unreasonable outcomes, and the director's own decisions."""

import numpy
from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.course import paid_over_80
from openfisca_bergen_hbt.rules.entities import Enhet, Etat
from openfisca_bergen_hbt.rules.groups import agency_value, split_among_units, sum_units
from openfisca_bergen_hbt.rules.inputs import kroner_of_unit
from openfisca_bergen_hbt.rules.money import krone, ratio
from openfisca_bergen_hbt.rules.months import january, months
from openfisca_bergen_hbt.rules.stages.drawn import asked_by
from openfisca_bergen_hbt.rules.switches import holds

RESERVEN = (
    "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: "
    "«Disse brukes til å kompensere enheter der modellen av ulike grunner gir urimelige utslag»"
)


class enhet_timebasert_ramme(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Timebasert ramme (målestokken)"
    unit = "kr_med_desimaler"
    reference = [RESERVEN, "Tolkning T-6", "Tolkning T-17"]
    documentation = "Kategoripotten delt etter timene i januar til brukere i kategori 1 til 5."

    def formula_2018_01(enhet, period):
        etat = enhet.simulation.etat
        hours = enhet("enhet_timer_direkte", january(period)) * enhet("enhet_i_hjemmetjenestene", period)
        pot = agency_value(enhet, etat("etat_kategoripott", period))
        return ratio(pot * hours, agency_value(enhet, sum_units(etat, hours)))


class enhet_urimelig_utslag(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Urimelig utslag"
    unit = "kr_med_desimaler"
    reference = [RESERVEN, "Tolkning T-6", "Tolkning T-17"]
    documentation = "Det som kategoritildelingen mangler på timebasert ramme når toleransen er trukket fra."

    def formula_2018_01(enhet, period, parameters):
        tolerated = (1 - parameters(period).reserve.toleranse) * enhet("enhet_timebasert_ramme", period)
        return numpy.maximum(0, tolerated - enhet("enhet_kategoritildeling", period))


class enhet_reservekompensasjon(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Kompensasjon fra reserven"
    unit = "kr"
    reference = RESERVEN
    documentation = "De urimelige utslagene, inntil reserven, delt etter utslag med største rest."

    def formula_2018_01(enhet, period):
        if holds(enhet, "etat_kompensasjon_etter_skjoenn", period):
            return enhet.filled_array(0.0)
        etat = enhet.simulation.etat
        outcome = enhet("enhet_urimelig_utslag", period)
        pot = numpy.minimum(etat("etat_sentral_reserve", period), krone(sum_units(etat, outcome)))
        return split_among_units(enhet, pot, outcome)


class enhet_etatsdirektoer_omfordeling(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    set_input = kroner_of_unit
    label = "Etatsdirektørens omfordeling"
    unit = "kr"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: «Etatsdirektør har ansvar for å omfordele ressurser "
        "mellom enhetene når modellen ikke treffer godt nok», tolkning T-29"
    )
    documentation = (
        "Inndata, hele kroner, pluss eller minus. Etatsdirektørens egne vedtak, som kan overtrekke reserven."
    )


class etat_reserve_foer_krav(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Reserven før krav og utdeling ved årets slutt"
    unit = "kr"
    reference = [RESERVEN, "Tolkning T-5"]
    documentation = (
        "Reserven når kompensasjon og etatsdirektørens omfordeling er trukket fra, og avstandspotten der den kommer i "
        "tillegg til rammen."
    )

    def formula_2018_01(etat, period):
        enhet = etat.simulation.enhet
        used = enhet("enhet_reservekompensasjon", period) + enhet("enhet_etatsdirektoer_omfordeling", period)
        left = etat("etat_sentral_reserve", period) - sum_units(etat, used)
        in_addition = holds(etat, "etat_avstand_i_tillegg", period)
        return left - etat("etat_avstandspott", period) if in_addition else left


class enhet_reserve_ved_aarets_slutt(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    label = "Av reserven ved årets slutt"
    unit = "kr"
    reference = [RESERVEN, "Tolkning T-5"]
    documentation = (
        "Det av reservens saldo som deles ut, delt etter enhetenes kategoripoeng i desember, med største rest."
    )

    def formula_2018_01(enhet, period, parameters):
        december = months(period)[-1]
        etat = enhet.simulation.etat
        share = asked_by(etat, parameters)(period).reserve.deles_ut_ved_aarets_slutt
        if not numpy.any(share):
            return enhet.filled_array(0.0)
        left = etat("etat_reserve_foer_krav", period) - paid_over_80(etat, december).from_reserve
        return split_among_units(enhet, krone(left * share), enhet("enhet_kategoripoeng", december))


class etat_reserve_saldo(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Saldo i reserven"
    unit = "kr"
    reference = [RESERVEN, "Tolkning T-29"]
    documentation = "Reserven når alt som er tatt av den, er trukket fra. Under 0: overtrukket."

    def formula_2018_01(etat, period):
        left = etat("etat_reserve_foer_krav", period) - paid_over_80(etat, months(period)[-1]).from_reserve
        return left - sum_units(etat, etat.simulation.enhet("enhet_reserve_ved_aarets_slutt", period))


class enhet_overfoert_fra_i_fjor(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    set_input = kroner_of_unit
    label = "Overført fra i fjor"
    unit = "kr"
    reference = "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»"
    documentation = "Inndata, hele kroner, pluss eller minus: enhetens egne penger fra året før. Står ikke i kildene."


class etat_kompensasjon_etter_skjoenn(Variable):
    value_type = bool
    entity = Etat
    definition_period = YEAR
    label = "Reserven er etatsdirektørens alene"
    unit = "ja_nei"
    reference = [RESERVEN, "Tolkning T-5"]
    documentation = (
        "Om reserven bare brukes etter etatsdirektørens skjønn. Regelverket leses slik at urimelige utslag kompenseres:"
        " nei."
    )

    def formula_2017_01(etat, period):
        return etat.filled_array(False)

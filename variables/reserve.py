"""The reserve: compensation for unreasonable outcomes, and the director's own decisions."""

import numpy
from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Enhet, Etat
from openfisca_bergen_hbt.rules.groups import agency_value, split_among_units, sum_units
from openfisca_bergen_hbt.rules.inputs import directors_kroner
from openfisca_bergen_hbt.rules.money import krone, ratio
from openfisca_bergen_hbt.rules.months import january

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
        hours = enhet("enhet_timer_direkte", january(period))
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
        etat = enhet.simulation.etat
        outcome = enhet("enhet_urimelig_utslag", period)
        pot = numpy.minimum(etat("etat_sentral_reserve", period), krone(sum_units(etat, outcome)))
        return split_among_units(enhet, pot, outcome)


class enhet_etatsdirektoer_omfordeling(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    set_input = directors_kroner
    label = "Etatsdirektørens omfordeling"
    unit = "kr"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: "
        "«Etatsdirektør har ansvar for å omfordele ressurser mellom enhetene når modellen ikke treffer godt nok»"
    )
    documentation = "Inndata, hele kroner, pluss eller minus. Etatsdirektørens egne vedtak."


class etat_reserve_saldo(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Saldo i reserven"
    unit = "kr"
    reference = RESERVEN
    documentation = "Reserven når kompensasjon og etatsdirektørens omfordeling er trukket fra. Under 0: overtrukket."

    def formula_2018_01(etat, period):
        enhet = etat.simulation.enhet
        used = enhet("enhet_reservekompensasjon", period) + enhet("enhet_etatsdirektoer_omfordeling", period)
        return etat("etat_sentral_reserve", period) - sum_units(etat, used)

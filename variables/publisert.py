"""Published figures by area and for the agency, and what can be recomputed from them."""

from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Byomraade, Etat
from openfisca_bergen_hbt.rules.groups import sum_areas
from openfisca_bergen_hbt.rules.inputs import yearly_amount
from openfisca_bergen_hbt.rules.money import krone, ratio

LYSBILDER = "Lysbilder 04.06.2020"
LMH = f"{LYSBILDER}, «Legemiddelhåndtering»"


class publiserte_vedtakstimer(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    set_input = yearly_amount
    label = "Publiserte vedtakstimer"
    unit = "timer_per_aar"
    reference = f"{LYSBILDER}, tabellen «Vedtaktimer»"
    documentation = "Inndata. Vedtakstimene som er publisert for området."


class publiserte_brukere(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    set_input = yearly_amount
    label = "Publiserte brukere"
    unit = "antall"
    reference = f"{LYSBILDER}, tabellen «Brukere»"
    documentation = "Inndata. Brukerne som er publisert for området."


class publiserte_besoek(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    set_input = yearly_amount
    label = "Publiserte besøk"
    unit = "besoek_per_aar"
    reference = f"{LYSBILDER}, tabellen «Besøk»"
    documentation = "Inndata. Besøkene som er publisert for området."


class timer_per_bruker(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    label = "Timer per bruker"
    unit = "timer_per_bruker"
    reference = f"{LYSBILDER}, tabellen «Antall timer pr bruker pr år»"
    documentation = "Publiserte vedtakstimer delt på publiserte brukere."

    def formula_2017_01(byomraade, period):
        return ratio(byomraade("publiserte_vedtakstimer", period), byomraade("publiserte_brukere", period))


class besoek_per_bruker(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    label = "Besøk per bruker"
    unit = "besoek_per_bruker"
    reference = f"{LYSBILDER}, tabellen «Antall besøk pr bruker pr år»"
    documentation = "Publiserte besøk delt på publiserte brukere."

    def formula_2017_01(byomraade, period):
        return ratio(byomraade("publiserte_besoek", period), byomraade("publiserte_brukere", period))


class timer_per_besoek(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    label = "Timer per besøk"
    unit = "timer_per_besoek"
    reference = f"{LYSBILDER}, tabellen «Antall timer pr besøk»"
    documentation = "Publiserte vedtakstimer delt på publiserte besøk."

    def formula_2017_01(byomraade, period):
        return ratio(byomraade("publiserte_vedtakstimer", period), byomraade("publiserte_besoek", period))


class lmh_pasienter(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    set_input = yearly_amount
    label = "Pasienter med legemiddelhåndtering"
    unit = "antall"
    reference = f"{LMH}, kolonnen «Ant pas med LMH pr jan 2020»"
    documentation = "Inndata. Pasienter i området som får hjelp med legemidler."


class lmh_timer(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    label = "Timer til legemiddelhåndtering"
    unit = "timer_per_aar"
    reference = f"{LMH}, kolonnen «Timer brukt på LMH i 2019»"
    documentation = "Pasienter ganget med minutter per uke og uker i året."

    def formula_2019_01(byomraade, period, parameters):
        minutes = parameters(period).legemiddelhaandtering.minutter_per_uke
        return byomraade("lmh_pasienter", period) * minutes * parameters(period).tid.uker_per_aar / 60


class lmh_timer_utenfor_vedtak(Variable):
    value_type = float
    entity = Byomraade
    definition_period = YEAR
    label = "Timer til legemiddelhåndtering som ikke er med i vedtaket"
    unit = "timer_per_aar"
    reference = f"{LMH}, kolonnen «Reell tid til LMH som ikke er med i vedtak»"
    documentation = "Pasienter ganget med minutter utenfor vedtaket per uke og uker i året."

    def formula_2019_01(byomraade, period, parameters):
        minutes = parameters(period).legemiddelhaandtering.minutter_utenfor_vedtak_per_uke
        return byomraade("lmh_pasienter", period) * minutes * parameters(period).tid.uker_per_aar / 60


class publisert_sum_vedtakstimer(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = yearly_amount
    label = "Publisert sum av vedtakstimer"
    unit = "timer_per_aar"
    reference = f"{LYSBILDER}, tabellen «Vedtaktimer», SUM"
    documentation = "Inndata. Summen som er publisert under områdene."


class publisert_sum_brukere(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = yearly_amount
    label = "Publisert sum av brukere"
    unit = "antall"
    reference = f"{LYSBILDER}, tabellen «Brukere», SUM"
    documentation = "Inndata. Summen som er publisert under områdene."


class publisert_sum_besoek(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    set_input = yearly_amount
    label = "Publisert sum av besøk"
    unit = "besoek_per_aar"
    reference = f"{LYSBILDER}, tabellen «Besøk», SUM"
    documentation = "Inndata. Summen som er publisert under områdene."


class avvik_vedtakstimer(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Avvik i publisert sum av vedtakstimer"
    unit = "timer_per_aar"
    reference = f"{LYSBILDER}, tabellen «Vedtaktimer»"
    documentation = "Publisert sum minus summen av områdene."

    def formula_2017_01(etat, period):
        areas = etat.simulation.byomraade("publiserte_vedtakstimer", period)
        return etat("publisert_sum_vedtakstimer", period) - sum_areas(etat, areas)


class avvik_brukere(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Avvik i publisert sum av brukere"
    unit = "antall"
    reference = f"{LYSBILDER}, tabellen «Brukere»"
    documentation = "Publisert sum minus summen av områdene."

    def formula_2017_01(etat, period):
        areas = etat.simulation.byomraade("publiserte_brukere", period)
        return etat("publisert_sum_brukere", period) - sum_areas(etat, areas)


class avvik_besoek(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Avvik i publisert sum av besøk"
    unit = "besoek_per_aar"
    reference = f"{LYSBILDER}, tabellen «Besøk»"
    documentation = "Publisert sum minus summen av områdene."

    def formula_2017_01(etat, period):
        areas = etat.simulation.byomraade("publiserte_besoek", period)
        return etat("publisert_sum_besoek", period) - sum_areas(etat, areas)


class lmh_aarsverk(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Årsverk til legemiddelhåndtering"
    unit = "aarsverk"
    reference = f"{LMH}, «Årsverk til LMH (1590 t pr årsverk)»"
    documentation = "Områdenes timer til legemiddelhåndtering delt på timene i et årsverk."

    def formula_2019_01(etat, period, parameters):
        hours = sum_areas(etat, etat.simulation.byomraade("lmh_timer", period))
        return hours / parameters(period).aarsverk.timer


class lmh_kostnad(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Kostnad med legemiddelhåndtering"
    unit = "kr"
    reference = f"{LMH}, «Kostnad med LMH (800k pr årsverk)»"
    documentation = "Årsverk til legemiddelhåndtering ganget med kostnaden for et årsverk, i hele kroner."

    def formula_2019_01(etat, period, parameters):
        return krone(etat("lmh_aarsverk", period) * parameters(period).aarsverk.kostnad)


class sykefravaer_aarsverk(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Årsverk i sykefravær"
    unit = "aarsverk"
    reference = [f"{LYSBILDER}, «Sykefravær 11,7%»", "Tolkning T-24", "Tolkning T-28"]
    documentation = (
        "Aktivitetskostnaden delt på kostnaden for et årsverk, ganget med sykefraværet. Av pengene, siden vedtakstimene"
        " bare er tiden hos brukerne."
    )

    def formula_2019_01(etat, period, parameters):
        full_time = etat("etat_aktivitetskostnad", period) / parameters(period).aarsverk.kostnad
        return full_time * parameters(period).sykefravaer.andel


class sykefravaer_aarsverk_av_vedtakstimer(Variable):
    value_type = float
    entity = Etat
    definition_period = YEAR
    label = "Årsverk i sykefravær, regnet av vedtakstimene"
    unit = "aarsverk"
    reference = [f"{LYSBILDER}, «Sykefravær 11,7%»", "Tolkning T-28"]
    documentation = (
        "Etatens vedtakstimer delt på timene i et årsverk, ganget med sykefraværet: bare tiden hos brukerne."
    )

    def formula_2019_01(etat, period, parameters):
        full_time = etat("etat_vedtakstimer", period) / parameters(period).aarsverk.timer
        return full_time * parameters(period).sykefravaer.andel

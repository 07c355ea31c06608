"""October 2017: norm times are abolished, and the trust reform gets 14 million kroner a year."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.enums import Tjenesteomraade
from openfisca_bergen_hbt.rules.money import krone
from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.vedtak import Vedtak


class timer_per_uke(Variable):
    documentation = "Timene i brukerens vedtak: det vurderte behovet. Kan også gis direkte som inndata."

    def formula_2018_01(bruker, period):
        return bruker("vurdert_timer_per_uke", period)


class etat_normtid_gjelder(Variable):
    def formula_2018_01(etat, period):
        return etat.filled_array(False)


class etat_tillitsreform_styrking(Variable):
    documentation = "Årlig styrking av rammen: parameteren budsjett.tillitsreform_styrking."

    def formula_2018_01(etat, period, parameters):
        return etat.filled_array(krone(parameters(period).budsjett.tillitsreform_styrking))


class enhet_omfattet_av_tillitsreformen(Variable):
    documentation = "Om reformen gjelder for enheten: den gjelder i hjemmetjenestene."

    def formula_2017_10(enhet, period):
        return enhet("enhet_tjenesteomraade", year_of(period)) == Tjenesteomraade.HJEMMETJENESTER


class NormtidAvviklet(Vedtak):
    """Normtidene avvikles, og tillits- og faglighetsreformen innføres med 14 millioner kroner årlig."""

    title = "Normtid avvikles, tillits- og faglighetsreformen innføres"
    short_title = "Normtid avviklet"
    adopted = "2017-10"
    in_force = date(2017, 10, 1)
    decided_by = "Bystyret"
    reference = "Vedtak 2017-2021, punktet «Oktober 2017»"
    interpretations = ("T-2",)
    hinges = (timer_per_uke, etat_normtid_gjelder, etat_tillitsreform_styrking, enhet_omfattet_av_tillitsreformen)

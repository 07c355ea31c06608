"""October 2017: norm times are abolished, and the trust reform gets 14 million kroner a year."""

from datetime import date

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter, only_grant
from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.rules.need import counted_from
from openfisca_bergen_hbt.vedtak import Vedtak


class timer_per_uke(Variable):
    documentation = "Timene i brukerens vedtak: det vurderte behovet. Kan også gis direkte som inndata."

    def formula_2018_01(bruker, period):
        return counted_from(bruker, "vurdert_timer_per_uke", period)


class etat_normtid_gjelder(Variable):
    def formula_2018_01(etat, period):
        return etat.filled_array(False)


class etat_tillitsreform_styrking(DefaultFromParameter):
    documentation = (
        "Årlig styrking av rammen: det av budsjett.tillitsreform_styrking som går til den ene etaten. Må gis som "
        "inndata der det er flere etater."
    )

    def formula_2018_01(etat, period, parameters):
        budget = parameters(period).budsjett
        grant = budget.tillitsreform_styrking * budget.tillitsreform_andel_til_etaten
        return etat.filled_array(only_grant(etat, period, grant))


class etat_styrking_i_rammen(Variable):
    documentation = "Om styrkingen er med i disponibel ramme: fra budsjettåret 2018."

    def formula_2018_01(etat, period):
        return etat.filled_array(True)


class enhet_omfattet_av_tillitsreformen(Variable):
    documentation = "Om reformen gjelder for enheten: i hjemmetjenestene, og dit den er utvidet."

    def formula_2017_10(enhet, period):
        return enhet("enhet_i_hjemmetjenestene", year_of(period)) | enhet("enhet_i_utvidelsen", period)


class NormtidAvviklet(Vedtak):
    """Normtidene avvikles, og tillits- og faglighetsreformen innføres med 14 millioner kroner årlig."""

    title = "Normtid avvikles, tillits- og faglighetsreformen innføres"
    short_title = "Normtid avviklet"
    adopted = "2017-10"
    in_force = date(2017, 10, 1)
    decided_by = "Bystyret"
    reference = "Vedtak 2017-2021, punktet «Oktober 2017»"
    interpretations = ("T-2", "T-20", "T-26")
    hinges = (
        timer_per_uke,
        etat_normtid_gjelder,
        etat_tillitsreform_styrking,
        etat_styrking_i_rammen,
        enhet_omfattet_av_tillitsreformen,
    )
    innfoerer = ("etat_tillitsreform_styrking",)

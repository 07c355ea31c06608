"""T-2 read otherwise: the end of norm times and the reform's money hold from October 2017."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter, only_grant
from openfisca_bergen_hbt.rules.need import counted_from
from openfisca_bergen_hbt.vedtak import Reading

#: The first year's money, of which a quarter falls in 2017.
FIRST_YEAR = "2018-01-01"


class timer_per_uke(Variable):
    documentation = (
        "Timene i brukerens vedtak: det vurderte behovet, fra oktober 2017. Kan også gis direkte som inndata."
    )

    def formula_2017_10(bruker, period):
        return counted_from(bruker, "vurdert_timer_per_uke", period)


class etat_normtid_gjelder(Variable):
    documentation = "Om timene følger av normert tid per besøk: ikke fra oktober 2017."

    def formula_2017_10(etat, period):
        return etat.filled_array(False)


class etat_tillitsreform_styrking(DefaultFromParameter):
    documentation = "Årlig styrking av rammen; i 2017 tre tolvdeler av den for 2018."

    def formula_2017_01(etat, period, parameters):
        first = parameters(FIRST_YEAR).budsjett
        grant = first.tillitsreform_styrking * first.tillitsreform_andel_til_etaten
        return etat.filled_array(only_grant(etat, period, grant * 3 / 12))

    def formula_2018_01(etat, period, parameters):
        budget = parameters(period).budsjett
        grant = budget.tillitsreform_styrking * budget.tillitsreform_andel_til_etaten
        return etat.filled_array(only_grant(etat, period, grant))


class etat_styrking_i_rammen(Variable):
    documentation = "Om styrkingen er med i disponibel ramme: også i 2017."

    def formula_2017_01(etat, period):
        return etat.filled_array(True)


class Oktober2017(Reading):
    """Normtid avvikles, og styrkingen gjelder, fra oktober 2017."""

    title = "Normtid avvikles, og styrkingen gjelder, fra oktober 2017"
    short_title = "Fra oktober 2017"
    replaces = "T-2"
    reads = "vedtak_2017_10_normtid_avviklet"
    reference = "Vedtak 2017-2021, punktet «Oktober 2017»"
    case_for = "Vedtaket er fra oktober 2017, og teksten nevner ikke noe senere tidspunkt."
    case_against = "Et budsjett endres sjelden i årets siste kvartal, og lysbildene regner 2017 som et år med normtid."
    hinges = (timer_per_uke, etat_normtid_gjelder, etat_tillitsreform_styrking, etat_styrking_i_rammen)

"""The hours themselves as points: a closed frame without bounds that anything jumps at."""

from openfisca_core.model_api import Variable

from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.rules.stages.sums import direct_hours
from openfisca_bergen_hbt.vedtak import Alternative


class enhet_kategoripoeng(Variable):
    documentation = "Timene per uke til brukerne under 80 timer; 0 for en enhet utenfor hjemmetjenestene."

    def formula_2018_01(enhet, period):
        return direct_hours(enhet, period) * enhet("enhet_i_hjemmetjenestene", year_of(period))


class TimerSomPoeng(Alternative):
    """Rammen deles etter timene til brukerne, og ikke etter kategorien deres."""

    title = "Timene selv er poeng, innenfor rammen"
    short_title = "Timer som poeng"
    replaces = "T-4"
    reads = "vedtak_2018_01_kategorimodell"
    reference = "Et alternativ, ikke en lesning: kildene fordeler etter kategorier"
    case_for = "Ingen grense lønner seg: en time mer er verdt det samme for alle under 80 timer."
    case_against = "Hver time som vurderes, er igjen verdt penger for enheten, om enn innenfor en lukket ramme."
    #: Which weighs users by their category.
    excludes = ("lesning_t15_faktisk_bruker",)
    hinges = (enhet_kategoripoeng,)

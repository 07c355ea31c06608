"""Category allocation: what each unit is given at the start of the year."""

from openfisca_core.model_api import YEAR, Variable

from openfisca_bergen_hbt.rules.entities import Enhet
from openfisca_bergen_hbt.rules.groups import split_among_units
from openfisca_bergen_hbt.rules.inputs import whole_kroner
from openfisca_bergen_hbt.rules.months import january


class enhet_kategoritildeling(Variable):
    value_type = float
    entity = Enhet
    definition_period = YEAR
    set_input = whole_kroner
    label = "Kategoritildeling ved inngangen av året"
    unit = "kr"
    reference = (
        "Vedtak 2017-2021, avsnittet «Den nye fordelingsmodellen»: "
        "«Budsjettet for de fem første kategoriene fordeles direkte til enhetene»"
    )
    documentation = "Kategoripotten delt etter enhetenes kategoripoeng i januar, med største rest."

    def formula_2018_01(enhet, period):
        pot = enhet.simulation.etat("etat_kategoripott", period)
        return split_among_units(enhet, pot, enhet("enhet_kategoripoeng", january(period)))

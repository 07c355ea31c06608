"""NOK 1 035 686 821, which a 32-bit float can't hold, survives wherever money goes."""

import numpy
import pytest
from openfisca_core.model_api import YEAR, Reform, Variable
from openfisca_core.simulations import SimulationBuilder
from openfisca_web_api.app import create_app

from openfisca_bergen_hbt.rules.entities import Bruker, Enhet, Etat

AMOUNT = 1_035_686_821
SITUATION = {
    "brukere": {"a": {"vurdert_timer_per_uke": {"2019": 5}}},
    "enheter": {"A": {"brukere": ["a"]}},
    "byomraader": {"O": {"brukere": ["a"]}},
    "etater": {"T": {"brukere": ["a"], "etat_budsjettramme": {"2019": AMOUNT}}},
}


class etat_doblet(Variable):  # noqa: N801 (the name of a variable)
    value_type = float
    entity = Etat
    definition_period = YEAR

    def formula(etat, period):  # noqa: N805 (a population)
        return etat("etat_budsjettramme", period) * 2


class bruker_andel_av_rammen(Variable):  # noqa: N801
    value_type = float
    entity = Bruker
    definition_period = YEAR

    def formula(bruker, period):  # noqa: N805
        return bruker.etat("etat_budsjettramme", period)


class enhet_vedtakstimer(Variable):  # noqa: N801
    value_type = float
    entity = Enhet
    definition_period = YEAR

    def formula_2017(enhet, period):  # noqa: ARG002, N805
        return numpy.full(enhet.count, float(AMOUNT))


class SomebodysReform(Reform):
    def apply(self):
        self.add_variable(etat_doblet)
        self.add_variable(bruker_andel_av_rammen)
        self.replace_variable(enhet_vedtakstimer)


@pytest.fixture(scope="module")
def reformed(law):
    return SomebodysReform(law)


def calculated(system, variable):
    return SimulationBuilder().build_from_entities(system, SITUATION).calculate(variable, "2019")


def test_amount_is_beyond_float32():
    assert int(numpy.float32(AMOUNT)) != AMOUNT


def test_input_and_formula(law):
    assert calculated(law, "etat_budsjettramme").tolist() == [AMOUNT]
    assert calculated(law, "etat_disponibel_ramme").tolist() == [AMOUNT + 14_000_000]


def test_reforms_of_others_and_projection(reformed):
    assert calculated(reformed, "etat_doblet").tolist() == [2 * AMOUNT]
    assert calculated(reformed, "bruker_andel_av_rammen").tolist() == [AMOUNT]
    assert calculated(reformed, "enhet_vedtakstimer").tolist() == [AMOUNT]


def test_every_float_variable_in_every_system(law, foundation, reformed):
    for system in (law, foundation, reformed, law.clone()):
        for variable in system.variables.values():
            assert variable.value_type is not float or variable.dtype == numpy.float64, variable.name


def test_web_api(reformed):
    asked = {**SITUATION, "etater": {"T": {**SITUATION["etater"]["T"], "etat_doblet": {"2019": None}}}}
    answer = create_app(reformed).test_client().post("/calculate", json=asked)
    assert answer.json["etater"]["T"]["etat_doblet"]["2019"] == 2 * AMOUNT


def test_other_country_packages_keep_their_floats():
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem

    other = TaxBenefitSystem([Etat, Bruker])

    class annen(Variable):  # noqa: N801
        value_type = float
        entity = Etat
        definition_period = YEAR

    assert other.add_variable(annen).dtype == numpy.float32

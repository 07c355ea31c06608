"""A situation is read alike however it is written, and users are placed in one place."""

import re
from pathlib import Path

import numpy
import pytest
from openfisca_core.simulations import Simulation, SimulationBuilder

from openfisca_bergen_hbt.audit.cases import situations as of_cases
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.simulate import simulation_of
from openfisca_bergen_hbt.situation import reader
from openfisca_bergen_hbt.text.strict_yaml import Faults, parse
from openfisca_bergen_hbt.web.api import situations as of_requests
from openfisca_bergen_hbt.web.api.errors import RequestError
from tests.web.bad_bodies import GOOD

PACKAGE = Path(__file__).parent.parent.parent / "openfisca_bergen_hbt"
GIVEN = {
    "brukere": GOOD["brukere"],
    "enheter": {"A": {"brukere": ["a"]}, "B": {"brukere": ["b"]}},
    "etater": GOOD["etater"],
}
YAML = """\
brukere: {a: {vurdert_timer_per_uke: 5}, b: {vurdert_timer_per_uke: {2019: 10}}}
enheter: {A: {brukere: a}, B: {brukere: [b]}}
etater: {T: {brukere: [a, b], etat_disponibel_ramme: 1000000}}
"""


def in_yaml(text, law, period="2019"):
    faults = Faults("case.yaml")
    found = of_cases.situation_given(parse(text, "case.yaml"), law, period, faults)
    return found, [str(fault) for fault in faults.found]


def test_both_doors_read_the_same(law):
    sent = of_requests.situation_in(GIVEN, law, of_requests.Limits())
    written, faults = in_yaml(YAML, law)
    assert faults == []
    assert written.members == sent.members
    assert written.groups.keys() == sent.groups.keys()
    for key, group in sent.groups.items():
        assert written.groups[key].tolist() == group.tolist()
    assert [(c.variable.name, c.period, c.array.tolist()) for c in written.inputs] == [
        (c.variable.name, c.period, c.array.tolist()) for c in sent.inputs
    ]
    assert written.given_for() == {"vurdert_timer_per_uke": {0, 1}, "etat_disponibel_ramme": {0}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"brukere": {"a": {"timer": {"2019": 1}}}}, "here is no variable 'timer'. Did you mean"),
        ({"brukere": {"a": {"etat_budsjettramme": {"2019": 1}}}}, "'etat_budsjettramme' belongs to 'etater', and not"),
        ({"brukere": {"a": {"timer_per_uke": {"2019-13": 1}}}}, "'2019-13' is no period. Write a year"),
        (
            {"brukere": {"a": {"vedtakstimer": {"2019-01": 1}}}},
            "vedtakstimer is given by year (2019), and not for 2019-01",
        ),
        ({"enheter": {"A": {"brukere": ["c"]}}}, "he text 'c' is no user"),
        ({"enheter": {"A": {"brukere": ["a", "a"]}}}, "he user 'a' is listed in 'enheter' more than once"),
        ({"enheter": {"A": {}}}, "1 of the users, the first of them 'a', are in none of the 'enheter'. List each"),
        (
            {"enheter": {"A": {"brukere": ["a"]}}},
            "'etater' is left out: say which users belong to which of the 'etater'",
        ),
        ({"enhter": {}}, "'enhter' is no entity. Did you mean enheter"),
    ],
)
def test_both_doors_refuse_in_the_same_words(change, words, law):
    body = {"brukere": {"a": {}}, **change}
    with pytest.raises(RequestError) as refused:
        of_requests.situation_in(body, law, of_requests.Limits())
    assert words in refused.value.message
    with pytest.raises(ValueError, match=re.escape(words)):
        reader.read_situation(body, law, reader.Door())
    text = str(body).replace("'", "")
    assert any(words in fault for fault in in_yaml(text, law)[1])


def test_core_keeps_the_last_member_s_value_under_another_spelling(law):
    """What a case is refused for: if core mends it, the case may be taken."""
    text = "brukere: {a: {timer_per_uke: {year:2019: 5}}, b: {timer_per_uke: {year:2019: 6}}}"
    (fault,) = in_yaml(text, law)[1]
    assert "'year:2019' is 2019 in a spelling under which core keeps the last member's value only" in fault
    users = {name: {"timer_per_uke": {"year:2019": hours}} for name, hours in (("a", 5), ("b", 6))}
    groups = {"enheter": {"A": {"brukere": ["a", "b"]}}, "etater": {"T": {"brukere": ["a", "b"]}}}
    cores = SimulationBuilder().build_from_entities(law, {"brukere": users, **groups})
    assert cores.calculate("timer_per_uke", "2019-01").tolist() == [0, 6]


@pytest.mark.parametrize("text", ["timer_per_uke: [5, 6]", "brukere: {a: {timer_per_uke: 5}, b: {timer_per_uke: 6}}"])
def test_groups_left_out_are_each_user_s_own_as_in_core(text, law):
    found, faults = in_yaml(text, law)
    assert faults == []
    ours = simulation_of(found, law, Simulation)
    cores = SimulationBuilder().build_from_dict(law, {"timer_per_uke": {"2019": [5, 6]}})
    for simulation in (ours, cores):
        assert simulation.enhet.count == 2
        numpy.testing.assert_array_equal(simulation.etat.members_entity_id, [0, 1])
        with pytest.raises(SituationError, match=r"is left out\. Say which users"):
            simulation.calculate("enhet_vedtakstimer", "2019")


def test_users_are_placed_in_simulate_alone():
    placing = re.compile(r"members_entity_id\s*=[^=]|instantiate_entities|SimulationBuilder")
    found = {
        str(p.relative_to(PACKAGE)) for p in PACKAGE.rglob("*.py") if placing.search(p.read_text(encoding="utf-8"))
    }
    assert found == {"simulate.py"}

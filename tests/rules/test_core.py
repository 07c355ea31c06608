"""What ``rules/core.py`` relies on of OpenFisca-core: a core that changed it is told from one that did not.

Each private part is named here with its arguments, so that who tries a new core reads which part to look at, and not
that a number of kroner is wrong.
"""

import ast
import inspect
from importlib.metadata import version
from pathlib import Path

import numpy
import pytest
from openfisca_core.entities import Entity
from openfisca_core.holders import Holder
from openfisca_core.populations import Population
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_bergen_hbt import simulate
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.rules import core
from openfisca_bergen_hbt.rules.months import months

#: The private methods of core, with their arguments.
METHODS = {
    (Holder, "_to_array"): ["self", "value"],
    (Holder, "_set"): ["self", "period", "value"],
    (Simulation, "_check_for_cycle"): ["self", "variable", "period"],
    (Simulation, "_cast_formula_result"): ["self", "value", "variable"],
}
#: The private attributes of core's objects, by how we come to each, and what each is.
ATTRIBUTES = {
    "population._holders": dict,
    "group._members_role": type(None),
    "holder._memory_storage": object,
    "holder._memory_storage._arrays": dict,
    "node._children": dict,
}
#: What is not marked as private, but is no promise: who asks the cache of parameters to forget, and the roles.
TAKEN_FOR_GRANTED = (
    "system.get_parameters_at_instant.cache_clear",
    "group.entity.roles",
    "simulation.invalidated_caches",
    "group.entity.flattened_roles",
)


@pytest.fixture
def parts(foundation):
    populations = foundation.instantiate_entities()
    population, group = populations["bruker"], populations["enhet"]
    return {
        "simulation": Simulation(foundation, populations),
        "system": TaxBenefitSystem,
        "population": population,
        "group": group,
        "node": foundation.get_parameters_at_instant("2019-01-01"),
        "holder": population.get_holder("timer_per_uke"),
    }


def refuse_other_method(owner, name, arguments):
    """Fail with a sentence where a method of core's is gone, or takes other arguments."""
    found = getattr(owner, name, None)
    said = f"openfisca-core {version('openfisca-core')} has no {owner.__name__}.{name}, which rules/core.py calls"
    assert found, f"{said}: see what took its place."
    taken = list(inspect.signature(found).parameters)
    said = f"openfisca-core {version('openfisca-core')} has changed {owner.__name__}.{name}, which rules/core.py calls"
    assert taken == arguments, f"{said}: it takes ({', '.join(taken)}), and took ({', '.join(arguments)})."


def refuse_other_attribute(path, parts, kind):
    """Fail with a sentence where an attribute of core's is gone, or is another kind of thing."""
    first, *names = path.split(".")
    found = parts[first]
    for name in names:
        said = f"openfisca-core {version('openfisca-core')} has no {path}, which rules/core.py reads"
        assert hasattr(found, name), f"{said}: see what took its place."
        found = getattr(found, name)
    said = f"openfisca-core {version('openfisca-core')} has changed {path}, which rules/core.py reads"
    assert isinstance(found, kind), f"{said}: it is a {type(found).__name__}, and was a {kind.__name__}."


@pytest.mark.parametrize(("owner", "name"), METHODS, ids=lambda part: getattr(part, "__name__", part))
def test_core_has_the_method(owner, name):
    refuse_other_method(owner, name, METHODS[owner, name])


@pytest.mark.parametrize("path", [*ATTRIBUTES, *TAKEN_FOR_GRANTED])
def test_core_has_the_attribute(path, parts):
    refuse_other_attribute(path, parts, ATTRIBUTES.get(path, object))


def test_a_core_that_changed_is_named_in_a_sentence(monkeypatch, parts):
    with pytest.raises(
        AssertionError, match=r"openfisca-core [\d.]+ has changed Holder._set, which .* it takes \(self, "
    ):
        refuse_other_method(Holder, "_set", ["self", "period", "values", "options"])
    monkeypatch.delattr(Holder, "_set")
    with pytest.raises(
        AssertionError, match=r"openfisca-core [\d.]+ has no Holder._set, which rules/core.py calls: see"
    ):
        refuse_other_method(Holder, "_set", METHODS[Holder, "_set"])
    monkeypatch.setattr(parts["population"], "_holders", [])
    with pytest.raises(AssertionError, match=r"has changed population._holders, .* it is a list, and was a dict"):
        refuse_other_attribute("population._holders", parts, dict)
    monkeypatch.delattr(parts["population"], "_holders")
    with pytest.raises(AssertionError, match=r"openfisca-core [\d.]+ has no population._holders, which rules/core.py"):
        refuse_other_attribute("population._holders", parts, dict)


def test_every_private_part_that_is_touched_is_named_here():
    tree = ast.parse(Path(core.__file__).read_text(encoding="utf-8"))
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    touched = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.endswith("__")
    }
    assert touched - own == {name for _, name in METHODS} | {path.rpartition(".")[2] for path in ATTRIBUTES}


def test_a_listed_user_is_told_from_one_that_core_placed(law):
    situation = {
        "brukere": {"a": {}, "b": {}, "c": {}},
        "enheter": {"Arna": {"brukere": ["a", "c"]}},
        "etater": {"etat": {"brukere": ["a", "b", "c"]}},
    }
    simulation = SimulationBuilder().build_from_entities(law, situation)
    assert core.unlisted(simulation.enhet) == ["b"]
    assert core.unlisted(simulation.etat) == []
    assert simulation.persons.has_role(simulation.enhet.entity.BRUKER).all()


def test_the_quick_simulation_gives_what_core_gives(law, monkeypatch):
    def year_of(make):
        monkeypatch.setattr(simulate, "QuickSimulation", make)
        results = simulate.simulate(published(2019), law, 2019)
        return {
            (name, period): results.simulation.calculate(name, period)
            for name, variable in law.variables.items()
            for period in (months(results.period) if variable.definition_period == "month" else [results.period])
        }

    quick, stock = year_of(core.QuickSimulation), year_of(Simulation)
    for key, values in stock.items():
        assert quick[key].dtype == values.dtype, key
        numpy.testing.assert_array_equal(quick[key], values, err_msg=str(key))


def test_the_quick_simulation_refuses_what_core_refuses(law):
    results = simulate.simulate(published(2019), law, 2019)
    units, month = results.simulation.enhet, months(results.period)[0]
    assert units("enhet_vedtakstimer", results.period).sum() > 0
    with pytest.raises(ValueError, match="must be computed for a whole year"):
        units("enhet_vedtakstimer", month)
    with pytest.raises(ValueError, match="is defined for 'brukere'"):
        units("timer_per_uke", month)  # of the users
    assert units("enhet_poengandel", results.period, ["ADD"]).sum() == pytest.approx(12)


def test_parameters_that_are_read_are_recorded(foundation):
    class Recorder(list):
        def record_parameter_access(self, name, period, _value):
            self.append((name, str(period)))

    recorder = Recorder()
    with core.parameters_recorded(foundation, recorder):
        assert foundation.get_parameters_at_instant("2019-01-01").tid.uker_per_aar > 0
    assert recorder == [("tid.uker_per_aar", "2019-01-01")]
    foundation.get_parameters_at_instant("2019-01-01").tid.uker_per_aar  # noqa: B018 (read, and not recorded)
    assert len(recorder) == 1


def test_a_parameter_that_is_changed_in_place_is_read_anew(foundation):
    (dated, *_) = foundation.parameters.reserve.andel.values_list
    read = lambda: foundation.get_parameters_at_instant("2019-01-01").reserve.andel  # noqa: E731
    before = read()
    try:
        dated.value = before + 1
        core.forget_parameters()
        assert read() == before + 1
    finally:
        dated.value = before
        core.forget_parameters()
    assert read() == before


def test_what_we_know_of_an_object_is_kept_with_it():
    one, other = (Population(Entity("x", "y", "", "")) for _ in range(2))
    core.memory(one)["known"] = 1
    assert core.memory(one) == {"known": 1}
    assert core.memory(other) == {}


def test_a_trace_does_not_grow_by_what_is_asked_for_again(law):
    """The page keeps results, and shows them for as long as it runs."""
    results = simulate.simulate(published(2019), law, 2019, trace=True)
    asked = [("enhet_samlet_tildeling", None), ("enhet_kategoripoeng", 1), ("etat_merforbruk", None)]
    first = [results.value(*of) for of in asked]
    trees = list(results.simulation.tracer.trees)
    assert [tree.name for tree in trees] == [name for name, _ in asked]
    for of, values in zip(asked, first, strict=True):
        numpy.testing.assert_array_equal(results.value(*of), values)
    assert results.simulation.tracer.trees == trees
    assert len(trees[0].children) > 1

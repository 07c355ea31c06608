"""The package against the rules written once more, on random populations, over years, decisions and readings."""

from functools import lru_cache
from itertools import combinations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.regelverk import build, chosen_readings, decisions, readings
from openfisca_bergen_hbt.simulate import simulate
from tests.independent import all_agencies
from tests.populations import populations

#: Readings of rules; those of the embedded population change no rule.
RULES = [reading.id() for reading in readings() if not reading.of_population]
ALL = frozenset(range(1, 7))


@lru_cache
def regulation(numbers, names):
    picked = [decision for number, decision in enumerate(decisions(), 1) if number in numbers]
    return build(picked, read=chosen_readings(names))


def assert_same(population, year, numbers, names=frozenset()):
    system = regulation(numbers, names)
    results = simulate(population, system, year)
    short = frozenset(name.removeprefix("lesning_") for name in names)
    for name, expected in all_agencies(population, year, decisions=numbers, readings=short).items():
        monthly = system.get_variable(name).definition_period == "month"
        found = results.by_month(name) if monthly else results.value(name)
        numpy.testing.assert_allclose(found, numpy.broadcast_to(expected, found.shape), 1e-9, 1e-6, err_msg=name)
    return results


@pytest.mark.parametrize("year", range(2017, 2023))
@settings(max_examples=30, deadline=None)
@given(population=populations())
def test_law_in_force(year, population):
    assert_same(population, year, ALL)


@pytest.mark.parametrize("year", range(2017, 2023))
@settings(max_examples=15, deadline=None)
@given(population=populations())
def test_foundation(year, population):
    assert_same(population, year, frozenset())


@settings(max_examples=60, deadline=None)
@given(population=populations(), year=st.integers(2017, 2022), numbers=st.frozensets(st.integers(1, 6)))
def test_any_decisions(population, year, numbers):
    assert_same(population, year, numbers)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=20, deadline=None)
@given(population=populations(), year=st.integers(2017, 2022), numbers=st.sampled_from([ALL, ALL, ALL, frozenset({1})]))
def test_a_reading(name, population, year, numbers):
    assert_same(population, year, numbers, frozenset({name}))


@settings(max_examples=150, deadline=None)
@given(
    population=populations(),
    year=st.integers(2017, 2022),
    names=st.one_of(
        st.sampled_from([frozenset(pair) for pair in combinations(RULES, 2)]), st.frozensets(st.sampled_from(RULES))
    ),
)
def test_readings_together_and_the_closed_envelope(population, year, names):
    results = assert_same(population, year, ALL, names)
    if year >= 2018:
        total = (
            results.value("etat_samlet_tildeling")
            + results.value("etat_reserve_saldo")
            + results.value("etat_rest_pott_over_80", 12)
            + results.value("etat_ufordelt")
        )
        numpy.testing.assert_array_equal(total, results.value("etat_ramme_i_alt"))

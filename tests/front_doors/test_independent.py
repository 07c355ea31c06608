"""The package against the rules written once more, on random populations, over all years and months."""

import numpy
import pytest
from hypothesis import given, settings

from openfisca_bergen_hbt.simulate import simulate
from tests.independent import all_agencies
from tests.populations import populations


def assert_same(population, system, year, *, law):
    results = simulate(population, system, year)
    for name, expected in all_agencies(population, year, law=law).items():
        monthly = system.get_variable(name).definition_period == "month"
        found = results.by_month(name) if monthly else results.value(name)
        numpy.testing.assert_allclose(found, numpy.broadcast_to(expected, found.shape), 1e-9, 1e-6, err_msg=name)


@pytest.mark.parametrize("year", range(2017, 2023))
@settings(max_examples=40, deadline=None)
@given(population=populations())
def test_law_in_force(law, year, population):
    assert_same(population, law, year, law=True)


@pytest.mark.parametrize("year", range(2017, 2023))
@settings(max_examples=20, deadline=None)
@given(population=populations())
def test_foundation(foundation, year, population):
    assert_same(population, foundation, year, law=False)

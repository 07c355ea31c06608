"""A month's result does not depend on which month is asked for first."""

import numpy
import pytest

from openfisca_bergen_hbt.population.embedded import moving
from openfisca_bergen_hbt.simulate import simulate


@pytest.fixture(scope="module")
def population():
    return moving(2019)


@pytest.fixture(scope="module")
def in_order(law, population):
    return simulate(population, law, 2019)


def monthly(law):
    return [name for name, variable in law.variables.items() if variable.definition_period == "month"]


def test_last_month_first(law, population, in_order):
    for name in monthly(law):
        backwards = simulate(population, law, 2019)
        for month in range(12, 0, -1):
            expected = in_order.value(name, month)
            numpy.testing.assert_array_equal(backwards.value(name, month), expected, err_msg=f"{name} {month}")


@pytest.mark.parametrize("month", range(1, 13))
def test_each_month_alone(law, population, in_order, month):
    for name in monthly(law):
        alone = simulate(population, law, 2019)
        numpy.testing.assert_array_equal(alone.value(name, month), in_order.value(name, month), err_msg=name)


def test_a_path_is_computed_anew_when_what_it_was_made_of_is_replaced(law, population, in_order):
    results = simulate(population, law, 2019)
    results.value("enhet_kategoriramme")
    for name, variable in law.variables.items():
        if variable.formulas:
            results.simulation.delete_arrays(name)
    still = population.users["vurdert_timer_per_uke"][0]
    results.simulation.delete_arrays("vurdert_timer_per_uke")
    results.simulation.set_input("vurdert_timer_per_uke", "2019", still)
    numpy.testing.assert_array_equal(
        results.value("enhet_kategoriramme"),
        in_order.value("enhet_kategoritildeling"),
    )

"""What must hold for any population."""

from dataclasses import replace

import numpy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.rules.money import largest_remainder
from openfisca_bergen_hbt.simulate import simulate
from tests.populations import HOURS, populations

YEAR = 2019
FIGURES = (
    "enhet_samlet_tildeling",
    "enhet_kategoriramme",
    "enhet_avstandstilskudd",
    "enhet_reservekompensasjon",
    "etat_samlet_tildeling",
    "etat_reserve_saldo",
    "etat_ufordelt",
)
quick = settings(max_examples=60, deadline=None)


def figures(population, system):
    results = simulate(population, system, YEAR)
    return {name: results.value(name) for name in FIGURES}


def of_members(inputs, members):
    """Return the inputs of some members, in their order."""
    return {
        name: [month[members] for month in values] if isinstance(values, list) else values[members]
        for name, values in inputs.items()
    }


@quick
@given(population=populations())
def test_the_envelope_of_every_etat_closes_to_the_krone(law, population):
    results = simulate(population, law, YEAR)
    total = (
        results.value("etat_samlet_tildeling")
        + results.value("etat_reserve_saldo")
        + results.value("etat_rest_pott_over_80", 12)
        + results.value("etat_ufordelt")
    )
    numpy.testing.assert_array_equal(total, results.value("etat_ramme_i_alt"))
    for name in ("etat_samlet_tildeling", "etat_reserve_saldo", "etat_ufordelt"):
        whole = results.value(name)
        numpy.testing.assert_array_equal(whole, numpy.round(whole))


@quick
@given(population=populations())
def test_a_unit_without_users_gets_nothing(law, population):
    results = simulate(population, law, YEAR)
    empty = numpy.bincount(population.unit_of_user, minlength=len(population.unit_names)) == 0
    for name, variable in law.variables.items():
        if variable.entity.key == "enhet" and variable.value_type in (float, int):
            monthly = variable.definition_period == "month"
            values = results.by_month(name) if monthly else results.value(name)
            assert not values[..., empty].any(), name


@quick
@given(population=populations(most_agencies=3))
def test_nothing_crosses_an_etat(law, population):
    together = simulate(population, law, YEAR)
    for agency, name in enumerate(population.agency_names):
        units = numpy.flatnonzero(population.agency_of_unit == agency)
        users = numpy.isin(population.unit_of_user, units)
        if not users.any():
            continue
        position = numpy.full(len(population.unit_names), -1)
        position[units] = numpy.arange(len(units))
        alone = simulate(
            replace(
                population,
                unit_names=[population.unit_names[u] for u in units],
                unit_of_user=position[population.unit_of_user[users]],
                agency_names=[name],
                agency_of_unit=numpy.zeros(len(units), dtype=int),
                users=of_members(population.users, users),
                units=of_members(population.units, units),
                agencies=of_members(population.agencies, [agency]),
            ),
            law,
            YEAR,
        )
        for figure in FIGURES:
            mine = [agency] if figure.startswith("etat") else units
            numpy.testing.assert_array_equal(together.value(figure)[mine], alone.value(figure), err_msg=figure)


@quick
@given(population=populations(), seed=st.integers(0, 1000))
def test_the_order_of_the_users_does_not_matter(law, population, seed):
    order = numpy.random.RandomState(seed).permutation(len(population.unit_of_user))
    shuffled = replace(
        population,
        unit_of_user=population.unit_of_user[order],
        users=of_members(population.users, order),
    )
    before, after = figures(population, law), figures(shuffled, law)
    for name in FIGURES:
        numpy.testing.assert_array_equal(before[name], after[name], err_msg=name)


@quick
@given(population=populations())
def test_the_pool_is_never_overdrawn(law, population):
    results = simulate(population, law, YEAR)
    left = results.by_month("etat_rest_pott_over_80")
    paid = results.by_month("enhet_tildeling_over_80")
    assert (left >= 0).all()
    assert (numpy.diff(left, axis=0) <= 0).all()
    assert (paid >= 0).all()
    numpy.testing.assert_array_equal(
        results.value("etat_pott_over_80").sum() - left[-1].sum(),
        paid.sum(),
    )
    assert (results.by_month("etat_udekket_over_80") >= 0).all()


@settings(max_examples=200, deadline=None)
@given(
    pot=st.integers(1, 10**10),
    quarters=st.lists(st.integers(0, 400), min_size=2, max_size=12),
    gained=st.integers(1, 300),
)
def test_who_gains_points_never_gets_less_of_a_pot(pot, quarters, gained):
    weights = numpy.array(quarters) / 4
    group = numpy.zeros(len(weights), dtype=int)
    more = weights.copy()
    more[0] += gained / 4
    before = largest_remainder(numpy.array([float(pot)]), weights, group)
    after = largest_remainder(numpy.array([float(pot)]), more, group)
    assert after[0] >= before[0]


@quick
@given(population=populations(changing=False, most_agencies=1), extra=HOURS)
def test_a_unit_that_gains_a_user_never_gets_a_smaller_category_allocation(law, population, extra):
    (january, *_) = population.users["vurdert_timer_per_uke"]
    assume(extra < 80)
    assume((january < 80).all())  # else the pool, and with it the pot, changes too
    assume(january.any())  # else the pot was shared out to nobody
    unit = population.unit_of_user[0]
    more = replace(
        population,
        unit_of_user=numpy.append(population.unit_of_user, unit),
        users={"vurdert_timer_per_uke": numpy.append(january, extra)},
    )
    before = simulate(population, law, YEAR).value("enhet_kategoritildeling")[unit]
    assert simulate(more, law, YEAR).value("enhet_kategoritildeling")[unit] >= before


@quick
@given(population=populations())
def test_running_it_twice_gives_the_same_bits(law, population):
    first, second = figures(population, law), figures(population, law)
    for name in FIGURES:
        assert first[name].tobytes() == second[name].tobytes()


@quick
@given(population=populations(changing=False))
def test_without_a_change_the_frame_of_the_year_is_the_allocation_of_january(law, population):
    results = simulate(population, law, YEAR)
    numpy.testing.assert_array_equal(
        results.value("enhet_kategoriramme"),
        results.value("enhet_kategoritildeling"),
    )

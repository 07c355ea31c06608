"""No sum of hours that few users make is shown, nor follows from what is."""

import json
from dataclasses import replace
from datetime import date
from itertools import chain, product

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openfisca_core import periods

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.proposals import from_settings
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force, versions, with_proposals
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.privacy.blocks import Blocks, Measure
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.report.subjects import compare as report
from openfisca_bergen_hbt.rules.stages.few import ALL, BELOW_80, ENOUGH, OVER_80
from openfisca_bergen_hbt.rules.stages.sums import Part, merged, sums_made_by_few
from openfisca_bergen_hbt.simulate import simulate, sums_of_units

#: Of many users with 10 hours each.
MANY = [10.0] * 40


def people(**units):
    """Users of units by their hours: a list, or one for each month."""
    areas = {name: hours[1] for name, hours in units.items() if isinstance(hours, tuple)}
    hours = {name: of[0] if isinstance(of, tuple) else of for name, of in units.items()}
    table = {"enhet": [name for name, of in hours.items() for _ in of], "timer_per_uke": [*chain(*hours.values())]}
    if areas:
        table["byomraade"] = [areas[name] for name in table["enhet"]]
    return replace(from_table(table, regelverk()), personal=True)


def shown(compared, variable, level="enhet", period="2019"):
    asked = (variable, level, period)
    return {row.id: row.value for row in compared.rows() if (row.variable, row.level, row.period) == asked}


@pytest.mark.parametrize(
    ("hours", "made_by_few"),
    [
        ((10, 10, 1), False),  # the rest is 1, a tenth of the largest
        ((10, 10, 0.9), True),
        ((10, 10), True),  # two users
        ((10, 0, 10, 0), True),  # users without hours make nothing
        ((5, 5, 5), False),
        ((79, 1, 1, 1, 1, 1, 1, 1), True),  # 6 of the 7.9 that it takes
        ((79, 1, 1, 1, 1, 1, 1, 1, 1, 1), False),  # 8
        ((), False),
    ],
)
def test_the_p_percent_rule(hours, made_by_few):
    run = simulate(people(A=[*map(float, hours)], B=MANY) if hours else people(A=[0.0], B=MANY), regelverk(), 2019)
    found = sums_made_by_few(run.simulation.enhet, periods.period("2019-01"))
    assert found[0, [ALL, BELOW_80]].tolist() == [made_by_few] * 2
    assert not found[1].any()


def test_enough_hours_are_made_by_enough_users():
    # 168 and 168 and a tenth of 168: the most that two users can have, and what the others must
    assert pytest.approx(168 + 168 + 16.8) == ENOUGH


@pytest.fixture(scope="module")
def one_over_80():
    return people(Liten=[97.25, *MANY], Stor=[90.0, 95.0, 100.0, 110.0, *MANY], Nest=[85.0] * 5 + MANY, Ingen=MANY)


def test_the_hours_of_one_user_are_never_shown(one_over_80):
    compared = Comparison(one_over_80, 2019, versions(["grunnregelverk", "2019-06"]))
    compared.compute()
    for month in range(1, 13):
        period = f"2019-{month:02}"
        for name in ("enhet_timer_over_80", "enhet_krav_over_80", "enhet_tildeling_over_80", "enhet_timer_direkte"):
            found = shown(compared, name, period=period)
            # 97.25 alone are few, and with the 395 of Stor enough; of Stor alone or Nest, too
            assert found["Liten"] is None, name
            assert sum(value is None for value in found.values()) == 2, name
    assert "97.25" not in json.dumps([row.value for row in compared.rows()])


def test_what_gives_them_by_subtraction_goes_with_them(one_over_80):
    compared = Comparison(one_over_80, 2019, versions(["grunnregelverk", "2019-06"]))
    compared.compute()
    for name in ("enhet_kategoriramme", "enhet_kategoritildeling", "enhet_timebasert_ramme"):
        assert shown(compared, name)["Liten"] is None, name  # with what the unit is given, and all its hours
    for name in ("enhet_samlet_tildeling", "enhet_vedtakstimer", "enhet_aktivitetsbasert_inntekt"):
        assert None not in shown(compared, name).values(), name  # 41 users make them
    assert shown(compared, "etat_pott_over_80", "etat") != {"etat": None}  # ten users make it


def test_a_unit_of_few_users_shows_no_amount():
    compared = Comparison(people(Liten=[30.0, 20.0], Stor=MANY, Annen=MANY[:38]), 2019, versions())
    compared.compute()
    for name in ("enhet_samlet_tildeling", "enhet_aktivitetsbasert_inntekt", "enhet_vedtakstimer"):
        found = shown(compared, name)
        assert found["Liten"] is None, name
        assert found["Annen"] is None, name  # the smallest other one: or all less the others would tell
        assert found["Stor"] is not None, name
    table = report.paper(compared).table("units")
    assert all(value is None for value in table.rows[0][-3:])  # before, and the change in kroner and per cent


def test_a_month_of_few_users_holds_all_months_back():
    users = 4
    hours = [numpy.array([20.0] * users + [10.0] * 60) for _ in range(12)]
    hours[6] = numpy.array([20.0] + [0.0] * (users - 1) + [10.0] * 60)  # in July one of the four is there
    population = people(A=[20.0] * users, B=MANY, C=MANY[:20])
    population = replace(population, users={"timer_per_uke": hours})
    compared = Comparison(population, 2019, versions(["2019-06"]))
    compared.compute()
    assert shown(compared, "enhet_vedtakstimer")["A"] is None
    assert {shown(compared, "enhet_timer_direkte", period=f"2019-{month:02}")["A"] for month in range(1, 13)} == {None}


def test_what_differs_by_one_user_between_regulations_is_held_back():
    population = people(A=[80.0, *[90.0] * 44, *MANY], B=[90.0] * 45 + MANY, C=[90.0] * 9 + MANY)
    (law,) = versions(["2019-06"])
    moved = from_settings(["kategorimodell.nedre_grense.kategori_6=81"], SYSTEMS.foundation(), date(2019, 1, 1))
    compared = Comparison(population, 2019, [law, *with_proposals(law, [moved])])
    compared.compute()
    assert [run.results.value("antall_kategori_6")[0] for run in compared.runs] == [45, 44]
    for row in compared.rows():
        if row.variable in ("antall_kategori_6", "antall_kategori_5") and row.id == "A":
            assert row.value is None, row
        if row.variable == "enhet_timer_over_80" and row.level == "enhet" and row.id == "A":
            assert row.value is None, row
        if row.variable == "etat_pott_over_80":  # all that differs is the one user
            assert row.value is None, row


# Brute force: who adds and subtracts all that is shown.


@st.composite
def trees(draw):
    units, areas = draw(st.integers(2, 6)), draw(st.integers(1, 3))
    area = [draw(st.integers(0, areas - 1)) for _ in range(units)]
    etat_of_area = [draw(st.integers(0, 1)) for _ in range(areas)]
    users = st.lists(st.sampled_from([1.0, 2.0, 30.0, 90.0, 150.0]), max_size=9)
    return numpy.array(area), numpy.array([etat_of_area[of] for of in area]), [draw(users) for _ in range(units)]


def is_made_by_few(hours):
    first, _, *others = sorted([*hours, 0.0, 0.0], reverse=True)
    return sum(hours) > 0 and (len(hours) <= 2 or sum(others) < 0.1 * first - 1e-9)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_no_adding_and_subtracting_gives_a_sum_that_few_make(drawn):
    area, etat, users = drawn
    sums = numpy.array([[sum(of) for of in users]])
    alone = numpy.array([[is_made_by_few(of) for of in users]]) & (sums < ENOUGH)
    groups = [area, etat, numpy.zeros(len(users), dtype=int)]
    hidden = Blocks(groups, [Measure(sums, alone, ENOUGH)]).run()
    assert hidden[0][alone[0]].all()
    known = [
        (of == row).astype(float)
        for of, mask in zip([numpy.arange(len(users)), *groups], hidden, strict=True)
        for row in numpy.unique(of)
        if not mask[row]
    ]
    for some in followed(numpy.array(known).reshape(-1, len(users))):
        assert not is_made_by_few([*chain(*(users[unit] for unit in numpy.flatnonzero(some)))]), (some, hidden)


def followed(known):
    """The units of every sum that follows from sums that are known, by adding and subtracting."""
    every = numpy.array(list(product([0.0, 1.0], repeat=known.shape[1])))
    within = every @ numpy.linalg.pinv(known) @ known if len(known) else 0 * every
    return every[numpy.abs(within - every).max(axis=1) < 1e-9]


def test_the_brute_force_is_able():
    known = numpy.array([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # all, and two of three units
    assert [1.0, 0.0, 0.0] in followed(known).tolist()
    assert [1.0, 0.0, 0.0] not in followed(known[:2]).tolist()


def test_units_of_other_services_are_held_back_with_the_sums_that_they_are_in():
    population = people(Hjemme=(MANY, "Nord"), Andre=([30.0, 20.0], "Nord"), Tredje=(MANY, "Sør"))
    place = list(population.unit_names).index("Andre")
    kind = numpy.zeros(3, dtype=numpy.int64)
    kind[place] = 1
    compared = Comparison(replace(population, units={"enhet_tjenesteomraade": kind}), 2019, [in_force()])
    compared.compute()
    hours = compared.held_back.sums.hours
    assert [name for name, held in zip(population.unit_names, hours.units, strict=True) if held] == ["Andre"]
    assert [name for name, held in zip(population.area_names, hours.areas, strict=True) if held] == ["Nord"]
    assert hours.total.all()
    assert not hours.own.any()  # of home care alone


def test_users_in_parts_show_no_more():
    # the same yes and no, found by the part
    key = ("sums_made_by_few", periods.period("2019-01"))
    both = people(A=[30.0, 20.0, 90.0], B=MANY)
    one, other = people(A=[30.0, 20.0], B=MANY), people(A=[90.0])
    whole = sums_of_units(both, regelverk(), 2019, real_users=True)[key]
    parts = [Part(sums_of_units(of, regelverk(), 2019, real_users=True), of.unit_names) for of in (one, other)]
    joined = merged(parts).sums[key]
    assert (joined > 0)[0, [BELOW_80, OVER_80]].tolist() == (whole > 0)[0, [BELOW_80, OVER_80]].tolist() == [True] * 2
    assert joined[0, ALL] == 2  # few make it in each part
    assert not joined[1].any()

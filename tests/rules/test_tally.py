"""Users by unit and category in one pass, and from the month before: whole numbers, whichever way is taken."""

from datetime import date
from fractions import Fraction

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openfisca_core.model_api import MONTH, Reform, Variable

from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalReform
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.rules import groups
from openfisca_bergen_hbt.rules.entities import Bruker
from openfisca_bergen_hbt.rules.stages import exact
from openfisca_bergen_hbt.simulate import simulate, sums_of_units

LAW = regelverk()
HOURS = st.one_of(
    st.sampled_from([0.0, 0.1, 1.5, 7.5, 29.99, 30.0, 79.9, 80.0, 168.0]),
    st.floats(0, 168, allow_subnormal=False),
)


def exactly(hours):
    """Hours to 2^-44, as a fraction."""
    return Fraction(round(Fraction(hours) * 2**44), 2**44)


def expected(unit, hours, units):
    """Count and add up by unit and category, one user after the other."""
    counts, sums = numpy.zeros((units, 7), dtype=int), [[Fraction(0)] * 7 for _ in range(units)]
    for of, own in zip(unit, hours, strict=True):
        category = sum(own >= bound for bound in (1.5, 7.5, 15, 30, 80)) + (own > 0)
        counts[of, category] += 1
        sums[of][category] += exactly(own)
    return counts, sums


def as_fractions(sums):
    """Sums in two parts, as fractions."""
    return [[Fraction(high) + Fraction(low) for high, low in row] for row in sums.tolist()]


@st.composite
def paths(draw):
    """Users in three units, and their hours in twelve months: some of them change."""
    users = draw(st.integers(1, 12))
    unit = draw(st.lists(st.integers(0, 2), min_size=users, max_size=users))
    months = [draw(st.lists(HOURS, min_size=users, max_size=users))]
    for _ in range(11):
        changes = draw(st.dictionaries(st.integers(0, users - 1), HOURS, max_size=3))
        months.append([changes.get(user, own) for user, own in enumerate(months[-1])])
    return unit, months


@pytest.mark.parametrize("block", [1, 3, 32768])
@pytest.mark.parametrize("one_in", [1, 4, 10**9])  # from the month before: always, where few differ, never
@settings(max_examples=15, deadline=None)
@given(path=paths())
def test_every_way_to_a_month_gives_what_counting_by_hand_gives(block, one_in, path):
    unit, months = path
    people = Population(
        ["A", "B", "C"],
        numpy.array(unit),
        ["etat"],
        numpy.zeros(3, dtype=numpy.intp),
        {"vurdert_timer_per_uke": [numpy.array(hours) for hours in months]},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "BLOCK", block)
        patch.setattr(groups, "ONE_IN", one_in)
        sums = sums_of_units(people, LAW, 2021)
    year = [Fraction(0)] * 3
    for number, hours in enumerate(months):
        counts, summed = expected(unit, hours, 3)
        found = {name: values for (name, when), values in sums.items() if str(when) == f"2021-{number + 1:02}"}
        assert found["counts"].tolist() == counts.tolist()
        assert as_fractions(found["hours_by_category"]) == summed
        assert as_fractions(found["hours_over_80"][:, None]) == [[row[6]] for row in summed]
        year = [before + sum(row) for before, row in zip(year, summed, strict=True)]
    (of_year,) = (values for (name, _), values in sums.items() if name == "hours_of_months")
    assert as_fractions(of_year) == [[hours] for hours in year]


@pytest.mark.parametrize("hours", [[-3.25, 2.0], [256.0, 0.1], [1e7, 1e7], [], [float(2**23)]])
def test_hours_that_only_a_reform_can_have_are_counted_apart(hours):
    counts, sums = exact.count_and_sum(numpy.zeros(len(hours), dtype=numpy.intp), numpy.array(hours), 1)
    assert counts.tolist() == [len(hours)]
    assert exact.rounded(sums).tolist() == [pytest.approx(sum(hours))]


def test_a_full_block_of_the_longest_hours_does_not_reach_the_count():
    size = groups.BLOCK
    counts, sums = exact.count_and_sum(numpy.zeros(size, dtype=numpy.intp), numpy.full(size, 255.99), 1)
    assert counts.tolist() == [size]
    assert Fraction(sums[0, 0]) + Fraction(sums[0, 1]) == size * exactly(255.99)


class OfUnits(Reform):
    """A reform by which a user's category follows from the hours of the units' year."""

    def apply(self):
        class loepende_kategori(Variable):  # noqa: N801 (as variables are named)
            entity = Bruker
            definition_period = MONTH

            def formula(users, month):  # noqa: N805 (of core)
                of_unit = users.simulation.enhet("enhet_vedtakstimer", month.this_year)
                index = (of_unit[users.simulation.enhet.members_entity_id] > 1000).astype(numpy.int16)
                return self.get_variable("loepende_kategori").possible_values.encode(index)

        self.update_variable(loepende_kategori)


def test_a_reform_s_categories_may_follow_from_the_hours_of_the_year():
    """The hours of a year do not ask for categories that would ask for them."""
    people = {"enhet": ["A", "A", "B"], "vurdert_timer_per_uke": [10.0, 10.0, 10.0]}
    results = simulate(people, OfUnits(LAW), 2021)
    assert results.value("enhet_vedtakstimer").tolist() == [1040, 520]  # 20 and 10 hours, 52 weeks
    assert results.value("antall_kategori_1").tolist() == [2, 0]


def test_a_bound_that_changes_in_the_year_moves_users_whose_hours_do_not():
    """From July 7.6 hours are category 2 and not 3, and only the second user's own hours change, in August."""
    change = Change("kategorimodell.nedre_grense.kategori_3", date(2021, 7, 1), 8.0)
    law = ProposalReform(LAW, Proposal("grense", "Grense", (change,)))
    months = [numpy.array([7.6, 9.0, *[1.0] * 30])] * 7 + [numpy.array([7.6, 16.0, *[1.0] * 30])] * 5
    people = Population(
        ["A"], numpy.zeros(32, dtype=numpy.intp), ["etat"], numpy.zeros(1, dtype=numpy.intp), {"timer_per_uke": months}
    )
    sums = sums_of_units(people, law, 2021)
    counts = {str(when): values[0].tolist() for (name, when), values in sums.items() if name == "counts"}
    # INGEN, and categories 1 to 6
    assert counts["2021-06"] == [0, 30, 0, 2, 0, 0, 0]
    assert counts["2021-07"] == [0, 30, 1, 1, 0, 0, 0]
    assert counts["2021-08"] == [0, 30, 1, 0, 1, 0, 0]

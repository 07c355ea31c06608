"""Users in parts: the sums of any parts, added up in any order, are those of all, and so is every figure."""

from dataclasses import replace
from functools import cache

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openfisca_core.model_api import Reform, Variable

from openfisca_bergen_hbt.grunnregelverk import CountryTaxBenefitSystem
from openfisca_bergen_hbt.population import arrays
from openfisca_bergen_hbt.regelverk import readings, regelverk
from openfisca_bergen_hbt.rules import groups
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN
from openfisca_bergen_hbt.rules.stages import exact
from openfisca_bergen_hbt.rules.stages.sums import Part, aligned, merged
from openfisca_bergen_hbt.simulate import simulate, simulate_units, sums_of_units
from tests.independent import all_agencies
from tests.populations import populations

LAW = cache(lambda *names, date=None: regelverk(date, lesninger=names))
READINGS = [reading.id() for reading in readings() if not reading.of_population]
#: What is 0, or not given, of a user in the months that a part lacks.
LACKING = {"teamvurdert_timer_per_uke": NOT_GIVEN, "vurdert_timer_per_uke": 0.0, "besoek_per_uke": 0.0}


def part_of(people, users, months, seed):
    """Some users of a population, in their units and perhaps others, in another order; in some months alone."""
    random = numpy.random.default_rng(seed)
    used = set(people.unit_of_user[users].tolist())
    units = [unit for unit in range(len(people.unit_names)) if unit in used or random.random() < 0.5]
    random.shuffle(units)
    place = {unit: number for number, unit in enumerate(units)}
    inputs = {}
    for name, hours in people.users.items():
        monthly = [by[users] for by in arrays(hours) for _ in range(12 // len(arrays(hours)))]
        if name in LACKING:
            monthly = [by if month in months else by * 0 + LACKING[name] for month, by in enumerate(monthly)]
        inputs[name] = monthly
    return replace(
        people,
        unit_names=[people.unit_names[unit] for unit in units],
        unit_of_user=numpy.array([place[unit] for unit in people.unit_of_user[users].tolist()], dtype=numpy.intp),
        agency_of_unit=people.agency_of_unit[units],
        users=inputs,
        units={},
        agencies={},
    )


@st.composite
def partitionings(draw, *, by_month=False):
    """A population and parts of its users: some empty, in any order, units in several; perhaps by month, too."""
    people = draw(populations())
    count = draw(st.integers(1, 4))
    of_user = numpy.array(draw(st.lists(st.integers(0, count), min_size=len(people.unit_of_user), max_size=14)))
    of_user = numpy.resize(of_user, len(people.unit_of_user))
    of_month = numpy.array(draw(st.lists(st.integers(0, 2), min_size=12, max_size=12))) if by_month else numpy.zeros(12)
    kinds = draw(st.permutations([(users, months) for users in range(count + 1) for months in set(of_month.tolist())]))
    chosen = [(numpy.flatnonzero(of_user == users), {*numpy.flatnonzero(of_month == month)}) for users, month in kinds]
    return people, [part_of(people, *one, seed) for seed, one in enumerate(chosen)]


def every_figure(results):
    """Every figure of units and agencies, by month where it has months: bytes."""
    found = {}
    for name, variable in results.system.variables.items():
        if variable.entity.key in ("enhet", "etat") and variable.value_type in (int, float, bool):
            monthly = str(variable.definition_period) == "month"
            values = results.by_month(name) if monthly else results.value(name)
            found[name] = values.tobytes()
    return found


def on_parts(people, parts, law, year):
    found = merged(Part(sums_of_units(part, law, year), part.unit_names) for part in parts)
    return simulate_units(people, aligned(found, people.unit_names), law, year)


@pytest.mark.parametrize("block", [2, 32768])
@settings(max_examples=8, deadline=None)
@given(found=partitionings(), whole=st.booleans())
def test_any_parts_have_the_sums_of_all(block, found, whole):
    people, parts = found
    law = LAW("lesning_t15_faktisk_bruker")
    expected = sums_of_units(people, law, 2019)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "BLOCK", block)
        together = merged(Part(sums_of_units(part, law, 2019), part.unit_names) for part in parts)
        if whole:  # what is merged can be merged again
            together = merged([together])
    sums = aligned(together, people.unit_names)
    assert sums.keys() == expected.keys()
    assert [key for key, values in expected.items() if values.tobytes() != sums[key].tobytes()] == []


@pytest.mark.parametrize("reading", READINGS)
@settings(max_examples=3, deadline=None)
@given(found=partitionings(), year=st.sampled_from([2017, 2019, 2021]))
def test_any_parts_give_every_figure_under_readings(reading, found, year):
    people, parts = found
    law = LAW(reading)
    assert every_figure(on_parts(people, parts, law, year)) == every_figure(simulate(people, law, year))


@pytest.mark.parametrize("date", ["2017-01-01", "2018-01-01", "2019-06-01", "2021-12-31"])
@settings(max_examples=4, deadline=None)
@given(found=partitionings(by_month=True), year=st.sampled_from([2017, 2019, 2021]))
def test_parts_by_month_give_every_figure_of_each_regulation(date, found, year):
    people, parts = found
    law = LAW(date=date)
    assert every_figure(on_parts(people, parts, law, year)) == every_figure(simulate(people, law, year))


@settings(max_examples=5, deadline=None)
@given(found=partitionings(by_month=True))
def test_parts_give_what_the_rules_in_plain_python_give(found):
    people, parts = found
    results = on_parts(people, parts, LAW(), 2021)
    expected = all_agencies(people, 2021, decisions={1, 2, 3, 4, 5, 6})
    for name in ("enhet_vedtakstimer", "enhet_kategoripoeng", "enhet_samlet_tildeling", "etat_merforbruk"):
        found_here = results.by_month(name) if expected[name].ndim == 2 else results.value(name)
        assert numpy.allclose(found_here, expected[name], rtol=0, atol=1e-6), name


class Doubled(Reform):
    """A reform of one's own, by which a user's year is twice that of the months."""

    def apply(self):
        class vedtakstimer(Variable):  # noqa: N801 (as variables are named)
            def formula(users, year):  # noqa: N805 (of core)
                return 2 * 52 * users("timer_per_uke", year.first_month)

        self.update_variable(vedtakstimer)


def test_a_user_s_hours_of_the_year_are_what_is_added_up_where_they_are_a_reform_s_or_given():
    people = simulate({"enhet": ["A", "B", "A"], "timer_per_uke": [0.1, 0.2, 0.3]}, LAW(), 2019).population
    doubled = Doubled(CountryTaxBenefitSystem())
    parts = [part_of(people, numpy.array([number]), set(range(12)), number) for number in range(3)]
    found = on_parts(people, parts, doubled, 2019)
    assert found.value("enhet_vedtakstimer").tolist() == pytest.approx([41.6, 20.8])  # 2 * 52 * 0.4, and 0.2
    own = replace(people, users={**people.users, "vedtakstimer": numpy.array([7.0, 8.0, 9.0])})
    results = simulate(own, LAW(), 2019)
    assert results.value("enhet_vedtakstimer").tolist() == [16.0, 8.0]
    alone = simulate_units(own, sums_of_units(own, LAW(), 2019), LAW(), 2019)
    assert alone.value("enhet_vedtakstimer").tolist() == [16.0, 8.0]


def test_sums_stay_exact_where_the_fine_parts_alone_would_grow_too_large():
    """0.1 hours are 1638 / 2^14 and 0.4 / 2^14: of 30 million users, the latter are more than 512 hours."""
    found = exact.sum_exactly(numpy.zeros(3, dtype=numpy.intp), [numpy.full(3, 0.1)] * 12, 1)
    for _ in range(20):
        found = exact.carried(found + found)
    users = 3 * 12 * 2**20
    assert exact.rounded(found)[0] == users * round(0.1 * 2**44) / 2**44

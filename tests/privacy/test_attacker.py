"""An attacker with a solver, who knows all that is published and every rule, can tell no small count."""

from itertools import product

import numpy
import pytest
from ortools.sat.python import cp_model

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.privacy.exchanges import payments, users_of
from tests.fuzz import CASES
from tests.privacy.random_users import people_of, random_people

#: Hours are counted in hundredths, as no file has them finer; money in thousandths of a krone.
HUNDREDTHS, MONEY = 100, 1000
#: How many small counts are attacked, and of those of the last category.
SOME = 6 if CASES > 1000 else 3
#: Categories' counts and hours of the last: what an attacker looks for of each unit.
CATEGORIES = 6
#: So many units, in so many areas; 500 in the nightly form, too.
SIZES = [(24, 3), (500, 20)] if CASES > 1000 else [(24, 3)]


class Attacker:
    """Knows the users of some units, the hours of all of these, what a point and an hour are worth, and other units."""

    def __init__(self, users, paid, units):
        self.model, self.units = cp_model.CpModel(), units
        bounds = numpy.rint(users.bounds * HUNDREDTHS).astype(int).tolist()
        tops = [*(bound - 1 for bound in bounds[1:]), 168 * HUNDREDTHS]
        weights = numpy.rint(users.weight[0] * paid.point[0] * MONEY).astype(int).tolist()
        an_hour, ensured = (round(float(of[0]) * MONEY / HUNDREDTHS) for of in (paid.hour, paid.slack_of_hour))
        self.count, self.hours, self.given, self.off = {}, {}, {}, {}
        for unit in units:
            total = int(users.count[unit].sum())
            mine = [self.model.new_int_var(0, total, "") for _ in bounds]
            self.model.add(sum(mine) == total)
            over, below = (self.model.new_int_var(0, total * tops[-1], "") for _ in range(2))
            self.model.add(over >= bounds[-1] * mine[-1])
            self.model.add(over <= tops[-1] * mine[-1])
            self.model.add(below >= sum(bound * of for bound, of in zip(bounds[:-1], mine[:-1], strict=True)))
            self.model.add(below <= sum(top * of for top, of in zip(tops[:-1], mine[:-1], strict=True)))
            # what its points bring, or what the reserve ensures for its hours
            made = self.model.new_int_var(0, MONEY * 10**10, "")
            by_points = sum(weight * of for weight, of in zip(weights, mine, strict=True))
            self.model.add_max_equality(made, [by_points, ensured * below])
            self.count[unit], self.hours[unit], self.given[unit] = mine, over + below, made + an_hour * over
            #: How far prices so rounded are off, and amounts rounded to a krone in each of some pots and months.
            self.off[unit] = MONEY * (24 + total * 168 * HUNDREDTHS // (2 * MONEY))
        every = int(numpy.rint(users.hours[units].sum() * HUNDREDTHS))
        self.model.add(sum(self.hours.values()) == every)

    def learns(self, units, low, high):
        """Learn between which amounts, in kroner, some units are given together."""
        given, off = sum(self.given[unit] for unit in units), sum(self.off[unit] for unit in units)
        self.model.add(given >= int(low) * MONEY - off)
        self.model.add(given <= int(high) * MONEY + off)

    def other_value(self, unit, category, value):
        """Whether a count can be another one."""
        model = self.model.clone()
        is_less = model.new_bool_var("")
        model.add(self.count[unit][category] < value).only_enforce_if(is_less)
        model.add(self.count[unit][category] > value).only_enforce_if(~is_less)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 30
        found = solver.solve(model)
        assert found in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
        return found != cp_model.INFEASIBLE


def published(people):
    found = Comparison(people, 2019, versions(["2019-06"]), public=True)
    found.compute()
    users = users_of([run.results for run in found.runs])
    (paid,) = payments(users)
    assert (paid.reserve_left > 0).all()  # what is ensured is given in full
    return found, users, paid


@pytest.mark.parametrize(("units", "areas"), SIZES)
def test_no_small_count_can_be_told(units, areas):
    """Not even with the users of most other units known: all but the area's and those with most over 80 hours."""
    compared, users, paid = published(random_people(4, units, areas))
    rows, area = compared.published.together, compared.population.area_of_unit
    given, half = compared.published.given(compared.runs[0].results), compared.published.step / 2
    most = numpy.isin(numpy.arange(units), numpy.argsort(-users.count[:, -1], kind="stable")[:6])
    small = numpy.argwhere((users.count > 0) & (users.count < 5))
    of_last = small[small[:, 1] == CATEGORIES - 1]  # whose hours are worth the most
    told, attacked = [], [*small[:: len(small) // SOME + 1].tolist(), *of_last[:: len(of_last) // SOME + 1].tolist()]
    for unit, category in attacked:
        free = numpy.isin(rows, rows[most | (area == area[unit])])
        attacker = Attacker(users, paid, numpy.flatnonzero(free).tolist())
        for row in numpy.unique(rows[free]).tolist():
            attacker.learns(numpy.flatnonzero(rows == row).tolist(), given[row] - half, given[row] + half)
        if not attacker.other_value(unit, category, int(users.count[unit, category])):
            told.append((unit, category))
    assert told == []
    assert len(attacked) > SOME


def ways(mine, shown, off, users, paid):
    """Every way to divide users by category, none over 80 hours, of which a unit is given what is shown.

    Each with its points, in quarters, and the least and the most hours that it leaves.
    """
    some = numpy.array([of for of in product(range(mine + 1), repeat=CATEGORIES - 2) if sum(of) <= mine])
    every = numpy.column_stack([some, mine - some.sum(axis=1)])
    by_points = every @ users.weight[0, :-1] * paid.point[0]
    ensured = paid.slack_of_hour[0]
    low, high = every @ users.bounds[:-1], every @ users.tops[:-1]
    low = numpy.where(by_points < shown - off, numpy.maximum(low, (shown - off) / ensured), low)
    high = numpy.minimum(high, (shown + off) / ensured)
    can = (by_points <= shown + off) & (low <= high)
    return every[can], numpy.rint(every[can] @ users.weight[0, :-1] * 4).astype(int).tolist(), low[can], high[can]


def added(sums, points, low, high):
    """By points the least and the most hours of some units and one more."""
    found = {}
    for before, (least, most) in sums.items():
        for more, mine, theirs in zip(points, low, high, strict=True):
            known = found.get(before + more, (numpy.inf, 0.0))
            found[before + more] = min(known[0], least + mine), max(known[1], most + theirs)
    return found


@pytest.mark.parametrize("seed", [9, 11, 12, 14])
def test_brute_force_tells_no_small_count_of_few_units(seed):
    """Every way to divide the users of each unit, with all points and hours that the others can have beside it."""
    random = numpy.random.default_rng(seed)
    unit = numpy.repeat(numpy.arange(4), random.integers(8, 12, 4))
    compared, users, paid = published(people_of(unit, numpy.exp(random.uniform(0, 4.2, len(unit))).round(2), 2))
    assert compared.published.together.tolist() == [*range(4)]
    given, off = compared.published.given(compared.runs[0].results), compared.published.step / 2 + len(unit)
    every = [ways(int(of.sum()), shown, off, users, paid) for of, shown in zip(users.count, given, strict=True)]
    points, hours = round(4 * float((users.count @ users.weight[0]).sum())), users.hours.sum()
    small = 0
    for unit, (divided, *mine) in enumerate(every):
        of_others = {0: (0.0, 0.0)}
        for other, (_, *theirs) in enumerate(every):
            of_others = added(of_others, *theirs) if other != unit else of_others
        possible = []
        for way, point, low, high in zip(divided, *mine, strict=True):
            least, most = of_others.get(points - point, (numpy.inf, 0.0))
            if low + least <= hours <= high + most:
                possible.append(way)
        true = users.count[unit, :-1]
        assert any((way == true).all() for way in possible)
        for category in numpy.flatnonzero((true > 0) & (true < 5)):
            assert len({int(way[category]) for way in possible}) > 1
            small += 1
    assert small > SOME


def test_the_attacker_is_able():
    """To the krone, with hours and the counts that are 5 and more beside them, a small count is told."""
    compared, users, paid = published(random_people(4))
    attacker, plain = Attacker(users, paid, list(range(len(users.count)))), paid.slack > 0
    for unit, given in enumerate(compared.runs[0].results.value(GIVEN).tolist()):
        if plain[unit]:
            attacker.learns([unit], given, given)
        attacker.model.add(attacker.hours[unit] == int(numpy.rint(users.hours[unit].sum() * HUNDREDTHS)))
        for category in range(CATEGORIES - 2):
            attacker.model.add(attacker.count[unit][category] == int(users.count[unit, category]))
    small = numpy.argwhere((users.count[:, -2:] > 0) & (users.count[:, -2:] < 5) & plain[:, None])
    told = [
        not attacker.other_value(unit, CATEGORIES - 2 + place, int(users.count[unit, CATEGORIES - 2 + place]))
        for unit, place in small[:10].tolist()
    ]
    assert any(told)

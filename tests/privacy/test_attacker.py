"""An attacker with a solver, who knows all that is published and every rule, can tell no small count."""

import numpy
import pytest
from ortools.sat.python import cp_model

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.privacy.exchanges import payments, users_of
from tests.privacy.random_users import random_people

#: Hours are counted in hundredths, as no file has them finer; money in kroner.
HUNDREDTHS = 100
#: How many small counts are attacked.
SOME = 10
#: Categories' counts and hours of the last: what an attacker looks for of each unit.
CATEGORIES = 6


class Attacker:
    """Knows the users and the hours of each unit, what each is shown to get, and what a point and an hour are worth."""

    def __init__(self, users, paid, low, high):
        self.model, self.users = cp_model.CpModel(), users
        counts = users.count.sum(axis=1)
        hours = numpy.rint(users.hours.sum(axis=1) * HUNDREDTHS).astype(int)
        bounds = numpy.rint(users.bounds * HUNDREDTHS).astype(int).tolist()
        tops = [*(bound - 1 for bound in bounds[1:]), 168 * HUNDREDTHS]
        point, hour = float(paid.point[0]), float(paid.hour[0])
        weights = numpy.rint(users.weight[0] * point).astype(int).tolist()
        an_hour = round(hour / HUNDREDTHS)
        self.count = []
        for unit, total in enumerate(counts.tolist()):
            mine = [self.model.new_int_var(0, total, "") for _ in bounds]
            self.model.add(sum(mine) == total)
            over = self.model.new_int_var(0, int(hours[unit]), "")
            below = int(hours[unit]) - over
            self.model.add(over >= bounds[-1] * mine[-1])
            self.model.add(over <= tops[-1] * mine[-1])
            self.model.add(below >= sum(bound * of for bound, of in zip(bounds[:-1], mine[:-1], strict=True)))
            self.model.add(below <= sum(top * of for top, of in zip(tops[:-1], mine[:-1], strict=True)))
            given = sum(weight * of for weight, of in zip(weights, mine, strict=True)) + an_hour * over
            # rounded prices are off by half a krone a point and hour at most: some hundreds a unit
            off = total + int(hours[unit])
            self.model.add(given >= int(low[unit]) - off)
            self.model.add(given <= int(high[unit]) + off)
            self.count.append(mine)

    def other_value(self, unit, category, value):
        """Whether a count can be another one."""
        model = self.model.clone()
        is_less = model.new_bool_var("")
        model.add(self.count[unit][category] < value).only_enforce_if(is_less)
        model.add(self.count[unit][category] > value).only_enforce_if(~is_less)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 10
        found = solver.solve(model)
        assert found in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
        return found != cp_model.INFEASIBLE


@pytest.fixture(scope="module")
def compared():
    found = Comparison(random_people(4), 2019, versions(["2019-06"]), public=True)
    found.compute()
    return found


def parts_of(compared):
    users = users_of([run.results for run in compared.runs])
    # of units that the reserve does not compensate an amount is points and hours alone
    (paid,) = payments(users)
    return users, paid, compared.runs[0].results.value(GIVEN), paid.slack > 0


def test_no_small_count_can_be_told(compared):
    users, paid, given, plain = parts_of(compared)
    half = compared.published.step / 2
    rows = compared.published.together
    alone = numpy.bincount(rows)[rows] == 1
    shown = compared.published.given(compared.runs[0].results)[rows]
    low, high = numpy.where(alone & plain, shown - half, 0), numpy.where(alone & plain, shown + half, 10**12)
    attacker = Attacker(users, paid, low, high)
    small = numpy.argwhere((users.count > 0) & (users.count < 5))
    told = [
        (unit, category)
        for unit, category in small[:: len(small) // SOME + 1].tolist()
        if not attacker.other_value(unit, category, int(users.count[unit, category]))
    ]
    assert told == []
    assert len(small) > SOME
    assert (given > 0).all()


def test_the_attacker_is_able(compared):
    """To the krone, and with the counts that are 5 and more beside it, a small count is told."""
    users, paid, given, plain = parts_of(compared)
    attacker = Attacker(users, paid, *(numpy.where(plain, given, end) for end in (0, 10**12)))
    for unit in range(len(given)):
        for category in range(CATEGORIES - 2):
            attacker.model.add(attacker.count[unit][category] == int(users.count[unit, category]))
    small = numpy.argwhere((users.count[:, -2:] > 0) & (users.count[:, -2:] < 5) & plain[:, None])
    told = [
        not attacker.other_value(unit, CATEGORIES - 2 + place, int(users.count[unit, CATEGORIES - 2 + place]))
        for unit, place in small[:10].tolist()
    ]
    assert any(told)

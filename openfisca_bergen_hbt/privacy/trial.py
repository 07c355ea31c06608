"""Witnesses that are tried: their populations are made and run, and the same must be published of them.

Exchanges are reckoned by what the law pays for points and hours (``exchanges``). A reading or a decision that pays
otherwise is found out here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy

from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.exchanges import Exchange, Users
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.simulate import Results, simulate

#: How many populations are run, and how many exchanges are made in each, no two of them with the same unit.
TRIALS, AT_ONCE = 12, 16
#: What is published of a run.
Shown = Callable[[Results], Sequence[FloatArray]]


def is_borne_out(users: Users, exchanges: Sequence[Exchange], alike: IndexArray, shown: Shown) -> bool:
    """Return whether the same is published of other populations.

    Args:
        users: the users, with the runs.
        exchanges: exchanges, which are all tried, or some where they are many.
        alike: numbers for units of which those with the same may have each other's users.
        shown: what is published of a run.
    """
    some = exchanges[:: len(exchanges) // (TRIALS * AT_ONCE) + 1]
    trial = _Trial(users, shown)
    return trial.shows_the_same_with_other_users(alike) and all(map(trial.shows_the_same, _apart(some)))


def _apart(exchanges: Sequence[Exchange]) -> list[list[Exchange]]:
    """Put exchanges in lots in which no unit has part twice."""
    lots: list[tuple[set[int], list[Exchange]]] = []
    for one in exchanges:
        both = {one.unit, one.partner}
        free = (lot for lot in lots if len(lot[1]) < AT_ONCE and not both & lot[0])
        units, lot = next(free, (set(), []))
        if not lot:
            lots.append((units, lot))
        units |= both
        lot.append(one)
    return [lot for _, lot in lots]


class _Trial:
    """Runs exchanges of users who are the same all year."""

    def __init__(self, users: Users, shown: Shown) -> None:
        self.users, self.shown = users, shown
        first = users.runs[0]
        self.people: Population = first.population
        self.by_month = numpy.stack([first.value("timer_per_uke", month) for month in range(1, 13)])
        hours = self.by_month[0]
        stays = (self.by_month == hours).all(axis=0) & (hours > 0) & (hours >= users.bounds[0])
        mine = numpy.flatnonzero(stays)
        self.order = mine[numpy.argsort(self.people.unit_of_user[mine], kind="stable")]
        self.starts = numpy.searchsorted(self.people.unit_of_user[self.order], range(len(self.people.unit_names) + 1))
        self.now = [shown(run) for run in users.runs]

    def shows_the_same(self, exchanges: Sequence[Exchange]) -> bool:
        """Return whether the same is published with each of some exchanges: with all at once, or else one by one."""
        hours = self.by_month.copy()
        for one in exchanges:
            for unit, sign in ((one.unit, 1), (one.partner, -1)):
                who, new = self._exchanged(unit, sign * one.more, sign * one.hours_over_80, sign * one.less_below)
                hours[:, who] = new
        if self._is_same(replace(self.people, users={"timer_per_uke": list(hours)})):
            return True
        halves = exchanges[::2], exchanges[1::2]
        return len(exchanges) > 1 and all(map(self.shows_the_same, halves))

    def shows_the_same_with_other_users(self, alike: IndexArray) -> bool:
        """Return whether the same is published if each unit has the users of the next one like it."""
        order = numpy.argsort(alike, kind="stable")
        _, first, size = numpy.unique(alike[order], return_index=True, return_counts=True)
        if (size == 1).all():
            return True
        place = numpy.arange(len(order)) + 1
        place[first + size - 1] = first
        following = numpy.empty_like(order)
        following[order] = order[place]
        return self._is_same(replace(self.people, unit_of_user=following[self.people.unit_of_user]))

    def _is_same(self, other: Population) -> bool:
        other = replace(other, made_for=None)
        return all(
            all(map(numpy.array_equal, self.shown(simulate(other, run.system, run.year)), now))
            for run, now in zip(self.users.runs, self.now, strict=True)
        )

    def _exchanged(self, unit: int, more: IndexArray, over: float, less_below: float) -> tuple[IndexArray, FloatArray]:
        """Return the users of a unit and the hours that they have with an exchange, in each band alike."""
        users = self.users
        who = self.order[self.starts[unit] : self.starts[unit + 1]]
        count, new = users.count[unit] + more, []
        for bands, change in ((~users.over_80, -less_below), (users.over_80, over)):
            low, high = (count[bands] @ of[bands] for of in (users.bounds, users.tops))
            part = (users.hours[unit, bands].sum() + change - low) / (high - low) if high > low else 0.0
            each = (users.bounds + part * (users.tops - users.bounds))[bands]
            new.append(numpy.repeat(each, count[bands]))
        return who, numpy.concatenate(new)

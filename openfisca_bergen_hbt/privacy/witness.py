"""Witnesses: for a count of 1 to 4 users another population in which it differs, and of which the same is shown.

Who knows all that is shown, and every rule, can't tell such a count, as the other population may be the true one. A
witness is looked for among exchanges of users between two units (``exchanges``), without a solver: what is found is
sure, and where nothing is found there may be one none the less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.exchanges import (
    BY_MONTHS,
    CATEGORIES,
    OFF,
    Exchange,
    Mask,
    Payment,
    Users,
    partners,
    payments,
    vectors,
)
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray

#: Counts below this are about so few users that they are kept secret.
LEAST = 5


@dataclass(frozen=True)
class Shown:
    """What is shown of units: amounts of units or of some together, rounded."""

    #: The number of the row that each unit is shown in.
    together: IndexArray
    #: What each unit is given under each run with categories; kroner.
    given: Sequence[FloatArray]
    #: What amounts are rounded to: whole kroner at the finest.
    step: float
    #: Which counts by category are not shown: every one, or some, shape (units, categories).
    secret: Mask | None = None


class Witnesses:
    """Finds witnesses for the small counts of units by run and category."""

    def __init__(self, users: Users, shown: Shown) -> None:
        self.users, self.shown = users, shown
        counts = users.counts()
        #: The small counts, and those of them that have a witness, shape (runs, units, categories).
        self.small: Mask = (counts > 0) & (counts < LEAST)
        self.safe: Mask = numpy.zeros_like(self.small)
        self.found: dict[tuple[int, int, int], Exchange] = {}
        self.rows = [
            numpy.bincount(shown.together, given, int(shown.together.max(initial=-1)) + 1) for given in shown.given
        ]
        self.paid = payments(users)

    def search(self) -> Mask:
        """Return which small counts have no witness."""
        tried = vectors(self.users)
        for partner in partners(self.users, self.shown.together):
            for more in tried:
                wanted = self._wanted(more)
                units = numpy.flatnonzero(wanted & (partner != numpy.arange(len(partner))))
                if len(units):
                    self._try(units, partner[units], more)
            if not (self.small & ~self.safe).any():
                break
        found: Mask = self.small & ~self.safe
        return found

    def _changed(self, more: NDArray[numpy.int64]) -> Mask:
        """Return which categories an exchange changes the counts of, shape (runs, categories)."""
        found: Mask = (more[None, :, None] * self.users.in_category).sum(axis=1) != 0
        return found

    def _wanted(self, more: NDArray[numpy.int64]) -> Mask:
        """Return the units with a small count that has no witness, and would differ."""
        lacking = self.small & ~self.safe & self._changed(more)[:, None, :]
        found: Mask = lacking.any(axis=(0, 2))
        return found

    def _try(self, units: IndexArray, partner: IndexArray, more: NDArray[numpy.int64]) -> None:
        """Take down for which units an exchange with their partners shows in nothing."""
        users = self.users
        fits = (users.count[units] + more >= 0).all(axis=1) & (users.count[partner] - more >= 0).all(axis=1)
        low, high = self._hours(units, partner, more)
        fits &= numpy.logical_and.reduce([one.steady[units] for one in self.paid]) & (low <= high)
        points = users.weight @ more
        wanted = [self._balance(one, units, gain) for one, gain in zip(self.paid, points, strict=True)]
        hours = numpy.clip(numpy.mean(wanted, axis=0), low, high)
        if self.shown.step <= 1:  # to the krone: no money may move
            hours = numpy.zeros(len(units))
            fits &= (low <= 0) & (high >= 0) & (points == 0).all() & ~(more * users.over_80).any()
        for number, (one, gain) in enumerate(zip(self.paid, points, strict=True)):
            fits &= self._unseen(number, one, units, partner, gain, hours)
        if self.shown.secret is not None:
            changed = self._changed(more).any(axis=0)
            fits &= (self.shown.secret[units] | ~changed).all(axis=1)
            fits &= (self.shown.secret[partner] | ~changed).all(axis=1)
        changed = self._changed(more)
        for place in numpy.flatnonzero(fits).tolist():
            unit = int(units[place])
            exchange = Exchange(unit, int(partner[place]), more, float(hours[place]))
            for run, category in numpy.argwhere(changed & self.small[:, unit] & ~self.safe[:, unit]).tolist():
                self.safe[run, unit, category] = True
                self.found[run, unit, category] = exchange

    def _balance(self, one: Payment, units: IndexArray, gain: float) -> FloatArray:
        """Return the hours over 80 that make up for what a unit gains by points."""
        by_points = one.slack[units] > 0
        point, hour = one.point[units] * by_points, one.hour[units] - one.slack_of_hour[units] * ~by_points
        found: FloatArray = -point * gain / numpy.where(hour == 0, 1.0, hour)
        return found

    def _hours(self, units: IndexArray, partner: IndexArray, more: NDArray[numpy.int64]) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most hours a week that those over 80 can be given more, in both units."""
        users = self.users
        over, low, high = users.over_80, users.bounds, users.tops
        least, most = numpy.full(len(units), -numpy.inf), numpy.full(len(units), numpy.inf)
        for who, sign in ((units, 1), (partner, -1)):
            count = users.count[who] + sign * more
            for bands, way in ((over, sign), (~over, -sign)):
                now = users.hours[who][:, bands].sum(axis=1)
                ends = (count[:, bands] @ of[bands] - now for of in (low, high))
                start, end = sorted_ends(*ends, way)
                least, most = numpy.maximum(least, start), numpy.minimum(most, end)
        return least, most

    def _unseen(
        self, run: int, one: Payment, units: IndexArray, partner: IndexArray, gain: float, hours: FloatArray
    ) -> Mask:
        """Return in which units no amount that is shown is another one: of the units, and of the etat.

        A unit that the reserve compensates is given what its hours say, whatever its points are.
        """
        rows, together = self.rows[run], self.shown.together
        fits: Any = numpy.ones(len(units), dtype=bool)
        compensated = numpy.zeros(len(units))
        same = together[units] == together[partner]
        for who, sign in ((units, 1), (partner, -1)):
            slack = one.slack[who] + sign * (one.point[units] * gain + one.slack_of_hour[units] * hours)
            before, after = (numpy.maximum(0, -of) for of in (one.slack[who], slack))
            compensated += after - before
            change = sign * (one.point[units] * gain + one.hour[units] * hours) + after - before
            fits &= self._stays(rows[together[who]], change) | same
            fits &= (before == 0) & (after == 0) | (one.reserve_left[who] - numpy.maximum(0, after - before) > OFF)
        fits &= ~same | self._stays(rows[together[units]], compensated)
        fits &= self._stays(one.etat_given[units], compensated) & self._stays(one.etat_left[units], -compensated)
        return numpy.asarray(fits)

    def _stays(self, amounts: FloatArray, change: FloatArray) -> Mask:
        """Return which amounts are shown alike when they change."""
        if self.shown.step <= 1:
            return numpy.asarray(change == 0)
        off = numpy.where(change == 0, 0, OFF + numpy.abs(change) * (0 if self.users.constant else BY_MONTHS))
        now = rounded(amounts, self.shown.step)
        ends = [rounded(amounts + change + way * off, self.shown.step) for way in (-1, 1)]
        return numpy.asarray((ends[0] == now) & (ends[1] == now))


def sorted_ends(low: FloatArray, high: FloatArray, way: int) -> tuple[FloatArray, FloatArray]:
    """Return what lies between two ends, as they are or seen the other way."""
    return (low, high) if way > 0 else (-high, -low)


def rounded(amounts: FloatArray, step: float) -> FloatArray:
    """Return amounts to the nearest multiple of a step, halves upwards."""
    found: FloatArray = numpy.floor(amounts / step + 0.5) * step
    return found


def lacking_of(lacking: Mask, together: IndexArray) -> Mask:
    """Return which rows have a unit with a small count that has no witness."""
    found = numpy.zeros(int(together.max(initial=-1)) + 1, dtype=bool)
    found[together[lacking.any(axis=(0, 2))]] = True
    return found


__all__ = ["CATEGORIES", "LEAST", "Shown", "Witnesses", "lacking_of", "rounded"]

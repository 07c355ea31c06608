"""Witnesses: for a count of 1 to 4 users another population in which it differs, and of which the same is shown.

Who knows all that is shown, and every rule, can't tell such a count, as the other population may be the true one. A
witness is looked for among exchanges of users between two units (``exchanges``), without a solver: what is found is
sure, and where nothing is found there may be one none the less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.privacy.exchanges import (
    BY_MONTHS,
    OFF,
    Exchange,
    Payment,
    Users,
    partners,
    payments,
)
from openfisca_bergen_hbt.privacy.suppression import LEAST
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, sum_by

#: How many exchanges are tried at once.
AT_ONCE = 40_000
#: Amounts to the krone are shown as they are.
EXACT = 1.0


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


class _Trials(NamedTuple):
    """Exchanges that are tried at once: the units, and the hours that users over 80 have more."""

    unit: IndexArray
    partner: IndexArray
    hours: FloatArray


class Witnesses:
    """Finds witnesses for the small counts of units by run and category."""

    def __init__(self, users: Users, shown: Shown) -> None:
        self.users, self.shown = users, shown
        counts = users.counts()
        home = numpy.stack([run.value("enhet_i_hjemmetjenestene").astype(bool) for run in users.runs])
        #: The counts that are to have a witness, and those of them that have one, shape (runs, units, categories).
        #: Of units of other services no figure follows from them.
        self.small: Mask = (counts > 0) & (counts < LEAST) & home[:, :, None]
        if shown.secret is not None:
            self.small = (counts > 0) & shown.secret
        self.safe: Mask = numpy.zeros_like(self.small)
        self.found: dict[tuple[int, int, int], Exchange] = {}
        self.rows = [sum_by(shown.together, given, int(shown.together.max(initial=-1)) + 1) for given in shown.given]
        self.paid = payments(users)

    def search(self) -> Mask:
        """Return which small counts have no witness."""
        tried = self.users.vectors
        if self.is_exact:
            tried = tried[~(tried @ self.users.weight.T).any(axis=1) & ~(tried * self.users.over_80).any(axis=1)]
        changes = (tried[:, None, :, None] * self.users.in_category[None]).sum(axis=2) != 0
        for partner in partners(self.users, self.shown.together, within_areas=self.is_exact):
            has_partner = partner != numpy.arange(len(partner))
            start = 0
            while start < len(tried):
                units = numpy.flatnonzero(self.lacking.any(axis=(0, 2)) & has_partner)
                if not len(units):
                    break
                some = slice(start, start + max(1, AT_ONCE // len(units)))
                wanted = (self.lacking[:, units].transpose(1, 0, 2)[:, None] & changes[None, some]).any(axis=(2, 3))
                mine, which = numpy.nonzero(wanted)
                self._try(units[mine], partner[units[mine]], tried[some][which], changes[some][which])
                start = some.stop
        return self.lacking

    @property
    def lacking(self) -> Mask:
        """Which small counts have no witness yet."""
        found: Mask = self.small & ~self.safe
        return found

    @property
    def is_exact(self) -> bool:
        """Whether no money may move."""
        return self.shown.step <= EXACT

    def _try(self, units: IndexArray, partner: IndexArray, more: NDArray[numpy.int64], changed: Mask) -> None:
        """Take down which exchanges of units with their partners show in nothing.

        Args:
            units: the unit of each exchange.
            partner: the other unit.
            more: by band how many users more there are in the unit.
            changed: which counts that changes, by run and category.
        """
        users = self.users
        fits = (users.count[units] + more >= 0).all(axis=1) & (users.count[partner] - more >= 0).all(axis=1)
        if self.shown.secret is not None:
            seen = changed.any(axis=1)
            fits &= ((self.shown.secret[units] & self.shown.secret[partner]) | ~seen).all(axis=1)
        units, partner, more, changed = units[fits], partner[fits], more[fits], changed[fits]
        low, high = self._hours(units, partner, more)
        fits = numpy.logical_and.reduce([one.steady[units] for one in self.paid]) & (low <= high)
        points = more @ users.weight.T
        wanted = [self._balance(one, units, points[:, run]) for run, one in enumerate(self.paid)]
        hours = numpy.clip(numpy.mean(wanted, axis=0), low, high)
        if self.is_exact:
            hours = numpy.zeros(len(units))
            fits &= (low <= 0) & (high >= 0)
        for run in range(len(self.paid)):
            fits &= self._unseen(run, _Trials(units, partner, hours), points[:, run])
        for place in numpy.flatnonzero(fits).tolist():
            unit = int(units[place])
            new = changed[place] & self.lacking[:, unit]
            if new.any():
                exchange = Exchange(unit, int(partner[place]), more[place], float(hours[place]))
                self.safe[:, unit] |= new
                self.found |= {(run, unit, category): exchange for run, category in numpy.argwhere(new).tolist()}

    def _balance(self, one: Payment, units: IndexArray, gain: FloatArray) -> FloatArray:
        """Return the hours over 80 that make up for what a unit gains by points."""
        by_points = one.slack[units] > 0
        point, hour = one.point[units] * by_points, one.hour[units] - one.slack_of_hour[units] * ~by_points
        found: FloatArray = -point * gain / numpy.where(hour == 0, 1.0, hour)
        return found

    def _hours(
        self, units: IndexArray, partner: IndexArray, more: NDArray[numpy.int64]
    ) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most hours a week that those over 80 can be given more, in both units."""
        users = self.users
        least, most = numpy.full(len(units), -numpy.inf), numpy.full(len(units), numpy.inf)
        for who, sign in ((units, 1), (partner, -1)):
            count = users.count[who] + sign * more
            for bands, way in ((users.over_80, sign), (~users.over_80, -sign)):
                now = users.hours[who][:, bands].sum(axis=1)
                ends = [way * (count[:, bands] @ of[bands] - now) for of in (users.bounds, users.tops)]
                least, most = numpy.maximum(least, ends[way < 0]), numpy.minimum(most, ends[way > 0])
        return least, most

    def _unseen(self, run: int, of: _Trials, gain: FloatArray) -> Mask:
        """Return for which exchanges no amount that is shown is another one: of the units, and of the etat.

        A unit that the reserve compensates is given what its hours say, whatever its points are.
        """
        one, rows, together = self.paid[run], self.rows[run], self.shown.together
        points, hour, slack_of_hour = (at[of.unit] for at in (one.point, one.hour, one.slack_of_hour))
        fits: Any = numpy.ones(len(of.unit), dtype=bool)
        compensated = numpy.zeros(len(of.unit))
        same = together[of.unit] == together[of.partner]
        for who, sign in ((of.unit, 1), (of.partner, -1)):
            slack = one.slack[who] + sign * (points * gain + slack_of_hour * of.hours)
            before, after = (numpy.maximum(0, -each) for each in (one.slack[who], slack))
            compensated += after - before
            change = sign * (points * gain + hour * of.hours) + after - before
            fits &= self._stays(rows[together[who]], change) | same
            fits &= (before == 0) & (after == 0) | (one.reserve_left[who] - numpy.maximum(0, after - before) > OFF)
        fits &= ~same | self._stays(rows[together[of.unit]], compensated)
        fits &= self._stays(one.etat_given[of.unit], compensated) & self._stays(one.etat_left[of.unit], -compensated)
        return numpy.asarray(fits)

    def _stays(self, amounts: FloatArray, change: FloatArray) -> Mask:
        """Return which amounts are shown alike when they change."""
        if self.is_exact:
            return numpy.asarray(change == 0)
        off = numpy.where(change == 0, 0, OFF + numpy.abs(change) * (0 if self.users.constant else BY_MONTHS))
        now = rounded(amounts, self.shown.step)
        ends = [rounded(amounts + change + way * off, self.shown.step) for way in (-1, 1)]
        return numpy.asarray((ends[0] == now) & (ends[1] == now))


def rounded(amounts: FloatArray, step: float) -> FloatArray:
    """Return amounts to the nearest multiple of a step, halves upwards."""
    found: FloatArray = numpy.floor(amounts / step + 0.5) * step
    return found

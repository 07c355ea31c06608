"""Witnesses: for a count of 1 to 4 users another population in which it differs, and of which the same is shown.

Who knows all that is shown, and every rule, can't tell such a count, as the other population may be the true one. A
witness is looked for among exchanges of users between two units (``exchanges``), without a solver: what is found is
sure, and where nothing is found there may be one none the less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.privacy.exchanges import (
    OFF,
    Exchange,
    Payment,
    Users,
    alikes,
    partners,
    payments,
)
from openfisca_bergen_hbt.privacy.suppression import LEAST
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, sum_by

#: By band how many users more there are, an exchange a row; and the two ends of a span.
Changes = NDArray[numpy.int64]
Ends = tuple[FloatArray, FloatArray]
#: How many exchanges are tried at once.
AT_ONCE = 100_000
#: How many bits a number has.
BITS = 63
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
    #: Whether hours of units are shown, or amounts that are paid by all of them.
    hours: bool = True


class _Side(NamedTuple):
    """What one of the two units of each exchange bears."""

    #: The least and the most hours a week that the users over 80 of the first unit can have more; none where crossed.
    low: FloatArray
    high: FloatArray
    #: By run: what the reserve then makes up for more in the unit, and what each of those hours adds to that; kroner.
    made_up: Sequence[FloatArray]
    per_hour: Sequence[FloatArray]

    def at(self, places: IndexArray | Mask) -> _Side:
        """Return the same of some exchanges."""
        by_run = ([of[places] for of in each] for each in (self.made_up, self.per_hour))
        return _Side(self.low[places], self.high[places], *by_run)


class _Trials(NamedTuple):
    """Units, and which exchange is tried of each."""

    unit: IndexArray
    which: IndexArray
    #: How many hours those below 80 have less for each that those over 80 have more.
    less: FloatArray

    def at(self, places: IndexArray | Mask) -> _Trials:
        """Return some of them."""
        return _Trials(self.unit[places], self.which[places], self.less[places])


class _Tried:
    """The exchanges that are tried, with what each does wherever it is made."""

    def __init__(self, users: Users, *, exact: bool) -> None:
        #: By band how many users more there are.
        self.more = users.vectors
        if exact:
            still = ~(self.more @ users.weight.T).any(axis=1) & ~(self.more * users.over_80).any(axis=1)
            self.more = self.more[still]
        #: The points of a unit by run, shape (runs, exchanges).
        self.points = (self.more @ users.weight.T).T
        #: Which counts change, shape (exchanges, runs, categories).
        self.changes: Mask = (self.more[:, None, :, None] * users.in_category[None]).sum(axis=2) != 0
        self.codes = _coded(self.changes)


class _Hours:
    """The least and the most hours a week that users below and over 80 hours can have: of units, and by exchange."""

    def __init__(self, users: Users, more: Changes) -> None:
        self.of_units, self.of_exchanges = [], []
        for bands, way in ((users.over_80, 1), (~users.over_80, -1)):
            now = users.hours[:, bands].sum(axis=1)
            ends = [of[bands] for of in (users.bounds, users.tops)][::way]
            self.of_units += [way * (users.count[:, bands] @ of - now) for of in ends]
            self.of_exchanges += [way * (more[:, bands] @ of) for of in ends]

    def span(self, trials: _Trials, sign: int) -> Ends:
        """Return the least and the most hours that those over 80 of the first unit can have more.

        ``sign`` is -1 for the other unit, whose users have as many less.
        """
        every = [
            sign * unit[trials.unit] + exchange[trials.which]
            for unit, exchange in zip(self.of_units, self.of_exchanges, strict=True)
        ]
        of_over, of_below = every[:2][::sign], [of / trials.less for of in every[2:][::sign]]
        return _both((of_over[0], of_over[1]), (of_below[0], of_below[1]))


class _Cells(NamedTuple):
    """How far amounts may change, down and up, with what is shown of them the same: by unit."""

    row: tuple[FloatArray, FloatArray]
    etat: tuple[FloatArray, FloatArray]


class Witnesses:
    """Finds witnesses for the small counts of units by run and category.

    Every amount changes in proportion to the hours over 80 that are moved. So each unit of an exchange allows a span of
    them, alone; most exchanges are out before any other unit is looked at, and those left need spans that meet.
    """

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
        self.cells = [self._cells(one, rows) for one, rows in zip(self.paid, self.rows, strict=True)]
        self.tried = _Tried(users, exact=self.is_exact)
        self.hours = _Hours(users, self.tried.more)
        same = numpy.ones(len(shown.together))
        #: By unit how many hours those below 80 have less for each that those over 80 have more: as many, so that the
        #: unit's hours are the same; and where these show in nothing, such that the reserve makes up for as much less.
        self.less = [same]
        if not (shown.hours or self.is_exact):
            self.less += [
                numpy.divide(
                    one.hour, one.slack_of_hour, out=same.copy(), where=(one.hour > 0) & (one.slack_of_hour > 0)
                )
                for one in self.paid
            ]

    def search(self) -> Mask:
        """Return which small counts have no witness."""
        together = self.shown.together
        self.safe |= self.small & self._differs_from_a_like()
        every = list(partners(self.users, together, within_areas=self.is_exact))
        own = numpy.arange(len(together))
        for same in (True, False):
            found = [numpy.where((together[one] == together) == same, one, own) for one in every]
            if some := [one for one in found if (one != own).any()]:
                for less in self.less:
                    self._search(some, less, same=same)
        return self.lacking

    def _differs_from_a_like(self) -> Mask:
        """Return which counts differ from those of another unit that is shown in the same row, alike but for its users.

        The two may as well have each other's users: their row has the same, and the krone that is left over when a pot
        is divided goes elsewhere at the most, which shows in no amount that is not about to be rounded otherwise.
        """
        alike, counts = alikes(self.users, self.shown.together), self.users.counts()
        ends = numpy.stack([end for cells in self.cells for end in cells.row])
        if len(numpy.unique(alike)) == len(alike) or self.is_exact or not ends.all():
            return numpy.zeros_like(self.small)
        least, most = numpy.full_like(counts, counts.max()), numpy.zeros_like(counts)
        numpy.minimum.at(least.swapaxes(0, 1), alike, counts.swapaxes(0, 1))
        numpy.maximum.at(most.swapaxes(0, 1), alike, counts.swapaxes(0, 1))
        found: Mask = (least < most)[:, alike]
        return found

    def _search(self, others: Sequence[IndexArray], less: FloatArray, *, same: bool) -> None:
        """Look for witnesses with some other units: those that a unit is shown in the same row with, or not."""
        has_other = (numpy.stack(others) != numpy.arange(len(less))).any(axis=0)
        start = 0
        while start < len(self.tried.more):
            units = numpy.flatnonzero(self.lacking.any(axis=(0, 2)) & has_other)
            if not len(units):
                break
            some = numpy.arange(start, min(len(self.tried.more), start + max(1, AT_ONCE // len(units))))
            start = some[-1] + 1
            mine, which = numpy.nonzero(self._wanted(units[:, None], some[None]))
            trials = self._able(_Trials(units[mine], some[which], less[units[mine]]), 1)
            for crossing in (False, True):
                side = self._side(trials, 1, same=same, crossing=crossing)
                held = side.low <= side.high
                of_side, side = trials.at(held), side.at(held)
                for other in others:
                    is_other = other[of_side.unit] != of_side.unit
                    here = numpy.flatnonzero(self._wanted(of_side.unit, of_side.which) & is_other)
                    theirs = of_side.at(here)._replace(unit=other[of_side.unit[here]])
                    able = self._are_able(theirs, -1)
                    if able.any():
                        here = here[able]
                        self._try(of_side.at(here), theirs.at(able), side.at(here), same=same)

    def _wanted(self, units: IndexArray, which: IndexArray) -> Mask:
        """Return which exchanges change a count that has no witness yet."""
        found: Mask = (self._codes[units] & self.tried.codes[which]) != 0
        return found

    @cached_property
    def _codes(self) -> NDArray[numpy.int64]:
        return _coded(self.lacking.transpose(1, 0, 2))

    def _are_able(self, trials: _Trials, sign: int) -> Mask:
        """Return which units have the users that leave their bands, and can move their points."""
        left: Any = self.users.count[trials.unit] + sign * self.tried.more[trials.which] >= 0
        found: Mask = left.all(axis=1)
        for one, points in zip(self.paid, self.tried.points, strict=True):
            found &= numpy.abs(points[trials.which]) <= one.most_points[trials.unit]
        return found

    def _able(self, trials: _Trials, sign: int) -> _Trials:
        return trials.at(self._are_able(trials, sign))

    @property
    def lacking(self) -> Mask:
        """Which small counts have no witness yet."""
        found: Mask = self.small & ~self.safe
        return found

    @property
    def is_exact(self) -> bool:
        """Whether no money may move."""
        return self.shown.step <= EXACT

    def _try(self, mine: _Trials, theirs: _Trials, side: _Side, *, same: bool) -> None:
        """Take down which exchanges of units with others show in nothing.

        Args:
            mine: the unit of each exchange.
            theirs: the other unit of each.
            side: what the unit allows.
            same: whether both are shown in the same row.
        """
        low, high = self._spans(side, mine, self._side(theirs, -1, same=same, crossing=False), same=same)
        if (low > high).any() and not self.is_exact:
            crossed = self._spans(side, mine, self._side(theirs, -1, same=same, crossing=True), same=same)
            low, high = (numpy.where(low > high, *of) for of in zip(crossed, (low, high), strict=True))
        fits: Mask = numpy.asarray(low <= high)
        if self.shown.secret is not None:
            seen = self.tried.changes[mine.which].any(axis=1)
            fits &= ((self.shown.secret[mine.unit] & self.shown.secret[theirs.unit]) | ~seen).all(axis=1)
        for place in numpy.flatnonzero(fits).tolist():
            unit, which = int(mine.unit[place]), mine.which[place]
            new = self.tried.changes[which] & self.lacking[:, unit]
            if new.any():
                hours = float((low[place] + high[place]) / 2)
                less = hours * float(mine.less[place])
                exchange = Exchange(unit, int(theirs.unit[place]), self.tried.more[which], hours, less)
                self.safe[:, unit] |= new
                self._codes[unit] = _coded(self.lacking[:, unit])
                self.found |= {(run, unit, category): exchange for run, category in numpy.argwhere(new).tolist()}

    def _spans(self, side: _Side, mine: _Trials, theirs: _Side, *, same: bool) -> Ends:
        """Return the hours that both units allow, and their etat, whose sums the reserve changes."""
        found = _both((side.low, side.high), (theirs.low, theirs.high))
        both = zip(self.cells, side.made_up, theirs.made_up, side.per_hour, theirs.per_hour, strict=True)
        for cells, made_up, their_own, per_hour, theirs_per_hour in both if not self.is_exact else ():
            for shown in (cells.etat, cells.row) if same else (cells.etat,):
                ends = (shown[0][mine.unit], shown[1][mine.unit])
                found = _both(found, _solved(ends, made_up + their_own, per_hour + theirs_per_hour))
        return found

    def _side(self, trials: _Trials, sign: int, *, same: bool, crossing: bool) -> _Side:
        """Return what units allow.

        Args:
            trials: the units, and which users they get.
            sign: 1 for those who get them, -1 for those who give them away.
            same: whether both units of an exchange are shown in the same row.
            crossing: whether the reserve then makes up for too little where it did not, or the other way round, under
                some regulation; else it does so as it did, as far as that can be.
        """
        who = trials.unit
        low, high = self.hours.span(trials, sign)
        if self.is_exact:
            return _Side(numpy.where(low <= 0, 0.0, numpy.inf), numpy.where(high >= 0, 0.0, -numpy.inf), [], [])
        made_up, per_hour = [], []
        crosses: Mask = numpy.zeros(len(who), dtype=bool)
        for one, cells, gains in zip(self.paid, self.cells, self.tried.points, strict=True):
            before = numpy.maximum(0, -one.slack[who])
            points, at_first = (of[who] * sign * gains[trials.which] for of in (one.point, one.point_at_first))
            hour, of_slack = sign * one.hour[who], sign * one.slack_of_hour[who] * trials.less
            short = -one.slack[who] - at_first
            row: Any = (-numpy.inf, numpy.inf) if same else [of[who] for of in cells.row]
            without = _both(_solved(row, points - before, hour), _solved((0.0, numpy.inf), -short, of_slack))
            # A reserve that is spent is shared by what units are short of: that must stay what it is.
            spent, usual = one.reserve_left[who] < OFF, before > 0
            least, most = (numpy.where(spent, before + off, else_) for off, else_ in ((-1, OFF), (1, numpy.inf)))
            with_it = _both(
                _solved(row, points + short - before, hour - of_slack), _solved((least, most), short, -of_slack)
            )
            can, can_else = with_it[0] <= with_it[1], without[0] <= without[1]
            can, can_else = can & (usual | ~spent), can_else & ~(usual & spent)
            is_with = numpy.where(usual != crossing, can | ~can_else, can & ~can_else)
            crosses = numpy.logical_or(crosses, is_with != usual)
            ends = [numpy.where(is_with, *of) for of in zip(with_it, without, strict=True)]
            low, high = _both((low, high), (numpy.where(can | can_else, ends[0], numpy.inf), ends[1]))
            made_up.append(numpy.where(is_with, short, 0) - before)
            per_hour.append(numpy.where(is_with, -of_slack, 0))
        return _Side(numpy.where(crosses | (not crossing), low, numpy.inf), high, made_up, per_hour)

    def _cells(self, one: Payment, rows: FloatArray) -> _Cells:
        """Return how far the amounts of a run may change: of the rows, and of the etat."""
        given, left = (self._cell(of) for of in (one.etat_given, one.etat_left))
        of_row = self._cell(rows[self.shown.together])
        # what all are given changes by what the reserve makes up for, of which there must be something left
        most = numpy.minimum(numpy.minimum(given[1], -left[0]), numpy.maximum(0.0, one.reserve_left - OFF))
        return _Cells(of_row, (numpy.maximum(given[0], -left[1]), most))

    def _cell(self, amounts: FloatArray) -> Ends:
        half, off = self.shown.step / 2, OFF
        now = rounded(amounts, self.shown.step) - amounts
        return numpy.minimum(0, now - half + off), numpy.maximum(0, now + half - off)


def _solved(between: Any, start: FloatArray, slope: FloatArray) -> Ends:
    """Return from where to where a line lies between two values; crossed ends where it never does."""
    inside = (start >= between[0]) & (start <= between[1])
    flat = slope == 0
    steep = numpy.where(flat, 1.0, slope)
    ends = [(of - start) / steep for of in between]
    least, most = numpy.minimum(*ends), numpy.maximum(*ends)
    return (
        numpy.where(flat, numpy.where(inside, -numpy.inf, numpy.inf), least),
        numpy.where(flat, numpy.where(inside, numpy.inf, -numpy.inf), most),
    )


def _coded(counts: Mask) -> NDArray[numpy.int64]:
    """Return which counts are told, of the last two axes, as bits: two numbers have a bit in common if they share one.

    Of many runs some counts share a bit, by which more may be tried than helps.
    """
    flat = counts.reshape(*counts.shape[:-2], counts.shape[-2] * counts.shape[-1])  # -1 is refused where there are none
    bits = numpy.int64(1) << (numpy.arange(flat.shape[-1]) % BITS)
    found: NDArray[numpy.int64] = numpy.bitwise_or.reduce(flat * bits, axis=-1)
    return found


def _both(one: Ends, other: Ends) -> Ends:
    """Return the span that lies in two."""
    return numpy.maximum(one[0], other[0]), numpy.minimum(one[1], other[1])


def rounded(amounts: FloatArray, step: float) -> FloatArray:
    """Return amounts to the nearest multiple of a step, halves upwards."""
    found: FloatArray = numpy.floor(amounts / step + 0.5) * step
    return found

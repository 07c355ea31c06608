"""Numbers that give back what units got: sought within their ranges, and which of them can't be told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.solve import NEAR, Trial
from openfisca_bergen_hbt.rules.money import FloatArray

#: The number that acts by steps: a change of users is material or not.
THRESHOLD = "omfordeling.terskel"
#: The number that does nothing until an outcome is unreasonable enough: the search begins at several places of it.
TOLERANCE = "reserve.toleranse"
#: At how many places of its range a number that acts by steps is tried.
PLACES = 10
#: How far a number is moved, as a share of its range, to see what that does: in the search, and for the rank.
STEP, APART = 1e-4, 5e-3
#: How often the numbers are tried at most from one place.
TRIES = 30
#: The smallest effect that the search follows, as a share of the largest.
SMALLEST = 1e-5
#: How much larger than rounding to kroner an effect is, to be one.
BEYOND_ROUNDING = 4.0
#: The directions that are tried, by how much the amounts follow them beside the one that they follow most; and how far.
WEAK, A_LITTLE = 0.1, 0.02
#: The share of a direction from which on a number takes part in it.
PART = 0.05

Mask = NDArray[numpy.bool_]


@dataclass(frozen=True)
class Found:
    """A place of the search (each number as a share of its range), and what each unit is given more than it got."""

    place: FloatArray
    misses: FloatArray

    def fits(self, units: Mask) -> bool:
        """Return whether it gives back what some units got, but for the krone that rounding moves."""
        return bool((numpy.abs(self.misses[units]) <= NEAR).all())

    def worst(self, units: Mask) -> float:
        """Return the sum of the squares of what some units miss."""
        return float((self.misses[units] ** 2).sum())


class Search:
    """The numbers of a trial, sought so that they give back what units got."""

    def __init__(
        self, trial: Trial, ranges: Sequence[tuple[float, float]], letters: FloatArray, done: Callable[[], object]
    ) -> None:
        self.trial, self.letters, self.done = trial, letters, done
        self.names = [parameter.name for parameter in trial.parameters]
        self.low, self.high = numpy.array(ranges, dtype=numpy.float64).T
        #: The numbers that the amounts follow without steps.
        self.smooth = numpy.array([name != THRESHOLD for name in self.names])

    def values(self, place: FloatArray) -> list[float]:
        """Return the numbers at a place."""
        return self.trial.allowed(list(self.low + place * (self.high - self.low)))

    def misses(self, place: FloatArray) -> FloatArray:
        """Return what each unit is given more than it got, at a place."""
        return numpy.asarray(self.trial.run(self.values(place)).value(GIVEN) - self.letters)

    def best(self, units: Mask, start: FloatArray | None = None) -> Found:
        """Return the best place found for some units; the search ends where it gives back what they got."""
        found: Found | None = None
        for place in [start] if start is not None else self._starts():
            other = Found(place, self.misses(place))
            if not other.fits(units):
                other = self._polished(self._from(place, units), units)
            self.done()
            if found is None or other.worst(units) < found.worst(units):
                found = other
            if found.fits(units):
                break
        assert found  # noqa: S101 (there is always a place to start)
        return found

    def _from(self, start: FloatArray, units: Mask) -> Found:
        from scipy.optimize import least_squares  # takes its time to import

        def gaps(moved: FloatArray) -> FloatArray:
            return self.misses(self._with(start, moved))[units]

        end = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15, "max_nfev": TRIES}
        found = least_squares(gaps, start[self.smooth], bounds=(0, 1), diff_step=STEP, **end)
        place = self._with(start, found.x)
        return Found(place, self.misses(place))

    def _polished(self, found: Found, units: Mask) -> Found:
        """Return what Newton's steps, the shortest that will do, make of a place: until nothing gets better."""
        moved = numpy.flatnonzero(self.smooth)
        for _ in range(TRIES):
            if found.fits(units):
                break
            follow = numpy.stack([self._slope(found.place, int(index), STEP) for index in moved], axis=1)
            step = numpy.linalg.lstsq(follow[units], found.misses[units], rcond=SMALLEST)[0]
            place = found.place.copy()
            place[moved] = numpy.clip(place[moved] - step, 0.0, 1.0)
            other = Found(place, self.misses(place))
            if other.worst(units) >= found.worst(units):
                break
            found = other
        return found

    def _with(self, start: FloatArray, smooth: FloatArray) -> FloatArray:
        place = start.copy()
        place[self.smooth] = smooth
        return place

    def _starts(self) -> Iterator[FloatArray]:
        """Yield the numbers in force, and then other tolerances and thresholds that do something else there."""
        now = numpy.clip((numpy.array(self.trial.now) - self.low) / (self.high - self.low), 0.0, 1.0)
        for threshold in self._steps(now):
            for tolerance in (None, 0.0, 0.5, 1.0) if TOLERANCE in self.names else (None,):
                start = threshold.copy()
                if tolerance is not None:
                    start[self.names.index(TOLERANCE)] = tolerance
                yield start

    def _steps(self, place: FloatArray) -> Iterator[FloatArray]:
        """Yield a place, and then it with every other threshold that gives other amounts there."""
        yield place
        seen = [self.misses(place)]
        for other in self._thresholds(place):
            misses = self.misses(other)
            if not any((misses == known).all() for known in seen):
                seen.append(misses)
                yield other

    def _thresholds(self, place: FloatArray) -> Iterator[FloatArray]:
        if THRESHOLD in self.names:
            for share in numpy.linspace(0, 1, PLACES):
                other = place.copy()
                other[self.names.index(THRESHOLD)] = share
                yield other

    def told(self, found: Found, units: Mask) -> Told:
        """Return what the amounts of some units, which a place gives back, tell of the numbers.

        A number that the amounts do not follow is silent. Of the others, the directions which they follow least are
        gone a little way, and back to where the amounts come out again: where that is another place, the numbers in
        which it differs can't be told apart. How far they can go is found in the same way.
        """
        smooth = numpy.flatnonzero(self.smooth)
        follow = numpy.stack([self._slope(found.place, int(index)) for index in smooth], axis=1)[units]
        heard = numpy.linalg.norm(follow, axis=0) > BEYOND_ROUNDING * numpy.sqrt(units.sum() / 8) / APART
        silent, apart = [self.names[index] for index in smooth[~heard]], dict[str, list[float]]()
        _, sizes, ways = numpy.linalg.svd(follow[:, heard])
        sizes = numpy.concatenate([sizes, numpy.zeros(len(ways) - len(sizes))])
        for way in ways[sizes < WEAK * sizes.max(initial=0.0)]:
            whole = numpy.zeros(len(self.names))
            whole[smooth[heard]] = way
            moved = self._again(found, A_LITTLE * whole, units) - found.place
            if numpy.linalg.norm(moved) < A_LITTLE / 2:
                continue
            part = numpy.abs(moved) > PART * numpy.abs(moved).max()
            ends = [self.values(self._far(found, sign * moved * part, units)) for sign in (-1, 1)]
            for index in numpy.flatnonzero(part):
                apart.setdefault(self.names[index], []).extend(end[index] for end in ends)
        same = [other for other in self._thresholds(found.place) if (self.misses(other) == found.misses).all()]
        if len(same) == PLACES:
            silent.append(THRESHOLD)
        elif same:
            apart[THRESHOLD] = [self.values(other)[self.names.index(THRESHOLD)] for other in same]
        return Told(silent, {name: (min(values), max(values)) for name, values in apart.items()})

    def _slope(self, place: FloatArray, index: int, step: float = APART) -> FloatArray:
        """Return how the amounts follow a number, in kroner for its whole range."""
        ends = [place.copy(), place.copy()]
        ends[0][index], ends[1][index] = max(0.0, place[index] - step), min(1.0, place[index] + step)
        before, after = map(self.misses, ends)
        return numpy.asarray((after - before) / (ends[1][index] - ends[0][index]))

    def _again(self, found: Found, step: FloatArray, units: Mask) -> FloatArray:
        """Return where the amounts come out again after a step; where it began, if they do not."""
        place = numpy.clip(found.place + step, 0.0, 1.0)
        other = self._polished(Found(place, self.misses(place)), units)
        return other.place if other.fits(units) else found.place

    def _far(self, found: Found, way: FloatArray, units: Mask) -> FloatArray:
        """Return the last place in a direction, within the ranges, where the amounts come out again."""
        limits = numpy.where(way > 0, 1 - found.place, found.place)
        moving = numpy.abs(way) > numpy.finfo(float).eps
        far = float((limits[moving] / numpy.abs(way[moving])).min(initial=numpy.inf))
        for share in (1.0, 0.5, 0.25, 0.1):
            place = self._again(found, share * far * way, units)
            if place is not found.place:
                return place
        return found.place


@dataclass(frozen=True)
class Told:
    """What amounts tell of numbers."""

    #: The numbers of which they tell nothing.
    silent: list[str]
    #: How far the numbers that they can't tell apart (and the threshold) can be otherwise.
    apart: dict[str, tuple[float, float]]

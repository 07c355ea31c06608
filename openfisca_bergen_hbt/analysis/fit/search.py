"""Numbers that give back what units got: sought within their ranges, and which of them can't be told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.sensitivity.draws import Model
from openfisca_bergen_hbt.analysis.solve import NEAR, Trial
from openfisca_bergen_hbt.rules.money import FloatArray

#: The number that acts by steps: a change of users is material or not.
THRESHOLD = "omfordeling.terskel"
#: The number that does nothing until an outcome is unreasonable enough: the search begins at several places of it.
TOLERANCE = "reserve.toleranse"
#: The places of their ranges at which these are tried, beside those in force.
THRESHOLDS, TOLERANCES = numpy.linspace(0, 1, 10), (0.0, 0.5, 1.0)
#: How far a number is moved, as a share of its range, to see what that does: in the search, and for the rank.
STEP, APART = 1e-3, 5e-3
#: How many steps the search takes at most.
TRIES = 30
#: How much each step is held back, as shares of the largest effect: the first, so that it follows no smaller ones.
HELD_BACK = 10.0 ** numpy.arange(-5, 2)
#: By how large a share a step must make what is missed smaller, for another to follow.
BETTER = 1e-7
#: How much larger than rounding to kroner an effect is, to be one.
BEYOND_ROUNDING = 4.0
#: The directions that are tried, by how much the amounts follow them beside the one that they follow most; and how far.
WEAK, A_LITTLE = 0.1, 0.02
#: The share of a direction from which on a number takes part in it.
PART = 0.05
#: How far it is gone in such a direction, as shares of what the ranges allow: the first that leads anywhere.
FAR = numpy.array([1.0, 0.5, 0.25, 0.1])

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
    """The numbers of a trial, sought so that they give back what units got: many places of their ranges at once."""

    def __init__(
        self,
        trial: Trial,
        model: Model,
        ranges: Sequence[tuple[float, float]],
        letters: FloatArray,
        done: Callable[[], object],
    ) -> None:
        self.trial, self.model, self.letters, self.done = trial, model, letters, done
        self.names = [parameter.name for parameter in trial.parameters]
        self.low, self.high = numpy.array(ranges, dtype=numpy.float64).T
        #: The places of the numbers that the amounts follow without steps.
        self.smooth = numpy.flatnonzero([name != THRESHOLD for name in self.names])

    def values(self, places: FloatArray) -> FloatArray:
        """Return the numbers at a place, or at each of several."""
        return self.trial.allowed(self.low + places * (self.high - self.low))

    def at(self, places: FloatArray) -> list[Found]:
        """Return what comes of each of several places."""
        values, misses = self.values(places), []
        for chunk in self.model.chunks(len(places)):
            ((_, results),) = self.model.runs(dict(zip(self.names, values[chunk].T, strict=True)))
            misses.append(results.value(GIVEN).reshape(-1, len(self.letters)) - self.letters)
        return [Found(place, missed) for place, missed in zip(places, numpy.concatenate(misses), strict=True)]

    def best(self, units: Mask, start: FloatArray | None = None) -> Found:
        """Return the best place found for some units: from the numbers in force, or another place, and else from many.

        Of the many, in which the threshold and the tolerance do something else, the better half goes on at each step.
        """
        now = numpy.clip((numpy.array(self.trial.now) - self.low) / (self.high - self.low), 0.0, 1.0)
        (found,) = self.nearest(self.at((now if start is None else start)[None]), units)
        if start is None and not found.fits(units):
            others = self.nearest(self.at(self._starts(now)), units, halving=True)
            found = min([found, *others], key=lambda one: one.worst(units))
        return found

    def nearest(self, starts: Sequence[Found], units: Mask, *, halving: bool = False) -> list[Found]:
        """Return where steps from some places lead, until what some units miss gets no smaller.

        Each step is the one that linear least squares give within the ranges: the shortest that will do, held back more
        or less, as is best.
        """
        found, going = list(starts), list(range(len(starts)))
        for _ in range(TRIES):
            going = [number for number in going if not found[number].fits(units)]
            if halving:
                if len(going) < len(found):
                    break  # one gives back what the units got
                going = sorted(going, key=lambda number: found[number].worst(units))[: -(-len(going) // 2)]
                found, going = [found[number] for number in going], list(range(len(going)))
            if not going:
                break
            at = [found[number] for number in going]
            follow = self._slopes(at, STEP)
            tried = self.at(numpy.concatenate([self._steps(*each, units) for each in zip(at, follow, strict=True)]))
            still, tries = [], len(HELD_BACK)
            for order, number in enumerate(going):
                best = min(tried[order * tries : (order + 1) * tries], key=lambda one: one.worst(units))
                if best.worst(units) < (1 - BETTER) * found[number].worst(units):
                    found[number] = best
                    still.append(number)
            going = still
            self.done()
        return found

    def _steps(self, found: Found, follow: FloatArray, units: Mask) -> FloatArray:
        """Return where a step from a place leads, for each way of holding it back."""
        from scipy.optimize import lsq_linear  # takes its time to import

        here, follow = found.place[self.smooth], follow[units]
        places = numpy.repeat(found.place[None], len(HELD_BACK), axis=0)
        largest = numpy.linalg.norm(follow, 2) or 1.0
        wanted = numpy.concatenate([-found.misses[units], numpy.zeros(len(here))]) / largest
        for place, held in zip(places, HELD_BACK, strict=True):
            system = numpy.concatenate([follow / largest, held * numpy.eye(len(here))])
            step = lsq_linear(system, wanted, (-here, 1 - here), method="bvls").x
            place[self.smooth] = numpy.clip(here + step, 0.0, 1.0)
        return places

    def _starts(self, now: FloatArray) -> FloatArray:
        """Return other tolerances, and other thresholds that give other amounts, beside the other numbers in force."""
        distinct = {one.misses.tobytes(): one.place for one in [*self.at(now[None]), *self._thresholds(now)]}
        places = [*distinct.values()]
        if TOLERANCE in self.names:
            for place in distinct.values():
                for tolerance in TOLERANCES:
                    places.append(place.copy())
                    places[-1][self.names.index(TOLERANCE)] = tolerance
        return numpy.array(places)

    def _thresholds(self, place: FloatArray) -> list[Found]:
        if THRESHOLD not in self.names:
            return []
        places = numpy.repeat(place[None], len(THRESHOLDS), axis=0)
        places[:, self.names.index(THRESHOLD)] = THRESHOLDS
        return self.at(places)

    def told(self, found: Found, units: Mask) -> Told:
        """Return what the amounts of some units, which a place gives back, tell of the numbers.

        A number that the amounts do not follow is silent. Of the others, the directions which they follow least are
        gone a little way, and back to where the amounts come out again: where that is another place, the numbers in
        which it differs can't be told apart. How far they can go is found in the same way.
        """
        follow = self._slopes([found], APART)[0][units]
        heard = numpy.linalg.norm(follow, axis=0) > BEYOND_ROUNDING * numpy.sqrt(units.sum() / 8) / APART
        silent, apart = [self.names[index] for index in self.smooth[~heard]], dict[str, list[float]]()
        _, sizes, ways = numpy.linalg.svd(follow[:, heard])
        sizes = numpy.concatenate([sizes, numpy.zeros(len(ways) - len(sizes))])
        weak = numpy.zeros((int((sizes < WEAK * sizes.max(initial=0.0)).sum()), len(self.names)))
        weak[:, self.smooth[heard]] = ways[len(ways) - len(weak) :]
        for moved in self._again(found, A_LITTLE * weak, units) - found.place:
            if numpy.linalg.norm(moved) < A_LITTLE / 2:
                continue
            part = numpy.abs(moved) > PART * numpy.abs(moved).max()
            ends = self.values(numpy.array([self._far(found, sign * moved * part, units) for sign in (-1, 1)]))
            for index in numpy.flatnonzero(part):
                apart.setdefault(self.names[index], []).extend(ends[:, index].tolist())
        same = [other.place for other in self._thresholds(found.place) if (other.misses == found.misses).all()]
        if len(same) == len(THRESHOLDS):
            silent.append(THRESHOLD)
        elif same:
            apart[THRESHOLD] = self.values(numpy.array(same))[:, self.names.index(THRESHOLD)].tolist()
        return Told(silent, {name: (min(values), max(values)) for name, values in apart.items()})

    def _slopes(self, at: Sequence[Found], step: float) -> FloatArray:
        """Return how the amounts follow the numbers, in kroner for a whole range: shape (places, units, numbers)."""
        here = numpy.array([found.place for found in at])
        moves = numpy.eye(len(self.names))[self.smooth] * step
        ends = numpy.clip(here[:, None, None] + numpy.stack([-moves, moves]), 0.0, 1.0)
        misses = numpy.array([one.misses for one in self.at(ends.reshape(-1, len(self.names)))])
        before, after = misses.reshape(*ends.shape[:3], -1).swapaxes(0, 1)
        apart = (ends[:, 1] - ends[:, 0]).sum(axis=2)
        return numpy.asarray(((after - before) / apart[..., None]).swapaxes(1, 2))

    def _again(self, found: Found, steps: FloatArray, units: Mask) -> FloatArray:
        """Return where the amounts come out again after each step; where it began, if they do not."""
        if not len(steps):
            return steps
        others = self.nearest(self.at(numpy.clip(found.place + steps, 0.0, 1.0)), units)
        return numpy.array([other.place if other.fits(units) else found.place for other in others])

    def _far(self, found: Found, way: FloatArray, units: Mask) -> FloatArray:
        """Return the last place in a direction, within the ranges, where the amounts come out again."""
        limits = numpy.where(way > 0, 1 - found.place, found.place)
        moving = numpy.abs(way) > numpy.finfo(float).eps
        far = float((limits[moving] / numpy.abs(way[moving])).min(initial=numpy.inf))
        places = self._again(found, far * FAR[:, None] * way, units)
        others = [place for place in places if (place != found.place).any()]
        return others[0] if others else found.place


@dataclass(frozen=True)
class Told:
    """What amounts tell of numbers."""

    #: The numbers of which they tell nothing.
    silent: list[str]
    #: How far the numbers that they can't tell apart (and the threshold) can be otherwise.
    apart: dict[str, tuple[float, float]]

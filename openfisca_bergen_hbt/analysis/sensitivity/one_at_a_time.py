"""One number at a time, from the low end of its range to the high: what it does, and where a conclusion turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy

from openfisca_bergen_hbt.analysis.conclusions import Statement, Turn
from openfisca_bergen_hbt.analysis.sensitivity.draws import Draws, Figures, Model, Ranged

#: At how many values in the range each number is tried: a conclusion may turn in between and turn back.
PLACES = 9
#: How many times the interval that a conclusion turns in is halved: to a billionth of the range.
HALVINGS = 30

Ends = tuple[float, float]


@dataclass(frozen=True)
class Effect:
    """What the last regulation comes to with a number at the low end of its range, and at the high, in kroner."""

    number: Ranged
    headlines: dict[str, Ends]
    given: dict[str, Ends]
    #: What each unit gains from the first regulation to the last.
    change: dict[str, Ends]


class Grid(NamedTuple):
    """Each number at ``PLACES`` values of its range, the others as they are; before them all as they are."""

    numbers: Sequence[Ranged]
    values: Sequence[tuple[Ranged, float]]
    figures: list[Figures]

    def places(self, number: Ranged) -> slice:
        """Return where the figures of a number's values are."""
        start = 1 + self.numbers.index(number) * PLACES
        return slice(start, start + PLACES)

    def moves(self, number: Ranged) -> bool:
        """Return whether the number does anything to any figure, alone."""
        every = (array for of in self.figures for array in (*of.headlines.values(), of.given))
        return any((array[self.places(number)] != array[0]).any() for array in every)


def changed(numbers: Sequence[Ranged], values: Sequence[tuple[Ranged, float]]) -> Draws:
    """Return draws in each of which one number has another value than the law's."""
    draws = {number.parameter: numpy.full(len(values), number.value) for number in numbers}
    for place, (number, value) in enumerate(values):
        draws[number.parameter][place] = value
    return draws


def values_tried(numbers: Sequence[Ranged]) -> list[tuple[Ranged, float]]:
    """Return the law's own values, and then each number's values that are tried."""
    tried = [(number, float(value)) for number in numbers for value in numpy.linspace(number.low, number.high, PLACES)]
    return [(numbers[0], numbers[0].value), *tried]


def effects(grid: Grid, units: Sequence[str]) -> list[Effect]:
    """Return what each number does that does anything."""
    first, last = grid.figures[0], grid.figures[-1]
    found = []
    for number in filter(grid.moves, grid.numbers):
        low, high = grid.places(number).start, grid.places(number).stop - 1
        headlines = {name: (float(of[low]), float(of[high])) for name, of in last.headlines.items()}
        given, change = (
            {unit: (float(of[low, place]), float(of[high, place])) for place, unit in enumerate(units)}
            for of in (last.given, last.given - first.given)
        )
        found.append(Effect(number, headlines, given, change))
    return found


def turns(model: Model, grid: Grid, said: Sequence[Statement], units: Sequence[str]) -> dict[Statement, list[Turn]]:
    """Return the values at which each statement turns, by bisection: above and below the law's own."""
    brackets = [
        (statement, number, *ends)
        for statement in said
        for number in grid.numbers
        for ends in _brackets(grid, statement, number, units)
    ]
    found: dict[Statement, list[Turn]] = {statement: [] for statement in said}
    if not brackets:
        return found
    holds = numpy.array([near for *_, near, _ in brackets])
    fails = numpy.array([far for *_, far in brackets])
    for _ in range(HALVINGS):
        middle = (holds + fails) / 2
        tried = [(number, float(value)) for (_, number, *_), value in zip(brackets, middle, strict=True)]
        figures = model.figures(changed(grid.numbers, tried))
        still = numpy.array(
            [
                statement.holds(figures[0].of(one), figures[-1].of(one), units)[0]
                for place, (statement, *_) in enumerate(brackets)
                for one in [slice(place, place + 1)]
            ]
        )
        holds, fails = numpy.where(still, middle, holds), numpy.where(still, fails, middle)
    for (statement, number, *_), value in zip(brackets, fails, strict=True):
        # A place in the range with no more digits than were found: an end that it turns at is that end.
        width = number.high - number.low
        turn = number.low + round((value - number.low) / width, 8) * width
        found[statement].append(Turn(number.parameter, float(f"{turn:.8g}")))
    return found


def _brackets(grid: Grid, statement: Statement, number: Ranged, units: Sequence[str]) -> list[Ends]:
    """Return intervals (where it holds, where it fails) nearest to the law's value: below it and above."""
    holds = statement.holds(grid.figures[0], grid.figures[-1], units)[grid.places(number)]
    tried = [value for _, value in grid.values[grid.places(number)]]
    found = []
    for way in (-1, 1):
        near = number.value
        on_the_way = sorted(zip(tried, holds, strict=True), key=lambda place: place[0] * way)
        for value, still in on_the_way:
            if (value - number.value) * way > 0:
                if not still:
                    found.append((near, value))
                    break
                near = value
    return found

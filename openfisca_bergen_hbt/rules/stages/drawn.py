"""Many draws in one simulation: each draw has agencies and units of its own, and numbers of its own.

A formula reads a drawn number as it reads any other, and gets an array by the population that asks: the draws are then
worked on together, by the rules as they stand.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.periods import Period, instant

from openfisca_bergen_hbt.rules.core import days_of_change, memory, with_values
from openfisca_bergen_hbt.rules.money import FloatArray

#: Numbers by the dotted name of their parameter: one for all, or one for each draw.
Numbers = Mapping[str, float | FloatArray]


def draws_in(numbers: Numbers) -> int:
    """Return how many draws there are of numbers; 1 where none of them is drawn."""
    return max((len(value) for value in numbers.values() if isinstance(value, numpy.ndarray)), default=1)


def of_draw(numbers: Numbers, draw: int) -> dict[str, float]:
    """Return the numbers of one draw."""
    return {name: float(value[draw]) if isinstance(value, numpy.ndarray) else value for name, value in numbers.items()}


def made_once(work: Callable[..., NDArray[Any]], *rows: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """Return ``work`` of the arrays at each place of the rows; where they are the same, the same array."""
    made: dict[tuple[int, ...], NDArray[Any]] = {}
    found = []
    for parts in zip(*rows, strict=True):
        same = tuple(map(id, parts))
        if same not in made:
            made[same] = work(*parts)
        found.append(made[same])
    return found


def concatenated(*parts: NDArray[Any]) -> NDArray[Any]:
    """Return arrays of draws as one."""
    return numpy.concatenate(parts)


class Drawn:
    """The numbers of a regulation, some of them drawn, as one population asks for them."""

    def __init__(self, system: Any, numbers: Numbers, draws: int = 1) -> None:
        self.system = system
        self.numbers = numbers
        self.draws = draws
        #: The readings of the system, which the embedded populations are made by.
        self.lesninger = system.lesninger
        self._by_entity: dict[str, _AskedBy] = {}

    def get_parameters_at_instant(self, instant: Any) -> Any:
        """Return the numbers on a day, as core's system does; for numbers that are one for all draws."""
        return with_values(self.system.get_parameters_at_instant(instant), self.numbers)

    def asked_by(self, population: Any) -> _AskedBy:
        """Return the numbers as a population asks for them."""
        key = population.entity.key
        if key not in self._by_entity:
            self._by_entity[key] = _AskedBy(self, population.count // self.draws)
        return self._by_entity[key]


class _AskedBy:
    """The numbers as a population asks for them: those drawn as arrays, one value for each member."""

    def __init__(self, drawn: Drawn, members: int) -> None:
        self._drawn = drawn
        self._numbers = {
            name: numpy.repeat(value, members) if isinstance(value, numpy.ndarray) else value
            for name, value in drawn.numbers.items()
        }
        self._known: dict[Any, Any] = {}
        self._made: dict[int, Any] = {}

    def __call__(self, period: Period | str) -> Any:
        """Return the numbers on the first day of a period, made once for all days between two changes of the law."""
        if period not in self._known:
            system = self._drawn.system
            since = bisect(days_of_change(system.parameters), str(instant(period)))
            if since not in self._made:
                self._made[since] = with_values(system.get_parameters_at_instant(period), self._numbers)
            self._known[period] = self._made[since]
        return self._known[period]

    def asked_by(self, population: Any) -> _AskedBy:
        """Return the numbers as another population asks for them."""
        return self._drawn.asked_by(population)


def draw_numbers(simulation: Any, drawn: Drawn) -> None:
    """Have the formulas of a simulation read drawn numbers."""
    memory(simulation)["drawn"] = drawn


def drawn_of(simulation: Any) -> Drawn | None:
    """Return the drawn numbers of a simulation; None where it has none."""
    found: Drawn | None = memory(simulation).get("drawn")
    return found


def asked_by(population: Any, parameters: Any) -> Any:
    """Return the parameters that a formula was given as another population asks for them."""
    return parameters.asked_by(population) if isinstance(parameters, _AskedBy) else parameters


def agencies_in_a_draw(agencies: Any) -> int:
    """Return how many agencies there are; where draws are run together, in one of them."""
    drawn = drawn_of(agencies.simulation)
    return int(agencies.count) // (drawn.draws if drawn else 1)

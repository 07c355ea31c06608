"""Units whose sums are held back together, so that what is shown of groups gives back no sum that few users make.

Who knows the sum of a group and of its other units knows what those held back come to together. So they are joined by
other units of the group, the smallest first, until enough users make that; where all of a group are too few, the
group's own sum is held back, and joined by other groups in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, sum_by

Mask = NDArray[numpy.bool_]


class Measure(NamedTuple):
    """Sums of the units that are shown, and where few users make them."""

    #: One row for each month or the like, one column for each unit: hours, or users.
    sums: FloatArray
    #: Which of them few users make; the same shape.
    few: Mask
    #: What a sum of several units is to come to, where few make one of theirs; 0 needs nothing.
    enough: float

    def is_short(self, units: IndexArray) -> Mask:
        """Return in which rows the sum of some units is made by few, as far as is known of each."""
        sums = self.sums[:, units].sum(axis=1)
        found: Mask = self.few[:, units].any(axis=1) & (sums > 0) & (sums < self.enough)
        return found


class Blocks:
    """Finds what is held back of units, of groups of them (areas, etater), and last of all, from the ground up."""

    def __init__(self, groups: Sequence[IndexArray], measures: Sequence[Measure], held: Sequence[Mask] = ()) -> None:
        """Take the units in.

        Args:
            groups: of each kind the group of each unit; those of a kind lie in one of the next. The last is all.
            measures: the sums that are held back together.
            held: what is held back anyway, by level.
        """
        units = measures[0].sums.shape[1]
        self.measures = measures
        #: The member of each level that a unit is, or lies in.
        self.of_unit = [numpy.arange(units), *groups]
        #: What is held back, by level.
        self.hidden = [numpy.zeros(int(of.max(initial=-1)) + 1, dtype=bool) for of in self.of_unit]
        for level, known in enumerate(held):
            self.hidden[level] |= known
        for measure in measures:
            self.hidden[0] |= measure.few.any(axis=0)
        self.size = sum((measure.sums.sum(axis=0) for measure in measures), start=numpy.zeros(units))

    def run(self) -> list[Mask]:
        """Return what is held back, by level."""
        for level in range(len(self.of_unit) - 1):
            child_of_unit, group_of_unit = self.of_unit[level], self.of_unit[level + 1]
            loose = self.hidden[level][child_of_unit]
            order = numpy.argsort(group_of_unit, kind="stable")
            starts = numpy.searchsorted(group_of_unit[order], numpy.arange(len(self.hidden[level + 1]) + 1))
            for group in numpy.unique(group_of_unit[loose]).tolist():
                self._close(level, group, order[starts[group] : starts[group + 1]])
        return self.hidden

    def _close(self, level: int, group: int, members: IndexArray) -> None:
        """Hold back more of a group's members, or its own sum, until what is held back in it is made by enough."""
        children = self.of_unit[level]
        while True:
            held = members[self.hidden[level][children[members]]]
            block = held[self.hidden[0][held]]
            short = next(
                ((measure, row) for measure in self.measures for row in numpy.flatnonzero(measure.is_short(block))),
                None,
            )
            if short is None:
                return
            measure, row = short
            others = members[~self.hidden[level][children[members]] & (measure.sums[row, members] > 0)]
            if not len(others):
                self.hidden[level + 1][group] = True
                return
            smallest = others[self.size[others].argmin()]
            if level:
                of_children = sum_by(children[others], self.size[others], int(children[others].max()) + 1)
                child = min(numpy.unique(children[others]).tolist(), key=of_children.__getitem__)
                inside = others[children[others] == child]
                smallest = inside[self.size[inside].argmin()]
            for below in range(level + 1):
                self.hidden[below][self.of_unit[below][smallest]] = True

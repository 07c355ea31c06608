"""Whether users gather above a bound: how many stand just below and just above it, earlier and later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from openfisca_bergen_hbt.analysis.incentives.moves import near
from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.privacy.suppression import LEAST, Counts
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray

#: Whom the counts of all units together are of.
ALL = ""


@dataclass(frozen=True)
class Gathered:
    """The users near a bound in a unit (or in all: an empty name), earlier and later; None where it is held back."""

    unit: str
    category: int
    below: tuple[int | None, int | None]
    above: tuple[int | None, int | None]
    #: The probability of so different shares, or more, if nothing had changed (Fisher's exact test, two-sided).
    p: float | None


def counts_near(hours: FloatArray, unit_of_user: IndexArray, units: int, bounds: Sequence[float]) -> Counts:
    """Count the users just below and just above each bound by unit: shape (2, units, bounds)."""
    sides = [[numpy.bincount(unit_of_user[side], minlength=units) for side in near(hours, bound)] for bound in bounds]
    return numpy.array(sides, dtype=numpy.int64).transpose(1, 2, 0)


def small(counts: Counts, hours: FloatArray, unit_of_user: IndexArray, bounds: Sequence[float]) -> Mask:
    """Return which counts near bounds are to be held back: those of 1 to 4, and those that all but so few are.

    All are the users of the category on that side of the bound, whose number a comparison shows.
    """
    bands, units = len(bounds) + 1, counts.shape[1]
    with_hours = hours > 0
    band = unit_of_user * bands + numpy.searchsorted(bounds, hours, "right")
    users = numpy.bincount(band[with_hours], minlength=units * bands).reshape(units, bands)
    rest = numpy.stack([users[:, :-1], users[:, 1:]]) - counts
    few: Mask = ((counts > 0) & (counts < LEAST)) | ((rest > 0) & (rest < LEAST))
    return few


def gathered(
    names: Sequence[str], categories: Sequence[int], counts: Sequence[Counts], hidden: Mask
) -> Iterator[Gathered]:
    """Yield the users near each bound, of all units and of each.

    Args:
        names: the units.
        categories: the category that begins at each bound.
        counts: earlier, and later.
        hidden: which figures of a unit and bound are held back, shape (units, bounds); the sum of all units is where
            any unit's is, or it would give that one back.
    """
    from scipy.stats import fisher_exact  # takes its time to import

    rows: list[Any] = [(ALL, [found.sum(axis=1) for found in counts], hidden.any(axis=0))]
    rows += [(name, [found[:, unit] for found in counts], hidden[unit]) for unit, name in enumerate(names)]
    for name, (before, after), held in rows:
        for place, category in enumerate(categories):
            if held[place]:
                yield Gathered(name, category, (None, None), (None, None), None)
                continue
            table = numpy.stack([before[:, place], after[:, place]])
            below, above = ((int(before[side, place]), int(after[side, place])) for side in (0, 1))
            yield Gathered(name, category, below, above, float(fisher_exact(table).pvalue))

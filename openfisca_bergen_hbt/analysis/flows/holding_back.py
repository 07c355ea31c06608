"""Which counts of movements are held back, so that none of a few users can be worked out from the others.

What is shown of all units, by month and in all months: the cells of each kind of movement (who come, go, go up, go
down), and the sum of the kind. So each kind is a table of months by cells, protected as counts of units by category
are. Who stay are shown of all months alone: by month they would, with the users of January that a comparison shows,
give back what is held back. By unit the kinds are shown, of all months: a table of units by kinds. The cells of a
kind are shown by unit where none of them is small in any unit, and nothing of the kind is held back elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.flows.counting import CATEGORIES, KINDS, Counts, by_kind
from openfisca_bergen_hbt.privacy.suppression import LEAST, Protection

Mask = NDArray[numpy.bool_]
STAY = list(KINDS).index("stay")


class Hidden(NamedTuple):
    """Which counts are held back; of months the last row is that of all months."""

    #: Shape (months + 1, 7, 7), (months + 1, kinds) and (units, kinds); and the cells that are shown of no unit.
    cells: Mask
    months: Mask
    units: Mask
    of_units: Mask


def hidden(counts: Counts) -> Hidden:
    """Return what is held back of movements, shape (months, units, 7, 7)."""
    of_all = counts.sum(axis=1)
    months = len(of_all)
    cells = numpy.zeros((months + 1, CATEGORIES, CATEGORIES), dtype=bool)
    kinds = numpy.zeros((months + 1, len(KINDS)), dtype=bool)
    for place, of in enumerate(KINDS.values()):
        by_month, total = _protected(of_all[:, of])
        cells[:months, of], cells[months, of] = by_month[:, :-1], total[:-1]
        kinds[:months, place], kinds[months, place] = by_month[:, -1], total[-1]
    units, in_all = (mask[..., : len(KINDS)] for mask in _protected(by_kind(counts.sum(axis=0))))
    cells[:months, KINDS["stay"]], kinds[:months, STAY] = True, True
    for place, of in enumerate(KINDS.values()):
        if kinds[months, place] != in_all[place]:  # held back in the one table, it may not be told by the other
            cells[:, of], kinds[:, place], units[:, place] = True, True, True
    in_units, of_units = counts.sum(axis=0), numpy.zeros((CATEGORIES, CATEGORIES), dtype=bool)
    for place, of in enumerate(KINDS.values()):
        few = (in_units[:, of] > 0) & (in_units[:, of] < LEAST)
        of_units[of] = few.any() or units[:, place].any() or cells[months, of].any() or kinds[months, place]
    return Hidden(cells, kinds, units, of_units)


def _protected(table: Counts) -> tuple[Mask, Mask]:
    """Return what is held back of a table of rows by columns with the sum of each row, and of the sums of all rows."""
    sums = table.sum(axis=1, keepdims=True)
    protection = Protection([], [numpy.hstack([table, sums, numpy.zeros_like(sums)])])
    protection.run()
    rows, total = (mask[:, :-1] for mask in protection.hidden)
    return rows, total[0]

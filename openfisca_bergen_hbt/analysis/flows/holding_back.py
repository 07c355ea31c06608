"""Which counts of movements are held back, so that none of a few users can be worked out from the others.

What is shown of all units, by month and in all months: the cells of each kind of movement (who come, go, go up, go
down), and the sum of the kind. So each kind is a table of months by cells, protected as counts of units by category
are. Who stay are shown of all months alone: by month they would, with the users of January that a comparison shows,
give back what is held back. By unit the kinds are shown, of all months: a table of units by kinds; and of each month
(``holding_back_by_month``). The cells of a kind are shown by unit where none of them is small in any unit, and nothing
of the kind is held back elsewhere.

With the users of January, who come and who go tell how many users a unit has in each month: where these are few, both
are held back too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.flows.counting import CATEGORIES, KINDS, NONE, Counts, by_kind
from openfisca_bergen_hbt.analysis.flows.holding_back_by_month import hidden_by_unit
from openfisca_bergen_hbt.privacy.suppression import LEAST, Protection

Mask = NDArray[numpy.bool_]
STAY = list(KINDS).index("stay")
#: The kinds that change how many users there are.
CHANGING = numpy.isin(list(KINDS), ["come", "go"])


class Hidden(NamedTuple):
    """Which counts are held back; of months the last row is that of all months."""

    #: Shape (months + 1, 7, 7), (months + 1, kinds) and (units, kinds); and the cells that are shown of no unit.
    cells: Mask
    months: Mask
    units: Mask
    of_units: Mask
    #: Of each month and unit, shape (months, units, kinds).
    by_unit: Mask


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
    few = _few_users(counts)
    of_year = by_kind(counts.sum(axis=0))
    units, in_all = (mask[..., : len(KINDS)] for mask in _protected(of_year, few[-1][:, None] & CHANGING))
    cells[:months, KINDS["stay"]], kinds[:months, STAY] = True, True
    for place, of in enumerate(KINDS.values()):
        if kinds[months, place] != in_all[place]:  # held back in the one table, it may not be told by the other
            cells[:, of], kinds[:, place], units[:, place] = True, True, True
    in_units, of_units = counts.sum(axis=0), numpy.zeros((CATEGORIES, CATEGORIES), dtype=bool)
    for place, of in enumerate(KINDS.values()):
        small = (in_units[:, of] > 0) & (in_units[:, of] < LEAST)
        of_units[of] = small.any() or units[:, place].any() or cells[months, of].any() or kinds[months, place]
    of_kinds = by_kind(counts)
    by_unit = [
        hidden_by_unit(of_kinds[..., place], few & changing, kinds[:months, place], units[:, place])
        for place, changing in enumerate(CHANGING)
    ]
    return Hidden(cells, kinds, units, of_units, numpy.stack(by_unit, axis=-1))


def _few_users(counts: Counts) -> Mask:
    """Return where a unit has few users before or after a change of months, shape (months, units)."""
    before, after = counts[:, :, NONE + 1 :].sum(axis=(2, 3)), counts[..., NONE + 1 :].sum(axis=(2, 3))
    found: Mask = ((before > 0) & (before < LEAST)) | ((after > 0) & (after < LEAST))
    return found


def _protected(table: Counts, told: Mask | None = None) -> tuple[Mask, Mask]:
    """Return what is held back of a table of rows by columns with the sum of each row, and of the sums of all rows.

    Args:
        table: how many users there are.
        told: which of them would tell of few users, where some do.
    """
    sums = table.sum(axis=1, keepdims=True)
    whole = numpy.hstack([table, sums, numpy.zeros_like(sums)])
    also = numpy.zeros(whole.shape, dtype=bool)
    if told is not None:
        also[:, : table.shape[1]] = told & (table > 0)
    protection = Protection([], [whole], also=also)
    protection.run()
    rows, total = (mask[:, :-1] for mask in protection.hidden)
    return rows, total[0]

"""Which movements of units by month are held back: those of a kind are a table of units by months, with its sums.

The sums by month and by unit are shown elsewhere, where they are not held back there. A small count changes together
with one of another month in the same unit, and with both in another unit the other way: every sum stays as it is, so
that nothing shown elsewhere tells of it. Where a sum is held back, all that it is made of is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.suppression import LEAST, PARTNERS

Mask = NDArray[numpy.bool_]


def hidden_by_unit(table: NDArray[Any], few: Mask, months: Mask, units: Mask) -> Mask:
    """Return what is held back of a table of months by units.

    Args:
        table: how many move, of a kind.
        few: where the movement would tell how many users a unit has that has few; of the same shape.
        months: whose sum of all units is held back.
        units: whose sum of all months is held back.
    """
    small: Mask = (table > 0) & ((table < LEAST) | few)
    with_sums: Mask = months[:, None] | units[None, :]
    hidden: Mask = small | with_sums
    least = numpy.where(with_sums, 0, 1)  # elsewhere a 0 is shown
    moved = numpy.zeros_like(hidden)
    for month, unit in numpy.argwhere(small).tolist():
        if moved[month, unit]:
            continue
        corners = _cheapest(table, hidden, least, month, unit)
        if corners is None:
            return numpy.ones_like(hidden)
        hidden[corners] = moved[corners] = True
    return hidden


def _cheapest(table: NDArray[Any], hidden: Mask, least: NDArray[Any], month: int, unit: int) -> Any:
    """Return the corners whose counts change together with a cell's, by the fewest that are held back for it."""
    for partners in _partners(unit, table.shape[1]):
        others = numpy.delete(numpy.arange(len(table)), month)
        price = numpy.where(hidden, 0, table + 1)
        costs = price[month, partners][None] + price[others, unit][:, None] + price[numpy.ix_(others, partners)]
        can_rise, can_fall = table >= least, table > least
        possible = numpy.zeros(costs.shape, dtype=bool)
        for along, across in ((can_rise, can_fall), (can_fall, can_rise)):
            here = along[month, unit] & along[numpy.ix_(others, partners)]
            possible |= here & across[month, partners][None] & across[others, unit][:, None]
        if possible.any():
            place, partner = numpy.unravel_index(numpy.where(possible, costs, numpy.inf).argmin(), costs.shape)
            rows, columns = [month, others[place]], [unit, partners[partner]]
            return numpy.ix_(rows, columns)
    return None


def _partners(unit: int, units: int) -> Iterator[NDArray[numpy.intp]]:
    """Yield the other units to look for a partner among: some that follow, and then all."""
    following = (unit + numpy.arange(1, units)) % units
    yield following[:PARTNERS]
    yield following[PARTNERS:]

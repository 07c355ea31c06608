"""Whether few users make a sum of hours: the p % rule of statistical offices.

A sum is made by few unless three users at least make it, and all but the two largest of them make 10 % of the largest:
else the second largest could tell the largest too closely. What is found is a yes or a no for each unit, so that it may
leave the process that reads the users; of users in several parts it is found for each part.
"""

from __future__ import annotations

from typing import Any

import numpy

from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.groups import layout
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.rules.stages.exact import rounded
from openfisca_bergen_hbt.rules.stages.tally import tally

#: What all users but the two largest make at least, as a share of the largest.
REST = 0.1
#: So many hours a week are made by enough users, whoever they are: nobody has more than 168.
ENOUGH = (2 + REST) * 168
#: The sums of a unit that are looked at: of all its users, of those below 80 hours a week, and of those over it.
ALL, BELOW_80, OVER_80 = range(3)


def made_by_few(hours: FloatArray, category: Any, units: Any) -> Any:
    """Return which sums of hours a week few users make: 1 for those and else 0, shape (units, 3)."""
    where, of_user = layout(units), category.view(numpy.ndarray)
    over = of_user == Kategori.KATEGORI_6.index
    by_category = rounded(tally(units, hours, category).hours)
    sums = numpy.stack([by_category.sum(axis=1), by_category[:, :-1].sum(axis=1), by_category[:, -1]], axis=1)
    found = numpy.zeros(sums.shape, dtype=numpy.int64)
    for kind, mine in ((ALL, None), (BELOW_80, ~over), (OVER_80, over)):
        small = (sums[:, kind] > 0) & (sums[:, kind] < ENOUGH)
        asked = small[where.unit_of_user] & (hours > 0)
        users = numpy.flatnonzero(asked if mine is None else asked & mine)
        found[:, kind] = small & _few(where.unit_of_user[users], hours[users], sums[:, kind])
    return found


def _few(unit: IndexArray, hours: FloatArray, sums: FloatArray) -> Any:
    """Return which units' sums few of some users make, who are all that have hours in them."""
    order = numpy.lexsort((-hours, unit))
    ordered = unit[order]
    rank = numpy.arange(len(order)) - numpy.searchsorted(ordered, ordered)
    largest = numpy.zeros((3, len(sums)))
    for place in range(3):
        mine = rank == place
        largest[place, ordered[mine]] = hours[order[mine]]
    rest = sums - largest[0] - largest[1]
    return (largest[2] == 0) | (rest < REST * largest[0] * (1 - 1e-9))

"""One pass over the users of a month: how many they are and their hours, by unit and category.

A month in which few users differ from the one that was added up last is that one, less those users as they were, plus
them as they are: sums of hours are exact, so no way to a month shows in them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy

from openfisca_bergen_hbt.rules.core import memory
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.groups import Layout, blocks, layout, who_differ
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.rules.stages.exact import carried, count_and_sum

CATEGORIES = len(Kategori)


class Tally(NamedTuple):
    """The users of a month by unit and category."""

    #: Whole numbers, shape (units, 7).
    counts: Any
    #: Hours a week in their two parts, shape (units, 7, 2).
    hours: FloatArray


class _Month(NamedTuple):
    hours: FloatArray
    category: Any

    def of(self, users: Any) -> _Month:
        return _Month(self.hours[users], self.category[users])


def tally(units: Any, hours: FloatArray, category: Any) -> Tally:
    """Count the users and add up their hours by unit and category; the same arrays give the same tally."""
    return shared(units.simulation, _tally, [hours, category, units])


def _tally(hours: FloatArray, category: Any, units: Any) -> Tally:
    where, month, kept = layout(units), _Month(hours, category.view(numpy.ndarray)), memory(units.simulation)
    last, known = kept.get("last tally", (None, None))
    differ = None if last is None else _differ(month, last, units.simulation)
    if differ is None:
        found = _of_all(month, where.unit_of_user, where)
    else:
        unit = where.unit_of_user[differ]
        less, plus = (_of_all(each.of(differ), unit, where) for each in (last, month))
        found = Tally(known.counts - less.counts + plus.counts, carried(known.hours - less.hours + plus.hours))
    kept["last tally"] = month, found
    return found


def _differ(one: _Month, other: _Month, simulation: Any) -> IndexArray | None:
    """Return the users who differ between two months; None where some do in their category alone, or too many do."""
    differ = shared(simulation, who_differ, [one.hours, other.hours])
    if differ is None:
        return None
    here = numpy.count_nonzero(one.category[differ] != other.category[differ])
    return differ if numpy.count_nonzero(one.category != other.category) == here else None


def _of_all(month: _Month, unit: IndexArray, where: Layout) -> Tally:
    size = where.units * CATEGORIES
    counts, exact = numpy.zeros(size, dtype=numpy.int64), numpy.zeros((size, 2))
    for block in blocks(month.hours):
        cell = unit[block] * CATEGORIES
        cell += month.category[block]
        more, hours = count_and_sum(cell, month.hours[block], size)
        counts += more
        exact += hours
        if block.start // (block.stop - block.start) % 64 == 0:
            exact = carried(exact)
    return Tally(counts.reshape(where.units, CATEGORIES), carried(exact).reshape(where.units, CATEGORIES, 2))

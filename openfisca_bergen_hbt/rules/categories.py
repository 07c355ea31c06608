"""From hours to categories, fast: in blocks that stay in the processor's cache."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.groups import BLOCK, count_users, layout
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray


def category_of(hours: FloatArray, *lower_bounds: float) -> EnumArray:
    """Return each user's category by hours a week: none at 0, else the highest whose lower bound they reach.

    The bounds ascend, one for each category.
    """
    first, *others = lower_bounds
    index = numpy.empty(len(hours), dtype=numpy.int16)
    for start in range(0, len(hours), BLOCK):
        block = hours[start : start + BLOCK]
        # Without hours no category (T-9): 0 hours do not reach a bound of 0.
        reached = (block >= first if first else block > 0).view(numpy.int8)
        for bound in others:
            reached += (block >= bound).view(numpy.int8)
        index[start : start + BLOCK] = reached
    return EnumArray(index, Kategori)


def values_by_category(parameters: Any, categories: int) -> tuple[float, ...]:
    """Return the values of ``kategori_1`` … ``kategori_<categories>`` of a parameter node."""
    return tuple(float(parameters[f"kategori_{number}"]) for number in range(1, categories + 1))


def counts(units: Any, category: EnumArray) -> Any:
    """Count users by unit and category: whole numbers, shape (units, 7), the same array for the same categories."""
    return shared(units.simulation, _counts, [category, units])


def points(units: Any, category: EnumArray, *weights: float) -> FloatArray:
    """Return each unit's sum of the weights of its users' categories; no category and category 6 weigh 0."""
    return shared(units.simulation, _points, [counts(units, category)], *weights)


def _counts(category: EnumArray, units: Any) -> Any:
    return count_users(units, category.view(numpy.ndarray), len(Kategori))


def _points(counted: Any, *weights: float) -> FloatArray:
    found: FloatArray = counted @ numpy.array([0.0, *weights, 0.0])
    return found


def direct_hours(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in categories 1 to 5."""
    return shared(units.simulation, _direct_hours, _hours_and_category(units, month))


def hours_over_80(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in category 6."""
    return shared(units.simulation, _hours_over_80, _hours_and_category(units, month))


def _hours_and_category(units: Any, month: Period) -> list[Any]:
    return [units.members("timer_per_uke", month), units.members("loepende_kategori", month), units]


def _direct_hours(hours: FloatArray, category: EnumArray, units: Any) -> FloatArray:
    where = layout(units)
    direct = numpy.zeros(where.units)
    index = category.view(numpy.ndarray)
    for start in range(0, len(hours), BLOCK):
        block = slice(start, start + BLOCK)
        weights = hours[block] * (index[block] != Kategori.KATEGORI_6.index)
        direct += numpy.bincount(where.unit_of_user[block], weights, where.units)
    return direct


def _hours_over_80(hours: FloatArray, category: EnumArray, units: Any) -> FloatArray:
    over_80 = numpy.flatnonzero(category.view(numpy.ndarray) == Kategori.KATEGORI_6.index)
    where = layout(units)
    counted = numpy.bincount(where.unit_of_user[over_80], hours[over_80], where.units)
    return counted.astype(numpy.float64, copy=False)

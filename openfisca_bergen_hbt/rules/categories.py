"""From hours to categories and points, fast: in blocks that stay in the processor's cache."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.groups import BLOCK, count_users, layout
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray, ratio, sum_by
from openfisca_bergen_hbt.rules.months import january, year_of
from openfisca_bergen_hbt.rules.need import known_hours, refuse_unknown_hours
from openfisca_bergen_hbt.rules.switches import holds

#: What each category weighs, by its index: one row for all agencies, or one for each. INGEN and category 6 weigh 0.
Weights = FloatArray


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


def counts_in_january(units: Any, year: Period) -> Any:
    """Count users by unit and category at the start of the year, as ``counts`` does."""
    category = units.members("brukerkategori", year)
    refuse_unknown_hours(units.members, january(year))
    return counts(units, category)


def counts(units: Any, category: EnumArray) -> Any:
    """Count users by unit and category: whole numbers, shape (units, 7), the same array for the same categories."""
    return shared(units.simulation, _counts, [category, units])


def weights(units: Any, month: Period, parameters: Any) -> Weights:
    """Return what each category weighs in a month: the midpoints, or (T-4 read otherwise) the mean hours in January."""
    midpoints = values_by_category(parameters(month).kategorimodell.vekt, 5)
    if not holds(units, "etat_vekt_er_gjennomsnitt", month):
        return shared(units.simulation, _one_row, [], *midpoints)
    start = january(month)
    hours, category = known_hours(units.members, start), units.members("loepende_kategori", start)
    home = units("enhet_i_hjemmetjenestene", year_of(month))
    return shared(units.simulation, _mean_hours, [hours, category, home, units], *midpoints)


def points(units: Any, month: Period, weigh: Weights) -> FloatArray:
    """Return each unit's sum of the weights of its users' categories; 0 for a unit of other services."""
    category = units.members("loepende_kategori", month)
    refuse_unknown_hours(units.members, month)
    home = units("enhet_i_hjemmetjenestene", year_of(month))
    return shared(units.simulation, _points, [counts(units, category), home, weigh, units])


def users_weights(units: Any, weigh: Weights, month: Period) -> FloatArray:
    """Return what each user weighs in a month, by the running category; 0 for a user of other services."""
    where = layout(units)
    category = units.members("loepende_kategori", month).view(numpy.ndarray)
    home = units("enhet_i_hjemmetjenestene", year_of(month))
    return _rows(weigh, where.agency_of_unit)[where.unit_of_user, category] * home[where.unit_of_user]  # type: ignore[no-any-return]


def _one_row(*weights_of_categories: float) -> Weights:
    return numpy.array([[0.0, *weights_of_categories, 0.0]])


def _rows(weigh: Weights, agency_of_unit: Any) -> Weights:
    """Return each unit's row of weights."""
    return weigh[agency_of_unit] if len(weigh) > 1 else numpy.broadcast_to(weigh, (len(agency_of_unit), len(Kategori)))


def _mean_hours(hours: FloatArray, category: EnumArray, home: Any, units: Any, *midpoints: float) -> Weights:
    """Return the mean hours of each category's users by agency; the midpoint of a category without users."""
    where = layout(units)
    cell = where.unit_of_user * len(Kategori) + category.view(numpy.ndarray)
    summed = numpy.bincount(cell, hours, where.units * len(Kategori)).reshape(where.units, -1) * home[:, None]
    counted = counts(units, category) * home[:, None]
    found = numpy.repeat(_one_row(*midpoints), where.agencies, axis=0)
    for number in range(1, len(Kategori) - 1):
        hours_of, users = (sum_by(where.agency_of_unit, of[:, number], where.agencies) for of in (summed, counted))
        found[:, number] = numpy.where(users > 0, ratio(hours_of, users), found[:, number])
    return found


def _counts(category: EnumArray, units: Any) -> Any:
    return count_users(units, category.view(numpy.ndarray), len(Kategori))


def _points(counted: Any, home: Any, weigh: Weights, units: Any) -> FloatArray:
    if len(weigh) == 1:
        found: FloatArray = counted @ weigh[0]
    else:
        found = (counted * _rows(weigh, layout(units).agency_of_unit)).sum(axis=1)
    return found if home.all() else found * home


def direct_hours(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in categories 1 to 5."""
    return shared(units.simulation, _direct_hours, _hours_and_category(units, month))


def hours_over_80(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in category 6."""
    return shared(units.simulation, _hours_over_80, _hours_and_category(units, month))


def _hours_and_category(units: Any, month: Period) -> list[Any]:
    return [known_hours(units.members, month), units.members("loepende_kategori", month), units]


def _direct_hours(hours: FloatArray, category: EnumArray, units: Any) -> FloatArray:
    where = layout(units)
    direct = numpy.zeros(where.units)
    index = category.view(numpy.ndarray)
    for start in range(0, len(hours), BLOCK):
        block = slice(start, start + BLOCK)
        counted = hours[block] * (index[block] != Kategori.KATEGORI_6.index)
        direct += numpy.bincount(where.unit_of_user[block], counted, where.units)
    return direct


def _hours_over_80(hours: FloatArray, category: EnumArray, units: Any) -> FloatArray:
    over_80 = numpy.flatnonzero(category.view(numpy.ndarray) == Kategori.KATEGORI_6.index)
    where = layout(units)
    counted = numpy.bincount(where.unit_of_user[over_80], hours[over_80], where.units)
    return counted.astype(numpy.float64, copy=False)

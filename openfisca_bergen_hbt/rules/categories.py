"""From hours to categories and points, fast: in blocks that stay in the processor's cache."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.core import memory
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.groups import blocks, layout, part, who_differ
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray, ratio, sum_by
from openfisca_bergen_hbt.rules.months import january, year_of
from openfisca_bergen_hbt.rules.stages.drawn import asked_by
from openfisca_bergen_hbt.rules.stages.sums import counts, counts_in_both, hours_by_category
from openfisca_bergen_hbt.rules.switches import holds

#: What each category weighs, by its index: one row for all agencies, or one for each. INGEN and category 6 weigh 0.
Weights = FloatArray
#: The names of the parameters of categories.
_NAMES = [f"kategori_{number}" for number in range(1, 7)]


def category_of(hours: FloatArray, *lower_bounds: float | FloatArray) -> EnumArray:
    """Return each user's category by hours a week: none at 0, else the highest whose lower bound they reach.

    The bounds ascend, one for each category: a number, or one for each user where it is drawn.
    """
    first, *others = lower_bounds
    index = numpy.empty(len(hours), dtype=numpy.int16)
    from_0 = not numpy.all(first)
    for block in blocks(hours):
        in_block = hours[block]
        reached = in_block >= part(first, block)
        if from_0:
            reached &= in_block > 0  # without hours no category (T-9): 0 hours do not reach a bound of 0
        reached = reached.view(numpy.int8)
        for bound in others:
            reached += (in_block >= part(bound, block)).view(numpy.int8)
        index[block] = reached
    return EnumArray(index, Kategori)


def categories_of(users: Any, hours: FloatArray, *lower_bounds: float | FloatArray) -> EnumArray:
    """Return each user's category in a month (``category_of``); the same for the same hours and bounds.

    Where few users differ from the month before, theirs alone are found.
    """
    if numpy.ndarray in map(type, lower_bounds):
        return shared(users.simulation, category_of, [hours], *lower_bounds)
    return shared(users.simulation, _category_in_month, [hours, users], *lower_bounds)


def _category_in_month(hours: FloatArray, users: Any, *lower_bounds: float) -> EnumArray:
    kept = memory(users.simulation)
    last, found = kept.get(("last categories", *lower_bounds), (None, None))
    differ = None if last is None else shared(users.simulation, who_differ, [hours, last])
    if differ is None:
        found = category_of(hours, *lower_bounds)
    else:
        found = found.copy()
        found[differ] = category_of(hours[differ], *lower_bounds)
    kept["last categories", *lower_bounds] = hours, found
    return found


def values_by_category(parameters: Any, categories: int) -> tuple[float, ...]:
    """Return the values of ``kategori_1`` … ``kategori_<categories>`` of a parameter node."""
    return tuple([getattr(parameters, name) for name in _NAMES[:categories]])


def weights(units: Any, month: Period, parameters: Any) -> Weights:
    """Return what each category weighs in a month: the midpoints, or (T-4 read otherwise) the mean hours in January."""
    midpoints = values_by_category(asked_by(units.simulation.etat, parameters)(month).kategorimodell.vekt, 5)
    if not holds(units, "etat_vekt_er_gjennomsnitt", month):
        return shared(units.simulation, _weights, [], *midpoints)
    year = year_of(month)
    hours, counted = hours_by_category(units, january(month)), counts(units, january(month))
    home = units("enhet_i_hjemmetjenestene", year)
    return shared(units.simulation, _mean_hours, [hours, counted, home, units], *midpoints)


def points(units: Any, month: Period, weigh: Weights) -> FloatArray:
    """Return each unit's sum of the weights of its users' categories; 0 for a unit of other services."""
    home = units("enhet_i_hjemmetjenestene", year_of(month))
    return shared(units.simulation, _points, [counts(units, month), home, weigh, units])


def points_followed(units: Any, since: Period, month: Period, parameters: Any) -> FloatArray:
    """Return each unit's points of an earlier month, with users followed who have passed 80 hours since.

    They weigh nothing once they are above, and once they are below again what their category does then.
    """
    home = units("enhet_i_hjemmetjenestene", year_of(month))
    moved = counts_in_both(units, (since, month))
    below, down = moved[:, :, :-1].sum(axis=2), moved[:, -1]
    before, now = (weights(units, one, parameters) for one in (since, month))
    return _points(below, home, before, units) + _points(down, home, now, units)


def _weights(*of_categories: float | FloatArray) -> Weights:
    return numpy.column_stack(numpy.broadcast_arrays(0.0, *of_categories, 0.0))


def _rows(weigh: Weights, agency_of_unit: Any) -> Weights:
    """Return each unit's row of weights."""
    return weigh[agency_of_unit] if len(weigh) > 1 else numpy.broadcast_to(weigh, (len(agency_of_unit), len(Kategori)))


def _mean_hours(hours: FloatArray, counted: Any, home: Any, units: Any, *midpoints: float | FloatArray) -> Weights:
    """Return the mean hours of each category's users by agency; the midpoint of a category without users."""
    where = layout(units)
    summed, counted = hours * home[:, None], counted * home[:, None]
    found = numpy.broadcast_to(_weights(*midpoints), (where.agencies, len(Kategori))).copy()
    for number in range(1, len(Kategori) - 1):
        hours_of, users = (sum_by(where.agency_of_unit, of[:, number], where.agencies) for of in (summed, counted))
        found[:, number] = numpy.where(users > 0, ratio(hours_of, users), found[:, number])
    return found


def _points(counted: Any, home: Any, weigh: Weights, units: Any) -> FloatArray:
    found: FloatArray = (counted * _rows(weigh, layout(units).agency_of_unit)).sum(axis=1)
    return found if home.all() else found * home

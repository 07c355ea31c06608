"""Sums over the users of each unit: made of the users, or given, where units are run alone.

All that the units' rules know of users comes from here. So users can become sums once, and the rules be run on the sums
many times (``simulate.sums_of_units`` and ``simulate.simulate_units``): it is the same rules, and the same kroner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.core import memory
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.groups import BLOCK, count_users, layout, sum_users
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.rules.months import january, months
from openfisca_bergen_hbt.rules.need import known_hours, refuse_unknown_hours

#: Sums by their name and period; the first axis is that of the units.
Sums = Mapping[tuple[str, Period], NDArray[Any]]
Sum = Callable[[Any, Period], Any]

#: The sums of a year, and of its months, by name.
OF_YEAR: dict[str, Sum] = {}
OF_MONTH: dict[str, Sum] = {}


def give_sums(simulation: Any, sums: Sums) -> None:
    """Give the sums to a simulation of units alone."""
    memory(simulation)["sums"] = sums


def are_given(units: Any) -> bool:
    """Return whether the sums are given: there are no users to look at."""
    return "sums" in memory(units.simulation)


def sums_of(units: Any, year: Period) -> Sums:
    """Return all sums over the users of a simulation's units in a year; months that are unchanged share arrays."""
    of_year = {(name, year): work(units, year) for name, work in OF_YEAR.items()}
    return of_year | {(name, month): work(units, month) for month in months(year) for name, work in OF_MONTH.items()}


def _sum(kept: dict[str, Sum]) -> Callable[[Sum], Sum]:
    def either(work: Sum) -> Sum:
        kept[work.__name__] = work

        @wraps(work)
        def given_or_made(units: Any, period: Period) -> Any:
            given = memory(units.simulation).get("sums")
            return work(units, period) if given is None else given[work.__name__, period]

        return given_or_made

    return either


@_sum(OF_YEAR)
def hours_of_year(units: Any, year: Period) -> FloatArray:
    """Return each unit's decided hours in a year."""
    hours = units.members("vedtakstimer", year)
    for month in months(year):
        refuse_unknown_hours(units.members, month)
    return sum_users(units, hours)


@_sum(OF_YEAR)
def users_with_hours(units: Any, year: Period) -> Any:
    """Count each unit's users with hours at the start of the year."""
    return count_users(units, known_hours(units.members, january(year)) > 0, 2)[:, 1]


@_sum(OF_YEAR)
def counts_in_january(units: Any, year: Period) -> Any:
    """Count users by unit and category at the start of the year: whole numbers, shape (units, 7)."""
    category = units.members("brukerkategori", year)
    refuse_unknown_hours(units.members, january(year))
    return shared(units.simulation, _counts, [category, units])


@_sum(OF_YEAR)
def january_hours_by_category(units: Any, year: Period) -> FloatArray:
    """Return hours a week at the start of the year by unit and category, shape (units, 7)."""
    return shared(units.simulation, _hours_by_category, _hours_and_category(units, january(year)))


@_sum(OF_MONTH)
def counts(units: Any, month: Period) -> Any:
    """Count users by unit and running category: whole numbers, shape (units, 7), the same array for the same users."""
    category = units.members("loepende_kategori", month)
    refuse_unknown_hours(units.members, month)
    return shared(units.simulation, _counts, [category, units])


@_sum(OF_MONTH)
def direct_hours(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in categories 1 to 5."""
    return shared(units.simulation, _direct_hours, _hours_and_category(units, month))


@_sum(OF_MONTH)
def hours_over_80(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in category 6."""
    return shared(units.simulation, _hours_over_80, _hours_and_category(units, month))


def _hours_and_category(units: Any, month: Period) -> list[Any]:
    return [known_hours(units.members, month), units.members("loepende_kategori", month), units]


def _counts(category: EnumArray, units: Any) -> Any:
    return count_users(units, category.view(numpy.ndarray), len(Kategori))


def _hours_by_category(hours: FloatArray, category: EnumArray, units: Any) -> FloatArray:
    where = layout(units)
    cell = where.unit_of_user * len(Kategori) + category.view(numpy.ndarray)
    summed = numpy.bincount(cell, hours, where.units * len(Kategori)).astype(numpy.float64, copy=False)
    return summed.reshape(where.units, -1)


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

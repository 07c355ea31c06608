"""Sums over the users of each unit: made of the users, or given, where units are run alone.

All that the units' rules know of users comes from here. So users can become sums once, and the rules be run on the sums
many times (``simulate.sums_of_units`` and ``simulate.simulate_units``): it is the same rules, and the same kroner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from itertools import combinations_with_replacement
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.core import memory
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.groups import count_users, layout, sum_exactly, sum_hours
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.rules.months import january, months
from openfisca_bergen_hbt.rules.need import known_hours, refuse_unknown_hours
from openfisca_bergen_hbt.rules.stages.drawn import concatenated, made_once
from openfisca_bergen_hbt.rules.switches import holds

TwoMonths = tuple[Period, Period]
#: Sums by their name and period; the first axis is that of the units.
Sums = Mapping[tuple[str, Period | TwoMonths], NDArray[Any]]
Sum = Callable[[Any, Any], Any]

#: The sums of a year, of its months, and of two of them, by name.
OF_YEAR: dict[str, Sum] = {}
OF_MONTH: dict[str, Sum] = {}
OF_TWO_MONTHS: dict[str, Sum] = {}
#: The switch under which rules ask who passes 80 hours between two months.
FOLLOWS_USERS = "etat_faktiske_brukere_veier"


def give_sums(simulation: Any, sums: Sums) -> None:
    """Give the sums to a simulation of units alone."""
    memory(simulation)["sums"] = sums


def sums_of(units: Any, year: Period) -> Sums:
    """Return all sums over the users of a simulation's units in a year; months that are unchanged share arrays."""
    two_months = combinations_with_replacement(months(year), 2) if holds(units, FOLLOWS_USERS, year) else ()
    asked: list[tuple[dict[str, Sum], Iterable[Any]]]
    asked = [(OF_YEAR, [year]), (OF_MONTH, months(year)), (OF_TWO_MONTHS, two_months)]
    return {(name, when): work(units, when) for sums, all_of in asked for when in all_of for name, work in sums.items()}


def joined(sums: Sequence[Sums]) -> Sums:
    """Return the sums of some draws and those of others as one."""
    return dict(zip(sums[0], made_once(concatenated, *(list(of.values()) for of in sums)), strict=True))


def of_draws(sums: Sums, draws: IndexArray, units: int) -> Sums:
    """Return the sums of draws, picked by their number, of so many units each; a draw may be picked many times."""
    rows = (draws[:, None] * units + numpy.arange(units)).ravel()
    return dict(zip(sums, made_once(lambda values: values[rows], list(sums.values())), strict=True))


def changed(sums: Sums, before: Sums, after: Sums) -> Sums:
    """Return sums over users of whom some are otherwise, from the sums over those alone, before and after."""
    rows = (list(each.values()) for each in (sums, before, after))
    return dict(zip(sums, made_once(lambda whole, less, more: whole + (more - less), *rows), strict=True))


def _sum(kept: dict[str, Sum]) -> Callable[[Sum], Sum]:
    def either(work: Sum) -> Sum:
        kept[work.__name__] = work

        @wraps(work)
        def given_or_made(units: Any, period: Any) -> Any:
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
    where = layout(units)
    return sum_exactly(where.unit_of_user, hours, where.units)


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


@_sum(OF_MONTH)
def counts(units: Any, month: Period) -> Any:
    """Count users by unit and running category: whole numbers, shape (units, 7), the same array for the same users."""
    category = units.members("loepende_kategori", month)
    refuse_unknown_hours(units.members, month)
    return shared(units.simulation, _counts, [category, units])


@_sum(OF_MONTH)
def hours_over_80(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in category 6."""
    hours = known_hours(units.members, month)
    return shared(units.simulation, _over_80, [hours, units.members("loepende_kategori", month), units])


@_sum(OF_MONTH)
def hours_by_category(units: Any, month: Period) -> FloatArray:
    """Return hours a week by unit and running category, shape (units, 7), the same array for the same users."""
    hours = known_hours(units.members, month)
    return shared(units.simulation, _hours, [hours, units.members("loepende_kategori", month), units])


@_sum(OF_TWO_MONTHS)
def counts_in_both(units: Any, both: TwoMonths) -> Any:
    """Count users by unit, running category in one month, and that in another: whole numbers, shape (units, 7, 7)."""
    categories = [units.members("loepende_kategori", month) for month in both]
    return shared(units.simulation, _counts_in_both, [*categories, units])


def direct_hours(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users below category 6."""
    return shared(units.simulation, _below_80, [hours_by_category(units, month)])


def _below_80(hours: FloatArray) -> FloatArray:
    return hours[:, :-1].sum(axis=1)  # type: ignore[no-any-return]


def _over_80(hours: FloatArray, category: EnumArray, units: Any) -> FloatArray:
    # They are few: all users need not be summed up for them.
    over_80 = numpy.flatnonzero(category.view(numpy.ndarray) == Kategori.KATEGORI_6.index)
    where = layout(units)
    return sum_exactly(where.unit_of_user[over_80], hours[over_80], where.units)


def _counts(category: EnumArray, units: Any) -> Any:
    return count_users(units, category.view(numpy.ndarray), len(Kategori))


def _hours(hours: FloatArray, category: EnumArray, units: Any) -> FloatArray:
    return sum_hours(units, hours, category.view(numpy.ndarray), len(Kategori))


def _counts_in_both(first: EnumArray, second: EnumArray, units: Any) -> Any:
    cell = first.view(numpy.ndarray) * len(Kategori) + second.view(numpy.ndarray)
    return count_users(units, cell, len(Kategori) ** 2).reshape(-1, len(Kategori), len(Kategori))

"""Sums over the users of each unit: made of the users, or given, where units are run alone.

All that the units' rules know of users comes from here. So users can become sums once, and the rules be run on the sums
many times (``simulate.sums_of_units`` and ``simulate.simulate_units``): it is the same rules, and the same kroner.

Sums of hours are kept in their two parts (``exact.sum_exactly``; the last axis) and rounded where a rule reads them:
the sums of parts of the users, or of their months, added up (``merged``), are those of all, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce, wraps
from itertools import combinations_with_replacement
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.core import memory, values_by_period
from openfisca_bergen_hbt.rules.groups import count_users, layout
from openfisca_bergen_hbt.rules.memory import shared
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.rules.months import january, months
from openfisca_bergen_hbt.rules.need import follows_from_hours, is_sum_of_months, known_hours, refuse_unknown_hours
from openfisca_bergen_hbt.rules.stages.drawn import concatenated, made_once
from openfisca_bergen_hbt.rules.stages.exact import carried, rounded, sum_exactly
from openfisca_bergen_hbt.rules.stages.few import made_by_few
from openfisca_bergen_hbt.rules.stages.tally import CATEGORIES, Tally, tally
from openfisca_bergen_hbt.rules.switches import holds
from openfisca_bergen_hbt.text.language import _

TwoMonths = tuple[Period, Period]
#: Sums by their name and period; the first axis is that of the units.
Sums = Mapping[tuple[str, Period | TwoMonths], NDArray[Any]]
Sum = Callable[[Any, Any], Any]

#: The sums of a year, of its months, and of two of them, by name.
OF_YEAR: dict[str, Sum] = {}
OF_MONTH: dict[str, Sum] = {}
OF_TWO_MONTHS: dict[str, Sum] = {}
#: What of a month is asked of real users alone.
OF_REAL_USERS: dict[str, Sum] = {}
#: The switch under which rules ask who passes 80 hours between two months.
FOLLOWS_USERS = "etat_faktiske_brukere_veier"


def give_sums(simulation: Any, sums: Sums) -> None:
    """Give the sums to a simulation of units alone."""
    memory(simulation)["sums"] = sums


def sums_of(units: Any, year: Period, *, real_users: bool = False) -> Sums:
    """Return all sums over the users of a simulation's units in a year; months that are unchanged share arrays."""
    two_months = combinations_with_replacement(months(year), 2) if holds(units, FOLLOWS_USERS, year) else ()
    unasked = hours_of_users if is_sum_of_months(units.members, year) else hours_of_months
    of_year = {name: work for name, work in OF_YEAR.items() if name != unasked.__name__}
    asked: list[tuple[dict[str, Sum], Iterable[Any]]]
    asked = [(of_year, [year]), (OF_MONTH, months(year)), (OF_TWO_MONTHS, two_months)]
    if real_users:
        asked.append((OF_REAL_USERS, months(year)))
    return {(name, when): work(units, when) for sums, all_of in asked for when in all_of for name, work in sums.items()}


class Part(NamedTuple):
    """The sums of a part of the users, and the names of the units that it has users or a place for."""

    sums: Sums
    units: Sequence[str]


def merged(parts: Iterable[Part]) -> Part:
    """Return the sums of all users, of those of parts of them: the same bits, whatever the parts and their order.

    A part has the months of some users, and any of the units; a user's months may lie in several parts, unless users
    are followed from month to month (``FOLLOWS_USERS``). Each part counts a user in INGEN in months that it lacks: no
    rule asks for that.
    """
    return reduce(_added_up, parts)


def aligned(part: Part, units: Sequence[str]) -> Sums:
    """Return sums in the order of some units: 0 for those that the part has not."""
    place = {name: number for number, name in enumerate(units)}
    where = numpy.array([place[name] for name in part.units], dtype=numpy.intp)

    def in_order(values: NDArray[Any]) -> NDArray[Any]:
        draws = values.reshape(len(values) // max(1, len(where)), len(where), *values.shape[1:])
        found = numpy.zeros((len(draws), len(units), *values.shape[1:]), dtype=values.dtype)
        found[:, where] = draws
        return found.reshape(-1, *values.shape[1:])

    return dict(zip(part.sums, made_once(in_order, list(part.sums.values())), strict=True))


def _added_up(one: Part, other: Part) -> Part:
    if not one.units or not other.units:
        return one if one.units else other
    units = list(dict.fromkeys([*one.units, *other.units]))
    sums = [aligned(part, units) for part in (one, other)]
    if sums[0].keys() != sums[1].keys():
        raise ValueError(_("The parts have sums of other regulations, or one gives what the other has computed."))
    rows = [[of[key] for key in sums[0]] for of in sums]
    return Part(dict(zip(sums[0], made_once(_plus, *rows), strict=True)), units)


def _plus(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    return carried(one + other) if one.dtype.kind == "f" else one + other


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


def _sum(kept: dict[str, Sum], *, of_hours: bool = False) -> Callable[[Sum], Sum]:
    def either(work: Sum) -> Sum:
        kept[work.__name__] = work

        @wraps(work)
        def given_or_made(units: Any, period: Any) -> Any:
            given = memory(units.simulation).get("sums")
            found = work(units, period) if given is None else given[work.__name__, period]
            return shared(units.simulation, rounded, [found]) if of_hours else found

        return given_or_made

    return either


def hours_of_year(units: Any, year: Period, parameters: Any) -> FloatArray:
    """Return each unit's decided hours in a year.

    Those of the months are added up before they are multiplied by the weeks, which needs no user's hours of all months;
    where a user's hours of the year are given, or a reform's, they are what is added up.
    """
    given = memory(units.simulation).get("sums")
    by_months = is_sum_of_months(units.members, year) if given is None else (hours_of_months.__name__, year) in given
    if not by_months:
        return hours_of_users(units, year)  # type: ignore[no-any-return]
    weeks = [parameters(month).tid.uker_per_aar for month in months(year)]
    hours = hours_of_months(units, year).T
    found: FloatArray = sum(of * weeks[number] for number, of in enumerate(hours)) / 12
    return found


@_sum(OF_YEAR, of_hours=True)
def hours_of_users(units: Any, year: Period) -> FloatArray:
    """Return the sum of the users' hours of the year."""
    hours = units.members("vedtakstimer", year)
    _refuse_unknown_hours_of(units, year)
    where = layout(units)
    return sum_exactly(where.unit_of_user, [hours], where.units)


@_sum(OF_YEAR, of_hours=True)
def hours_of_months(units: Any, year: Period) -> FloatArray:
    """Return each unit's hours a week, added up over the months; one by one where their weeks differ."""
    hours = [units.members("timer_per_uke", month) for month in months(year)]
    _refuse_unknown_hours_of(units, year)
    read = units.simulation.tax_benefit_system.get_parameters_at_instant
    alike = len({read(month.start).tid.uker_per_aar for month in months(year)}) == 1
    where = layout(units)
    # A trace would say of these hours that they follow from the bounds of categories.
    if follows_from_hours(units.members, year) and not units.simulation.trace:
        distinct = {id(of): month for of, month in zip(hours, months(year), strict=True)}
        by_unit = {of: _tally(units, month).hours.sum(axis=1) for of, month in distinct.items()}
        monthly = [by_unit[id(of)] for of in hours]
        sums = [carried(numpy.sum(of, axis=0)) for of in ([monthly] if alike else [[one] for one in monthly])]
    else:
        parts = [hours] if alike else [[one] for one in hours]
        sums = [sum_exactly(where.unit_of_user, of, where.units) for of in parts]
    return numpy.stack(sums, axis=1)


def _refuse_unknown_hours_of(units: Any, year: Period) -> None:
    for month in months(year):
        refuse_unknown_hours(units.members, month)


@_sum(OF_YEAR)
def users_with_hours(units: Any, year: Period) -> Any:
    """Count each unit's users with hours at the start of the year."""
    return count_users(units, known_hours(units.members, january(year)) > 0, 2)[:, 1]


@_sum(OF_YEAR)
def counts_in_january(units: Any, year: Period) -> Any:
    """Count users by unit and category at the start of the year: whole numbers, shape (units, 7)."""
    return _counts(units, units.members("brukerkategori", year), january(year))


@_sum(OF_MONTH)
def counts(units: Any, month: Period) -> Any:
    """Count users by unit and running category: whole numbers, shape (units, 7), the same array for the same users."""
    return _counts(units, units.members("loepende_kategori", month), month)


@_sum(OF_MONTH, of_hours=True)
def hours_over_80(units: Any, month: Period) -> FloatArray:
    """Return each unit's hours a week of users in category 6."""
    return shared(units.simulation, _over_80, [_tally(units, month).hours])


@_sum(OF_MONTH, of_hours=True)
def hours_by_category(units: Any, month: Period) -> FloatArray:
    """Return hours a week by unit and running category, shape (units, 7), the same array for the same users."""
    return _tally(units, month).hours


@_sum(OF_REAL_USERS)
def sums_made_by_few(units: Any, month: Period) -> Any:
    """Return in how many parts of the users few make the sums of hours (``few.made_by_few``), shape (units, 3)."""
    hours, category = known_hours(units.members, month), units.members("loepende_kategori", month)
    return shared(units.simulation, made_by_few, [hours, category, units])


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


def _over_80(hours: FloatArray) -> FloatArray:
    return hours[:, -1]


def _tally(units: Any, month: Period) -> Tally:
    return tally(units, known_hours(units.members, month), units.members("loepende_kategori", month))


def _counts(units: Any, category: EnumArray, month: Period) -> Any:
    refuse_unknown_hours(units.members, month)
    # Categories that are given have no hours; others have asked for them, which a trace should not say of counts.
    hours = values_by_period(units.members, "timer_per_uke").get(month)
    if hours is None:
        return shared(units.simulation, _counts_alone, [category, units])
    return tally(units, hours, category).counts


def _counts_alone(category: EnumArray, units: Any) -> Any:
    return count_users(units, category.view(numpy.ndarray), CATEGORIES)


def _counts_in_both(first: EnumArray, second: EnumArray, units: Any) -> Any:
    cell = first.view(numpy.ndarray) * CATEGORIES + second.view(numpy.ndarray)
    return count_users(units, cell, CATEGORIES**2).reshape(-1, CATEGORIES, CATEGORIES)

"""Hours of need: bounds that a computed number can break too, and the sum over a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.core import formula_of, memory
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.rules.groups import alike, blocks, part
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN, is_given
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.text.language import _

#: The formulas by which a user's hours of a year are those of the months, times the weeks.
_SUMS_OF_MONTHS: WeakSet[Callable[..., Any]] = WeakSet()

#: The formulas by which a user's running category follows from the hours of the month.
_FROM_HOURS: WeakSet[Callable[..., Any]] = WeakSet()


def sum_of_months(formula: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a formula by which a user's hours of a year are those of the months, times the weeks."""
    _SUMS_OF_MONTHS.add(formula)
    return formula


def is_sum_of_months(users: Any, year: Period) -> bool:
    """Return whether the users' hours of a year are those of the months: neither given, nor a reform's."""
    variable = users.simulation.tax_benefit_system.get_variable("vedtakstimer")
    formula = None if variable.is_neutralized else formula_of(variable, year)
    return formula in _SUMS_OF_MONTHS and not is_given(users, variable.name, year)


def from_hours(formula: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a formula by which a user's running category follows from the hours of the month, and nothing else."""
    _FROM_HOURS.add(formula)
    return formula


def follows_from_hours(users: Any, year: Period) -> bool:
    """Return whether the users' running category follows from their hours alone: it is not a reform's."""
    variable = users.simulation.tax_benefit_system.get_variable("loepende_kategori")
    return not variable.is_neutralized and all(formula_of(variable, month) in _FROM_HOURS for month in months(year))


def hours_of_visits(visits: FloatArray, minutes: FloatArray) -> FloatArray:
    """Return hours a week, of visits a week and minutes per visit."""
    return visits * minutes / 60


def refuse_impossible_hours(users: Any, month: Period, hours: FloatArray, most: float) -> None:
    """Refuse hours a week, computed from visits, that a week does not have.

    Raises:
        SituationError: some user's hours are above ``most`` or not finite.
    """
    if not len(hours) or hours.max() <= most:
        return
    user = str(users.ids[int((~(hours <= most)).argmax())])
    raise SituationError(
        [users.entity.plural, user, "besoek_per_uke", str(month)],
        _(
            "besoek_per_uke times normtid_minutter_per_besoek of '{user}' in {month} make more hours "
            "a week than {most}. Check the visits a week and the minutes per visit."
        ).format(user=user, month=month, most=most),
    )


def assessed_by_teams(users: Any, month: Period, otherwise: str) -> FloatArray:
    """Return the hours that teams have assessed; of users whom they have not assessed, those of another variable."""
    teams = "teamvurdert_timer_per_uke"
    others: FloatArray = (
        users(otherwise, month) if otherwise.startswith("normtid") else counted_from(users, otherwise, month)
    )
    if not is_given(users, teams, month):
        return others
    hours = users(teams, month)
    _unknown(users).pop(month, None)
    return numpy.where(hours == NOT_GIVEN, others, hours)


def counted_from(users: Any, variable: str, month: Period) -> FloatArray:
    """Return an input that hours are counted from; a month for which no user gives it is remembered.

    One user's hours may be asked for without it, and are 0; a sum of users, which would then be 0 kroner, is refused.
    """
    if not is_given(users, variable, month):
        _unknown(users)[month] = variable
    return users(variable, month)  # type: ignore[no-any-return]


def known_hours(users: Any, month: Period) -> FloatArray:
    """Return hours a week that are to be summed up.

    Raises:
        SituationError: no user has any of the inputs that they are counted from.
    """
    hours: FloatArray = users("timer_per_uke", month)
    refuse_unknown_hours(users, month)
    return hours


def refuse_unknown_hours(users: Any, month: Period) -> None:
    """Refuse to sum up hours of a month for which no user gives what they are counted from.

    Raises:
        SituationError: no user has any of the inputs.
    """
    variable = _unknown(users).get(month)
    if variable and users.count:
        raise SituationError(
            [users.entity.plural],
            _(
                "No user has {variable} for {month}, from which this regulation counts the hours of that "
                "month. Give it, or timer_per_uke, for each month of the year that is asked for; where "
                "no hours are meant, give 0."
            ).format(variable=variable, month=month),
        )


def _unknown(users: Any) -> dict[Period, str]:
    """Return the months without hours, each with the input that they would be counted from."""
    kept: dict[Period, str] = memory(users.simulation).setdefault("unknown hours", {})
    return kept


def yearly_hours(users: Any, year: Period, parameters: Any) -> FloatArray:
    """Return each user's decided hours in a year: the sum over months of hours a week times weeks a month.

    Months that hold the same array are added up as one.
    """
    by_weeks: dict[Any, tuple[Any, list[FloatArray]]] = {}
    for month in months(year):
        weeks = parameters(month).tid.uker_per_aar
        key = id(weeks) if isinstance(weeks, numpy.ndarray) else weeks  # an array where the number is drawn
        by_weeks.setdefault(key, (weeks, []))[1].append(users("timer_per_uke", month))
    first, *others = (_hours_of_months(monthly, weeks) for weeks, monthly in by_weeks.values())
    return sum(others, start=first)


def _hours_of_months(monthly: Sequence[FloatArray], weeks_a_year: float | FloatArray) -> FloatArray:
    counted = alike(monthly)
    if len(counted) == 1:
        return monthly[0] * (len(monthly) * weeks_a_year / 12)
    total = numpy.empty(len(monthly[0]))
    for block in blocks(total):
        hours_a_week = numpy.zeros(len(total[block]))
        for hours, times in counted:
            hours_a_week += hours[block] if times == 1 else hours[block] * times
        total[block] = hours_a_week * part(weeks_a_year, block) / 12
    return total

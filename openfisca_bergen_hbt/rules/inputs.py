"""What may be given as input: checked when it is set, so that no result is ever computed from a wrong one.

Each function is the ``set_input`` of variables. Errors name the user, unit or agency by the name that the request
gave it.
"""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.periods import DateUnit, Instant, Period
from openfisca_core.variables import Variable

from openfisca_bergen_hbt.rules.core import as_array, keep, memory
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.rules.groups import without_users
from openfisca_bergen_hbt.rules.money import FloatArray, krone
from openfisca_bergen_hbt.rules.months import months

#: Stands for "not given" in the arrays that core fills in; no sum of money or time is this number.
NOT_GIVEN = float(numpy.finfo(numpy.float64).min)

#: The most kroner that a 64-bit float counts one by one.
MOST_KRONER = 2.0**53

#: Nothing is defined before the first day of the foundation.
FIRST_DAY = Instant((2017, 1, 1))


class DefaultFromParameter(Variable):
    """An input that takes a parameter's value where it is not given.

    When a request gives an input for some and not for others, core fills in the default for the others: 0, which would
    be taken for a frame of 0 kroner or a visit of 0 minutes. So the default says that nothing is given.
    """

    def default_array(self, array_size: int) -> FloatArray:
        """Return an array that says of each member that nothing is given."""
        return numpy.full(array_size, NOT_GIVEN)


def refuse(holder: Any, period: Period, wrong: Any, message: str) -> None:
    """Raise an error that names the first member that ``wrong`` marks, if any.

    Raises:
        SituationError: some member is marked.
    """
    if not wrong.any():
        return
    population = holder.population
    member = str(population.ids[int(wrong.argmax())])
    raise SituationError(
        [population.entity.plural, member, holder.variable.name, str(period)],
        f"{holder.variable.name} of '{member}' in {period}: {message}",
    )


def _owned(holder: Any, array: Any) -> Any:
    """Return the input as an array that the caller can't change afterwards."""
    given = as_array(holder, array)
    if given.flags.writeable:
        given = given.copy()
        given.flags.writeable = False
    return given


def _parameters(holder: Any, period: Period) -> Any:
    return holder.simulation.tax_benefit_system.get_parameters_at_instant(max(period.start, FIRST_DAY))


def _dispatch(holder: Any, period: Period, check: Any) -> None:
    """Set a month's input, or a year's for each of its months; refuse a month that is given twice."""
    if period.unit not in (DateUnit.MONTH, DateUnit.YEAR):
        keep(holder, period, holder.default_array())  # raises core's own error about periods
    given_by = memory(holder).setdefault("given_by", {})
    calendar_year = period.unit == DateUnit.YEAR and period.size == 1 and period.start.month == 1
    sub_periods = months(period) if calendar_year else period.get_subperiods(DateUnit.MONTH)
    years = {month.start.year for month in sub_periods}
    for known, earlier in given_by.items():
        by_year_and_by_months = earlier.unit != period.unit and known.start.year in years
        twice = earlier != period and known in sub_periods
        if (by_year_and_by_months or twice) and holder.get_array(known) is not None:
            raise SituationError(
                [holder.population.entity.plural, holder.variable.name],
                f"{holder.variable.name} is given both for {earlier} and for {period}. Give it by year, "
                "which then holds for each month, or by months: the same way for all users of a request.",
            )
    array = check(sub_periods[0])
    for month in sub_periods:
        given_by[month] = period
        keep(holder, month, array)


def hours_per_week(holder: Any, period: Period, array: Any) -> None:
    """Set hours a week: finite, from 0 to the hours that a week has.

    Raises:
        SituationError: hours out of bounds, or a month given twice.
    """

    def check(first_month: Period) -> Any:
        hours = _owned(holder, array)
        most = _parameters(holder, first_month).tid.timer_per_uke_maks
        if len(hours) and not (hours.min() >= 0 and hours.max() <= most):
            refuse(holder, period, ~((hours >= 0) & (hours <= most)), f"hours a week are a number from 0 to {most}.")
        return hours

    _dispatch(holder, period, check)


def visits_per_week(holder: Any, period: Period, array: Any) -> None:
    """Set visits a week: a finite number from 0 upwards.

    Raises:
        SituationError: a number out of bounds, or a month given twice.
    """
    _dispatch(holder, period, lambda _: _not_negative(holder, period, _owned(holder, array)))


def minutes_per_visit(holder: Any, period: Period, array: Any) -> None:
    """Set normed minutes per visit: a finite number from 0 upwards; the norm itself where nothing is given.

    Raises:
        SituationError: a number out of bounds, or a month given twice.
    """

    def check(first_month: Period) -> Any:
        given = _owned(holder, array)
        norm = _parameters(holder, first_month).normtid.minutter_per_besoek
        return _not_negative(holder, period, numpy.where(given == NOT_GIVEN, norm, given))

    _dispatch(holder, period, check)


def _not_negative(holder: Any, period: Period, amount: Any) -> Any:
    refuse(holder, period, ~((amount >= 0) & numpy.isfinite(amount)), "it is a number from 0 upwards.")
    return amount


def default_frame(agencies: Any, uses_default: Any, parameters: Any) -> float:
    """Return the frame of the agency that gives none, in whole kroner.

    Raises:
        SituationError: more than one agency gives no frame; the default is Bergen's and can be used once.
    """
    if uses_default.sum() > 1:
        names = ", ".join(str(agencies.ids[index]) for index in numpy.flatnonzero(uses_default)[:3])
        raise SituationError(
            ["etater"],
            f"{uses_default.sum()} agencies (etater) give no frame, the first of them {names}. The default frame is "
            "Bergen's and can be used by one. Send 'etat_budsjettramme' for each, in whole kroner; and check that "
            "each user is listed in the etat that it belongs to.",
        )
    return float(krone(parameters.budsjett.ramme))


def frame(holder: Any, period: Period, array: Any) -> None:
    """Set the agencies' frames in whole kroner; the default frame for one that gives none.

    Raises:
        SituationError: an amount that is not finite or not whole, or more than one agency without a frame.
    """
    given = _owned(holder, array)
    missing = given == NOT_GIVEN
    if missing.any():
        given = numpy.where(missing, default_frame(holder.population, missing, _parameters(holder, period)), given)
    whole_kroner(holder, period, given)


def whole_kroner(holder: Any, period: Period, array: Any) -> None:
    """Set an amount of whole kroner.

    Raises:
        SituationError: an amount that is not finite or not whole.
    """
    kroner = _owned(holder, array)
    exact = (numpy.abs(kroner) <= MOST_KRONER) & (kroner == numpy.floor(kroner))
    refuse(holder, period, ~exact, "send whole kroner.")
    keep(holder, period, kroner)


def directors_kroner(holder: Any, period: Period, array: Any) -> None:
    """Set the director's kroner to a unit: whole, and 0 for a unit without users.

    Raises:
        SituationError: kroner that are not whole, or given to a unit without users.
    """
    _refuse_without_users(holder, period, as_array(holder, array))
    whole_kroner(holder, period, array)


def driving_time(holder: Any, period: Period, array: Any) -> None:
    """Set a unit's driving time: finite, from 0 upwards, and 0 for a unit without users.

    Raises:
        SituationError: hours out of bounds, or given to a unit without users.
    """
    hours = _not_negative(holder, period, _owned(holder, array))
    _refuse_without_users(holder, period, hours)
    keep(holder, period, hours)


def yearly_amount(holder: Any, period: Period, array: Any) -> None:
    """Set a yearly input that is a finite number from 0 upwards.

    Raises:
        SituationError: a number out of bounds.
    """
    keep(holder, period, _not_negative(holder, period, _owned(holder, array)))


def _refuse_without_users(holder: Any, period: Period, array: Any) -> None:
    if not array.any() or holder.population.members_entity_id is None:
        return
    refuse(
        holder,
        period,
        without_users(holder.population) & (array != 0),
        "the unit has no users, and so belongs to no etat. Leave the amount out, or list the unit's users.",
    )

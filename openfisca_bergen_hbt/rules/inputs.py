"""What may be given as input: checked when it is set, so that no result is ever computed from a wrong one.

Each function is the ``set_input`` of variables. Errors name the user, unit or agency by the name that the request
gave it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from openfisca_core.periods import DateUnit, Instant, Period
from openfisca_core.variables import Variable

from openfisca_bergen_hbt.rules import core
from openfisca_bergen_hbt.rules.core import as_array, memory
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.rules.groups import blocks, without_users
from openfisca_bergen_hbt.rules.money import MOST_KRONER, FloatArray, krone
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages.drawn import agencies_in_a_draw
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.periods import WRITE

#: Stands for "not given" in the arrays that core fills in; no sum of money or time is this number.
NOT_GIVEN = float(numpy.finfo(numpy.float64).min)

#: The minutes of a week: no visit takes longer.
MOST_MINUTES = 7 * 24 * 60

#: The most visits a week: one a minute.
MOST_VISITS = MOST_MINUTES

#: The most hours a week that a unit can be said to drive: beyond this no hours are meant.
MOST_DRIVING = 1_000_000

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
        _("{variable} of '{member}' in {period}: {message}").format(
            variable=holder.variable.name, member=member, period=period, message=message
        ),
    )


def keep(holder: Any, period: Period, values: Any) -> None:
    """Keep an input for a calendar year or month: the ``set_input`` of variables that have no other.

    Raises:
        SituationError: another period.
    """
    _refuse_rolling(holder, period)
    memory(holder).setdefault("given_by", {}).setdefault(period, period)
    core.keep(holder, period, values)


#: What is said of a year or a month that is none of the calendar's.
ROLLING = {
    DateUnit.YEAR: marked("{name} is given for {period} from {start}, which is no calendar year. {write}"),
    DateUnit.MONTH: marked("{name} is given for {period} from {start}, which is no calendar month. {write}"),
}


def _refuse_rolling(holder: Any, period: Period) -> None:
    """Refuse a year that begins in July, a month that begins on the 12th: no rule looks for an input there."""
    start = period.start
    first = Instant((start.year, 1 if period.unit == DateUnit.YEAR else start.month, 1))
    if period.unit in (DateUnit.MONTH, DateUnit.YEAR) and (period.size != 1 or start != first):
        name = holder.variable.name
        raise SituationError(
            [holder.population.entity.plural, name],
            _(ROLLING[period.unit]).format(name=name, period=period, start=start, write=_(WRITE)),
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
    _refuse_rolling(holder, period)
    if period.unit not in (DateUnit.MONTH, DateUnit.YEAR):
        keep(holder, period, holder.default_array())  # raises core's own error about periods
    given_by = memory(holder).setdefault("given_by", {})
    sub_periods = months(period) if period.unit == DateUnit.YEAR else [period]
    for known, earlier in given_by.items():
        by_year_and_by_months = earlier.unit != period.unit and known.start.year == period.start.year
        if by_year_and_by_months and holder.get_array(known) is not None:
            raise SituationError(
                [holder.population.entity.plural, holder.variable.name],
                _(
                    "{variable} is given both for {earlier} and for {period}. Give it by year, which then "
                    "holds for each month, or by months: the same way for all users of a request."
                ).format(variable=holder.variable.name, earlier=earlier, period=period),
            )
    array = check(sub_periods[0])
    for month in sub_periods:
        given_by[month] = period
        core.keep(holder, month, array)


def hours_per_week(holder: Any, period: Period, array: Any) -> None:
    """Set hours a week: finite, from 0 to the hours that a week has.

    Raises:
        SituationError: hours out of bounds, or a month given twice.
    """
    _hours(holder, period, array, lambda hours: hours >= 0)


def hours_of_some(holder: Any, period: Period, array: Any) -> None:
    """Set hours a week like ``hours_per_week``, of users whom they are given for; others have none.

    Raises:
        SituationError: hours out of bounds, or a month given twice.
    """
    _hours(holder, period, array, lambda hours: (hours >= 0) | (hours == NOT_GIVEN))


def _hours(holder: Any, period: Period, array: Any, least: Callable[[Any], Any]) -> None:
    def check(first_month: Period) -> Any:
        hours = _owned(holder, array)
        most = _parameters(holder, first_month).tid.timer_per_uke_maks
        if not all(hours[block].min() >= 0 and hours[block].max() <= most for block in blocks(hours)):
            refuse(
                holder,
                period,
                ~(least(hours) & (hours <= most)),
                _("hours a week are a number from 0 to {most}.").format(most=most),
            )
        return hours

    _dispatch(holder, period, check)


def is_given(population: Any, variable: str, period: Period) -> bool:
    """Return whether a request gives an input for a period (a monthly one for a month), for some member at least."""
    return period in memory(population.get_holder(variable)).get("given_by", {})


def months_given(population: Any, variable: str, year: Period) -> list[Period]:
    """Return the months of a year for which a request gives a monthly input: in the others it is 0."""
    return [month for month in months(year) if is_given(population, variable, month)]


def visits_per_week(holder: Any, period: Period, array: Any) -> None:
    """Set visits a week: from 0 to one a minute.

    Raises:
        SituationError: a number out of bounds, or a month given twice.
    """
    _dispatch(holder, period, lambda _: _amount(holder, period, _owned(holder, array), MOST_VISITS))


def minutes_per_visit(holder: Any, period: Period, array: Any) -> None:
    """Set normed minutes per visit: from 0 to a week's minutes; the norm itself where nothing is given.

    Raises:
        SituationError: a number out of bounds, or a month given twice.
    """

    def check(first_month: Period) -> Any:
        given = _owned(holder, array)
        norm = _parameters(holder, first_month).normtid.minutter_per_besoek
        return _amount(holder, period, numpy.where(given == NOT_GIVEN, norm, given), MOST_MINUTES)

    _dispatch(holder, period, check)


def _amount(holder: Any, period: Period, amount: Any, most: float) -> Any:
    refuse(
        holder, period, ~((amount >= 0) & (amount <= most)), _("it is a number from 0 to {most:.0f}.").format(most=most)
    )
    return amount


def default_frame(agencies: Any, period: Period, amount: Any) -> Any:
    """Return the frame of an agency for which no frame is given at all, in whole kroner.

    Raises:
        SituationError: more than one agency; or a frame is given, but for another year.
    """
    given = memory(agencies.get_holder("etat_budsjettramme")).get("given_for", [])
    if given:
        raise SituationError(
            ["etater", str(agencies.ids[0]), "etat_budsjettramme", str(given[0])],
            _(
                "etat_budsjettramme is given for {given}, and {period} is asked for. Give the frame of "
                "{period}, too; or give none at all, for the default frame."
            ).format(given=", ".join(map(str, given)), period=period),
        )
    if agencies_in_a_draw(agencies) > 1:
        names = ", ".join(map(str, agencies.ids[:3]))
        raise SituationError(
            ["etater"],
            _(
                "{count} agencies give no frame, the first of them {names}. The default frame is "
                "Bergen's and can be used by one. Send 'etat_budsjettramme' for each, in whole kroner; "
                "and check that each user is listed in the agency that it belongs to."
            ).format(count=agencies.count, names=names),
        )
    return krone(amount)


def only_grant(agencies: Any, period: Period, amount: Any) -> Any:
    """Return the reform's grant, in whole kroner, to the one agency (T-20), where no grant is given at all.

    Raises:
        SituationError: more than one agency; or a grant is given, but for another year.
    """
    name, given = (
        "etat_tillitsreform_styrking",
        memory(agencies.get_holder("etat_tillitsreform_styrking")).get("given_for", []),
    )
    if given:
        raise SituationError(
            ["etater", str(agencies.ids[0]), name, str(given[0])],
            _("{name} is given for {given}, and {period} is asked for. Give it for {period}, too.").format(
                name=name, given=", ".join(map(str, given)), period=period
            ),
        )
    if agencies_in_a_draw(agencies) > 1 and numpy.any(krone(amount)):
        raise SituationError(
            ["etater"],
            _(
                "The reform's {kroner:.0f} kroner went to one agency, and there are {count}. Send "
                "'{name}' for each, in whole kroner: 0 for one that gets none."
            ).format(kroner=numpy.max(krone(amount)), count=agencies.count, name=name),
        )
    return krone(amount)


def frame(holder: Any, period: Period, array: Any) -> None:
    """Set the agencies' frames in whole kroner, from 0 upwards, for all of them.

    Raises:
        SituationError: an amount that is negative, not finite or not whole; an agency without one beside one that has.
    """
    _for_each_agency(
        holder, period, array, _("Send its frame, in whole kroner: the default frame is for who gives none.")
    )
    refuse(holder, period, _owned(holder, array) < 0, _("a frame is 0 kroner or more."))


def grant(holder: Any, period: Period, array: Any) -> None:
    """Set the reform's grant to the agencies in whole kroner, for all of them.

    Raises:
        SituationError: an amount that is not finite or not whole; an agency without one beside one that has.
    """
    _for_each_agency(holder, period, array, _("Send its grant, in whole kroner, too: 0 if it gets none."))


def _for_each_agency(holder: Any, period: Period, array: Any, advice: str) -> None:
    missing = _("it is given for other agencies, and not for this one. {advice}").format(advice=advice)
    refuse(holder, period, as_array(holder, array) == NOT_GIVEN, missing)
    whole_kroner(holder, period, array)
    memory(holder).setdefault("given_for", []).append(period)


def whole_kroner(holder: Any, period: Period, array: Any) -> None:
    """Set an amount of whole kroner.

    Raises:
        SituationError: an amount that is not finite or not whole.
    """
    kroner = _owned(holder, array)
    exact = (numpy.abs(kroner) <= MOST_KRONER) & (kroner == numpy.floor(kroner))
    refuse(holder, period, ~exact, _("send whole kroner."))
    keep(holder, period, kroner)


def kroner_by_month(holder: Any, period: Period, array: Any) -> None:
    """Set an amount of a month: whole kroner from 0 upwards, and no amount of a year, which would be every month's.

    Raises:
        SituationError: an amount that is negative or not whole, or given for a year.
    """
    if period.unit != DateUnit.MONTH:
        everyone = numpy.ones(holder.population.count, dtype=bool)
        refuse(holder, period, everyone, _("it is given by month. Say in which month the money comes."))
    kroner = _owned(holder, array)
    refuse(holder, period, kroner < 0, _("it is 0 kroner or more."))
    whole_kroner(holder, period, kroner)
    memory(holder).setdefault("given_by", {})[period] = period


def kroner_of_unit(holder: Any, period: Period, array: Any) -> None:
    """Set a unit's own kroner, the director's or what it carried over: whole, and 0 for a unit without users.

    Raises:
        SituationError: kroner that are not whole, or given to a unit without users.
    """
    _refuse_without_users(holder, period, as_array(holder, array))
    whole_kroner(holder, period, array)


def driving_time(holder: Any, period: Period, array: Any) -> None:
    """Set a unit's driving time: hours from 0 to a million, and 0 for a unit without users.

    Raises:
        SituationError: hours out of bounds, or given to a unit without users.
    """
    hours = _amount(holder, period, _owned(holder, array), MOST_DRIVING)
    _refuse_without_users(holder, period, hours)
    keep(holder, period, hours)


def yearly_amount(holder: Any, period: Period, array: Any) -> None:
    """Set a yearly input that is a number from 0 to what is counted one by one.

    Raises:
        SituationError: a number out of bounds.
    """
    keep(holder, period, _amount(holder, period, _owned(holder, array), MOST_KRONER))


def sum_of_frame(agencies: Any, year: Period, *parts: FloatArray) -> FloatArray:
    """Return the kroner of agencies from all parts of their frames, where a float counts them one by one.

    Raises:
        SituationError: they are below 0, or more than 2^53.
    """
    message = _("with what comes beside it, it makes a frame that is not from 0 to {most:.0f} kroner.").format(
        most=MOST_KRONER
    )
    kroner = sum(part.astype(numpy.int64) for part in parts)  # as floats, 2^53 + 1 is 2^53
    refuse(agencies.get_holder("etat_budsjettramme"), year, (kroner < 0) | (kroner > int(MOST_KRONER)), message)
    return sum(parts)  # type: ignore[return-value]


def refuse_other_services(units: Any, year: Period, variable: str, amount: Any) -> None:
    """Refuse an amount of a unit of other services, which stands outside the pots of the home-based services.

    Raises:
        SituationError: such a unit has an amount other than 0.
    """
    if amount.any():
        other = ~units("enhet_i_hjemmetjenestene", year) & (amount != 0)
        message = _(
            "the unit is of other services (enhet_tjenesteomraade ANDRE) and takes no part in this. Leave it out."
        )
        refuse(units.get_holder(variable), year, other, message)


def refuse_less_than_nothing(units: Any, year: Period, given: FloatArray) -> None:
    """Refuse what the director takes from a unit, or what it owes from last year, beyond all that it is given.

    Raises:
        SituationError: a unit is given less than 0 kroner.
    """
    if (given < 0).any():
        names = ("enhet_etatsdirektoer_omfordeling", "enhet_overfoert_fra_i_fjor")
        name = next(name for name in names if (units(name, year)[given < 0] < 0).any())
        less = given.min()
        message = _(
            "it takes more from the unit than this regulation gives it, which would be left with {less:.0f} kroner."
        ).format(less=less)
        refuse(units.get_holder(name), year, given == less, message)


def _refuse_without_users(holder: Any, period: Period, array: Any) -> None:
    if not array.any() or holder.population.members_entity_id is None:
        return
    refuse(
        holder,
        period,
        without_users(holder.population) & (array != 0),
        _("the unit has no users, and so belongs to no agency. Leave the amount out, or list the unit's users."),
    )

"""Sums over users of paths on which only the users by category are known: hours go with the mean of the category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy

from openfisca_bergen_hbt.analysis.flows.counting import NONE
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.money import FloatArray, sum_by
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages.exact import carried, in_two_parts, rounded
from openfisca_bergen_hbt.rules.stages.sums import (
    Sums,
    counts,
    counts_in_both,
    hours_by_category,
    hours_of_months,
    hours_over_80,
    of_draws,
)
from openfisca_bergen_hbt.simulate import year_period
from openfisca_bergen_hbt.text.language import _


def refuse_what_paths_lack(sums: Sums, year: int) -> None:
    """Refuse sums that the users by category do not give.

    Raises:
        ValueError: hours of a year are given for users, or a reading follows single users from month to month.
    """
    names = {name for name, _when in sums}
    if counts_in_both.__name__ in names:
        raise ValueError(
            _("A reading that follows single users past 80 hours can't be drawn. Give --method held, or no reading.")
        )
    if (hours_of_months.__name__, year_period(year)) not in sums:
        raise ValueError(_("Hours of a whole year are given, and a forecast goes month by month: give hours a week."))


def with_counts(people: Population, sums: Sums, year: int, by_month: Mapping[int, Any]) -> Sums:
    """Return the sums of draws on which the users by category are others in some months.

    Hours are those of the sums, and for each user more or fewer the mean of the category in the month: of the unit, of
    the etat where the unit has nobody there, and of the etat in all months where it has nobody either.

    Args:
        people: whose sums they are.
        sums: of one path, from which the others are told.
        year: the calendar year.
        by_month: users by draw, unit and category, shape (draws, units, 7), by the month's number; whole or expected.
    """
    units, period = len(people.unit_names), year_period(year)
    draws = len(next(iter(by_month.values())))
    found = dict(of_draws(sums, numpy.zeros(draws, dtype=numpy.intp), units))
    of_year = found[hours_of_months.__name__, period].copy()
    users_of_year, hours_of_year = (
        numpy.sum([of(sums[name, month]) for month in months(period)], axis=0)
        for name, of in ((counts.__name__, numpy.asarray), (hours_by_category.__name__, rounded))
    )
    usual = _mean_of_etat(people, users_of_year, hours_of_year)
    for number, drawn in by_month.items():
        month = months(period)[number - 1]
        own, hours = sums[counts.__name__, month], sums[hours_by_category.__name__, month]
        mean = mean_hours(people, own, rounded(hours), usual)
        more = (drawn - own[None]).reshape(-1, drawn.shape[-1])
        more[:, NONE] = 0
        plus = numpy.stack(in_two_parts(more * numpy.tile(mean, (draws, 1))), axis=-1)
        now = carried(numpy.tile(hours, (draws, 1, 1)) + plus)
        found[counts.__name__, month] = drawn.reshape(-1, drawn.shape[-1])
        found[hours_by_category.__name__, month] = now
        found[hours_over_80.__name__, month] = now[:, -1]
        of_year[:, number - 1 if of_year.shape[1] > 1 else 0] += plus.sum(axis=1)
    found[hours_of_months.__name__, period] = carried(of_year)
    return found


def mean_hours(people: Population, users: Any, hours: FloatArray, usual: FloatArray) -> FloatArray:
    """Return the mean hours of each category's users, shape (units, 7): the unit's, else its etat's, else the usual."""
    etat = people.agency_of_unit
    of_etat = _mean_of_etat(people, users, hours)
    known = numpy.where(of_etat > 0, of_etat, usual)
    found: FloatArray = numpy.where(users > 0, _ratio(hours, users), known[etat])
    return found


def _mean_of_etat(people: Population, users: Any, hours: FloatArray) -> FloatArray:
    """Return the mean hours of each category's users by etat, 0 where there are none."""
    etater, categories = len(people.agency_names), users.shape[1]
    summed, counted = (
        numpy.stack([sum_by(people.agency_of_unit, of[:, number], etater) for number in range(categories)], axis=1)
        for of in (hours, users)
    )
    return _ratio(summed, counted)


def _ratio(part: FloatArray, whole: Any) -> FloatArray:
    found: FloatArray = numpy.divide(part, whole, out=numpy.zeros(part.shape), where=whole > 0)
    return found

"""Hours of need: bounds that a computed number can break too, and the sum over a year."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.rules.groups import BLOCK
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.rules.months import months


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
        f"besoek_per_uke times normtid_minutter_per_besoek of '{user}' in {month} make more hours a week than {most}. "
        "Check the visits a week and the minutes per visit.",
    )


def yearly_hours(users: Any, year: Period, parameters: Any) -> FloatArray:
    """Return each user's decided hours in a year: the sum over months of hours a week times weeks a month.

    Months that hold the same array are added up as one.
    """
    alike: dict[tuple[int, float], list[FloatArray]] = {}
    for month in months(year):
        hours = users("timer_per_uke", month)
        alike.setdefault((id(hours), parameters(month).tid.uker_per_aar), []).append(hours)
    if len(alike) == 1:
        (((_, weeks_a_year), (hours, *_)),) = alike.items()
        return hours * weeks_a_year
    parts = [(same[0], len(same) * weeks_a_year) for (_, weeks_a_year), same in alike.items()]
    scale = parts[0][1]
    total = numpy.empty(users.count)
    for start in range(0, users.count, BLOCK):
        block = slice(start, start + BLOCK)
        hours_in_block = numpy.zeros(len(total[block]))
        for hours, weight in parts:
            hours_in_block += hours[block] if weight == scale else hours[block] * (weight / scale)
        total[block] = hours_in_block * scale / 12
    return total

"""Paths through the months of a year: shares, what they add up to, and claims on the pool over 80 hours.

A variable that reaches itself at an earlier month is silently given its default by core. So a path is kept for the
year and carried on month by month from what it is made of, and each month's variable is read from it; the answer is
the same whichever month is asked for first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.core import memory, values_by_period
from openfisca_bergen_hbt.rules.groups import agency_value, sum_units
from openfisca_bergen_hbt.rules.money import FloatArray, krone
from openfisca_bergen_hbt.rules.months import january, months_so_far

Carried = TypeVar("Carried")


def change(agencies: Any, points: FloatArray, distribution: FloatArray) -> FloatArray:
    """Return each agency's change in the mix of users: half the sum of its units' absolute differences in share."""
    return sum_units(agencies, numpy.abs(points - distribution)) / 2


def is_material(changed: FloatArray, threshold: float) -> Any:
    """Return whether each agency's change, rounded to 9 decimals, reaches the threshold."""
    return numpy.round(changed, 9) >= threshold


def distribution_share(units: Any, month: Period, parameters: Any) -> FloatArray:
    """Return the shares that a month's money is distributed by.

    January: the share of points. Later: where the month before saw a material change, that month's share of points;
    else the shares of the month before.
    """

    def carry_on(share: FloatArray | None, earlier: Period, points: FloatArray) -> FloatArray:
        if share is None or points is share:
            return points
        threshold = parameters(earlier).omfordeling.terskel
        material = is_material(change(units.simulation.etat, points, share), threshold)
        return numpy.where(agency_value(units, material), points, share) if material.any() else share

    # January's own share of points, and then for each month the share of points that was seen the month before.
    seen = [january(month), *months_so_far(month)[:-1]]
    return _path(units, "enhet_poengandel", seen, carry_on)


class SharedOut(NamedTuple):
    """What has been shared out to and including a month."""

    #: The sum of the unit's distribution shares.
    shares: FloatArray
    #: How many of the months any unit of the agency had a share in.
    months: FloatArray


def shared_out(units: Any, month: Period) -> SharedOut:
    """Return what has been shared out from January to and including a month."""
    agencies = units.simulation.etat

    def carry_on(before: SharedOut | None, _: Period, share: FloatArray) -> SharedOut:
        counted = (sum_units(agencies, share) > 0).astype(numpy.float64)
        return SharedOut(before.shares + share, before.months + counted) if before else SharedOut(share, counted)

    return _path(units, "enhet_fordelingsandel", list(months_so_far(month)), carry_on)


def claims_so_far(agencies: Any, month: Period) -> FloatArray:
    """Return what each agency's units have claimed from the pool over 80 hours to and including a month."""

    def carry_on(before: FloatArray | None, _: Period, claims: FloatArray) -> FloatArray:
        claimed = krone(sum_units(agencies, claims))
        return claimed if before is None else before + claimed

    return _path(agencies.simulation.enhet, "enhet_krav_over_80", list(months_so_far(month)), carry_on)


def _path(
    units: Any, variable: str, over: list[Period], carry_on: Callable[[Carried | None, Period, FloatArray], Carried]
) -> Carried:
    """Carry a path on over periods, from the step that is kept for the longest part already gone.

    A step that is kept is used only while the variable still holds the array that the step was made of.
    """
    kept: list[tuple[FloatArray, Carried]] = memory(units.simulation).setdefault((variable, over[0]), [])
    held = values_by_period(units, variable)
    gone = 0
    while gone < min(len(kept), len(over)) and held.get(over[gone]) is kept[gone][0]:
        gone += 1
    if gone < len(over):
        del kept[gone:]
        for period in over[gone:]:
            values = units(variable, period)
            kept.append((values, carry_on(kept[-1][1] if kept else None, period, values)))
    return kept[len(over) - 1][1]

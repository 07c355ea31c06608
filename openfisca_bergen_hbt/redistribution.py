"""The path of redistribution through a year: computed in one go, from the points of its months.

A variable that reaches itself at an earlier month is silently given its default by core, so the path is a function
of the months' shares of points, and each month's distribution share is read from it.
"""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt.groups import of_agency, sum_units
from openfisca_bergen_hbt.money import FloatArray
from openfisca_bergen_hbt.months import january, months_so_far, shared


def change(agencies: Any, points: FloatArray, distribution: FloatArray) -> FloatArray:
    """Return each agency's change in the mix of users: half the sum of its units' absolute differences in share."""
    return sum_units(agencies, numpy.abs(points - distribution)) / 2


def is_material(changed: FloatArray, threshold: float) -> Any:
    """Return whether each agency's change, rounded to 9 decimals, reaches the threshold."""
    return numpy.round(changed, 9) >= threshold


def distribution_shares(units: Any, month: Period, parameters: Any) -> FloatArray:
    """Return the shares that a month's money is distributed by.

    January: the share of points. Later: where the month before saw a material change, that month's share of points;
    else the shares of the month before.

    Args:
        units: the population of units.
        month: the month asked for.
        parameters: the parameters as a function of the period.
    """
    shares = units("enhet_poengandel", january(month))
    for earlier in months_so_far(month)[:-1]:
        points = units("enhet_poengandel", earlier)
        if points is not shares:
            threshold = parameters(earlier).omfordeling.terskel
            shares = shared(units.simulation, _next_shares, [points, shares, units], threshold)
    return shares


def _next_shares(points: FloatArray, shares: FloatArray, units: Any, threshold: float) -> FloatArray:
    material = is_material(change(units.simulation.etat, points, shares), threshold)
    return numpy.where(of_agency(units, material), points, shares) if material.any() else shares

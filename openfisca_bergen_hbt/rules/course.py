"""The year's course: shares, what they add up to, and what is paid from the pool over 80 hours, month by month.

A variable that reaches itself at an earlier month is silently given its default by core. So a path is kept for the
year and carried on month by month from what it is made of, and each month's variable is read from it; the answer is
the same whichever month is asked for first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.categories import points_followed
from openfisca_bergen_hbt.rules.core import memory, values_by_period
from openfisca_bergen_hbt.rules.groups import agency_value, share_of_agency, sum_units
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, krone
from openfisca_bergen_hbt.rules.months import january, months, months_so_far, year_of
from openfisca_bergen_hbt.rules.stages.drawn import asked_by
from openfisca_bergen_hbt.rules.stages.sums import FOLLOWS_USERS
from openfisca_bergen_hbt.rules.switches import holds

Carried = TypeVar("Carried")
#: The months after which a change is judged, where it is judged by thirds of the year (T-13 read otherwise).
THIRDS = (4, 8)


class Holding(NamedTuple):
    """What the shares that hold were made of, in the month in which they were seen; agencies differ in that month."""

    #: The units' shares of points, and their points.
    shares: FloatArray
    points: FloatArray
    #: Where users who pass 80 hours are followed (T-15 read otherwise): the number of the month, by unit.
    since: IndexArray | None = None


def change(agencies: Any, points: FloatArray, distribution: FloatArray) -> FloatArray:
    """Return each agency's change in the mix of users: half the sum of its units' absolute differences in share."""
    return sum_units(agencies, numpy.abs(points - distribution)) / 2


def distribution_share(units: Any, month: Period, parameters: Any) -> FloatArray:
    """Return the shares that a month's money is distributed by.

    January: the share of points. Later: where the month before saw a material change, that month's share of points;
    else the shares of the month before. Where users who pass 80 hours are followed (T-15 read otherwise), the users
    weigh as they did then, but for those who have passed 80 hours, upwards or downwards.
    """
    holding = _holding(units, month, parameters)
    if holding.since is None:
        return holding.shares
    return share_of_agency(units, _points_that_hold(units, month, holding, parameters))


def material_change(agencies: Any, month: Period, parameters: Any) -> Any:
    """Return whether each agency sees a material change: its change, rounded to 9 decimals, reaches the threshold.

    T-8 and T-13 can be read otherwise: by each unit's own points, and only at the end of a third of the year.
    """
    units = agencies.simulation.enhet
    return _is_material(units, month, _holding(units, month, parameters), units("enhet_poengandel", month), parameters)


def _holding(units: Any, month: Period, parameters: Any) -> Holding:
    """Return what the shares that hold in a month were made of."""

    def carry_on(holding: Holding | None, seen: Period, shares: FloatArray) -> Holding:
        if holding is None:
            return _seen(units, seen, shares)
        if shares is holding.shares and holding.since is None:
            return holding
        material = _is_material(units, seen, holding, shares, parameters)
        return _moved(units, material, _seen(units, seen, shares), holding) if material.any() else holding

    # January's own share of points, and then for each month the share of points that was seen the month before.
    seen = [january(month), *months_so_far(month)[:-1]]
    return _path(units, "enhet_poengandel", seen, carry_on)


def _seen(units: Any, month: Period, shares: FloatArray) -> Holding:
    points = units("enhet_kategoripoeng", month)
    follows = holds(units, FOLLOWS_USERS, month)
    return Holding(shares, points, numpy.full(len(points), month.start.month) if follows else None)


def _moved(units: Any, material: Any, seen: Holding, holding: Holding) -> Holding:
    """Return what holds from now on: in agencies with a material change, what was seen."""
    moved = agency_value(units, material)
    since = None if seen.since is None or holding.since is None else numpy.where(moved, seen.since, holding.since)
    shares = numpy.where(moved, seen.shares, holding.shares)
    return Holding(shares, numpy.where(moved, seen.points, holding.points), since)


def _points_that_hold(units: Any, month: Period, holding: Holding, parameters: Any) -> FloatArray:
    """Return the units' points of the month whose shares hold, with users followed who have passed 80 hours since."""
    points = holding.points
    if holding.since is not None:
        for number in numpy.unique(holding.since):
            followed = points_followed(units, months(month)[number - 1], month, parameters)
            points = numpy.where(holding.since == number, followed, points)
    return points


def _is_material(units: Any, month: Period, holding: Holding, shares: FloatArray, parameters: Any) -> Any:
    agencies = units.simulation.etat
    if holds(units, "etat_endring_i_tertial", month) and month.start.month not in THIRDS:
        return agencies.filled_array(False)  # noqa: FBT003 (a yes or no for each agency)
    threshold = asked_by(agencies, parameters)(month).omfordeling.terskel
    if holds(units, "etat_endring_per_enhet", month):
        threshold = asked_by(units, parameters)(month).omfordeling.terskel
        before = _points_that_hold(units, month, holding, parameters)
        moved = numpy.abs(units("enhet_kategoripoeng", month) - before)
        relative = numpy.divide(moved, before, out=numpy.where(moved > 0, numpy.inf, 0.0), where=before > 0)
        return sum_units(agencies, numpy.round(relative, 9) >= threshold) > 0
    held = holding.shares
    if holding.since is not None:
        held = share_of_agency(units, _points_that_hold(units, month, holding, parameters))
    return numpy.round(change(agencies, shares, held), 9) >= threshold


class SharedOut(NamedTuple):
    """What has been shared out to and including a month."""

    #: The sum of the unit's distribution shares; those of the last month with any, where a change re-divides the year.
    shares: FloatArray
    #: How many of the months any unit of the agency had a share in.
    months: FloatArray


def shared_out(units: Any, month: Period) -> SharedOut:
    """Return what has been shared out from January to and including a month."""
    agencies = units.simulation.etat
    whole_year = holds(units, "etat_omfordeling_hele_aaret", month)

    def carry_on(before: SharedOut | None, _: Period, share: FloatArray) -> SharedOut:
        counted = (sum_units(agencies, share) > 0).astype(numpy.float64)
        if before is None:
            return SharedOut(share, counted)
        shares = (
            numpy.where(agency_value(units, counted) > 0, share, before.shares) if whole_year else before.shares + share
        )
        return SharedOut(shares, before.months + counted)

    return _path(units, "enhet_fordelingsandel", list(months_so_far(month)), carry_on)


class Paid(NamedTuple):
    """What has been paid for users over 80 hours to and including a month."""

    from_pool: FloatArray
    from_reserve: FloatArray
    #: From both in the month itself.
    in_month: FloatArray


def paid_over_80(agencies: Any, month: Period) -> Paid:
    """Return what has been paid for users over 80 hours: from the pool, and where it bears claims from the reserve."""
    year = year_of(month)
    pool = agencies("etat_pott_over_80", year)
    by_twelfths = holds(agencies, "etat_pott_i_maanedsrater", month)
    from_reserve = holds(agencies, "etat_reserven_dekker_krav", month)
    reserve = numpy.maximum(0, agencies("etat_reserve_foer_krav", year)) if from_reserve else numpy.zeros(len(pool))

    def carry_on(before: Paid | None, now: Period, claims: FloatArray) -> Paid:
        paid = before or Paid(*numpy.zeros((3, len(pool))))
        claimed = krone(sum_units(agencies, claims))
        payable = krone(pool * now.start.month / 12) if by_twelfths else pool
        pays = numpy.maximum(0, numpy.minimum(claimed, payable - paid.from_pool))
        helps = numpy.minimum(claimed - pays, reserve - paid.from_reserve)
        return Paid(paid.from_pool + pays, paid.from_reserve + helps, pays + helps)

    made_of = (pool.tobytes(), reserve.tobytes(), by_twelfths)
    return _path(agencies.simulation.enhet, "enhet_krav_over_80", list(months_so_far(month)), carry_on, *made_of)


def paid_in(agencies: Any, month: Period) -> FloatArray:
    """Return what is paid for users over 80 hours in a month, from pool and reserve together."""
    return paid_over_80(agencies, month).in_month


def _path(
    units: Any,
    variable: str,
    over: list[Period],
    carry_on: Callable[[Carried | None, Period, FloatArray], Carried],
    *made_of: Hashable,
) -> Carried:
    """Carry a path on over periods, from the step that is kept for the longest part already gone.

    A step that is kept is used only while the variable still holds the array that the step was made of.
    """
    kept: list[tuple[FloatArray, Carried]] = memory(units.simulation).setdefault((variable, over[0], *made_of), [])
    held = values_by_period(units, variable)
    gone = 0
    for period, (values, _) in zip(over, kept, strict=False):
        if held.get(period) is not values:
            break
        gone += 1
    if gone < len(over):
        del kept[gone:]
        for period in over[gone:]:
            values = units(variable, period)
            kept.append((values, carry_on(kept[-1][1] if kept else None, period, values)))
    return kept[len(over) - 1][1]

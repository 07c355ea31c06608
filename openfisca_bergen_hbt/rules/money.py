"""Whole kroner: rounding, and splitting a pot so that the parts add up to it."""

from __future__ import annotations

from typing import Any, overload

import numpy
from numpy.typing import NDArray

FloatArray = NDArray[numpy.float64]
IndexArray = NDArray[numpy.intp]

#: The most kroner that a 64-bit float counts one by one.
MOST_KRONER = 2.0**53


@overload
def krone(amount: float) -> float: ...
@overload
def krone(amount: FloatArray) -> FloatArray: ...
def krone(amount: Any) -> Any:
    """Round to whole kroner, halves upwards."""
    whole = numpy.floor(amount)
    return whole + (amount - whole >= 0.5)  # noqa: PLR2004 (a half; added to an amount of 2^52 it would be lost)


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, with 0 where there is nothing to divide by; where it is next to nothing, what comes is not finite."""
    with numpy.errstate(over="ignore"):
        return numpy.divide(part, whole, out=numpy.zeros(len(whole)), where=whole > 0)


def sum_by(group: IndexArray, values: NDArray[Any], groups: int) -> FloatArray:
    """Add up ``values`` by ``group``; what belongs to no group (index -1) is left out."""
    return numpy.bincount(group + 1, values, groups + 1)[1:].astype(numpy.float64, copy=False)


def largest_remainder(pot: FloatArray, weights: FloatArray, group: IndexArray) -> FloatArray:
    """Split each group's pot among its members in proportion to their weights, in whole kroner.

    Each quota ``pot * w / sum(w)`` is rounded to 1/1000 krone, so that float noise decides no tie (and left unrounded
    in a group where the rounded floors would exceed the pot), and its floor is given. The kroner left go to the largest
    fractions, ties to the larger floor, then to the first listed.

    Args:
        pot: whole kroner, one for each group.
        weights: not negative, one for each member.
        group: the group of each member; -1 for a member of none, which gets 0.

    Returns:
        Whole kroner, one for each member. They add up to the pot in a group where the pot is above 0 and some weight
        is; in any other group nothing is distributed.
    """
    given = numpy.zeros(len(weights))
    (members,) = ((weights > 0) & (group >= 0) & (pot[group] > 0)).nonzero()
    if not len(members):
        return given
    member_group = group[members]
    member_weights = weights[members]
    total = numpy.bincount(member_group, member_weights, len(pot))
    quota = pot[member_group] * member_weights / total[member_group]
    thousandths = numpy.rint(quota * 1000)
    floors = numpy.floor(thousandths / 1000)
    members_of = numpy.bincount(member_group, minlength=len(pot))
    left = pot - numpy.bincount(member_group, floors, len(pot))
    if numpy.count_nonzero((left < 0) | (left > members_of)):
        unrounded = (left < 0)[member_group]
        thousandths[unrounded] = quota[unrounded] * 1000
        floors[unrounded] = numpy.floor(quota[unrounded])
        left = pot - numpy.bincount(member_group, floors, len(pot))
        fraction = thousandths - floors * 1000
        left -= _borne_by_the_largest(floors, member_group, left)
    else:
        fraction = thousandths - floors * 1000
    order = numpy.lexsort((-floors, -fraction, member_group))
    a_krone_more = members_of.cumsum() - members_of + left
    floors[order[numpy.arange(len(order)) < a_krone_more[member_group[order]]]] += 1
    given[members] = floors
    return given


def _borne_by_the_largest(floors: FloatArray, group: IndexArray, left: FloatArray) -> FloatArray:
    """Have the largest part of each group bear what is left beyond a krone for each member, or below nothing.

    Quotas of pots near 2^53 kroner are rounded to whole kroner or halves themselves.

    Returns:
        What the largest parts bore, for each group.
    """
    members = numpy.bincount(group, minlength=len(left))
    within = numpy.minimum(numpy.maximum(left, 0), members)
    astray = numpy.where(members > 0, left - within, 0)
    if astray.any():
        by_size = numpy.lexsort((floors, group))
        last = numpy.searchsorted(group[by_size], numpy.flatnonzero(astray), side="right") - 1
        floors[by_size[last]] += astray[astray != 0]
    return astray

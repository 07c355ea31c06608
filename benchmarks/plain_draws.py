"""The law in force for one agency and one year, for many draws of its numbers: vectorised NumPy, written by hand.

As ``plain_numpy``, with an axis of draws before that of the units. Users are counted once: no number drawn moves them.
"""

import numpy
from plain_numpy import BOUNDS, krone

OVERSPEND, HOURS_OF_2019, GRANT = 51_784_341, 1_101_101, 14_000_000


def split(pots, weights):
    """Split each draw's pot by largest remainder."""
    totals = weights.sum(axis=1, keepdims=True)
    some = (pots[:, None] > 0) & (totals > 0)
    quota = numpy.round(pots[:, None] * weights / numpy.where(some, totals, 1), 3)
    floors = numpy.floor(quota)
    left = pots - floors.sum(axis=1)
    order = numpy.lexsort((-floors, -numpy.round(quota - floors, 3)), axis=1)
    rank = numpy.argsort(order, axis=1)
    return numpy.where(some, floors + (rank < left[:, None]), 0.0)


def users(months, unit, units):
    """Return by month and unit: users by category, hours over 80, and hours."""
    found = []
    for hours in months:
        category = numpy.where(hours > 0, numpy.searchsorted(BOUNDS, hours, side="right"), 0)
        counts = numpy.bincount(unit * 7 + category, minlength=units * 7).reshape(units, 7)
        over_80 = numpy.bincount(unit, numpy.where(category == 6, hours, 0), units)
        found.append((counts, over_80, numpy.bincount(unit, hours, units)))
    return [numpy.array(values) for values in zip(*found, strict=True)]


def year(counted, driving, drawn):
    """Compute the year in each draw: ``drawn`` holds arrays of numbers by name, and ``weights`` by draw and category.

    Returns:
        Results by name, by draw, or by draw and unit.
    """
    counts, over_80, hours = counted
    frame_of_2019 = OVERSPEND / drawn["overspend"]
    grant = GRANT * drawn["passed_on"]
    frame = krone(frame_of_2019 - grant) + krone(grant)
    price = numpy.round((frame_of_2019 + OVERSPEND) / HOURS_OF_2019, 7)
    weeks = drawn["weeks"]
    cost = krone(price * hours.sum() * weeks / 12)

    in_january, january_over_80 = hours[0].sum(), over_80[0].sum()
    distance = krone(frame * drawn["distance"]) if driving.any() else numpy.zeros(len(frame))
    reserve = krone(frame * drawn["reserve"])
    rest = frame - distance - reserve
    pool = krone(rest * january_over_80 / in_january)
    pot = rest - pool

    points = [drawn["weights"] @ of_month.T for of_month in counts]
    shares = [of_month / of_month.sum(axis=1, keepdims=True) for of_month in points]
    allocation = split(pot, points[0])
    holding, summed = shares[0], numpy.zeros_like(shares[0])
    for share in shares:
        summed = summed + holding
        change = numpy.round(numpy.abs(share - holding).sum(axis=1) / 2, 9)
        holding = numpy.where((change >= drawn["threshold"])[:, None], share, holding)
    of_categories = split(pot, summed)

    an_hour = rest / (in_january * weeks)
    paid, uncovered, left = numpy.zeros_like(summed), numpy.zeros(len(frame)), pool
    for of_month in over_80:
        claims = of_month * (weeks * an_hour / 12)[:, None]
        claim = krone(claims.sum(axis=1))
        pay = numpy.minimum(claim, left)
        paid += split(pay, claims)
        uncovered += claim - pay
        left = left - pay

    direct = hours[0] - over_80[0]
    yardstick = pot[:, None] * direct / direct.sum()
    outcome = numpy.maximum(0, (1 - drawn["tolerance"])[:, None] * yardstick - allocation)
    compensation = split(numpy.minimum(reserve, krone(outcome.sum(axis=1))), outcome)
    saved = reserve - compensation.sum(axis=1)
    at_the_end = split(krone(saved * drawn["at_the_end"]), points[11])
    grants = split(distance, numpy.broadcast_to(driving, summed.shape))
    given = of_categories + grants + paid + compensation + at_the_end
    return {
        "etat_aktivitetskostnad": cost,
        "etat_disponibel_ramme": frame,
        "etat_samlet_tildeling": given.sum(axis=1),
        "etat_merforbruk": cost - frame,
        "etat_igjen_sentralt": frame - given.sum(axis=1),
        "etat_reserve_saldo": saved - at_the_end.sum(axis=1),
        "etat_udekket_over_80_i_aaret": uncovered,
        "etat_ufordelt": pot - of_categories.sum(axis=1) + distance - grants.sum(axis=1),
        "given": given,
    }

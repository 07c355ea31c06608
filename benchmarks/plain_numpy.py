"""The law in force for one agency and one year, as one would write it by hand in vectorised NumPy.

It is what the package's speed is held against: no periods, no dates, no explanations, the numbers written in.
"""

import numpy

BOUNDS = numpy.array([0, 1.5, 7.5, 15, 30, 80])
WEIGHTS = numpy.array([0, 0.75, 4.5, 11.25, 22.5, 55, 0])
PRICE, FRAME = 987.6216269, 1_021_686_820 + 14_000_000
WEEKS, RESERVE, TOLERANCE, DISTANCE, THRESHOLD = 52, 0.02, 0.05, 0.01, 0.05


def krone(amount):
    """Round to whole kroner."""
    return numpy.floor(amount + 0.5)


def split(pot, weights):
    """Split a pot by largest remainder."""
    total = weights.sum()
    if pot <= 0 or total == 0:
        return numpy.zeros(len(weights))
    quota = numpy.round(pot * weights / total, 3)
    floors = numpy.floor(quota)
    left = int(pot - floors.sum())
    fraction = numpy.round(quota - floors, 3)
    floors[numpy.lexsort((-floors, -fraction))[:left]] += 1
    return floors


def month_of_users(hours, unit, units):
    """Return what a month needs of the users: points, and hours over 80, by unit."""
    category = numpy.where(hours > 0, numpy.searchsorted(BOUNDS, hours, side="right"), 0)
    points = numpy.bincount(unit, WEIGHTS[category], units)
    over_80 = category == 6
    hours_over_80 = numpy.bincount(unit[over_80], hours[over_80], units)
    return category, points, hours_over_80


def year(hours, unit, units, driving, directors, *, share_unchanged):
    """Compute the year: ``hours`` holds twelve arrays of the users' hours a week.

    Returns:
        Results by name: by unit, by month and unit, or single figures.
    """
    months, last = [], None
    for index, hours_of_month in enumerate(hours):
        if last is None or not (share_unchanged and hours_of_month is hours[index - 1]):
            last = month_of_users(hours_of_month, unit, units)
        months.append(last)
    if share_unchanged and all(hours_of_month is hours[0] for hours_of_month in hours):
        yearly = hours[0] * WEEKS
    else:
        yearly = numpy.zeros(len(unit))
        for hours_of_month in hours:
            yearly += hours_of_month
        yearly *= WEEKS / 12
    unit_hours = numpy.bincount(unit, yearly, units)
    income = krone(PRICE * unit_hours)

    category, _, january_over_80 = months[0]
    counts = numpy.bincount(unit * 7 + category, minlength=units * 7).reshape(units, 7)
    direct = numpy.bincount(unit, numpy.where(category == 6, 0, hours[0]), units)
    total_hours = direct.sum() + january_over_80.sum()
    distance = krone(FRAME * DISTANCE) if driving.any() else 0.0
    reserve = krone(FRAME * RESERVE)
    rest = FRAME - distance - reserve
    pool = krone(rest * january_over_80.sum() / total_hours)
    pot = rest - pool

    shares = [points / points.sum() for _, points, _ in months]
    allocation = split(pot, months[0][1])
    distribution, changes = [shares[0]], []
    for month in range(12):
        change = round(numpy.abs(shares[month] - distribution[month]).sum() / 2, 9)
        changes.append(change)
        distribution.append(shares[month] if change >= THRESHOLD else distribution[month])
    so_far, summed = [], numpy.zeros(units)
    for month in range(12):
        summed = summed + distribution[month]
        so_far.append(split(krone(pot * (month + 1) / 12), summed))
    monthly = numpy.diff(so_far, axis=0, prepend=numpy.zeros((1, units)))

    cost = rest / (total_hours * WEEKS)
    paid, uncovered, left = [], [], pool
    for _, _, over_80 in months:
        claims = over_80 * (WEEKS / 12) * cost
        claim = krone(claims.sum())
        pay = min(claim, left)
        paid.append(split(pay, claims))
        uncovered.append(claim - pay)
        left -= pay

    yardstick = pot * direct / direct.sum()
    outcome = numpy.maximum(0, (1 - TOLERANCE) * yardstick - allocation)
    compensation = split(min(reserve, krone(outcome.sum())), outcome)
    grants = split(distance, driving)
    given = so_far[-1] + grants + numpy.sum(paid, axis=0) + compensation + directors
    return {
        "antall": counts,
        "enhet_vedtakstimer": unit_hours,
        "enhet_aktivitetsbasert_inntekt": income,
        "enhet_underdekning": income - given,
        "enhet_kategoritildeling": allocation,
        "enhet_ramme_hittil": numpy.array(so_far),
        "enhet_maanedsramme": monthly,
        "etat_endring_i_brukermassen": numpy.array(changes)[:, None],
        "enhet_tildeling_over_80": numpy.array(paid),
        "etat_udekket_over_80": numpy.array(uncovered)[:, None],
        "enhet_timebasert_ramme": yardstick,
        "enhet_reservekompensasjon": compensation,
        "enhet_avstandstilskudd": grants,
        "enhet_samlet_tildeling": given,
        "etat_reserve_saldo": numpy.array([reserve - compensation.sum() - directors.sum()]),
        "etat_ufordelt": numpy.array([pot - so_far[-1].sum() + distance - grants.sum()]),
        "etat_merforbruk": numpy.array([krone(PRICE * unit_hours.sum()) - FRAME]),
        "etat_aktivitetskostnad": numpy.array([krone(PRICE * unit_hours.sum())]),
    }

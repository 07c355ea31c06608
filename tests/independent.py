"""The rules once more, in plain Python and NumPy: written from the regulation's text, not from the package.

Slow and simple on purpose: one etat, one unit, one month at a time.
"""

import math

import numpy

BOUNDS = [(80, 6), (30, 5), (15, 4), (7.5, 3), (1.5, 2), (0, 1)]
WEIGHT = {0: 0, 1: 0.75, 2: 4.5, 3: 11.25, 4: 22.5, 5: 55, 6: 0}
TIMEPRIS = 987.6216269


def krone(x):
    return float(math.floor(x + 0.5))


def category(hours):
    if hours == 0:
        return 0
    return next(number for bound, number in BOUNDS if hours >= bound)


def largest_remainder(pot, weights):
    total = sum(weights)
    if total == 0 or pot <= 0:
        return [0.0] * len(weights)
    quotas = [round(pot * w / total, 3) for w in weights]
    if sum(math.floor(q) for q in quotas) > pot:
        quotas = [pot * w / total for w in weights]
    floors = [math.floor(q) for q in quotas]
    fractions = [round(q - f, 3) for q, f in zip(quotas, floors, strict=True)]
    order = sorted(range(len(weights)), key=lambda i: (-fractions[i], -floors[i], i))
    for i in order[: int(pot - sum(floors))]:
        floors[i] += 1
    return [float(f) for f in floors]


def one_agency(hours, units, frame, driving, director, *, year, law):  # noqa: PLR0915 (the rules in one go)
    """Compute one etat. ``hours``: for each of its units, for each month, the hours of its users."""
    closed = year >= 2018
    out = {}
    vedtakstimer = [sum(sum(month) for month in unit) * 52 / 12 for unit in hours]
    out["enhet_vedtakstimer"] = vedtakstimer
    out["etat_vedtakstimer"] = sum(vedtakstimer)
    income = [krone(TIMEPRIS * h) for h in vedtakstimer]
    out["enhet_aktivitetsbasert_inntekt"] = income
    out["etat_aktivitetskostnad"] = krone(TIMEPRIS * sum(vedtakstimer))
    grant = 14_000_000.0 if law and closed else 0.0
    available = frame + grant
    out["etat_disponibel_ramme"] = available
    months = range(12)
    cat = [[[category(h) if closed else 0 for h in month] for month in unit] for unit in hours]
    for number in range(1, 7):
        out[f"antall_kategori_{number}"] = [unit[0].count(number) for unit in cat]
    points = [[sum(WEIGHT[c] for c in month) for month in unit] for unit in cat]
    out["enhet_kategoripoeng"] = numpy.transpose(points)
    over = [
        [sum(h for h, c in zip(*pair, strict=True) if c == 6) for pair in zip(unit_h, unit_c, strict=True)]
        for unit_h, unit_c in zip(hours, cat, strict=True)
    ]
    direct = [
        sum(h for h, c in zip(unit_h[0], unit_c[0], strict=True) if 1 <= c <= 5)
        for unit_h, unit_c in zip(hours, cat, strict=True)
    ]
    distance = krone(available * 0.01) if closed and any(d > 0 for d in driving) else 0.0
    reserve = krone(available * 0.02) if closed else 0.0
    rest = available - distance - reserve if closed else 0.0
    h6 = sum(unit[0] for unit in over)
    h = sum(direct) + h6
    pool = krone(rest * h6 / h) if h else 0.0
    pot = rest - pool
    out |= {"etat_avstandspott": distance, "etat_sentral_reserve": reserve}
    out |= {"etat_pott_over_80": pool, "etat_kategoripott": pot}
    given_in_january = largest_remainder(pot, [unit[0] for unit in points])
    out["enhet_kategoritildeling"] = given_in_january

    share, distribution, changes = [], [], []
    for m in months:
        total = sum(unit[m] for unit in points)
        share.append([unit[m] / total if total else 0.0 for unit in points])
        if m == 0:
            distribution.append(share[0])
        else:
            distribution.append(share[m - 1] if changes[m - 1] >= 0.05 else distribution[m - 1])
        changes.append(round(sum(abs(s - d) for s, d in zip(share[m], distribution[m], strict=True)) / 2, 9))
    out["enhet_poengandel"], out["enhet_fordelingsandel"] = share, distribution
    out["etat_endring_i_brukermassen"] = changes
    out["etat_vesentlig_endring"] = [change >= 0.05 if closed else False for change in changes]
    so_far = []
    for m in months:
        n = sum(any(s > 0 for s in distribution[k]) for k in range(m + 1))
        sums = [sum(distribution[k][u] for k in range(m + 1)) for u in range(units)]
        so_far.append(largest_remainder(krone(pot * n / 12), sums))
    out["enhet_ramme_hittil"] = so_far
    out["enhet_maanedsramme"] = numpy.diff(so_far, axis=0, prepend=numpy.zeros((1, units)))
    frame_of_year = so_far[11]
    out["enhet_kategoriramme"] = frame_of_year
    grants = largest_remainder(distance, driving if closed else [0.0] * units)
    out["enhet_avstandstilskudd"] = grants

    cost = rest / (h * 52) if h else 0.0
    out["etat_kostnad_per_time"] = cost
    left, paid, uncovered, remaining, claims_by_month = pool, [], [], [], []
    for m in months:
        claims = [unit[m] * 52 / 12 * cost for unit in over]
        claim = krone(sum(claims))
        pay = min(claim, left)
        paid.append(largest_remainder(pay, claims))
        left -= pay
        uncovered.append(claim - pay)
        remaining.append(left)
        claims_by_month.append(claims)
    out["enhet_krav_over_80"], out["enhet_tildeling_over_80"] = claims_by_month, paid
    out["etat_rest_pott_over_80"], out["etat_udekket_over_80"] = remaining, uncovered

    yardstick = [pot * d / sum(direct) if sum(direct) else 0.0 for d in direct]
    outcome = [max(0.0, 0.95 * y - g) for y, g in zip(yardstick, given_in_january, strict=True)]
    compensation = largest_remainder(min(reserve, krone(sum(outcome))), outcome)
    out["enhet_timebasert_ramme"], out["enhet_urimelig_utslag"] = yardstick, outcome
    out["enhet_reservekompensasjon"] = compensation
    out["etat_reserve_saldo"] = reserve - sum(compensation) - sum(director) if closed else 0.0
    if law and closed:
        total = [
            frame_of_year[u] + grants[u] + sum(paid[m][u] for m in months) + compensation[u] + director[u]
            for u in range(units)
        ]
    else:
        total = income
    out["enhet_samlet_tildeling"] = total
    out["etat_samlet_tildeling"] = sum(total)
    out["etat_merforbruk"] = sum(total) - available
    out["etat_ufordelt"] = pot - sum(frame_of_year) + distance - sum(grants)
    out["enhet_underdekning"] = [i - t for i, t in zip(income, total, strict=True)]
    return out


def all_agencies(population, year, *, law):
    """Compute each etat of a population by itself, and put the units back in their places.

    Returns:
        By variable: an array whose last axis is the units or the etater.
    """
    hours = population.users["vurdert_timer_per_uke"]
    hours = hours if isinstance(hours, list) else [hours] * 12
    units, agencies = len(population.unit_names), len(population.agency_names)
    has_users = [bool((population.unit_of_user == u).any()) for u in range(units)]
    results = {}
    for agency in range(agencies):
        mine = [u for u in range(units) if has_users[u] and population.agency_of_unit[u] == agency]
        out = one_agency(
            [[[float(h) for h in month[population.unit_of_user == u]] for month in hours] for u in mine],
            len(mine),
            float(population.agencies["etat_budsjettramme"][agency]),
            [float(population.units["enhet_kjoeretid_per_uke"][u]) for u in mine],
            [float(population.units["enhet_etatsdirektoer_omfordeling"][u]) for u in mine],
            year=year,
            law=law,
        )
        for name, values in out.items():
            array = numpy.asarray(values, dtype=float)
            if name.startswith("etat_"):
                full = results.setdefault(name, numpy.zeros((*array.shape, agencies)))
                full[..., agency] = array
            else:
                shape = array.shape[:-1] if mine else results.get(name, numpy.zeros(units)).shape[:-1]
                full = results.setdefault(name, numpy.zeros((*shape, units)))
                if mine:
                    if full.ndim < array.ndim:
                        full = results[name] = numpy.zeros((*shape, units))
                    full[..., mine] = array
    return results

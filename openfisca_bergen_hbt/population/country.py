"""A made-up country: municipalities with units, users, frames and grants of their own, for what is to be tried at size.

Nothing of it is published but the points that the sizes are drawn through, and three ratios: the share of people who
get home services, and what Bergen's hours, visits and frame are to its users. The names are numbers, on purpose.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.derived import first_value
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, krone
from openfisca_bergen_hbt.text.language import Told, _, to_say

#: How many of the 356 municipalities of 1 January 2020 had more inhabitants than so many; the least had under 200, and
#: the largest more than 680 000 (NPK, «Færre små og fleire store kommunar», 9 January 2020).
MUNICIPALITIES = 356
LARGER_THAN = ((680_000, 0.5), (100_000, 7), (50_000, 19), (25_000, 44), (1_000, MUNICIPALITIES - 21), (200, 355.5))
#: Who got home services at the end of 2014, of the inhabitants on the day after (Statistics Norway, tables «Mottakarar
#: av heimetenester» of 24 June 2015 and «Folkemengd 1. januar» 2015).
SHARE_OF_PEOPLE = 180_027 / 5_165_802
#: Made up: users of a unit before the scale; how far units differ in hours and frames from their cost; driving.
USERS_OF_UNIT = 60
UNITS_DIFFER, FRAMES_DIFFER, DRIVING = 0.15, 0.1, 0.02
#: The year whose figures of Bergen the hours, visits and frames are in proportion to.
LIKE = 2019
SEED = 20200101
#: From here on the machine's memory is what would stop it.
MOST_USERS = 20_000_000
DESCRIPTION = to_say(
    "Oppdiktet land: {municipalities} kommuner med {units} enheter og {users} brukere. Bare størrelsene følger "
    "publiserte tall (folketall 2020, andelen med hjemmetjenester 2014); resten er trukket. Ingen data om "
    "virkelige kommuner."
)


def country(municipalities: int, scale: int = 1) -> Population:
    """Return so many municipalities, each with units, a frame and a grant; the same each time.

    Args:
        municipalities: how many; their sizes are quantiles of those of Norway's.
        scale: how many times as many users, in as many units.

    Raises:
        ValueError: more users than are made in memory.
    """
    random = numpy.random.RandomState(SEED)  # its numbers are the same in every version of NumPy
    users_of_etat = numpy.maximum(numpy.rint(_inhabitants(municipalities) * SHARE_OF_PEOPLE), 1).astype(numpy.intp)
    users_of_etat = users_of_etat[random.permutation(municipalities)]
    units_of_etat = -(-users_of_etat // USERS_OF_UNIT)
    etat_of_unit = numpy.repeat(numpy.arange(municipalities), units_of_etat)
    number = _number_within(units_of_etat)
    shared = users_of_etat[etat_of_unit] // units_of_etat[etat_of_unit]
    users_of_unit = scale * (shared + (number < users_of_etat[etat_of_unit] % units_of_etat[etat_of_unit]))
    if users_of_unit.sum() > MOST_USERS:
        most = scale * MOST_USERS // int(users_of_unit.sum())
        smaller = _("{number} users are more than are made in memory ({most}): give --scale {scale} at most.")
        fewer = _("{number} users are more than are made in memory ({most}): give fewer municipalities.")
        users = int(users_of_unit.sum())
        raise ValueError((smaller if most else fewer).format(number=users, most=MOST_USERS, scale=most))
    unit_of_user = numpy.repeat(numpy.arange(len(etat_of_unit)), users_of_unit)
    bergen = {figure: sum(float(row[figure]) for row in _bergen()) for figure in ("vedtakstimer", "brukere", "besoek")}
    hours = _hours(random, unit_of_user, len(etat_of_unit), bergen["vedtakstimer"] / bergen["brukere"])
    hours_of_unit = numpy.bincount(unit_of_user, hours)
    cost = numpy.bincount(etat_of_unit, hours_of_unit) * first_value("tid.uker_per_aar")
    cost *= first_value("aktivitetsbasert.timepris")
    covered = first_value("budsjett.ramme") / (bergen["vedtakstimer"] * first_value("aktivitetsbasert.timepris"))
    differ = random.uniform(1 - FRAMES_DIFFER, 1 + FRAMES_DIFFER, municipalities)
    grant = first_value("budsjett.tillitsreform_styrking") / bergen["brukere"]
    digits = max(3, len(str(municipalities)))
    names = [f"Kommune {number:0{digits}}" for number in range(1, municipalities + 1)]
    return Population(
        unit_names=[f"{names[etat]} enhet {unit + 1:03}" for etat, unit in zip(etat_of_unit, number, strict=True)],
        unit_of_user=unit_of_user,
        agency_names=names,
        agency_of_unit=etat_of_unit,
        users={
            "vurdert_timer_per_uke": hours,
            "besoek_per_uke": numpy.round(hours * (bergen["besoek"] / bergen["vedtakstimer"]), 1),
        },
        units={"enhet_kjoeretid_per_uke": numpy.round(hours_of_unit * random.uniform(0, 2 * DRIVING, len(number)), 1)},
        agencies={
            "etat_budsjettramme": krone(cost * covered * differ),
            "etat_tillitsreform_styrking": krone(users_of_etat.astype(numpy.float64) * scale * grant),
        },
        description=Told(
            (DESCRIPTION, {"municipalities": municipalities, "units": len(number), "users": len(unit_of_user)})
        ),
        synthetic=True,
    )


def _inhabitants(municipalities: int) -> FloatArray:
    """Return how many people live in each of so many municipalities, the largest first.

    The logarithm of the size is a straight line in the normal quantile from each published point to the next, as that
    of a lognormal distribution is all the way.
    """
    quantile = NormalDist().inv_cdf
    points = [quantile(rank / MUNICIPALITIES) for _, rank in LARGER_THAN]
    asked = [quantile((number + 0.5) / municipalities) for number in range(municipalities)]
    found: FloatArray = numpy.exp(numpy.interp(asked, points, [math.log(size) for size, _ in LARGER_THAN]))
    return found


def _bergen() -> list[dict[str, str]]:
    return [row for row in data.rows("byomraader") if int(row["aar"]) == LIKE]


def _number_within(sizes: IndexArray) -> IndexArray:
    """Return 0, 1, 2 … for the members of each group, one group's after the other's."""
    return numpy.arange(sizes.sum()) - numpy.repeat(numpy.cumsum(sizes) - sizes, sizes)


def _hours(random: numpy.random.RandomState, unit_of_user: IndexArray, units: int, hours_a_year: float) -> FloatArray:
    """Return hours a week, drawn as T-12 spreads them: a lognormal distribution within the hours of a week.

    The mean of each unit is Bergen's, and somewhat more or less.
    """
    from scipy.special import ndtr, ndtri  # takes its time to import

    spread, most_hours = first_value("befolkning.spredning"), first_value("tid.timer_per_uke_maks")
    mean = math.log(hours_a_year / first_value("tid.uker_per_aar")) - spread**2 / 2
    location = mean + UNITS_DIFFER * random.standard_normal(units)
    within = ndtr((math.log(most_hours) - location) / spread)
    hours = random.random_sample(len(unit_of_user))
    hours *= within[unit_of_user]
    ndtri(hours, out=hours)
    hours *= spread
    hours += location[unit_of_user]
    numpy.exp(hours, out=hours)
    return numpy.maximum(numpy.round(hours, 2, out=hours), 0.01)

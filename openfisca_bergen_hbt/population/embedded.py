"""The embedded populations: synthetic users, made from the published figures by area.

No data about single users are public. Each area gets exactly its published number of users, their hours spread as a
lognormal distribution (T-12) so that the area's published hours come out, and visits in proportion to hours. One unit
stands for each area: no finer division is published, and none is invented.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from statistics import NormalDist

import numpy

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.grunnregelverk import first_value
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray

#: The years that figures are published for.
YEARS = (2017, 2018, 2019)
#: The columns of the published figures by area.
FIGURES = ("vedtakstimer", "brukere", "besoek")
#: The year whose time per visit "norm times kept" means.
NORM_YEAR = 2017
AGENCY = "Etat for hjemmebaserte tjenester"
#: T-12: the spread of hours within an area, as the standard deviation of their logarithm; the range is 1.2-1.8.
SIGMA = 1.5
SYNTHETIC = (
    "Syntetisk befolkning, laget av publiserte tall for seks byområder: brukere, timer og besøk stemmer for hvert "
    "område, men fordelingen på den enkelte bruker er antatt (T-12). Ingen data om virkelige brukere."
)

#: The second example: how many users change each month, of them how many leave, and how many pass 80 hours.
SHARE_CHANGING, SHARE_LEAVING, SHARE_OVER_80 = 0.02, 0.3, 0.02
SEED = 20200604
MATERIAL_CHANGE = ("Fyllingsdalen", 6, 2.0)
BELOW_BOUNDS = "Bergenhus"
DRIVING_HOURS = {"Arna Åsane": 310.0, "Fana Ytrebygda": 240.0}
DIRECTORS_KRONER = {"Laksevåg": 1_500_000.0}
MOVING = (
    f"{SYNTHETIC} Eksempelet «bevegelse»: 2 % av brukerne endres hver måned, i Bergenhus ligger mange like under en "
    "kategorigrense, behovet dobles i Fyllingsdalen fra juni, to områder har kjøretid, og etatsdirektøren har gitt "
    "Laksevåg 1,5 mill. kr. Bevegelsene er oppdiktet."
)


@lru_cache
def spread_hours(users: int, hours: float) -> FloatArray:
    """Return hours a week, one for each user of an area, ascending; they add up to the area's.

    The k-th user has the quantile (k - ½)/n of a lognormal distribution truncated to (0, 168] hours a week, whose
    location is solved so that the sum is the area's; a last common factor makes the sum exact.
    """
    normal, most_hours = NormalDist(), first_value("tid.timer_per_uke_maks")
    ranks = [(rank - 0.5) / users for rank in range(1, users + 1)]

    def quantiles(location: float) -> FloatArray:
        within = normal.cdf((math.log(most_hours) - location) / SIGMA)
        return numpy.exp(location + SIGMA * numpy.array([normal.inv_cdf(rank * within) for rank in ranks]))

    # The sum rises with the location. Each step multiplies by what the sum is short of (the plain lognormal would be
    # there at once, the truncation makes it a few steps more); SciPy's root finders take longer to import.
    location = math.log(hours / users) - SIGMA**2 / 2
    for _ in range(200):
        spread = quantiles(location)
        missing = math.log(hours / spread.sum())
        if abs(missing) < 1e-12:  # noqa: PLR2004 (float noise)
            break
        location += missing
    spread *= hours / spread.sum()
    spread.flags.writeable = False
    return spread


def published(year: int) -> Population:
    """Return the embedded population of a year: hours that do not change during the year.

    Raises:
        ValueError: a year that figures are not published for.
    """
    if year not in YEARS:
        raise ValueError(f"There is no embedded population for {year}. The years are: {', '.join(map(str, YEARS))}.")
    rows = {(row["byomraade"], int(row["aar"])): row for row in data.rows("byomraader")}
    areas = list(dict.fromkeys(area for area, _ in rows))
    hours, visits, minutes, sizes = [], [], [], []
    for area in areas:
        row, norm = rows[area, year], rows[area, NORM_YEAR]
        users, area_hours = int(row["brukere"]), float(row["vedtakstimer"])
        spread = spread_hours(users, area_hours / first_value("tid.uker_per_aar"))
        hours.append(spread)
        visits.append(spread * (float(row["besoek"]) / area_hours))
        minutes.append(numpy.full(users, float(norm["vedtakstimer"]) / float(norm["besoek"]) * 60))
        sizes.append(users)
    (sums,) = [row for row in data.rows("summer") if int(row["aar"]) == year]
    index = numpy.arange(len(areas))
    return Population(
        unit_names=areas,
        unit_of_user=numpy.repeat(index, sizes),
        area_names=areas,
        area_of_unit=index,
        agency_names=[AGENCY],
        agency_of_unit=numpy.zeros(len(areas), dtype=numpy.intp),
        users={
            "vurdert_timer_per_uke": numpy.concatenate(hours),
            "besoek_per_uke": numpy.concatenate(visits),
            "normtid_minutter_per_besoek": numpy.concatenate(minutes),
        },
        areas=_published_by_area(areas, year),
        agencies={f"publisert_sum_{figure}": numpy.array([float(sums[figure])]) for figure in FIGURES},
        description=SYNTHETIC,
        synthetic=True,
        matches_published=True,
    )


def _published_by_area(areas: list[str], year: int) -> dict[str, FloatArray]:
    """Return the published figures of the areas, as inputs."""
    named = [("byomraader", figure, f"publiserte_{figure}") for figure in FIGURES]
    inputs = {}
    for table, column, variable in [*named, ("legemiddelhaandtering", "pasienter", "lmh_pasienter")]:
        found = {row["byomraade"]: float(row[column]) for row in data.rows(table) if int(row["aar"]) == year}
        if found:
            inputs[variable] = numpy.array([found[area] for area in areas])
    return inputs


def moving(year: int) -> Population:
    """Return the second example: the same users in movement, so that every rule fires.

    2 % of the users change each month (seeded): they leave, come (back) with the hours of a random user of their unit,
    or pass 80 hours. One unit's needs double from June, two have driving time, and the director decides once.

    Raises:
        ValueError: a year that figures are not published for.
    """
    still = published(year)
    published_hours = numpy.asarray(still.users["vurdert_timer_per_uke"])
    january = published_hours.copy()
    below = still.unit_of_user == still.unit_names.index(BELOW_BOUNDS)
    january[below] = _just_below_bounds(january[below])
    random = numpy.random.RandomState(SEED)  # its numbers are the same in every version of NumPy
    users = len(january)
    unit, first_month, factor = MATERIAL_CHANGE
    doubled = still.unit_of_user == still.unit_names.index(unit)
    months = [january]
    for month in range(2, 13):
        hours = months[-1].copy()
        changing = random.permutation(users)[: round(users * SHARE_CHANGING)]
        draw = random.random_sample(len(changing))
        peer = random.permutation(users)[: len(changing)]
        peers_hours = january[_in_same_unit(still.unit_of_user, changing, peer)]
        over_80 = 80 + 40 * random.random_sample(len(changing))
        hours[changing] = numpy.where(draw < SHARE_OVER_80, over_80, peers_hours)
        leaving = (draw >= 1 - SHARE_LEAVING) & (months[-1][changing] > 0)
        hours[changing[leaving]] = 0
        if month == first_month:
            hours[doubled] = numpy.minimum(hours[doubled] * factor, first_value("tid.timer_per_uke_maks"))
        months.append(hours)
    per_hour = numpy.asarray(still.users["besoek_per_uke"]) / published_hours
    return replace(
        still,
        users={
            "vurdert_timer_per_uke": months,
            "besoek_per_uke": [hours * per_hour for hours in months],
            "normtid_minutter_per_besoek": still.users["normtid_minutter_per_besoek"],
        },
        units={
            "enhet_kjoeretid_per_uke": _by_name(still, DRIVING_HOURS),
            "enhet_etatsdirektoer_omfordeling": _by_name(still, DIRECTORS_KRONER),
        },
        description=MOVING,
        matches_published=False,
    )


def _just_below_bounds(hours: FloatArray) -> FloatArray:
    """Return hours that earn fewer points: users just above a bound come below it, those in category 5 get the rest.

    The sum stays as it is.
    """
    bounds = [first_value(f"kategorimodell.nedre_grense.kategori_{number}") for number in range(2, 7)]
    moved = hours.copy()
    for bound in bounds[:-1]:
        moved[(hours >= bound) & (hours < 1.2 * bound)] = bound - 0.01
    category_5 = (moved >= bounds[-2]) & (moved < bounds[-1])
    moved[category_5] *= 1 + (hours.sum() - moved.sum()) / moved[category_5].sum()
    return moved


def _in_same_unit(unit_of_user: IndexArray, user: IndexArray, random_user: IndexArray) -> IndexArray:
    """Return, for each user, a user of the same unit that ``random_user`` points to."""
    first = numpy.searchsorted(unit_of_user, unit_of_user[user])
    size = numpy.bincount(unit_of_user)[unit_of_user[user]]
    return first + random_user % size


def _by_name(population: Population, values: dict[str, float]) -> FloatArray:
    return numpy.array([values.get(name, 0.0) for name in population.unit_names])


#: The embedded examples by the name that a command takes.
EXAMPLES = {"publisert": published, "bevegelse": moving}

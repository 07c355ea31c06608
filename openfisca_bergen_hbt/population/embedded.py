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
from typing import Any, NamedTuple

import numpy

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.derived import first_value
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.rules.stages.drawn import Drawn
from openfisca_bergen_hbt.text.language import Told, _, to_say

#: The years that figures are published for, and those for which the last of them are carried forward (T-25).
PUBLISHED_YEARS = (2017, 2018, 2019)
YEARS = (*PUBLISHED_YEARS, 2020, 2021, 2022)
#: The columns of the published figures by area.
FIGURES = ("vedtakstimer", "brukere", "besoek")
#: The year whose time per visit "norm times kept" means.
NORM_YEAR = 2017
#: The area that one reading gives the visits that the SUM has beyond its rows.
FANA = "Fana Ytrebygda"
AGENCY = "Etat for hjemmetjenester"
SYNTHETIC = to_say(
    "Syntetisk befolkning, laget av publiserte tall for seks byområder: brukere, timer og besøk stemmer for hvert "
    "område, men fordelingen på den enkelte bruker er antatt (T-12). Ingen data om virkelige brukere."
)

#: The second example: how many users change each month, of them how many leave, and how many pass 80 hours.
SHARE_CHANGING, SHARE_LEAVING, SHARE_OVER_80 = 0.02, 0.3, 0.02
SEED = 20200604
MATERIAL_CHANGE = ("Fyllingsdalen", 6, 2.0)
BELOW_BOUNDS = "Bergenhus"
#: What room the rounding of floats needs.
ROUNDING = 1e-12
DRIVING_HOURS = {"Arna Åsane": 310.0, "Fana Ytrebygda": 240.0}
DIRECTORS_KRONER = {"Laksevåg": 1_500_000.0}
CARRIED_FORWARD = to_say("Brukerne er de fra 2019, ført videre uendret (T-25).")
MOVING = to_say(
    "Eksempelet «bevegelse»: 2 % av brukerne endres hver måned, i Bergenhus ligger mange like under en "
    "kategorigrense, behovet dobles i Fyllingsdalen fra juni, to områder har kjøretid, og etatsdirektøren har gitt "
    "Laksevåg 1,5 mill. kr. Bevegelsene er oppdiktet."
)


#: The reading under which all areas have the norm time of the law.
NORM_OF_ALL = "lesning_t22_27_minutter"
#: The numbers that embedded users are made with, as of 1 January.
OF_POPULATION = ("befolkning.spredning", "tid.uker_per_aar")


class Assumptions(NamedTuple):
    """What of a regulation the embedded users are made with."""

    #: The standard deviation of the logarithm of the hours within an area (T-12).
    spread: float
    #: The weeks of a year, by which the published hours a year become hours a week (T-16).
    weeks: float
    #: The id of the reading of the visits and the norm times; empty for the areas' own (T-22).
    reading: str = ""
    #: Whether SciPy finds the quantiles: ten times as fast for many populations, but it takes its time to import.
    quickly: bool = False


def assumptions_of(system: Any, year: int) -> Assumptions:
    """Return what of a regulation the embedded users of a year are made with."""
    parameters = system.get_parameters_at_instant(f"{year}-01-01")
    reading = next((found.id() for found in system.lesninger if found.of_population), "")
    drawn = isinstance(system, Drawn)
    return Assumptions(parameters.befolkning.spredning, parameters.tid.uker_per_aar, reading, quickly=drawn)


@lru_cache
def _of_the_law() -> Assumptions:
    return Assumptions(first_value("befolkning.spredning"), first_value("tid.uker_per_aar"))


@lru_cache(maxsize=256)
def spread_hours(users: int, hours: float, sigma: float, *, quickly: bool = False) -> FloatArray:
    """Return hours a week, one for each user of an area, ascending; they add up to the area's.

    The k-th user has the quantile (k - ½)/n of a lognormal distribution truncated to (0, 168] hours a week, whose
    location is solved so that the sum is the area's; a last common factor makes the sum exact.

    Args:
        users: how many.
        hours: hours a week of all of them.
        sigma: the standard deviation of the logarithm of the hours.
        quickly: whether SciPy finds the quantiles; the last bits of the hours differ.
    """
    normal, most_hours = NormalDist(), first_value("tid.timer_per_uke_maks")
    ranks = (numpy.arange(1, users + 1) - 0.5) / users
    quantile = _quantiles_of_scipy() if quickly else numpy.vectorize(normal.inv_cdf, otypes=[float])

    def quantiles(location: float) -> FloatArray:
        within = normal.cdf((math.log(most_hours) - location) / sigma)
        return numpy.exp(location + sigma * quantile(ranks * within))  # type: ignore[no-any-return]

    # The sum rises with the location, by the secant: the first step multiplies by what the sum is short of, and the
    # plain lognormal would be there at once. SciPy's root finders take longer to import.
    location, step, before = math.log(hours / users) - sigma**2 / 2, 0.0, 0.0
    for _step in range(200):
        spread = quantiles(location)
        missing = math.log(hours / spread.sum())
        if abs(missing) < 1e-12:  # noqa: PLR2004 (float noise)
            break
        step = step * missing / (before - missing) if step and missing != before else missing
        location, before = location + step, missing
    spread *= hours / spread.sum()
    spread.flags.writeable = False
    return spread


def _quantiles_of_scipy() -> Any:
    from scipy.special import ndtri  # takes its time to import

    return ndtri


@lru_cache(maxsize=64)
def published(year: int, assumed: Assumptions | None = None) -> Population:
    """Return the embedded population of a year: hours that do not change during the year.

    Args:
        year: the calendar year; the users of a year after 2019 are those of 2019.
        assumed: what it is made with; the law in force's where nothing is said.

    Raises:
        ValueError: a year that there is none for.
    """
    if year not in YEARS:
        raise ValueError(
            _("There is no embedded population for {year}. The years are: {years}.").format(
                year=year, years=", ".join(map(str, YEARS))
            )
        )
    made_with = assumed or _of_the_law()
    of_year = min(year, PUBLISHED_YEARS[-1])
    figures = {row["byomraade"]: row for row in data.rows("byomraader") if int(row["aar"]) == of_year}
    areas, hours, visits, minutes, sizes = list(figures), [], [], [], []
    visits_of, norms = _visits(of_year, made_with.reading), _norm_minutes(made_with.reading)
    for area, row in figures.items():
        users, area_hours = int(row["brukere"]), float(row["vedtakstimer"])
        spread = spread_hours(users, area_hours / made_with.weeks, made_with.spread, quickly=made_with.quickly)
        hours.append(spread)
        visits.append(spread * (visits_of[area] / area_hours))
        minutes.append(numpy.full(users, norms.get(area, 0.0)))
        sizes.append(users)
    norm_times = {"normtid_minutter_per_besoek": numpy.concatenate(minutes)} if norms else {}
    index = numpy.arange(len(areas))
    as_published = year in PUBLISHED_YEARS
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
            **norm_times,
        },
        areas=_published_by_area(areas, year),
        agencies=_published_sums(year),
        description=Told(SYNTHETIC, "" if as_published else CARRIED_FORWARD),
        synthetic=True,
        matches_published=as_published,
        made_for=lambda system: published(year, assumptions_of(system, year)),
    )


def published_figures(year: int, reading: str = "") -> dict[str, tuple[float, float, float]]:
    """Return the published hours, users and visits of a year by area, the visits as a reading has them (T-22)."""
    hours, users, visits = _by_area("vedtakstimer", year), _by_area("brukere", year), _visits(year, reading)
    return {area: (hours[area], users[area], visits[area]) for area in hours}


def _visits(year: int, reading: str) -> dict[str, float]:
    """Return the visits of a year by area, as a reading has them (T-22)."""
    visits = _by_area("besoek", year)
    beyond = _sum("besoek", year) - sum(visits.values())
    if reading == "lesning_t22_sum_per_besoek":
        return {area: number * _sum("besoek", year) / sum(visits.values()) for area, number in visits.items()}
    if reading == "lesning_t22_fana_besoek":
        visits[FANA] += beyond
    return visits


def _norm_minutes(reading: str) -> dict[str, float]:
    """Return the norm minutes per visit by area, as a reading has them (T-22); none where the parameter's hold."""
    hours, visits = _by_area("vedtakstimer", NORM_YEAR), _visits(NORM_YEAR, reading)
    if reading == NORM_OF_ALL:
        return {}
    if reading == "lesning_t22_sum_per_besoek":
        return dict.fromkeys(hours, _sum("vedtakstimer", NORM_YEAR) / _sum("besoek", NORM_YEAR) * 60)
    return {area: hours[area] / visits[area] * 60 for area in hours}


def _by_area(figure: str, year: int) -> dict[str, float]:
    return {row["byomraade"]: float(row[figure]) for row in data.rows("byomraader") if int(row["aar"]) == year}


def _sum(figure: str, year: int) -> float:
    """Return the published SUM of a figure, which need not be that of the areas."""
    return next(float(row[figure]) for row in data.rows("summer") if int(row["aar"]) == year)


def _published_sums(year: int) -> dict[str, FloatArray]:
    """Return the published SUM rows of a year, as inputs of the agency; none for a year without."""
    found = [row for row in data.rows("summer") if int(row["aar"]) == year]
    return {f"publisert_sum_{figure}": numpy.array([float(row[figure])]) for row in found for figure in FIGURES}


def _published_by_area(areas: list[str], year: int) -> dict[str, FloatArray]:
    """Return the published figures of the areas, as inputs."""
    named = [("byomraader", figure, f"publiserte_{figure}") for figure in FIGURES]
    inputs = {}
    for table, column, variable in [*named, ("legemiddelhaandtering", "pasienter", "lmh_pasienter")]:
        found = {row["byomraade"]: float(row[column]) for row in data.rows(table) if int(row["aar"]) == year}
        if found:
            inputs[variable] = numpy.array([found[area] for area in areas])
    return inputs


@lru_cache(maxsize=16)
def moving(year: int, assumed: Assumptions | None = None) -> Population:
    """Return the second example: the same users in movement, so that every rule fires.

    2 % of the users change each month (seeded): they leave, come (back) with the hours of a random user of their unit,
    or pass 80 hours. One unit's needs double from June, two have driving time, and the director decides once.

    Raises:
        ValueError: a year that there is none for.
    """
    still = published(year, assumed)
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
    # Under another norm than the area's own (T-22) the doubled visits, too, are no more than a week has room for.
    norm = numpy.asarray(still.users.get("normtid_minutter_per_besoek", first_value("normtid.minutter_per_besoek")))
    most_visits = first_value("tid.timer_per_uke_maks") * (1 - ROUNDING) * 60 / norm
    return replace(
        still,
        users={
            **still.users,
            "vurdert_timer_per_uke": months,
            "besoek_per_uke": [numpy.minimum(hours * per_hour, most_visits) for hours in months],
        },
        units={
            "enhet_kjoeretid_per_uke": _by_name(still, DRIVING_HOURS),
            "enhet_etatsdirektoer_omfordeling": _by_name(still, DIRECTORS_KRONER),
        },
        description=Told(SYNTHETIC, MOVING, "" if year in PUBLISHED_YEARS else CARRIED_FORWARD),
        matches_published=False,
        made_for=lambda system: moving(year, assumptions_of(system, year)),
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

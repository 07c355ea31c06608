"""Users who could be exchanged between two units without a figure that is shown being another one.

In one unit some users go from categories to others, in another unit of its area as many the other way. The hours of
each unit stay what they are, or where they are not shown those of both together. What the etat pays for a point and for
an hour stays so, too: a unit's money changes by the points that it gains, and by the hours that its users over 80 have
more, and the other unit's by as much the other way. Hours a week from below to over 80 are chosen so that the money
changes as little as can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.rules.categories import values_by_category
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, ratio, sum_by
from openfisca_bergen_hbt.rules.months import january, months
from openfisca_bergen_hbt.rules.stages.sums import counts, hours_by_category
from openfisca_bergen_hbt.simulate import Results

#: The categories, and the most hours a week that a user has.
CATEGORIES, MOST_HOURS = 6, 168.0
#: How far hours stay from a bound above them, money from where it would be rounded otherwise (kroner), and the change
#: of shares from the threshold of a redistribution, beside what an exchange changes it by.
BELOW_BOUND, OFF, OFF_THRESHOLD = 0.01, 5.0, 1e-6
#: More points than any exchange moves.
MOST_POINTS = 1e6
#: How many users of a band are exchanged at most, and between how many bands: of few bands, of many.
MOST_USERS, AMONG, AMONG_MANY, MANY_BANDS = 4, 5, 3, 7
#: With how many other units exchanges are tried: of those shown in the same row, and of an area or an etat.
ROW_MATES, PARTNERS = 4, 16
#: All are tried in which so many users leave or enter a band; of few bands.
SIMPLE = 4
#: How many others are tried for each category, and for each quarter of a point with a user over 80 hours.
TRIED, EACH_SIZE = 24, 16


class Exchange(NamedTuple):
    """Users of one unit go from bands to others, those of another unit the other way."""

    unit: int
    partner: int
    #: How many users more there are of each band in the unit, and less in the partner.
    more: NDArray[numpy.int64]
    #: How many hours a week its users over 80 have more, and how many those below have less.
    hours_over_80: float
    less_below: float


@dataclass(frozen=True)
class Users:
    """The users of a year by unit and band: as finely as the bounds of any regulation divide them."""

    #: The runs with categories, whose counts are shown.
    runs: Sequence[Results]
    #: The lower bounds of the bands.
    bounds: FloatArray
    #: Of users who are the same all year: how many and their hours a week, shape (units, bands).
    count: NDArray[numpy.int64]
    hours: FloatArray
    #: By run: what a user of each band weighs, and the category that the band is in.
    weight: FloatArray
    category: NDArray[numpy.int64]

    @property
    def over_80(self) -> Mask:
        """Which bands are of category 6, under every regulation alike."""
        found: Mask = (self.category == CATEGORIES).all(axis=0)
        return found

    @property
    def tops(self) -> FloatArray:
        """The most hours a week that users of each band are given."""
        return numpy.append(self.bounds[1:] - BELOW_BOUND, MOST_HOURS)

    @property
    def in_category(self) -> NDArray[numpy.int64]:
        """Which band is in which category under each run, shape (runs, bands, categories)."""
        found: Any = self.category[:, :, None] == numpy.arange(1, CATEGORIES + 1)
        counted: NDArray[numpy.int64] = found.astype(numpy.int64)
        return counted

    @cached_property
    def vectors(self) -> NDArray[numpy.int64]:
        """The exchanges between bands that are worth trying, one a row, the simplest first: more users of each band.

        For each category those that move the fewest points; and of those with a user over 80 hours some for each number
        of points, as the hours of the user must make up for them.
        """
        bands = len(self.bounds)
        mixed = ~self.over_80 & (self.category == CATEGORIES).any(axis=0)
        steps = [step for step in range(-MOST_USERS, MOST_USERS + 1) if step]
        found = [numpy.zeros((0, bands), dtype=numpy.int64)]
        for size in range(2, 1 + (AMONG if bands <= MANY_BANDS else AMONG_MANY)):
            some = numpy.array([of for of in product(steps, repeat=size) if sum(of) == 0])
            for places in combinations(numpy.flatnonzero(~mixed).tolist(), size):
                more = numpy.zeros((len(some), bands), dtype=numpy.int64)
                more[:, places] = some
                found.append(more)
        every = numpy.concatenate(found)
        over, moved = every @ self.over_80, numpy.abs(every).sum(axis=1)
        points = every @ self.weight.T
        order = numpy.lexsort((moved, numpy.abs(points).max(axis=1)))
        changes = (every[:, None, :, None] * self.in_category[None]).sum(axis=2) != 0
        kept = moved <= SIMPLE if bands <= MANY_BANDS else numpy.zeros(len(every), dtype=bool)
        for run, category in product(range(len(self.runs)), range(CATEGORIES)):
            kept[order[changes[order, run, category] & (over[order] == 0)][:TRIED]] = True
        # of each number of points those that move the fewest users
        with_over = numpy.flatnonzero((numpy.abs(over) == 1) & (over * points[:, -1] < 0))
        with_over = with_over[numpy.lexsort((moved[with_over], numpy.rint(4 * points[with_over, -1])))]
        number = numpy.rint(4 * points[with_over, -1])
        kept[with_over[numpy.arange(len(number)) - numpy.searchsorted(number, number) < EACH_SIZE]] = True
        chosen = numpy.flatnonzero(kept)
        return every[chosen[numpy.argsort(moved[chosen], kind="stable")]]

    def counts(self) -> NDArray[numpy.int64]:
        """Return the counts of users in January by run, unit and category, as they are shown."""
        return numpy.stack([counts(run.simulation.enhet, january(run.period))[:, 1:] for run in self.runs])


def users_of(runs: Sequence[Results]) -> Users | None:
    """Return the users of runs with categories by unit and band.

    None where they can't be told: users in parts of which months or regulations differ, numbers that change within the
    year, or hours that regulations count otherwise.
    """
    alone = list({id(run.simulation): run for run in runs}.values())
    numbers = [_numbers(run) for run in alone]
    if not alone or any(one is None for one in numbers):
        return None
    known = [one for one in numbers if one is not None]
    bounds = numpy.unique(numpy.concatenate([of for of, _ in known]))
    category = numpy.stack([numpy.searchsorted(of, bounds, "right") for of, _ in known])
    weight = numpy.stack([numpy.array([0.0, *of, 0.0])[row] for (_, of), row in zip(known, category, strict=True)])
    found = (_in_parts if alone[0].population.in_parts else _in_memory)(alone, bounds)
    return None if found is None else Users(alone, bounds, *found, weight, category)


def _numbers(run: Results) -> tuple[FloatArray, FloatArray] | None:
    """Return the lower bounds and the weights of the categories; None where they change within the year."""
    of_months = []
    for month in months(run.period):
        model = run.system.get_parameters_at_instant(month.start).kategorimodell
        of_months.append((values_by_category(model.nedre_grense, CATEGORIES), values_by_category(model.vekt, 5)))
    bounds, weights = of_months[0]
    return (numpy.array(bounds), numpy.array(weights)) if all(of == of_months[0] for of in of_months) else None


def _in_memory(runs: Sequence[Results], bounds: FloatArray) -> tuple[Any, FloatArray] | None:
    first = runs[0]
    by_month = [first.value("timer_per_uke", number) for number in range(1, 13)]
    for run in runs[1:]:
        others = [run.value("timer_per_uke", number) for number in range(1, 13)]
        if not all(map(numpy.array_equal, others, by_month)):
            return None
    people, hours = first.population, by_month[0]
    stays = numpy.logical_and.reduce([other == hours for other in by_month[1:]])
    mine = numpy.flatnonzero(stays & (hours > 0) & (hours >= bounds[0]))
    cell = people.unit_of_user[mine] * len(bounds) + numpy.searchsorted(bounds, hours[mine], "right") - 1
    shape = len(people.unit_names), len(bounds)
    size = shape[0] * shape[1]
    counted = numpy.bincount(cell, minlength=size).reshape(shape)
    return counted, sum_by(cell, hours[mine], size).reshape(shape)


def _in_parts(runs: Sequence[Results], bounds: FloatArray) -> tuple[Any, FloatArray] | None:
    if len(runs) > 1 or len(bounds) != CATEGORIES:
        return None
    of_months = [
        (counts(runs[0].simulation.enhet, month), hours_by_category(runs[0].simulation.enhet, month))
        for month in months(runs[0].period)
    ]
    counted, hours = of_months[0]
    same = all(numpy.array_equal(of, first) for each in of_months for of, first in zip(each, of_months[0], strict=True))
    return (counted[:, 1:], hours[:, 1:]) if same else None


class Payment(NamedTuple):
    """What a run pays, by unit."""

    #: What a point is worth in a year, what it would be with January's shares, and an hour a week over 80; kroner.
    point: FloatArray
    point_at_first: FloatArray
    hour: FloatArray
    #: How much more a unit is given by points than would be made up for by the reserve, and what an hour below 80 less
    #: adds to that.
    slack: FloatArray
    slack_of_hour: FloatArray
    #: What of the reserve no compensation takes, and what all units are given; of the unit's etat.
    reserve_left: FloatArray
    etat_given: FloatArray
    etat_left: FloatArray
    #: How many points can be moved with the money divided anew after the same months.
    most_points: FloatArray


def payments(users: Users) -> list[Payment]:
    """Return what each run pays its units for points and hours."""
    return list(map(_payment, users.runs))


def _payment(run: Results) -> Payment:
    people, system = run.population, run.system
    of_unit = numpy.asarray(people.agency_of_unit)
    numbers = system.get_parameters_at_instant(f"{run.year}-01-01")
    home = run.value("enhet_i_hjemmetjenestene").astype(numpy.float64)
    etater = len(people.agency_names)
    pot = run.value("etat_kategoripott")
    direct = sum_by(of_unit, run.value("enhet_timer_direkte", 1) * home, etater)
    over, paid = (run.by_month(name) * home for name in ("enhet_timer_over_80", "enhet_tildeling_over_80"))
    # The claims of all, and so what is paid of them, stay what they are: an hour brings its part of a month's payment.
    of_months = [ratio(*(sum_by(of_unit, of, etater) for of in both)) for both in zip(paid, over, strict=True)]
    hour = numpy.sum(of_months, axis=0)
    tolerated = 1 - numbers.reserve.toleranse
    slack = run.value("enhet_kategoritildeling") - tolerated * run.value("enhet_timebasert_ramme")
    left = run.value("etat_sentral_reserve") - sum_by(of_unit, run.value("enhet_urimelig_utslag"), etater)
    point, point_at_first, most_points = _worth_of_points(run)
    return Payment(
        point[of_unit] * home,
        point_at_first[of_unit] * home,
        hour[of_unit] * home,
        slack,
        tolerated * ratio(pot, direct)[of_unit] * home,
        left[of_unit],
        run.value("etat_samlet_tildeling")[of_unit],
        run.value("etat_igjen_sentralt")[of_unit],
        most_points[of_unit],
    )


def _worth_of_points(run: Results) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return by etat what a point is worth in a year, and would be with January's shares, and how many can be moved."""
    people, pot = run.population, run.value("etat_kategoripott")
    etater = len(pot)
    points = [sum_by(people.agency_of_unit, of, etater) for of in run.by_month("enhet_kategoripoeng")]
    holding = [points[0]]  # by month the points of the one whose shares hold
    for seen, material in zip(points[:-1], run.by_month("etat_vesentlig_endring"), strict=False):
        holding.append(numpy.where(material, seen, holding[-1]))
    by_month = pot / 12 + run.by_month("etat_tilleggsbevilgning")
    worth = numpy.sum([ratio(*of) for of in zip(by_month, holding, strict=True)], axis=0)
    # A point that is moved is another share of a month's points than of those that hold: by that the change changes.
    threshold = run.system.get_parameters_at_instant(f"{run.year}-01-01").omfordeling.terskel
    until = numpy.abs(run.by_month("etat_endring_i_brukermassen") - threshold) - OFF_THRESHOLD
    one = numpy.ones(etater)
    changes = numpy.abs([ratio(one, now) - ratio(one, of) for now, of in zip(points, holding, strict=True)])
    most = numpy.where(until > 0, numpy.inf, 0.0)
    numpy.divide(until, changes, out=most, where=changes > numpy.abs(until) / MOST_POINTS)
    return worth, ratio(pot, points[0]), most.min(axis=0)


def partners(users: Users, together: IndexArray, *, within_areas: bool) -> Iterator[IndexArray]:
    """Yield for each unit another one of its etat, time after time: the same one where there is none.

    First some that it is shown together with, then those of its area, and then others, unless areas are shown: the last
    are those with the most users over 80 hours, who can bear the hours of one who has them alone in a unit.
    """
    people = users.runs[0].population
    home = numpy.logical_and.reduce([run.value("enhet_i_hjemmetjenestene") for run in users.runs])
    etat = numpy.asarray(people.agency_of_unit) * 2 + home
    area = etat if people.area_of_unit is None else numpy.asarray(people.area_of_unit) * 2 + home
    allowed = _joined(etat, area) if within_areas else etat
    for groups, most in (
        (_joined(allowed, together), ROW_MATES),
        (_joined(allowed, area), PARTNERS),
        (allowed, PARTNERS),
    ):
        order = numpy.lexsort((numpy.arange(len(groups)), groups))
        starts = numpy.searchsorted(groups[order], groups)
        sizes = numpy.searchsorted(groups[order], groups, "right") - starts
        rank = numpy.empty(len(groups), dtype=numpy.intp)
        rank[order] = numpy.arange(len(groups))
        for offset in range(1, min(most + 1, int(sizes.max(initial=0)))):
            yield numpy.where(
                offset < sizes, order[starts + (rank - starts + offset) % sizes], numpy.arange(len(groups))
            )
    order = numpy.lexsort((-users.count[:, users.over_80].sum(axis=1), allowed))
    starts = numpy.searchsorted(allowed[order], allowed)
    ends = numpy.searchsorted(allowed[order], allowed, "right")
    for offset in range(PARTNERS):
        yield order[numpy.minimum(starts + offset, ends - 1)]


def alikes(users: Users, together: IndexArray) -> IndexArray:
    """Return numbers for units shown in the same row that are alike but for their users: of an etat, in every input."""
    people = users.runs[0].population
    inputs = (numpy.unique(of, return_inverse=True)[1] for of in people.units.values())
    return _joined(together, people.agency_of_unit, *inputs)


def _joined(*groups: IndexArray) -> IndexArray:
    """Return numbers for the members of several kinds of groups at once."""
    return numpy.unique(numpy.column_stack(groups), axis=0, return_inverse=True)[1].reshape(-1)

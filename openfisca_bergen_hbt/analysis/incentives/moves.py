"""Users who are given more hours, and what that brings: all run again on sums in which they count so, and by points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.population import MonthlyInput, Population
from openfisca_bergen_hbt.population.side_by_side import agencies_side_by_side
from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.rules.categories import values_by_category
from openfisca_bergen_hbt.rules.core import forget_values
from openfisca_bergen_hbt.rules.enums import Kategori
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, krone, ratio, sum_by
from openfisca_bergen_hbt.rules.stages.sums import Sums, changed, of_draws
from openfisca_bergen_hbt.simulate import Results, simulate_units, sums_of_units

#: How near a bound a user is, as a share of it.
NEAR = 0.05
#: How many units are worked on at once: of a large agency few moves, and so the more of them the better.
UNITS_AT_ONCE = 12_000
#: From the hours of users in a month to other ones.
Move = Callable[[FloatArray], FloatArray]


def bounds_of(system: Any, year: int) -> dict[int, float]:
    """Return the lower bounds, in hours a week, that a user with hours can cross, by category, as of January."""
    node = system.get_parameters_at_instant(f"{year}-01-01").kategorimodell.nedre_grense
    bounds = enumerate(values_by_category(node, 6), start=1)
    return {category: bound for category, bound in bounds if bound > 0}


def near(hours: FloatArray, bound: float) -> tuple[Mask, Mask]:
    """Return which users are just below a bound, and which on it or just above."""
    away = numpy.round(hours / bound - 1, 9)
    return (away >= -NEAR) & (away < 0), (away >= 0) & (away <= NEAR)


@dataclass(frozen=True)
class Users:
    """The users of a run, as hours that are given directly: those can be changed."""

    population: Population
    #: Hours a week by month, one array where they are the same all year; and the category in January.
    months: Sequence[FloatArray]
    category: NDArray[numpy.int16]

    @classmethod
    def of(cls, results: Results) -> Users:
        """Return the users of a run."""
        by_month = list(results.by_month("timer_per_uke"))
        same = all((hours == by_month[0]).all() for hours in by_month)
        people = replace(results.population, made_for=None)
        return cls(people, by_month[:1] if same else by_month, numpy.asarray(results.value("loepende_kategori", 1)))

    @property
    def january(self) -> FloatArray:
        """Hours a week in January."""
        return self.months[0]

    def of_unit(self, unit: int) -> IndexArray:
        """Return the users of a unit, by their number, in order."""
        order, starts = self._by_unit
        return order[starts[unit] : starts[unit + 1]]

    @cached_property
    def _by_unit(self) -> tuple[IndexArray, IndexArray]:
        """Users in the order of their units, and where each unit's begin."""
        order = numpy.argsort(self.population.unit_of_user, kind="stable")
        units = numpy.arange(len(self.population.unit_names) + 1)
        return order, numpy.searchsorted(self.population.unit_of_user[order], units)

    def nearest_below(self, unit: int, category: int) -> int | None:
        """Return the unit's user with the most hours in the category below one; None where nobody is in it."""
        mine = self.of_unit(unit)
        below = mine[(self.category[mine] == category - 1) & (self.january[mine] > 0)]
        return int(below[self.january[below].argmax()]) if len(below) else None

    def inside(self, unit: int, bounds: Sequence[float]) -> int | None:
        """Return a user of the unit whom an hour a week more leaves in his category (1 to 5); None for none."""
        mine, limits = self.of_unit(unit), numpy.array([*bounds])
        hours, category = self.january[mine], self.category[mine]
        stays = numpy.searchsorted(limits, hours, "right") == numpy.searchsorted(limits, hours + 1, "right")
        direct = (category != Kategori.INGEN.index) & (category != Kategori.KATEGORI_6.index)
        found = mine[stays & direct]
        return int(found[0]) if len(found) else None

    def moved(self, unit: int, who: Sequence[int] | IndexArray, move: Move) -> Moved:
        """Return some users of a unit, before and after they get other hours in each month in which they have any."""
        before = [hours[who] for hours in self.months]
        return Moved(unit, before, [numpy.where(hours > 0, move(hours), hours) for hours in before])


def given_hours(months: Sequence[FloatArray]) -> dict[str, MonthlyInput]:
    """Return hours by month as the input of users."""
    return {"timer_per_uke": list(months) if len(months) > 1 else months[0]}


@dataclass(frozen=True)
class Moved:
    """Some users of a unit: their hours a week by month, before and after."""

    unit: int
    before: Sequence[FloatArray]
    after: Sequence[FloatArray]


@dataclass(frozen=True)
class Effect:
    """What a move brings when all is run again, and to its own unit by points; whole kroner a year."""

    #: The units of the agency, by their number, and what each of them gets more or less; no sum crosses an agency.
    units: IndexArray
    changes: FloatArray
    by_points: int


class Paying:
    """A regulation that pays units for users: what a point and an hour over 80 are worth in it, and what moves bring.

    Kroner a point are January's category pot by all points. By points a move is worth the unit's own points more times
    that, and its hours over 80 more times the cost of an hour for the year: as if nothing else changed. Run again, the
    kroner of a point fall as points rise, and the pots move.
    """

    def __init__(self, users: Users, system: Any, year: int) -> None:
        self.users, self.system, self.year = users, system, year
        people = replace(users.population, users=given_hours(users.months))
        self.sums = sums_of_units(people, system, year)
        self.results = simulate_units(people, self.sums, system, year)

    @cached_property
    def given(self) -> FloatArray:
        """What each unit is given, in kroner."""
        return self.results.value(GIVEN)

    @cached_property
    def kroner(self) -> tuple[FloatArray, FloatArray]:
        """For each agency the kroner of a point, and of an hour a week over 80 in a year."""
        pot, cost = (self.results.value(name) for name in ("etat_kategoripott", "etat_kostnad_per_time"))
        points = sum_by(self._agency, self.results.value("enhet_kategoripoeng", 1), len(pot))
        weeks = self.system.get_parameters_at_instant(f"{self.year}-01-01").tid.uker_per_aar
        return ratio(pot, points), cost * weeks

    @property
    def _agency(self) -> IndexArray:
        return self.results.population.agency_of_unit

    def effects(self, moves: Sequence[Moved], done: Callable[[], object]) -> Iterator[Effect]:
        """Yield what each of some moves brings to its unit and to the others; the agencies of many are run at once."""
        for some in in_chunks(self.users.population, moves):
            yield from self._effects(some)
            done()

    def _effects(self, moves: Sequence[Moved]) -> Iterator[Effect]:
        """Yield what each move brings, its agency run beside those of the other moves."""
        agencies, units_of = agencies_side_by_side(self.users.population, [self._agency[move.unit] for move in moves])
        ends = numpy.cumsum([len(units) for units in units_of])
        own = [
            int(end - len(units) + numpy.searchsorted(units, move.unit))
            for end, units, move in zip(ends, units_of, moves, strict=True)
        ]
        before, after = (
            self._sums_of_moved(agencies, own, hours)
            for hours in ([move.before for move in moves], [move.after for move in moves])
        )
        units = numpy.concatenate(units_of)
        sums = changed(of_draws(self.sums, units, 1), before, after)
        results = simulate_units(agencies, sums, self.system, self.year, agencies_are_draws=True)
        changes = numpy.split(results.value(GIVEN) - self.given[units], ends[:-1])
        names = ("enhet_kategoripoeng", "enhet_timer_over_80")
        more = [(results.value(name, 1) - self.results.value(name, 1)[units])[own] for name in names]
        agency = self._agency[units[own]]
        by_points = krone(sum(extra * worth[agency] for extra, worth in zip(more, self.kroner, strict=True)))
        forget_values(results.simulation)
        for of_agency, change, points in zip(units_of, changes, by_points, strict=True):
            yield Effect(of_agency, change, int(points))

    def _sums_of_moved(self, agencies: Population, own: Sequence[int], hours: Sequence[Sequence[FloatArray]]) -> Sums:
        """Return the sums over the users that are moved alone, each move's in its own unit."""
        months = [numpy.concatenate(of_month) for of_month in zip(*hours, strict=True)]
        unit_of_user = numpy.repeat(own, [len(of_move[0]) for of_move in hours])
        moved = replace(agencies, users=given_hours(months), unit_of_user=unit_of_user, units={}, agencies={})
        return sums_of_units(moved, self.system, self.year)


def in_chunks(people: Population, moves: Sequence[Moved]) -> list[Sequence[Moved]]:
    """Return moves in chunks whose agencies are worked on at once; one whose agency is large has a chunk of its own."""
    size = numpy.bincount(people.agency_of_unit, minlength=len(people.agency_names))
    units = numpy.cumsum([size[people.agency_of_unit[move.unit]] for move in moves])
    starts = [0, *numpy.flatnonzero(numpy.diff((units - 1) // UNITS_AT_ONCE)) + 1, len(moves)]
    return [moves[start:end] for start, end in pairwise(starts)] if moves else []

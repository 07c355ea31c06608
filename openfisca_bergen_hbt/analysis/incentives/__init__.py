"""``incentives``: what the model rewards, by bound and by unit, and what would soften it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import Enum
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.incentives.gathering import Gathered, counts_near, gathered, small
from openfisca_bergen_hbt.analysis.incentives.moves import Effect, Moved, Paying, Users, bounds_of, in_chunks, near
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.privacy.suppression import COUNTS, Counts, held_back
from openfisca_bergen_hbt.regelverk import applied_like_readings
from openfisca_bergen_hbt.rules.categories import values_by_category
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray, krone
from openfisca_bergen_hbt.simulate import Results, simulate
from openfisca_bergen_hbt.text.language import _, marked, say

#: How far beyond the last bound it is said what hours are paid, as a multiple of it.
REACH = 1.25
#: So many of the units that lose by a move are named, and of those that gain.
MOST_OTHERS = 5
#: What would soften it, beside the regulation itself: the ids of a reading and of an alternative.
SOFTER = ("lesning_t04_gjennomsnitt", "alternativ_timer_som_poeng")


@dataclass(frozen=True)
class Gain:
    """What a unit gains in a year, in whole kroner: by points, and when all is run again; None where held back."""

    by_points: int | None
    run_again: int | None
    #: What others then get more or less: those that lose and that gain the most; empty where it is held back.
    others: dict[str, int]
    #: What all those that are not among them get more or less together.
    other_units: int = 0


@dataclass(frozen=True)
class Near:
    """Users within 5 % below a bound, and on it or within 5 % above; None where it is held back."""

    below: int | None
    above: int | None


@dataclass(frozen=True)
class Rewards:
    """What a regulation rewards; units without the user that it takes are left out."""

    regulation: str
    title: str
    given: dict[str, int]
    #: By unit and the category that begins at the bound: the user nearest below it, with exactly the bound's hours.
    crossing: dict[str, dict[int, Gain]]
    #: By unit: an hour a week more for a user whom it leaves in his category.
    hour_more: dict[str, Gain]
    #: By unit: every user just below a bound of the direct categories, with exactly the bound's hours.
    all_across: dict[str, Gain]


@dataclass(frozen=True)
class Paid:
    """What a unit of an agency is paid in a year for a user by his hours a week, as points; whole kroner."""

    agency: str
    category: int
    #: From the lower bound to the next; and what is paid for either, which is the same but over 80 hours. None where it
    #: is held back: it says what all points of the agency come to, which no gain that is shown does.
    hours: tuple[float, float]
    kroner: tuple[int, int] | None


@dataclass(frozen=True)
class Incentives:
    """What the model rewards in a year."""

    year: int
    #: The lower bounds in hours a week, by category.
    bounds: dict[int, float]
    #: What an hour a week costs in a year at the model's price, in kroner.
    hour_costs: float
    #: By agency and category, under the regulation.
    paid: tuple[Paid, ...]
    #: Users by unit and category, near the bound at which that begins; and the hours that would take all across.
    near: dict[str, dict[int, Near]]
    hours_across: dict[str, float | None]
    #: The regulation, and then what would soften it.
    rewards: tuple[Rewards, ...]
    #: The months that are set beside each other, and the users near the bounds in both; nothing where there is one.
    moments: tuple[str, ...]
    gathered: tuple[Gathered, ...]
    #: What the population is, in Norwegian.
    population: str


def _run(asked: Asked) -> Incentives:
    base = simulate(asked.population, asked.system, asked.year)
    if "enhet_kategoripoeng" in asked.version.not_brought or asked.year < 2018:  # noqa: PLR2004 (the model's first)
        message = _(
            "'{title}' has no categories in {year}, and so no bounds that reward. Ask for a "
            "regulation with vedtak_2018_01_kategorimodell, and a year from 2018."
        )
        raise ValueError(message.format(title=asked.version.title, year=asked.year))
    users, bounds = Users.of(base), bounds_of(asked.system, asked.year)
    units = numpy.flatnonzero(base.value("enhet_i_hjemmetjenestene") & users.population.has_users).tolist()
    held = _held_back(asked, base, bounds)
    told = {users.population.unit_names[unit] for unit in numpy.flatnonzero(~held.all(axis=(0, 2))).tolist()}
    crossing = _Crossing(users, bounds, units, _near(users.population, users.january, bounds), told)
    hidden = _hidden(asked, users.population, users.january, bounds) | held
    softer = applied_like_readings()
    extra = [(), *((softer[name],) for name in SOFTER)]
    versions = [replace(asked.version, readings=(*asked.version.readings, *more)) for more in extra]
    moves = crossing.moves(held, hidden)
    chunks = in_chunks(users.population, [move for move in moves.values() if move])
    done = asked.begin(len(versions) * len(chunks))
    agency = users.population.agency_of_unit
    said = {int(agency[of.unit]) for of, move in moves.items() if not asked.suppression or (of.category and move)}
    paying = [Paying(users, SYSTEMS.system(version), asked.year) for version in versions]
    rewards = tuple(_rewards(*each, crossing, moves, done) for each in zip(versions, paying, strict=True))
    numbers = asked.system.get_parameters_at_instant(f"{asked.year}-01-01")
    moments, found = _gathered(asked, base, bounds)
    names = users.population.unit_names
    return Incentives(
        asked.year,
        bounds,
        float(numbers.aktivitetsbasert.timepris * numbers.tid.uker_per_aar),
        tuple(_paid(paying[0], numbers.kategorimodell, users.population, said)),
        {names[unit]: crossing.near(unit, hidden) for unit in units},
        {names[unit]: None if hidden[0, unit, :-1].any() else crossing.hours_across(unit) for unit in units},
        rewards,
        moments,
        found,
        say(asked.population.description),
    )


class Kind(Enum):
    """What users are moved for."""

    CROSSING = 1
    HOUR_MORE = 2
    ALL_ACROSS = 3


class Of(NamedTuple):
    """What a move is of: its kind, the unit, and the category that is reached (0 where that is not asked)."""

    kind: Kind
    unit: int
    category: int = 0


@dataclass(frozen=True)
class _Crossing:
    """Who would cross which bound, in which unit."""

    users: Users
    bounds: Mapping[int, float]
    units: Sequence[int]
    counts: Counts
    #: The names of the units of which it is told what they are given.
    told: set[str]

    def near(self, unit: int, hidden: Any) -> dict[int, Near]:
        found = {}
        for place, category in enumerate(self.bounds):
            sides = (int(self.counts[side, unit, place]) for side in (0, 1))
            shown = [None if held else count for held, count in zip(hidden[:, unit, place], sides, strict=True)]
            found[category] = Near(*shown)
        return found

    def all_across(self, unit: int) -> tuple[IndexArray, FloatArray]:
        """Return the users of a unit just below a bound of the direct categories, and the hours of those bounds."""
        mine = self.users.of_unit(unit)
        hours = self.users.january[mine]
        wanted = hours.copy()
        for bound in list(self.bounds.values())[:-1]:
            wanted[near(hours, bound)[0]] = bound
        across = wanted > hours
        return mine[across], wanted[across]

    def hours_across(self, unit: int) -> float:
        users, wanted = self.all_across(unit)
        return round(float((wanted - self.users.january[users]).sum()), 6)

    def moves(self, held: Mask, hidden: Mask) -> dict[Of, Moved | None]:
        """Return the moves of each unit; None for one that is held back.

        That is where the count of the category below a bound is, or (of all just below) one of those near a bound.
        """
        users, found = self.users, dict[Of, Moved | None]()
        for unit in self.units:
            for place, (category, bound) in enumerate(self.bounds.items()):
                user = users.nearest_below(unit, category)
                if user is not None:
                    move = users.moved(unit, [user], partial(numpy.maximum, bound))
                    found[Of(Kind.CROSSING, unit, category)] = None if held[0, unit, place] else move
            inside = users.inside(unit, list(self.bounds.values()))
            if inside is not None:
                found[Of(Kind.HOUR_MORE, unit)] = users.moved(unit, [inside], partial(numpy.add, 1))
            across, wanted = self.all_across(unit)
            if len(across):
                move = users.moved(unit, across, partial(numpy.maximum, wanted))
                found[Of(Kind.ALL_ACROSS, unit)] = None if hidden[0, unit, :-1].any() else move
        return found


def _rewards(version: Version, paying: Paying, who: _Crossing, moves: Mapping[Of, Moved | None], done: Done) -> Rewards:
    """Return what a regulation rewards: each move of each unit, run again, but for what is to be held back."""
    names = who.users.population.unit_names
    shown = {of: move for of, move in moves.items() if move}
    effects = zip(shown, paying.effects([*shown.values()], done), strict=True)
    run = {of: _gain(of.unit, effect, names) for of, effect in effects}
    gains = {of: run.get(of, Gain(None, None, {})) for of in moves}
    by_unit = {kind: {names[of.unit]: gain for of, gain in gains.items() if of.kind == kind} for kind in Kind}
    crossing: dict[str, dict[int, Gain]] = {names[unit]: {} for unit in who.units}
    for of, gain in gains.items():
        if of.kind == Kind.CROSSING:
            crossing[names[of.unit]][of.category] = gain
    given = {name: int(of) for name, of in zip(names, paying.given, strict=True) if name in who.told}
    return Rewards(version.id, version.title, given, crossing, by_unit[Kind.HOUR_MORE], by_unit[Kind.ALL_ACROSS])


def _paid(paying: Paying, model: Any, people: Population, said: Collection[int]) -> Iterator[Paid]:
    """Yield what is paid by hours: the weight's points, or the hours themselves over the last bound.

    That of an agency is held back unless it is said by what a unit of it gains.
    """
    weights = values_by_category(model.vekt, 5)
    starts = values_by_category(model.nedre_grense, 6)
    for number, (point, hour) in enumerate(zip(*paying.kroner, strict=True)):
        for category, (start, end) in enumerate(pairwise((*starts, starts[-1] * REACH)), start=1):
            direct = category <= len(weights)
            amounts = [weights[category - 1] * point] * 2 if direct else [hours * hour for hours in (start, end)]
            kroner = (int(krone(amounts[0])), int(krone(amounts[1]))) if number in said else None
            yield Paid(people.agency_names[number], category, (start, end), kroner)


def _gain(unit: int, effect: Effect, names: Sequence[str]) -> Gain:
    """Return what a move brings, with the units that it takes the most from and gives the most to."""
    own = effect.units == unit
    changes = numpy.where(own, 0, effect.changes).astype(numpy.int64)
    order = numpy.argsort(changes, kind="stable")
    lose, gain = order[:MOST_OTHERS], order[::-1][:MOST_OTHERS]
    told = sorted([*lose[changes[lose] < 0], *gain[changes[gain] > 0]])
    others = {names[effect.units[place]]: int(changes[place]) for place in told}
    rest = int(changes.sum()) - sum(others.values())
    return Gain(effect.by_points, int(effect.changes[own][0]), others, rest)


def _near(people: Population, hours: Any, bounds: Mapping[int, float]) -> Counts:
    return counts_near(hours, people.unit_of_user, len(people.unit_names), list(bounds.values()))


def _held_back(asked: Asked, base: Results, bounds: Mapping[int, float]) -> Mask:
    """Return of which categories below and above the bounds a comparison holds back the counts: (2, units, bounds)."""
    if not asked.suppression:
        return numpy.zeros((2, len(base.population.unit_names), len(bounds)), dtype=bool)
    # who has hours and is in no category is no count: the number of users, which is last, stands for them
    columns = [[COUNTS.index(f"antall_kategori_{c}") if c else -1 for c in (k - 1, k)] for k in bounds]
    held = held_back([base])
    found: Mask = held.units[:, columns].transpose(2, 0, 1) | held.sums.hours.units[:, None]
    return found


def _hidden(asked: Asked, people: Population, hours: FloatArray, bounds: Mapping[int, float]) -> Mask:
    """Return which counts of users near the bounds are held back, shape (2, units, bounds)."""
    counts = _near(people, hours, bounds)
    if not asked.suppression:
        return numpy.zeros(counts.shape, dtype=bool)
    return small(counts, hours, people.unit_of_user, list(bounds.values()))


def _gathered(asked: Asked, base: Results, bounds: Mapping[int, float]) -> tuple[tuple[str, ...], tuple[Gathered, ...]]:
    """Return the first and the last month that there is, and the users near the bounds in both."""
    first, earlier = (asked.request.years or (asked.year,))[0], base
    if first != asked.year:
        earlier = simulate(asked.people(first), SYSTEMS.system(asked.versions[0]), first)
    runs = ((earlier, 1), (base, 12))
    hours = [run.value("timer_per_uke", month) for run, month in runs]
    if earlier is base and (hours[0] == hours[1]).all():
        return (), ()
    both = {*base.population.unit_names} & {*earlier.population.unit_names}
    names = [name for name in base.population.unit_names if name in both]
    counts, hidden = [], numpy.zeros((len(names), len(bounds)), dtype=bool)
    for (run, _people), of_month in zip(runs, hours, strict=True):
        place_of = {name: place for place, name in enumerate(run.population.unit_names)}
        places = [place_of[name] for name in names]
        counts.append(_near(run.population, of_month, bounds)[:, places])
        hidden |= _hidden(asked, run.population, of_month, bounds)[:, places].any(axis=0)
    return (f"{first}-01", f"{asked.year}-12"), tuple(gathered(names, list(bounds), counts, hidden))


def _recorded(found: Incentives, _done: Done) -> Figures:
    kroner = {one.title: {unit: {GIVEN: given} for unit, given in one.given.items()} for one in found.rewards}
    return Figures(asdict(found), kroner)


QUESTION = Question(
    name="incentives",
    about=marked(
        """Show what the model rewards: what a unit gains by a user who crosses a bound, and what would soften that.

    For each bound the user nearest below it is given exactly the bound's hours, and all is run again. Beside it: an
    hour more inside a band, the users within 5 per cent of the bounds, what moving those below across would bring the
    unit and take from others; the same with mean hours as weights, and with the hours themselves as points. Where the
    data hold months, or two years, whether users gather above a bound.
    """
    ),
    examples=(
        "incentives",
        "incentives --years 2018-2019",
        "incentives --example bevegelse --output insentiver.html",
        "incentives --data brukere.csv --frame bergen",
    ),
    run=_run,
    takes=("population", "year", "years", "regulation", "suppression"),
    not_public=marked("It shows what each unit gains by one user more or less, to the krone."),
    bodies=({"year": 2019},),
    forms=("text", "json", "markdown", "html", "xlsx"),
    by_ending=True,
    drawn=True,
    runs=10,
    recorded=_recorded,
)

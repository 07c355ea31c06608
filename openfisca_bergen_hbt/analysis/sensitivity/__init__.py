"""``sensitivity``: how sure the conclusions of a comparison are, if assumed numbers lie elsewhere in their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any

import msgspec
import numpy
from msgspec import Meta

from openfisca_bergen_hbt.analysis import shown
from openfisca_bergen_hbt.analysis.asking import BAND, MOST_SAMPLES, Asked, Done, Question
from openfisca_bergen_hbt.analysis.asking import Figures as Recorded
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, knows_frame
from openfisca_bergen_hbt.analysis.conclusions import Statement, Tested, statements
from openfisca_bergen_hbt.analysis.sensitivity.draws import (
    OF_SUMS,
    Draws,
    Figures,
    Model,
    Ranged,
    alone,
    joined,
    sampled,
)
from openfisca_bergen_hbt.analysis.sensitivity.every_draw import SUM, Drawn, EveryDraw, Hides, every_figure
from openfisca_bergen_hbt.analysis.sensitivity.one_at_a_time import (
    Effect,
    Ends,
    Grid,
    changed,
    effects,
    turns,
    values_tried,
)
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.regelverk import chosen_readings, readings
from openfisca_bergen_hbt.rules.money import FloatArray, krone
from openfisca_bergen_hbt.text.language import marked

#: How many draws times units all figures of units are kept of: some twenty numbers each, under two regulations.
MOST_OF_UNITS = 400_000


@dataclass(frozen=True)
class Band:
    """A figure of a regulation: the law's own numbers', and what nine of ten draws lie within.

    None for a figure that is held back, and for ends that would tell of one that is.
    """

    regulation: str
    #: ``enhet``, ``byomraade`` or ``etat``; ``sum`` for all together, who have no id.
    level: str
    id: str
    figure: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class StepBand:
    """What a total of all agencies changes by from one regulation to another: the law's own numbers', and its band."""

    before: str
    regulation: str
    figure: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class UnitBand:
    """What a unit gains from the first regulation to the last, and its place among those that gain, the first most."""

    unit: str
    value: int
    low: int
    high: int
    #: The shares of draws in which it gains, and in which it loses.
    gains: float
    loses: float
    place: int
    place_low: int
    place_high: int


@dataclass(frozen=True)
class Sensitivity:
    """How sure the conclusions of a comparison are."""

    year: int
    #: The titles of the regulations that differ in some figure, by id; of the others, which of those each is like.
    regulations: dict[str, str]
    alike: dict[str, str]
    #: The titles of the first and the last compared.
    first: str
    last: str
    #: The numbers that have a range; those that alone do nothing; and what the others do.
    numbers: tuple[Ranged, ...]
    idle: tuple[str, ...]
    effects: tuple[Effect, ...]
    #: The law's own figures of the last regulation.
    headlines: dict[str, int]
    given: dict[str, int]
    #: How many draws were asked for, and how many were done before somebody interrupted.
    samples: int
    done: int
    bands: tuple[Band, ...]
    #: From each regulation that differs in some figure to the one after it, and from the first to each.
    steps: tuple[StepBand, ...]
    units: tuple[UnitBand, ...]
    statements: tuple[Tested, ...]
    #: Those that do not hold under all readings at once, with one or another of the readings that exclude each other.
    overturned_together: tuple[Statement, ...]
    #: Every draw, and whether it is asked for where it need not be shown.
    every: EveryDraw = field(compare=False, repr=False)
    draws_wanted: bool = field(default=False, compare=False)

    def band(self, regulation: str, level: str, member: str, figure: str) -> tuple[float, float] | None:
        """Return what nine of ten draws of a figure lie within; None for one that has no band."""
        found = self._bands.get((self.alike.get(regulation, regulation), level, member, figure))
        return None if found is None or found.low is None or found.high is None else (found.low, found.high)

    def step(self, before: str, regulation: str, figure: str) -> tuple[float, float] | None:
        """Return what nine of ten draws of a total's change lie within; None for one that has no band."""
        found = self._steps.get((self.alike.get(before, before), self.alike.get(regulation, regulation), figure))
        return None if found is None else (found.low, found.high)

    def as_recorded(self) -> dict[str, Any]:
        """Return it as JSON can hold it, without the single draws."""
        content = asdict(replace(self, every=EveryDraw({}, ())))
        return {name: value for name, value in content.items() if name not in ("every", "draws_wanted")}

    @cached_property
    def _bands(self) -> dict[tuple[str, str, str, str], Band]:
        return {(one.regulation, one.level, one.id, one.figure): one for one in self.bands}

    @cached_property
    def _steps(self) -> dict[tuple[str, str, str], StepBand]:
        return {(one.before, one.regulation, one.figure): one for one in self.steps}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many draws."""

    samples: Annotated[
        int, Meta(ge=0, le=MOST_SAMPLES, description=marked("Draws of all numbers at once; 0 for one at a time alone."))
    ] = 1000
    draws: Annotated[
        bool,
        Meta(description=marked("Whether JSON holds every draw, too; Parquet always does.")),
    ] = False


def _run(asked: Asked) -> Sensitivity:
    options = asked.options
    return how_sure(asked, asked.versions, options.samples, _hides(asked), draws_wanted=options.draws)


def how_sure(
    asked: Asked, versions: Sequence[Version], samples: int, hides: Hides, *, draws_wanted: bool = False
) -> Sensitivity:
    """Return how sure the conclusions are that regulations are compared for.

    Args:
        asked: on whom, for which year and under which readings.
        versions: the regulations, in order.
        samples: how often all numbers are drawn at once.
        hides: which figures are held back.
        draws_wanted: whether every draw is to be shown.
    """
    people, units = asked.population, list(asked.population.unit_names)
    model = Model(people, asked.year, versions)
    numbers = model.numbers()
    tried = values_tried(numbers)
    known = list(_readings(people, asked.request.readings))
    at_once = list(_at_once(people, asked.request.readings))
    parts = len(model.chunks(len(tried))) + 1 + len(known) + len(at_once) + len(model.chunks(samples))
    done = asked.begin(parts)
    grid = Grid(numbers, tried, model.figures(changed(numbers, tried), done))
    own = [of.of(slice(0, 1)) for of in grid.figures]
    said = statements(own[0], own[-1], units, knows_frame=knows_frame(people, asked.year))
    turning = turns(model, grid, said, units)
    done()

    def overturned(read: tuple[type, ...]) -> set[Statement]:
        first, last = (_read(people, asked.year, version, of, read) for version, of in _ends(versions, own))
        done()
        return {statement for statement in said if not statement.holds(first, last, units)[0]}

    overturning = {reading: overturned(read) for reading, read in known}
    together = {statement for read in at_once for statement in overturned(read)}
    # Bounds, weeks and the like that do nothing to the sums over users do nothing together with others, either.
    drawn = [number for number in numbers if grid.moves(number) or not number.parameter.startswith(OF_SUMS)]
    draws = sampled(drawn, samples) if samples and drawn else {}
    found = _sampled(model, draws, done)
    done_draws = len(found[0].given) if found else 0
    every = EveryDraw(
        {name: values[:done_draws] for name, values in draws.items()},
        tuple(every_figure(model, versions, own, found, hides)) if found else (),
    )
    amounts_held = hides(GIVEN, "enhet") if hides else None
    held = set() if amounts_held is None else {units[place] for place in numpy.flatnonzero(amounts_held)}
    moving = [
        replace(one, given=_without(held, one.given), change=_without(held, one.change)) for one in effects(grid, units)
    ]
    return Sensitivity(
        asked.year,
        {versions[place].id: versions[place].title for place in model.distinct()},
        {
            version.id: versions[model.alike(place)].id
            for place, version in enumerate(versions)
            if model.alike(place) != place
        },
        versions[0].title,
        versions[-1].title,
        tuple(numbers),
        tuple(number.parameter for number in numbers if not grid.moves(number)),
        tuple(moving),
        {name: int(of[0]) for name, of in own[-1].headlines.items()},
        {unit: int(of) for unit, of in zip(units, own[-1].given[0], strict=True) if unit not in held},
        samples,
        done_draws,
        tuple(map(_band, every.figures)),
        tuple(_steps(model, versions, own, found, hides)) if found else (),
        tuple(one for one in _unit_bands(units, own, found) if one.unit not in held) if found else (),
        tuple(
            Tested(
                statement,
                float(statement.holds(found[0], found[-1], units).mean()) if found else None,
                tuple(turning[statement]),
                tuple(reading for reading, those in overturning.items() if statement in those),
            )
            for statement in said
        ),
        tuple(statement for statement in said if statement in together),
        every,
        draws_wanted,
    )


def _readings(people: Population, read: Sequence[str]) -> Iterator[tuple[str, tuple[type, ...]]]:
    """Yield each reading that can be added to those asked for."""
    for reading in readings():
        if reading.id() in read or (reading.of_population and not people.made_for):
            continue
        try:
            yield reading.id(), chosen_readings([*read, reading.id()])
        except ValueError:  # it excludes one that is asked for
            continue


def _at_once(people: Population, read: Sequence[str]) -> Iterator[tuple[type, ...]]:
    """Yield all readings at once: a set for each of those that exclude each other."""
    names, rivals = (
        [name for name, _ in _readings(people, read)],
        {known.id() for known in readings() if known.excludes},
    )
    free = [name for name in names if name not in rivals]
    for one in [[name] for name in names if name in rivals] or [[]]:
        yield chosen_readings([*read, *free, *one])


def _ends(versions: Sequence[Version], own: Sequence[Figures]) -> list[tuple[Version, Figures]]:
    return [(versions[0], own[0]), (versions[-1], own[-1])]


def _read(people: Population, year: int, version: Version, own: Figures, read: tuple[type, ...]) -> Figures:
    """Return what a regulation comes to when it is read otherwise."""
    otherwise = replace(version, readings=read)
    return own if otherwise.reforms == version.reforms else alone(people, year, otherwise)


def _sampled(model: Model, draws: Draws, done: Done) -> list[Figures]:
    """Return the figures of each regulation in the draws; in those done, where somebody interrupts.

    All that is shown of a unit is kept of the first and the last alone, and where it is not too much.
    """
    parts: list[list[Figures]] = []
    count = len(next(iter(draws.values()), ()))
    ends = (0, model.alike(-1)) if count * len(model.population.unit_names) <= MOST_OF_UNITS else ()
    try:
        for part in model.in_chunks(draws) if draws else ():
            kept = [part[place] for place in ends]
            parts.append([of if any(of is one for one in kept) else of._replace(of_units={}) for of in part])
            done()
    except KeyboardInterrupt:
        if not parts:
            raise
    return joined(parts) if parts else []


def _hides(asked: Asked) -> Hides:
    """Return which figures are held back, as a comparison of the same does; None for none of them."""
    return Comparison(asked.population, asked.year, asked.versions).hides if asked.suppression else None


def _without(held: set[str], by_unit: dict[str, Ends]) -> dict[str, Ends]:
    return {unit: ends for unit, ends in by_unit.items() if unit not in held}


def _within(values: FloatArray) -> tuple[int, int]:
    low, high = numpy.quantile(values, BAND)
    return int(krone(float(low))), int(krone(float(high)))


def _band(one: Drawn) -> Band:
    """Return the band of a figure; whole kroner and counts as such, others to nine digits."""
    known = (one.value, *(numpy.quantile(one.draws, BAND) if one.draws is not None else (None, None)))
    return Band(*one[:4], *(None if value is None else _written(value, whole=one.whole) for value in known))


def _written(value: float, *, whole: bool) -> float:
    return int(krone(float(value))) if whole else float(f"{value:.9g}")


def _steps(
    model: Model, versions: Sequence[Version], own: Sequence[Figures], found: Sequence[Figures], hides: Hides
) -> Iterator[StepBand]:
    """Yield what the totals that a ladder shows change by, in the draws."""
    hidden = {name: hides(name, SUM) if hides else None for name in shown.LADDER}
    names = [name for name, mask in hidden.items() if mask is None or not mask.any()]
    places = [model.alike(place) for place in range(len(versions))]
    pairs = [*pairwise(places), *((0, place) for place in places)]
    for before, after in dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]):
        for name in names:
            law, draws = (
                (of[after].of_agencies[name] - of[before].of_agencies[name]).sum(axis=1) for of in (own, found)
            )
            ends = (versions[before].id, versions[after].id)
            whole = name != shown.HOURS_OF_ALL
            values = [_written(value, whole=whole) for value in (law[0], *numpy.quantile(draws, BAND))]
            yield StepBand(*ends, name, *values)


def _unit_bands(units: Sequence[str], own: Sequence[Figures], found: Sequence[Figures]) -> Iterator[UnitBand]:
    law, change = own[-1].given - own[0].given, found[-1].given - found[0].given
    place_in_law, places = (
        1 + numpy.argsort(numpy.argsort(-of, axis=1, kind="stable"), axis=1) for of in (law, change)
    )
    for number, unit in enumerate(units):
        values = change[:, number]
        shares = float((values > 0).mean()), float((values < 0).mean())
        place = int(place_in_law[0, number]), *map(int, numpy.quantile(places[:, number], BAND, method="nearest"))
        yield UnitBand(unit, int(law[0, number]), *_within(values), *shares, *place)


def _recorded(found: Sensitivity, _done: Done) -> Recorded:
    given = {unit: {GIVEN: amount} for unit, amount in found.given.items()}
    return Recorded(found.as_recorded(), {found.last: given})


QUESTION = Question(
    name="sensitivity",
    about=marked(
        """Say how sure the conclusions of a comparison are, when assumed numbers lie elsewhere in their ranges.

    Each number with a range one at a time, from low to high, with the values at which a conclusion turns; then all at
    once, in draws of a fixed seed: bands, and the share of draws in which each conclusion holds. Ranges are judgements,
    and no probabilities.
    """
    ),
    examples=(
        "sensitivity --samples 200",
        "sensitivity --samples 0 --example bevegelse",
        "sensitivity --data brukere.csv --frame bergen --output usikkerhet.html",
        "sensitivity --samples 200 --output trekk.parquet",
    ),
    run=_run,
    options=Options,
    takes=("population", "parts", "year", "regulations", "suppression"),
    not_public=marked("Its bands and statements are made of exact amounts, draw by draw."),
    bodies=({"samples": 64}, {"samples": 16, "draws": True}),
    forms=("text", "json", "parquet", "markdown", "html", "xlsx"),
    by_ending=True,
    recorded=_recorded,
)

"""``years``: each year under its own law, and what the decisions of a day change in the year that they begin in."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Annotated

import msgspec
import numpy
from msgspec import Meta

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version, named
from openfisca_bergen_hbt.population import Population, embedded
from openfisca_bergen_hbt.rules.inputs import MOST_KRONER
from openfisca_bergen_hbt.simulate import Results, simulate
from openfisca_bergen_hbt.vedtak import Vedtak

FIRST, LAST = embedded.YEARS[0], embedded.YEARS[-1]
#: The agency's figures of a year.
AMOUNTS = ("etat_aktivitetskostnad", "etat_ramme_i_alt", "etat_samlet_tildeling", "etat_igjen_sentralt")


@dataclass(frozen=True)
class Effect:
    """What the decisions that take effect on one day change in that year: the year with them, less the year without."""

    day: date
    decisions: tuple[str, ...]
    #: By variable, in kroner.
    changes: dict[str, int]
    #: The year from which the decisions act on money; None where the sources give no amount.
    acts_from: int | None


@dataclass(frozen=True)
class OneYear:
    """A year under its own law."""

    year: int
    regulation: str
    amounts: dict[str, int]
    #: What the activity costs beyond the frame; None for a year whose frame nobody has published or given (T-21).
    overspend: int | None
    #: Whether the users are those of an earlier year (T-25).
    carried_forward: bool
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Years:
    """Several years, each under its own law."""

    description: str
    years: tuple[OneYear, ...]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which years, and with which frames."""

    span: Annotated[
        str,
        Meta(description=f"The years, as {FIRST}-{LAST}.", extra={"metavar": "FROM-TO"}),
    ] = f"{FIRST}-{LAST}"
    frames: Annotated[
        tuple[str, ...],
        Meta(
            description="A year's frame in whole kroner, such as 2018=1021686820. Repeatable.",
            extra={"option": "--frame-of", "metavar": "YEAR=KRONER"},
        ),
    ] = ()


def _run(asked: Asked) -> Years:
    if asked.request.population is None:
        raise ValueError("The years are those of the embedded populations. For users of your own: compare --year.")
    first, last = _span(asked.options.span)
    frames = dict(map(_frame, asked.options.frames))
    if unused := sorted(set(frames) - set(range(first, last + 1))):
        raise ValueError(f"A frame is given for {unused[0]}, which is not among the years {first} to {last}.")
    make = embedded.EXAMPLES[asked.request.population]
    done = asked.begin(last - first + 1)
    found = []
    for year in range(first, last + 1):
        found.append(_year(_framed(make(year), frames.get(year)), year))
        done()
    return Years(asked.population.description, tuple(found))


def _span(text: str) -> tuple[int, int]:
    """Return the first and the last year of a span."""
    match = re.fullmatch(r"(20\d\d)-(20\d\d)", text)
    first, last = map(int, match.groups()) if match else (0, 0)
    if not FIRST <= first <= last <= LAST:
        raise ValueError(f"The years are {FIRST} to {LAST}, in order, such as {FIRST}-{LAST}, and not '{text[:40]}'.")
    return first, last


def _frame(text: str) -> tuple[int, int]:
    """Return a year and its frame."""
    match = re.fullmatch(r"(\d{4})=(\d{1,16})", text)
    if not match or int(match[2]) > MOST_KRONER:
        raise ValueError(
            f"'{text}' is no frame of a year. Write YEAR=KRONER, in whole kroner, such as 2018=1021686820."
        )
    return int(match[1]), int(match[2])


def _framed(people: Population, frame: int | None) -> Population:
    """Return a population with a frame, where one is given."""
    if frame is None:
        return people
    return replace(
        people, agencies={**people.agencies, "etat_budsjettramme": numpy.array([float(frame)])}, made_for=None
    )


def _year(people: Population, year: int) -> OneYear:
    law = replace(named(f"{year}-12-31"), id=str(year))
    results = _results(people, law, year)
    published = [int(row["merforbruk"]) for row in data.rows("merforbruk") if int(row["aar"]) == year]
    knows_frame = bool(published) or "etat_budsjettramme" in people.agencies
    days = sorted({decision.in_force for decision in law.decisions if decision.in_force.year == year})
    # a decision that is named from a day of the year before is in force with its money from the year's first day
    effects = (_effect(people, law, year, day, results) for day in dict.fromkeys([*_carried_in(law, year), *days]))
    return OneYear(
        year=year,
        regulation=law.last,
        amounts=_amounts(results),
        overspend=int(results.value("etat_merforbruk").sum()) if knows_frame else None,
        carried_forward=year not in embedded.PUBLISHED_YEARS,
        effects=tuple(effects),
    )


def _carried_in(law: Version, year: int) -> list[date]:
    """Return the first day of the year, where a decision of an earlier day begins to act on money then."""
    begins = [decision for decision in law.decisions if decision.innfoerer and _acts(decision).year == year]
    return [date(year, 1, 1)] if begins else []


def _acts(decision: type[Vedtak]) -> date:
    """Return the first day of the budget year from which a decision's money counts (T-2, T-11)."""
    day = decision.in_force
    return day if (day.month, day.day) == (1, 1) else date(day.year + 1, 1, 1)


def _effect(people: Population, law: Version, year: int, day: date, results: Results) -> Effect:
    of_day = [
        decision
        for decision in law.decisions
        if decision.in_force == day or (decision.innfoerer and _acts(decision) == day)
    ]
    without = replace(law, decisions=tuple(decision for decision in law.decisions if decision not in of_day))
    before = _amounts(_results(people, without, year))
    changes = {name: amount - before[name] for name, amount in _amounts(results).items()}
    acts = min((_acts(decision).year for decision in of_day if decision.innfoerer), default=None)
    return Effect(day, tuple(decision.id() for decision in of_day), changes, acts)


def _results(people: Population, version: Version, year: int) -> Results:
    return simulate(people, SYSTEMS.system(version), year)


def _amounts(results: Results) -> dict[str, int]:
    return {name: int(results.value(name).sum()) for name in AMOUNTS}


def _recorded(found: Years, _done: Done) -> Figures:
    kroner = {str(one.year): {"alle etater": one.amounts} for one in found.years}
    return Figures(msgspec.to_builtins(asdict(found)), kroner)


QUESTION = Question(
    name="years",
    about="""Show each year under its own law: cost, frame, what is handed out, and what that year's decisions changed.

    Decisions of one day are taken together, and set beside the same year without them. An overspend is shown only where
    a frame is published or given.
    """,
    examples=(
        "years",
        "years --span 2018-2019 --frame-of 2018=1030000000",
        "years --example bevegelse --format markdown",
    ),
    run=_run,
    bodies=({"span": "2018-2019"},),
    options=Options,
    takes=("population",),
    forms=("text", "json", "markdown", "html", "xlsx"),
    by_ending=True,
    recorded=_recorded,
)

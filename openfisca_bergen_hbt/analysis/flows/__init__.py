"""``flows``: who goes from which category to which, month by month, and what a category is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import numpy
from msgspec import Meta
from numpy.typing import NDArray

from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question, as_recorded
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.flows.counting import (
    CATEGORIES,
    KINDS,
    MONTHS,
    NONE,
    Counts,
    by_kind,
    categories_by_month,
    movements,
    refuse_without_categories,
    shares,
)
from openfisca_bergen_hbt.analysis.flows.holding_back import Hidden, hidden
from openfisca_bergen_hbt.analysis.flows.months_given import months_given
from openfisca_bergen_hbt.analysis.flows.worth import Worth, worth_of_one_per_cent
from openfisca_bergen_hbt.privacy.suppression import held_back
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import _, marked, say

#: A matrix of users by category before and after, INGEN first; None where a count is held back.
Matrix = list[list[int | None]]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which months."""

    months: Annotated[
        Annotated[int, Meta(ge=2, le=MONTHS)] | None,
        Meta(
            description=marked("How many months to look at, from January. Default: those that the data have."),
            extra={"metavar": "COUNT"},
        ),
    ] = None


@dataclass(frozen=True)
class Flows:
    """Who goes where."""

    year: int
    #: The title of the regulation whose categories they are, its id, and what the users are.
    regulation: str
    regulation_id: str
    population: str
    months: int
    #: Whether the data have no more: what one per cent is worth then takes the last for the rest of the year.
    ends_early: bool
    #: Between the month before and each month (2 and on): users by category before and after; and of all months.
    by_month: dict[int, Matrix]
    in_all: Matrix
    #: Of all months by unit.
    by_unit: dict[str, Matrix]
    #: The shares of those of a category who go to each in a month, of all months; None where it is held back.
    shares: list[list[float | None]]
    #: Who come, go, go up, go down and stay, by month, and of all months by unit.
    kinds_by_month: dict[int, dict[str, int | None]]
    kinds_by_unit: dict[str, dict[str, int | None]]
    kinds_in_all: dict[str, int | None]
    #: Who come, go, go up and go down, by unit and month.
    kinds_by_unit_and_month: dict[str, dict[int, dict[str, int | None]]]
    worth: list[Worth]


def _run(asked: Asked) -> Flows:
    refuse_without_categories(asked.version)
    if (months := months_given(asked.options.months, asked.files)) == 1:
        raise ValueError(_("Who moves is seen between two months, and the data have one. Give more of them."))
    results = simulate(asked.population, asked.system, asked.year)
    people = results.population
    categories = categories_by_month(results)[:months]
    counts = movements(categories, people.unit_of_user, len(people.unit_names))
    counts[:, :, NONE, NONE] = 0  # who is in neither month is nobody's movement
    if not counts.any():
        raise ValueError(_("Nobody has hours in {year}: there is nothing that moves.").format(year=asked.year))
    held = hidden(counts) if asked.suppression else None
    of_all, of_units = counts.sum(axis=1), by_kind(counts.sum(axis=0))
    counted = held_back([results]) if asked.suppression else None
    in_all = of_all.sum(axis=0)
    numbered = range(2, months + 1)
    return Flows(
        asked.year,
        asked.version.title,
        asked.version.id,
        say(people.description),
        months,
        asked.files is not None and asked.files.months < MONTHS,
        {month: _matrix(of_all[place], held.cells[place] if held else None) for place, month in enumerate(numbered)},
        _matrix(in_all, held.cells[-1] if held else None),
        {
            name: _matrix(of_unit, held.of_units if held else None)
            for name, of_unit in zip(people.unit_names, counts.sum(axis=0), strict=True)
        },
        _shares(shares(in_all), held),
        dict(zip(numbered, _named(by_kind(of_all), held.months[:-1] if held else None), strict=True)),
        dict(zip(people.unit_names, _named(of_units, held.units if held else None), strict=True)),
        _named(by_kind(in_all[None]), held.months[-1:] if held else None)[0],
        {
            name: dict(zip(numbered, moving, strict=True))
            for name, moving in zip(people.unit_names, _of_each_unit(counts, held), strict=True)
        },
        worth_of_one_per_cent(asked.population, asked.system, asked.year, counted),
    )


def _matrix(counts: NDArray[Any], held: NDArray[numpy.bool_] | None) -> Matrix:
    found: Matrix = counts.tolist()
    if held is not None:
        for row, column in numpy.argwhere(held).tolist():
            found[row][column] = None
    return found


def _shares(found: NDArray[Any], held: Hidden | None) -> list[list[float | None]]:
    """Return shares; none of a row in which some count is held back, as the others would tell of it."""
    rows: list[list[float | None]] = [[float(f"{value:.9g}") for value in row] for row in found.tolist()]
    if held is not None:
        for row in numpy.flatnonzero(held.cells[-1].any(axis=1)).tolist():
            rows[row] = [None] * CATEGORIES
    return rows


def _named(counts: NDArray[Any], held: NDArray[numpy.bool_] | None) -> list[dict[str, int | None]]:
    found = []
    for place, row in enumerate(counts.tolist()):
        hides = [False] * len(row) if held is None else held[place].tolist()
        found.append({name: None if hide else value for name, value, hide in zip(KINDS, row, hides, strict=True)})
    return found


def _of_each_unit(counts: Counts, held: Hidden | None) -> Iterator[list[dict[str, int | None]]]:
    """Yield of each unit, by month, those who move."""
    kinds = by_kind(counts)
    for unit in range(counts.shape[1]):
        named = _named(kinds[:, unit], held.by_unit[:, unit] if held else None)
        yield [{name: count for name, count in of.items() if name != "stay"} for of in named]


def _recorded(found: Flows, _done: Done) -> Figures:
    kroner = {
        unit: {f"{GIVEN} (kategori_{one.category} +1 %)": amount}
        for one in found.worth
        if one.category == CATEGORIES - 2
        for unit, amount in one.given.items()
        if amount is not None
    }
    return Figures(as_recorded(found), {found.regulation_id: kroner})


QUESTION = Question(
    name="flows",
    about=marked("""Show who goes from which category to which, month by month, and what a category is worth.

    The matrix of the users by category before and after, who come and go, by month and by unit; and what one per cent
    more users in a category mean in kroner.
    """),
    examples=(
        "flows --example bevegelse",
        "flows --example bevegelse --months 5 --format markdown",
        "flows --data brukere.csv --frame bergen --output bevegelser.html",
        "flows --data brukere_jan_mai.csv --units enheter.csv --frame 1021686820 --output bevegelser.xlsx",
        "flows --example bevegelse --format csv --output bevegelser.csv",
    ),
    run=_run,
    options=Options,
    takes=("population", "months", "year", "regulation", "suppression"),
    not_public=marked("It counts who goes from one category to another, month by month."),
    bodies=({"population": "bevegelse"}, {"population": "bevegelse", "months": 5}),
    forms=("text", "csv", "json", "parquet", "markdown", "html", "xlsx"),
    by_ending=True,
    runs=6,
    recorded=_recorded,
)

"""A comparison on one screen: of its paper the ladder, the areas and what they rest on, within 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.forms import terminal
from openfisca_bergen_hbt.report.forms.terminal import empty_table, plain
from openfisca_bergen_hbt.report.paper import KINDS, Cell, Column, Paper, Table, written
from openfisca_bergen_hbt.report.parts.figures import is_same
from openfisca_bergen_hbt.report.parts.rules_and_numbers import BASES
from openfisca_bergen_hbt.report.subjects.compare import PER_USER_AND_HOUR
from openfisca_bergen_hbt.text.numbers import decimals, signed_percent, whole

#: How many amounts stand side by side; more are set out below each other.
SIDE_BY_SIDE = 5
#: How many areas, or units, a screen shows; files show all.
MOST_ROWS = 100
#: What the numbers of a basis are called, in the order shown.
ASSUMED = {
    BASES["proposal"]: "Tall fra forslag",
    BASES["assumption"]: "Antatte tall",
    BASES["derived"]: "Avledede tall",
}


def write(paper: Paper, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return what a screen shows of a comparison as plain text, and where its figures come from."""
    return plain(shown(paper), recorded)


def shown(paper: Paper) -> RenderableType:
    """Return what a screen shows of a comparison as something that rich prints; all that is said of several years."""
    if paper.table("years"):
        return terminal.shown(paper)
    ids = ("ladder", "change", "assumptions", "interpretations")
    ladder, areas, assumptions, interpretations = map(paper.table, ids)
    assert ladder and areas and assumptions and interpretations  # noqa: PT018, S101 (every comparison has them)
    about = [*paper.about, *_assumed(assumptions), ("Tolkninger", _in_short(interpretations))]
    return Group(
        Text(paper.title, style="bold"),
        *(Text(line, style="bold") for line in paper.headlines),
        Text("Hele kroner. Under hvert trinn: endring fra trinnet over.", style="dim"),
        _ladder(ladder),
        *(Text(note, style="dim") for note in ladder.notes),
        *_areas(areas),
        Text(),
        *(Text.assemble((f"{heading}: ", "bold"), (text, "dim")) for heading, text in about),
    )


def _ladder(ladder: Table) -> RichTable:
    """Return the regulations with their totals, each with the change from the one above below it."""
    found = empty_table()
    found.add_column(ladder.columns[0].heading, max_width=30)
    places = [number for number, column in enumerate(ladder.columns) if column.short]
    for number in places:
        found.add_column(ladder.columns[number].short, justify="right", no_wrap=True)
    earlier: Sequence[Cell] | None = None
    for name, row in zip(ladder.short_names, ladder.rows, strict=True):
        notes = ", ".join(str(note) for note in (row[1], row[-1]) if note)
        label = Text(name).append(f"\n{notes}" if notes else "", style="dim")
        before = None if is_same(str(row[-1])) else earlier
        found.add_row(label, *(_total(row, before, number, ladder.columns[number]) for number in places))
        earlier = row
    return found


def _total(row: Sequence[Cell], before: Sequence[Cell] | None, number: int, column: Column) -> Text:
    now, text = row[number], Text(written(row[number], column))
    if before is None or isinstance(now, str):
        return text
    now, then = _number(now), _number(before[number])
    if now == then:
        return text.append("\nuendret", style="dim")
    per_cent = signed_percent(now - then, then) if then > 0 else ""
    return text.append(f"\n{_change(column, now, then)}\n{per_cent}", style="dim")


def _number(value: Cell) -> float:
    assert isinstance(value, int | float)  # noqa: S101 (totals are always shown)
    return value


def _change(column: Column, now: float, then: float) -> str:
    return KINDS[f"{column.kind}_change"].write(now - then)


def _areas(areas: Table) -> Iterator[RenderableType]:
    """Yield what each regulation gives the areas, and what that is per user and per hour."""
    places: dict[str, list[int]] = {}
    for number, column in enumerate(areas.columns):
        places.setdefault(column.part, []).append(number)
    given, per = places[areas.title], places[PER_USER_AND_HOUR]
    amounts = [number for number in given if areas.columns[number].kind == "kr"]
    yield Text(f"\n{areas.title}", style="bold")
    for start in range(0, len(amounts), SIDE_BY_SIDE):
        side_by_side = amounts[start : start + SIDE_BY_SIDE]
        changes = given[len(amounts) :] if side_by_side[-1] == amounts[-1] else []
        yield _filled(areas, [_shown_column(areas, number) for number in (*side_by_side, *changes)])
    heading = Text(f"\n{PER_USER_AND_HOUR}", style="bold")
    if len(amounts) > 1:
        first, last = (areas.columns[amounts[place]].short.splitlines()[0] for place in (0, -1))
        heading.append(f" (før: {first}; etter: {last})", style="dim")
    yield heading
    yield _filled(areas, [column for number in per for column in _with_change(areas, number)])


def _shown_column(areas: Table, number: int) -> tuple[str, list[str]]:
    """Return a column's short heading and its cells."""
    column = areas.columns[number]
    return column.short, [written(row[number], column) or "–" for row in areas.rows]


def _with_change(areas: Table, number: int) -> Iterator[tuple[str, list[str]]]:
    """Yield a column, and after one that tells of the last regulation what changed from the column before it."""
    heading, cells = _shown_column(areas, number)
    yield heading, cells
    if heading.endswith("etter"):
        pairs = [(row[number], row[number - 1]) for row in areas.rows]
        changes = [MARK if None in pair else _change(areas.columns[number], *map(_number, pair)) for pair in pairs]
        yield heading.replace("etter", "endring"), changes


def _filled(areas: Table, columns: Sequence[tuple[str, list[str]]]) -> RichTable:
    found = empty_table()
    found.add_column(areas.columns[0].heading)
    for heading, _ in columns:
        found.add_column(heading, justify="right")
    names = [str(row[0]) for row in areas.rows]
    *rows, total = zip(names, *(cells for _, cells in columns), strict=True)
    for row in rows[:MOST_ROWS]:
        found.add_row(*row)
    if len(rows) > MOST_ROWS:
        found.add_row(f"… og {whole(len(rows) - MOST_ROWS)} til: --output")
    found.add_row(*total, style="bold")
    return found


def _assumed(assumptions: Table) -> Iterator[tuple[str, str]]:
    """Yield the numbers of each basis, each with the range that it can lie within."""
    for basis, heading in ASSUMED.items():
        found = [_limited(row) for row in assumptions.rows if row[5] == basis]
        if found:
            yield f"{heading} [spenn]", "; ".join(found)


def _limited(row: Sequence[Cell]) -> str:
    _, value, unit, low, high, *_, parameter = row
    limits = f" [{decimals(_number(low))}–{decimals(_number(high))}]" if low != "" else ""
    return f"{parameter} {decimals(_number(value))} {unit}{limits}"


def _in_short(interpretations: Table) -> str:
    return "; ".join(f"{name} {short}" for name, short, _ in interpretations.rows)

"""A comparison on one screen: of its paper the ladder, the areas and what they rest on, within 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from msgspec.structs import replace
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table as RichTable
from rich.text import Text

from openfisca_bergen_hbt.report.forms import terminal
from openfisca_bergen_hbt.report.forms.terminal import Running, empty_table, plain
from openfisca_bergen_hbt.report.paper import Banded, Cell, Column, Paper, Table
from openfisca_bergen_hbt.report.parts.figures import is_same
from openfisca_bergen_hbt.report.parts.rules_and_numbers import BASES
from openfisca_bergen_hbt.report.writing import shortened, written
from openfisca_bergen_hbt.text.language import say, to_say
from openfisca_bergen_hbt.text.numbers import decimals

#: How many amounts stand side by side, with room and without; more are set out below each other.
SIDE_BY_SIDE = (5, 3)
#: How wide totals are at least.
TOTAL = 14
#: What the numbers of a basis are called, in the order shown.
ASSUMED = {
    "proposal": to_say("Tall fra forslag"),
    "assumption": to_say("Antatte tall"),
    "derived": to_say("Avledede tall"),
}


def write(paper: Paper, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return what a screen shows of a comparison as plain text, and where its figures come from."""
    return plain(shown(paper), recorded)


@dataclass(frozen=True)
class Fitted:
    """What is drawn one way where there is room for it, and another way on a narrow terminal."""

    wide: RenderableType
    narrow: RenderableType

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw what there is room for."""
        yield self.wide if options.max_width >= terminal.WIDTH else self.narrow


def shown(paper: Paper) -> RenderableType:
    """Return what a screen shows of a comparison as something that rich prints.

    All that is said of several years, and of what is to be published.
    """
    if paper.table("years") or paper.table("published"):
        return terminal.shown(paper)
    ids = ("ladder", "change", "assumptions", "interpretations")
    ladder, areas, assumptions, interpretations = map(paper.table, ids)
    assert assumptions and interpretations  # noqa: PT018, S101 (every comparison has them)
    common = [table for table in paper.tables if table.id.startswith("common-")]
    named = say("{names} (forklart i det --output skriver)").format(
        names=", ".join(str(row[0]) for row in interpretations.rows)
    )
    about = [*paper.about, *_assumed(assumptions), (say("Tolkninger"), named)]
    if not (ladder and areas):
        sections = [section for section in paper.sections if assumptions not in section.blocks]
        return terminal.shown(replace(paper, sections=sections, about=about))
    return Group(
        Text(paper.title, style="bold"),
        *(Running(line, style="bold") for line in paper.headlines),
        Text(say("Hele kroner. Under hvert trinn: endring fra trinnet før."), style="dim"),
        _ladder(ladder),
        *(Running(note, style="dim") for note in ladder.notes),
        *_areas(areas),
        *(Running(f"{table.title}: {note}", style="dim") for table in common for note in table.notes),
        *(part for paid in filter(None, [paper.table("transition")]) for part in terminal.parts(paid)),
        Text(),
        *(Running(text, f"{heading}: ", "dim") for heading, text in about),
    )


def _ladder(ladder: Table) -> RenderableType:
    """Return the regulations with their totals, each with the change from the one it is set beside below it."""
    places = [number for number, column in enumerate(ladder.columns) if column.short]
    heads = [ladder.columns[number].short for number in places]
    steps: list[tuple[str, str, list[Text]]] = []
    for name, row, changes in zip(ladder.short_names, ladder.rows, ladder.changes, strict=True):
        same = is_same(str(row[-1]))
        cells = [
            Text() if same else _total(row[number], change, ladder.columns[number])
            for number, change in zip_longest(places, changes)
        ]
        steps.append((name, ", ".join(str(note) for note in (row[1], row[-1]) if note), cells))
    lines = [[line for *_, cells in steps for line in cells[number].plain.split("\n")] for number in range(len(heads))]
    widths = [max(TOTAL, *map(len, column)) for column in lines]
    drawn: list[RenderableType] = [_row_of(heads, widths)]
    for name, notes, cells in steps:
        drawn.append(Text(name).append(f" ({notes})" if notes else "", style="dim"))
        drawn += [_row_of(cells, widths)] if any(cells) else []
    return Group(*drawn)


def _row_of(cells: Sequence[str | Text], widths: Sequence[int]) -> RichTable:
    """Return cells below those of other such rows; bands are folded where there is no room for them."""
    found = RichTable.grid(padding=(0, 1))
    for width in widths:
        found.add_column(justify="right", width=width, no_wrap=max(widths) == TOTAL, vertical="bottom")
    found.add_row(*cells)
    return found


def _total(now: Cell, change: Cell, column: Column) -> Text:
    """Return a total, and below it what it changes by; None where it is set beside nothing."""
    text = Text(written(now, column))
    if change is None or not isinstance(now, int | float):
        return text
    same = change == 0 and not isinstance(change, Banded)
    said = say("uendret") if same else written(change, replace(column, kind=f"{column.kind}_change"))
    return text.append(f"\n{said}", style="dim")


def _number(value: Cell) -> float:
    assert isinstance(value, int | float)  # noqa: S101 (totals are always shown)
    return value


def _areas(areas: Table) -> Iterator[RenderableType]:
    """Yield what each regulation gives the areas, or units; what that is per user and per hour stands in the files."""
    areas = shortened(areas)
    given = [number for number, column in enumerate(areas.columns) if column.part == areas.title]
    amounts = [number for number in given if areas.columns[number].kind == "kr"]
    yield Text(f"\n{areas.title}", style="bold")
    yield Fitted(*(Group(*_side_by_side(areas, amounts, given[len(amounts) :], most)) for most in SIDE_BY_SIDE))
    yield from (Running(note, style="dim") for note in areas.notes)


def _side_by_side(areas: Table, amounts: Sequence[int], changes: Sequence[int], most: int) -> Iterator[RichTable]:
    for start in range(0, len(amounts), most):
        side_by_side = amounts[start : start + most]
        last = changes if side_by_side[-1] == amounts[-1] else []
        if last and len(side_by_side) == most < SIDE_BY_SIDE[0]:  # a full row has no room for the changes
            yield _filled(areas, side_by_side)
            side_by_side = []
        yield _filled(areas, [*side_by_side, *last])


def _filled(areas: Table, columns: Sequence[int]) -> RichTable:
    found = empty_table()
    found.add_column(areas.columns[0].heading, overflow="fold", max_width=30)
    for number in columns:
        found.add_column(areas.columns[number].short, justify="right")
    cells = [[written(row[number], areas.columns[number]) or "–" for row in areas.rows] for number in columns]
    *rows, total = zip((Text(str(row[0])) for row in areas.rows), *cells, strict=True)
    for row in rows:
        found.add_row(*row)
    found.add_row(*total, style="bold")
    return found


def _assumed(assumptions: Table) -> Iterator[tuple[str, str]]:
    """Yield the numbers of each basis, each with the range that it can lie within."""
    for basis, heading in ASSUMED.items():
        found = [_limited(row) for row in assumptions.rows if row[5] == say(BASES[basis])]
        if found:
            yield say("{heading} [spenn]").format(heading=say(heading)), "; ".join(found)


def _limited(row: Sequence[Cell]) -> str:
    _, value, unit, low, high, *_, parameter = row
    limits = f" [{decimals(_number(low))}–{decimals(_number(high))}]" if low != "" else ""
    return f"{parameter} {decimals(_number(value))} {unit}{limits}"

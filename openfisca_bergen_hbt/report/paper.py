"""A paper: what is said of a subject, in words and in tables of raw values; the forms write it as they can."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple, Self

from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say


class Marked(float):
    """A number with a mark beside it, such as the interpretation that it rests on; without one where it has none."""

    mark: str

    def __new__(cls, value: float, mark: str) -> Self:
        """Return the number with its mark."""
        found = super().__new__(cls, value)
        found.mark = mark
        return found


class Banded(float):
    """A number with the band that it can lie within, and a mark, as ``Marked`` has one."""

    low: float
    high: float
    mark: str

    def __new__(cls, value: float, low: float, high: float, mark: str = "") -> Self:
        """Return the number with its band."""
        found = super().__new__(cls, value)
        found.low, found.high, found.mark = low, high, mark
        return found


class Day(str):
    """A day as people write it, which spreadsheets hold as a day."""

    __slots__ = ("day",)
    day: date

    def __new__(cls, day: date) -> Self:
        """Return the day's text with the day."""
        found = super().__new__(cls, numbers.date_text(day))
        found.day = day
        return found


Cell = str | float | None


@dataclass(frozen=True)
class Kind:
    """What a column holds: how people read it, and how a spreadsheet shows it (in the formats' own, English, terms)."""

    write: Callable[[float], str]
    excel: str
    width: int = 16


KINDS = {
    "kr": Kind(numbers.whole, "#,##0"),
    "kr_change": Kind(numbers.signed, "+#,##0;-#,##0;0"),
    "percent": Kind(numbers.percent, "0.0 %", 10),
    "percent_change": Kind(lambda share: numbers.signed_percent(share, 1), "+0.0 %;-0.0 %;0.0 %", 10),
    "count": Kind(numbers.whole, "#,##0", 10),
    "hours": Kind(numbers.whole, "#,##0", 14),
    "hours_change": Kind(numbers.signed, "+#,##0;-#,##0;0", 14),
    "ore": Kind(numbers.two_decimals, "#,##0.00", 14),
    "ore_change": Kind(numbers.signed_two_decimals, "+#,##0.00;-#,##0.00;0.00", 14),
    "number": Kind(numbers.decimals, "#,##0.####", 18),
    "exact": Kind(numbers.exact, "#,##0.##########", 18),
}
#: From where on bands of kroner are written in millions.
MILLION = 1e6
#: What stands in the place of a band whose ends are the same.
STILL = to_say("likt i alle trekk")
#: The kind of a column of words.
TEXT = "text"
#: How many rows people read; of a longer table so many from each end are shown, or more where they can be chosen.
MOST_ROWS, FROM_EACH_END, MOST_TO_CHOOSE_FROM = 100, 10, 1000
#: How many characters a line to write on has.
LINE_TO_WRITE_ON = 40
#: Where a line of a tree is folded.
FOLDED_AT = 96


@dataclass(frozen=True)
class Column:
    """A column: its heading, and the kind of its values (one of ``KINDS``, or text)."""

    heading: str
    kind: str = TEXT
    #: How many characters a spreadsheet gives it; of text only.
    width: int = 24
    #: What it is called where there is little room; empty for one that is left out there.
    short: str = ""
    #: The part of a wide table that it belongs to; where there is little room, each part is a table of its own.
    part: str = ""
    #: Whether a page leaves it out where there is little room, until it is asked for.
    detail: bool = False
    #: Whether its texts are sources, which a page tells of at its end.
    sources: bool = False
    #: The variable that its numbers are; empty where they are no variable of the law.
    variable: str = ""


@dataclass(frozen=True)
class Table:
    """A table with raw values; None is a figure that is held back, an empty text no figure."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    #: A word or two: the name of its sheet.
    name: str = ""
    #: What it is found by in its paper, and by the charts that are drawn of it.
    id: str = ""
    notes: Sequence[str] = ()
    #: Whether the last row is the sum of the others.
    has_sum: bool = False
    #: What the rows are called where there is little room; none: as in their first column.
    short_names: Sequence[str] = ()
    #: Of each row what the columns that have a short heading change by, from the row that it is set beside; empty for
    #: the first.
    changes: Sequence[Sequence[Cell]] = ()
    #: The column by which the first and the last rows are chosen, where the table is too long to be shown.
    ranked_by: int | None = None

    @property
    def body(self) -> Sequence[Sequence[Cell]]:
        """The rows without their sum."""
        return self.rows[:-1] if self.has_sum else self.rows

    @property
    def is_long(self) -> bool:
        """Whether there are more rows than are read from the top down, and what to choose some by."""
        return self.ranked_by is not None and len(self.body) > MOST_ROWS


@dataclass(frozen=True)
class Heading:
    """A heading, and how it looks: ``held`` or ``refused``, or as usual."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text, and how it looks: a ``note``, ``refused``, or as usual."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Items:
    """Short texts below each other."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Blanks:
    """Fields that who reads the paper fills in, each by its name: on screen where a form can, and by hand."""

    names: Sequence[str]


@dataclass(frozen=True)
class Code:
    """Source code, or text set in lines of its own."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class Branch:
    """A part of a tree: a text with its value and a remark, something about it, and what it is made of."""

    text: str
    value: str = ""
    remark: str = ""
    about: str = ""
    below: Sequence[Branch] = ()
    #: Whether what is below is one thing month by month, of which it is enough to see the first.
    months: bool = False
    #: How the value is reckoned.
    arithmetic: str = ""


@dataclass(frozen=True)
class Tree:
    """A calculation as a tree that can be folded."""

    root: Branch


class Lines(list[bytes]):
    """A long list whose items are JSON already, each of which stands on a line of its own."""


class Tidy(NamedTuple):
    """Figures as one table, for programs: each column by its name, and what is said of it all, by keys."""

    columns: Mapping[str, Any]
    said: Mapping[str, str]


Block = Heading | Paragraph | Items | Blanks | Code | Tree | Table


@dataclass(frozen=True)
class Section:
    """A part of a paper. Pages show its heading and lead to it; what is read from the top down does not."""

    blocks: Sequence[Block]
    id: str = ""
    heading: str = ""
    #: Whether each table has its name as a heading above it.
    named: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure of an answer."""

    variable: str
    heading: str
    text: str
    #: The band that it can lie within, in words; empty where none is known.
    band: str
    #: What it was before the change, where the answer is about one; else empty.
    before: str
    #: None where it is held back.
    value: float | None


@dataclass(frozen=True)
class Answer:
    """What is read first of a paper, and may be all that is read."""

    #: What it is about: what was compared, or what was changed, from what to what.
    title: str
    sentence: str
    #: Where the frame does not hold, and what else is lacking: read before all else.
    broken: Sequence[str]
    lacking: Sequence[str]
    figures: Sequence[Figure]
    #: What does not survive every draw and reading, and which readings overturn it.
    doubt: str
    #: What it rests on, a sentence each.
    rests_on: Sequence[str] = ()
    #: The tables whose charts stand beside it.
    pictures: Sequence[str] = ()


@dataclass(frozen=True)
class Paper:
    """What is said of a subject."""

    title: str
    sections: Sequence[Section]
    #: The most important figures in words.
    headlines: Sequence[str] = ()
    #: What is to be known before the tables are read, each with its heading.
    about: Sequence[tuple[str, str]] = ()
    #: What is said last.
    notes: Sequence[str] = ()
    #: What it opens with, where it has one answer.
    answer: Answer | None = None

    @property
    def blocks(self) -> Iterator[Block]:
        """Everything between the headlines and the notes, in order."""
        return (block for section in self.sections for block in section.blocks)

    @property
    def tables(self) -> list[Table]:
        """Every table, in order."""
        return [block for block in self.blocks if isinstance(block, Table)]

    def table(self, name: str) -> Table | None:
        """Return the table of an id; None where the paper has none."""
        return next((table for table in self.tables if table.id == name), None)


def made(*tables: Table | None) -> list[Table]:
    """Return the tables that there is something to show in."""
    return [table for table in tables if table]


def ranked(table: Table) -> list[int]:
    """Return the rows that have a number to be ranked by, from the largest down."""
    assert table.ranked_by is not None  # noqa: S101 (asked of long tables alone)
    values = [row[table.ranked_by] for row in table.body]
    found = [(-value, number) for number, value in enumerate(values) if isinstance(value, int | float)]
    return [number for _, number in sorted(found)]


def from_the_largest(table: Table) -> Table:
    """Return a long table with its rows as they are ranked, then those without a number, and last their sum."""
    order = ranked(table)
    without = sorted({*range(len(table.body))} - {*order})
    sums = table.rows[len(table.body) :]
    return replace(table, rows=[*(table.rows[number] for number in (*order, *without)), *sums])


def ends(table: Table) -> list[int]:
    """Return the rows at both ends of a long table."""
    order = ranked(table)
    return list(dict.fromkeys([*order[:FROM_EACH_END], *order[-FROM_EACH_END:]]))


def shortened(table: Table, most: int = MOST_ROWS) -> Table:
    """Return a table as it is, or the ends of one with more rows, which says what is left out and where that stands."""
    if not table.is_long or len(table.body) <= most:
        return table
    shown, rows = ends(table), table.rows
    assert table.ranked_by is not None  # noqa: S101 (it is long)
    note = say(
        "Vist er de {from_each_end} øverste og de {from_each_end} nederste av {rows} etter «{heading}». "
        "De {others} andre står hele i arbeidsboken (.xlsx, arket «{name}»), og som tall i .json."
    ).format(
        from_each_end=FROM_EACH_END,
        rows=numbers.whole(len(table.body)),
        heading=table.columns[table.ranked_by].heading,
        others=numbers.whole(len(table.body) - len(shown)),
        name=table.name,
    )
    chosen = [rows[number] for number in shown] + ([rows[-1]] if table.has_sum else [])
    return replace(table, rows=chosen, notes=[note, *table.notes], ranked_by=None)


def written(value: Cell, column: Column) -> str:
    """Return a cell as people read it."""
    if value is None:
        return MARK
    if isinstance(value, str) or column.kind == TEXT:
        return str(value)
    mark = f" ({value.mark})" if isinstance(value, Marked | Banded) and value.mark else ""
    band = f"\n{_band(value, column.kind)}" if isinstance(value, Banded) else ""
    return f"{KINDS[column.kind].write(value)}{mark}{band}"


def spread(table: Table) -> Table:
    """Return a table in which the ends of bands stand in columns of their own, for spreadsheets."""
    banded = [any(isinstance(row[place], Banded) for row in table.rows) for place in range(len(table.columns))]
    if not any(banded):
        return table
    heads: list[Column] = []
    for column, ends in zip(table.columns, banded, strict=True):
        heads += [
            column,
            *(Column(f"{column.heading}, {end}", column.kind) for end in (say("fra"), say("til")) if ends),
        ]
    rows: list[list[Cell]] = []
    for row in table.rows:
        cells: list[Cell] = []
        for value, ends in zip(row, banded, strict=True):
            cells += [
                Marked(value, value.mark) if isinstance(value, Banded) else value,
                *(_ends(value) if ends else ()),
            ]
        rows.append(cells)
    return replace(table, columns=heads, rows=rows)


def _ends(value: Cell) -> tuple[Cell, Cell]:
    return (value.low, value.high) if isinstance(value, Banded) else ("", "")


def _band(value: Banded, kind: str) -> str:
    """Return a band as people read it: kroner in millions, as ends are judgements."""
    write, unit, signed = KINDS[kind].write, "", kind.endswith("_change")
    if kind in ("kr", "kr_change") and max(abs(value.low), abs(value.high)) >= MILLION:
        write, unit = partial(numbers.millions, sign=signed), f" {say('mill.')}"
    low, high = write(value.low), write(value.high)
    between = f" {say('til')} " if signed or value.low < 0 else "–"
    return say(STILL) if low == high else f"{low}{between}{high}{unit}"


def written_rows(table: Table) -> list[list[str]]:
    """Return the rows of a table as people read them."""
    return [[written(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]


def written_tree(root: Branch) -> str:
    """Return a tree as lines, each indented below what it explains, and folded."""
    return "\n".join(
        textwrap.fill(line, FOLDED_AT, initial_indent="  " * depth, subsequent_indent="  " * (depth + 2))
        for depth, line in _lines(root, 0)
    )


def _lines(branch: Branch, depth: int) -> Iterator[tuple[int, str]]:
    ending = f"; {say('den første måneden:')}" if branch.months else f"{branch.value}{branch.remark}"
    yield depth, f"{branch.text}{ending}"
    shown = branch.below[0] if branch.months else branch
    if shown.arithmetic:
        yield depth + 1, shown.arithmetic
    yield depth + 1, shown.about
    for part in shown.below:
        yield from _lines(part, depth + 1)

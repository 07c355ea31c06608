"""A paper: what is said of a subject, in words and in tables of raw values; the forms write it as they can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Self

from msgspec import Struct

from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say


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


#: The kind of a column of words.
TEXT = "text"
#: How many rows are read from the top down.
MOST_ROWS = 100


class Column(Struct, frozen=True):
    """A column: its heading, and the kind of its values (one of ``writing.KINDS``, or text)."""

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


class Table(Struct, frozen=True):
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


class Heading(Struct, frozen=True):
    """A heading, and how it looks: ``held`` or ``refused``, or as usual."""

    text: str
    look: str = ""


class Paragraph(Struct, frozen=True):
    """Running text, and how it looks: a ``note``, ``refused``, or as usual."""

    text: str
    look: str = ""


class Items(Struct, frozen=True):
    """Short texts below each other."""

    texts: Sequence[str]


class Blanks(Struct, frozen=True):
    """Fields that who reads the paper fills in, each by its name: on screen where a form can, and by hand."""

    names: Sequence[str]


class Code(Struct, frozen=True):
    """Source code, or text set in lines of its own."""

    text: str
    title: str = ""


class Branch(Struct, frozen=True):
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


class Tree(Struct, frozen=True):
    """A calculation as a tree that can be folded."""

    root: Branch


class Lines(list[bytes]):
    """A long list whose items are JSON already, each of which stands on a line of its own."""


class Tidy(NamedTuple):
    """Figures as one table, for programs: each column by its name, and what is said of it all, by keys."""

    columns: Mapping[str, Any]
    said: Mapping[str, str]


Block = Heading | Paragraph | Items | Blanks | Code | Tree | Table


class Section(Struct, frozen=True):
    """A part of a paper. Pages show its heading and lead to it; what is read from the top down does not."""

    blocks: Sequence[Block]
    id: str = ""
    heading: str = ""
    #: Whether each table has its name as a heading above it.
    named: bool = False


class Figure(Struct, frozen=True):
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


class Answer(Struct, frozen=True):
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


class Paper(Struct, frozen=True):
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


def from_to(kind: str) -> list[Column]:
    """Return the columns of the ends of a band."""
    return [Column(say("Fra"), kind), Column(say("Til"), kind)]


def made(*tables: Table | None) -> list[Table]:
    """Return the tables that there is something to show in."""
    return [table for table in tables if table]

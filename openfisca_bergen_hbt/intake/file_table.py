"""A file as a table, its columns named as the package names them and its rows counted as a spreadsheet does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars

from openfisca_bergen_hbt.intake.columns import Column, recognise
from openfisca_bergen_hbt.intake.findings import fault

#: The column that counts the rows: the heading is row 1.
ROW = "rad"


@dataclass(frozen=True)
class Written:
    """How a file is written, where it is given rather than detected."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None


@dataclass
class Table:
    """A file as a table: its columns named as the package names them, with a column that counts the rows."""

    file: str
    frame: polars.DataFrame
    #: The headings in the file of the columns kept, by the package's name.
    headings: dict[str, str]
    #: Columns that were not asked for; they are there to be looked through, and go no further.
    unused: list[str]
    #: How it was read, in words.
    notes: list[str] = field(default_factory=list)
    #: The decimal mark, where it is known: ``.`` or ``,``.
    decimal: str | None = None
    #: Whether numbers and texts can be mixed in a column, each number written with a point (Excel).
    mixed: bool = False

    @property
    def unused_headings(self) -> list[str]:
        """The headings of the columns that are not used, those that have one."""
        return [name for name in self.unused if name.strip() and not name.startswith(" (")]

    def say_decimal(self, mark: str) -> None:
        """Add to how the file was read which decimal mark its numbers have."""
        self.notes[0] += {",": ", decimal comma", ".": ", decimal point"}[mark]


def named(
    file: str,
    frame: polars.DataFrame,
    headings: Sequence[str],
    columns: Sequence[Column],
    first_row: int = 2,
) -> Table:
    """Return the columns asked for under the package's names, rows counted, without rows that are empty."""
    found = recognise(file, headings, columns)
    rows = polars.int_range(first_row, first_row + frame.height, dtype=polars.Int64, eager=True).alias(ROW)
    names = [column.name if column else heading.strip() for heading, column in zip(headings, found, strict=True)]
    names = [name if name and names.count(name) == 1 else f"{name} ({n})" for n, name in enumerate(names, 1)]
    cells = [series.alias(name) for series, name in zip(frame.iter_columns(), names, strict=False)]
    named = polars.DataFrame([rows, *cells])
    if named.select(_is_empty(cells[0])).to_series().any():
        named = named.filter(~polars.all_horizontal(_is_empty(series) for series in cells))
    if named.is_empty():
        raise fault(file, "the file has headings and no rows.")
    by_name = {name: heading.strip() for name, heading in zip(names, headings, strict=True)}
    unused = [name for name, column in zip(names, found, strict=True) if not column and name in named.columns]
    return Table(file, named, {column.name: by_name[column.name] for column in found if column}, unused)


def _is_empty(series: polars.Series) -> polars.Expr:
    column = polars.col(series.name)
    return column.is_null() | (column.str.strip_chars() == "") if series.dtype == polars.String else column.is_null()


def first_line(error: Exception) -> str:
    """Return what a library says of a file that it can't read."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__

"""A file's cells as they stand there, in columns named as the package names them and rows as a spreadsheet does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars

from openfisca_bergen_hbt.intake.columns import FileColumn
from openfisca_bergen_hbt.intake.problems import LONGEST_CELL, ROW, DataError, Problem, problems_where
from openfisca_bergen_hbt.text.language import _


@dataclass(frozen=True)
class Written:
    """How a file is written, where it is given rather than detected."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    #: Names that look like those of sums, and are those of units.
    keep: Sequence[str] = ()
    #: Headings and the columns that they stand for, as ``Timer pr uke=timer_per_uke``.
    columns: Sequence[str] = ()
    #: Whether it is the file of users, of which the sheet is named; another may lack it.
    is_of_users: bool = True


@dataclass(frozen=True)
class Sheet:
    """A file's cells: text, or what a spreadsheet or a Parquet file holds."""

    #: A column for each heading, after the rows' numbers; those not asked for are there to be looked through.
    cells: polars.DataFrame
    #: The headings in the file of the columns asked for, by the package's name.
    headings: dict[str, str]
    #: How it was read, in words.
    how: str
    #: The decimal mark, where it is given: ``.`` or ``,``.
    decimal: str | None = None
    #: The name of the sheet of a workbook.
    name: str = ""
    #: The numbers of columns that hold texts as well, which are numbers whatever the texts' decimal mark (Excel).
    numbers: Mapping[str, polars.Series] = field(default_factory=dict)
    #: What can't be meant so, and what else is to be said.
    problems: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    #: Names that look like those of sums, and are to be kept.
    keep: Sequence[str] = ()

    @property
    def unused(self) -> list[str]:
        """The headings of the columns that were not asked for, those that have one."""
        return [name for name in self.cells.columns[1:] if name not in self.headings and not name.startswith(" (")]


def named_cells(
    cells: polars.DataFrame,
    headings: Sequence[str],
    found: Sequence[FileColumn | None],
    rows: polars.Series | None = None,
    first_row: int = 2,
) -> tuple[polars.DataFrame, dict[str, str]]:
    """Return cells under the package's names, without rows that are empty, and the headings of the columns asked for.

    The cells have a column for each heading, which names the column found for it. The rows are numbered as given, or
    from the first one on.

    Raises:
        DataError: there is nothing below the headings.
    """
    names = [column.name if column else heading.strip() for heading, column in zip(headings, found, strict=True)]
    names = [name if name and names.count(name) == 1 else f"{name} ({n})" for n, name in enumerate(names, 1)]
    columns = [series.alias(name) for series, name in zip(cells.iter_columns(), names, strict=False)]
    if rows is None:
        rows = polars.int_range(first_row, first_row + cells.height, dtype=polars.Int64, eager=True)
    named = polars.DataFrame([rows.alias(ROW), *columns])
    _refuse_long_cells(named, headings)
    if named.select(_is_empty(columns[0]).any()).item():
        named = named.filter(~polars.all_horizontal(map(_is_empty, columns)))
    if named.is_empty():
        raise DataError(Problem(_("the file has headings and no rows.")))
    known = zip(headings, found, columns, strict=False)
    return named, {column.name: heading.strip() for heading, column, _ in known if column}


def _refuse_long_cells(cells: polars.DataFrame, headings: Sequence[str]) -> None:
    message = _("the text is longer than {most} characters, as no cell of a table is. Take it out.").format(
        most=LONGEST_CELL
    )
    if max(map(len, headings), default=0) > LONGEST_CELL:
        raise DataError(Problem(message))
    for column in cells.select(polars.col(polars.String)):
        if (column.str.len_bytes().max() or 0) > LONGEST_CELL:  # type: ignore[operator] # a number
            long = column.str.len_chars() > LONGEST_CELL
            if found := problems_where(long.fill_null(value=False), cells, column.name, message):
                raise DataError(*found)


def _is_empty(series: polars.Series) -> polars.Expr:
    column = polars.col(series.name)
    return column.is_null() | (column.str.strip_chars() == "") if series.dtype == polars.String else column.is_null()


@dataclass(frozen=True)
class FileRows:
    """A file's rows, their numbers and each column as what it means; and how they were read, in words."""

    file: str
    rows: polars.DataFrame
    notes: list[str]
    sheet: str = ""

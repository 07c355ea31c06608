"""A workbook as the sheet that is read: the one that holds the columns, and what of its cells can't be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy
import polars
from numpy.typing import NDArray

from openfisca_bergen_hbt.intake.columns import FileColumn, columns_by_heading, columns_named
from openfisca_bergen_hbt.intake.office.grid import Grid, Odd, Value, address
from openfisca_bergen_hbt.intake.office.ods import CONTENT, Ods
from openfisca_bergen_hbt.intake.office.package import DAMAGED, Package, damaged_otherwise
from openfisca_bergen_hbt.intake.office.xlsx import Xlsx
from openfisca_bergen_hbt.intake.problems import ROW, DataError, Problem, rows_in_words
from openfisca_bergen_hbt.intake.sheet import Sheet, Written, named_cells
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.numbers import plain
from openfisca_bergen_hbt.text.numerals import DECIMALS

#: What cells that are neither numbers nor texts may be read as: a date as a month, true as an answer.
UNDERSTOOD = {"months": ("date",), "choices": ("true or false",), "numbers": ("duration",)}
#: What is said of such a cell where it can't be.
REFUSED = {
    "error": marked("the spreadsheet's formula failed here. Correct it, or write what is meant."),
    "formula": marked("a formula stands here, and its value is not stored. Open the file in Excel and save it."),
    "true or false": marked("true or false stands here. Write what is meant."),
    "date": marked("a date stands here. Write what is meant, and give the cell the format General."),
    "time": marked(
        "a time of day stands here. Write hours as a number, such as 5,5, and give the cell the format General."
    ),
    "duration": marked("a length of time stands here. Write what is meant, and give the cell the format General."),
    "long": marked("the text is longer than any that belongs in a table. Take it out."),
}
#: How it is said what was read.
THE_SHEET = marked("{program}, sheet '{sheet}', {rows} rows")
ONE_OF_SHEETS = marked("{program}, sheet '{sheet}' of {number} (--sheet takes another), {rows} rows")


class Book(Protocol):
    """A workbook of some program's."""

    #: Whether each sheet is visible, by name and in order.
    sheets: dict[str, bool]
    program: str

    def grid(self, sheet: str, *, heading_only: bool = False) -> Grid:
        """Return what a sheet holds."""


def office_sheet(
    content: bytes, columns: Sequence[FileColumn], needed: Sequence[Sequence[str]], written: Written
) -> Sheet:
    """Return the sheet of a workbook that holds the columns asked for, of which some of each sequence are needed.

    Raises:
        DataError: no workbook, not the columns, several sheets with them, or cells that can't be read as meant.
    """
    with damaged_otherwise():
        book = _opened(Package(content))
        name, said = _chosen(book, columns, needed, written)
        grid = book.grid(name)
    if not grid.columns:
        raise DataError(Problem(_("the sheet '{name}' is empty.").format(name=name)))
    top = min(rows[0] for rows, _ in grid.columns.values())
    places = sorted(grid.columns)
    headings = _headings(grid, top)
    found = columns_by_heading(headings, columns)
    rows = numpy.unique(numpy.concatenate([numpy.array(rows, dtype=numpy.int64) for rows, _ in grid.columns.values()]))
    rows = rows[rows > top]
    cells: list[polars.Series] = []
    numbers: dict[str, polars.Series] = {}
    problems: list[Problem] = []
    for place, column in zip(places, found, strict=True):
        values = _values(grid, place, rows)
        problems += _odd(values, rows, place, column)
        series, of_numbers = _series(values)
        cells.append(series)
        if column and of_numbers is not None:
            numbers[column.name] = of_numbers
        problems += _merged(grid, top, place, column) if column else []
    named, used = named_cells(polars.DataFrame(cells), headings, found, polars.Series(ROW, rows))
    hidden = sorted({*grid.hidden}.intersection(rows.tolist()))
    return Sheet(
        named,
        used,
        how=_(said).format(program=book.program, sheet=name, number=len(book.sheets), rows=named.height),
        decimal=DECIMALS.get(written.decimal or ""),
        name=name,
        numbers=numbers,
        problems=problems,
        notes=[_("hidden or filtered out, and read as the others: {rows}").format(rows=rows_in_words(hidden))]
        if hidden
        else [],
    )


def sheets_in(content: bytes) -> list[str]:
    """Return the names of the sheets of a workbook that are visible.

    Raises:
        DataError: no workbook.
    """
    with damaged_otherwise():
        return [name for name, is_visible in _opened(Package(content)).sheets.items() if is_visible]


def _opened(package: Package) -> Book:
    """Return the workbook that is in a package."""
    if CONTENT in package.names and not any(name.startswith("word/") for name in package.names):
        book: Book = Ods(package)
    elif any(name.endswith("workbook.bin") for name in package.names):
        raise DataError(Problem(_("this is a binary Excel file (.xlsb): save it as plain .xlsx.")))
    elif "[Content_Types].xml" not in package.names:
        raise DataError(Problem(_("this is a zip, and no workbook. Unpack it, and give the file that is in it.")))
    elif not any(name.startswith("xl/") for name in package.names):
        raise DataError(Problem(_("this is a document of another program (Word?), and no workbook. Save it as .xlsx.")))
    else:
        book = Xlsx(package)
    if not book.sheets:
        raise DataError(Problem(_(DAMAGED) if isinstance(book, Xlsx) else _("the document holds no sheet.")))
    return book


def _headings(grid: Grid, row: int) -> list[str]:
    """Return what stands in a row as text, for each column that holds anything."""
    firsts = [(rows[0], values[0]) for _, (rows, values) in sorted(grid.columns.items())]
    return [_text(value) if at == row else "" for at, value in firsts]


def _chosen(
    book: Book, columns: Sequence[FileColumn], needed: Sequence[Sequence[str]], written: Written
) -> tuple[str, str]:
    """Return the name of the sheet to read, and how it is said that it was."""
    visible = [name for name, is_visible in book.sheets.items() if is_visible]
    if written.sheet and (written.sheet in book.sheets or written.is_of_users):
        if written.sheet not in book.sheets:
            message = _("there is no sheet '{sheet}'. The sheets are: {sheets}.").format(
                sheet=written.sheet, sheets=", ".join(visible)
            )
            raise DataError(Problem(message))
        return written.sheet, THE_SHEET
    if not visible:
        raise DataError(Problem(_("every sheet is hidden. Show the one with the table.")))
    named = {name: _columns(book, name, columns) for name in visible if len(visible) > 1 and needed}
    holding = [name for name, of in named.items() if all({*some} & {column.name for column in of} for some in needed)]
    # A list of units is none of users: of several sheets those are looked at that give some input.
    holding = [name for name in holding if any(column.variable for column in named[name])] or holding
    if len(holding) > 1:
        message = _("several sheets hold the columns: {sheets}. Choose one with --sheet (Ark on the page).").format(
            sheets=", ".join(holding)
        )
        raise DataError(Problem(message))
    return (holding or visible)[0], ONE_OF_SHEETS if len(book.sheets) > 1 else THE_SHEET


def _columns(book: Book, sheet: str, columns: Sequence[FileColumn]) -> list[FileColumn]:
    """Return the columns that the first row of a sheet names."""
    grid = book.grid(sheet, heading_only=True)
    top = min((rows[0] for rows, _ in grid.columns.values()), default=0)
    return [column for column in columns_named(_headings(grid, top), columns) if column]


def _values(grid: Grid, column: int, rows: NDArray[numpy.int64]) -> list[Value | None]:
    """Return what a column holds in each of some rows."""
    at, given = grid.columns[column]
    start = int(numpy.searchsorted(at, rows[0])) if len(rows) else len(at)
    if len(at) - start == len(rows):
        return [*given[start:]]
    values: list[Value | None] = [None] * len(rows)
    for place, value in zip(numpy.searchsorted(rows, at[start:]).tolist(), given[start:], strict=True):
        values[place] = value
    return values


def _text(value: Value | None) -> str:
    """Return what a cell holds as text."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, float) else value.text if isinstance(value, Odd) else value


def _series(values: Sequence[Value | None]) -> tuple[polars.Series, polars.Series | None]:
    """Return cells as numbers where all are; else as text, and the numbers among them where there are some."""
    kinds = {*map(type, values)} - {type(None)}
    if kinds <= {float}:
        return polars.Series(values, dtype=polars.Float64 if kinds else polars.String), None
    texts = polars.Series([None if value is None else _text(value) for value in values], dtype=polars.String)
    if float not in kinds:
        return texts, None
    numbers = [value if isinstance(value, float) else None for value in values]
    return texts, polars.Series(numbers, dtype=polars.Float64)


def _odd(
    values: list[Value | None], rows: NDArray[numpy.int64], place: int, column: FileColumn | None
) -> Iterator[Problem]:
    """Yield the cells of a column that can't be read as meant, by what is wrong with them, and empty them."""
    understood = UNDERSTOOD.get(column.cells, ()) if column else ()
    by_kind: dict[str, list[tuple[int, str]]] = {}
    for at, value in enumerate(values) if Odd in {*map(type, values)} else ():
        if isinstance(value, Odd) and value.kind not in understood and (column or value.kind == "long"):
            by_kind.setdefault(value.kind, []).append((int(rows[at]), value.text))
            values[at] = None
    for kind, found in by_kind.items():
        bad = [row for row, _ in found]
        shown = [text if text in KNOWN_ERRORS else "" for _, text in found]
        advice = [_("(cell {cell})").format(cell=address(row, place)) for row in bad]
        yield Problem(_(REFUSED[kind]), column.name if column else "", bad, shown, advice)


#: The errors of spreadsheets: the only texts of such cells that are shown.
KNOWN_ERRORS = {
    *("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"),
    *(f"Err:{number}" for number in range(501, 541)),
}


def _merged(grid: Grid, top: int, place: int, column: FileColumn) -> Iterator[Problem]:
    """Yield the cells of a column that are merged with others, below the headings."""
    message = _("merged cells stand here, of which only the first holds anything. Split them, and fill in each.")
    for area in grid.merged:
        if area.first_column <= place <= area.last_column and area.last_row > top:
            rows = range(max(area.first_row, top + 1), area.last_row + 1)
            cells = f"({address(area.first_row, area.first_column)}:{address(area.last_row, area.last_column)})"
            yield Problem(message, column.name, rows, (), [cells], is_one=True)

"""Files as offices make them, as a table: CSV of any common kind, Excel and Parquet.

What a file does not say is detected, kept as a note, and can be given instead. Nothing is interpreted yet: a CSV's
cells are text, unless they are numbers beyond doubt.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars

from openfisca_bergen_hbt.population.columns import Column, recognise
from openfisca_bergen_hbt.population.findings import fault
from openfisca_bergen_hbt.population.numerals import DECIMALS, mark_of_sample

#: The column that counts the rows as a spreadsheet does: the heading is row 1.
ROW = "rad"
DELIMITERS = {"semicolon": ";", "tab": "\t", "comma": ","}
#: Byte order marks and what they announce.
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: How files of other kinds begin, whatever their name ends in.
ZIP, PARQUET, OLD_EXCEL = b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
#: How much of a text is looked at to tell how it is written.
SAMPLE = 65536


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

    def say_decimal(self, mark: str) -> None:
        """Add to how the file was read which decimal mark its numbers have."""
        self.notes[0] += {",": ", decimal comma", ".": ", decimal point"}[mark]


def read(path: Path, columns: Sequence[Column], written: Written) -> Table:
    """Read a file with the columns asked for.

    Args:
        path: a CSV, Excel (.xlsx) or Parquet file.
        columns: the columns that the file may have.
        written: how it is written, where that is not to be detected.

    Raises:
        DataError: the file can't be read, or its headings are not those asked for.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise fault(path.name, f"the file can't be read: {error.strerror}.") from None
    if not content:
        raise fault(path.name, "the file is empty.")
    if content.startswith(PARQUET):
        return _parquet(path.name, content, columns)
    if content.startswith(ZIP):
        return _excel(path.name, content, columns, written)
    if content.startswith(OLD_EXCEL):
        raise fault(path.name, "this is an old Excel file (.xls), or one with a password: save it as plain .xlsx.")
    return _csv(path.name, content, columns, written)


def _parquet(file: str, content: bytes, columns: Sequence[Column]) -> Table:
    try:
        frame = polars.read_parquet(io.BytesIO(content))
    except (polars.exceptions.PolarsError, OSError, ValueError) as error:
        raise fault(file, f"the file can't be read as Parquet: {_first_line(error)}") from None
    table = _named(file, frame, frame.columns, columns)
    table.notes.append(f"Parquet, {frame.height} rows")
    return table


def _excel(file: str, content: bytes, columns: Sequence[Column], written: Written) -> Table:
    import fastexcel  # takes its time to import

    try:
        book = fastexcel.read_excel(content)
        sheets = book.sheet_names
        name = written.sheet or sheets[0]
        if name not in sheets:
            raise fault(file, f"there is no sheet '{name}'. The sheets are: {', '.join(sheets)}.")
        cells = book.load_sheet(name, header_row=0, schema_sample_rows=None).to_polars()
        first = book.load_sheet(name, header_row=None, n_rows=1, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise fault(file, f"the file can't be read as Excel: {_first_line(error)}") from None
    if first.is_empty():
        raise fault(file, f"the sheet '{name}' is empty.")
    headings = ["" if cell is None else str(cell) for cell in first.row(0)]
    table = _named(file, cells, headings, columns)
    table.mixed = True
    table.decimal = DECIMALS.get(written.decimal or "")
    others = f" of {len(sheets)} (--sheet takes another)" if len(sheets) > 1 and not written.sheet else ""
    table.notes.append(f"Excel, sheet '{name}'{others}, {cells.height} rows")
    return table


def _csv(file: str, content: bytes, columns: Sequence[Column], written: Written) -> Table:
    text, encoding = _decoded(file, content, written.encoding)
    first_row = 2
    if hint := re.match(r'"?sep=(.)"?\r?\n', text, flags=re.IGNORECASE):
        text, first_row = text[hint.end() :], 3
    sample = text[:SAMPLE]
    delimiter = DELIMITERS.get(written.delimiter or "") or (hint[1] if hint else _delimiter(sample))
    headings = next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), [])
    if not any(heading.strip() for heading in headings):
        raise fault(file, "the first row is empty. It holds the headings of the columns.", [first_row - 1])
    recognised = recognise(file, headings, columns)
    numeric = [number for number, column in enumerate(recognised) if column and column.numeric]
    mark = DECIMALS.get(written.decimal or "") or mark_of_sample(_cells(sample, delimiter, numeric))
    as_numbers = _as_numbers(text, delimiter, len(headings), numeric, mark) if mark else None
    frame = _as_text(file, text, delimiter, len(headings), first_row) if as_numbers is None else as_numbers
    table = _named(file, frame, headings, columns, first_row)
    table.decimal = DECIMALS.get(written.decimal or "")
    names = {mark: name for name, mark in DELIMITERS.items()}
    table.notes.append(f"CSV, {encoding}, {names.get(delimiter, repr(delimiter))}, {table.frame.height} rows")
    if as_numbers is not None and mark:
        table.say_decimal(mark)
    return table


def _decoded(file: str, content: bytes, encoding: str | None) -> tuple[str, str]:
    """Return the text of a file and what it is encoded in."""
    if encoding:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding
        except LookupError:
            raise fault(file, f"--encoding: there is no encoding '{encoding}'. Common ones: utf-8, cp1252.") from None
        except UnicodeDecodeError as error:
            raise fault(file, f"the file is not {encoding}: byte {error.start + 1} can't be read.") from None
    for mark, announced in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(announced), announced.removesuffix("-sig")
            except UnicodeDecodeError:
                raise fault(file, f"the file begins as {announced} and goes on otherwise. Save it anew.") from None
    for tried in ("utf-8", "cp1252"):
        try:
            text = content.decode(tried)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, tried
    raise fault(file, "the file is no text, Excel (.xlsx) or Parquet that can be read. Give --encoding if it is text.")


def _delimiter(sample: str) -> str:
    """Return what stands between the headings; a semicolon where there is only one."""
    outside_quotes = re.sub(r'"[^"]*"', "", sample).splitlines()
    heading = outside_quotes[0] if outside_quotes else ""
    return max(DELIMITERS.values(), key=heading.count)


def _cells(sample: str, delimiter: str, numeric: Sequence[int]) -> list[str]:
    """Return the cells of the numeric columns in the sample, without a last row that it may cut."""
    rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))[1:-1]
    return [row[number] for row in rows for number in numeric if number < len(row)]


def _as_numbers(text: str, delimiter: str, width: int, numeric: Sequence[int], mark: str) -> polars.DataFrame | None:
    """Return the table with its numeric columns read as numbers; None where some cell is not a plain number."""
    if mark == "," and "." in text:  # polars would take either for the decimal mark
        return None
    try:
        return _parsed(text, delimiter, width, numeric, decimal_comma=mark == ",")
    except polars.exceptions.PolarsError:
        return None


def _parsed(
    text: str, delimiter: str, width: int, numeric: Sequence[int] = (), *, decimal_comma: bool = False
) -> polars.DataFrame:
    """Return a CSV's rows below the heading: as text, but for the numeric columns."""
    return polars.read_csv(
        io.BytesIO(text.encode()),
        separator=delimiter,
        has_header=False,
        skip_rows=1,
        schema={str(number): polars.Float64 if number in numeric else polars.String for number in range(width)},
        decimal_comma=decimal_comma,
    )


def _as_text(file: str, text: str, delimiter: str, width: int, first_row: int) -> polars.DataFrame:
    """Return the table with every cell as text.

    Raises:
        DataError: rows of more cells than the heading has, or quotes that do not close.
    """
    try:
        return _parsed(text, delimiter, width)
    except polars.exceptions.NoDataError:
        raise fault(file, "the file has headings and no rows.") from None
    except polars.exceptions.PolarsError as error:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        next(rows)
        sizes = {number: len(row) for number, row in enumerate(rows, first_row)}
        wide = [number for number, size in sizes.items() if size > width]
        if wide:
            message = f"the row has more cells than the {width} headings."
            if delimiter == ",":
                message += " Decimal commas between commas? Save the file with semicolons, or with decimal points."
            raise fault(file, message, wide) from None
        if any(0 < size < width for size in sizes.values()):
            narrow = [number for number, size in sizes.items() if 0 < size < width]
            message = f"the row has fewer cells than the {width} headings."
            raise fault(file, message, narrow) from None
        raise fault(file, f"the file can't be read as CSV: {_first_line(error)}") from None


def _named(
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


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__

"""CSV as offices make it, as a table: its encoding, its delimiter and its decimal mark detected.

Nothing is interpreted yet: the cells are text, unless they are numbers beyond doubt.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence

import polars

from openfisca_bergen_hbt.intake.columns import Column, recognise
from openfisca_bergen_hbt.intake.file_table import Table, Written, first_line, named
from openfisca_bergen_hbt.intake.findings import fault
from openfisca_bergen_hbt.text.numerals import DECIMALS, mark_of_sample

DELIMITERS = {"semicolon": ";", "tab": "\t", "comma": ","}
#: Byte order marks and what they announce.
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: How much of a text is looked at to tell how it is written.
SAMPLE = 65536


def read_csv(file: str, content: bytes, columns: Sequence[Column], written: Written) -> Table:
    """Read the content of a CSV file with the columns asked for.

    Raises:
        DataError: the content is no text, or no CSV, or its headings are not those asked for.
    """
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
    table = named(file, frame, headings, columns, first_row)
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
        raise fault(file, f"the file can't be read as CSV: {first_line(error)}") from None

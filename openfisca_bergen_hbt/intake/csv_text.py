"""CSV as offices make it, as a sheet: its encoding, its delimiter and its decimal mark detected.

Nothing is interpreted yet: the cells are text, unless they are numbers beyond doubt.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import polars

from openfisca_bergen_hbt.intake.columns import FileColumn, columns_by_heading
from openfisca_bergen_hbt.intake.csv_quotes import refuse_stray_quotes
from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.intake.sheet import Sheet, Written, named_cells
from openfisca_bergen_hbt.text import number_columns, numerals
from openfisca_bergen_hbt.text.language import _, marked

DELIMITERS = {"semicolon": ";", "tab": "\t", "comma": ","}
#: What messages call them.
DELIMITER_NAMES = {";": marked("semicolon"), "\t": marked("tab"), ",": marked("comma")}
#: Byte order marks and what they announce.
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: How much of a text is looked at to tell how it is written.
SAMPLE = 65536


def csv_sheet(content: bytes, columns: Sequence[FileColumn], written: Written) -> Sheet:
    """Return what a CSV file holds of the columns asked for.

    Raises:
        DataError: the content is no text, or no CSV, or its headings are not those asked for.
    """
    text, encoding = _text_and_encoding(content, written.encoding)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    first_row = 2
    if hint := re.match(r'"?sep=(.)"?\n', text, flags=re.IGNORECASE):
        text, first_row = text[hint.end() :], 3
    if blank := re.match(r"[\s;,]*\n", text):
        text, first_row = text[blank.end() :], first_row + blank[0].count("\n")
    sample = text[:SAMPLE]
    delimiter = DELIMITERS.get(written.delimiter or "") or (hint[1] if hint else _delimiter(sample))
    rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
    headings = rows[0] if rows else []
    if not any(heading.strip() for heading in headings):
        message = _("the first row is empty. It holds the headings of the columns.")
        raise DataError(Problem(message, rows=[first_row - 1]))
    if len(headings) == 1 and re.match('"[^"\n]*" "', text):
        message = _("spaces stand between the cells, as R's write.table makes them. Write with sep = ';'.")
        raise DataError(Problem(message))
    if '"' in text:
        refuse_stray_quotes(text, delimiter, len(headings), first_row - 1)
    found = columns_by_heading(headings, columns)
    numeric = [number for number, column in enumerate(found) if column and column.cells == "numbers"]
    given = numerals.DECIMALS.get(written.decimal or "")
    # the sample may cut its last row
    shown = [row[number] for row in rows[1:-1] for number in numeric if number < len(row)]
    marks = [given] if given else [*number_columns.marks([polars.Series(shown, dtype=polars.String)])]
    mark = marks[0] if len(marks) == 1 else ""
    notes: list[str] = []
    try:
        cells, as_numbers = _cells(text, delimiter, len(headings), numeric, mark)
    except polars.exceptions.NoDataError:
        raise DataError(Problem(_("the file has headings and no rows."))) from None
    except polars.exceptions.PolarsError:
        cells, notes = _cells_of_uneven_rows(text, delimiter, len(headings), first_row)
        as_numbers = False
    named, used = named_cells(cells, headings, found, first_row=first_row)
    between = _(DELIMITER_NAMES[delimiter]) if delimiter in DELIMITER_NAMES else repr(delimiter)
    how = _("CSV, {encoding}, {delimiter}, {rows} rows").format(encoding=encoding, delimiter=between, rows=named.height)
    how = f"{how}, {_(numerals.MARK_NAMES[mark])}" if as_numbers else how
    return Sheet(named, used, how, given, notes=notes)


def _text_and_encoding(content: bytes, given: str | None) -> tuple[str, str]:
    """Return the text of a file and what it is encoded in."""
    announced = next((encoding for mark, encoding in MARKS if content.startswith(mark)), None)
    for encoding in [given] if given else [announced] if announced else ["utf-8", "cp1252"]:
        try:
            text = content.decode(encoding)
        except LookupError:
            message = _("--encoding: there is no encoding '{encoding}'. Common ones: utf-8, cp1252.").format(
                encoding=given
            )
            raise DataError(Problem(message)) from None
        except UnicodeDecodeError as error:
            if given or announced:
                as_given = _("the file is not {encoding}: byte {byte} can't be read.")
                as_announced = _("the file begins as {encoding} and goes on otherwise. Save it anew.")
                message = (as_given if given else as_announced).format(encoding=encoding, byte=error.start + 1)
                raise DataError(Problem(message)) from None
            continue
        if encoding == "cp1252":
            _refuse_two_encodings(content)
        if given or announced or "\0" not in text:
            return text.removeprefix("\ufeff"), given or encoding.removesuffix("-sig")
        break
    message = _("the file is no text, Excel (.xlsx) or Parquet that can be read. Give --encoding if it is text.")
    raise DataError(Problem(message))


def _refuse_two_encodings(content: bytes) -> None:
    """Refuse text of which some lines are UTF-8 and others are not: read as either, half of its letters are wrong."""
    rows: dict[bool, int] = {}
    for number, line in enumerate(content.splitlines(), 1):
        if not line.isascii():
            with suppress(UnicodeDecodeError):
                rows.setdefault(bool(line.decode()), number)
                continue
            rows.setdefault(False, number)
    if len(rows) > 1:
        message = _("the row is UTF-8, and row {row} is not: two files in one. Save each anew in one encoding.").format(
            row=rows[False]
        )
        raise DataError(Problem(message, rows=[rows[True]]))


def _delimiter(sample: str) -> str:
    """Return what stands between the headings; a semicolon where there is only one."""
    outside_quotes = re.sub(r'"[^"]*"', "", sample).splitlines()
    heading = outside_quotes[0] if outside_quotes else ""
    return max(DELIMITERS.values(), key=heading.count)


def _cells(text: str, delimiter: str, width: int, numeric: Sequence[int], mark: str) -> tuple[polars.DataFrame, bool]:
    """Return the cells as text, but for the numeric columns where each cell is a plain number; and whether each is."""
    names = list(map(str, range(width)))
    read = partial(polars.read_csv, text.encode(), separator=delimiter, has_header=False, skip_rows=1)
    if mark and not (mark == "," and "." in text):  # polars would take either for the decimal mark
        kinds = {name: polars.Float64 if int(name) in numeric else polars.String for name in names}
        with suppress(polars.exceptions.PolarsError):
            return read(schema=kinds, decimal_comma=mark == ","), True
    return read(schema=dict.fromkeys(names, polars.String)), False


def _cells_of_uneven_rows(text: str, delimiter: str, width: int, first_row: int) -> tuple[polars.DataFrame, list[str]]:
    """Return the cells of rows of which some have more or fewer than there are headings, and what is to be said.

    Empty cells at the end of rows are none. Rows with one more, a running number first, are as R's ``write.table``
    makes them.

    Raises:
        DataError: rows that have other cells too many, or too few.
    """
    try:
        rows = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)][1:]
    except csv.Error:
        message = _("the file can't be read as CSV: a cell is longer than any that belongs in a table. Take it out.")
        raise DataError(Problem(message)) from None
    rows = [row[:width] if not any(map(str.strip, row[width:])) else row for row in rows]
    filled = [(number, row) for number, row in enumerate(rows, first_row) if row]
    wide = [number for number, row in filled if len(row) > width]
    narrow = [number for number, row in filled if len(row) < width]
    numbered = all(len(row) == width + 1 and row[0] == str(n) for n, (_, row) in enumerate(filled, 1))
    more = _("the row has more cells than the {number} headings.")
    fewer = _("the row has fewer cells than the {number} headings.")
    message = (more if wide else fewer).format(number=width)
    if numbered and delimiter != DELIMITERS["comma"]:
        rows, notes = (
            [row[1:] for row in rows],
            [_("rows begin with a number that has no heading (write.table): not used")],
        )
    elif wide or narrow:
        if numbered:
            advice = _("Row numbers without a heading, as R's write.table makes them? Write with row.names = FALSE.")
        elif wide and delimiter == DELIMITERS["comma"]:
            advice = _("Decimal commas between commas? Save the file with semicolons, or with decimal points.")
        else:
            advice = ""
        raise DataError(Problem(f"{message} {advice}".strip(), rows=wide or narrow))
    else:
        notes = []
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return polars.DataFrame(padded, schema=dict.fromkeys(map(str, range(width)), polars.String), orient="row"), notes

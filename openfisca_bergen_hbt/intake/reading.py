"""Files as offices make them, as sheets: CSV of any common kind, Excel and Parquet.

What a file does not say is detected, said, and can be given instead.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Protocol

import polars

from openfisca_bergen_hbt.intake.columns import FileColumn, columns_by_heading
from openfisca_bergen_hbt.intake.csv_text import csv_sheet
from openfisca_bergen_hbt.intake.office.book import office_sheet
from openfisca_bergen_hbt.intake.office.package import MOST_UNFOLDED, TOO_MUCH, unfolded_bytes
from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.intake.sheet import Sheet, Written, named_cells
from openfisca_bergen_hbt.text.language import _, marked, of_system

#: How files of other kinds begin, whatever their name ends in.
ZIP, PARQUET, OLD_EXCEL = b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
#: How many rows a Parquet file may have.
MOST_ROWS = 50_000_000
#: What is said of a file that is no whole Parquet.
DAMAGED = marked("the file can't be read as Parquet: damaged, or cut off. Make it anew.")
#: How files begin that are no tables.
OTHERS = {
    b"<!doctype html": marked("a page of HTML"),
    b"<html": marked("a page of HTML"),
    b"<table": marked("a page of HTML"),
    b"<?xml": marked("a file of XML"),
    b"{\\rtf": marked("a document (RTF)"),
    b"{": marked("a file of JSON"),
    b"[": marked("a file of JSON"),
    b"%pdf": marked("a PDF"),
    b"\x1f\x8b": marked("a compressed file (gzip)"),
    b"7z\xbc\xaf": marked("a compressed file (7z)"),
    b"rar!": marked("a compressed file (RAR)"),
}
LONGEST_BEGINNING = max(map(len, OTHERS))


class InputFile(Protocol):
    """A file to read: one on the disk (``pathlib.Path``), or one that was sent."""

    @property
    def name(self) -> str: ...  # noqa: D102 (as pathlib has it)
    def read_bytes(self) -> bytes: ...  # noqa: D102 (as pathlib has it)


def file_content(file: InputFile) -> bytes:
    """Return what is in a file; a ``DataError`` where it can't be read, or nothing is."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DataError(Problem(_("the file can't be read: {reason}.").format(reason=of_system(error)))) from None
    if not content:
        raise DataError(Problem(_("the file is empty.")))
    return content


def sheet_of(
    content: bytes, columns: Sequence[FileColumn], written: Written, needed: Sequence[Sequence[str]] = ()
) -> Sheet:
    """Return the sheet that the content of a CSV, Excel, OpenDocument or Parquet file holds of the columns it may have.

    Of several sheets, the one is meant that holds some column of each sequence of those needed.

    Raises:
        DataError: the content can't be read, or its headings are not those asked for.
    """
    if content.startswith(PARQUET):
        return _parquet_sheet(content, columns)
    if content.startswith(ZIP):
        return office_sheet(content, columns, needed, written)
    if content.startswith(OLD_EXCEL):
        message = _("this is an old Excel file (.xls), or one with a password: save it as plain .xlsx.")
        raise DataError(Problem(message))
    for beginning, what in OTHERS.items():
        if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:LONGEST_BEGINNING].lower().startswith(beginning):
            message = _("this is {what}, whatever it is called. Save it as .xlsx, or as CSV.")
            raise DataError(Problem(message.format(what=_(what))))
    return csv_sheet(content, columns, written)


def unfolds_too_far(content: bytes, most_rows: int) -> bool:
    """Return whether a workbook or a Parquet file would unfold into too much; told without unfolding it."""
    try:
        if content.startswith(ZIP):
            return unfolded_bytes(content) > MOST_UNFOLDED
        if content.startswith(PARQUET):
            rows: int = polars.scan_parquet(io.BytesIO(content)).select(polars.len()).collect().item()
            return rows > most_rows
    except (zipfile.BadZipFile, polars.exceptions.PolarsError, OSError, ValueError, NotImplementedError):
        pass  # whoever reads it says what is wrong
    return False


def _parquet_sheet(content: bytes, columns: Sequence[FileColumn]) -> Sheet:
    if unfolds_too_far(content, MOST_ROWS):
        raise DataError(Problem(_(TOO_MUCH)))
    try:
        cells = polars.read_parquet(io.BytesIO(content))
    except (polars.exceptions.PolarsError, OSError, ValueError):
        raise DataError(Problem(_(DAMAGED))) from None
    return parquet_sheet(cells, columns)


def parquet_sheet(cells: polars.DataFrame, columns: Sequence[FileColumn], first_row: int = 2) -> Sheet:
    """Return the sheet that rows of a Parquet file are, from some row on.

    Raises:
        DataError: the headings are not those asked for.
    """
    found = columns_by_heading(cells.columns, columns)
    return Sheet(
        *named_cells(cells, cells.columns, found, first_row=first_row),
        how=_("Parquet, {rows} rows").format(rows=cells.height),
    )

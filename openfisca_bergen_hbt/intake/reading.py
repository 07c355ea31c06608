"""Files as offices make them, as tables: CSV of any common kind, Excel and Parquet.

What a file does not say is detected, kept as a note, and can be given instead.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import polars

from openfisca_bergen_hbt.intake.columns import Column
from openfisca_bergen_hbt.intake.csv_text import read_csv
from openfisca_bergen_hbt.intake.file_table import Table, Written, first_line, named
from openfisca_bergen_hbt.intake.findings import fault
from openfisca_bergen_hbt.text.numerals import DECIMALS

#: How files of other kinds begin, whatever their name ends in.
ZIP, PARQUET, OLD_EXCEL = b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"


class Source(Protocol):
    """A file to read: one on the disk (``pathlib.Path``), or one that was sent."""

    @property
    def name(self) -> str:
        """Its name, by which faults give it."""

    def read_bytes(self) -> bytes:
        """Return what is in it."""


def read(path: Source, columns: Sequence[Column], written: Written) -> Table:
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
    return read_csv(path.name, content, columns, written)


def _parquet(file: str, content: bytes, columns: Sequence[Column]) -> Table:
    try:
        frame = polars.read_parquet(io.BytesIO(content))
    except (polars.exceptions.PolarsError, OSError, ValueError) as error:
        raise fault(file, f"the file can't be read as Parquet: {first_line(error)}") from None
    table = named(file, frame, frame.columns, columns)
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
        raise fault(file, f"the file can't be read as Excel: {first_line(error)}") from None
    if first.is_empty():
        raise fault(file, f"the sheet '{name}' is empty.")
    headings = ["" if cell is None else str(cell) for cell in first.row(0)]
    table = named(file, cells, headings, columns)
    table.mixed = True
    table.decimal = DECIMALS.get(written.decimal or "")
    others = f" of {len(sheets)} (--sheet takes another)" if len(sheets) > 1 and not written.sheet else ""
    table.notes.append(f"Excel, sheet '{name}'{others}, {cells.height} rows")
    return table

"""Tidy figures: one row per figure, raw numbers and ISO dates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import polars

from openfisca_bergen_hbt.analysis.comparison import Comparison, Row
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.provenance.record import KEY
from openfisca_bergen_hbt.report.paper import Column, Table, Tidy
from openfisca_bergen_hbt.report.parts import sureness
from openfisca_bergen_hbt.report.writing import spread
from openfisca_bergen_hbt.text.numbers import plain

#: The columns of words; the others are of numbers.
WORDS = Row._fields[:-1]


def as_csv(figures: Comparison | Years | Tidy, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV with a heading; a figure that is held back is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if isinstance(figures, Tidy):
        writer.writerow(figures.columns)
        writer.writerows(zip(*figures.columns.values(), strict=True))
    else:
        writer.writerow(sureness.columns(figures))
        writer.writerows(sureness.rows(figures))
    return text.getvalue().encode()


def as_csv_for_excel(compared: Comparison | Years | Tidy, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV that a Norwegian Excel opens: semicolons, decimal commas, a byte order mark.

    One row per figure and a column for each regulation: seven times as many rows soon pass what a sheet of Excel holds
    (1 048 576). A figure that is held back is marked, one that a regulation has not brought is empty.
    """
    if isinstance(compared, Tidy):
        names, rows = list(compared.columns), zip(*compared.columns.values(), strict=True)
        return table_for_excel(Table([Column(name) for name in names], list(rows)))
    figures: dict[tuple[str, ...], dict[str, str]] = {}
    ends = ["", *(f" {name}" for name in sureness.columns(compared)[len(Row._fields) :])]
    for row in sureness.rows(compared):
        regulation, *figure = row[: len(WORDS)]
        for end, number in zip(ends, row[len(WORDS) :], strict=True):
            shown = plain(float(number)).replace(".", ",") if number is not None else "" if end else MARK
            figures.setdefault(tuple(figure), {})[regulation + end] = shown
    columns = list(dict.fromkeys(name for cells in figures.values() for name in cells))
    text = io.StringIO()
    writer = csv.DictWriter(text, (*WORDS[1:], *columns), delimiter=";")
    writer.writeheader()
    for of, cells in figures.items():
        writer.writerow(dict(zip(WORDS[1:], of, strict=True)) | cells)
    return text.getvalue().encode("utf-8-sig")


def table_for_excel(table: Table) -> bytes:
    """Return a table of a paper as CSV that a Norwegian Excel opens; a figure that is held back is marked."""
    whole = spread(table)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(column.heading for column in whole.columns)
    for row in whole.rows:
        writer.writerow(MARK if cell is None else cell if isinstance(cell, str) else _decimals(cell) for cell in row)
    return text.getvalue().encode("utf-8-sig")


def _decimals(number: float) -> str:
    return plain(float(f"{number:.15g}")).replace(".", ",")


def as_parquet(tidy: Tidy, recorded: Mapping[str, Any]) -> bytes:
    """Return figures as Parquet, with what is said of them and the record of the run in the file's metadata."""
    types = {name: polars.Float64 for name in ("value", "low", "high") if name in tidy.columns}
    table = polars.DataFrame(tidy.columns, schema_overrides=types, strict=False, nan_to_null=True)
    file = io.BytesIO()
    table.write_parquet(file, metadata={KEY: json.dumps(recorded, ensure_ascii=False), **tidy.said})
    return file.getvalue()

"""A comparison as tidy figures: one row per figure, raw numbers and ISO dates."""

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
from openfisca_bergen_hbt.report.parts.figures import described
from openfisca_bergen_hbt.report.subjects.compare import first_lines
from openfisca_bergen_hbt.text.numbers import plain

COLUMNS = Row._fields


def as_csv(compared: Comparison | Years, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV with a heading; a figure that is held back is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(compared.rows())
    return text.getvalue().encode()


def as_csv_for_excel(compared: Comparison | Years, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV that a Norwegian Excel opens: semicolons, decimal commas, a byte order mark.

    One row per figure and a column for each regulation: seven times as many rows soon pass what a sheet of Excel holds
    (1 048 576). A figure that is held back is marked, one that a regulation has not brought is empty.
    """
    figures: dict[tuple[str, ...], dict[str, str]] = {}
    for regulation, *of, value in compared.rows():
        shown = MARK if value is None else plain(float(value)).replace(".", ",")
        figures.setdefault(tuple(of), {})[regulation] = shown
    regulations = list(dict.fromkeys(name for by_regulation in figures.values() for name in by_regulation))
    text = io.StringIO()
    writer = csv.DictWriter(text, (*COLUMNS[1:-1], *regulations), delimiter=";")
    writer.writeheader()
    for figure, by_regulation in figures.items():
        writer.writerow(dict(zip(COLUMNS[1:-1], figure, strict=True)) | by_regulation)
    return text.getvalue().encode("utf-8-sig")


def as_parquet(compared: Comparison | Years, recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as Parquet, with the record of the run in the file's metadata."""
    types = {name: polars.Float64 if name == "value" else polars.String for name in COLUMNS}
    table = polars.DataFrame(dict(zip(COLUMNS, zip(*compared.rows(), strict=True), strict=True)), types, strict=False)
    file = io.BytesIO()
    about = described(compared.population, suppression=compared.suppression)
    said = {"description": about, "first_lines": json.dumps(first_lines(compared), ensure_ascii=False)}
    table.write_parquet(file, metadata={KEY: json.dumps(recorded, ensure_ascii=False), **said})
    return file.getvalue()

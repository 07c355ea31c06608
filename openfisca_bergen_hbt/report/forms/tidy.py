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
from openfisca_bergen_hbt.provenance.record import KEY
from openfisca_bergen_hbt.report.paper import Tidy
from openfisca_bergen_hbt.text.numerals import plain

COLUMNS = Row._fields


def as_csv(compared: Comparison | Years, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV with a heading; a figure that is held back is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(compared.rows())
    return text.getvalue().encode()


def as_csv_for_excel(compared: Comparison | Years, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV that a Norwegian Excel opens: semicolons, decimal commas, a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    for row in compared.rows():
        value = "" if row.value is None else plain(float(row.value)).replace(".", ",")
        writer.writerow((*row[:-1], value))
    return text.getvalue().encode("utf-8-sig")


def as_parquet(tidy: Tidy, recorded: Mapping[str, Any]) -> bytes:
    """Return figures as Parquet, with what is said of them and the record of the run in the file's metadata."""
    table = polars.DataFrame(tidy.columns, schema_overrides={"value": polars.Float64}, strict=False, nan_to_null=True)
    file = io.BytesIO()
    table.write_parquet(file, metadata={KEY: json.dumps(recorded, ensure_ascii=False), **tidy.said})
    return file.getvalue()

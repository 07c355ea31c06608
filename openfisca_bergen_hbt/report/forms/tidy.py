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
from openfisca_bergen_hbt.report.parts import sureness
from openfisca_bergen_hbt.text.numerals import plain

#: The columns of words; the others are of numbers.
WORDS = Row._fields[:-1]


def as_csv(compared: Comparison | Years, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV with a heading; a figure that is held back is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sureness.columns(compared))
    writer.writerows(sureness.rows(compared))
    return text.getvalue().encode()


def as_csv_for_excel(compared: Comparison | Years, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV that a Norwegian Excel opens: semicolons, decimal commas, a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(sureness.columns(compared))
    for row in sureness.rows(compared):
        words, numbers = row[: len(WORDS)], row[len(WORDS) :]
        written = ("" if number is None else plain(float(number)).replace(".", ",") for number in numbers)
        writer.writerow((*words, *written))
    return text.getvalue().encode("utf-8-sig")


def as_parquet(tidy: Tidy, recorded: Mapping[str, Any]) -> bytes:
    """Return figures as Parquet, with what is said of them and the record of the run in the file's metadata."""
    types = {name: polars.Float64 for name in ("value", "low", "high") if name in tidy.columns}
    table = polars.DataFrame(tidy.columns, schema_overrides=types, strict=False, nan_to_null=True)
    file = io.BytesIO()
    table.write_parquet(file, metadata={KEY: json.dumps(recorded, ensure_ascii=False), **tidy.said})
    return file.getvalue()

"""A comparison as tidy figures: one row per figure, raw numbers and ISO dates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import polars

from openfisca_bergen_hbt.analysis.comparison import Comparison, Row
from openfisca_bergen_hbt.grunnregelverk import DISTRIBUTION
from openfisca_bergen_hbt.provenance.record import KEY, proposal_as_json
from openfisca_bergen_hbt.report.subjects.figures import described

COLUMNS = Row._fields


def as_csv(compared: Comparison, _recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV with a heading; a figure that is held back is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(compared.rows())
    return text.getvalue().encode()


def as_parquet(compared: Comparison, recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as Parquet, with the record of the run in the file's metadata."""
    types = {name: polars.Float64 if name == "value" else polars.String for name in COLUMNS}
    table = polars.DataFrame(dict(zip(COLUMNS, zip(*compared.rows(), strict=True), strict=True)), types, strict=False)
    file = io.BytesIO()
    about = described(compared.population, suppression=compared.suppression)
    table.write_parquet(file, metadata={KEY: json.dumps(recorded, ensure_ascii=False), "description": about})
    return file.getvalue()


def as_json(compared: Comparison, recorded: Mapping[str, Any]) -> bytes:
    """Return the figures as JSON, with the regulations, the population, what the figures rest on, and the record."""
    rows = [row._asdict() for row in compared.rows()]
    rests_on = compared.foundations()  # on what the rows have asked for
    content = {
        "rows": rows,
        "year": compared.year,
        "population": {
            "description": described(compared.population, suppression=compared.suppression),
            "synthetic": compared.population.synthetic,
            "suppression": compared.suppression,
        },
        "regulations": [
            {
                "id": run.version.id,
                "title": run.version.title,
                "decisions": [decision.id() for decision in run.version.decisions],
                "proposals": [proposal_as_json(proposal) for proposal in run.version.proposals],
            }
            for run in compared.runs
        ],
        "left_out": compared.left_out,
        "assumptions": [asdict(assumption) for assumption in rests_on.assumptions],
        "interpretations": {name: found["text"] for name, found in rests_on.interpretations.items()},
        "version": version(DISTRIBUTION),
        "record": recorded,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()

"""A comparison as tidy figures: one row per figure, raw numbers and ISO dates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from importlib.metadata import version

from openfisca_bergen_hbt.compare import Comparison, Row
from openfisca_bergen_hbt.grunnregelverk import DISTRIBUTION
from openfisca_bergen_hbt.proposal import Proposal

COLUMNS = [column.name for column in fields(Row)]


def as_csv(compared: Comparison, done: Callable[[], object] = lambda: None) -> str:
    """Return the figures as CSV with a heading."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, column) for column in COLUMNS] for row in compared.rows(done))
    return text.getvalue()


def as_json(compared: Comparison, done: Callable[[], object] = lambda: None) -> str:
    """Return the figures as JSON, with the regulations, the population, and what the figures rest on."""
    rows = [asdict(row) for row in compared.rows(done)]
    rests_on = compared.foundations()
    content = {
        "rows": rows,
        "year": compared.year,
        "population": {
            "description": compared.population.description,
            "synthetic": compared.population.synthetic,
        },
        "regulations": [
            {
                "id": run.version.id,
                "title": run.version.title,
                "decisions": [decision.id() for decision in run.version.decisions],
                "proposals": [_proposal(proposal) for proposal in run.version.proposals],
            }
            for run in compared.runs
        ],
        "assumptions": [asdict(assumption) for assumption in rests_on.assumptions],
        "interpretations": {name: found["text"] for name, found in rests_on.interpretations.items()},
        "version": version(DISTRIBUTION),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _proposal(proposal: Proposal) -> dict[str, object]:
    """Return a proposal as JSON holds it: dates as text."""
    changes = [
        {
            "parameter": change.parameter,
            "from": change.start.isoformat(),
            "to": change.stop.isoformat() if change.stop else None,
            "value": change.value,
        }
        for change in proposal.changes
    ]
    return {**asdict(proposal), "changes": changes}

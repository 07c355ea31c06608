"""The report of a comparison as one self-contained HTML page: it loads nothing, runs no script, and prints on A4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openfisca_bergen_hbt.report.forms import comparison_charts
from openfisca_bergen_hbt.report.forms.template import rendered
from openfisca_bergen_hbt.report.subjects.comparison import Report


def write(report: Report, recorded: Mapping[str, Any]) -> bytes:
    """Return a report with the record of its run, which ``verify`` reads."""
    return rendered(
        "report.html.j2", recorded, title=report.title, report=report, charts=comparison_charts.charts(report)
    )

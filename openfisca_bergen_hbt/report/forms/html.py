"""A paper as one self-contained page: it loads nothing, runs no script, and prints on A4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from openfisca_bergen_hbt.provenance.record import KEY, within_page
from openfisca_bergen_hbt.report.forms.pages import environment
from openfisca_bergen_hbt.report.forms.provenance import facts, mark
from openfisca_bergen_hbt.report.paper import Paper

#: The tables that a paper has if anything of it is drawn.
DRAWN = ("ladder", "years", "growth", "tornado", "paid", "forecast", "outlook_hours")


def write(paper: Paper, recorded: Mapping[str, Any]) -> bytes:
    """Return a paper with the record of its run, which ``verify`` reads."""
    page = (
        environment()
        .get_template("paper.html.j2")
        .render(
            paper=paper,
            charts=_charts(paper),
            narrow=_charts(paper, narrow=True),
            facts=list(facts(recorded)),
            date=recorded["date"],
            mark=mark(recorded),
            key=KEY,
            record=Markup(within_page(recorded)),  # noqa: S704 (nothing in it can end the element)
        )
    )
    return page.encode()


def _charts(paper: Paper, *, narrow: bool = False) -> Mapping[str, Any]:
    """Return what is drawn of a paper's tables, by their ids; of those that can be, as narrow as a telephone."""
    if not any(map(paper.table, DRAWN)):
        return {}
    from openfisca_bergen_hbt.report.forms import comparison_charts  # altair takes its time to import
    from openfisca_bergen_hbt.report.forms.charts.rows import NARROW

    return comparison_charts.charts_by_table(paper, NARROW) if narrow else comparison_charts.charts_by_table(paper)

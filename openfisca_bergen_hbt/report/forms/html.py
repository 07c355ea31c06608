"""A paper as one self-contained page: it loads nothing, runs no script, and prints on A4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from openfisca_bergen_hbt.provenance.record import KEY, within_page
from openfisca_bergen_hbt.report.forms.pages import environment
from openfisca_bergen_hbt.report.forms.provenance import facts
from openfisca_bergen_hbt.report.paper import Paper

#: The tables that a paper has if anything of it is drawn.
DRAWN = ("ladder", "growth", "tornado", "paid")


def write(paper: Paper, recorded: Mapping[str, Any]) -> bytes:
    """Return a paper with the record of its run, which ``verify`` reads."""
    page = (
        environment()
        .get_template("paper.html.j2")
        .render(
            paper=paper,
            charts=_charts(paper),
            facts=list(facts(recorded)),
            date=recorded["date"],
            key=KEY,
            record=Markup(within_page(recorded)),  # noqa: S704 (nothing in it can end the element)
        )
    )
    return page.encode()


def _charts(paper: Paper) -> Mapping[str, Any]:
    """Return what is drawn of a paper's tables, by their ids."""
    if not any(map(paper.table, DRAWN)):
        return {}
    from openfisca_bergen_hbt.report.forms import comparison_charts  # altair takes its time to import

    return comparison_charts.charts_by_table(paper)

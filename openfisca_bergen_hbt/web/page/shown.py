"""What the page shows of a comparison: its answer, the pictures beside it, and where each figure is explained."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace as copied
from typing import Any

from flask import request

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.conclusions import Tested
from openfisca_bergen_hbt.analysis.conclusions.shipped import tested
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.report.forms import comparison_charts
from openfisca_bergen_hbt.report.forms.charts import Chart
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.paper import Table
from openfisca_bergen_hbt.report.parts import answer, statements
from openfisca_bergen_hbt.report.parts.figures import described
from openfisca_bergen_hbt.report.subjects import compare as comparison
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.comparisons import PageResult

#: How wide the charts of the page are, in pixels.
CHART = 420
#: The tables whose charts stand beside the answer.
FIRST_CHARTS = ("ladder", "years", "change")


def of_result(result: PageResult, whole: Comparison | None, choice: Choice, *, own_data: bool) -> dict[str, Any]:
    """Return what the templates show of a result.

    Args:
        result: the comparison.
        whole: all regulations on the same population, where it is an embedded one.
        choice: what was asked for.
        own_data: whether it was asked of files, of which no address can be given.
    """
    addressed = not own_data and not choice.until
    known = _known(result.compared, whole)
    return {
        "answer": _answer(result, known),
        "statements": _statements(result.compared, known),
        "effect": _effect(result),
        "ladder": _ladder(result, whole) if whole else None,
        "charts": _drawn(result) if own_data else [],
        "pictures": [] if own_data else _pictures(result, choice),
        "links": _links(result, choice) if addressed else {},
        "explained": _explanations(result, choice) if addressed else {},
        "population": described(result.compared.population, suppression=True),
        "titles": [run.version.title for run in result.compared.runs],
    }


def _answer(result: PageResult, known: Sequence[Tested] | None) -> answer.Answer | str:
    """Return what is read first: of the change, where there is one, of the comparison, or of the years."""
    if isinstance(result.compared, Years):
        return answer.of_years(result.compared)
    if result.effect:
        return answer.answer(result.effect, None, result.compared)
    return answer.answer(result.compared, known)


def _known(compared: Comparison | Years, whole: Comparison | None) -> Sequence[Tested] | None:
    """Return what a comparison's conclusions survive; shipped is what those from the foundation to today do."""
    if isinstance(compared, Years):
        return None
    known = tested(compared)
    return tested(whole) if known is None and whole and _ends(compared) == _ends(whole) else known


def _statements(compared: Comparison | Years, known: Sequence[Tested] | None) -> Table | None:
    if isinstance(compared, Years) or known is None:
        return None
    first, last = (version.title for version in _ends(compared))
    return statements.table(known, first, last)


def _effect(result: PageResult) -> Table | None:
    """Return what each is given without the change and with it; None where nothing was changed."""
    table = result.shown_first.table("change") if result.effect else None
    return table and copied(table, title=f"{table.title}, uten og med endringen")


def _ends(compared: Comparison) -> tuple[Version, Version]:
    return compared.runs[0].version, compared.runs[-1].version


def _ladder(result: PageResult, whole: Comparison) -> Table:
    """Return all regulations from the foundation to today, with bands where the comparison has them."""
    found = copy(whole)
    found.sureness = result.compared.sureness if isinstance(result.compared, Comparison) else None
    return comparison.ladder(found)


def _drawn(result: PageResult) -> list[tuple[Chart, Chart]]:
    """Return the charts of files that were sent, each as wide as a part of the page and as narrow as a telephone."""
    found = []
    for table in filter(None, map(result.shown_first.table, FIRST_CHARTS)):
        wide, narrow = (comparison_charts.chart(table, width) for width in (CHART, NARROW))
        if wide and narrow:
            found.append((wide, narrow))
    return found


def _pictures(result: PageResult, choice: Choice) -> list[tuple[str, str]]:
    """Return the charts that stand beside the answer, each with its heading."""
    first = result.shown_first
    against = f"Det timene koster og det som deles ut, mot rammen{'' if choice.until else f' i {choice.year}'}"
    found = [(name, against) for name in ("ladder", "years") if first.table(name)]
    change = first.table("change")
    if change and any(column.heading == "Endring, %" for column in change.columns):
        what = "Hvem som får mer og mindre av endringen" if result.effect else "Hvem som får mer og mindre"
        found.append(("change", what))
    return found


def _explanations(result: PageResult, choice: Choice) -> dict[str, str]:
    """Return the address of the explanation of each figure of the answer, by its variable."""
    compared = result.compared
    assert isinstance(compared, Comparison)  # noqa: S101 (of one year)
    (agency, *others), under = compared.population.agency_names, compared.runs[-1].version.id
    return (
        {} if others else {name: explanation(choice, hvem=agency, variabel=name, under=under) for name in answer.SHOWN}
    )


def _links(result: PageResult, choice: Choice) -> dict[str, str]:
    """Return the address of the explanation of what each unit gets under the last regulation, by its name."""
    under = result.compared.runs[-1].version.id
    return {name: explanation(choice, hvem=name, under=under) for name in result.compared.population.unit_names}


def explanation(choice: Choice, **asked: str) -> str:
    """Return the address of the explanation of a figure of a choice, which no bands belong to."""
    return f"{request.script_root}/forklar?{copied(choice, bands=False).query(**asked)}"

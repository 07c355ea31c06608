"""What the page shows of a comparison: its answer, the pictures beside it, and where each figure is explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from msgspec import structs

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.conclusions import Tested
from openfisca_bergen_hbt.analysis.conclusions.shipped import tested
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.report.forms import comparison_charts
from openfisca_bergen_hbt.report.forms.charts.asked import Leads
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.paper import Answer, Table
from openfisca_bergen_hbt.report.parts import answer, statements
from openfisca_bergen_hbt.report.parts.about import described
from openfisca_bergen_hbt.report.subjects import compare as comparison
from openfisca_bergen_hbt.text.language import say, to_say
from openfisca_bergen_hbt.web.page import leads
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.comparisons import FIRST, PageResult

#: How wide the charts of the page are, in pixels.
CHART = 420
#: The charts that stand beside the tables that they are drawn of, below the answer, and what they show.
BESIDE = {
    "bands": to_say("Enheter etter hvor mye de får mer eller mindre"),
    "units": to_say("Pengene til hver enhet, pott for pott"),
    "categories": to_say("Brukere etter kategori"),
    "unit_bands": to_say("Hvor langt endringen for hver enhet rekker"),
}


@dataclass(frozen=True)
class Picture:
    """A picture: what it shows, and for files that were sent, of which no address can be given, the drawing itself."""

    title: str
    wide: Markup | None = None
    narrow: Markup | None = None


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
        "ladder": comparison.ladder(whole) if whole else None,
        "pictures": _pictures(result, choice, own_data=own_data),
        "first": FIRST,
        "links": _links(result, choice) if addressed else {},
        "explained": _explanations(result, choice) if addressed else {},
        "population": described(result.compared.population, suppression=True),
        "titles": [run.version.title for run in result.compared.runs],
    }


def _answer(result: PageResult, known: Sequence[Tested] | None) -> Answer | str:
    """Return what is read first: of the change, where there is one, of the comparison, or of the years."""
    if isinstance(result.compared, Years):
        return answer.of_years(result.compared)
    if result.effect:
        return answer.answer(result.effect, tested(result.effect), result.compared)
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
    return table and structs.replace(table, title=say("{title}, uten og med endringen").format(title=table.title))


def _ends(compared: Comparison) -> tuple[Version, Version]:
    return compared.runs[0].version, compared.runs[-1].version


def table_of(result: PageResult, whole: Comparison | None, name: str) -> Table | None:
    """Return the table that a picture is drawn of: with no change to show, the ladder from end to end."""
    return comparison.ladder(whole) if name == "ladder" and whole and not result.effect else result.table(name)


def _pictures(result: PageResult, choice: Choice, *, own_data: bool) -> dict[str, Picture]:
    """Return the charts of a result, by the tables that they are drawn of."""
    against = say("Det timene koster og det som deles ut, mot rammen")
    if not choice.until:
        against = say("Det timene koster og det som deles ut, mot rammen i {year}").format(year=choice.year)
    change = say("Hvem som får mer og mindre av endringen") if result.effect else say("Hvem som får mer og mindre")
    titles = {
        "ladder": against,
        "years": against,
        "change": change,
        **{name: say(title) for name, title in BESIDE.items()},
    }
    tables = {name: table for name in titles if (table := result.table(name))}
    if "change" in tables and all(column.kind != "percent_change" for column in tables["change"].columns):
        del tables["change"]
    if not own_data:
        return {name: Picture(titles[name]) for name in tables}
    found = {}
    for name, table in tables.items():
        wide, narrow = (comparison_charts.chart(table, width) for width in (CHART, NARROW))
        if wide and narrow:
            found[name] = Picture(wide.title, wide.svg, narrow.svg)
    return found


def where_explained(result: PageResult, whole: Comparison | None, choice: Choice) -> Leads:
    """Return where the figures of a picture are explained: those of a change with it and without."""
    return leads.of_choice(result.compared, result.effect or whole, choice)


def _explanations(result: PageResult, choice: Choice) -> dict[str, str]:
    """Return the address of the explanation of each figure of the answer, by its variable."""
    compared = result.compared
    assert isinstance(compared, Comparison)  # noqa: S101 (of one year)
    (agency, *others), under = compared.population.agency_names, compared.runs[-1].version.id
    return (
        {}
        if others
        else {name: leads.explanation(choice, hvem=agency, variabel=name, under=under) for name in answer.SHOWN}
    )


def _links(result: PageResult, choice: Choice) -> dict[str, str]:
    """Return the address of the explanation of what each unit gets under the last regulation, by its name."""
    under = result.compared.runs[-1].version.id
    return {name: leads.explanation(choice, hvem=name, under=under) for name in result.compared.population.unit_names}

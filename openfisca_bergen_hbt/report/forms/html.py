"""A paper as one self-contained page: it loads nothing, runs no script, and prints on A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from openfisca_bergen_hbt.provenance.record import KEY, within_page
from openfisca_bergen_hbt.report.forms.provenance import facts
from openfisca_bergen_hbt.report.paper import TEXT, Block, Cell, Paper, Table, written

#: Where long words of headings are divided.
DIVIDED = (
    ("Vedtaks", "timer"),
    ("Kategori", "ramme"),
    ("Kategori", "modell"),
    ("Avstands", "tilskudd"),
    ("Kompensa", "sjon"),
    ("Etats", "direktørens"),
    ("om", "fordeling"),
    ("Aktivitets", "basert"),
    ("Under", "dekning"),
    ("Grunn", "regelverket"),
)


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
    """Return what is drawn of a paper's tables, by their ids: of a comparison alone."""
    if not paper.table("ladder"):
        return {}
    from openfisca_bergen_hbt.report.forms import comparison_charts  # altair takes its time to import

    return comparison_charts.charts(paper)


def environment(*folders: str) -> Environment:
    """Return what makes pages of templates.

    Args:
        folders: packages whose ``templates`` are looked in before the report's own.
    """

    def load(name: str) -> str | None:
        for package in (*folders, __package__):
            file = files(package).joinpath("templates", name)
            if file.is_file():
                return file.read_text(encoding="utf-8")
        return None

    found = Environment(loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined)
    found.globals.update(cells=_cells, hyphenated=_hyphenated, kind_of=_kind_of)
    return found


def _hyphenated(heading: str) -> str:
    """Return a heading whose long words may be divided where a column is narrow."""
    for part in DIVIDED:
        heading = heading.replace("".join(part), "\N{SOFT HYPHEN}".join(part))
    return heading


def _kind_of(block: Block) -> str:
    return type(block).__name__


def _cells(table: Table, row: Sequence[Cell]) -> list[tuple[str, bool]]:
    """Return a row's cells as text, and whether each is a number."""
    return [(written(value, column), column.kind != TEXT) for value, column in zip(row, table.columns, strict=True)]

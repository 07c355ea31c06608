"""Self-contained pages made of the package's templates: they load nothing, run no script, and print on A4."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from openfisca_bergen_hbt.provenance.record import KEY, within_page
from openfisca_bergen_hbt.report.forms.provenance import facts
from openfisca_bergen_hbt.report.tables import TEXT, DataTable, Value, written

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


def rendered(template: str, recorded: Mapping[str, Any], **content: Any) -> bytes:
    """Return a page made of a template, with the record of its run.

    Args:
        template: the template's name.
        recorded: the record.
        content: the title, and what else the template asks for.
    """
    page = (
        environment()
        .get_template(template)
        .render(
            **content,
            facts=list(facts(recorded)),
            date=recorded["date"],
            key=KEY,
            record=Markup(within_page(recorded)),  # noqa: S704 (nothing in it can end the element)
        )
    )
    return page.encode()


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
    found.globals.update(cells=_cells, hyphenated=_hyphenated)
    return found


def _hyphenated(heading: str) -> str:
    """Return a heading whose long words may be divided where a column is narrow."""
    for part in DIVIDED:
        heading = heading.replace("".join(part), "\N{SOFT HYPHEN}".join(part))
    return heading


def _cells(table: DataTable, row: list[Value]) -> list[tuple[str, bool]]:
    """Return a row's cells as text, and whether each is a number."""
    return [(written(value, column), column.kind != TEXT) for value, column in zip(row, table.columns, strict=True)]

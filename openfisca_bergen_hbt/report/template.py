"""Self-contained pages made of the package's templates: they load nothing, run no script, and print on A4."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from openfisca_bergen_hbt.record import KEY, within_page
from openfisca_bergen_hbt.report.provenance import facts
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
    templates = Environment(loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined)
    page = templates.get_template(template).render(
        **content,
        facts=list(facts(recorded)),
        date=recorded["date"],
        cells=_cells,
        hyphenated=_hyphenated,
        key=KEY,
        record=Markup(within_page(recorded)),  # noqa: S704 (nothing in it can end the element)
    )
    return page.encode()


def _template(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _hyphenated(heading: str) -> str:
    """Return a heading whose long words may be divided where a column is narrow."""
    for part in DIVIDED:
        heading = heading.replace("".join(part), "\N{SOFT HYPHEN}".join(part))
    return heading


def _cells(table: DataTable, row: list[Value]) -> list[tuple[str, bool]]:
    """Return a row's cells as text, and whether each is a number."""
    return [(written(value, column), column.kind != TEXT) for value, column in zip(row, table.columns, strict=True)]

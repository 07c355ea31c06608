"""A paper as one self-contained page: it loads nothing, runs no script, and prints on A4."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from openfisca_bergen_hbt.provenance.record import KEY, within_page
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.forms.comparison_charts import charts_by_table
from openfisca_bergen_hbt.report.forms.pages import environment, is_wide
from openfisca_bergen_hbt.report.forms.provenance import facts, mark
from openfisca_bergen_hbt.report.paper import Paper, Table
from openfisca_bergen_hbt.report.parts.source_notes import SourceNote, source_notes
from openfisca_bergen_hbt.text.language import say

#: The part that holds what there is no room for on the first sheet.
MORE = "mer"


def write(paper: Paper, recorded: Mapping[str, Any]) -> bytes:
    """Return a paper with the record of its run, which ``verify`` reads."""
    notes = source_notes(paper)
    parts = _parts(paper, notes)
    page = (
        environment()
        .get_template("paper.html.j2")
        .render(
            paper=paper,
            notes=notes,
            parts=parts,
            turned={part.id for part in parts if part.turned},
            in_style=_in_style,
            charts=charts_by_table(paper),
            narrow=charts_by_table(paper, NARROW),
            facts=list(facts(recorded)),
            date=recorded["date"],
            mark=mark(recorded),
            key=KEY,
            record=Markup(within_page(recorded)),  # noqa: S704 (nothing in it can end the element)
        )
    )
    return page.encode()


class Part(NamedTuple):
    """A part of a page: what is led to, and whether its sheets of paper lie on their side."""

    id: str
    heading: str
    turned: bool = False


def _parts(paper: Paper, notes: Mapping[str, SourceNote]) -> list[Part]:
    """Return the parts of a page in order."""
    found = [Part(MORE, say("Mer om svaret"))] if paper.answer else []
    for section in paper.sections:
        turned = any(isinstance(block, Table) and is_wide(block) for block in section.blocks)
        found.append(Part(section.id, section.heading, turned))
    found += [Part("kilder", say("Kilder"))] if notes else []
    return [*found, Part("proveniens", say("Proveniens"))]


def _in_style(text: str) -> Markup:
    """Return a text as a style sheet holds it: nothing in it can end the string, or the sheet."""
    escaped = re.sub(r"[^0-9A-Za-zÆØÅæøå .,:–-]", lambda found: f"\\{ord(found[0]):x} ", text)
    return Markup(f'"{escaped}"')  # noqa: S704 (what else it could hold is escaped)

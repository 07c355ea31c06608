"""The published tables beside what the model computes, as a document."""

from __future__ import annotations

from collections.abc import Sequence

from openfisca_bergen_hbt.analysis.published import Figure
from openfisca_bergen_hbt.report.document import Block, Document, Heading, Paragraph, Table
from openfisca_bergen_hbt.text.numbers import with_decimals

TITLES = {
    "vedtakstimer": "Vedtakstimer",
    "brukere": "Brukere",
    "besoek": "Besøk",
    "timer_per_bruker": "Timer per bruker",
    "besoek_per_bruker": "Besøk per bruker",
    "timer_per_besoek": "Timer per besøk",
    "legemiddelhaandtering": "Legemiddelhåndtering",
    "merforbruk": "Merforbruk",
    "sykefravaer": "Sykefravær",
    "kostra": "KOSTRA",
    "andre": "Andre tall",
}
HEADINGS = ("", "år", "publisert", "modellen", "", "merknad")
#: What marks a figure that the model does not get.
MARK = "≠"


def tables(figures: Sequence[Figure]) -> Document:
    """Return the tables, each deviation marked, with its explanation beside it."""
    blocks: list[Block] = []
    for name in dict.fromkeys(figure.table for figure in figures):
        mine = [figure for figure in figures if figure.table == name]
        blocks.append(Heading(TITLES[name]))
        blocks.append(Paragraph(f"Kilde: {'; '.join(dict.fromkeys(figure.source for figure in mine))}"))
        blocks.append(
            Table(("", "år", "publisert", "modellen", "", "merknad"), [_row(f) for f in mine], numeric=(2, 3))
        )
    deviating = [figure for figure in figures if figure.deviates]
    blocks.append(Heading("Avvik"))
    blocks.append(Paragraph(f"{len(deviating)} av {len(figures)} tall avviker ({MARK}). Ingenting er rettet."))
    return Document("Publiserte tall ved siden av det modellen regner ut", blocks)


def _row(figure: Figure) -> tuple[str, ...]:
    shown = max(figure.decimals, 0)
    computed = "" if figure.computed is None else with_decimals(figure.computed, shown)
    mark = MARK if figure.deviates else ""
    return (figure.row, str(figure.year), with_decimals(figure.published, shown), computed, mark, figure.note)

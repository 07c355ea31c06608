"""The published tables beside what the model computes, as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.published import Figure
from openfisca_bergen_hbt.report.paper import Block, Column, Heading, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.text.numbers import percent, with_decimals

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
NUMBERS = (Column("publisert", "number"), Column("modellen", "number"))
COLUMNS = (Column(""), Column("år"), *NUMBERS, Column(""), Column("merknad"))
#: The rows that are shares of a whole.
SHARES = ("Sykefravær", "Andel av brukerne", "Merforbruk, andel av rammen")
#: What marks a figure that the model does not get.
DEVIATES = "≠"


def paper(figures: Sequence[Figure]) -> Paper:
    """Return the tables, each deviation marked, with its explanation beside it."""
    blocks: list[Block] = []
    for name in dict.fromkeys(figure.table for figure in figures):
        mine = [figure for figure in figures if figure.table == name]
        blocks.append(Heading(TITLES[name]))
        blocks.append(Paragraph(f"Kilde: {'; '.join(dict.fromkeys(figure.source for figure in mine))}"))
        blocks.append(Table(COLUMNS, [_row(figure) for figure in mine]))
    deviating = [figure for figure in figures if figure.deviates]
    blocks.append(Heading("Avvik"))
    blocks.append(Paragraph(f"{len(deviating)} av {len(figures)} tall avviker ({DEVIATES}). Ingenting er rettet."))
    return Paper("Publiserte tall ved siden av det modellen regner ut", [Section(blocks)])


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the figures as JSON holds them, each with whether it deviates."""
    return [{**asdict(figure), "deviates": figure.deviates} for figure in figures]


def _row(figure: Figure) -> tuple[str, ...]:
    shown = max(figure.decimals, 0)
    write = percent if figure.row in SHARES else lambda value: with_decimals(value, shown)
    computed = "" if figure.computed is None else write(figure.computed)
    mark = DEVIATES if figure.deviates else ""
    return (figure.row, str(figure.year), write(figure.published), computed, mark, figure.note)

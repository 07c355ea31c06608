"""The published tables beside what the model computes, as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.published import Figure
from openfisca_bergen_hbt.report.paper import Block, Column, Heading, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.text.language import say, to_say
from openfisca_bergen_hbt.text.numbers import percent, with_decimals

TITLES = {
    "vedtakstimer": to_say("Vedtakstimer"),
    "brukere": to_say("Brukere"),
    "besoek": to_say("Besøk"),
    "timer_per_bruker": to_say("Timer per bruker"),
    "besoek_per_bruker": to_say("Besøk per bruker"),
    "timer_per_besoek": to_say("Timer per besøk"),
    "legemiddelhaandtering": to_say("Legemiddelhåndtering"),
    "merforbruk": to_say("Merforbruk"),
    "sykefravaer": to_say("Sykefravær"),
    "kostra": to_say("KOSTRA"),
    "andre": to_say("Andre tall"),
}
#: What marks a figure that the model does not get.
DEVIATES = "≠"


def _columns() -> list[Column]:
    return [
        *(Column(""), Column(say("år")), Column(say("publisert"), "number"), Column(say("modellen"), "number")),
        *(Column(""), Column(say("merknad"))),
    ]


def paper(figures: Sequence[Figure]) -> Paper:
    """Return the tables, each deviation marked, with its explanation beside it."""
    blocks: list[Block] = []
    for name in dict.fromkeys(figure.table for figure in figures):
        mine = [figure for figure in figures if figure.table == name]
        sources = say("Kilde: {sources}").format(sources="; ".join(dict.fromkeys(figure.source for figure in mine)))
        blocks += [Heading(say(TITLES[name])), Paragraph(sources), Table(_columns(), [_row(figure) for figure in mine])]
    deviating = sum(figure.deviates for figure in figures)
    said = say("{deviating} av {figures} tall avviker ({deviates}). Ingenting er rettet.")
    said = said.format(deviating=deviating, figures=len(figures), deviates=DEVIATES)
    blocks += [Heading(say("Avvik")), Paragraph(said)]
    return Paper(say("Publiserte tall ved siden av det modellen regner ut"), [Section(blocks)])


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the figures as JSON holds them, each with whether it deviates."""
    return [{**asdict(figure), "row": say(figure.row), "deviates": figure.deviates} for figure in figures]


def _row(figure: Figure) -> tuple[str, ...]:
    shown = max(figure.decimals, 0)
    write = percent if figure.is_share else lambda value: with_decimals(value, shown)
    computed = "" if figure.computed is None else write(figure.computed)
    mark = DEVIATES if figure.deviates else ""
    return (say(figure.row), str(figure.year), write(figure.published), computed, mark, figure.note)

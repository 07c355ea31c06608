"""Several years, each under its own law, in words and tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.years import AMOUNTS, Effect, OneYear, Years
from openfisca_bergen_hbt.grunnregelverk import package_version
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report.paper import Banded, Cell, Column, Lines, Marked, Paper, Section, Table
from openfisca_bergen_hbt.report.parts import answer, findings, sureness
from openfisca_bergen_hbt.report.parts.figures import NO_AMOUNT, NO_FRAME, banded, described, population_as_json
from openfisca_bergen_hbt.text import numbers

HEADS = ("Aktiviteten koster", "Ramme i alt", "Delt ut", "Igjen sentralt")
NOTES = {
    "T-21": "T-21: ramme eller pris er utledet av 2019, og brukt uendret i året, i nominelle kroner.",
    "T-25": "T-25: brukerne er de fra 2019, ført videre.",
}


def paper(found: Years) -> Paper:
    """Return the years, a row each, and what the decisions of each day changed in their own year."""
    first, last = found.years[0].year, found.years[-1].year
    version = found.comparisons[-1].runs[-1].version
    named = [proposal.title for proposal in version.proposals]
    drawn = [one.sureness for one in found.comparisons if one.sureness]
    otherwise = f" med {' og '.join(f'«{title}»' for title in named)}" if named else ""
    return Paper(
        f"Hvert år under sin egen lov, {first} til {last}{otherwise}{version.otherwise}",
        [
            Section([_years(found)], "aar", "År for år"),
            Section([_effects(found)], "virkninger", "Vedtakene i sitt eget år"),
        ],
        first_lines(found),
        about=[
            ("Befolkning", described(found.population, suppression=found.suppression)),
            *(("Spenn", f"{sureness.BELOW.format(done=one.done)} {sureness.RANGES}.") for one in drawn[:1]),
        ],
        answer=answer.for_years(found),
    )


def as_json(found: Years) -> dict[str, Any]:
    """Return the years as JSON holds them, with every figure."""
    content: dict[str, Any] = {
        "years": [msgspec.to_builtins(asdict(one)) for one in found.years],
        "population": population_as_json(found.population, suppression=found.suppression),
        "first_lines": first_lines(found),
        "figures": Lines(
            msgspec.json.encode({**block.as_column(), "ids": block.ids})
            for compared in found.comparisons
            for block in compared.blocks()
        ),
        "version": package_version(),
    }
    drawn = {str(one.year): sureness.as_json(one.sureness) for one in found.comparisons if one.sureness}
    return {**content, "sureness": drawn} if drawn else content


def first_lines(found: Years) -> list[str]:
    """Return what is to be read before any figure, with its year."""
    cut_short = [
        f"{one.year}: {line} Årene etter er ikke trukket."
        for one in found.comparisons
        if one.sureness
        for line in sureness.interrupted(one.sureness)
    ]
    return [*cut_short, *(f"{one.year}: {line}" for one in found.comparisons for line in findings.first_lines(one))]


def _years(found: Years) -> Table:
    rows = [_row(one, of_year) for one, of_year in zip(found.years, found.comparisons, strict=True)]
    marks = {
        mark for row in rows for cell in row if isinstance(cell, Marked | Banded) for mark in cell.mark.split(", ")
    }
    marks |= {"T-25"} if any(one.carried_forward for one in found.years) else set()
    heads = [Column("År"), *(Column(name, "kr", detail=name == "Ramme i alt") for name in (*HEADS, "Merforbruk"))]
    notes = [text for name, text in NOTES.items() if name in marks]
    notes += dict.fromkeys(note for one in found.comparisons for note in sureness.notes(one))
    return Table(heads, rows, "Hvert år under sin egen lov", "År", "years", notes)


def _row(one: OneYear, compared: Comparison) -> list[Cell]:
    amounts = {**one.amounts, "etat_merforbruk": NO_FRAME if one.overspend is None else one.overspend}
    carried = "T-21" if one.frame_of_another_year else ""
    year = f"{one.year} (T-25)" if one.carried_forward else str(one.year)
    last = compared.runs[-1]
    cells = [
        banded(compared, last, ("sum", ""), name, amount if isinstance(amount, str) else float(amount))
        for name, amount in amounts.items()
    ]
    cost, frame, *others = cells
    return [year, _marked(cost, carried), _marked(frame, carried), *others]


def _marked(cell: Cell, mark: str) -> Cell:
    if isinstance(cell, Banded):
        return Banded(cell, cell.low, cell.high, mark)
    return Marked(cell, mark) if isinstance(cell, float) else cell


def _effects(found: Years) -> Table:
    titles = {decision.id(): decision.short_title for decision in decisions()}
    rows: list[list[Cell]] = [
        [
            f"{numbers.date_text(effect.day)}: {' og '.join(titles[name] for name in effect.decisions)}",
            *(float(effect.changes[name]) if effect.changes else "" for name in AMOUNTS),
            _said(effect),
        ]
        for one in found.years
        for effect in one.effects
    ]
    changes = (Column(heading, "kr_change", detail=heading in HEADS[:2]) for heading in HEADS)
    heads = [Column("Vedtak", width=50), *changes, Column("Merknad", width=30)]
    notes = ["Året med vedtakene fra dagen, minus samme år uten dem. Vedtak fra samme dag virker sammen (T-26)."]
    notes += ["Spenn er regnet for årene, og ikke for disse endringene."] if found.comparisons[0].sureness else []
    return Table(heads, rows, "Hva vedtakene endret i året de fikk virkning", "Virkninger", "effects", notes)


def _said(effect: Effect) -> str:
    """Return why nothing changed; an empty text where something did."""
    if effect.not_computable:
        return f"kan ikke regnes ut uten vedtaket: {effect.not_computable}"
    if any(effect.changes.values()):
        return ""
    return f"virker på pengene fra {effect.acts_from}" if effect.acts_from else NO_AMOUNT

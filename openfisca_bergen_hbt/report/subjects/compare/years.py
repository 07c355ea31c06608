"""Several years, each under its own law, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.years import AMOUNTS, Effect, OneYear, Years
from openfisca_bergen_hbt.grunnregelverk import package_version
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report.paper import Banded, Cell, Column, Lines, Marked, Paper, Section, Table
from openfisca_bergen_hbt.report.parts import answer, findings, sureness
from openfisca_bergen_hbt.report.parts.about import of_population, population_as_json
from openfisca_bergen_hbt.report.parts.figures import NO_AMOUNT, NO_FRAME, banded
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

COST, FRAME = AMOUNTS[:2]
HEADS = {
    COST: to_say("Aktiviteten koster"),
    FRAME: to_say("Ramme i alt"),
    "etat_samlet_tildeling": to_say("Delt ut"),
    "etat_igjen_sentralt": to_say("Igjen sentralt"),
    "etat_merforbruk": to_say("Merforbruk"),
}
NOTES = {
    "T-21": to_say("T-21: ramme eller pris er utledet av 2019, og brukt uendret i året, i nominelle kroner."),
    "T-25": to_say("T-25: brukerne er de fra 2019, ført videre."),
}


def paper(found: Years) -> Paper:
    """Return the years, a row each, and what the decisions of each day changed in their own year."""
    first, last = found.years[0].year, found.years[-1].year
    version = found.comparisons[-1].runs[-1].version
    named = [f"«{proposal.title}»" for proposal in version.proposals]
    drawn = [one.sureness for one in found.comparisons if one.sureness]
    title = say("Hvert år under sin egen lov, {first} til {last}")
    if named:
        title = say("Hvert år under sin egen lov, {first} til {last} med {proposals}")
    return Paper(
        f"{title.format(first=first, last=last, proposals=all_of(named))}{version.otherwise}",
        [
            Section([_years(found)], "aar", say("År for år")),
            Section([_effects(found)], "virkninger", say("Vedtakene i sitt eget år")),
        ],
        first_lines(found),
        about=[
            (say("Befolkning"), of_population(found)),
            *(
                (say("Spenn"), f"{say(sureness.BELOW).format(done=one.done)} {say(sureness.RANGES)}.")
                for one in drawn[:1]
            ),
        ],
        answer=answer.for_years(found),
    )


def as_json(found: Years) -> dict[str, Any]:
    """Return the years as JSON holds them, with every figure."""
    content: dict[str, Any] = {
        "years": [msgspec.to_builtins(asdict(one)) for one in found.years],
        "population": population_as_json(found),
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


def all_of(names: Sequence[str]) -> str:
    """Return names with «og» between them."""
    return f" {say('og')} ".join(names)


def first_lines(found: Years) -> list[str]:
    """Return what is to be read before any figure, with its year."""
    cut_short = [
        say("{year}: {line} Årene etter er ikke trukket.").format(year=one.year, line=line)
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
    heads = [
        Column(say("År")),
        *(
            Column(say(HEADS[name]), "kr", detail=name == FRAME, variable=name)
            for name in (*AMOUNTS, "etat_merforbruk")
        ),
    ]
    notes = [say(text) for name, text in NOTES.items() if name in marks]
    notes += dict.fromkeys(note for one in found.comparisons for note in sureness.notes(one))
    return Table(heads, rows, say("Hvert år under sin egen lov"), say("År"), "years", notes)


def by_row(found: Years) -> dict[str, Comparison]:
    """Return the comparison of each year, by what its row is called."""
    return {_called(one): compared for one, compared in zip(found.years, found.comparisons, strict=True)}


def _called(one: OneYear) -> str:
    return f"{one.year} (T-25)" if one.carried_forward else str(one.year)


def _row(one: OneYear, compared: Comparison) -> list[Cell]:
    amounts = {**one.amounts, "etat_merforbruk": say(NO_FRAME) if one.overspend is None else one.overspend}
    carried = "T-21" if one.frame_of_another_year else ""
    last = compared.runs[-1]
    cells = [
        banded(compared, last, ("sum", ""), name, amount if isinstance(amount, str) else float(amount))
        for name, amount in amounts.items()
    ]
    cost, frame, *others = cells
    return [_called(one), _marked(cost, carried), _marked(frame, carried), *others]


def _marked(cell: Cell, mark: str) -> Cell:
    if isinstance(cell, Banded):
        return Banded(cell, cell.low, cell.high, mark)
    return Marked(cell, mark) if isinstance(cell, float) else cell


def _effects(found: Years) -> Table:
    titles = {decision.id(): say(decision.short_title) for decision in decisions()}
    rows: list[list[Cell]] = [
        [
            f"{numbers.date_text(effect.day)}: {all_of([titles[name] for name in effect.decisions])}",
            *(float(effect.changes[name]) if effect.changes else "" for name in AMOUNTS),
            _said(effect),
        ]
        for one in found.years
        for effect in one.effects
    ]
    changes = (Column(say(HEADS[name]), "kr_change", detail=name in (COST, FRAME)) for name in AMOUNTS)
    heads = [Column(say("Vedtak"), width=50), *changes, Column(say("Merknad"), width=30)]
    notes = [say("Året med vedtakene fra dagen, minus samme år uten dem. Vedtak fra samme dag virker sammen (T-26).")]
    notes += [say("Spenn er regnet for årene, og ikke for disse endringene.")] if found.comparisons[0].sureness else []
    return Table(heads, rows, say("Hva vedtakene endret i året de fikk virkning"), say("Virkninger"), "effects", notes)


def _said(effect: Effect) -> str:
    """Return why nothing changed; an empty text where something did."""
    if effect.not_computable:
        return say("kan ikke regnes ut uten vedtaket: {not_computable}").format(not_computable=effect.not_computable)
    if any(effect.changes.values()):
        return ""
    return (
        say("virker på pengene fra {acts_from}").format(acts_from=effect.acts_from)
        if effect.acts_from
        else say(NO_AMOUNT)
    )

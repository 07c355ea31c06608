"""The tables of a comparison's report that tell what the figures rest on: decisions, assumptions and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.assumptions import Assumption, Foundations
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, Run
from openfisca_bergen_hbt.report.paper import Cell, Column, Day, Section, Table, from_to
from openfisca_bergen_hbt.report.parts.figures import LADDER, changes, state
from openfisca_bergen_hbt.report.parts.rules_and_numbers import BASES
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: The columns of decisions: what they are called, and how they are shown.
OF_DECISIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (to_say("Vedtak"), {"width": 52}),
    (to_say("Vedtatt"), {"width": 12}),
    (to_say("I kraft"), {"width": 12}),
    (to_say("Besluttet av"), {"width": 24, "detail": True}),
    (to_say("Endrer"), {"width": 60}),
    (to_say("Kilde"), {"width": 60, "sources": True}),
)


def section(*tables: Table) -> Section:
    """Return the section of what figures rest on."""
    return Section(tables, "grunnlag", say("Det tallene hviler på"), named=True)


def as_json(rests_on: Foundations) -> dict[str, Any]:
    """Return what figures rest on as JSON holds it."""
    return {
        "assumptions": [asdict(assumption) for assumption in rests_on.assumptions],
        "interpretations": {name: say(found["text"]) for name, found in rests_on.interpretations.items()},
    }


def decisions(compared: Comparison) -> Table:
    """Return each decision, and each proposal, in the comparison, and the rules or numbers that it changed."""
    heads = [Column(say(heading), **looks) for heading, looks in OF_DECISIONS]
    title = say("Vedtakene, og hvilke regler de endret")
    return Table(heads, [row for run in compared.runs for row in _brought(run)], title, say("Vedtak"), "decisions")


def effects(compared: Comparison) -> Table | None:
    """Return what each step changed, in hours, kroner and units; None for a single regulation."""
    if len(compared.runs) == 1:
        return None
    rows: list[list[Cell]] = []
    for earlier, run in pairwise(compared.runs):
        moved = float((run.results.value(GIVEN) != earlier.results.value(GIVEN)).sum())
        rows.append([run.version.title, *changes(compared, earlier, run), moved, state(run, earlier)])
    change = say("{heading}, endring")
    heads = [
        Column(say("Regelverk"), width=52),
        *(
            Column(change.format(heading=say(heading)), f"{kind}_change", detail=name != "etat_samlet_tildeling")
            for name, heading, kind in LADDER
        ),
        Column(say("Enheter som får et annet beløp"), "count"),
        Column(say("Merknad"), width=30),
    ]
    title = say("Hva hvert trinn endret")
    return Table(heads, rows, title, say("Virkninger"), "effects", [say("Endring fra trinnet over.")])


def _brought(run: Run) -> Iterator[list[Cell]]:
    """Yield what brought a regulation: a proposal, a decision, or all that is in it."""
    version = run.version
    if version.proposals:
        proposal = version.proposals[-1]
        told = say("{parameter} = {value} fra {start}")
        changes = [
            told.format(parameter=of.parameter, value=numbers.decimals(of.value), start=numbers.date_text(of.start))
            for of in proposal.changes
        ]
        start = Day(min(change.start for change in proposal.changes))
        yield [version.title, "", start, proposal.author or say("forslag"), "; ".join(changes), proposal.reference]
    elif version.latest:
        decision = version.latest
        labels = ", ".join(say(run.results.system.get_variable(hinge.__name__).label) for hinge in decision.hinges)
        dates = [numbers.month(decision.adopted_by()), Day(decision.in_force)]
        yield [say(decision.title), *dates, say(decision.decided_by), labels, decision.reference]
    else:
        names = ", ".join(say(decision.short_title) for decision in version.decisions) or say("ingen vedtak")
        yield [version.title, "", "", "", say("Inneholder: {names}").format(names=names), ""]


def _unit(found: Assumption) -> str:
    return say(str(data.unit(found.unit)["label"]))


def _value() -> list[Column]:
    """Return the columns of a number of the law."""
    return [Column(say("Hva"), width=60), Column(say("Verdi"), "number"), Column(say("Enhet"), width=18)]


def _basis() -> Column:
    return Column(say("Grunnlag"), width=12, detail=True)


def _parameter() -> Column:
    return Column(say("Parameter"), width=40, detail=True)


def assumptions(rests_on: Foundations) -> Table:
    """Return the numbers that are assumed, derived or proposed, with their ranges."""
    rows: list[list[Cell]] = []
    for found in rests_on.assumptions:
        limits: list[Cell] = [*(found.range or ("", ""))]
        basis = [say(BASES[found.basis]), found.interpretation or "", found.parameter]
        rows.append([say(found.description), found.value, _unit(found), *limits, *basis])
    heads = [*_value(), *from_to("number"), _basis(), Column(say("Tolkning"), width=10), _parameter()]
    title = say("Tall som er antatt, avledet eller foreslått, med spenn")
    notes = [say("Kildene oppgir ikke disse tallene slik de står. Spennet er det de kan ligge innenfor.")]
    return Table(heads, rows, title, say("Forutsetninger"), "assumptions", notes)


def interpretations(rests_on: Foundations) -> Table:
    """Return how the sources were read where they are silent."""
    rows: list[list[Cell]] = [
        [name, say(text["short"]), say(text["text"]).strip()] for name, text in rests_on.interpretations.items()
    ]
    heads = [
        Column(say("Tolkning"), width=10),
        Column(say("Kort"), width=40),
        Column(say("Hvordan kildene er lest"), width=110),
    ]
    return Table(heads, rows, say("Hvordan kildene er lest der de er tause"), say("Tolkninger"), "interpretations")


def sources(rests_on: Foundations) -> Table:
    """Return every number of the law that was read, with its source."""
    rows: list[list[Cell]] = []
    for found in rests_on.numbers:
        basis = [say(BASES[found.basis]), found.source, found.parameter]
        rows.append([say(found.description), found.value, _unit(found), *basis])
    heads = [
        Column(say("Tall"), width=60),
        *_value()[1:],
        _basis(),
        Column(say("Kilde"), width=90, sources=True),
        _parameter(),
    ]
    return Table(heads, rows, say("Kilden til hvert tall i regelverkene"), say("Kilder"), "sources")

"""The tables of a comparison's report that tell what the figures rest on: decisions, assumptions and sources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.assumptions import Assumption, Foundations
from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, Run
from openfisca_bergen_hbt.report.paper import Cell, Column, Day, Table
from openfisca_bergen_hbt.report.parts.figures import LADDER, changes, state
from openfisca_bergen_hbt.report.parts.rules_and_numbers import BASES
from openfisca_bergen_hbt.text import numbers

#: The columns of a number of the law.
VALUE = (Column("Hva", width=60), Column("Verdi", "number"), Column("Enhet", width=18))
BASIS, PARAMETER = Column("Grunnlag", width=12, detail=True), Column("Parameter", width=40, detail=True)


def decisions(compared: Comparison) -> Table:
    """Return each decision, and each proposal, in the comparison, and the rules or numbers that it changed."""
    widths = {"Vedtak": 52, "Vedtatt": 12, "I kraft": 12, "Besluttet av": 24, "Endrer": 60, "Kilde": 60}
    return Table(
        [
            Column(heading, width=width, detail=heading == "Besluttet av", sources=heading == "Kilde")
            for heading, width in widths.items()
        ],
        [row for run in compared.runs for row in _brought(run)],
        "Vedtakene, og hvilke regler de endret",
        "Vedtak",
        "decisions",
    )


def effects(compared: Comparison) -> Table | None:
    """Return what each step changed, in hours, kroner and units; None for a single regulation."""
    if len(compared.runs) == 1:
        return None
    rows: list[list[Cell]] = []
    for earlier, run in pairwise(compared.runs):
        moved = float((run.results.value(GIVEN) != earlier.results.value(GIVEN)).sum())
        rows.append([run.version.title, *changes(compared, earlier, run), moved, state(run, earlier)])
    kinds = {"hours": "hours_change", "kr": "kr_change"}
    return Table(
        [
            Column("Regelverk", width=52),
            *(
                Column(f"{heading}, endring", kinds[kind], detail=name != "etat_samlet_tildeling")
                for name, heading, kind in LADDER
            ),
            Column("Enheter som får et annet beløp", "count"),
            Column("Merknad", width=30),
        ],
        rows,
        "Hva hvert trinn endret",
        "Virkninger",
        "effects",
        ["Endring fra trinnet over."],
    )


def _brought(run: Run) -> Iterator[list[Cell]]:
    """Yield what brought a regulation: a proposal, a decision, or all that is in it."""
    version = run.version
    if version.proposals:
        proposal = version.proposals[-1]
        changes = [
            f"{change.parameter} = {numbers.decimals(change.value)} fra {numbers.date_text(change.start)}"
            for change in proposal.changes
        ]
        start = Day(min(change.start for change in proposal.changes))
        yield [proposal.title, "", start, proposal.author or "forslag", "; ".join(changes), proposal.reference]
    elif version.latest:
        decision = version.latest
        labels = ", ".join(run.results.system.get_variable(hinge.__name__).label for hinge in decision.hinges)
        dates = [numbers.month(decision.adopted_by()), Day(decision.in_force)]
        yield [decision.title, *dates, decision.decided_by, labels, decision.reference]
    else:
        names = ", ".join(decision.short_title for decision in version.decisions) or "ingen vedtak"
        yield [version.title, "", "", "", f"Inneholder: {names}", ""]


def _unit(found: Assumption) -> str:
    return str(data.unit(found.unit)["label"])


def assumptions(rests_on: Foundations) -> Table:
    """Return the numbers that are assumed, derived or proposed, with their ranges."""
    rows: list[list[Cell]] = []
    for found in rests_on.assumptions:
        limits: list[Cell] = [*(found.range or ("", ""))]
        basis = [BASES[found.basis], found.interpretation or "", found.parameter]
        rows.append([found.description, found.value, _unit(found), *limits, *basis])
    return Table(
        [*VALUE, Column("Fra", "number"), Column("Til", "number"), BASIS, Column("Tolkning", width=10), PARAMETER],
        rows,
        "Tall som er antatt, avledet eller foreslått, med spenn",
        "Forutsetninger",
        "assumptions",
        ["Kildene oppgir ikke disse tallene slik de står. Spennet er det de kan ligge innenfor."],
    )


def interpretations(rests_on: Foundations) -> Table:
    """Return how the sources were read where they are silent."""
    rows: list[list[Cell]] = [
        [name, text["short"], text["text"].strip()] for name, text in rests_on.interpretations.items()
    ]
    heads = [Column("Tolkning", width=10), Column("Kort", width=40), Column("Hvordan kildene er lest", width=110)]
    return Table(heads, rows, "Hvordan kildene er lest der de er tause", "Tolkninger", "interpretations")


def sources(rests_on: Foundations) -> Table:
    """Return every number of the law that was read, with its source."""
    rows: list[list[Cell]] = []
    for found in rests_on.numbers:
        basis = [BASES[found.basis], found.source, found.parameter]
        rows.append([found.description, found.value, _unit(found), *basis])
    heads = [Column("Tall", width=60), *VALUE[1:], BASIS, Column("Kilde", width=90, sources=True), PARAMETER]
    return Table(heads, rows, "Kilden til hvert tall i regelverkene", "Kilder", "sources")

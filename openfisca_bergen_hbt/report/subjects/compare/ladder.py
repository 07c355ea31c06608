"""The regulations of a comparison step by step, with their totals."""

from __future__ import annotations

from typing import NamedTuple

from openfisca_bergen_hbt.analysis.comparison import Comparison, Run, knows_frame
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts import findings, sureness
from openfisca_bergen_hbt.report.parts.figures import (
    LADDER,
    NO_FRAME,
    OVERSPEND,
    called,
    changes,
    state,
    total_cell,
)
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: What is said of the first two decisions, which work from one day (T-26).
BOTH, ALONE = to_say("til sammen (T-26)"), to_say("regnestykke (T-26)")
#: The place of what is handed out among the totals.
HANDED_OUT = [name for name, *_ in LADDER].index("etat_samlet_tildeling")
#: What of the frame nobody is given.
LEFT = "etat_igjen_sentralt"
#: How long a heading is that is folded.
LONG = len("Merforbruk")
#: What of the ladder there is always room for.
DECISIVE = ("etat_samlet_tildeling", "etat_merforbruk")


class Step(NamedTuple):
    """A row of the ladder: a regulation, and the row that it is set beside."""

    name: str
    short_name: str
    run: Run
    before: int | None
    note: str
    #: Whether it is what the first two decisions do together, or what one of them does alone.
    is_both: bool = False
    is_alone: bool = False


def steps_of(compared: Comparison) -> list[Step]:
    """Return the regulations in order; before the first two decisions, what they do together (T-26)."""
    joint, steps = findings.joint(compared), list[Step]()
    place: dict[int, int] = {}
    for number, run in enumerate(compared.runs):
        if joint and run is joint[1]:
            names = say("{one} og {other}").format(one=joint[1].version.short_title, other=joint[2].version.short_title)
            both = f"{number}–{number + 1}. {names}"
            steps.append(Step(both, both, joint[2], 0, say(BOTH), is_both=True))
        title, short = f"{number}. {run.version.title}", f"{number}. {run.version.short_title}"
        alone = bool(joint and run in joint[1:])
        note = say(ALONE) if alone else ""
        earlier = compared.runs[number - 1] if number else None
        before = place[number - 1] if number else None
        said = ", ".join(filter(None, [state(run, earlier), note]))
        steps.append(Step(title, short, run, before, said, is_alone=alone))
        place[number] = len(steps) - 1
    return steps


def versions_of_steps(compared: Comparison) -> dict[str, Version]:
    """Return the regulation of each step, by what a row of the ladder calls it, and the head of a column."""
    return {name: step.run.version for step in steps_of(compared) for name in (step.name, step.short_name)}


def ladder(compared: Comparison) -> Table:
    """Return the regulations step by step, with their totals."""
    rows: list[list[Cell]] = []
    changed: list[list[Cell]] = []
    steps = steps_of(compared)
    for step in steps:
        latest = step.run.version.latest
        adopted = numbers.month(latest.adopted_by()) if latest else ""
        changed.append([] if step.before is None else changes(compared, steps[step.before].run, step.run))
        shown = [total_cell(compared, step.run, name) for name, *_ in LADDER]
        if not knows_frame(compared.population, compared.year):
            shown[-1] = say(NO_FRAME)
        shown.append(total_cell(compared, step.run, LEFT))
        rows.append([step.name, adopted, *shown, changed[-1][HANDED_OUT] if changed[-1] else "", step.note])
    published = compared.published_overspend()
    notes = [*findings.together(compared), say(OVERSPEND)]
    if published is not None:
        told = say(
            "Publisert merforbruk {year}: {published} kr ({calibrated}: rammen og prisen er regnet av det, "
            "og kildene har ingen uavhengig prøve av kronene)."
        )
        amount = numbers.whole(published)
        notes.append(told.format(year=compared.year, published=amount, calibrated=say(findings.CALIBRATED)))
    notes += sureness.notes(compared)
    if closed := findings.closing(compared, compared.runs[-1]):
        notes.append(f"{compared.runs[-1].version.short_title}: {closed}")
    heads = [
        Column(say(heading), kind, short=_folded(say(heading)), detail=name not in DECISIVE, variable=name)
        for name, heading, kind in LADDER
    ]
    heads.append(Column(called(LEFT), "kr", variable=LEFT))
    heads = [
        *(Column(say("Regelverk"), width=52), Column(say("Vedtatt"), width=12, detail=True), *heads),
        Column(say("Delt ut, endring fra trinnet over"), "kr_change", detail=True),
        Column(say("Merknad"), width=30),
    ]
    title, short_names = say("Regelverkene trinn for trinn"), [step.short_name for step in steps]
    return Table(heads, rows, title, say("Sammendrag"), "ladder", notes, short_names=short_names, changes=changed)


def _folded(heading: str) -> str:
    """Return a heading of two words with each on a line of its own, where it is long."""
    return heading.replace(" ", "\n") if len(heading) > LONG else heading

"""What each decision, and each proposal, moves: area by area."""

from __future__ import annotations

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import CHANGE
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import groups, with_sum
from openfisca_bergen_hbt.report.subjects.compare.ladder import ALONE, BOTH, steps_of
from openfisca_bergen_hbt.text.language import say, to_say

FROM_THE_STEP_ABOVE = to_say(
    "Kroner mer eller mindre enn etter trinnet før. Trinn som ikke flytter en krone, står ikke her."
)
ARITHMETIC = to_say("De to første vedtakene virker fra samme dag: {both}. Hvert av dem alene er et {alone}.")


def effects_by_area(compared: Comparison) -> Table | None:
    """Return what each step gives each area, or unit, beyond the one before; None where none moves a krone."""
    by, steps = groups(compared), steps_of(compared)
    heads, cells = [Column(by.heading, width=30)], list[list[Cell]]()
    for step in steps:
        if step.before is None:
            continue
        change = with_sum(by.values(step.run.results, GIVEN) - by.values(steps[step.before].run.results, GIVEN))
        if change.any():
            alone = step.is_alone
            name = say("{step} (regnestykke)").format(step=step.short_name) if alone else step.short_name
            heads.append(Column(name, "kr_change", detail=alone))
            cells.append(by.cells(compared, step.run, CHANGE, change.tolist()))
    if not cells:
        return None
    notes = [say(FROM_THE_STEP_ABOVE)]
    if any(step.is_both for step in steps):
        notes.append(say(ARITHMETIC).format(both=say(BOTH), alone=say(ALONE)))
    title, name = say("Hva hvert trinn flytter, etter {groups}"), say("Virkninger etter sted")
    title = title.format(groups=by.heading.lower())
    return Table(heads, by.rows(cells), title, name, "by_area", notes, has_sum=True, ranked_by=len(heads) - 1)

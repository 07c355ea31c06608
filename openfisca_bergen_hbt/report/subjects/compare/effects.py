"""What each decision, and each proposal, moves: area by area."""

from __future__ import annotations

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import CHANGE
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import groups, table_rows, with_sum
from openfisca_bergen_hbt.report.subjects.compare.ladder import ALONE, BOTH, steps_of

FROM_THE_STEP_ABOVE = "Kroner mer eller mindre enn etter trinnet før. Trinn som ikke flytter en krone, står ikke her."
ARITHMETIC = f"De to første vedtakene virker fra samme dag: {BOTH}. Hvert av dem alene er et {ALONE}."


def effects_by_area(compared: Comparison) -> Table | None:
    """Return what each step gives each area, or unit, beyond the one before; None where none moves a krone."""
    by, steps = groups(compared), steps_of(compared)
    heads, cells = [Column(by.heading, width=30)], list[list[Cell]]()
    for step in steps:
        if step.before is None:
            continue
        change = with_sum(by.values(step.run.results, GIVEN) - by.values(steps[step.before].run.results, GIVEN))
        if change.any():
            alone = ALONE in step.note
            name = f"{step.short_name} (regnestykke)" if alone else step.short_name
            heads.append(Column(name, "kr_change", detail=alone))
            cells.append(by.cells(compared, step.run, CHANGE, change.tolist()))
    if not cells:
        return None
    return Table(
        heads,
        table_rows([*by.names, "Sum"], cells),
        f"Hva hvert trinn flytter, etter {by.heading.lower()}",
        "Virkninger etter sted",
        "by_area",
        [FROM_THE_STEP_ABOVE, *([ARITHMETIC] if any(step.note == BOTH for step in steps) else [])],
        has_sum=True,
        ranked_by=len(heads) - 1,
    )

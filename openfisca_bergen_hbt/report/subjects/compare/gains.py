"""How many units gain, and lose, by how much."""

from __future__ import annotations

import numpy

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import USERS
from openfisca_bergen_hbt.report.paper import Cell, Column, Table
from openfisca_bergen_hbt.report.parts.figures import columns
from openfisca_bergen_hbt.rules.money import ratio
from openfisca_bergen_hbt.text.language import say, to_say

#: The bands of change: what each is called, and its upper limit; a limit belongs to the band around 0.
BANDS = (
    (to_say("Mer enn 5 % mindre"), -0.05),
    (to_say("1 til 5 % mindre"), -0.01),
    (to_say("Mellom 1 % mindre og 1 % mer"), 0.01),
    (to_say("1 til 5 % mer"), 0.05),
    (to_say("Mer enn 5 % mer"), numpy.inf),
)


def bands(compared: Comparison) -> Table | None:
    """Return the number of units and users by band of change from the first regulation to the last."""
    first, last = compared.runs[0].results, compared.runs[-1].results
    before, after = first.value(GIVEN), last.value(GIVEN)
    if len(columns(compared)) == 1 or not (before > 0).any():
        return None
    change = numpy.round(ratio(after - before, before), 9)
    limits = numpy.array([limit for _, limit in BANDS[:-1]])
    # a limit belongs to the band that is nearer to no change
    band = numpy.where(change < 0, numpy.searchsorted(limits, change, "right"), numpy.searchsorted(limits, change))
    members = {say(name): (before > 0) & (band == number) for number, (name, _) in enumerate(BANDS)}
    if (before <= 0).any():
        members[say("Fikk ingenting før")] = before <= 0
    users, hidden = last.value(USERS), [compared.hides(name, "enhet") for name in (USERS, GIVEN)]
    rows: list[list[Cell]] = []
    for name, mine in members.items():
        # with the units' own numbers beside it, the sum of the band would give the one back that is held back
        sums: list[Cell] = [
            None if held is not None and (held & mine).any() else float(of[mine].sum())
            for held, of in zip(hidden, (users, after - before), strict=True)
        ]
        rows.append([name, float(mine.sum()), *sums])
    heads = [
        *(Column(say("Endring i samlet tildeling"), width=32), Column(say("Enheter"), "count")),
        *(Column(say("Brukere"), "count"), Column(say("Kroner i alt"), "kr_change")),
    ]
    one, other = (run.version.title for run in (compared.runs[0], compared.runs[-1]))
    notes = [say("Fra «{title}» til «{title_2}».").format(title=one, title_2=other)]
    return Table(heads, rows, say("Hvem får mer, og hvem får mindre"), say("Vinnere og tapere"), "bands", notes)

"""What a report of a comparison opens with: its answer, and what that rests on."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from msgspec import structs

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.conclusions.shipped import tested
from openfisca_bergen_hbt.report.paper import Answer
from openfisca_bergen_hbt.report.parts.answer import answer, rests_on
from openfisca_bergen_hbt.report.parts.figures import groups
from openfisca_bergen_hbt.text.language import say, to_say

#: How many areas, or units, there is room for beside the answer; of more it is shown how many gain and lose.
ROOM = 8
WHERE = to_say("Tallene og tolkningene står i tabellene sist, hvert tall med kilden sin.")


def opening(compared: Comparison) -> Answer:
    """Return the answer of a comparison; where its last regulation is an earlier one with a proposal, of that."""
    effect = _of_proposals(compared)
    known = tested(compared) if effect is None or effect.runs == compared.runs else None
    found = answer(effect, known, compared) if effect else answer(compared, known)
    who_gains = "change" if len(groups(compared).names) <= ROOM else "bands"
    return structs.replace(found, rests_on=[*rests_on(compared), say(WHERE)], pictures=("ladder", who_gains))


def _of_proposals(compared: Comparison) -> Comparison | None:
    """Return the last regulation beside the same without its proposals; None where there are none, or it is not run."""
    last = compared.runs[-1]
    if not last.version.proposals:
        return None
    without = replace(last.version, proposals=())
    before = next((run for run in compared.runs if replace(without, id=run.version.id) == run.version), None)
    if before is None:
        return None
    found = copy(compared)
    found.runs = [before, last]
    return found

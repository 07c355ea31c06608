"""What the page shows of each scenario, and what its form offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace as copied
from typing import Any

from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.scenarios import Scenario
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.population import embedded
from openfisca_bergen_hbt.regelverk import FOUNDATION, applied_like_readings, decisions
from openfisca_bergen_hbt.report.paper import Paper
from openfisca_bergen_hbt.report.parts.rules_and_numbers import day_text
from openfisca_bergen_hbt.report.writing import written_rows
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import say
from openfisca_bergen_hbt.web.page import choice as choices
from openfisca_bergen_hbt.web.page.choice import Choice
from openfisca_bergen_hbt.web.page.scenarios.address import scenarios_in
from openfisca_bergen_hbt.web.page.scenarios.edits import shown


def shown_beside(choice: Choice, paper: Paper | None) -> dict[str, Any]:
    """Return what the templates show of each scenario, whether they could be run or not."""
    try:
        scenarios = scenarios_in(choice.scenarios)
    except ValueError:
        scenarios = []
    law = SYSTEMS.foundation()
    return {
        "cards": [_card(choice, scenarios, place, paper) for place in range(len(scenarios))],
        "query": choice.query(),
        "years": embedded.YEARS,
        "limits": choices.LIMITS,
        "choices_of_law": [(FOUNDATION, say("Grunnregelverket")), *((d.id(), say(d.title)) for d in decisions())],
        "in_force": in_force().title,
        "decisions": [(decision.id(), say(decision.title)) for decision in decisions()],
        "readings": [(one.id(), f"{one.replaces}: {say(one.title)}") for one in applied_like_readings().values()],
        "numbers": [
            (one.name, say(one.description)) for one in names.parameters(law.parameters) if _is_set_by_hand(one)
        ],
    }


def _is_set_by_hand(parameter: Any) -> bool:
    """Return whether a number is one to set: no published table, and none that follows from others."""
    return not parameter.name.startswith("kostra.") and "derived_from" not in parameter.metadata


def _card(choice: Choice, scenarios: Sequence[Scenario], place: int, paper: Paper | None) -> dict[str, Any]:
    """Return a scenario: what it comes to, what is in it, and the addresses of the page without it and against it."""
    scenario = scenarios[place]
    others = [text for number, text in enumerate(choice.scenarios) if number != place]
    against = choice.against if choice.against != scenario.name else ""
    first = choice.against or scenarios[0].name
    law = SYSTEMS.foundation()
    known = {parameter.name: parameter for parameter in names.parameters(law.parameters)}
    return {
        "scenario": scenario,
        "place": place,
        "is_first": place == next((number for number, one in enumerate(scenarios) if one.name == first), 0),
        "without": copied(choice, scenarios=others, against=against).query(),
        "against": copied(choice, against=scenario.name).query(),
        "proposals": [one if isinstance(one, str) else one.title for one in scenario.proposals],
        "changes": [
            {
                "label": say(known[change.parameter].description) if change.parameter in known else change.parameter,
                "parameter": change.parameter,
                "value": shown(change),
                "when": _when(change),
            }
            for change in scenario.changes
        ],
        "figures": list(_figures(paper, scenario.name)) if paper else [],
    }


def _when(change: Change) -> str:
    start = day_text(change.start.isoformat())
    if change.stop is None:
        return say("fra {start}").format(start=start)
    return say("fra {start} til {end}").format(start=start, end=day_text(change.stop.isoformat()))


def _figures(paper: Paper, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the totals of a scenario, each with its heading, and with what it differs by from the first."""
    totals, changes = paper.table("scenarios"), paper.table("changes")
    if not totals:  # what is published has none
        return
    of_all, apart = ({row[0]: row[1:] for row in written_rows(table)} if table else {} for table in (totals, changes))
    heads = [column.heading for column in totals.columns[1:]]
    if name in of_all:
        changed = [say("uendret") if change == "0" else change for change in apart.get(name, [""] * len(heads))]
        yield from zip(heads, of_all[name], changed, strict=True)

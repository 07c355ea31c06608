"""The log of decisions, and the life of a rule or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.history import Value
from openfisca_bergen_hbt.analysis.log import Life
from openfisca_bergen_hbt.regelverk import applied_like_readings
from openfisca_bergen_hbt.report.paper import Block, Paper, Section
from openfisca_bergen_hbt.report.parts.rules_and_numbers import amount, day_text, facts, facts_of_rule, facts_of_value
from openfisca_bergen_hbt.text.language import say, to_say

KINDS = {"lest": to_say("Lesning"), "med": to_say("Alternativ")}
PRECISIONS = {"month": to_say("måneden er kjent"), "day": to_say("dagen er kjent")}


def paper(life: Life) -> Paper:
    """Return the decisions in order, or the whole life of a rule or number."""
    return _decisions(life.stages) if life.name is None else _stages(life.name, life.stages)


def as_json(life: Life) -> list[dict[str, Any]]:
    """Return the decisions or stages as JSON holds them."""
    return [asdict(stage) for stage in life.stages]


def _decisions(decided: Sequence[Any]) -> Paper:
    """Return the decisions in order."""
    blocks = []
    for number, decision in enumerate(decided, start=1):
        hinges = [
            say("{name} (fra {days})").format(name=name, days=", ".join(map(day_text, starts)))
            for name, starts in decision.re_points.items()
        ]
        rows = [
            ("id", decision.id),
            (say("besluttet av"), say(decision.decided_by)),
            (say("vedtatt"), f"{decision.adopted} ({say(PRECISIONS[decision.adopted_precision])})"),
            (say("i kraft"), day_text(decision.in_force)),
            (say("endrer"), "\n".join(hinges)),
            (say("kilde"), decision.reference),
        ]
        blocks.append(facts(rows, f"{number}. {say(decision.title)}"))
    for reading in applied_like_readings().values():
        rows = [
            ("id", reading.id()),
            (say("i stedet for"), reading.replaces),
            (say("for"), say(reading.case_for)),
            (say("mot"), say(reading.case_against)),
            (say("kilde"), reading.reference),
        ]
        blocks.append(facts(rows, f"{say(KINDS[reading.said_as])}: {say(reading.title)}"))
    return Paper(say("Vedtakene i rekkefølge, og andre måter å lese dem på"), [Section(blocks)])


def _stages(name: str, stages: Sequence[Any]) -> Paper:
    """Return the whole life of a variable or a parameter."""
    blocks: list[Block] = []
    for stage in stages:
        start = day_text(stage.start)
        if isinstance(stage, Value):
            blocks.append(facts_of_value(stage, say("Fra {start}: {amount}").format(start=start, amount=amount(stage))))
        else:
            title = say("Fra {start}: {label}").format(start=start, label=say(stage.label))
            blocks += facts_of_rule(stage, title)
    return Paper(name, [Section(blocks)])

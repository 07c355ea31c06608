"""The log of decisions, and the life of a rule or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.history import Value
from openfisca_bergen_hbt.analysis.log import Life
from openfisca_bergen_hbt.regelverk import applied_like_readings
from openfisca_bergen_hbt.report.paper import Block, Paper, Section
from openfisca_bergen_hbt.report.parts.rules_and_numbers import (
    amount,
    day_text,
    facts,
    facts_of_rule,
    facts_of_value,
)

KINDS = {"lest": "Lesning", "med": "Alternativ"}
PRECISIONS = {"month": "måneden er kjent", "day": "dagen er kjent"}


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
        hinges = [f"{name} (fra {', '.join(map(day_text, starts))})" for name, starts in decision.re_points.items()]
        rows = [
            ("id", decision.id),
            ("besluttet av", decision.decided_by),
            ("vedtatt", f"{decision.adopted} ({PRECISIONS[decision.adopted_precision]})"),
            ("i kraft", day_text(decision.in_force)),
            ("endrer", "\n".join(hinges)),
            ("kilde", decision.reference),
        ]
        blocks.append(facts(rows, f"{number}. {decision.title}"))
    for reading in applied_like_readings().values():
        rows = [
            ("id", reading.id()),
            ("i stedet for", reading.replaces),
            ("for", reading.case_for),
            ("mot", reading.case_against),
            ("kilde", reading.reference),
        ]
        blocks.append(facts(rows, f"{KINDS[reading.said_as]}: {reading.title}"))
    return Paper("Vedtakene i rekkefølge, og andre måter å lese dem på", [Section(blocks)])


def _stages(name: str, stages: Sequence[Any]) -> Paper:
    """Return the whole life of a variable or a parameter."""
    blocks: list[Block] = []
    for stage in stages:
        if isinstance(stage, Value):
            blocks.append(facts_of_value(stage, f"Fra {day_text(stage.start)}: {amount(stage)}"))
        else:
            blocks += facts_of_rule(stage, f"Fra {day_text(stage.start)}: {stage.label}")
    return Paper(name, [Section(blocks)])

"""The regulation in force on a day, or one rule or number of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from openfisca_bergen_hbt.analysis.history import Rule, Standpoint, Value
from openfisca_bergen_hbt.analysis.show import Shown
from openfisca_bergen_hbt.report.paper import Block, Code, Column, Heading, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.report.parts.rules_and_numbers import (
    BASES,
    amount,
    day_text,
    facts_of_rule,
    facts_of_value,
    places,
    value_range,
)
from openfisca_bergen_hbt.text.language import say


def paper(shown: Shown) -> Paper:
    """Return a version of the regulation, or the one thing that is asked for, as a paper."""
    if shown.name:
        return _one(shown.at.day, shown.one, shown.name, shown.reads.get(shown.name, []))
    return _everything(shown.at, shown.values, shown.rules, shown.reads)


def as_json(shown: Shown) -> dict[str, Any]:
    """Return the same as JSON holds it."""
    day = shown.at.day.isoformat()
    if shown.name:
        found = shown.one
        return {"date": day, "found": asdict(found) if found else None, "reads": shown.reads.get(shown.name, [])}
    return {
        "date": day,
        "decisions": [decision.id() for decision in shown.at.version.decisions],
        "parameters": [asdict(value) for value in shown.values],
        "rules": [{**asdict(rule), "reads": shown.reads.get(rule.variable, [])} for rule in shown.rules],
    }


def _everything(
    at: Standpoint, values: Sequence[Value], rules: Sequence[Rule], reads: Mapping[str, list[str]]
) -> Paper:
    """Return a version of the regulation: each parameter's value, each rule and what it reads."""
    contained = ", ".join(decision.id() for decision in at.version.decisions) or say("ingen vedtak")
    heads = [
        *(Column(say("parameter og kilde")), Column(say("verdi"), "number")),
        *map(Column, (say("fra"), say("grunnlag"), say("spenn"))),
    ]
    blocks: list[Block] = [
        Paragraph(say("Grunnregelverket med {contained}.").format(contained=contained)),
        Table(heads, list(map(_row, values)), say("Parametere")),
        Heading(say("Regler")),
    ]
    named = say("{variable}: {label} (fra {start}, {decision})")
    for rule in rules:
        about = {"label": say(rule.label), "start": day_text(rule.start), "decision": rule.decision}
        blocks += [Paragraph(named.format(variable=rule.variable, **about)), Code(rule.source)]
        if reads.get(rule.variable):
            blocks.append(Paragraph(say("Leser {reads}.").format(reads=", ".join(reads[rule.variable]))))
    title = say("Regelverket slik det gjelder {day}").format(day=day_text(at.day.isoformat()))
    return Paper(title, [Section(blocks)])


def _row(value: Value) -> list[str]:
    name = f"{value.parameter}\n{places(value.reference)}"
    basis = " ".join(filter(None, [say(BASES.get(value.basis, value.basis)), value.interpretation]))
    return [name, amount(value), day_text(value.start), basis, value_range(value)]


def _one(day: date, found: Value | Rule | None, name: str, reads: Sequence[str]) -> Paper:
    """Return one parameter or rule as it stands on a day."""
    blocks: list[Block] = [Paragraph(say("Gjelder ikke denne dagen."))]
    if isinstance(found, Value):
        said = say("{amount} fra {start}").format(amount=amount(found), start=day_text(found.start))
        blocks = [Paragraph(said), facts_of_value(found)]
    elif found:
        said = say("{label}, fra {start}").format(label=say(found.label), start=day_text(found.start))
        blocks = [Paragraph(said), *facts_of_rule(found, reads=reads)]
    title = say("{name} slik det gjelder {day}").format(name=name, day=day_text(day.isoformat()))
    return Paper(title, [Section(blocks)])

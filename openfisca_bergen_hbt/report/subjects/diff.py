"""Two versions of the regulation, and what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.diff import Differing
from openfisca_bergen_hbt.analysis.history import Difference, Rule, Value
from openfisca_bergen_hbt.report.paper import Block, Column, Heading, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.report.parts.rules_and_numbers import amount, day_text
from openfisca_bergen_hbt.text.language import say


def paper(differing: Differing) -> Paper:
    """Return what differs between two versions."""
    one_at, other, found = differing.one, differing.other, differing.found
    heads = [f"{at.version.id} ({day_text(at.day.isoformat())})" for at in (one_at, other)]
    decided = [(decision.adopted, decision.id, say(decision.title)) for decision in found.decisions]
    values = [(name, amount(before), amount(after)) for name, before, after in found.values]
    both = [(name, before, after) for name, before, after in found.rules if before and after]
    numbers = [Column(say("parameter")), *(Column(head, "number") for head in heads)]
    blocks = _listed(say("Vedtakene imellom"), [Column(say("vedtatt")), Column("id"), Column(say("vedtak"))], decided)
    blocks += [*_listed(say("Verdier som er ulike"), numbers, values), Heading(say("Regler som er ulike"))]
    blocks += [
        Table([Column(f"{name}: {heads[0]}"), Column(heads[1])], [(_source(before), _source(after))])
        for name, before, after in both
    ] or [Paragraph(say("Ingen."))]
    for head, missing in ((heads[1], 1), (heads[0], 2)):
        only = [row[0] for row in found.rules if row[missing] is None]
        if only:
            blocks += [Heading(say("Regler som bare gjelder {head}").format(head=head)), Paragraph(", ".join(only))]
    return Paper(say("{one} mot {other}").format(one=heads[0], other=heads[1]), [Section(blocks)])


def _listed(title: str, columns: Sequence[Column], rows: Sequence[tuple[str, ...]]) -> list[Block]:
    """Return a table, or that there is nothing to list."""
    return [Table(columns, rows, title)] if rows else [Heading(title), Paragraph(say("Ingen."))]


def _source(rule: Rule) -> str:
    return f"{rule.decision}\n{rule.source}"


def as_json(differing: Differing) -> dict[str, Any]:
    """Return what differs as JSON holds it."""
    return {
        "a": {"id": differing.one.version.id, "date": differing.one.day.isoformat()},
        "b": {"id": differing.other.version.id, "date": differing.other.day.isoformat()},
        **difference_as_json(differing.found),
    }


def difference_as_json(found: Difference) -> dict[str, Any]:
    """Return the decisions between two versions, and the values and rules that differ, as JSON holds them."""
    return {
        "decisions": [asdict(row) for row in found.decisions],
        "values": [{"parameter": name, "a": _dict(a), "b": _dict(b)} for name, a, b in found.values],
        "rules": [{"variable": name, "a": _dict(a), "b": _dict(b)} for name, a, b in found.rules],
    }


def _dict(found: Value | Rule | None) -> dict[str, Any] | None:
    return asdict(found) if found else None

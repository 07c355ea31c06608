"""The log of decisions, the life of a rule or number, a version of the regulation, and two compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.history import BEGINNING, Decision, Difference, Rule, Standpoint, Value
from openfisca_bergen_hbt.report.paper import Block, Code, Column, Heading, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.text.numbers import decimals

BASES = {
    "adopted": "vedtatt",
    "published": "publisert",
    "derived": "avledet",
    "assumption": "antatt",
    "proposal": "forslag",
}
PRECISIONS = {"month": "måneden er kjent", "day": "dagen er kjent"}


def day_text(day: str) -> str:
    """Write an ISO date as Norwegians do."""
    if day == BEGINNING:
        return "alltid"
    year, month, number = day.split("-")
    return f"{int(number)}.{int(month)}.{year}"


def log(decided: Sequence[Decision]) -> Paper:
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
        blocks.append(_facts(rows, f"{number}. {decision.title}"))
    return Paper("Vedtakene i rekkefølge", [Section(blocks)])


def _facts(rows: Sequence[tuple[str, str]], title: str = "") -> Table:
    """Return facts with a name each; those that are not known are left out."""
    return Table([Column(""), Column("")], [row for row in rows if row[1]], title)


def life(name: str, stages: Sequence[Rule] | Sequence[Value]) -> Paper:
    """Return the whole life of a variable or a parameter."""
    blocks: list[Block] = []
    for stage in stages:
        if isinstance(stage, Value):
            blocks.append(_facts_of_value(stage, f"Fra {day_text(stage.start)}: {amount(stage)}"))
        else:
            blocks += _facts_of_rule(stage, f"Fra {day_text(stage.start)}: {stage.label}")
    return Paper(name, [Section(blocks)])


def amount(value: Value | None) -> str:
    """Write a value with its unit."""
    if value is None or value.value is None:
        return "–"
    return f"{decimals(value.value)} {data.units()[value.unit]['label']}"


def _range(value: Value) -> str:
    return "–".join(map(decimals, value.range)) if value.range else ""


def _facts_of_value(value: Value, title: str = "") -> Table:
    rows = [
        ("hva", value.description),
        ("grunnlag", BASES.get(value.basis, value.basis)),
        ("spenn", _range(value)),
        ("tolkning", value.interpretation or ""),
        ("vedtak", value.decision),
        ("kilde", "\n".join(f"{reference['title']}: {reference['place']}" for reference in value.reference)),
    ]
    return _facts(rows, title)


def _facts_of_rule(rule: Rule, title: str = "", reads: Sequence[str] = ()) -> list[Block]:
    rows = [
        ("hva", rule.documentation),
        ("enhet", data.units()[rule.unit]["label"]),
        ("vedtak", rule.decision),
        ("kilde", "\n".join(rule.reference)),
        ("leser", "\n".join(reads)),
    ]
    return [_facts(rows, title), Code(rule.source) if rule.source else Paragraph("Inndata: ingen formel.")]


def version(at: Standpoint, values: Sequence[Value], rules: Sequence[Rule], reads: Mapping[str, list[str]]) -> Paper:
    """Return a version of the regulation: each parameter's value, each rule and what it reads."""
    contained = ", ".join(decision.id() for decision in at.version.decisions) or "ingen vedtak"
    columns = [Column("parameter og kilde"), Column("verdi", "number"), *map(Column, ("fra", "grunnlag", "spenn"))]
    blocks: list[Block] = [
        Paragraph(f"Grunnregelverket med {contained}."),
        Table(columns, list(map(_parameter, values)), "Parametere"),
        Heading("Regler"),
    ]
    for rule in rules:
        blocks.append(Paragraph(f"{rule.variable}: {rule.label} (fra {day_text(rule.start)}, {rule.decision})"))
        blocks.append(Code(rule.source))
        if reads.get(rule.variable):
            blocks.append(Paragraph(f"Leser {', '.join(reads[rule.variable])}."))
    return Paper(f"Regelverket slik det gjelder {day_text(at.day.isoformat())}", [Section(blocks)])


def _parameter(value: Value) -> tuple[str, ...]:
    """Return the row of a parameter's value."""
    places = "; ".join(reference["place"] for reference in value.reference)
    basis = " ".join(filter(None, [BASES.get(value.basis, value.basis), value.interpretation]))
    return (f"{value.parameter}\n{places}", amount(value), day_text(value.start), basis, _range(value))


def one(day: date, found: Value | Rule | None, name: str, reads: Sequence[str]) -> Paper:
    """Return one parameter or rule as it stands on a day."""
    blocks: list[Block] = [Paragraph("Gjelder ikke denne dagen.")]
    if isinstance(found, Value):
        blocks = [Paragraph(f"{amount(found)} fra {day_text(found.start)}"), _facts_of_value(found)]
    elif found:
        blocks = [Paragraph(f"{found.label}, fra {day_text(found.start)}"), *_facts_of_rule(found, reads=reads)]
    return Paper(f"{name} slik det gjelder {day_text(day.isoformat())}", [Section(blocks)])


def diff(one_at: Standpoint, other: Standpoint, found: Difference) -> Paper:
    """Return what differs between two versions."""
    heads = [f"{at.version.id} ({day_text(at.day.isoformat())})" for at in (one_at, other)]
    decided = [(decision.adopted, decision.id, decision.title) for decision in found.decisions]
    values = [(name, amount(before), amount(after)) for name, before, after in found.values]
    both = [(name, before, after) for name, before, after in found.rules if before and after]
    numbers = [Column("parameter"), *(Column(head, "number") for head in heads)]
    blocks = _listed("Vedtakene imellom", [Column("vedtatt"), Column("id"), Column("vedtak")], decided)
    blocks += [*_listed("Verdier som er ulike", numbers, values), Heading("Regler som er ulike")]
    blocks += [
        Table([Column(f"{name}: {heads[0]}"), Column(heads[1])], [(_source(before), _source(after))])
        for name, before, after in both
    ] or [Paragraph("Ingen.")]
    for head, missing in ((heads[1], 1), (heads[0], 2)):
        only = [row[0] for row in found.rules if row[missing] is None]
        if only:
            blocks += [Heading(f"Regler som bare gjelder {head}"), Paragraph(", ".join(only))]
    return Paper(f"{heads[0]} mot {heads[1]}", [Section(blocks)])


def _listed(title: str, columns: Sequence[Column], rows: Sequence[tuple[str, ...]]) -> list[Block]:
    """Return a table, or that there is nothing to list."""
    return [Table(columns, rows, title)] if rows else [Heading(title), Paragraph("Ingen.")]


def _source(rule: Rule) -> str:
    return f"{rule.decision}\n{rule.source}"

"""The log of decisions, the life of a rule or number, a version of the regulation, and two compared: as documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.history import BEGINNING, Decision, Difference, Rule, Standpoint, Value
from openfisca_bergen_hbt.report.document import Block, Code, Document, Heading, Paragraph, Table
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


def log(decided: Sequence[Decision]) -> Document:
    """Return the decisions in order."""
    blocks: list[Block] = []
    for number, decision in enumerate(decided, start=1):
        blocks.append(Heading(f"{number}. {decision.title}"))
        hinges = [f"{name} (fra {', '.join(map(day_text, starts))})" for name, starts in decision.re_points.items()]
        rows = [
            ("id", decision.id),
            ("besluttet av", decision.decided_by),
            ("vedtatt", f"{decision.adopted} ({PRECISIONS[decision.adopted_precision]})"),
            ("i kraft", day_text(decision.in_force)),
            ("endrer", "\n".join(hinges)),
            ("kilde", decision.reference),
        ]
        blocks.append(Table(("", ""), rows))
    return Document("Vedtakene i rekkefølge", blocks)


def life(name: str, stages: Sequence[Rule] | Sequence[Value]) -> Document:
    """Return the whole life of a variable or a parameter."""
    blocks: list[Block] = []
    for stage in stages:
        if isinstance(stage, Value):
            blocks += [Heading(f"Fra {day_text(stage.start)}: {amount(stage)}"), _facts_of_value(stage)]
        else:
            blocks += [Heading(f"Fra {day_text(stage.start)}: {stage.label}"), *_facts_of_rule(stage)]
    return Document(name, blocks)


def amount(value: Value | None) -> str:
    """Write a value with its unit."""
    if value is None or value.value is None:
        return "–"
    return f"{decimals(value.value)} {data.units()[value.unit]['label']}"


def _range(value: Value) -> str:
    return "–".join(map(decimals, value.range)) if value.range else ""


def _sources(value: Value) -> str:
    return "\n".join(f"{reference['title']}: {reference['place']}" for reference in value.reference)


def _facts_of_value(value: Value) -> Table:
    rows = [
        ("hva", value.description),
        ("grunnlag", BASES.get(value.basis, value.basis)),
        ("spenn", _range(value)),
        ("tolkning", value.interpretation or ""),
        ("vedtak", value.decision),
        ("kilde", _sources(value)),
    ]
    return Table(("", ""), [row for row in rows if row[1]])


def _facts_of_rule(rule: Rule, reads: Sequence[str] = ()) -> list[Block]:
    rows = [
        ("hva", rule.documentation),
        ("enhet", data.units()[rule.unit]["label"]),
        ("vedtak", rule.decision),
        ("kilde", "\n".join(rule.reference)),
        ("leser", "\n".join(reads)),
    ]
    blocks: list[Block] = [Table(("", ""), [row for row in rows if row[1]])]
    return [*blocks, Code(rule.source)] if rule.source else [*blocks, Paragraph("Inndata: ingen formel.")]


def version(at: Standpoint, values: Sequence[Value], rules: Sequence[Rule], reads: Mapping[str, list[str]]) -> Document:
    """Return a version of the regulation: each parameter's value, each rule and what it reads."""
    contained = ", ".join(decision.id() for decision in at.version.decisions) or "ingen vedtak"
    blocks: list[Block] = [
        Paragraph(f"Grunnregelverket med {contained}."),
        Heading("Parametere"),
        Table(
            ("parameter og kilde", "verdi", "fra", "grunnlag", "spenn"),
            [
                (
                    f"{value.parameter}\n{_place(value)}",
                    amount(value),
                    day_text(value.start),
                    _basis(value),
                    _range(value),
                )
                for value in values
            ],
            numeric=(1,),
        ),
        Heading("Regler"),
    ]
    for rule in rules:
        blocks.append(Paragraph(f"{rule.variable}: {rule.label} (fra {day_text(rule.start)}, {rule.decision})"))
        blocks.append(Code(rule.source))
        if reads.get(rule.variable):
            blocks.append(Paragraph(f"Leser {', '.join(reads[rule.variable])}."))
    return Document(f"Regelverket slik det gjelder {day_text(at.day.isoformat())}", blocks)


def _basis(value: Value) -> str:
    return " ".join(filter(None, [BASES.get(value.basis, value.basis), value.interpretation]))


def _place(value: Value) -> str:
    return "; ".join(reference["place"] for reference in value.reference)


def one(day: date, found: Value | Rule | None, name: str, reads: Sequence[str]) -> Document:
    """Return one parameter or rule as it stands on a day."""
    title = f"{name} slik det gjelder {day_text(day.isoformat())}"
    if found is None:
        return Document(title, [Paragraph("Gjelder ikke denne dagen.")])
    if isinstance(found, Value):
        return Document(title, [Paragraph(f"{amount(found)} fra {day_text(found.start)}"), _facts_of_value(found)])
    return Document(title, [Paragraph(f"{found.label}, fra {day_text(found.start)}"), *_facts_of_rule(found, reads)])


def diff(one_at: Standpoint, other: Standpoint, found: Difference) -> Document:
    """Return what differs between two versions."""
    names = (f"{at.version.id} ({day_text(at.day.isoformat())})" for at in (one_at, other))
    heads = tuple(names)
    blocks: list[Block] = [Heading("Vedtakene imellom")]
    if found.decisions:
        rows = [(decision.adopted, decision.id, decision.title) for decision in found.decisions]
        blocks.append(Table(("vedtatt", "id", "vedtak"), rows))
    else:
        blocks.append(Paragraph("Ingen."))
    blocks.append(Heading("Verdier som er ulike"))
    if found.values:
        rows = [(name, amount(before), amount(after)) for name, before, after in found.values]
        blocks.append(Table(("parameter", *heads), rows, numeric=(1, 2)))
    else:
        blocks.append(Paragraph("Ingen."))
    blocks.append(Heading("Regler som er ulike"))
    both = [(name, before, after) for name, before, after in found.rules if before and after]
    for name, before, after in both:
        blocks.append(Table((f"{name}: {heads[0]}", heads[1]), [(_source(before), _source(after))]))
    if not both:
        blocks.append(Paragraph("Ingen."))
    for head, missing in ((heads[1], 1), (heads[0], 2)):
        only = [row[0] for row in found.rules if row[missing] is None]
        if only:
            blocks += [Heading(f"Regler som bare gjelder {head}"), Paragraph(", ".join(only))]
    return Document(f"{heads[0]} mot {heads[1]}", blocks)


def _source(rule: Rule) -> str:
    return f"{rule.decision}\n{rule.source}"

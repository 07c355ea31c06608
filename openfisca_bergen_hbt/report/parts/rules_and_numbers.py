"""Rules and numbers in words: what a value is, on what basis, since when, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.history import BEGINNING, Rule, Value
from openfisca_bergen_hbt.report.paper import Block, Code, Column, Paragraph, Table
from openfisca_bergen_hbt.text.language import ENGLISH, say, spoken, to_say
from openfisca_bergen_hbt.text.numbers import date_text, decimals

BASES = {
    "adopted": to_say("vedtatt"),
    "published": to_say("publisert"),
    "derived": to_say("avledet"),
    "assumption": to_say("antatt"),
    "proposal": to_say("forslag"),
}


def day_text(day: str) -> str:
    """Write an ISO date as those do whose language is spoken."""
    if day == BEGINNING:
        return say("alltid")
    if spoken() == ENGLISH:
        return date_text(date.fromisoformat(day))
    year, month, number = day.split("-")
    return f"{int(number)}.{int(month)}.{year}"


def facts(rows: Sequence[tuple[str, str]], title: str = "") -> Table:
    """Return facts with a name each; those that are not known are left out."""
    return Table([Column(""), Column("")], [row for row in rows if row[1]], title)


def amount(value: Value | None) -> str:
    """Write a value with its unit."""
    if value is None or value.value is None:
        return "–"
    return f"{decimals(value.value)} {say(data.unit(value.unit)['label'])}"


def value_range(value: Value) -> str:
    """Write the range that a value is meant to lie in."""
    return "–".join(map(decimals, value.range)) if value.range else ""


def places(reference: Sequence[Mapping[str, str]]) -> str:
    """Write the places that a number stands in."""
    return "; ".join(found["place"] for found in reference)


def facts_of_value(value: Value, title: str = "") -> Table:
    """Return where a value comes from."""
    rows = [
        (say("hva"), say(value.description)),
        (say("grunnlag"), say(BASES.get(value.basis, value.basis))),
        (say("spenn"), value_range(value)),
        (say("tolkning"), value.interpretation or ""),
        (say("vedtak"), value.decision),
        (say("kilde"), "\n".join(f"{found['title']}: {found['place']}" for found in value.reference)),
    ]
    return facts(rows, title)


def facts_of_rule(rule: Rule, title: str = "", reads: Sequence[str] = ()) -> list[Block]:
    """Return where a rule comes from, and its formula."""
    rows = [
        (say("hva"), rule.documentation),
        (say("enhet"), say(data.unit(rule.unit)["label"])),
        (say("vedtak"), rule.decision),
        (say("kilde"), "\n".join(rule.reference)),
        (say("leser"), "\n".join(reads)),
    ]
    return [facts(rows, title), Code(rule.source) if rule.source else Paragraph(say("Inndata: ingen formel."))]

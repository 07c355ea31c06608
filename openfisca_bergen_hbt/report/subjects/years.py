"""Each year under its own law, in words and tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from openfisca_bergen_hbt.analysis.years import AMOUNTS, Effect, Years
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table
from openfisca_bergen_hbt.report.parts.figures import NO_AMOUNT, NO_FRAME
from openfisca_bergen_hbt.text import numbers

HEADS = ("Aktiviteten koster", "Ramme i alt", "Delt ut", "Igjen sentralt")
#: What stands beside the figures of a year whose users are those of an earlier one.
CARRIED = "brukerne fra 2019, ført videre (T-25)"
PRICE = "Ramme og timepris er utledet av 2019 og brukt uendret i de andre årene, i nominelle kroner (T-21)."


def paper(found: Years) -> Paper:
    """Return the years, a row each, and what the decisions of each day changed in their own year."""
    return Paper(
        f"Hvert år under sin egen lov, {found.years[0].year} til {found.years[-1].year}",
        [
            Section([_years(found)], "aar", "År for år"),
            Section([_effects(found)], "virkninger", "Vedtakene i sitt eget år"),
        ],
        about=[("Befolkning", found.description)],
        notes=[PRICE],
    )


def as_json(found: Years) -> dict[str, Any]:
    """Return the years as JSON holds them."""
    content: dict[str, Any] = msgspec.to_builtins(asdict(found))
    return content


def _years(found: Years) -> Table:
    rows: list[list[Cell]] = [
        [
            str(one.year),
            *(float(one.amounts[name]) for name in AMOUNTS),
            NO_FRAME if one.overspend is None else float(one.overspend),
            CARRIED if one.carried_forward else "",
        ]
        for one in found.years
    ]
    heads = [Column("År"), *(Column(heading, "kr") for heading in (*HEADS, "Merforbruk")), Column("Merknad", width=40)]
    return Table(heads, rows, "Hvert år under sin egen lov", "År", "years")


def _effects(found: Years) -> Table:
    titles = {decision.id(): decision.short_title for decision in decisions()}
    rows: list[list[Cell]] = [
        [
            str(one.year),
            numbers.date_text(effect.day),
            " og ".join(titles[name] for name in effect.decisions),
            *(float(effect.changes[name]) for name in AMOUNTS),
            _said(effect),
        ]
        for one in found.years
        for effect in one.effects
    ]
    changes = (Column(heading, "kr_change") for heading in HEADS)
    heads = [Column("År"), Column("Fra"), Column("Vedtak", width=50), *changes, Column("Merknad", width=30)]
    note = "Året med vedtakene fra dagen, minus samme år uten dem. Vedtak fra samme dag virker sammen (T-26)."
    return Table(heads, rows, "Hva vedtakene endret i året de fikk virkning", "Virkninger", "effects", [note])


def _said(effect: Effect) -> str:
    """Return why nothing changed; an empty text where something did."""
    if any(effect.changes.values()):
        return ""
    return f"virker på pengene fra {effect.acts_from}" if effect.acts_from else NO_AMOUNT

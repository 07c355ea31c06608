"""Rival readings beside the law in force, in words and tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.readings import HEADLINES, Read, Readings
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table

HEADS = ("Delt ut", "Igjen sentralt", "Igjen av reserven", "Udekket over 80", "Merforbruk")
NO_VOTES = "Lesningene er ikke like sannsynlige, og er ingen stemmer: de er navngitt, ikke talt opp."


def paper(found: Readings) -> Paper:
    """Return what readings do to the figures and to each unit, and which statements they overturn."""
    return Paper(
        f"Regelverket lest på andre måter, {found.year}",
        [
            Section([_statements(found)], "utsagn", "Hvilke utsagn som holder"),
            Section([_headlines(found)], "tall", "Hva hver lesning gjør med tallene"),
            Section([_units(found)], "enheter", "Hva hver lesning gjør med hver enhet"),
        ],
        notes=[NO_VOTES],
    )


def as_json(found: Readings) -> dict[str, Any]:
    """Return every reading, and every pair, as JSON holds it, with what overturns each statement."""
    overturned = {unit: [list(some) for some in found.overturning(unit)] for unit in found.law.given}
    return {**asdict(found), "overturned_by": overturned}


def _statements(found: Readings) -> Table:
    words = {1: "får mer", -1: "får mindre", 0: "får det samme"}
    rows: list[list[Cell]] = [
        [
            f"{unit} {words[found.law.gains(unit)]} enn i grunnregelverket",
            "; ".join(" + ".join(map(_short, some)) for some in found.overturning(unit)) or "ingen av lesningene",
        ]
        for unit in found.law.before
    ]
    heads = [Column("Utsagn", width=60), Column("Snus av", width=80)]
    note = "Der to lesninger må til, står de med +; det som følger av færre, er ikke gjentatt."
    return Table(heads, rows, "Utsagn, og lesningene som snur dem", "Utsagn", "statements", [note])


def _short(name: str) -> str:
    return name.removeprefix("lesning_")


def _named(one: Read) -> str:
    return " + ".join(map(_short, one.readings)) or "regelverket slik det er lest"


def _singles(found: Readings) -> list[Read]:
    return [found.law, *(one for one in found.read if len(one.readings) == 1)]


def _headlines(found: Readings) -> Table:
    rows: list[list[Cell]] = [
        [_named(one), *(float(one.headlines[name]) for name in HEADLINES)] for one in _singles(found)
    ]
    heads = [Column("Lesning", width=40), *(Column(heading, "kr") for heading in HEADS)]
    return Table(heads, rows, "Tallene under hver lesning", "Tall", "headlines", ["Kroner for alle etater."])


def _units(found: Readings) -> Table:
    units = list(found.law.given)
    rows: list[list[Cell]] = [
        [_named(one), *(float(one.given[unit] - found.law.given[unit]) for unit in units)]
        for one in _singles(found)[1:]
    ]
    heads = [Column("Lesning", width=40), *(Column(unit, "kr_change") for unit in units)]
    note = "Endring fra regelverket slik det er lest. Parene står i JSON."
    return Table(heads, rows, "Endring for hver enhet", "Enheter", "units", [note])

"""Rival readings beside the law in force, in words and tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from openfisca_bergen_hbt.analysis.readings import HEADLINES, Read, Readings
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table
from openfisca_bergen_hbt.report.parts.statements import short_reading
from openfisca_bergen_hbt.text.language import say, to_say

HEADS = (
    to_say("Delt ut"),
    to_say("Igjen sentralt"),
    to_say("Igjen av reserven"),
    to_say("Udekket over 80"),
    to_say("Merforbruk"),
)
NO_VOTES = to_say("Lesningene er ikke like sannsynlige, og er ingen stemmer: de er navngitt, ikke talt opp.")


def paper(found: Readings) -> Paper:
    """Return what readings do to the figures and to each unit, and which statements they overturn."""
    return Paper(
        say("Regelverket lest på andre måter, {year}").format(year=found.year),
        [
            Section([_statements(found)], "utsagn", say("Hvilke utsagn som holder")),
            Section([_headlines(found)], "tall", say("Hva hver lesning gjør med tallene")),
            Section([_units(found)], "enheter", say("Hva hver lesning gjør med hver enhet")),
        ],
        notes=[say(NO_VOTES)],
    )


def as_json(found: Readings) -> dict[str, Any]:
    """Return every reading, and every pair, as JSON holds it, with what overturns each statement."""
    overturned = {unit: [list(some) for some in found.overturning(unit)] for unit in found.law.given}
    return {**asdict(found), "overturned_by": overturned}


def _statements(found: Readings) -> Table:
    words = {
        1: say("{unit} får mer enn i grunnregelverket"),
        -1: say("{unit} får mindre enn i grunnregelverket"),
        0: say("{unit} får det samme som i grunnregelverket"),
    }
    rows: list[list[Cell]] = []
    for unit in found.law.before:
        overturning = "; ".join(" + ".join(map(short_reading, some)) for some in found.overturning(unit))
        rows.append([words[found.law.gains(unit)].format(unit=unit), overturning or say("ingen av lesningene")])
    heads = [Column(say("Utsagn"), width=60), Column(say("Snus av"), width=80)]
    note = say("Der to lesninger må til, står de med +; det som følger av færre, er ikke gjentatt.")
    return Table(heads, rows, say("Utsagn, og lesningene som snur dem"), say("Utsagn"), "statements", [note])


def _named(one: Read) -> str:
    return " + ".join(map(short_reading, one.readings)) or say("regelverket slik det er lest")


def _singles(found: Readings) -> list[Read]:
    return [found.law, *(one for one in found.read if len(one.readings) == 1)]


def _headlines(found: Readings) -> Table:
    rows: list[list[Cell]] = [
        [_named(one), *(float(one.headlines[name]) for name in HEADLINES)] for one in _singles(found)
    ]
    heads = [Column(say("Lesning"), width=40), *(Column(say(heading), "kr") for heading in HEADS)]
    return Table(
        heads, rows, say("Tallene under hver lesning"), say("Tall"), "headlines", [say("Kroner for alle etater.")]
    )


def _units(found: Readings) -> Table:
    units = list(found.law.given)
    rows: list[list[Cell]] = [
        [_named(one), *(float(one.given[unit] - found.law.given[unit]) for unit in units)]
        for one in _singles(found)[1:]
    ]
    heads = [Column(say("Lesning"), width=40), *(Column(unit, "kr_change") for unit in units)]
    note = say("Endring fra regelverket slik det er lest. Parene står i JSON.")
    return Table(heads, rows, say("Endring for hver enhet"), say("Enheter"), "units", [note])

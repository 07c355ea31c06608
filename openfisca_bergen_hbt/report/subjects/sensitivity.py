"""How sure the conclusions are, in words and tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import msgspec
import numpy

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import SEED
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.sensitivity import Band, Sensitivity
from openfisca_bergen_hbt.analysis.shown import CHANGE, CHANGE_SHARE, OF_ALL, USERS
from openfisca_bergen_hbt.report.paper import Cell, Column, Lines, Paper, Section, Table, Tidy, from_to, made
from openfisca_bergen_hbt.report.parts.figures import HEADED, called
from openfisca_bergen_hbt.report.parts.statements import marked, table
from openfisca_bergen_hbt.report.parts.sureness import BANDED, CERTAIN, JUDGED, interrupted, is_still, matrix, units
from openfisca_bergen_hbt.text.language import say, to_say

#: What is said where units times draws are more than all figures of units are kept of.
LEFT_OUT = to_say(
    "Av enhetene er det bare kroner som står her: de er for mange til at resten er tatt vare på i hver trekning."
)
#: What the values of each kind are in.
UNITS = {"kr": "kr", "kr_change": "kr", "hours": to_say("timer"), "count": to_say("brukere"), "ore": "kr"}
#: What a number moves at the low end of its range, and at the high.
ENDS = (to_say("Ved fra"), to_say("Ved til"))


def paper(found: Sensitivity) -> Paper:
    """Return which conclusions survive, the bands, and what each number does alone."""
    said = table(found.statements, found.first, found.last)
    return Paper(
        say("Hvor sikkert er det? Forutsetninger og lesninger, {year}").format(year=found.year),
        [
            Section(made(said, matrix(found)), "utsagn", say("Hvilke utsagn som står seg")),
            Section(made(units(found), _bands(found), _of_last(found)), "spenn", say("Hvor langt tallene rekker")),
            Section([_numbers(found), _tornado(found), _of_units(found)], "ett-tall", say("Ett tall om gangen")),
        ],
        list(_headlines(found)),
        notes=[say(JUDGED), *_notes(found)],
    )


def _figure() -> list[Column]:
    """Return the columns of a figure and its band."""
    return [
        *(Column(say("Tall")), Column(say("For"))),
        *(Column(say("Slik tallene er"), "kr"), *from_to("kr")),
        Column(say("I"), width=10),
    ]


def as_json(found: Sensitivity) -> dict[str, Any]:
    """Return what was found as JSON holds it; every draw, too, where that is asked for."""
    content = found.as_recorded()
    if not found.draws_wanted:
        return content
    drawn = ({"parameter": name, "draws": values.tolist()} for name, values in found.every.numbers.items())
    figures = (
        {**one._asdict(), "draws": None if one.draws is None else one.draws.tolist()} for one in found.every.figures
    )
    return {
        **content,
        "seed": SEED,
        "drawn_numbers": Lines(map(msgspec.json.encode, drawn)),
        "drawn_figures": Lines(map(msgspec.json.encode, figures)),
    }


def as_tidy(found: Sensitivity) -> Tidy:
    """Return every draw: a row for each draw and figure, and beside it the numbers that were drawn."""
    drawn, figures = found.every
    about = [asdict(one) for one in found.numbers if one.parameter in drawn]
    nothing = numpy.full(found.done, numpy.nan)
    values = [nothing if one.draws is None else one.draws for one in figures]
    return Tidy(
        {
            "draw": numpy.tile(numpy.arange(1, found.done + 1), len(figures)),
            **{
                name: [getattr(one, name) for one in figures for _ in range(found.done)]
                for name in ("regulation", "level", "id", "figure")
            },
            "value": numpy.concatenate([nothing[:0], *values]),
            **{name: numpy.tile(of_draws, len(figures)) for name, of_draws in drawn.items()},
        },
        {"description": say(JUDGED), "seed": str(SEED), "numbers": json.dumps(about, ensure_ascii=False)},
    )


def _headlines(found: Sensitivity) -> Iterator[str]:
    yield from interrupted(found)
    weak = [one for one in found.statements if not one.survives]
    said = say("{surviving} av {statements} utsagn står seg.")
    yield said.format(surviving=len(found.statements) - len(weak), statements=len(found.statements))
    for one in weak:
        yield marked(one, found.first)


def _notes(found: Sensitivity) -> Iterator[str]:
    if found.idle:
        said = say("Alene flytter disse tallene ingen krone i {year}: {idle}.")
        yield said.format(year=found.year, idle=", ".join(found.idle))


def _bands(found: Sensitivity) -> Table | None:
    """Return the totals of each regulation, and what it gives each unit."""
    if not found.bands:
        return None
    bands = [
        one for one in _shown(found) if one.level == "etat" or one.figure in OF_ALL or (one.figure == GIVEN and one.id)
    ]
    heads = [Column(say("Regelverk"), width=52), *_figure()]
    rows = [[found.regulations[one.regulation], *_written(one)] for one in bands]
    notes = [say(BANDED), *([say(CERTAIN)] if is_still(found) else [])]
    return Table(heads, rows, say("Hvert regelverk"), say("Spenn"), "figures", notes)


def _of_last(found: Sensitivity) -> Table | None:
    """Return what else is shown of the units under the last regulation."""
    if not found.bands:
        return None
    last = [one.regulation for one in found.bands if one.figure == CHANGE][:1]
    bands = [
        one
        for one in _shown(found)
        if one.regulation in last and one.figure not in (*OF_ALL, GIVEN, CHANGE, CHANGE_SHARE) and one.level != "etat"
    ]
    notes = [say(BANDED), *([] if any(one.figure == USERS for one in bands) else [say(LEFT_OUT)])]
    rows = [_written(one) for one in bands]
    title = say("Hver enhet etter «{last}»").format(last=found.last)
    return Table(_figure(), rows, title, say("Spenn, enhetene"), "figures_of_units", notes)


def _shown(found: Sensitivity) -> list[Band]:
    """Return the bands that are shown: an area that is a unit, too, is shown once."""
    units = {one.id for one in found.bands if one.level == "enhet"}
    return [one for one in found.bands if not (one.level == "byomraade" and one.id in units)]


def _written(one: Band) -> list[Cell]:
    ends = (None if value is None else float(value) for value in (one.value, one.low, one.high))
    return [called(one.figure), one.id or say("alle"), *ends, say(UNITS[HEADED.get(one.figure, ("", "kr"))[1]])]


def _numbers(found: Sensitivity) -> Table:
    rows: list[list[Cell]] = []
    for number in (effect.number for effect in found.effects):
        unit = data.unit_label(number.unit)
        rows.append([number.parameter, say(number.description), number.value, number.low, number.high, unit])
    heads = [
        *(Column(say("Tall"), width=40), Column(say("Hva det er"), width=60)),
        *(Column(say("Er"), "number"), *from_to("number")),
        Column(say("Enhet"), width=16),
    ]
    return Table(heads, rows, say("Tallene og spennene"), say("Tall og spenn"), "ranges")


def _tornado(found: Sensitivity) -> Table:
    """Return what each number moves of each figure, that which moves it most first."""
    rounding = len(found.given)  # a krone for each unit
    rows: list[list[Cell]] = []
    for name, value in found.headlines.items():
        moves = [(effect.number.parameter, *effect.headlines[name]) for effect in found.effects]
        moved = [
            (number, low - value, high - value)
            for number, low, high in moves
            if max(abs(low - value), abs(high - value)) > rounding
        ]
        rows += [
            [called(name), *move] for move in sorted(moved, key=lambda move: min(0, *move[1:]) - max(0, *move[1:]))
        ]
    heads = [Column(say("Endring i")), Column(say("Tall"), width=40)]
    heads += [Column(say(heading), "kr_change") for heading in ENDS]
    note = say(
        "Endring i tallene for «{last}» når ett tall ligger ytterst i spennet, og de andre er som de er."
    ).format(last=found.last)
    return Table(heads, rows, say("Hva hvert tall gjør alene"), say("Ett tall om gangen"), "tornado", [note])


def _of_units(found: Sensitivity) -> Table:
    rows: list[list[Cell]] = [
        [effect.number.parameter, unit, *(end - found.given[unit] for end in ends)]
        for effect in found.effects
        for unit, ends in effect.given.items()
    ]
    heads = [Column(say("Tall"), width=40), Column(say("Enhet"))]
    heads += [Column(say(heading), "kr_change") for heading in ENDS]
    title = say("Hva hvert tall gjør alene for hver enhet")
    notes = [say("Samlet tildeling etter «{last}».").format(last=found.last)]
    return Table(heads, rows, title, say("Ett tall, enhetene"), "unit_effects", notes)

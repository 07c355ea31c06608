"""What the hours cost and what is handed out, each as its difference from the frame: step by step, or year by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openfisca_bergen_hbt.report.forms.charts import Chart, asked
from openfisca_bergen_hbt.report.forms.charts.plot import Plot, axis, box
from openfisca_bergen_hbt.report.forms.charts.rows import bar, beyond, height, names, over_bar, top
from openfisca_bergen_hbt.report.paper import Cell, Table
from openfisca_bergen_hbt.report.parts.figures import is_same
from openfisca_bergen_hbt.report.subjects.compare.ladder import ALONE
from openfisca_bergen_hbt.report.writing import MILLION, written
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: The columns that are drawn, by their variables.
COST, GIVEN, OVER, LEFT = "etat_aktivitetskostnad", "etat_samlet_tildeling", "etat_merforbruk", "etat_igjen_sentralt"
#: What stands upright.
FRAME = to_say("rammen")
#: What the bars are, by the column that they are as long as and the way it goes: dark and light, also without colour.
SAID = {
    (OVER, True): (to_say("timene koster mer"), "#b35900"),
    (OVER, False): (to_say("timene koster mindre"), "#f2d7b6"),
    (LEFT, False): (to_say("delt ut mer"), "#9c1c1c"),
    (LEFT, True): (to_say("igjen sentralt"), "#6497b1"),
}
COLOURS = {FRAME: "#16212b", **dict(SAID.values())}
#: The room that is kept free at each end for what is said of the bars, in pixels.
ENDS = 74
#: From which width on there is room for a word beside the frame.
MANY = 400


def against_frame(table: Table, width: int, leads: asked.Leads = asked.nowhere) -> Chart | None:
    """Draw a row for each step that changes something, each year or scenario: what is beyond the frame, what is left.

    The axis does not begin at 0: what is drawn are differences, and no amounts. None where there is nothing to draw.
    """
    places = {column.variable: number for number, column in enumerate(table.columns) if column.variable}
    if not {COST, GIVEN, LEFT} <= set(places):
        return None
    called = table.short_names or [str(row[0]) for row in table.rows]
    known = [(name, row) for name, row in zip(called, table.rows, strict=True) if _knows_frame(row, places)]
    moving = [(name, row) for name, row in known if not is_same(str(row[-1]))]
    steps = [row for _, row in moving]
    spans = [
        {**span, **_told(table, row, span["kolonne"], places[span["kolonne"]], leads)}
        for number, row in enumerate(steps)
        for span in _spans(number, row, places)
    ]
    if not spans:
        return None
    ends = [span[end] for span in spans for end in ("fra", "til")]
    along = axis(ends, width, say("millioner kroner (begynner ikke på 0)"), from_zero=False, room=ENDS)
    marks = [
        mark
        for span in spans
        for mark in (
            bar(along, span["fra"], span["til"], span["y"], COLOURS[span["hva"]]),
            beyond(along, span["til"], span["y"], span["sagt"], span["side"]),
        )
    ]
    for number, row in enumerate(steps):
        start, end = top(number, 2) - 2, top(number, 2, 2)
        marks.append(box(along.at(_frame(row, places)) - 1.5, start, 3, end - start, COLOURS[FRAME]))
    marks += names([(_name(*step), _frame_in_words(step[1], places, width)) for step in moving], width, 2)
    key = [(say(what), colour) for what, colour in COLOURS.items() if what in {FRAME, *(span["hva"] for span in spans)}]
    told = [over_bar(span["ord"], span["y"], width, span["lenke"]) for span in spans]
    plot = Plot(width, height(len(steps), 2), marks, told, along, key=key)
    words = [f"{row[0]}: {', '.join(_said(table, row, places))}" for row in steps]
    title = say("Det timene koster og det som deles ut, mot rammen")
    if len(steps) < len(known):
        title += f" ({say('uten de trinnene som ikke endrer noe')})"
    return Chart(title, f"{'; '.join(words)}.", [plot])


def _told(table: Table, row: Sequence[Cell], variable: str, place: int, leads: asked.Leads) -> dict[str, str]:
    """Return what a bar says, and where it is explained."""
    said = asked.with_band(row[place], table.columns[place])
    words = asked.by_rule(f"{row[0]}: {table.columns[place].heading.lower()} {said} kr", variable)
    return {"ord": words, "lenke": leads(str(row[0]), variable)}


def _number(row: Sequence[Cell], place: int) -> float | None:
    cell = row[place]
    return float(cell) if isinstance(cell, int | float) else None


def _knows_frame(row: Sequence[Cell], places: dict[str, int]) -> bool:
    """Return whether the frame of a row is known: nothing that it is reckoned from is held back."""
    return None not in (_number(row, places[GIVEN]), _number(row, places[LEFT]))


def _frame(row: Sequence[Cell], places: dict[str, int]) -> float:
    """Return where the frame ends, in millions: what is handed out and what is left of it."""
    return ((_number(row, places[GIVEN]) or 0) + (_number(row, places[LEFT]) or 0)) / MILLION


def _frame_in_words(row: Sequence[Cell], places: dict[str, int], width: int) -> str:
    amount = numbers.one_decimal(_frame(row, places))
    return say("ramme {amount}").format(amount=amount) if width > MANY else amount


def _spans(number: int, row: Sequence[Cell], places: dict[str, int]) -> list[dict[str, Any]]:
    """Return the two bars of a row; none as long as an overspend that nobody knows the frame for (T-21)."""
    found = []
    for lane, (column, end) in enumerate(((OVER, COST), (LEFT, GIVEN))):
        if column not in places:
            continue
        length, reached = _number(row, places[column]), _number(row, places[end])
        if length is None or reached is None:
            continue
        what, _ = SAID[column, length > 0]
        beyond = 1 if reached / MILLION >= _frame(row, places) else -1
        said = _difference(abs(length), beyond) if length else "0"
        ends = {"fra": _frame(row, places), "til": reached / MILLION}
        bar = {"hva": what, "kolonne": column, "side": beyond, "sagt": said, "y": top(number, 2, lane)}
        found.append({**bar, **ends})
    return found


def _name(name: str, row: Sequence[Cell]) -> str:
    """Return what a row is called, and that it is a step of arithmetic where it is no year's rule (T-26)."""
    return f"{name} ({say('regnestykke')})" if say(ALONE) in str(row[-1]) else name


def _difference(length: float, side: int) -> str:
    """Return a difference in millions; in kroner where it is less than one."""
    if length < MILLION:
        return f"{numbers.signed(side * length)} kr"
    return f"{numbers.signed_one_decimal(side * length / MILLION)} {say('mill.')}"


def _said(table: Table, row: Sequence[Cell], places: dict[str, int]) -> list[str]:
    return [
        f"{table.columns[place].heading.lower()} {written(row[place], table.columns[place])}".replace("\n", ", ")
        for place in (places[name] for name in (COST, GIVEN, OVER, LEFT) if name in places)
    ]

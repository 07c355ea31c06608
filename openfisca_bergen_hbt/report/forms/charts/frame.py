"""What the hours cost and what is handed out, each as its difference from the frame: step by step, or year by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import Chart, asked, axis, chart_of_rows
from openfisca_bergen_hbt.report.forms.charts.rows import THICK, bars, height, names, told, top
from openfisca_bergen_hbt.report.paper import MILLION, Cell, Table, written
from openfisca_bergen_hbt.report.parts.figures import is_same
from openfisca_bergen_hbt.report.subjects.compare.ladder import ALONE
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
#: From which width on there is room for three names of colours beside each other.
MANY = 400


def against_frame(table: Table, width: int, leads: asked.Leads = asked.nowhere) -> Chart | None:
    """Draw a row for each step that changes something, or for each year: what is beyond the frame, and what is left.

    The axis does not begin at 0: what is drawn are differences, and no amounts. None where there is nothing to draw.
    """
    places = {column.variable: number for number, column in enumerate(table.columns) if column.variable}
    called = table.short_names or [str(row[0]) for row in table.rows]
    moving = [(name, row) for name, row in zip(called, table.rows, strict=True) if not is_same(str(row[-1]))]
    steps = [row for _, row in moving]
    spans = [
        {**span, **_told(table, row, span["kolonne"], places[span["kolonne"]], leads)}
        for number, row in enumerate(steps)
        for span in _spans(number, row, places)
    ]
    if not spans:
        return None
    ends = [span[end] for span in spans for end in ("fra", "til")]
    room = (max(ends) - min(ends) or 1.0) * ENDS / (width - 2 * ENDS)
    reach = altair.Scale(domain=[min(ends) - room, max(ends) + room], nice=False, zero=False)
    ticks = axis(spans, "fra", "til", from_zero=False)
    along = altair.X("fra:Q", title=say("millioner kroner (begynner ikke på 0)"), axis=ticks, scale=reach)
    shown = [what for what in COLOURS if what == FRAME or what in {span["slag"] for span in spans}]
    key = altair.Legend(orient="top", columns=3 if width > MANY else 2, columnPadding=28)
    scale = altair.Scale(domain=[say(what) for what in shown], range=[COLOURS[what] for what in shown])
    colour = altair.Color("hva:N", title=None, scale=scale, legend=key)
    tall = height(len(steps), 2)
    frames = [
        {
            "rad": number,
            "fra": _frame(row, places),
            "hva": say(FRAME),
            "y": top(number, 2) - 2,
            "bunn": top(number, 2, 2),
        }
        for number, row in enumerate(steps)
    ]
    upright = chart_of_rows(frames, width, tall).mark_rule(strokeWidth=3)
    layers = [
        bars(spans, width, tall).encode(x=along, x2="til:Q", color=colour),
        upright.encode(x=along, y=altair.Y("y:Q", scale=None, axis=None), y2="bunn:Q", color=colour),
        *(_labels(spans, side, width, tall).encode(x=altair.X("til:Q", scale=reach)) for side in (1, -1)),
        names([(_name(*step), _frame_in_words(step[1], places, width)) for step in moving], width, 2),
        told(spans, width, tall),
    ]
    words = [f"{row[0]}: {', '.join(_said(table, row, places))}" for row in steps]
    title = say("Det timene koster og det som deles ut, mot rammen")
    if len(steps) < len(table.rows):
        title += f" ({say('uten de trinnene som ikke endrer noe')})"
    return Chart(title, f"{'; '.join(words)}.", altair.layer(*layers), "", width, asked.links(spans))


def _told(table: Table, row: Sequence[Cell], variable: str, place: int, leads: asked.Leads) -> dict[str, str]:
    """Return what a bar says, and where it is explained."""
    said = asked.with_band(row[place], table.columns[place])
    words = asked.by_rule(f"{row[0]}: {table.columns[place].heading.lower()} {said} kr", variable)
    return {"ord": words, "lenke": leads(str(row[0]), variable)}


def _number(row: Sequence[Cell], place: int) -> float | None:
    cell = row[place]
    return float(cell) if isinstance(cell, int | float) else None


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
        length, reached = _number(row, places[column]), _number(row, places[end])
        if length is None or reached is None:
            continue
        what, _ = SAID[column, length > 0]
        beyond = 1 if reached / MILLION >= _frame(row, places) else -1
        said = _difference(abs(length), beyond) if length else "0"
        ends = {"fra": _frame(row, places), "til": reached / MILLION}
        bar = {
            "hva": say(what),
            "slag": what,
            "kolonne": column,
            "side": beyond,
            "sagt": said,
            "y": top(number, 2, lane),
        }
        found.append({**bar, **ends})
    return found


def _labels(spans: Sequence[dict[str, Any]], side: int, width: int, tall: int) -> Any:
    """Return what is said of the bars that end on a side of the frame, beyond their ends."""
    mine = [{**span, "midt": span["y"] + THICK / 2} for span in spans if span["side"] == side]
    words = chart_of_rows(mine, width, tall).mark_text(align="left" if side > 0 else "right", dx=4 * side, fontSize=11)
    return words.encode(y=altair.Y("midt:Q", scale=None, axis=None), text="sagt:N")


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
        for place in map(places.__getitem__, (COST, GIVEN, OVER, LEFT))
    ]

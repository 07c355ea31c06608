"""What each number does alone, from the low end of its range to the high; and the bands of what units gain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, Chart, asked, axis, chart_of_rows, entitled
from openfisca_bergen_hbt.report.forms.charts.rows import THICK, bars, height, names, told_by_row, top
from openfisca_bergen_hbt.report.paper import Cell, Table, written
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: The colours of the low end of a range, and of the high.
LOW, HIGH = LIGHT_TO_DARK[0], LIGHT_TO_DARK[2]
#: What is said of the ends of a range, each with the column that has it.
ENDS = ((2, to_say("nederst i spennet")), (3, to_say("øverst i spennet")))
#: How many numbers, or units, a chart holds: those that move most.
MOST = 12
#: What part of the longest bar another is to have to be seen: what rounding moves is not drawn.
SEEN = 1e-3


def tornado(table: Table, width: int) -> Chart | None:
    """Draw a panel for each figure that a number moves, the number that moves it most above."""
    panels, words = [], []
    for figure, rows in groupby(table.rows, key=lambda row: str(row[0])):
        moved = list(rows)
        drawn = [row for row in moved[:MOST] if _width(row) >= SEEN * _width(moved[0])]
        panels.append(_panel(table, figure, drawn, width))
        ends = [
            say("{number} {low} til {high}").format(
                number=row[1], low=written(row[2], table.columns[2]), high=written(row[3], table.columns[3])
            )
            for row in moved
        ]
        words.append(f"{figure}: {', '.join(ends)}")
    if not panels:
        return None
    whole = entitled(altair.vconcat(*panels), table.title, width)
    return Chart(table.title, "; ".join(words), whole, "", width)


def _width(row: Sequence[Cell]) -> float:
    """Return how long a number's bar is, from none moved on; both ends of a range can move a figure the same way."""
    ends = [float(row[place] or 0) for place, _ in ENDS]
    return max(0, *ends) - min(0, *ends)


def _panel(table: Table, figure: str, rows: Sequence[Sequence[Cell]], width: int) -> Any:
    ends = [
        {"mill": float(row[place] or 0) / 1e6, "null": 0.0, "ende": say(end), "y": top(number, 2, lane)}
        for number, row in enumerate(rows)
        for lane, (place, end) in enumerate(ENDS)
    ]
    said = [
        f" {say('og')} ".join(f"{written(row[place], table.columns[place])} kr {say(end)}" for place, end in ENDS)
        for row in rows
    ]
    told = [
        {
            "ord": say("{figure}: {number} flytter {words}. Kilde for spennet: tallets egen fil i parameters").format(
                figure=figure, number=row[1], words=words
            )
        }
        for row, words in zip(rows, said, strict=True)
    ]
    key = altair.Legend(orient="top", columnPadding=28)
    colour = altair.Color(
        "ende:N", title=None, scale=altair.Scale(domain=[say(end) for _, end in ENDS], range=[LOW, HIGH]), legend=key
    )
    along = altair.X("null:Q", title=say("millioner kroner"), axis=axis(ends, "mill", signed=True))
    drawn = bars(ends, width, height(len(rows), 2)).encode(x=along, x2="mill:Q", color=colour)
    named = names([(str(row[1]), "") for row in rows], width, 2)
    return altair.layer(drawn, named, told_by_row(told, width, 2)).properties(title=figure)


def unit_bands(table: Table, width: int, leads: asked.Leads = asked.nowhere) -> Chart:
    """Draw the band of what each unit gains, with a mark for the law's own numbers."""
    shown = sorted(table.rows, key=lambda row: -abs(float(row[1] or 0)))[: 2 * MOST]
    shown.sort(key=lambda row: -float(row[1] or 0))
    rows: list[dict[str, Any]] = [
        {
            **{name: float(row[place] or 0) / 1e6 for place, name in enumerate(("er", "fra", "mot"), 1)},
            "y": top(number),
            "ord": say("{unit}. Kilde: regelen enhet_samlet_tildeling, trukket innenfor tallenes spenn").format(
                unit=_words(table, row)
            ),
            "lenke": leads(str(row[0]), "enhet_samlet_tildeling"),
        }
        for number, row in enumerate(shown)
    ]
    tall = height(len(rows))
    along = altair.X("fra:Q", title=say("millioner kroner"), axis=axis(rows, "fra", "mot", "er", signed=True))
    drawn = bars(rows, width, tall).encode(x=along, x2="mot:Q", color=altair.value(LOW))
    middles = [{"er": row["er"], "midt": row["y"] + THICK / 2} for row in rows]
    marks = chart_of_rows(middles, width, tall).mark_tick(color="black", thickness=3, height=THICK + 6)
    placed = marks.encode(x="er:Q", y=altair.Y("midt:Q", scale=None, axis=None))
    named = names(
        [(str(row[0]), f"{numbers.signed_one_decimal(float(row[1] or 0) / 1e6)} {say('mill.')}") for row in shown],
        width,
    )
    whole = altair.layer(drawn, placed, named, told_by_row(rows, width))
    said = "; ".join(_words(table, row) for row in table.rows)
    return Chart(
        table.title, say("Endring, fra og til: {changes}.").format(changes=said), whole, "", width, asked.links(rows)
    )


def _words(table: Table, row: Sequence[Cell]) -> str:
    value, low, high = (written(row[place], table.columns[place]) for place in (1, 2, 3))
    return say("{unit}: {value} kr, spenn {low} til {high}").format(unit=row[0], value=value, low=low, high=high)

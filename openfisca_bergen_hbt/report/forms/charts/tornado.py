"""What each number does alone, from the low end of its range to the high; and the bands of what units gain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, Chart, asked
from openfisca_bergen_hbt.report.forms.charts.plot import Plot, axis, box
from openfisca_bergen_hbt.report.forms.charts.rows import THICK, bar, by_row, height, in_millions, names, top
from openfisca_bergen_hbt.report.paper import Cell, Table
from openfisca_bergen_hbt.report.writing import written
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
    return Chart(table.title, "; ".join(words), panels) if panels else None


def _width(row: Sequence[Cell]) -> float:
    """Return how long a number's bar is, from none moved on; both ends of a range can move a figure the same way."""
    ends = [float(row[place] or 0) for place, _ in ENDS]
    return max(0, *ends) - min(0, *ends)


def _panel(table: Table, figure: str, rows: Sequence[Sequence[Cell]], width: int) -> Plot:
    reached = [[in_millions(row[place]) for place, _ in ENDS] for row in rows]
    along = axis([end for ends in reached for end in ends], width, say("millioner kroner"), signed=True)
    bars = [
        bar(along, 0, end, top(number, 2, lane), colour)
        for number, ends in enumerate(reached)
        for lane, (end, colour) in enumerate(zip(ends, (LOW, HIGH), strict=True))
    ]
    said = [
        f" {say('og')} ".join(f"{written(row[place], table.columns[place])} kr {say(end)}" for place, end in ENDS)
        for row in rows
    ]
    moved = say("{figure}: {number} flytter {words}. Kilde for spennet: tallets egen fil i parameters")
    told = [moved.format(figure=figure, number=row[1], words=words) for row, words in zip(rows, said, strict=True)]
    marks = [*bars, *names([(str(row[1]), "") for row in rows], width, 2)]
    key = [(say(end), colour) for (_, end), colour in zip(ENDS, (LOW, HIGH), strict=True)]
    return Plot(width, height(len(rows), 2), marks, by_row(told, width, 2), along, key=key, heading=figure)


def unit_bands(table: Table, width: int, leads: asked.Leads = asked.nowhere) -> Chart:
    """Draw the band of what each unit gains, with a mark for the law's own numbers."""
    shown = sorted(table.rows, key=lambda row: -abs(float(row[1] or 0)))[: 2 * MOST]
    shown.sort(key=lambda row: -float(row[1] or 0))
    reached = [[in_millions(row[place]) for place in (1, 2, 3)] for row in shown]
    along = axis([value for values in reached for value in values], width, say("millioner kroner"), signed=True)
    marks = [
        mark
        for number, (value, low, high) in enumerate(reached)
        for mark in (
            bar(along, low, high, top(number), LOW),
            box(along.at(value) - 1.5, top(number) - 3, 3, THICK + 6, "#000"),
        )
    ]
    marks += names(
        [(str(row[0]), f"{numbers.signed_one_decimal(in_millions(row[1]))} {say('mill.')}") for row in shown], width
    )
    source = say("{unit}. Kilde: regelen {rule}, trukket innenfor tallenes spenn")
    words = [source.format(unit=_words(table, row), rule=GIVEN) for row in shown]
    told = by_row(words, width, links=[leads(str(row[0]), GIVEN) for row in shown])
    said = "; ".join(_words(table, row) for row in table.rows)
    plot = Plot(width, height(len(shown)), marks, told, along)
    return Chart(table.title, say("Endring, fra og til: {changes}.").format(changes=said), [plot])


def _words(table: Table, row: Sequence[Cell]) -> str:
    value, low, high = (written(row[place], table.columns[place]) for place in (1, 2, 3))
    return say("{unit}: {value} kr, spenn {low} til {high}").format(unit=row[0], value=value, low=low, high=high)

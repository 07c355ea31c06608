"""What each number does alone, from the low end of its range to the high; and the bands of what units gain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, OUTLINED, WIDTH, Chart, axis, chart_of_rows
from openfisca_bergen_hbt.report.paper import Cell, Table, written

#: The colours of the low end of a range, and of the high.
LOW, HIGH = LIGHT_TO_DARK[0], LIGHT_TO_DARK[2]
#: How many numbers, or units, a chart holds: those that move most.
MOST = 12
#: What part of the longest bar another is to have to be seen: what rounding moves is not drawn.
SEEN = 1e-3
#: Room for the names of numbers.
ROOM = 260


def tornado(table: Table) -> Chart | None:
    """Draw a panel for each figure that a number moves, the number that moves it most above."""
    panels, words = [], []
    for figure, rows in groupby(table.rows, key=lambda row: str(row[0])):
        moved = list(rows)
        bars = [
            {"tall": str(row[1]), "mill": float(row[place] or 0) / 1e6, "ende": end}
            for row in moved[:MOST]
            if _width(row) >= SEEN * _width(moved[0])
            for place, end in ((2, "nederst i spennet"), (3, "øverst i spennet"))
        ]
        panels.append(_panel(figure, bars))
        ends = [
            f"{row[1]} {written(row[2], table.columns[2])} til {written(row[3], table.columns[3])}" for row in moved
        ]
        words.append(f"{figure}: {', '.join(ends)}")
    if not panels:
        return None
    return Chart(table.title, "; ".join(words), altair.vconcat(*panels).properties(title=table.title), "")


def _width(row: Sequence[Cell]) -> float:
    """Return how long a number's bar is, from none moved on; both ends of a range can move a figure the same way."""
    ends = [float(row[place] or 0) for place in (2, 3)]
    return max(0, *ends) - min(0, *ends)


def _panel(figure: str, bars: list[dict[str, Any]]) -> Any:
    return (
        chart_of_rows(bars, WIDTH - ROOM, 22 * len(bars) // 2 + 20)
        .mark_bar(**OUTLINED)
        .encode(
            y=altair.Y("tall:N", title=None, sort=None, axis=altair.Axis(labelLimit=ROOM, minExtent=ROOM)),
            x=altair.X("mill:Q", title="millioner kroner", stack=None, axis=axis(bars, "mill", signed=True)),
            color=altair.Color(
                "ende:N", title=None, scale=altair.Scale(range=[LOW, HIGH]), legend=altair.Legend(orient="top")
            ),
        )
        .properties(title=figure)
    )


def unit_bands(table: Table) -> Chart:
    """Draw the band of what each unit gains, with a mark for the law's own numbers."""
    shown = sorted(table.rows, key=lambda row: -abs(float(row[1] or 0)))[: 2 * MOST]
    rows = [
        {
            "enhet": str(row[0]),
            **{name: float(row[place] or 0) / 1e6 for place, name in enumerate(("er", "fra", "til"), 1)},
        }
        for row in sorted(shown, key=lambda row: -float(row[1] or 0))
    ]
    base = chart_of_rows(rows, WIDTH - ROOM, max(26 * len(rows), 60)).encode(
        y=altair.Y("enhet:N", title=None, sort=None, axis=altair.Axis(labelLimit=ROOM, minExtent=ROOM))
    )
    along = altair.X("fra:Q", title="millioner kroner", axis=axis(rows, "fra", "til", "er", signed=True))
    bands = base.mark_bar(**OUTLINED, color=LOW, height=12).encode(x=along, x2="til:Q")
    marks = base.mark_tick(color="black", thickness=3, height=20).encode(x="er:Q")
    words = [
        f"{row[0]} {', '.join(written(row[place], table.columns[place]) for place in (1, 2, 3))}" for row in table.rows
    ]
    return Chart(table.title, f"Endring, fra og til: {'; '.join(words)}.", bands + marks, "")

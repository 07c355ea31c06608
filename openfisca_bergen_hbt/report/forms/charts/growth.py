"""The growth of the hours as waterfalls: one for each set of rows, below each other on one axis."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, OUTLINED, WIDTH, Chart, axis, chart_of_rows
from openfisca_bergen_hbt.report.paper import Table, written

#: The colours of what adds, of what takes away, and of the growth in all.
MORE, LESS, IN_ALL = LIGHT_TO_DARK[1], "#b35900", LIGHT_TO_DARK[2]
#: Room for the words beside the bars, as a browser's font can be wider than the one that they were measured with.
ROOM_LEFT, ROOM_RIGHT = 120, 1.15
SOURCE = "Regnet av lysbildenes tall: Bergen kommune, Utvalg for helse og sosial 04.06.2020."


def waterfalls(table: Table) -> Chart:
    """Draw how the parts of the growth add up to it, in hours."""
    places = range(2, len(table.columns))
    in_hours = [row for row in table.rows if row[1] == "timer"]
    panels, words = [], []
    for row in in_hours:
        whole, *parts = (float(row[place] or 0) for place in places)
        ends = list(accumulate(parts, initial=0.0))
        spans = [*pairwise(ends), (0.0, whole)]
        order = [*places[1:], places[0]]
        bars = [
            {
                "del": table.columns[place].heading,
                "fra": start,
                "til": end,
                "tekst": written(row[place], table.columns[place]),
                "ytterst": max(start, end),
                "farge": IN_ALL if place == places[0] else MORE if end >= start else LESS,
            }
            for place, (start, end) in zip(order, spans, strict=True)
        ]
        panels.append(_panel(str(row[0]), bars))
        words.append(f"{row[0]}: " + ", ".join(f"{bar['del'].lower()} {bar['tekst']}" for bar in bars))
    drawn = altair.vconcat(*panels).resolve_scale(x="shared").properties(title=table.title)
    return Chart(table.title, "; ".join(words), drawn, SOURCE)


def _panel(title: str, bars: list[dict[str, Any]]) -> Any:
    base = chart_of_rows(bars, WIDTH - 160, 26 * len(bars)).encode(
        y=altair.Y("del:N", title=None, sort=None, axis=altair.Axis(minExtent=ROOM_LEFT))
    )
    ends = [float(bar[end]) for bar in bars for end in ("fra", "til")]
    reach = altair.Scale(domain=[min(ends), max(ends) * ROOM_RIGHT])
    spans = base.mark_bar(**OUTLINED).encode(
        x=altair.X("fra:Q", title="timer", axis=axis(bars, "fra", "til"), scale=reach),
        x2="til:Q",
        color=altair.Color("farge:N", scale=None),
    )
    labels = base.mark_text(align="left", dx=4).encode(x="ytterst:Q", text="tekst:N")
    return (spans + labels).properties(title=title)

"""The growth of the hours as waterfalls: one for each set of rows, below each other on one axis."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, Chart, axis, entitled
from openfisca_bergen_hbt.report.forms.charts.rows import bars, height, names, told_by_row, top
from openfisca_bergen_hbt.report.paper import Table, written
from openfisca_bergen_hbt.text.language import say, to_say

#: The colours of what adds, of what takes away, and of the growth in all.
MORE, LESS, IN_ALL = LIGHT_TO_DARK[1], "#b35900", LIGHT_TO_DARK[2]
SOURCE = to_say("Regnet av lysbildenes tall: Bergen kommune, Utvalg for helse og sosial 04.06.2020.")


def waterfalls(table: Table, width: int) -> Chart:
    """Draw how the parts of the growth add up to it, in hours."""
    places = range(2, len(table.columns))
    panels, words = [], []
    for row in (row for row in table.rows if row[1] == say("timer")):
        whole, *parts = (float(row[place] or 0) for place in places)
        ends = list(accumulate(parts, initial=0.0))
        order = [*places[1:], places[0]]
        spans = [
            {
                "del": table.columns[place].heading,
                "fra": start,
                "til": end,
                "tekst": written(row[place], table.columns[place]),
                "farge": IN_ALL if place == places[0] else MORE if end >= start else LESS,
            }
            for place, (start, end) in zip(order, [*pairwise(ends), (0.0, whole)], strict=True)
        ]
        panels.append(_panel(str(row[0]), spans, width))
        words.append(f"{row[0]}: " + ", ".join(f"{span['del'].lower()} {span['tekst']}" for span in spans))
    drawn = entitled(altair.vconcat(*panels).resolve_scale(x="shared"), table.title, width)
    return Chart(table.title, "; ".join(words), drawn, say(SOURCE), width)


def _panel(title: str, spans: list[dict[str, Any]], width: int) -> Any:
    placed = [
        {
            **span,
            "y": top(number),
            "ord": say("{title}: {part} {hours} timer. Kilde: {source}").format(
                title=title, part=span["del"].lower(), hours=span["tekst"], source=say(SOURCE)
            ),
        }
        for number, span in enumerate(spans)
    ]
    along = altair.X("fra:Q", title=say("timer"), axis=axis(spans, "fra", "til"))
    drawn = bars(placed, width, height(len(spans))).encode(
        x=along, x2="til:Q", color=altair.Color("farge:N", scale=None)
    )
    named = names([(span["del"], span["tekst"]) for span in spans], width)
    return altair.layer(drawn, named, told_by_row(placed, width)).properties(title=title)

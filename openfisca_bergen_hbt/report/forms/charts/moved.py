"""What each step gives each area beyond the one before: a bar for each step, below the name of the area."""

from __future__ import annotations

from typing import Any

import altair

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.report.forms.charts import Chart, asked, axis, chart_of_rows
from openfisca_bergen_hbt.report.forms.charts.rows import THICK, bars, height, names, told_by_row, top
from openfisca_bergen_hbt.report.paper import MILLION, Table, written
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say

#: The colours of the steps, which differ in lightness, too; of more steps they come again.
COLOURS = ("#03396c", "#e08214", "#9ecae1", "#7f2704", "#6497b1", "#fdd0a2")
#: The most areas that are drawn below each other, and the most steps.
MOST_AREAS, MOST_STEPS = 12, len(COLOURS)
#: The room that is kept free at each end for what is said of the bars, in pixels.
ENDS = 62


def moved(table: Table, width: int, leads: asked.Leads = asked.nowhere) -> Chart | None:
    """Draw what the steps move; not those that are arithmetic alone. None where there is too much to be read."""
    places = [number for number, column in enumerate(table.columns) if number and not column.detail]
    areas = table.body
    if len(areas) > MOST_AREAS or not 0 < len(places) <= MOST_STEPS:
        return None
    steps = [table.columns[place].heading for place in places]
    lanes, tall = len(places), height(len(areas), len(places))
    spans: list[dict[str, Any]] = [
        {"trinn": steps[lane], "null": 0, "verdi": value / MILLION, "y": top(row, lanes, lane)}
        for row, cells in enumerate(areas)
        for lane, value in enumerate(_number(cells[place]) for place in places)
    ]
    ends = [0.0, *(span["verdi"] for span in spans)]
    room = (max(ends) - min(ends)) * ENDS / (width - 2 * ENDS)
    reach = altair.Scale(domain=[min(ends) - room, max(ends) + room], nice=False)
    along = altair.X("null:Q", title=say("millioner kroner"), axis=axis(spans, "verdi", signed=True), scale=reach)
    scale = altair.Scale(domain=steps, range=list(COLOURS[:lanes]))
    key = altair.Legend(orient="top", columns=1, labelLimit=width)
    colour = altair.Color("trinn:N", title=None, scale=scale, legend=key)
    words = [
        f"{cells[0]}: {', '.join(f'{steps[n]} {written(cells[p], table.columns[p])} kr' for n, p in enumerate(places))}"
        for cells in areas
    ]
    rows = [
        {"ord": asked.by_rule(said, GIVEN), "lenke": leads(str(cells[0]), GIVEN)}
        for cells, said in zip(areas, words, strict=True)
    ]
    layers = [
        bars(spans, width, tall).encode(x=along, x2="verdi:Q", color=colour),
        *(_labels(spans, side, width, tall).encode(x=altair.X("verdi:Q", scale=reach)) for side in (1, -1)),
        names([(str(cells[0]), "") for cells in areas], width, lanes),
        told_by_row(rows, width, lanes),
    ]
    said_in_all = f"{'; '.join(words)}."
    return Chart(say("Hva hvert trinn flytter"), said_in_all, altair.layer(*layers), "", width, asked.links(rows))


def _number(cell: Any) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _labels(spans: list[dict[str, Any]], side: int, width: int, tall: int) -> Any:
    """Return what is said of the bars that go to one side, beyond their ends."""
    mine = [
        {**span, "midt": span["y"] + THICK / 2, "sagt": numbers.signed_one_decimal(span["verdi"])}
        for span in spans
        if (span["verdi"] >= 0) == (side > 0)
    ]
    words = chart_of_rows(mine, width, tall).mark_text(align="left" if side > 0 else "right", dx=4 * side, fontSize=11)
    return words.encode(y=altair.Y("midt:Q", scale=None, axis=None), text="sagt:N")

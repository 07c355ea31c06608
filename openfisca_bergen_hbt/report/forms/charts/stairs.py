"""What a unit is paid for a user, as stairs along the hours, beside what the hours cost."""

from __future__ import annotations

from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, Chart, asked, axis, chart_of_rows, entitled
from openfisca_bergen_hbt.report.paper import Table, written_rows
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

TALL = 280
#: How many agencies are drawn; each has kroner a point of its own.
MOST = 4
#: The lines: what stands beside each and on which side of it, the columns of its kroner at the first and at the last
#: hours of a step, and how it looks, also without colour.
LINES: list[tuple[str, dict[str, Any], tuple[int, int], dict[str, Any]]] = [
    (to_say("enheten får, som poeng"), {"baseline": "top", "dy": 6}, (4, 5), {"color": LIGHT_TO_DARK[2]}),
    (
        to_say("timene koster"),
        {"align": "right", "dx": -12, "dy": -6},
        (6, 7),
        {"color": "#b35900", "strokeDash": [6, 4]},
    ),
]


def stairs(table: Table, width: int) -> Chart | None:
    """Draw a panel for each agency: a line that rises at the bounds, and one that rises with the hours."""
    agencies = list(dict.fromkeys(str(row[0]) for row in table.rows if row[4] is not None))
    if not agencies:
        return None
    panels = [_panel(table, agency, width, alone=len(agencies) == 1) for agency in agencies[:MOST]]
    words = [
        say("{agency}, {start} til {end} timer: enheten får {paid} kr, timene koster {costs} kr").format(
            agency=agency, start=start, end=end, paid=_span(*paid), costs=_span(*costs)
        )
        for agency, _, start, end, *kroner in written_rows(table)
        if agency in agencies[:MOST]
        for paid, costs in [(kroner[:2], kroner[2:])]
    ]
    left_out = f" ({say('de første {most} etatene').format(most=MOST)})" if len(agencies) > MOST else ""
    drawn = entitled(altair.vconcat(*panels), table.title, width)
    return Chart(f"{table.title}{left_out}", f"{'; '.join(words)}.", drawn, "", width)


def _span(low: str, high: str) -> str:
    return low if low == high else say("{low} til {high}").format(low=low, high=high)


def _panel(table: Table, agency: str, width: int, *, alone: bool) -> Any:
    mine = [[cell if isinstance(cell, int | float) else 0.0 for cell in row] for row in table.rows if row[0] == agency]
    lines = [
        [{"timer": row[2 + end], "mill": row[columns[end]] / 1e6} for row in mine for end in (0, 1)]
        for _, _, columns, _ in LINES
    ]
    hours = altair.Axis(values=[row[2] for row in mine[1:]], format=",.3~f", labelOverlap=False)  # the bounds
    along = altair.X("timer:Q", title=say("timer i uken"), axis=hours)
    up = altair.Y("mill:Q", title=say("millioner kroner i året"), axis=axis([*lines[0], *lines[1]], "mill"))
    layers = []
    for points, (text, beside, _, look) in zip(lines, LINES, strict=True):
        numbered = [{**point, "rekke": number} for number, point in enumerate(points)]
        line = chart_of_rows(numbered, width, TALL).mark_line(strokeWidth=2.5, **look)
        layers.append(line.encode(x=along, y=up, order="rekke:Q"))
        start, end = points[-4:-2]  # the words stand in the middle of the last step but one, the widest
        middle = {name: (start[name] + end[name]) / 2 for name in ("timer", "mill")}
        words = chart_of_rows([middle], width, TALL).mark_text(
            text=say(text), color=look["color"], fontSize=12, **beside
        )
        layers.append(words.encode(x="timer:Q", y="mill:Q"))
    categories = [str(row[1]) for row in table.rows if row[0] == agency]
    said = [_words(agency, category, row) for category, row in zip(categories, mine, strict=True)]
    steps = [{"fra": row[2], "mot": row[3], "ord": words} for words, row in zip(said, mine, strict=True)]
    layers.append(asked.areas(chart_of_rows(steps, width, TALL), x="fra:Q", x2="mot:Q"))
    found = altair.layer(*layers)
    return found if alone else found.properties(title=agency)


def _words(agency: str, category: str, row: list[float]) -> str:
    start, end = map(numbers.decimals, row[2:4])
    paid, costs = (_span(*map(numbers.whole, row[place : place + 2])) for place in (4, 6))
    return say(
        "{agency}, {category}, {start} til {end} timer: enheten får {paid} kr, timene koster {costs} kr. "
        "Kilde: vektene og timeprisen"
    ).format(agency=agency, category=category.lower(), start=start, end=end, paid=paid, costs=costs)

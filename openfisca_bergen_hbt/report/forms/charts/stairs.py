"""What a unit is paid for a user, as stairs along the hours, beside what the hours cost."""

from __future__ import annotations

from typing import Any

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, Chart
from openfisca_bergen_hbt.report.forms.charts.asked import Told
from openfisca_bergen_hbt.report.forms.charts.plot import Axis, Plot, axis, line, text
from openfisca_bergen_hbt.report.paper import Table
from openfisca_bergen_hbt.report.writing import MILLION, written_rows
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

TALL = 280
#: How many agencies are drawn; each has kroner a point of its own.
MOST = 4
#: What an upright axis takes of the width, in pixels.
BESIDE = 26
#: The lines: what stands beside each and where, the columns of its kroner at the first and at the last hours of a step,
#: its colour, and its dashes, for those who see no colour.
LINES: list[tuple[str, dict[str, Any], tuple[int, int], str, str]] = [
    (to_say("enheten får, som poeng"), {"anchor": "middle", "beside": (0, 16)}, (4, 5), LIGHT_TO_DARK[2], ""),
    (to_say("timene koster"), {"anchor": "end", "beside": (-12, -6)}, (6, 7), "#b35900", "6 4"),
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
    return Chart(f"{table.title}{left_out}", f"{'; '.join(words)}.", panels)


def _span(low: str, high: str) -> str:
    return low if low == high else say("{low} til {high}").format(low=low, high=high)


def _panel(table: Table, agency: str, width: int, *, alone: bool) -> Plot:
    mine = [[cell if isinstance(cell, int | float) else 0.0 for cell in row] for row in table.rows if row[0] == agency]
    reached = [
        [(row[2 + end], row[columns[end]] / MILLION) for row in mine for end in (0, 1)] for _, _, columns, _, _ in LINES
    ]
    wide = width - BESIDE
    bounds = [(row[2], numbers.decimals(row[2])) for row in mine[1:]]
    along = Axis(wide, 0, mine[-1][3], bounds, say("timer i uken"))
    up = axis([kroner for points in reached for _, kroner in points], TALL, say("millioner kroner i året"))
    marks = []
    for points, (said, placed, _, colour, dashes) in zip(reached, LINES, strict=True):
        marks.append(line([(along.at(hours), TALL - up.at(kroner)) for hours, kroner in points], colour, 2.5, dashes))
        start, end = points[-4:-2]  # the words stand in the middle of the last step but one, the widest
        x, y = along.at((start[0] + end[0]) / 2), TALL - up.at((start[1] + end[1]) / 2)
        right, down = placed["beside"]
        marks.append(text(x + right, y + down, say(said), anchor=placed["anchor"], size=12, colour=colour))
    categories = [str(row[1]) for row in table.rows if row[0] == agency]
    told = [
        Told(_words(agency, category, row), along.at(row[2]), 0, along.at(row[3]) - along.at(row[2]), TALL)
        for category, row in zip(categories, mine, strict=True)
    ]
    return Plot(wide, TALL, marks, told, along, up, heading="" if alone else agency)


def _words(agency: str, category: str, row: list[float]) -> str:
    start, end = map(numbers.decimals, row[2:4])
    paid, costs = (_span(*map(numbers.whole, row[place : place + 2])) for place in (4, 6))
    return say(
        "{agency}, {category}, {start} til {end} timer: enheten får {paid} kr, timene koster {costs} kr. "
        "Kilde: vektene og timeprisen"
    ).format(agency=agency, category=category.lower(), start=start, end=end, paid=paid, costs=costs)

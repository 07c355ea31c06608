"""The growth of the hours as waterfalls: one for each set of rows, below each other on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, Chart
from openfisca_bergen_hbt.report.forms.charts.plot import Axis, Plot, axis
from openfisca_bergen_hbt.report.forms.charts.rows import bar, by_row, height, names, top
from openfisca_bergen_hbt.report.paper import Table
from openfisca_bergen_hbt.report.writing import written
from openfisca_bergen_hbt.text.language import say, to_say

#: The colours of what adds, of what takes away, and of the growth in all.
MORE, LESS, IN_ALL = LIGHT_TO_DARK[1], "#b35900", LIGHT_TO_DARK[2]
SOURCE = to_say("Regnet av lysbildenes tall: Bergen kommune, Utvalg for helse og sosial 04.06.2020.")


@dataclass(frozen=True)
class Part:
    """A part of a growth, from where the one before ends."""

    name: str
    start: float
    end: float
    said: str
    colour: str


def waterfalls(table: Table, width: int) -> Chart:
    """Draw how the parts of the growth add up to it, in hours."""
    places = range(2, len(table.columns))
    panels: dict[str, list[Part]] = {}
    for row in table.rows[::2]:  # hours, and below each the same in kroner
        whole, *parts = (float(row[place] or 0) for place in places)
        ends = list(accumulate(parts, initial=0.0))
        order = [*places[1:], places[0]]
        panels[str(row[0])] = [
            Part(
                table.columns[place].heading,
                start,
                end,
                written(row[place], table.columns[place]),
                IN_ALL if place == places[0] else MORE if end >= start else LESS,
            )
            for place, (start, end) in zip(order, [*pairwise(ends), (0.0, whole)], strict=True)
        ]
    every = [end for parts in panels.values() for part in parts for end in (part.start, part.end)]
    along = axis(every, width, say("timer"))
    plots = [_panel(title, parts, along, width) for title, parts in panels.items()]
    words = [
        f"{title}: " + ", ".join(f"{part.name.lower()} {part.said}" for part in parts)
        for title, parts in panels.items()
    ]
    return Chart(table.title, "; ".join(words), plots, say(SOURCE))


def _panel(title: str, parts: list[Part], along: Axis, width: int) -> Plot:
    part_of = say("{title}: {part} {hours} timer. Kilde: {source}")
    words = [part_of.format(title=title, part=part.name.lower(), hours=part.said, source=say(SOURCE)) for part in parts]
    bars = [bar(along, part.start, part.end, top(number), part.colour) for number, part in enumerate(parts)]
    named = names([(part.name, part.said) for part in parts], width)
    return Plot(width, height(len(parts)), [*bars, *named], by_row(words, width), along, heading=title)

"""What each step, or scenario, gives each area beyond the one before, or beyond the first: a bar below its name."""

from __future__ import annotations

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.report.forms.charts import Chart, asked
from openfisca_bergen_hbt.report.forms.charts.plot import Plot, axis
from openfisca_bergen_hbt.report.forms.charts.rows import bar, beyond, height, in_millions, names, over_bar, top
from openfisca_bergen_hbt.report.paper import Table
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: The colours of the steps, which differ in lightness, too; of more steps they come again.
COLOURS = ("#03396c", "#e08214", "#9ecae1", "#7f2704", "#6497b1", "#fdd0a2")
#: The most areas that are drawn below each other, and the most steps.
MOST_AREAS, MOST_STEPS = 12, len(COLOURS)
#: The table of what the steps of a regulation move, and what its picture is called; of others, as they are.
OF_STEPS, STEPS = "by_area", to_say("Hva hvert trinn flytter")
#: The room that is kept free at each end for what is said of the bars, in pixels.
ENDS = 62


def moved(table: Table, width: int, leads: asked.Leads = asked.nowhere) -> Chart | None:
    """Draw what steps or scenarios move; not what is arithmetic alone. None where there is too much to be read."""
    places = [number for number, column in enumerate(table.columns) if number and not column.detail]
    areas = table.body
    if len(areas) > MOST_AREAS or not 0 < len(places) <= MOST_STEPS:
        return None
    steps = [table.columns[place].heading for place in places]
    lanes, colours = len(places), dict(zip(steps, COLOURS, strict=False))
    spans = [
        (colours[steps[lane]], in_millions(cells[place]), top(row, lanes, lane))
        for row, cells in enumerate(areas)
        for lane, place in enumerate(places)
    ]
    along = axis([value for _, value, _ in spans], width, say("millioner kroner"), signed=True, room=ENDS)
    said = [
        {step: asked.with_band(cells[place], table.columns[place]) for step, place in zip(steps, places, strict=True)}
        for cells in areas
    ]
    words = [
        f"{cells[0]}: {', '.join(f'{step} {amount} kr' for step, amount in of.items())}"
        for cells, of in zip(areas, said, strict=True)
    ]
    marks = [
        mark
        for colour, value, y in spans
        for mark in (
            bar(along, 0, value, y, colour),
            beyond(along, value, y, numbers.signed_one_decimal(value), 1 if value >= 0 else -1),
        )
    ]
    named = names([(str(cells[0]), "") for cells in areas], width, lanes)
    told = [
        over_bar(
            asked.by_rule(f"{cells[0]}, {step}: {amount} kr", GIVEN),
            top(row, lanes, lane),
            width,
            leads(str(cells[0]), GIVEN, step),
        )
        for row, (cells, of) in enumerate(zip(areas, said, strict=True))
        for lane, (step, amount) in enumerate(of.items())
    ]
    plot = Plot(width, height(len(areas), lanes), [*marks, *named], told, along, key=list(colours.items()))
    title = say(STEPS) if table.id == OF_STEPS else table.title
    return Chart(title, f"{'; '.join(words)}.", [plot])

"""The bounds of the categories: what a user across one is worth, and how many users are near it."""

from __future__ import annotations

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, OTHERS, Chart
from openfisca_bergen_hbt.report.forms.charts.plot import Plot, axis
from openfisca_bergen_hbt.report.forms.charts.rows import (
    Row,
    bar,
    beyond,
    by_row,
    height,
    in_millions,
    lying,
    names,
    top,
)
from openfisca_bergen_hbt.report.paper import Table
from openfisca_bergen_hbt.report.writing import written
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say

#: The colours of users below a bound, and on it or above.
SIDES = (LIGHT_TO_DARK[0], LIGHT_TO_DARK[2])
#: The room that is kept free for what is said of the bars, in pixels.
ENDS = 40
#: How many rows are last about an hour more, and not about a bound.
OF_AN_HOUR = 2


def worth(table: Table, width: int) -> Chart | None:
    """Draw what a user is worth who reaches each bound, beside an hour more within a category, and what that costs."""
    shown = [row for row in table.rows if isinstance(row[1], int | float)]
    if len(shown) <= OF_AN_HOUR:  # what the bounds are worth is held back
        return None
    said = [f"{written(row[1], table.columns[1])} kr" for row in shown]
    rows = [
        Row(
            str(row[0]),
            in_millions(row[1]),
            LIGHT_TO_DARK[1] if place < len(shown) - 1 else OTHERS,  # a price, and nothing that is paid
            amount,
            say("{bound}: {amount} i året. Kilde: vektene, potten og timeprisen").format(bound=row[0], amount=amount),
        )
        for place, (row, amount) in enumerate(zip(shown, said, strict=True))
    ]
    words = [f"{row[0]}: {amount}" for row, amount in zip(shown, said, strict=True)]
    drawn = lying(rows, width, say("millioner kroner i året"))
    return Chart(table.title, f"{'; '.join(words)}.", [drawn])


def near(table: Table, width: int) -> Chart | None:
    """Draw the users of all units just below each bound, and on it or just above; not where one is held back."""
    if any(row[2] is None or row[3] is None for row in table.rows):
        return None
    counts: dict[str, list[float]] = {}
    for _, bound, below, above, *_ in table.rows:
        of = counts.setdefault(str(bound), [0.0, 0.0])
        of[0] += float(below or 0)
        of[1] += float(above or 0)
    if not counts:
        return None
    sides = [column.heading for column in table.columns[2:4]]
    along = axis([count for of in counts.values() for count in of], width - ENDS, say("brukere"), whole=True)
    marks = [
        mark
        for row, of in enumerate(counts.values())
        for lane, (count, colour) in enumerate(zip(of, SIDES, strict=True))
        for y in [top(row, 2, lane)]
        for mark in (bar(along, 0, count, y, colour), beyond(along, count, y, numbers.whole(count), 1))
    ]
    words = [
        f"{bound}: "
        + ", ".join(f"{numbers.whole(count)} {side.lower()}" for count, side in zip(of, sides, strict=True))
        for bound, of in counts.items()
    ]
    source = say("{users}. Kilde: timene i januar og kategorienes nedre grenser")
    told = by_row([source.format(users=said) for said in words], width, 2)
    marks += names([(bound, "") for bound in counts], width, 2)
    key = list(zip(sides, SIDES, strict=True))
    plot = Plot(width, height(len(counts), 2), marks, told, along, key=key)
    return Chart(say("Brukere nær grensene, i alle enhetene"), f"{'; '.join(words)}.", [plot])

"""What a forecast says, drawn: the units' bands, the pool along the months, the next change, the reserve."""

from __future__ import annotations

from collections.abc import Sequence

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, OTHERS, Chart
from openfisca_bergen_hbt.report.forms.charts.asked import Told
from openfisca_bergen_hbt.report.forms.charts.plot import Plot, area, axis, box, dot, line, of_names
from openfisca_bergen_hbt.report.forms.charts.rows import (
    THICK,
    Row,
    bar,
    by_row,
    height,
    in_millions,
    lying,
    names,
    top,
)
from openfisca_bergen_hbt.report.paper import Cell, Table
from openfisca_bergen_hbt.report.writing import written
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: The colours of what is left, and of what is not covered.
LEFT, SHORT = LIGHT_TO_DARK[1], "#b35900"
#: What an upright axis takes of the width, in pixels.
BESIDE = 48
#: How tall a chart along time is, and what is kept free at the ends of an axis that does not begin at 0, in pixels.
HIGH, ENDS = 220, 18
NOT_FROM_ZERO = to_say("millioner kroner (begynner ikke på 0)")
#: How many units a chart holds: those that are given most.
MOST = 24


def unit_ranges(table: Table, width: int) -> Chart | None:
    """Draw the band of what each unit is given, with a mark for the expected path."""
    rows = sorted(table.rows[:-1], key=lambda row: -in_millions(row[1]))[:MOST]
    if not rows:
        return None
    reached = [[in_millions(row[place]) for place in (1, 2, 3)] for row in rows]
    ends = [end for _, low, high in reached for end in (low, high)]
    along = axis(ends, width, say(NOT_FROM_ZERO), from_zero=False, room=ENDS)
    marks = [
        mark
        for number, (middle, low, high) in enumerate(reached)
        for mark in (
            bar(along, low, high, top(number), LIGHT_TO_DARK[0]),
            box(along.at(middle) - 1.5, top(number), 3, THICK, "#000"),
        )
    ]
    words = [", ".join(written(row[place], table.columns[place]) for place in range(4)) for row in rows]
    marks += names([(str(row[0]), _said(row)) for row in rows], width)
    plot = Plot(width, height(len(rows)), marks, by_row(list(map(_told, rows)), width), along)
    return Chart(table.title, say("Ventet, fra og til: {figures}.").format(figures="; ".join(words)), [plot])


def along_time(table: Table, width: int, colour: str = LEFT) -> Chart | None:
    """Draw an amount month by month, or year by year, with its band; not for a single one."""
    reached = [[in_millions(row[place]) for place in (1, 2, 3)] for row in table.rows]
    wide = width - BESIDE
    along = of_names([_when(row) for row in table.rows], wide)
    measured = say("millioner kroner") if table.columns[1].kind == "kr" else say("millioner timer")
    up = axis([value for values in reached for value in values], HIGH, measured)

    def path(which: int) -> list[tuple[float, float]]:
        return [(along.at(place + 0.5), HIGH - up.at(values[which])) for place, values in enumerate(reached)]

    middle = path(0)
    marks = [area([*path(1), *reversed(path(2))], colour), line(middle, colour, 2.5)]
    marks += [dot(x, y, 3, colour) for x, y in middle]
    part = along.at(1) - along.at(0)
    told = [Told(_told(row), part * place, 0, part, HIGH) for place, row in enumerate(table.rows)]
    words = [f"{row[0]} {', '.join(written(row[n], table.columns[n]) for n in (1, 2, 3))}" for row in table.rows]
    plot = Plot(wide, HIGH, marks, told, along, up)
    return Chart(table.title, say("Ventet, fra og til: {figures}.").format(figures="; ".join(words)), [plot])


def next_change(table: Table, width: int) -> Chart | None:
    """Draw the change in the mix of users month by month beside what makes it material; not where it is held back."""
    if any(row[1] is None for row in table.rows):
        return None
    rows = [
        Row(
            str(row[0]),
            100 * float(row[1] or 0),
            SHORT if float(row[1] or 0) >= float(row[2] or 0) else LEFT,
            f"{written(row[1], table.columns[1])}{f' · {row[3]}' if row[3] else ''}",
        )
        for row in table.rows
    ]
    threshold = table.rows[0][2]
    limit = Row(say("Terskel"), 100 * float(threshold or 0), OTHERS, written(threshold, table.columns[2]))
    drawn = lying([limit, *rows], width, say("endring i prosent"))
    words = [f"{row[0]} {written(row[1], table.columns[1])}, {row[3] or say('ikke sett')}" for row in table.rows]
    title = say("{title}, og hvor ofte den først når terskelen").format(title=table.title)
    return Chart(title, f"{say('Terskel {limit}').format(limit=limit.said)}. {'; '.join(words)}.", [drawn])


def reserve(table: Table, width: int) -> Chart | None:
    """Draw what was set aside and what is left; of the first etater, and not where a balance is held back."""
    if any(row[2] is None for row in table.rows):
        return None
    rows = [
        Row(f"{row[0]}: {what}", in_millions(row[place]), colour, written(row[place], table.columns[place]))
        for row in table.rows[: MOST // 2]
        for what, place, colour in ((say("avsatt"), 1, LIGHT_TO_DARK[0]), (say("saldo"), 2, LIGHT_TO_DARK[2]))
    ]
    words = [f"{row.name} {row.said} kr" for row in rows]
    return Chart(table.title, f"{'; '.join(words)}.", [lying(rows, width, say("millioner kroner"))]) if rows else None


def waterfall(table: Table, width: int) -> Chart | None:
    """Draw the way from the frame to the cost; not where a step of it is held back."""
    if any(row[1] is None for row in table.rows):
        return None
    reached, last = 0.0, len(table.rows) - 1
    spans: list[tuple[float, float, str]] = []
    for place, (_, amount) in enumerate(table.rows):
        value, ends = in_millions(amount), place in (0, last)
        start = value if ends else reached
        reached = value if ends else reached + value
        spans.append((start, reached, LIGHT_TO_DARK[2] if ends else SHORT if value > 0 else LEFT))
    along = axis([end for span in spans for end in span[:2]], width, say(NOT_FROM_ZERO), from_zero=False, room=ENDS)
    marks = [
        box(along.at(start) - 2, top(place), 4, THICK, colour)
        if place in (0, last)
        else bar(along, start, end, top(place), colour)
        for place, (start, end, colour) in enumerate(spans)
    ]
    said = [
        (str(name), (numbers.whole if place in (0, last) else numbers.signed)(float(amount or 0)))
        for place, (name, amount) in enumerate(table.rows)
    ]
    words = [f"{name} {amount}" for name, amount in said]
    told = by_row([f"{one} kr" for one in words], width)
    plot = Plot(width, height(len(said)), [*marks, *names(said, width)], told, along)
    return Chart(table.title, f"{'; '.join(words)} kr.", [plot])


def _said(row: Sequence[Cell]) -> str:
    low, high = (numbers.one_decimal(in_millions(row[place])) for place in (2, 3))
    middle = numbers.one_decimal(in_millions(row[1]))
    return f"{middle} {say('mill.')}" if low == high else f"{middle} ({low}–{high}) {say('mill.')}"


def _told(row: Sequence[Cell]) -> str:
    """Return an expected amount in words, with its band."""
    middle, low, high = (numbers.one_decimal(in_millions(row[place])) for place in (1, 2, 3))
    return say("{name}: ventet {middle} millioner, spenn {low} til {high}").format(
        name=row[0], middle=middle, low=low, high=high
    )


def _when(row: Sequence[Cell]) -> str:
    """Return a month in three letters; a year as it is."""
    return str(row[0]) if str(row[0]).isdigit() else str(row[0])[:3]

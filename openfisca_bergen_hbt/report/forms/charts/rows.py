"""Bars below each other, each with its name above it and its figure at the right: as readable on a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from markupsafe import Markup

from openfisca_bergen_hbt.report.forms.charts.asked import Told
from openfisca_bergen_hbt.report.forms.charts.plot import Axis, Plot, axis, box, text
from openfisca_bergen_hbt.report.paper import Cell
from openfisca_bergen_hbt.report.writing import MILLION

#: The width of a chart on a telephone, in pixels: what is left of 375 beside the margins of a page and the chart's own.
NARROW = 300
#: How tall a row is for each of its bars, and besides them; how tall a bar is, and where the line of a name stands.
LANE, ABOVE, THICK, NAME = 15, 24, 11, 13
#: How large letters are, and how wide: a browser's font can be wider than the one that they were measured with.
LETTERS, WIDE = 12, 7.2


class Row(NamedTuple):
    """A row with one bar."""

    name: str
    value: float
    colour: str
    #: What stands at its right.
    said: str
    #: Its words where it is asked, and where they are explained; empty for its name with what is said.
    words: str = ""
    link: str = ""


def in_millions(cell: Cell) -> float:
    """Return an amount in millions; 0 for none."""
    return float(cell) / MILLION if isinstance(cell, int | float) else 0.0


def height(rows: int, lanes: int = 1) -> int:
    """Return how tall so many rows are, each with so many bars."""
    return rows * (ABOVE + LANE * lanes)


def top(row: int, lanes: int = 1, lane: int = 0) -> int:
    """Return where a bar of a row begins, from the top of the chart."""
    return height(row, lanes) + ABOVE - 4 + LANE * lane


def names(said: Sequence[tuple[str, str]], width: int, lanes: int = 1) -> list[Markup]:
    """Return what each row is called, at the left above its bars, and what is said of it, at the right."""
    room = int((width - WIDE * max((len(figure) for _, figure in said), default=0)) / WIDE)
    found = []
    for row, (name, figure) in enumerate(said):
        y = height(row, lanes) + NAME
        shown = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
        found.append(text(0, y, shown, size=LETTERS, bold=True))
        if figure:
            found.append(text(width, y, figure, anchor="end", size=LETTERS))
    return found


def bar(along: Axis, start: float, end: float, y: float, colour: str) -> Markup:
    """Return a bar from a value to another, so many pixels from the top."""
    return box(along.at(start), y, along.at(end) - along.at(start), THICK, colour)


def beyond(along: Axis, end: float, y: float, said: str, side: int) -> Markup:
    """Return what is said of a bar beyond its end: at its right (1) or its left (-1)."""
    return text(along.at(end) + 4 * side, y + THICK - 2, said, anchor="start" if side > 0 else "end")


def over_bar(words: str, y: float, width: int, link: str) -> Told:
    """Return what can be asked of a bar, from side to side: its words, and where they are explained."""
    return Told(words, 0, y - 2, width, LANE, link)


def by_row(words: Sequence[str], width: int, lanes: int = 1, links: Sequence[str] = ()) -> list[Told]:
    """Return what can be asked of whole rows, each with its name and its bars: words, and where they are explained."""
    return [
        Told(said, 0, height(number, lanes), width, height(1, lanes), link)
        for number, (said, link) in enumerate(zip_longest(words, links, fillvalue=""))
    ]


def lying(rows: Sequence[Row], width: int, title: str, **options: Any) -> Plot:
    """Return a bar for each row, with its name above it and what is said of it at the right.

    Args:
        rows: what is drawn.
        width: how wide it is, in pixels.
        title: what the bars are measured in.
        **options: of their axis (``plot.axis``).
    """
    along = axis([row.value for row in rows], width, title, **options)
    bars = [bar(along, 0, row.value, top(number), row.colour) for number, row in enumerate(rows)]
    named = names([(row.name, row.said) for row in rows], width)
    told = by_row([row.words or f"{row.name}: {row.said}" for row in rows], width, links=[row.link for row in rows])
    return Plot(width, height(len(rows)), [*bars, *named], told, along)

"""Bars below each other, each with its name above it and its figure at the right: as readable on a telephone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from openfisca_bergen_hbt.report.forms.charts.asked import Told
from openfisca_bergen_hbt.report.forms.charts.plot import Axis, Plot, axis, box, text

#: The width of a chart on a telephone, in pixels: what is left of 375 beside the margins of a page and the chart's own.
NARROW = 300
#: How tall a row is for each of its bars, and besides them; how tall a bar is, and where the line of a name stands.
LANE, ABOVE, THICK, NAME = 15, 24, 11, 13
#: How large letters are, and how wide: a browser's font can be wider than the one that they were measured with.
LETTERS, WIDE = 12, 7.2


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


def by_bar(bars: Iterable[Mapping[str, Any]], width: int) -> list[Told]:
    """Return what can be asked of bars at the ``y`` of each, from side to side: its words (``ord``) and ``lenke``."""
    return [Told(one["ord"], 0, one["y"] - 2, width, LANE, one.get("lenke", "")) for one in bars]


def by_row(rows: Iterable[Mapping[str, Any]], width: int, lanes: int = 1) -> list[Told]:
    """Return what can be asked of whole rows, each with its name and its bars: its words (``ord``) and ``lenke``."""
    return [
        Told(row["ord"], 0, height(number, lanes), width, height(1, lanes), row.get("lenke", ""))
        for number, row in enumerate(rows)
    ]


def lying(rows: Sequence[Mapping[str, Any]], width: int, title: str, **options: Any) -> Plot:
    """Return a bar for each row: its ``navn`` above it, its ``sagt`` at the right, as long as its ``verdi``.

    Args:
        rows: what is drawn, each with its ``farge``, and its words (``ord``) where they are others.
        width: how wide it is, in pixels.
        title: what the bars are measured in.
        **options: of their axis (``plot.axis``).
    """
    along = axis([row["verdi"] for row in rows], width, title, **options)
    bars = [bar(along, 0, row["verdi"], top(number), row["farge"]) for number, row in enumerate(rows)]
    named = names([(row["navn"], row["sagt"]) for row in rows], width)
    told = [{"ord": f"{row['navn']}: {row['sagt']}", **row} for row in rows]
    return Plot(width, height(len(rows)), [*bars, *named], by_row(told, width), along)

"""Bars below each other, each with its name above it and its figure at the right: as readable on a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import OUTLINED, asked, axis, chart_of_rows

#: The width of a chart on a telephone, in pixels: what is left of 375 beside the margins of a page and the chart's own.
NARROW = 300
#: How tall a row is for each of its bars, and besides them; how tall a bar is, and where the middle of a name stands.
LANE, ABOVE, THICK, NAME = 15, 24, 11, 9
#: How large letters are, and how wide at the most: a browser's font can be wider than the one it is measured with.
LETTERS, WIDEST = 12, 7.6
#: What part of the room beside a figure a name is given, as bold letters are wider still.
NAMED = 0.92


def height(rows: int, lanes: int = 1) -> int:
    """Return how tall so many rows are, each with so many bars."""
    return rows * (ABOVE + LANE * lanes)


def top(row: int, lanes: int = 1, lane: int = 0) -> int:
    """Return where a bar of a row begins, from the top of the chart."""
    return height(row, lanes) + ABOVE - 4 + LANE * lane


def names(said: Sequence[tuple[str, str]], width: int, lanes: int = 1) -> Any:
    """Return what each row is called, at the left above its bars, and what is said of it, at the right."""
    room = NAMED * (width - WIDEST * max((len(figure) for _, figure in said), default=0))
    rows = [{"navn": name, "sagt": figure, "y": height(row, lanes) + NAME} for row, (name, figure) in enumerate(said)]
    base = chart_of_rows(rows, width, height(len(rows), lanes)).encode(y=altair.Y("y:Q", scale=None, axis=None))
    left = base.mark_text(align="left", fontSize=LETTERS, limit=room, fontWeight=600)
    right = base.mark_text(align="right", fontSize=LETTERS)
    return left.encode(x=altair.value(0), text="navn:N") + right.encode(x=altair.value(width), text="sagt:N")


def bars(rows: Sequence[dict[str, Any]], width: int, tall: int) -> Any:
    """Return bars that begin at the ``y`` of each row, in pixels; along which axis, and how coloured, is yet to say."""
    placed = [{**row, "bunn": row["y"] + THICK} for row in rows]
    chart = chart_of_rows(placed, width, tall).mark_bar(**OUTLINED)
    return chart.encode(y=altair.Y("y:Q", scale=None, axis=None), y2="bunn:Q")


def told(rows: Sequence[dict[str, Any]], width: int, tall: int) -> Any:
    """Return what can be asked of bars that begin at the ``y`` of each row: its words (``ord``), from side to side."""
    placed = [{**row, "øverst": row["y"] - 2, "nederst": row["y"] + LANE - 2} for row in rows]
    return asked.across(chart_of_rows(placed, width, tall), width)


def lying(rows: Sequence[dict[str, Any]], width: int, title: str, **options: Any) -> Any:
    """Return a bar for each row: its ``navn`` above it, its ``sagt`` at the right, as long as its ``verdi``.

    Args:
        rows: what is drawn, each with its ``farge``, and its words (``ord``) where they are others.
        width: how wide it is, in pixels.
        title: what the bars are measured in.
        **options: of their axis (``charts.axis``).
    """
    told = [{"ord": f"{row['navn']}: {row['sagt']}", **row} for row in rows]
    placed = [{**row, "y": top(number), "null": 0} for number, row in enumerate(told)]
    along = altair.X("null:Q", title=title, axis=axis(rows, "verdi", **options))
    drawn = bars(placed, width, height(len(rows))).encode(
        x=along, x2="verdi:Q", color=altair.Color("farge:N", scale=None)
    )
    named = names([(row["navn"], row["sagt"]) for row in rows], width)
    return altair.layer(drawn, named, told_by_row(told, width))


def told_by_row(rows: Sequence[dict[str, Any]], width: int, lanes: int = 1) -> Any:
    """Return what can be asked of whole rows, each with its name and its bars: its words (``ord``)."""
    placed = [
        {**row, "øverst": height(number, lanes), "nederst": height(number + 1, lanes)}
        for number, row in enumerate(rows)
    ]
    return asked.across(chart_of_rows(placed, width, height(len(rows), lanes)), width)

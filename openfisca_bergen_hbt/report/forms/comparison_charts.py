"""The charts of a comparison's report: the ladder, who gains and who loses, and the users by category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair
from markupsafe import Markup

from openfisca_bergen_hbt.report.forms import charts as drawing
from openfisca_bergen_hbt.report.forms.charts import HEIGHT, WIDTH
from openfisca_bergen_hbt.report.paper import Cell, Paper, Table, written
from openfisca_bergen_hbt.report.subjects.figures import SAME

#: The columns of the ladder that are drawn.
STEPS = ("Aktiviteten koster", "Disponibel ramme", "Delt ut")
GAIN, LOSS = "#1b5e7b", "#b35900"
#: How many groups a chart of changes holds: the ones that gain and lose most.
MOST = 24
SHADES = ["#b3cde3", "#6497b1", "#03396c"]


@dataclass(frozen=True)
class Drawn:
    """A chart as SVG, which carries what it says in words, and its title."""

    title: str
    svg: Markup


def charts(paper: Paper) -> dict[str, Drawn]:
    """Return the charts of a comparison's paper by the table drawn; those that have nothing to show are left out."""
    draw = {"ladder": _ladder, "areas": _change, "bands": _bands, "categories": _categories}
    found = {table.id: draw[table.id](table) for table in paper.tables if table.id in draw}
    return {name: drawn for name, drawn in found.items() if drawn}


def _drawn(title: str, chart: Any, words: Sequence[str]) -> Drawn:
    return Drawn(title, drawing.svg(chart, title, f"{'; '.join(words)}."))


def _written(table: Table, row: Sequence[Cell], column: int) -> str:
    return written(row[column], table.columns[column])


def _column(table: Table, heading: str) -> int | None:
    """Return where a column stands; None where the table has none."""
    headings = [column.heading for column in table.columns]
    return headings.index(heading) if heading in headings else None


def _ladder(table: Table) -> Drawn:
    """Draw what the activity costs, the frame and what is handed out, step by step."""
    shown = [number for number, column in enumerate(table.columns) if column.heading in STEPS]
    steps = [row for row in table.rows if row[-1] != SAME]
    rows = [
        {"trinn": str(row[0]), "hva": table.columns[number].heading, "mill": float(row[number] or 0) / 1e6}
        for row in steps
        for number in shown
    ]
    order = [table.columns[number].heading for number in shown]
    chart = (
        altair.Chart(drawing.values(rows), width=WIDTH - 120, height=max(26 * len(rows), 120))
        .mark_bar(stroke="black", strokeWidth=0.3)
        .encode(
            y=altair.Y("trinn:N", title=None, sort=None, axis=altair.Axis(labelLimit=320)),
            yOffset=altair.YOffset("hva:N", sort=order),
            x=altair.X("mill:Q", title="millioner kroner", axis=altair.Axis(format=",.0f", tickCount=6)),
            color=altair.Color(
                "hva:N", title=None, sort=order, scale=altair.Scale(range=SHADES), legend=altair.Legend(orient="top")
            ),
        )
    )
    words = [
        f"{row[0]}: " + ", ".join(f"{table.columns[n].heading.lower()} {_written(table, row, n)} kr" for n in shown)
        for row in steps
    ]
    left_out = " (uten de trinnene som ikke flytter en krone)" if len(steps) < len(table.rows) else ""
    return _drawn(f"Hva aktiviteten koster, rammen og det som deles ut{left_out}", chart, words)


def _change(table: Table) -> Drawn | None:
    """Draw what each area, or unit, gains or loses in per cent."""
    kroner, share = _column(table, "Endring, kr"), _column(table, "Endring, %")
    if kroner is None or share is None:
        return None
    rows = [row for row in table.rows[:-1] if isinstance(row[share], float)]
    rows.sort(key=lambda row: float(row[share] or 0), reverse=True)
    if len(rows) > MOST:
        rows = rows[: MOST // 2] + rows[-MOST // 2 :]
    points = [
        {"hvem": str(row[0]), "prosent": float(row[share] or 0) * 100, "mer": float(row[share] or 0) >= 0}
        for row in rows
    ]
    base = altair.Chart(drawing.values(points), width=WIDTH - 120, height=max(26 * len(points), 60)).encode(
        y=altair.Y("hvem:N", title=None, sort=None, axis=altair.Axis(labelLimit=220)),
        x=altair.X("prosent:Q", title="endring i prosent", axis=altair.Axis(format="+,.0f")),
    )
    colour = altair.condition("datum.mer", altair.value(GAIN), altair.value(LOSS))
    bars = base.mark_bar(stroke="black", strokeWidth=0.3).encode(color=colour)
    words = [f"{row[0]} {_written(table, row, share)} ({_written(table, row, kroner)} kr)" for row in rows]
    chosen = " (de som får mest mer og mest mindre)" if len(table.rows) - 1 > len(rows) else ""
    return _drawn(f"Endring i samlet tildeling fra første til siste regelverk{chosen}", bars, words)


def _bands(table: Table) -> Drawn:
    """Draw how many units stand in each band of change."""
    rows = [{"endring": str(row[0]), "enheter": float(row[1] or 0)} for row in table.rows]
    base = altair.Chart(drawing.values(rows), width=WIDTH - 160, height=max(26 * len(rows), 60)).encode(
        y=altair.Y("endring:N", title=None, sort=None, axis=altair.Axis(labelLimit=260)),
        x=altair.X("enheter:Q", title="enheter", axis=altair.Axis(format=",.0f", tickMinStep=1)),
    )
    words = [f"{row[0]}: {_written(table, row, 1)} enheter" for row in table.rows]
    bars = base.mark_bar(stroke="black", strokeWidth=0.3, color=SHADES[1])
    return _drawn("Enheter etter hvor mye de får mer eller mindre", bars, words)


def _categories(table: Table) -> Drawn | None:
    """Draw the users of all units by category; not where that is held back."""
    total = table.rows[-1]
    places = [number for number, column in enumerate(table.columns) if column.heading.startswith("Kategori")]
    if any(total[number] is None for number in places):
        return None
    rows = [{"kategori": table.columns[number].heading, "brukere": float(total[number] or 0)} for number in places]
    chart = (
        altair.Chart(drawing.values(rows), width=WIDTH - 120, height=HEIGHT - 60)
        .mark_bar(stroke="black", strokeWidth=0.3, color=SHADES[1])
        .encode(
            x=altair.X("kategori:N", title=None, sort=None, axis=altair.Axis(labelAngle=0)),
            y=altair.Y("brukere:Q", title="brukere", axis=altair.Axis(format=",.0f")),
        )
    )
    words = [f"{table.columns[n].heading}: {_written(table, total, n)} brukere" for n in places]
    return _drawn("Brukere etter kategori ved inngangen av året", chart, words)

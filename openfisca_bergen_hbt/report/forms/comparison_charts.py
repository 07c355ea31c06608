"""The charts of tables: the ladder, who gains, users by category, why hours grew, how sure it is, what bounds pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair

from openfisca_bergen_hbt.report.forms.charts import HEIGHT, LIGHT_TO_DARK, OUTLINED, WIDTH, Chart, axis, chart_of_rows
from openfisca_bergen_hbt.report.forms.charts.growth import waterfalls
from openfisca_bergen_hbt.report.forms.charts.stairs import stairs
from openfisca_bergen_hbt.report.forms.charts.tornado import tornado, unit_bands
from openfisca_bergen_hbt.report.paper import Cell, Paper, Table, written
from openfisca_bergen_hbt.report.parts.figures import is_same

#: The columns of the ladder that are drawn.
STEPS = ("Aktiviteten koster", "Disponibel ramme", "Delt ut")
GAIN, LOSS = "#1b5e7b", "#b35900"
#: How many groups a chart of changes holds: the ones that gain and lose most.
MOST = 24


def charts_by_table(paper: Paper) -> dict[str, Chart]:
    """Return the charts of a paper by the table drawn; those that have nothing to show are left out."""
    draw = {
        "ladder": _ladder,
        "change": _change,
        "bands": _bands,
        "categories": _categories,
        "growth": waterfalls,
        "paid": stairs,
        "tornado": tornado,
        "unit_bands": unit_bands,
    }
    found = {table.id: draw[table.id](table) for table in paper.tables if table.id in draw}
    return {name: chart for name, chart in found.items() if chart}


def _chart(title: str, drawn: Any, words: Sequence[str]) -> Chart:
    return Chart(title, f"{'; '.join(words)}.", drawn)


def _written(table: Table, row: Sequence[Cell], column: int) -> str:
    return written(row[column], table.columns[column]).replace("\n", ", ")


def _lying(rows: list[dict[str, Any]], names: str, width: int, room: int, least: int) -> Any:
    """Return a chart of rows below each other, with room for their names."""
    y = altair.Y(names, title=None, sort=None, axis=altair.Axis(labelLimit=room))
    return chart_of_rows(rows, width, max(26 * len(rows), least)).encode(y=y)


def _ladder(table: Table) -> Chart:
    """Draw what the activity costs, the frame and what is handed out, step by step."""
    shown = {number: column.heading for number, column in enumerate(table.columns) if column.heading in STEPS}
    steps = [row for row in table.rows if not is_same(str(row[-1]))]
    rows = [
        {"trinn": str(row[0]), "hva": heading, "mill": float(row[number] or 0) / 1e6}
        for row in steps
        for number, heading in shown.items()
    ]
    order = list(shown.values())
    colours, above = altair.Scale(range=LIGHT_TO_DARK), altair.Legend(orient="top")
    bars = (
        _lying(rows, "trinn:N", WIDTH - 120, 320, 120)
        .mark_bar(**OUTLINED)
        .encode(
            yOffset=altair.YOffset("hva:N", sort=order),
            x=altair.X("mill:Q", title="millioner kroner", axis=axis(rows, "mill")),
            color=altair.Color("hva:N", title=None, sort=order, scale=colours, legend=above),
        )
    )
    words = [
        f"{row[0]}: " + ", ".join(f"{heading.lower()} {_written(table, row, n)} kr" for n, heading in shown.items())
        for row in steps
    ]
    left_out = " (uten de trinnene som ikke endrer noe)" if len(steps) < len(table.rows) else ""
    return _chart(f"Hva aktiviteten koster, rammen og det som deles ut{left_out}", bars, words)


def _change(table: Table) -> Chart | None:
    """Draw what each area, or unit, gains or loses in per cent."""
    places = {column.heading: number for number, column in enumerate(table.columns)}
    if "Endring, %" not in places:
        return None
    kroner, per_cent = places["Endring, kr"], places["Endring, %"]
    changes = [(share, row) for row in table.rows[:-1] if isinstance(share := row[per_cent], float)]
    changes.sort(key=lambda change: change[0], reverse=True)
    if len(changes) > MOST:
        changes = changes[: MOST // 2] + changes[-MOST // 2 :]
    points = [{"hvem": str(row[0]), "prosent": share * 100, "mer": share >= 0} for share, row in changes]
    x = altair.X("prosent:Q", title="endring i prosent", axis=axis(points, "prosent", signed=True))
    colour = altair.condition("datum.mer", altair.value(GAIN), altair.value(LOSS))
    bars = _lying(points, "hvem:N", WIDTH - 120, 220, 60).mark_bar(**OUTLINED).encode(x=x, color=colour)
    words = [f"{row[0]} {_written(table, row, per_cent)} ({_written(table, row, kroner)} kr)" for _, row in changes]
    chosen = " (de som får mest mer og mest mindre)" if len(table.rows) - 1 > len(changes) else ""
    return _chart(f"Endring i samlet tildeling fra første til siste regelverk{chosen}", bars, words)


def _bands(table: Table) -> Chart:
    """Draw how many units stand in each band of change."""
    rows = [{"endring": str(row[0]), "enheter": float(row[1] or 0)} for row in table.rows]
    x = altair.X("enheter:Q", title="enheter", axis=axis(rows, "enheter", whole=True))
    lying = _lying(rows, "endring:N", WIDTH - 160, 260, 60)
    words = [f"{row[0]}: {_written(table, row, 1)} enheter" for row in table.rows]
    bars = lying.mark_bar(**OUTLINED, color=LIGHT_TO_DARK[1]).encode(x=x)
    return _chart("Enheter etter hvor mye de får mer eller mindre", bars, words)


def _categories(table: Table) -> Chart | None:
    """Draw the users of all units by category; not where that is held back."""
    total = table.rows[-1]
    places = [number for number, column in enumerate(table.columns) if column.heading.startswith("Kategori")]
    if any(total[number] is None for number in places):
        return None
    rows = [{"kategori": table.columns[number].heading, "brukere": float(total[number] or 0)} for number in places]
    standing = chart_of_rows(rows, WIDTH - 120, HEIGHT - 60).mark_bar(**OUTLINED, color=LIGHT_TO_DARK[1])
    bars = standing.encode(
        x=altair.X("kategori:N", title=None, sort=None, axis=altair.Axis(labelAngle=0)),
        y=altair.Y("brukere:Q", title="brukere", axis=axis(rows, "brukere", whole=True)),
    )
    words = [f"{table.columns[n].heading}: {_written(table, total, n)} brukere" for n in places]
    return _chart("Brukere etter kategori ved inngangen av året", bars, words)

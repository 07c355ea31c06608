"""The charts of tables: the ladder, who gains, users by category, why hours grew, how sure it is, where a year ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, WIDTH, Chart
from openfisca_bergen_hbt.report.forms.charts.frame import against_frame
from openfisca_bergen_hbt.report.forms.charts.growth import waterfalls
from openfisca_bergen_hbt.report.forms.charts.months import along_time, next_change, reserve, unit_ranges, waterfall
from openfisca_bergen_hbt.report.forms.charts.rows import lying
from openfisca_bergen_hbt.report.forms.charts.stairs import stairs
from openfisca_bergen_hbt.report.forms.charts.tornado import tornado, unit_bands
from openfisca_bergen_hbt.report.paper import Cell, Paper, Table, written
from openfisca_bergen_hbt.text import numbers

GAIN, LOSS = "#1b5e7b", "#b35900"
#: The charts of a forecast and of an outlook, by the table.
OF_FORECAST: dict[str, Callable[..., Chart | None]] = {
    "forecast": unit_ranges,
    "pool": along_time,
    "uncovered": partial(along_time, colour=LOSS),
    "next_change": next_change,
    "reserve": reserve,
    "accounts_steps": waterfall,
    **{f"outlook_{name}": along_time for name in ("hours", "cost", "frame")},
}
#: The tables whose charts can be as narrow as a telephone, and how wide they are then.
NARROWED = ("ladder", "years", "change", "bands", "categories", *OF_FORECAST)
#: How many groups a chart of changes holds: the ones that gain and lose most.
MOST = 24


def charts_by_table(paper: Paper, width: int = WIDTH) -> dict[str, Chart]:
    """Return the charts of a paper by the table drawn; those that have nothing to show are left out.

    Args:
        paper: the paper.
        width: how wide the charts are; those that can't be as narrow as that are left out.
    """
    wanted = [table for table in paper.tables if width == WIDTH or table.id in NARROWED]
    found = {table.id: chart(table, width) for table in wanted}
    return {name: drawn for name, drawn in found.items() if drawn}


def chart(table: Table, width: int = WIDTH) -> Chart | None:
    """Return the chart of a table, as wide as said where it can be (``NARROWED``); None where there is none to draw."""
    draw: dict[str, Callable[[Table], Chart | None]] = {
        "ladder": partial(against_frame, width=width),
        "years": partial(against_frame, width=width),
        "change": partial(_change, width=width),
        "bands": partial(_bands, width=width),
        "categories": partial(_categories, width=width),
        "growth": waterfalls,
        "paid": stairs,
        "tornado": tornado,
        "unit_bands": unit_bands,
        **{name: partial(of_forecast, width=width) for name, of_forecast in OF_FORECAST.items()},
    }
    return draw[table.id](table) if table.id in draw else None


def _chart(title: str, drawn: Any, words: Sequence[str]) -> Chart:
    return Chart(title, f"{'; '.join(words)}.", drawn)


def _written(table: Table, row: Sequence[Cell], column: int) -> str:
    return written(row[column], table.columns[column]).replace("\n", ", ")


def _change(table: Table, width: int) -> Chart | None:
    """Draw what each area, or unit, gains or loses in per cent."""
    places = {column.heading: number for number, column in enumerate(table.columns)}
    if "Endring, %" not in places:
        return None
    kroner, per_cent = places["Endring, kr"], places["Endring, %"]
    changes = [(share, row) for row in table.rows[:-1] if isinstance(share := row[per_cent], float)]
    changes.sort(key=lambda change: change[0], reverse=True)
    if len(changes) > MOST:
        changes = changes[: MOST // 2] + changes[-MOST // 2 :]
    points = [
        {
            "navn": str(row[0]),
            "verdi": share * 100,
            "farge": GAIN if share >= 0 else LOSS,
            "sagt": f"{written(float(share), table.columns[per_cent])} ({numbers.signed(float(row[kroner] or 0))} kr)",
        }
        for share, row in changes
    ]
    words = [f"{row[0]} {_written(table, row, per_cent)} ({_written(table, row, kroner)} kr)" for _, row in changes]
    chosen = " (de som får mest mer og mest mindre)" if len(table.rows) - 1 > len(changes) else ""
    drawn = lying(points, width, "endring i prosent", signed=True)
    return _chart(f"Endring i samlet tildeling fra første til siste regelverk{chosen}", drawn, words)


def _bands(table: Table, width: int) -> Chart:
    """Draw how many units stand in each band of change."""
    rows = [
        {"navn": str(row[0]), "verdi": float(row[1] or 0), "farge": LIGHT_TO_DARK[1], "sagt": _written(table, row, 1)}
        for row in table.rows
    ]
    words = [f"{row[0]}: {_written(table, row, 1)} enheter" for row in table.rows]
    return _chart("Enheter etter hvor mye de får mer eller mindre", lying(rows, width, "enheter", whole=True), words)


def _categories(table: Table, width: int) -> Chart | None:
    """Draw the users of all units by category; not where that is held back."""
    total = table.rows[-1]
    places = [number for number, column in enumerate(table.columns) if column.heading.startswith("Kategori")]
    if any(total[number] is None for number in places):
        return None
    rows = [
        {
            "navn": table.columns[number].heading,
            "verdi": float(total[number] or 0),
            "farge": LIGHT_TO_DARK[1],
            "sagt": _written(table, total, number),
        }
        for number in places
    ]
    words = [f"{row['navn']}: {row['sagt']} brukere" for row in rows]
    return _chart("Brukere etter kategori ved inngangen av året", lying(rows, width, "brukere", whole=True), words)

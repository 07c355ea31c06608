"""The charts of tables: the ladder, who gains, users by category, why hours grew, how sure it is, where a year ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from typing import Any

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.privacy.suppression import COUNTS
from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, WIDTH, Chart, asked
from openfisca_bergen_hbt.report.forms.charts.bounds import near, worth
from openfisca_bergen_hbt.report.forms.charts.frame import against_frame
from openfisca_bergen_hbt.report.forms.charts.growth import waterfalls
from openfisca_bergen_hbt.report.forms.charts.months import along_time, next_change, reserve, unit_ranges, waterfall
from openfisca_bergen_hbt.report.forms.charts.moved import moved
from openfisca_bergen_hbt.report.forms.charts.plot import Axis, Plot, axis
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
from openfisca_bergen_hbt.report.forms.charts.stairs import stairs
from openfisca_bergen_hbt.report.forms.charts.tornado import tornado, unit_bands
from openfisca_bergen_hbt.report.paper import Cell, Paper, Table
from openfisca_bergen_hbt.report.writing import written
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say

GAIN, LOSS = "#1b5e7b", "#b35900"
#: The pots, from the largest on, in colours that differ also without colour.
POTS = ("#03396c", "#b35900", "#6497b1", "#f2d7b6", "#1d6b2f", "#9c1c1c", "#b3cde3", "#555555")
#: The charts of a forecast and of an outlook, by the table.
OF_FORECAST: dict[str, Callable[[Table, int], Chart | None]] = {
    "forecast": unit_ranges,
    "pool": along_time,
    "uncovered": partial(along_time, colour=LOSS),
    "next_change": next_change,
    "reserve": reserve,
    "accounts_steps": waterfall,
    **{f"outlook_{name}": along_time for name in ("hours", "cost", "frame")},
}
#: How many groups a chart of changes holds, or of money: the ends of those that are more.
MOST = 24
Draw = Callable[[Table, int, asked.Leads], Chart | None]


def charts_by_table(paper: Paper, width: int = WIDTH, leads: asked.Leads = asked.nowhere) -> dict[str, Chart]:
    """Return the charts of a paper by the table drawn; those that have nothing to show are left out.

    Args:
        paper: the paper.
        width: how wide the charts are.
        leads: where their figures are explained.
    """
    found = {table.id: chart(table, width, leads) for table in paper.tables}
    return {name: drawn for name, drawn in found.items() if drawn}


def chart(table: Table, width: int = WIDTH, leads: asked.Leads = asked.nowhere) -> Chart | None:
    """Return the chart of a table, as wide as said; None where there is none to draw."""
    explained: dict[str, Draw] = {
        "ladder": against_frame,
        "years": against_frame,
        "change": _change,
        "bands": _bands,
        "by_area": moved,
        "scenarios": against_frame,
        **{f"apart-{level}": moved for level in ("byomraade", "enhet", "etat")},
        "units": _pots,
        "categories": _categories,
        "unit_bands": unit_bands,
    }
    others = {"growth": waterfalls, "paid": stairs, "tornado": tornado, "bounds": worth, "near": near}
    others |= OF_FORECAST
    if table.id in OF_FORECAST and any(row[1] is None for row in table.rows):  # something is held back
        return None
    if table.id in others:
        return others[table.id](table, width)
    return explained[table.id](table, width, leads) if table.id in explained else None


def _written(table: Table, row: Sequence[Cell], column: int) -> str:
    return asked.with_band(row[column], table.columns[column])


def _bars(title: str, rows: Sequence[Row], words: Sequence[str], width: int, what: str, **of: Any) -> Chart:
    """Return the chart of rows as bars that lie (``rows.lying``), along an axis with the options given."""
    return Chart(title, f"{'; '.join(words)}.", [lying(rows, width, what, **of)])


def _change(table: Table, width: int, leads: asked.Leads) -> Chart | None:
    """Draw what each area, or unit, gains or loses in per cent."""
    places = {column.kind: number for number, column in enumerate(table.columns)}
    if "percent_change" not in places:
        return None
    kroner, per_cent = places["kr_change"], places["percent_change"]
    changes = [(share, row) for row in table.rows[:-1] if isinstance(share := row[per_cent], float)]
    changes.sort(key=lambda change: change[0], reverse=True)
    if len(changes) > MOST:
        changes = changes[: MOST // 2] + changes[-MOST // 2 :]
    words = [f"{row[0]} {_written(table, row, per_cent)} ({_written(table, row, kroner)} kr)" for _, row in changes]
    points = [
        Row(
            str(row[0]),
            share * 100,
            GAIN if share >= 0 else LOSS,
            f"{written(float(share), table.columns[per_cent])} ({numbers.signed(float(row[kroner] or 0))} kr)",
            asked.by_rule(said, GIVEN),
            leads(str(row[0]), GIVEN),
        )
        for (share, row), said in zip(changes, words, strict=True)
    ]
    title = say("Endring i samlet tildeling fra første til siste regelverk")
    if len(table.rows) - 1 > len(changes):
        title += f" ({say('de som får mest mer og mest mindre')})"
    return _bars(title, points, words, width, say("endring i prosent"), signed=True)


def _bands(table: Table, width: int, _leads: asked.Leads) -> Chart:
    """Draw how many units stand in each band of change."""
    words = [say("{name}: {number} enheter").format(name=row[0], number=_written(table, row, 1)) for row in table.rows]
    rows = [
        Row(
            str(row[0]),
            float(row[1] or 0),
            LIGHT_TO_DARK[1],
            _written(table, row, 1),
            asked.by_rule(say("{units}, {amount} kr i alt").format(units=said, amount=_written(table, row, 3)), GIVEN),
        )
        for row, said in zip(table.rows, words, strict=True)
    ]
    return _bars(say("Enheter etter hvor mye de får mer eller mindre"), rows, words, width, say("enheter"), whole=True)


def _categories(table: Table, width: int, leads: asked.Leads) -> Chart | None:
    """Draw the users of all units by category; not where that is held back."""
    total = table.rows[-1]
    places = [number for number, column in enumerate(table.columns) if column.variable in COUNTS[:-1]]
    if any(total[number] is None for number in places):
        return None
    columns = [table.columns[number] for number in places]
    words = [
        say("{name}: {number} brukere").format(name=column.heading, number=_written(table, total, number))
        for column, number in zip(columns, places, strict=True)
    ]
    rows = [
        Row(
            column.heading,
            float(total[number] or 0),
            LIGHT_TO_DARK[1],
            _written(table, total, number),
            asked.by_rule(said, column.variable),
            leads("", column.variable),
        )
        for column, number, said in zip(columns, places, words, strict=True)
    ]
    return _bars(say("Brukere etter kategori ved inngangen av året"), rows, words, width, say("brukere"), whole=True)


def _pots(table: Table, width: int, leads: asked.Leads) -> Chart | None:
    """Draw what each unit is given, pot by pot, those that are given most above."""
    headings = [column.heading for column in table.columns]
    given = next((place for place, column in enumerate(table.columns) if column.variable == GIVEN), None)
    if given is None:  # a table of another paper
        return None
    places = [place for place in range(1, given) if table.columns[place].kind == "kr"] or [given]
    shown = sorted(table.body, key=lambda row: -float(row[given] or 0))
    shown = [row for row in shown if isinstance(row[given], float)][:MOST]
    if not shown:
        return None
    spans = [span for number, row in enumerate(shown) for span in _stacked(table, row, places, number, leads)]
    along = axis([end for span in spans for end in (span["fra"], span["mot"])], width, say("millioner kroner"))
    bars = [bar(along, span["fra"], span["mot"], span["y"], span["farge"]) for span in spans]
    named = names(
        [(str(row[0]), f"{numbers.one_decimal(in_millions(row[given]))} {say('mill.')}") for row in shown], width
    )
    in_all = [
        asked.by_rule(say("{name}: i alt {amount} kr").format(name=row[0], amount=_written(table, row, given)), GIVEN)
        for row in shown
    ]
    told = [*by_row(in_all, width, links=[leads(str(row[0]), GIVEN) for row in shown]), *_over(along, spans)]
    words = [
        f"{row[0]}: " + ", ".join(f"{headings[p].lower()} {_written(table, row, p)} kr" for p in places)
        for row in shown
    ]
    title = say("Pengene til hver enhet, pott for pott")
    if len(table.body) > len(shown):
        title += f" ({say('de {most} som får mest').format(most=MOST)})"
    key = [(headings[place], colour) for place, colour in zip(places, cycle(POTS))]
    plot = Plot(width, height(len(shown)), [*bars, *named], told, along, key=key)
    return Chart(title, f"{'; '.join(words)}.", [plot])


def _over(along: Axis, spans: Sequence[dict[str, Any]]) -> list[asked.Told]:
    """Return what can be asked of bars that stand beside each other."""
    return [
        asked.Told(one["ord"], start, one["y"], along.at(one["mot"]) - start, THICK, one["lenke"])
        for one in spans
        for start in [along.at(one["fra"])]
    ]


def _stacked(
    table: Table, row: Sequence[Cell], places: Sequence[int], number: int, leads: asked.Leads
) -> Iterator[dict[str, Any]]:
    """Yield the pots of a unit, one after the other; those that take from it to the left of 0."""
    ends = {True: 0.0, False: 0.0}
    for place, colour in zip(places, cycle(POTS)):
        amount, heading = in_millions(row[place]), table.columns[place].heading
        if amount:
            start = ends[amount > 0]
            ends[amount > 0] += amount
            variable = table.columns[place].variable
            words = asked.by_rule(f"{row[0]}: {heading.lower()} {_written(table, row, place)} kr", variable)
            mine = {"farge": colour, "ord": words, "lenke": leads(str(row[0]), variable), "y": top(number)}
            yield {**mine, "fra": start, "mot": start + amount}

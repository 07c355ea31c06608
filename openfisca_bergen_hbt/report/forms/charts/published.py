"""The published figures as charts: by area and year, the norm times before and after, Bergen beside others."""

from __future__ import annotations

from collections.abc import Sequence

from openfisca_bergen_hbt.analysis.published import RATIOS, SUM, Figure
from openfisca_bergen_hbt.report.forms.charts import LIGHT_TO_DARK, OTHERS, SOURCE, WIDTH, Chart
from openfisca_bergen_hbt.report.forms.charts.plot import Plot, axis, dot, line
from openfisca_bergen_hbt.report.forms.charts.rows import THICK, bar, beyond, by_row, height, names, top
from openfisca_bergen_hbt.report.subjects.published import TITLES
from openfisca_bergen_hbt.text.language import say
from openfisca_bergen_hbt.text.numbers import with_decimals

BERGEN = "#03396c"
#: The room that is kept free for what is said of the bars, in pixels.
ENDS = 70
#: From which amount on a figure is written without decimals.
LARGE = 1000


def charts(figures: Sequence[Figure]) -> list[Chart]:
    """Return the charts of the tables that figures are given of."""
    tables = list(dict.fromkeys(figure.table for figure in figures))
    found = [_by_area(table, figures) for table in tables if table in (*RATIOS, "vedtakstimer", "brukere", "besoek")]
    if "timer_per_besoek" in tables:
        found.append(_norm_times(figures))
    if "kostra" in tables:
        found.append(_kostra(figures))
    return found


def _by_row(table: str, figures: Sequence[Figure], years: Sequence[int] = ()) -> dict[str, list[Figure]]:
    """Return the figures of a table by their row, in the order that they are published in; not their sums."""
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.table == table and figure.row != SUM and (not years or figure.year in years):
            found.setdefault(figure.row, []).append(figure)
    return found


def _by_area(table: str, figures: Sequence[Figure]) -> Chart:
    """Draw a bar for each year below the name of each area."""
    areas = _by_row(table, figures)
    years = sorted({figure.year for mine in areas.values() for figure in mine})
    colours = dict(zip(years, LIGHT_TO_DARK[-len(years) :], strict=False))
    decimals = RATIOS.get(table, 0)
    values = [figure.published for mine in areas.values() for figure in mine]
    along = axis([*values, max(values) * (1 + ENDS / WIDTH)], WIDTH, whole=not decimals)
    marks = []
    for row, mine in enumerate(areas.values()):
        for figure in mine:
            y = top(row, len(years), years.index(figure.year))
            marks += [
                bar(along, 0, figure.published, y, colours[figure.year]),
                beyond(along, figure.published, y, with_decimals(figure.published, decimals), 1),
            ]
    words = {
        area: f"{area}: " + ", ".join(f"{one.year} {with_decimals(one.published, decimals)}" for one in mine)
        for area, mine in areas.items()
    }
    told = by_row([f"{said}. {say(SOURCE)}" for said in words.values()], WIDTH, len(years))
    named = names([(area, "") for area in areas], WIDTH, len(years))
    key = [(str(year), colour) for year, colour in colours.items()]
    plot = Plot(WIDTH, height(len(areas), len(years)), [*marks, *named], told, along, key=key)
    return Chart(
        say("{figure} etter byområde").format(figure=say(TITLES[table])), "; ".join(words.values()), [plot], SOURCE
    )


def _norm_times(figures: Sequence[Figure]) -> Chart:
    """Draw hours per visit before and after the norm times were abolished, area by area."""
    areas = _by_row("timer_per_besoek", figures, years=(2017, 2019))
    title = say("timer per besøk (begynner ikke på 0)")
    values = [figure.published for mine in areas.values() for figure in mine]
    along = axis(values, WIDTH, title, from_zero=False, room=10)
    colours = {2017: LIGHT_TO_DARK[0], 2019: LIGHT_TO_DARK[2]}
    marks = []
    for row, mine in enumerate(areas.values()):
        y = top(row) + THICK / 2
        marks.append(line([(along.at(figure.published), y) for figure in mine], "#555"))
        marks += [
            dot(along.at(one.published), y, 6 if one.year == min(colours) else 4, colours[one.year]) for one in mine
        ]
    span = {
        area: f" {say('til')} ".join(with_decimals(one.published, 2) for one in mine) for area, mine in areas.items()
    }
    told = by_row(
        [f"{say('{area}: fra {years}').format(area=area, years=said)}. {say(SOURCE)}" for area, said in span.items()],
        WIDTH,
    )
    named = names(list(span.items()), WIDTH)
    key = [(str(year), colour) for year, colour in colours.items()]
    plot = Plot(WIDTH, height(len(areas)), [*marks, *named], told, along, key=key)
    words = "; ".join(say("{area} fra {years}").format(area=area, years=said) for area, said in span.items())
    return Chart(say("Timer per besøk før (2017) og etter (2019) at normtidene ble avviklet"), words, [plot], SOURCE)


def _kostra(figures: Sequence[Figure]) -> Chart:
    """Draw a plot for each indicator, on a scale of its own."""
    panels: dict[str, list[tuple[str, float, bool]]] = {}
    texts = []
    for row, mine in _by_row("kostra", figures).items():
        indicator, municipality = row.rsplit(", ", 1)
        share = "andel" in indicator.lower()
        name = say("{indicator} (prosent)").format(indicator=indicator) if share else indicator
        for figure in mine:
            value, bergen = figure.published * (100 if share else 1), municipality == "Bergen"
            where = f"{municipality} {figure.year}" if bergen else municipality
            panels.setdefault(name, []).append((where, value, bergen))
            texts.append(f"{name}, {where}: {with_decimals(value, 1)}")
    plots = [_panel(name, mine) for name, mine in panels.items()]
    return Chart(say("Bergen ved siden av andre kommuner (KOSTRA)"), "; ".join(texts), plots, SOURCE)


def _panel(name: str, mine: Sequence[tuple[str, float, bool]]) -> Plot:
    along = axis([value for _, value, _ in mine], WIDTH)
    decimals = 0 if max(value for _, value, _ in mine) >= LARGE else 1
    said = [with_decimals(value, decimals) for _, value, _ in mine]
    bars = [bar(along, 0, value, top(row), BERGEN if ours else OTHERS) for row, (_, value, ours) in enumerate(mine)]
    named = names([(where, words) for (where, _, _), words in zip(mine, said, strict=True)], WIDTH)
    told = [f"{name}, {where}: {words}. {say(SOURCE)}" for (where, _, _), words in zip(mine, said, strict=True)]
    return Plot(WIDTH, height(len(mine)), [*bars, *named], by_row(told, WIDTH), heading=name)

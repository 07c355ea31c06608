"""The published figures as charts: readable in black and white, with Norwegian numbers and a text alternative each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import altair
import vl_convert
from markupsafe import Markup

from openfisca_bergen_hbt.analysis.published import RATIOS, SUM, Figure
from openfisca_bergen_hbt.report.forms.charts import asked
from openfisca_bergen_hbt.report.forms.pages import environment
from openfisca_bergen_hbt.report.subjects.published import TITLES
from openfisca_bergen_hbt.text.language import ENGLISH, _, say, spoken, to_say
from openfisca_bergen_hbt.text.numbers import with_decimals

#: How numbers are written, in Norwegian and where English is spoken.
NUMBERS = {"decimal": ",", "thousands": "\N{NO-BREAK SPACE}", "grouping": [3], "currency": ["", " kr"]}
IN_ENGLISH = {**NUMBERS, "decimal": ".", "thousands": ","}
#: One hue from light to dark: the years stay in order without colour.
LIGHT_TO_DARK = ["#b3cde3", "#6497b1", "#03396c"]
BERGEN, OTHERS = "#03396c", "#9aa5b1"
SOURCE = to_say("Kilde: Bergen kommune, lysbilder til Utvalg for helse og sosial 04.06.2020. Gjengitt som publisert.")
WIDTH, HEIGHT = 620, 220
#: The most steps of an axis.
STEPS = 6
#: How bars look.
OUTLINED: dict[str, Any] = {"stroke": "black", "strokeWidth": 0.3}


@dataclass(frozen=True)
class Chart:
    """A chart and what it says in words."""

    title: str
    alternative: str
    drawn: Any
    source: str = SOURCE
    #: How wide its plots are, in pixels.
    width: int = WIDTH
    #: Where the marks that can be asked lead, by their words.
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def svg(self) -> Markup:
        """The chart as SVG that says in words what it shows, as a whole and mark by mark."""
        opening, rest = str(vl_convert.vegalite_to_svg(_configured(self.drawn))).split(">", 1)
        words = Markup("<desc>{}</desc>").format(self.alternative)
        named = Markup(' aria-label="{}"').format(self.title)
        if not asked.can_be_asked(rest):
            return Markup(f'{opening} role="img"{named}>{words}{rest}')  # noqa: S704 (of vl-convert, words are escaped)
        rest = asked.with_words(rest, self.links, self.width)
        return Markup(f'{opening} role="group"{named}>{words}{asked.STYLE}{rest}')  # noqa: S704 (as above)

    @property
    def png(self) -> bytes:
        """The chart as a picture of pixels, twice as fine as a screen's."""
        return bytes(vl_convert.vegalite_to_png(_configured(self.drawn), scale=2))


def charts(figures: Sequence[Figure]) -> list[Chart]:
    """Return the charts of the tables that figures are given of."""
    tables = list(dict.fromkeys(figure.table for figure in figures))
    found = [_by_area(table, figures) for table in tables if table in (*RATIOS, "vedtakstimer", "brukere", "besoek")]
    if "timer_per_besoek" in tables:
        found.append(_norm_times(figures))
    if "kostra" in tables:
        found.append(_kostra(figures))
    return found


def chart_of_rows(rows: list[dict[str, Any]], width: int = WIDTH, height: int = HEIGHT) -> Any:
    """Return a chart of rows that draws nothing yet."""
    return altair.Chart(altair.Data(values=rows), width=width, height=height)  # type: ignore[no-untyped-call]


def axis(
    rows: Sequence[Mapping[str, Any]],
    *fields: str,
    signed: bool = False,
    whole: bool = False,
    from_zero: bool = True,
    steps: int = STEPS,
) -> Any:
    """Return an axis whose ticks span what is drawn, with the decimals that their step has: no two say the same.

    Args:
        rows: what is drawn.
        fields: the fields of the rows that are drawn along it.
        signed: whether they are changes, written with their sign.
        whole: whether they are counts, which have nothing between 0 and 1.
        from_zero: whether 0 is among what is spanned.
        steps: how many steps there are at the most.
    """
    values = [*([0.0] if from_zero or not rows else []), *(row[field] for row in rows for field in fields)]
    low, high = min(values), max(values)
    least = max((high - low) / steps, 1.0 if whole or high == low else 0.0)
    exponent = math.floor(math.log10(least))
    times = next((n for n in (1, 2, 5) if n * 10.0**exponent >= least), None)
    times, exponent = (times, exponent) if times else (1, exponent + 1)
    step = times * 10.0**exponent
    ticks = [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return altair.Axis(values=ticks, format=f"{'+' * signed},.{max(0, -exponent)}f")


def _figures_by_area(table: str, figures: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.table == table and figure.row != SUM]


def _by_area(table: str, figures: Sequence[Figure]) -> Chart:
    mine = _figures_by_area(table, figures)
    rows = [{"område": f.row, "år": str(f.year), "verdi": f.published} for f in mine]
    decimals = RATIOS.get(table, 0)
    title = say("{figure} etter byområde").format(figure=say(TITLES[table]))
    bars = (
        chart_of_rows(rows)
        .mark_bar(**OUTLINED)
        .encode(
            x=altair.X("område:N", title=None, sort=None, axis=altair.Axis(labelAngle=0)),
            xOffset="år:N",
            y=altair.Y("verdi:Q", title=None, axis=axis(rows, "verdi", whole=not decimals)),
            color=altair.Color("år:N", title=say("År"), scale=altair.Scale(range=LIGHT_TO_DARK)),
        )
    )
    text = "; ".join(
        f"{area}: " + ", ".join(f"{f.year} {with_decimals(f.published, decimals)}" for f in mine if f.row == area)
        for area in dict.fromkeys(f.row for f in mine)
    )
    return Chart(title, text, bars.properties(title=title))


def _norm_times(figures: Sequence[Figure]) -> Chart:
    """Draw hours per visit before and after the norm times were abolished, area by area."""
    mine = [f for f in _figures_by_area("timer_per_besoek", figures) if f.year in (2017, 2019)]
    rows = [{"område": f.row, "år": str(f.year), "timer": f.published} for f in mine]
    base = chart_of_rows(rows)
    areas = altair.Y("område:N", title=None, sort=None)
    title = say("Timer per besøk før (2017) og etter (2019) at normtidene ble avviklet")
    lines = base.mark_line(color="#555").encode(y=areas, x=altair.X("timer:Q"), detail="område:N")
    points = base.mark_point(filled=True, opacity=1, stroke="black", strokeWidth=0.5).encode(
        y=areas,
        x=altair.X(
            "timer:Q",
            title=say("Timer per besøk"),
            axis=altair.Axis(format=",.2f", tickCount=8),
            scale=altair.Scale(zero=False),
        ),
        color=altair.Color("år:N", title=say("År"), scale=altair.Scale(range=[LIGHT_TO_DARK[0], LIGHT_TO_DARK[2]])),
        shape=altair.Shape("år:N", title=say("År")),
        size=altair.Size("år:N", legend=None, scale=altair.Scale(range=[240, 80])),
    )
    text = "; ".join(
        say("{area} fra {years}").format(
            area=area, years=f" {say('til')} ".join(with_decimals(f.published, 2) for f in mine if f.row == area)
        )
        for area in dict.fromkeys(f.row for f in mine)
    )
    return Chart(title, text, (lines + points).properties(title=title))


def _kostra(figures: Sequence[Figure]) -> Chart:
    rows: list[dict[str, Any]] = []
    texts = []
    for figure in _figures_by_area("kostra", figures):
        indicator, municipality = figure.row.rsplit(", ", 1)
        share = "andel" in indicator.lower()
        value = figure.published * (100 if share else 1)
        where = f"{municipality} {figure.year}" if municipality == "Bergen" else municipality
        name = say("{indicator} (prosent)").format(indicator=indicator) if share else indicator
        rows.append({"indikator": name, "kommune": where, "verdi": value, "bergen": municipality == "Bergen"})
        texts.append(f"{name}, {where}: {with_decimals(value, 1)}")
    panels = []
    for indicator in dict.fromkeys(row["indikator"] for row in rows):
        mine = [row for row in rows if row["indikator"] == indicator]
        base = (
            chart_of_rows(mine, height=150)
            .properties(title=indicator)
            .encode(y=altair.Y("kommune:N", title=None, sort=None), x=altair.X("verdi:Q", title=None, axis=None))
        )
        colour = altair.condition("datum.bergen", altair.value(BERGEN), altair.value(OTHERS))
        bars = base.mark_bar(**OUTLINED).encode(color=colour)
        whole = max(row["verdi"] for row in mine) >= 1000  # noqa: PLR2004
        labels = base.mark_text(align="left", dx=4).encode(
            text=altair.Text("verdi:Q", format=",.0f" if whole else ",.1f")
        )
        panels.append(bars + labels)
    title = say("Bergen ved siden av andre kommuner (KOSTRA)")
    return Chart(title, "; ".join(texts), altair.vconcat(*panels).properties(title=title))


def entitled(drawn: Any, title: str, width: int) -> Any:
    """Return a chart with its title, where it is wide enough for that; pages say it beside the chart."""
    return drawn.properties(title=title) if width >= WIDTH else drawn


def draw(path: Path, drawn: Sequence[Chart], title: str) -> bytes:
    """Return the charts below each other as the file's ending asks: SVG, PNG or self-contained HTML.

    Raises:
        ValueError: another ending, or nothing to draw.
    """
    if not drawn:
        raise ValueError(_("There is nothing to draw of this table: give another, or none for all."))
    kind = path.suffix.lower()
    if kind == ".html":
        return (
            environment()
            .get_template("charts.html.j2")
            .render(charts=drawn, title=title, source=say(drawn[0].source))
            .encode()
        )
    together = altair.vconcat(*(chart.drawn for chart in drawn)).resolve_scale(color="independent", shape="independent")
    if kind == ".svg":
        words = " ".join(f"{chart.title}. {chart.alternative}." for chart in drawn)
        return Chart(drawn[0].title, words, together).svg.encode()
    if kind == ".png":
        return bytes(vl_convert.vegalite_to_png(_configured(together), scale=2))
    raise ValueError(_("'{path}' ends in neither .svg, .png nor .html.").format(path=path))


def _configured(chart: Any) -> dict[str, Any]:
    written = {"number": IN_ENGLISH if spoken() == ENGLISH else NUMBERS}
    configured = chart.configure(locale=written, font="sans-serif", aria=False).configure_view(stroke=None)
    content: dict[str, Any] = configured.to_dict()
    return content

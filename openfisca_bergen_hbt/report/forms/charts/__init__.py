"""Charts: readable in black and white, with Norwegian numbers, a text alternative each, and marks that can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from openfisca_bergen_hbt.report.forms.charts import asked
from openfisca_bergen_hbt.report.forms.charts.plot import Plot, Stacked
from openfisca_bergen_hbt.report.forms.pages import environment
from openfisca_bergen_hbt.text.language import _, say, to_say

#: One hue from light to dark: what is in order stays so without colour.
LIGHT_TO_DARK = ["#b3cde3", "#6497b1", "#03396c"]
OTHERS = "#9aa5b1"
SOURCE = to_say("Kilde: Bergen kommune, lysbilder til Utvalg for helse og sosial 04.06.2020. Gjengitt som publisert.")
WIDTH = 620
#: From how many pixels on a picture is given more of a sheet than others, so that its words can be read there.
TALL = 480
_OPENING = Markup('<svg xmlns="http://www.w3.org/2000/svg" {} role="{}" aria-label="{}"><desc>{}</desc>')


@dataclass(frozen=True)
class Chart:
    """A chart and what it says in words."""

    title: str
    alternative: str
    plots: Sequence[Plot]
    source: str = ""

    @property
    def is_tall(self) -> bool:
        """Whether it needs most of a sheet."""
        return Stacked(self.plots).height > TALL

    @property
    def svg(self) -> Markup:
        """The chart as SVG that says in words what it shows, as a whole and mark by mark."""
        drawn = Stacked(self.plots)
        told = drawn.told()
        opening = _OPENING.format(drawn.size, "group" if told else "img", self.title, self.alternative)
        return Markup("").join([opening, asked.STYLE if told else "", drawn.drawn(), told, Markup("</svg>")])

    @property
    def png(self) -> bytes:
        """The chart as a picture of pixels, twice as fine as a screen's."""
        import vl_convert  # the one thing that needs it

        drawn = Stacked(self.plots)
        seen = Markup("").join([_OPENING.format(drawn.size, "img", self.title, ""), drawn.drawn(), Markup("</svg>")])
        return bytes(vl_convert.svg_to_png(str(seen), scale=2))


def draw(path: Path, drawn: Sequence[Chart], title: str) -> bytes:
    """Return the charts below each other as the file's ending asks: SVG, PNG or self-contained HTML.

    Raises:
        ValueError: another ending, or nothing to draw.
    """
    if not drawn:
        raise ValueError(_("There is nothing to draw of this table: give another, or none for all."))
    kind = path.suffix.lower()
    if kind == ".html":
        template = environment().get_template("charts.html.j2")
        return template.render(charts=drawn, title=title, source=say(drawn[0].source)).encode()
    words = " ".join(f"{chart.title}. {chart.alternative}." for chart in drawn)
    plots = [plot for chart in drawn for plot in (Plot(chart.plots[0].width, 0, heading=chart.title), *chart.plots)]
    together = Chart(drawn[0].title, words, plots)
    if kind == ".svg":
        return together.svg.encode()
    if kind == ".png":
        return together.png
    raise ValueError(_("'{path}' ends in neither .svg, .png nor .html.").format(path=path))

"""Pictures that can be asked: what a mark says when it is pointed at or reached with the keyboard, without a script.

Vega draws an unseen area over each mark, which carries its words as a description. In the finished SVG each such area
becomes an element that can be reached, that is a link where something explains the mark, and that shows its words.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import Any

import altair
from markupsafe import Markup, escape

from openfisca_bergen_hbt.report.paper import Cell, Column, written
from openfisca_bergen_hbt.text.language import say

#: By what an area is found again in the SVG that Vega makes.
ROLE = "told"
#: How an area over a mark is drawn: nothing of it is seen, and its description stands in the SVG.
UNSEEN: dict[str, Any] = {"opacity": 0, "aria": True, "ariaRoleDescription": ROLE}
#: What shows the words of the mark that is pointed at, or reached.
STYLE = Markup(
    "<style>.told{outline:none}.told .says{display:none;pointer-events:none}"
    ".told:hover .says,.told:focus .says{display:inline}"
    ".told:focus>path{stroke:#b35900;stroke-width:2}a.told{cursor:pointer}"
    "@media print{.told .says{display:none!important}}</style>"
)
#: How tall a line of words is, how wide a letter at the most, and the room around them, in pixels.
LINE, LETTER, AROUND = 14, 6.3, 6
#: Where a figure is explained: an address by the name of its row and by its variable; empty where there is none.
Leads = Callable[[str, str], str]
_AREA = re.compile(
    rf'<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="{ROLE}" '
    r'd="M([-\d.e]+),([-\d.e]+)h([-\d.e]+)v([-\d.e]+)h[-\d.e]+Z"[^>]*/>'
)
_ROLES = re.compile(r' (?:role="graphics-\w+"|aria-roledescription="[^"]*")')


def nowhere(_row: str, _variable: str) -> str:
    """Return no address: nothing is explained beside a file."""
    return ""


def by_rule(words: str, variable: str) -> str:
    """Return words with the rule that their figure comes from."""
    return f"{words}. {say('Kilde: regelen {variable}').format(variable=variable)}" if variable else words


def with_band(value: Cell, column: Column) -> str:
    """Return a figure in words, on one line, with its band."""
    figure, _, band = written(value, column).partition("\n")
    return say("{figure}, spenn {band}").format(figure=figure, band=band) if band else figure


def links(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return where rows lead (``lenke``), by their words (``ord``)."""
    return {row["ord"]: row["lenke"] for row in rows if row.get("lenke")}


def areas(chart: Any, **encoding: Any) -> Any:
    """Return unseen areas over the marks of a chart of rows, each with the words of its row (``ord``)."""
    return chart.mark_rect(**UNSEEN).encode(description="ord:N", **encoding)


def across(chart: Any, width: int) -> Any:
    """Return unseen areas from side to side, from the ``øverst`` of each row to its ``nederst``, in pixels."""
    up = altair.Y("øverst:Q", scale=None, axis=None)
    return areas(chart, x=altair.value(0), x2=altair.value(width), y=up, y2="nederst:Q")


def with_words(svg: str, links: Mapping[str, str], width: int) -> str:
    """Return an SVG of Vega whose areas say their words, and lead to where they are explained.

    Args:
        svg: what Vega drew.
        links: addresses by words; words without one lead nowhere.
        width: how wide the plot is, in pixels: so wide are the words at the most.
    """
    by_words = {str(escape(words)): str(escape(address)) for words, address in links.items()}

    def told(found: re.Match[str]) -> str:
        words, *placed = found.groups()
        x, y, wide, tall = map(float, placed)
        address = by_words.get(words.replace("&quot;", "&#34;"))
        opening = f'<a href="{address}"' if address else '<g tabindex="0" role="img"'
        area = f'<path d="M{x:g},{y:g}h{wide:g}v{tall:g}h{-wide:g}Z" fill="transparent"/>'
        ending = "</a>" if address else "</g>"
        return f'{opening} class="told" aria-label="{words}">{area}{_says(words, x, y, tall, width)}{ending}'

    drawn = _ROLES.sub("", _AREA.sub(told, svg))
    return drawn.replace('<g class="mark-text', '<g aria-hidden="true" class="mark-text')


def can_be_asked(svg: str) -> bool:
    """Return whether an SVG of Vega has areas that say something."""
    return _AREA.search(svg) is not None


def _says(words: str, x: float, y: float, tall: float, width: int) -> str:
    """Return words in a box above their area; below it, or within it, where there is no room above."""
    lines = textwrap.wrap(unescape(words), int((width - 2 * AROUND) / LETTER))
    wide = min(width, LETTER * max(map(len, lines)) + 2 * AROUND)
    high = LINE * len(lines) + AROUND
    below = y + 4 if tall > 2 * high else y + tall + 2
    top = y - high - 2 if y >= high + 2 else below
    left = max(0, min(x, width - wide))
    text = "".join(
        f'<text x="{AROUND}" y="{LINE * number}" font-family="sans-serif" font-size="11px" fill="#111">{escape(line)}'
        "</text>"
        for number, line in enumerate(lines, 1)
    )
    box = f'<rect width="{wide:g}" height="{high:g}" rx="2" fill="#fff" stroke="#555"/>'
    return f'<g class="says" aria-hidden="true" transform="translate({left:g},{top:g})">{box}{text}</g>'

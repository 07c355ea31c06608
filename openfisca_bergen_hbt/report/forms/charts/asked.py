"""Pictures that can be asked: what a mark says when it is pointed at or reached with the keyboard, without a script.

Over each mark lies an unseen area that can be reached, that is a link where something explains the mark, and that shows
its words.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup, escape

from openfisca_bergen_hbt.report.paper import Cell, Column
from openfisca_bergen_hbt.report.writing import written
from openfisca_bergen_hbt.text.language import say

#: What shows the words of the mark that is pointed at, or reached.
STYLE = Markup(
    "<style>.told{outline:none}.told .says{display:none;pointer-events:none}"
    ".told:hover .says,.told:focus .says{display:inline}"
    ".told:focus>path{stroke:#b35900;stroke-width:2}a.told{cursor:pointer}"
    "@media print{.told .says{display:none!important}}</style>"
)
#: How tall a line of words is, how wide a letter at the most, and the room around them, in pixels.
LINE, LETTER, AROUND = 14, 6.3, 6


class Leads(Protocol):
    """Where figures are explained."""

    def __call__(self, row: str, variable: str, under: str = "") -> str:
        """Return the address of a row's variable, under a regulation that is named; empty where there is none."""


def nowhere(row: str, variable: str, under: str = "") -> str:  # noqa: ARG001 (as others)
    """Return no address: nothing is explained beside a file."""
    return ""


def by_rule(words: str, variable: str) -> str:
    """Return words with the rule that their figure comes from."""
    return f"{words}. {say('Kilde: regelen {variable}').format(variable=variable)}" if variable else words


def with_band(value: Cell, column: Column) -> str:
    """Return a figure in words, on one line, with its band."""
    figure, _, band = written(value, column).partition("\n")
    return say("{figure}, spenn {band}").format(figure=figure, band=band) if band else figure


@dataclass(frozen=True)
class Told:
    """An area over a mark, in pixels from the corner of its plot, with its words and where they are explained."""

    words: str
    x: float
    y: float
    wide: float
    tall: float
    link: str = ""

    def svg(self, width: int) -> Markup:
        """Return the area, in a plot so wide."""
        opening = Markup('<a href="{}"').format(self.link) if self.link else Markup('<g tabindex="0" role="img"')
        left, wide = (self.x, self.wide) if self.wide >= 0 else (self.x + self.wide, -self.wide)
        path = Markup('<path d="M{:g},{:g}h{:g}v{:g}h{:g}Z" fill="transparent"/>').format(
            left, self.y, wide, self.tall, -wide
        )
        named = Markup('{} class="told" aria-label="{}">').format(opening, self.words)
        says = _says(self.words, left, self.y, self.tall, width)
        return Markup("").join([named, path, says, Markup("</a>" if self.link else "</g>")])  # noqa: S704 (ours)


def _says(words: str, x: float, y: float, tall: float, width: int) -> Markup:
    """Return words in a box above their area; below it, or within it, where there is no room above."""
    lines = textwrap.wrap(words, int((width - 2 * AROUND) / LETTER))
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
    shape = f'<rect width="{wide:g}" height="{high:g}" rx="2" fill="#fff" stroke="#555"/>'
    return Markup(  # noqa: S704 (the words are escaped)
        f'<g class="says" aria-hidden="true" transform="translate({left:g},{top:g})">{shape}{text}</g>'
    )

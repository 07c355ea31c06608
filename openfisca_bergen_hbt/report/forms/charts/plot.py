"""Plots written as SVG: bars, lines and words along an axis, and over them what each mark says when it is asked.

What is drawn here are bars, bands and lines with a few words. A page draws five such pictures anew for each number that
is moved, and the runtime of a drawing language took ten times as long for each as all that they are drawn of.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from markupsafe import Markup, escape

from openfisca_bergen_hbt.report.forms.charts.asked import LETTER, Told
from openfisca_bergen_hbt.text import numbers

#: The most steps of an axis.
STEPS = 6
#: The room around a picture and between its plots, in pixels.
AROUND, BETWEEN = 6, 18
#: How tall a line of the key is, of a heading, the ticks of an axis, and its title.
KEY, HEADING, TICKS, TITLE = 18, 18, 18, 18
GREY, BLACK = "#ddd", "#111"


def px(value: float) -> str:
    """Write a number of pixels."""
    return f"{round(value, 2) + 0.0:g}"


def text(
    x: float, y: float, said: str, *, anchor: str = "start", size: int = 11, bold: bool = False, colour: str = BLACK
) -> Markup:
    """Return words that begin, end or have their middle at a place."""
    weight = ' font-weight="600"' if bold else ""
    clear = ' stroke="#fff" stroke-width="3" paint-order="stroke"'  # of the lines that they stand on
    placed = f'x="{px(x)}" y="{px(y)}" text-anchor="{anchor}" font-size="{size}px" fill="{colour}"{weight}{clear}'
    return Markup(f"<text {placed}>{escape(said)}</text>")  # noqa: S704 (what was given is escaped)


def box(x: float, y: float, wide: float, tall: float, colour: str) -> Markup:
    """Return a filled box with a thin outline, which parts it from a neighbour without colour."""
    if wide < 0:
        x, wide = x + wide, -wide
    placed = f'x="{px(x)}" y="{px(y)}" width="{px(wide)}" height="{px(tall)}"'
    return Markup(f'<rect {placed} fill="{colour}" stroke="#000" stroke-width="0.3"/>')  # noqa: S704 (numbers, ours)


def line(points: Sequence[tuple[float, float]], colour: str = BLACK, thick: float = 1, dashes: str = "") -> Markup:
    """Return a line through places."""
    through = " ".join(f"{px(x)},{px(y)}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    look = f'fill="none" stroke="{colour}" stroke-width="{thick:g}"{dashed}'
    return Markup(f'<polyline points="{through}" {look}/>')  # noqa: S704 (numbers, ours)


def area(points: Sequence[tuple[float, float]], colour: str) -> Markup:
    """Return a light area between places."""
    through = " ".join(f"{px(x)},{px(y)}" for x, y in points)
    return Markup(f'<polygon points="{through}" fill="{colour}" fill-opacity="0.35"/>')  # noqa: S704 (numbers, ours)


def dot(x: float, y: float, size: float, colour: str) -> Markup:
    """Return a dot."""
    look = f'fill="{colour}" stroke="#000" stroke-width="0.5"'
    return Markup(f'<circle cx="{px(x)}" cy="{px(y)}" r="{px(size)}" {look}/>')  # noqa: S704 (numbers, ours)


@dataclass(frozen=True)
class Axis:
    """Where values stand along so many pixels, and the ticks that say so."""

    length: float
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    title: str = ""
    #: Whether ticks are drawn across the plot; not those of names.
    grid: bool = True

    def at(self, value: float) -> float:
        """Return where a value stands, in pixels from the low end."""
        return (value - self.low) / (self.high - self.low) * self.length

    def with_room(self) -> list[float]:
        """Return the ticks whose words there is room for beside each other: each, or each second, third …, from 0 on.

        Of ticks that stand where something happens, and so not equally far from each other, those that the one above
        leaves room for.
        """
        values = [value for value, _ in self.ticks]
        apart = [self.at(after) - self.at(before) for before, after in pairwise(values)]
        if apart and not math.isclose(min(apart), max(apart), rel_tol=1e-6):
            return self._beside_the_one_above()
        if not apart:
            return values
        nth = math.ceil((max(len(said) for _, said in self.ticks) * LETTER + 4) / apart[0])
        first = values.index(0.0) if 0.0 in values else 0
        return [value for place, value in enumerate(values) if (place - first) % nth == 0]

    def _beside_the_one_above(self) -> list[float]:
        kept, end = list[float](), math.inf
        for value, said in reversed(self.ticks):
            half = (len(said) * LETTER + 2) / 2
            if self.at(value) + half <= end:
                kept.insert(0, value)
                end = self.at(value) - half
        return kept


def axis(
    values: Iterable[float],
    length: float,
    title: str = "",
    *,
    signed: bool = False,
    whole: bool = False,
    from_zero: bool = True,
    room: float = 0,
) -> Axis:
    """Return an axis whose ticks span what is drawn, with the decimals that their step has: no two say the same.

    Args:
        values: what is drawn along it.
        length: how long it is, in pixels.
        title: what the values are measured in.
        signed: whether they are changes, written with their sign.
        whole: whether they are counts, which have nothing between 0 and 1.
        from_zero: whether 0 is among what is spanned.
        room: how much is kept free at each end, in pixels.
    """
    found = list(values)
    ends = [*([0.0] if from_zero or not found else []), *found]
    low, high = min(ends), max(ends)
    least = max((high - low) / STEPS, 1.0 if whole or high == low else 0.0)
    exponent = math.floor(math.log10(least))
    times = next((n for n in (1, 2, 5) if n * 10.0**exponent >= least), None)
    times, exponent = (times, exponent) if times else (1, exponent + 1)
    step = times * 10.0**exponent
    shown = [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
    ticks = [(value, numbers.tick(value, max(0, -exponent), sign=signed)) for value in shown]
    beyond = (high - low or 1.0) * room / (length - 2 * room)
    if high == low:
        high += 1.0
    return Axis(length, low - beyond, high + beyond, ticks, title)


def of_names(names: Sequence[str], length: float) -> Axis:
    """Return an axis of names, each in the middle of its part: the first between 0 and 1."""
    return Axis(length, 0, len(names), [(place + 0.5, name) for place, name in enumerate(names)], grid=False)


@dataclass(frozen=True)
class Plot:
    """A plot: what is drawn, along which axes, and what its marks say. Its corner is at the top and at the left."""

    width: float
    tall: float
    marks: Sequence[Markup] = ()
    told: Sequence[Told] = ()
    along: Axis | None = None
    up: Axis | None = None
    #: The colours, and what they mean.
    key: Sequence[tuple[str, str]] = ()
    heading: str = ""

    @cached_property
    def above(self) -> float:
        """How much room is needed above what is drawn: for the heading, the key and the title of the axis."""
        titled = TITLE if self.up and self.up.title else 0
        return HEADING * len(self._heading) + KEY * len(self._key) + titled + (6 if self.up else 0)

    @cached_property
    def beside(self) -> float:
        """How much room is needed at the left."""
        return max((len(said) for _, said in self.up.ticks), default=0) * LETTER + 8 if self.up else 0

    @property
    def below(self) -> float:
        """How much room is needed below what is drawn."""
        return (TICKS + (TITLE if self.along.title else 0)) if self.along else 0

    @cached_property
    def _heading(self) -> list[str]:
        return textwrap.wrap(self.heading, int(self.width / (LETTER * 1.25)))

    @cached_property
    def _key(self) -> list[list[tuple[float, str, str]]]:
        """The lines of the key: where each colour stands, and its words."""
        lines: list[list[tuple[float, str, str]]] = []
        reached = math.inf
        for said, colour in self.key:
            needs = len(said) * LETTER + 32
            if reached + needs > self.width + 14:
                lines, reached = [*lines, []], 0.0
            lines[-1].append((reached, said, colour))
            reached += needs
        return lines

    def drawn(self) -> Markup:
        """Return what is seen."""
        top = -self.above
        parts = [text(0, top + HEADING * n + 12, said, size=13, bold=True) for n, said in enumerate(self._heading)]
        top += HEADING * len(self._heading)
        for number, entries in enumerate(self._key):
            for x, said, colour in entries:
                parts += [box(x, top + KEY * number + 2, 10, 10, colour), text(x + 15, top + KEY * number + 11, said)]
        return Markup("").join([*parts, *self._axes(), *self.marks])

    def _axes(self) -> Iterable[Markup]:
        if self.along:
            yield from self._along(self.along)
        if self.up:
            up = self.up
            for value, _ in up.ticks:
                yield line([(0, self.tall - up.at(value)), (self.width, self.tall - up.at(value))], GREY)
            said = [text(-6, self.tall - up.at(value) + 4, words, anchor="end") for value, words in up.ticks]
            yield _labels(said)
            if up.title:
                yield text(-self.beside, -12, up.title)

    def _along(self, along: Axis) -> Iterable[Markup]:
        said, room = [], along.with_room()
        for value, words in along.ticks:
            x, half = along.at(value), len(words) * LETTER / 2
            if along.grid:
                yield line([(x, 0), (x, self.tall)], "#888" if value == 0 else GREY)
            if value not in room:
                continue
            middle = min(max(x, half - AROUND), self.width + AROUND - half)  # within the picture
            said.append(text(middle, self.tall + 13, words, anchor="middle"))
        yield _labels(said)
        if along.title:
            yield text(self.width / 2, self.tall + 29, along.title, anchor="middle")


def _labels(said: Sequence[Markup]) -> Markup:
    return Markup('<g class="ticks">{}</g>').format(Markup("").join(said))


@dataclass(frozen=True)
class Stacked:
    """Plots below each other."""

    plots: Sequence[Plot]

    @cached_property
    def _left(self) -> float:
        return AROUND + max(plot.beside for plot in self.plots)

    @property
    def width(self) -> float:
        """How wide the picture is, in pixels."""
        return self._left + max(plot.width for plot in self.plots) + AROUND

    @cached_property
    def _tops(self) -> list[float]:
        """Where each plot begins, and at the end, where the picture does."""
        reached, found = float(AROUND), []
        for plot in self.plots:
            found.append(reached + plot.above)
            reached = found[-1] + plot.tall + plot.below + BETWEEN
        return [*found, reached - BETWEEN + AROUND]

    @property
    def height(self) -> float:
        """How tall they are together."""
        return self._tops[-1]

    @property
    def size(self) -> Markup:
        """The size, as attributes of an SVG."""
        wide, tall = px(math.ceil(self.width)), px(math.ceil(self.height))
        return Markup('width="{}" height="{}" viewBox="0 0 {} {}"').format(wide, tall, wide, tall)

    def drawn(self) -> Markup:
        """Return what is seen of the plots, on white."""
        parts = [Markup('<rect width="100%" height="100%" fill="#fff"/>')]
        for plot, top in zip(self.plots, self._tops, strict=False):
            parts.append(self._placed(top, plot.drawn()))
        return Markup('<g aria-hidden="true" font-family="sans-serif">{}</g>').format(Markup("").join(parts))

    def told(self) -> Markup:
        """Return what can be asked: over all that is seen, so that no words are drawn over."""
        parts = [
            self._placed(top, Markup("").join(part.svg(int(plot.width)) for part in plot.told))
            for plot, top in zip(self.plots, self._tops, strict=False)
            if plot.told
        ]
        return Markup("").join(parts)

    def _placed(self, top: float, content: Markup) -> Markup:
        return Markup('<g transform="translate({},{})">{}</g>').format(px(self._left), px(top), content)

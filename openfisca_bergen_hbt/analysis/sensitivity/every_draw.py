"""What is drawn, figure by figure: bands are made of it, and the files that hold every draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy

from openfisca_bergen_hbt.analysis import shown
from openfisca_bergen_hbt.analysis.comparison import GIVEN, RATIOS
from openfisca_bergen_hbt.analysis.sensitivity.draws import Draws, Figures, Model
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import COUNTS
from openfisca_bergen_hbt.rules.money import FloatArray, ratio

#: The level of all units, or agencies, together, whose figures have no id.
SUM = "sum"
#: Which figures of a variable are held back at a level (``Comparison.hides``); None where nothing is.
Hides = Callable[[str, str], Any] | None


class Drawn(NamedTuple):
    """A figure of a regulation: under the law's own numbers, and in each draw; None where that is held back."""

    regulation: str
    level: str
    #: The unit, area or agency; empty for all together.
    id: str
    figure: str
    value: float | None
    draws: FloatArray | None
    #: Whether it is a whole number: kroner, or a count.
    whole: bool


class EveryDraw(NamedTuple):
    """The numbers that were drawn, by name, and what they gave: one value for each draw."""

    numbers: Draws
    figures: Sequence[Drawn]


class _Level(NamedTuple):
    """Whom figures are of, and how those of the units add up to theirs."""

    name: str
    ids: Sequence[str]
    add: Callable[[FloatArray], FloatArray]


def every_figure(
    model: Model, versions: Sequence[Version], own: Sequence[Figures], found: Sequence[Figures], hides: Hides
) -> Iterator[Drawn]:
    """Yield what a comparison shows of the regulations that differ in some figure.

    Of each the totals and what the units are given; of the last, which changes are of, all that is shown of a unit.

    Args:
        model: the regulations on their population.
        versions: the regulations.
        own: what each comes to under the law's own numbers.
        found: what each comes to in the draws.
        hides: which figures are held back.
    """
    last = model.alike(len(versions) - 1)
    for place in model.distinct():
        version, both = versions[place], (own[place], found[place])
        brought = versions[-1] if place == last else version
        rows = _Rows(version.id, hides)
        yield from _of_agencies(rows, both, model.population.agency_names, brought)
        for level in _levels(model.population):
            given = [level.add(of.given) for of in both]
            yield from rows.of(level, GIVEN, given)
            if place in (0, last) and both[1].of_units:
                for name, (_, divisor) in RATIOS.items():
                    divided = [level.add(of.of_units[divisor]) for of in both]
                    yield from rows.of(level, name, _ratios(given, divided), whole=False)
            if place == last:
                for name in (name for name in both[1].of_units if name not in brought.not_brought):
                    amounts = [of.of_units[name] for of in both]
                    if name in shown.COUNTED or any(of_units.any() for of_units in amounts):
                        yield from rows.of(level, name, list(map(level.add, amounts)), whole=name != shown.HOURS)
                before = [level.add(of.given) for of in (own[0], found[0])]
                change = [after - earlier for after, earlier in zip(given, before, strict=True)]
                yield from rows.of(level, shown.CHANGE, change)
                yield from rows.of(level, shown.CHANGE_SHARE, _ratios(change, before), whole=False)


def _of_agencies(rows: _Rows, both: Sequence[Figures], agencies: Sequence[str], version: Version) -> Iterator[Drawn]:
    """Yield the figures of all agencies together, and of each of several."""
    together = _Level(SUM, [""], lambda values: values.sum(axis=1, keepdims=True))
    each = [_Level("etat", agencies, lambda values: values)] if len(agencies) > 1 else []
    for name in both[0].of_agencies:
        if name not in version.not_brought:
            for level in (together, *each):
                amounts = [level.add(of.of_agencies[name]) for of in both]
                yield from rows.of(level, name, amounts, whole=name != shown.HOURS_OF_ALL)


def _ratios(parts: Sequence[FloatArray], wholes: Sequence[FloatArray]) -> list[FloatArray]:
    both = zip(parts, wholes, strict=True)
    return [ratio(part.ravel(), whole.ravel()).reshape(part.shape) for part, whole in both]


def _levels(people: Population) -> list[_Level]:
    levels = [_Level("enhet", people.unit_names, lambda values: values)]
    if people.area_names and people.area_of_unit is not None:
        within = (people.area_of_unit[:, None] == numpy.arange(len(people.area_names))).astype(numpy.float64)
        levels.append(_Level("byomraade", people.area_names, lambda values: values @ within))
    return [*levels, _Level(SUM, [""], lambda values: values.sum(axis=1, keepdims=True))]


class _Rows(NamedTuple):
    """Makes figures of arrays."""

    regulation: str
    hides: Hides

    def of(self, level: _Level, name: str, both: Sequence[FloatArray], *, whole: bool = True) -> Iterator[Drawn]:
        """Yield a figure of each member of a level: of the law's own numbers, and drawn."""
        law, draws = both
        of = GIVEN if name in (shown.CHANGE, shown.CHANGE_SHARE) else name
        hidden = None if self.hides is None else self.hides(of, level.name)
        # With other bounds or hours users move between categories by twos and threes: how many would be told by the
        # ends of a band beside the count itself.
        undrawn = self.hides is not None and name in COUNTS[:-1]
        for place, member in enumerate(level.ids):
            if hidden is not None and hidden[place]:
                yield Drawn(self.regulation, level.name, member, name, None, None, whole)
            else:
                values = None if undrawn else draws[:, place]
                yield Drawn(self.regulation, level.name, member, name, float(law[0, place]), values, whole)

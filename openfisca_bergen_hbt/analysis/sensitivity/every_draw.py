"""What is drawn, figure by figure: bands are made of it, and the files that hold every draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.sensitivity.draws import HEADLINES, Draws, Figures, Model
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.rules.money import FloatArray

#: The level of all agencies together, whose figures have no id.
SUM = "sum"


class Drawn(NamedTuple):
    """A figure of a regulation: under the law's own numbers, and in each draw."""

    regulation: str
    level: str
    #: The unit; empty for all agencies together.
    id: str
    figure: str
    value: float
    draws: FloatArray


class EveryDraw(NamedTuple):
    """The numbers that were drawn, by name, and what they gave: one value for each draw."""

    numbers: Draws
    figures: Sequence[Drawn]


def every_figure(
    model: Model, versions: Sequence[Version], own: Sequence[Figures], found: Sequence[Figures]
) -> Iterator[Drawn]:
    """Yield the figures of the regulations that differ in some figure."""
    for place in model.distinct():
        version, law, drawn = versions[place], own[place], found[place]
        for figure in HEADLINES:
            if figure not in version.not_brought:
                yield Drawn(version.id, SUM, "", figure, float(law.headlines[figure][0]), drawn.headlines[figure])
        for number, unit in enumerate(model.population.unit_names):
            yield Drawn(version.id, "enhet", unit, GIVEN, float(law.given[0, number]), drawn.given[:, number])

"""What a comparison concludes, as statements that hold in a draw or do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy
from numpy.typing import NDArray

if TYPE_CHECKING:  # a plain ``compare`` tells conclusions, and draws nothing
    from openfisca_bergen_hbt.analysis.sensitivity.draws import Figures

#: The statements about all units together, by what each is about.
OVERSPEND, HANDED_OUT, LEFT = "merforbruk", "delt_ut", "igjen_sentralt"
#: Those about one unit: that it gains or loses, and that it does so the most in kroner.
UNIT, MOST_UP, MOST_DOWN = "enhet", "mest_opp", "mest_ned"

#: The share of draws in which a statement is to hold.
ENOUGH = 0.95

Holds = NDArray[numpy.bool_]


@dataclass(frozen=True, order=True)
class Statement:
    """A conclusion of a comparison of the first regulation with the last."""

    about: str
    #: 1 for more, -1 for less, 0 for the same.
    sign: int
    unit: str = ""

    def holds(self, first: Figures, last: Figures, units: Sequence[str]) -> Holds:
        """Return whether it holds, in each draw."""
        change = last.given - first.given
        place = units.index(self.unit) if self.unit else 0
        if self.about in (MOST_UP, MOST_DOWN):
            of_unit, farthest = change[:, place] * self.sign, (change * self.sign).max(axis=1)
            return (of_unit == farthest) & (of_unit > 0)  # type: ignore[no-any-return]
        holds: Holds = _sign(self.about, change[:, place], first, last) == self.sign
        return holds


@dataclass(frozen=True)
class Turn:
    """The value of a number at which a statement turns: the first on the way from the law's value."""

    parameter: str
    value: float


@dataclass(frozen=True)
class Tested:
    """A statement, and what it does not survive."""

    statement: Statement
    #: The share of draws in which it holds; None where nothing was drawn.
    share: float | None
    #: The values of single numbers at which it turns, and the readings, each alone, under which it does not hold.
    turns: tuple[Turn, ...]
    overturned_by: tuple[str, ...]

    @property
    def survives(self) -> bool:
        """Whether it holds in enough draws, and under every reading."""
        return not self.overturned_by and (self.share is None or self.share >= ENOUGH)


def statements(first: Figures, last: Figures, units: Sequence[str], *, knows_frame: bool) -> list[Statement]:
    """Return what is concluded of figures of one draw: the law's own.

    Args:
        first: what the first regulation comes to.
        last: what the last does.
        units: the names of the units.
        knows_frame: whether the year's frame is published or given, so that an overspend means something (T-21).
    """
    change = last.given[0] - first.given[0]
    about_all = [*([OVERSPEND] if knows_frame else []), LEFT, HANDED_OUT]
    found = [Statement(about, int(_sign(about, change, first, last)[0])) for about in about_all]
    for about, sign in ((MOST_UP, 1), (MOST_DOWN, -1)):
        place = int((change * sign).argmax())
        if change[place] * sign > 0:
            found.append(Statement(about, sign, units[place]))
    found += [Statement(UNIT, int(numpy.sign(moved)), name) for name, moved in zip(units, change, strict=True)]
    return [statement for statement in found if statement.sign or statement.about == OVERSPEND]


def _sign(about: str, change: Any, first: Figures, last: Figures) -> Any:
    given = "etat_samlet_tildeling"
    amount = {
        OVERSPEND: last.headlines["etat_merforbruk"],
        HANDED_OUT: last.headlines[given] - first.headlines[given],
        LEFT: last.headlines["etat_igjen_sentralt"],
        UNIT: change,
    }[about]
    return numpy.sign(amount)

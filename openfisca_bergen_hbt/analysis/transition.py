"""A transition: what it takes that no unit loses more than a share of what it had, and who pays for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.rules.money import FloatArray, largest_remainder, sum_by
from openfisca_bergen_hbt.text.language import _

LEFT = "etat_igjen_sentralt"
RESERVE = "etat_reserve_saldo"
#: The ways of paying: money from outside the frame, what is left of the reserve, and the units that gain, pro rata.
WAYS = ("extra", "reserve", "gainers")


@dataclass(frozen=True)
class Way:
    """One way of paying; all in whole kroner."""

    #: What each unit is then given.
    given: FloatArray
    #: What of the loss beyond the limit is not made up for, as the source is too small.
    lacking: int
    #: What all units get, what stays central, and what the frame then is: the sum of the two.
    handed_out: int
    left: int
    frame: int


@dataclass(frozen=True)
class Transition:
    """From the first regulation to the last."""

    max_loss: Fraction
    before: FloatArray
    after: FloatArray
    #: What each unit lacks of the least that it may be given, in whole kroner.
    lacks: FloatArray
    #: By the names of ``WAYS``.
    ways: dict[str, Way]


def read_share(text: str) -> Fraction:
    """Read a share written as a percentage, such as ``2%`` or ``2,5 %``.

    Raises:
        ValueError: the text is none, or not from 0 to 100 %.
    """
    match = re.fullmatch(r"\s*([0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*%\s*", text, re.ASCII)
    share = Fraction(match[1].replace(",", ".")) / 100 if match else Fraction(-1)
    if not 0 <= share <= 1:
        message = _("--max-loss '{text}' is no percentage from 0 to 100. Write one, such as 2%.")
        raise ValueError(message.format(text=text[:40]))
    return share


def transition(compared: Comparison, max_loss: Fraction) -> Transition:
    """Return what it takes that no unit loses more than a share from the first regulation to the last.

    A unit may lose the share of what it had, rounded down to whole kroner. Etater never pay for each other.
    """
    last = compared.runs[-1]
    before, after = (run.results.value(GIVEN).astype(numpy.float64) for run in (compared.runs[0], last))
    agency, etater = compared.population.agency_of_unit, len(compared.population.agency_names)
    least = numpy.array([amount - amount * max_loss // 1 for amount in map(int, before)], dtype=numpy.float64)
    lacks, gains = numpy.maximum(0, least - after), numpy.maximum(0, after - before)
    needed = sum_by(agency, lacks, etater)
    has_reserve = RESERVE not in last.version.not_brought
    reserve = last.results.value(RESERVE) if has_reserve else numpy.zeros(etater)
    left = int(last.results.value(LEFT).sum())

    def way(pays: FloatArray, *, by_units: bool = False, from_frame: bool = True) -> Way:
        covered = numpy.minimum(needed, numpy.maximum(0, pays))
        given = after + largest_remainder(covered, lacks, agency)
        given -= largest_remainder(covered, gains, agency) if by_units else 0
        central = left - int(covered.sum()) if from_frame and not by_units else left
        handed_out = int(given.sum())
        return Way(given, int((needed - covered).sum()), handed_out, central, handed_out + central)

    ways = (
        way(needed, from_frame=False),
        way(reserve),
        way(sum_by(agency, gains, etater), by_units=True),
    )
    return Transition(max_loss, before, after, lacks, dict(zip(WAYS, ways, strict=True)))

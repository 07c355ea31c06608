"""How many months are fact: those that data have, or fewer that are asked for."""

from __future__ import annotations

from openfisca_bergen_hbt.analysis.asking import Asked
from openfisca_bergen_hbt.analysis.flows.counting import MONTHS
from openfisca_bergen_hbt.text.language import _


def months_given(asked: Asked) -> int:
    """Return how many months are given, from January.

    Raises:
        ValueError: more are asked for than the data have.
    """
    known = asked.files.months if asked.files else MONTHS
    given: int = asked.options.months or (asked.files.given if asked.files else MONTHS)
    if given > known:
        raise ValueError(_("The data have {known} months, and {given} are asked for.").format(known=known, given=given))
    return given

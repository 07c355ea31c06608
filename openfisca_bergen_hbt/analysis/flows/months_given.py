"""How many months are fact: those that data have, or fewer that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openfisca_bergen_hbt.analysis.flows.counting import MONTHS
from openfisca_bergen_hbt.text.language import _

if TYPE_CHECKING:
    from openfisca_bergen_hbt.intake.microdata import Microdata


def months_given(wanted: int | None, files: Microdata | None) -> int:
    """Return how many months are given, from January.

    Args:
        wanted: how many are asked for; None for those that the data have.
        files: what is known of users read from files; None for others, who have all.

    Raises:
        ValueError: more are asked for than the data have.
    """
    known = files.months if files else MONTHS
    given = wanted or (files.given if files else MONTHS)
    if given > known:
        raise ValueError(_("The data have {known} months, and {given} are asked for.").format(known=known, given=given))
    return given

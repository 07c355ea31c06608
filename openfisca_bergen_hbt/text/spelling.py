"""How situations are written: what groups need, and ``2019``, ``2019-01`` and core's longer forms."""

from __future__ import annotations

import re
from functools import lru_cache

from openfisca_core.periods import DateUnit, Instant, Period

#: What lists the users of a group.
ROLE = "brukere"
#: The groups that a situation with groups can't do without.
NEEDED = frozenset({"enhet", "etat"})
#: The most that core's integers hold.
MOST_INT = 2**31 - 1
_PERIOD = re.compile(r"(year:|month:)?(\d{4})(?:-(\d{2}))?(?::1)?", flags=re.ASCII)


@lru_cache(maxsize=4096)
def period(text: str) -> Period | None:
    """Return the calendar year or month that a text names; None where it names none."""
    match = _PERIOD.fullmatch(text)
    if not match:
        return None
    unit, year, month = match[1], int(match[2]), int(match[3] or 0)
    if year == 0 or month > 12 or (match[3] and month == 0):  # noqa: PLR2004 (months of a year)
        return None
    if unit == "year:" and month > 1:  # a year that begins in another month is no calendar year
        return None
    if unit == "month:" and not month:
        return None
    if month and unit != "year:":
        return Period((DateUnit.MONTH, Instant((year, month, 1)), 1))
    return Period((DateUnit.YEAR, Instant((year, 1, 1)), 1))

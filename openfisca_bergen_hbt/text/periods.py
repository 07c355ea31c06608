"""How calendar years and months are written: ``2019``, ``2019-01`` and core's longer forms."""

from __future__ import annotations

import re
from functools import lru_cache

from openfisca_core.periods import DateUnit, Instant, Period

#: The units in words, and what to write.
IN_WORDS = {DateUnit.YEAR: "year (2019)", DateUnit.MONTH: "month (2019-01)"}
WRITE = "Write a year (2019) or a month (2019-01)."
#: What is written, as patterns of JSON Schema.
YEAR, MONTH = r"(year:)?(?!0000)[0-9]{4}", r"(month:)?(?!0000)[0-9]{4}-(0[1-9]|1[0-2])"
_PERIOD = re.compile(r"(year:|month:)?(\d{4})(?:-(\d{2}))?(?::1)?", flags=re.ASCII)


@lru_cache(maxsize=4096)
def period_in(text: str) -> Period | None:
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

"""How calendar years and months are written: ``2019``, ``2019-01`` and core's longer forms."""

from __future__ import annotations

import re
from functools import lru_cache

from openfisca_core.periods import DateUnit, Instant, Period

from openfisca_bergen_hbt.text.language import marked

#: The units in words, and what to write.
IN_WORDS = {DateUnit.YEAR: marked("year (2019)"), DateUnit.MONTH: marked("month (2019-01)")}
WRITE = marked("Write a year (2019) or a month (2019-01).")
#: What is written, as patterns of JSON Schema.
YEAR, MONTH = r"(year:)?(?!0000)[0-9]{4}", r"(month:)?(?!0000)[0-9]{4}-(0[1-9]|1[0-2])"
#: What names a period, months first: with January, too, a year that says that it is one.
_PERIODS = (
    (DateUnit.MONTH, re.compile(r"(?:month:)?(?!0000)([0-9]{4})-(0[1-9]|1[0-2])(?::1)?")),
    (DateUnit.YEAR, re.compile(r"(?:year:)?(?!0000)([0-9]{4})(?:-(01))?(?::1)?")),
)


@lru_cache(maxsize=4096)
def period_in(text: str) -> Period | None:
    """Return the calendar year or month that a text names; None where it names none."""
    for unit, pattern in _PERIODS:
        if match := pattern.fullmatch(text):
            return Period((unit, Instant((int(match[1]), int(match[2] or 1), 1)), 1))
    return None

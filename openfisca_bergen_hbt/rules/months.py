"""The months of a year."""

from __future__ import annotations

from functools import lru_cache

from openfisca_core.periods import DateUnit, Instant, Period


@lru_cache(maxsize=1024)
def months(year: Period) -> tuple[Period, ...]:
    """Return the twelve months of the year that ``year`` (a year, or a month of it) lies in."""
    return tuple(Period((DateUnit.MONTH, Instant((year.start.year, month, 1)), 1)) for month in range(1, 13))


def months_so_far(month: Period) -> tuple[Period, ...]:
    """Return the months of the year to and including ``month``."""
    return months(month)[: month.start.month]


def january(period: Period) -> Period:
    """Return the first month of the year that ``period`` lies in."""
    return months(period)[0]


@lru_cache(maxsize=1024)
def year_of(month: Period) -> Period:
    """Return the year that ``month`` lies in."""
    return Period((DateUnit.YEAR, Instant((month.start.year, 1, 1)), 1))

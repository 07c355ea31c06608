"""The months of a year, and work that unchanged months share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

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


def memory(simulation: Any) -> dict[Hashable, Any]:
    """Return the place where a simulation keeps what its formulas share."""
    kept: dict[Hashable, Any] = simulation.__dict__.setdefault("_bergen_hbt_memory", {})
    return kept


def shared(simulation: Any, work: Callable[..., Any], arrays: Iterable[Any], *constants: Hashable) -> Any:
    """Return ``work(*arrays, *constants)``, done once for the same array objects and constants.

    A year's input holds the same array object in each month, and so do the results computed from it: an unchanged
    month costs nothing. The arrays are kept with the result, so that an object's identity can't come to mean another.
    """
    arrays = tuple(arrays)
    key = (work, *map(id, arrays), *constants)
    kept = memory(simulation)
    if key not in kept:
        kept[key] = (arrays, work(*arrays, *constants))
    return kept[key][1]

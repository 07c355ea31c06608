"""Work that formulas share: done once for a simulation, and once for months that are unchanged."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from openfisca_bergen_hbt.rules.core import memory

Shared = TypeVar("Shared")


def shared(simulation: Any, work: Callable[..., Shared], arrays: Iterable[Any], *constants: Hashable) -> Shared:
    """Return ``work(*arrays, *constants)``, done once for the same array objects and constants.

    A year's input holds the same array object in each month, and so do the results computed from it: an unchanged
    month costs nothing. The arrays are kept with the result, so that an object's identity can't come to mean another.
    """
    arrays = tuple(arrays)
    key = (work, *map(id, arrays), *constants)
    kept = memory(simulation)
    if key not in kept:
        kept[key] = (arrays, work(*arrays, *constants))
    result: Shared = kept[key][1]
    return result

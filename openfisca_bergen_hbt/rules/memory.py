"""Work that formulas share: done once for a simulation, and once for months that are unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy

from openfisca_bergen_hbt.rules.core import memory

Shared = TypeVar("Shared")


def shared(simulation: Any, work: Callable[..., Shared], arrays: Iterable[Any], *constants: Any) -> Shared:
    """Return ``work(*arrays, *constants)``, done once for the same array objects and constants.

    A constant is a number; or an array, as any of the others, where it is drawn (``rules.stages.drawn``).

    A year's input holds the same array object in each month, and so do the results computed from it: an unchanged
    month costs nothing. The arrays are kept with the result, so that an object's identity can't come to mean another.
    """
    arrays = tuple(arrays)
    by_value = [id(each) if isinstance(each, numpy.ndarray) else each for each in constants]
    key = (work, *map(id, arrays), *by_value)
    memories = memory(simulation)
    kept = memories.get(key)
    if kept is None:
        kept = memories[key] = (arrays, constants, work(*arrays, *constants))
    result: Shared = kept[2]
    return result

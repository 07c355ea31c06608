"""An order of users that no file gives them: the same users come in it however their rows are written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy

from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray


def order_of_users(unit_of_user: IndexArray, inputs: Sequence[FloatArray]) -> IndexArray:
    """Return the users by unit, and within a unit by their inputs."""
    units = int(unit_of_user.max()) + 1 if len(unit_of_user) else 0
    small = unit_of_user.astype(numpy.uint16) if units <= numpy.iinfo(numpy.uint16).max else unit_of_user
    order = numpy.argsort(small, kind="stable")  # a radix sort for 16 bits
    if not inputs:
        return order
    ends = numpy.cumsum(numpy.bincount(unit_of_user, minlength=units))
    start = 0
    for end in ends.tolist():  # the users of a unit fit in the processor's cache
        mine = order[start:end]
        keys = [given[mine] for given in reversed(inputs)]
        order[start:end] = mine[numpy.argsort(keys[0]) if len(keys) == 1 else numpy.lexsort(keys)]
        start = end
    return order

"""Users whom a rule follows from month to month (T-15 read otherwise), where their months stand in several parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.partitions.seen import PARTS, Hashes, parts_of
from openfisca_bergen_hbt.rules.money import IndexArray
from openfisca_bergen_hbt.rules.months import months
from openfisca_bergen_hbt.rules.stages.sums import OF_TWO_MONTHS, Part, aligned
from openfisca_bergen_hbt.rules.stages.tally import CATEGORIES
from openfisca_bergen_hbt.simulate import year_period

MONTHS = 12

Category = NDArray[numpy.int8]


class Followed:
    """The running category of each user in each month of a year, 28 bytes a user of a unit, while parts are read."""

    def __init__(self) -> None:
        # A hash of 64 bits tells 8 million users apart but for one chance in 500 000.
        #: The units by name, numbered as they come.
        self.units: dict[str, int] = {}
        #: By the first bits of the hash: the users in order, the unit of each, and its category in each month.
        self.users: list[Hashes] = [numpy.zeros(0, numpy.uint64)] * PARTS
        self.unit: list[IndexArray] = [numpy.zeros(0, numpy.intp)] * PARTS
        self.category: list[Category] = [numpy.zeros((0, MONTHS), numpy.int8)] * PARTS

    def add_all(self, other: Followed) -> None:
        """Add the users of another, of whom other months may be known."""
        for user, unit, category in zip(other.users, other.unit, other.category, strict=True):
            self.add(user, unit, [*other.units], category)

    def add(self, user: Hashes, unit: IndexArray, units: Sequence[str], category: Category) -> None:
        """Add users, each in a unit, with what is known of their months.

        Args:
            user: a hash of each user and unit together: who is in two units is followed in each.
            unit: the unit of each, as an index in ``units``.
            units: the names of the units.
            category: the index of the category in each month, shape (users, 12); 0, INGEN, in the others.
        """
        number = numpy.array([self.units.setdefault(name, len(self.units)) for name in units], numpy.intp)
        order = numpy.argsort(user, kind="stable")
        user, unit, category = user[order], number[unit[order]], category[order]
        for part, mine in parts_of(user):
            self._add(part, user[mine], unit[mine], category[mine])

    def _add(self, part: int, user: Hashes, unit: IndexArray, category: Category) -> None:
        # A user's rows become one: a month that is not seen is 0, and no month is seen twice (``seen``).
        starts = numpy.flatnonzero(numpy.concatenate([[True], user[1:] != user[:-1]]))
        users, months = user[starts], numpy.maximum.reduceat(category, starts)
        known = self.users[part]
        at = numpy.searchsorted(known, users)
        is_known = at < len(known)
        is_known[is_known] = known[at[is_known]] == users[is_known]
        self.category[part][at[is_known]] = numpy.maximum(self.category[part][at[is_known]], months[is_known])
        if is_known.all():
            return
        new = ~is_known
        together = numpy.concatenate([known, users[new]])
        order = numpy.argsort(together, kind="stable")
        self.users[part] = together[order]
        self.unit[part] = numpy.concatenate([self.unit[part], unit[starts][new]])[order]
        self.category[part] = numpy.concatenate([self.category[part], months[new]])[order]

    def counts_in_both(self, units: Sequence[str], first: int, second: int) -> NDArray[numpy.int64]:
        """Count users by unit, category in one month (1-12), and that in another; shape (units, 7, 7)."""
        place = {name: number for number, name in enumerate(units)}
        where = numpy.array([place[name] for name in self.units], dtype=numpy.int64)
        counts = numpy.zeros(len(units) * CATEGORIES**2, dtype=numpy.int64)
        for unit, category in zip(self.unit, self.category, strict=True):
            cell = (where[unit] * CATEGORIES + category[:, first - 1]) * CATEGORIES + category[:, second - 1]
            counts += numpy.bincount(cell, minlength=len(counts))
        return counts.reshape(len(units), CATEGORIES, CATEGORIES)

    def sums(self, year: int) -> Part:
        """Return the counts of users by their categories in each two months of a year."""
        units = [*self.units]
        pairs = [*combinations_with_replacement(months(year_period(year)), 2)]
        counts = [self.counts_in_both(units, first.start.month, second.start.month) for first, second in pairs]
        return Part({(name, both): of for both, of in zip(pairs, counts, strict=True) for name in OF_TWO_MONTHS}, units)


def in_place_of(part: Part, followed: Part) -> Part:
    """Return sums in which users are counted in two months as they have been followed, and not file by file."""
    return part._replace(sums={**part.sums, **aligned(followed, part.units)})

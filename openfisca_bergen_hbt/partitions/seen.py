"""Which users have been seen in which months, in few bytes: a hash of the pseudonym, and a bit for each month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy
from numpy.typing import NDArray

#: Users are kept in so many parts, by the first bits of their hash, so that little is copied at a time.
PARTS, FIRST_BITS = 64, 58

Hashes = NDArray[numpy.uint64]
Months = NDArray[numpy.uint16]
#: Users, each once, with the bits of their months.
Users = tuple[Hashes, Months]


class Seen:
    """The users of a year that have been seen so far, 10 bytes for each."""

    def __init__(self) -> None:
        self._users: list[Hashes] = [numpy.zeros(0, numpy.uint64)] * PARTS
        self._months: list[Months] = [numpy.zeros(0, numpy.uint16)] * PARTS
        #: Whether the rows of some user have been seen at several times.
        self.spread = False

    def add(self, user: Hashes, months: Months) -> Hashes:
        """Add users in months, and return those that may have been seen in such a month before.

        Args:
            user: the hash of the user in each row.
            months: the bit of the month of each row.
        """
        again = [numpy.zeros(0, numpy.uint64)]
        for part, users, bits in _by_part(user, months):
            known, kept = self._users[part], self._months[part]
            at = numpy.searchsorted(known, users)
            is_known = numpy.zeros(len(users), dtype=bool)
            inside = at < len(known)
            is_known[inside] = known[at[inside]] == users[inside]
            self.spread |= bool(is_known.any())
            before = at[is_known]
            again.append(users[is_known][(kept[before] & bits[is_known]) != 0])
            kept[before] |= bits[is_known]
            new = numpy.concatenate([known, users[~is_known]])
            order = numpy.argsort(new, kind="stable")
            self._users[part] = new[order]
            self._months[part] = numpy.concatenate([kept, bits[~is_known]])[order]
        return numpy.concatenate(again)

    def users(self) -> Users:
        """Return the users that have been seen."""
        return numpy.concatenate(self._users), numpy.concatenate(self._months)


def _by_part(user: Hashes, months: Months) -> Iterator[tuple[int, Hashes, Months]]:
    """Yield each part's users, each once and in order, with the bits of their months."""
    if not len(user):
        return
    order = numpy.argsort(user, kind="stable")
    user, months = user[order], months[order]
    starts = numpy.flatnonzero(numpy.concatenate([[True], user[1:] != user[:-1]]))
    users, bits = user[starts], numpy.bitwise_or.reduceat(months, starts)
    for part, mine in parts_of(users):
        yield part, users[mine], bits[mine]


def parts_of(users: Hashes) -> Iterator[tuple[int, slice]]:
    """Yield each part that has some of the users, who are in order, with where they are."""
    bounds = numpy.searchsorted(users >> numpy.uint64(FIRST_BITS), numpy.arange(PARTS + 1, dtype=numpy.uint64))
    for part in range(PARTS):
        mine = slice(int(bounds[part]), int(bounds[part + 1]))
        if mine.start < mine.stop:
            yield part, mine

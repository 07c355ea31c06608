"""How many figures that are held back can be reckoned back from what is shown beside them.

One is safe if there is a second population in which it differs, and of which the same is shown: the same amounts to the
krone, and the same held back. None found, it counts as unsafe.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy

from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.privacy.exchanges import Exchange, Users, users_of
from openfisca_bergen_hbt.privacy.suppression import COUNTS, HeldBack, Tables, hidden_in, tables_of
from openfisca_bergen_hbt.privacy.witness import EXACT, Shown, Witnesses
from openfisca_bergen_hbt.simulate import Results

#: The counts by category.
CATEGORIES = len(COUNTS) - 1


class Unsafe(NamedTuple):
    """Of the counts and sums of hours of units that are held back, how many there are, and how many are unsafe."""

    held: int
    unsafe: int


def unsafe(runs: Sequence[Results], without_categories: Sequence[Results], held: HeldBack) -> Unsafe:
    """Return how many figures of units are held back, and how many of them have no witness."""
    tables = tables_of(runs, without_categories)
    counted = held.units & (numpy.stack([table[:, : len(COUNTS)] for table in tables.tables]) > 0).any(axis=0)
    sums = int(held.sums.hours.units.sum()) + int(held.sums.parts.units.sum())
    every = int(counted.sum()) + sums
    with_categories = [run for run in runs if not any(run is other for other in without_categories)]
    users = users_of(with_categories)
    safe = 0 if users is None else int((_safe(tables, users, held) & counted[:, :CATEGORIES]).sum())
    return Unsafe(every, every - safe)


def _safe(tables: Tables, users: Users, held: HeldBack) -> Mask:
    """Return which counts by category have a witness: of those found as many at once as have no unit in common."""
    units = len(held.units)
    given = [run.value("enhet_samlet_tildeling") for run in users.runs]
    found = Witnesses(users, Shown(numpy.arange(units), given, EXACT, held.units[:, :CATEGORIES]))
    found.search()
    chosen: dict[int, Exchange] = {}
    for one in found.found.values():
        if one.unit not in chosen and one.partner not in chosen:
            chosen |= {one.unit: one, one.partner: one}
    safe = numpy.zeros((units, CATEGORIES), dtype=bool)
    if not chosen:
        return safe
    other = _exchanged(tables, users, list({id(one): one for one in chosen.values()}.values()))
    before, after = (hidden_in(of) for of in (tables, other))
    if any((one != two).any() for one, two in zip(before[1:], after[1:], strict=True)):
        return safe
    differ = (before[0] != after[0]).any(axis=1)
    for group in tables.groups[:1]:
        differ = numpy.isin(group, group[differ])
    if not tables.groups and differ.any():
        return safe
    for one in chosen.values():
        if not differ[[one.unit, one.partner]].any():
            changed = ((one.more[:, None] * users.in_category).sum(axis=1) != 0).any(axis=0)
            safe[[one.unit, one.partner]] |= changed
    return safe


def _exchanged(tables: Tables, users: Users, chosen: Sequence[Exchange]) -> Tables:
    """Return the counts when users have been exchanged."""
    changed = []
    for run in range(len(users.runs)):
        counts = tables_of([users.runs[run]], ()).tables[0].copy()
        for one in chosen:
            more = one.more @ users.in_category[run]
            counts[one.unit, :CATEGORIES] += more
            counts[one.partner, :CATEGORIES] -= more
        changed.append(counts)
    return tables._replace(tables=changed)

"""Small counts of users, held back together with so many others that none can be worked out.

A count of 1 to 4 users is held back, in a unit, an area, an etat or in all (a 0 is not about anybody and stays).
Whoever knows the rest of its row, its column and the totals could subtract; so for each such cell there is a *move*:
one user more here and one less there, by which every figure that is shown stays the same. All cells of the move are
held back. Hence for each cell that is held back there is another number that fits everything that is shown.

Points and shares of points are held back with the counts by category, hours with the number of users. Amounts in
kroner are not: they are what is decided. Whoever knows the weights and reckons backwards from amounts can still learn
something of a unit with few users (see docs/data.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.blocks import Mask
from openfisca_bergen_hbt.privacy.sums import HeldSums, held_sums
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.simulate import Results

#: Counts below this are held back.
LEAST = 5
#: What stands where a figure is held back.
MARK = ":"
#: How the names of published figures begin, which are nobody's secret.
PUBLISHED = "publisert"
#: The counts of users by unit, and last the number of users.
COUNTS = (*(f"antall_kategori_{number}" for number in range(1, 7)), "enhet_antall_brukere")

#: Units of figures that are made of the counts by category: with the weights, they would give the counts back.
OF_CATEGORIES = ("poeng", "andel")

#: Among how many units a partner is looked for, and how far off those whose cell is held back already.
PARTNERS, NEAR = 96, 512

Counts = NDArray[numpy.int64]
#: A level, a row and a column.
Cell = tuple[int, int, int]
#: Two columns that change together, by the places of their prices.
Changes = tuple[IndexArray, ...]


@dataclass(frozen=True)
class HeldBack:
    """Which counts are held back: by unit, area, etat and in the sum of all, one column for each of ``COUNTS``."""

    units: Mask
    areas: Mask
    etater: Mask
    total: Mask
    #: What is held back of sums of hours, and of kroner made of them.
    sums: HeldSums

    def mask(self, variable: Any, level: str) -> Mask | None:
        """Return which of a variable's figures are held back at a level (``sum``: of all); None where none is."""
        masks = (self._counted(variable, level), self.sums.mask(variable, level))
        known = [mask for mask in masks if mask is not None]
        return numpy.logical_or.reduce(known) if known else None

    def _counted(self, variable: Any, level: str) -> Mask | None:
        """Return which of a variable's figures are held back since they follow from counts, or give counts back."""
        levels = {"enhet": self.units, "byomraade": self.areas, "etat": self.etater, "sum": self.total[None, :]}
        mask = levels[level]
        of_etat = level in ("etat", "sum") and variable.entity.key == "etat"
        of_etat &= not variable.name.startswith(PUBLISHED)
        if variable.entity.key != "enhet" and not of_etat:
            return None
        held: Any
        if variable.name in COUNTS:
            held = mask[:, COUNTS.index(variable.name)]
        elif variable.unit == "kr" or variable.value_type not in (float, int):
            return None
        elif variable.unit in OF_CATEGORIES and not of_etat:
            held = mask.any(axis=1)
        else:
            held = mask[:, -1]  # a figure per user or per hour, and hours, would tell of the few users that there are
        return numpy.asarray(held)


def held_back(runs: Sequence[Results], without_categories: Sequence[Results] = ()) -> HeldBack:
    """Return what to hold back, the same in every run of a population.

    Args:
        runs: every run that is shown.
        without_categories: those of them whose regulation has not brought the categories: no count is shown of them.
    """
    tables = tables_of(runs, without_categories)
    unit, *groups, total = (mask[:, : len(COUNTS)] for mask in hidden_in(tables))
    area = groups[0] if runs[0].population.area_of_unit is not None else unit[:0]
    several = len(runs[0].population.agency_names) > 1
    return HeldBack(unit, area, groups[-1] if several else total, total[0], held_sums(runs))


class Tables(NamedTuple):
    """What is counted: each table that is shown of units by category, and each of the number of users alone."""

    #: The areas, where they are known, and the etater, where they are several, of the units.
    groups: Sequence[IndexArray]
    tables: Sequence[Counts]
    users: Sequence[Counts]


def tables_of(runs: Sequence[Results], without_categories: Sequence[Results]) -> Tables:
    """Return what is counted in runs, each table once."""
    population = runs[0].population
    areas, etater = population.area_of_unit, population.agency_of_unit
    groups = [*([] if areas is None else [areas]), *([etater] if len(population.agency_names) > 1 else [])]
    with_them = [run for run in runs if not any(run is other for other in without_categories)]
    tables = _distinct([_table(run) for run in with_them or runs])
    return Tables(groups, tables, _distinct([_table(run)[:, len(COUNTS) - 1] for run in runs]))


def hidden_in(counted: Tables) -> Sequence[Mask]:
    """Return which cells are held back, by level: of units, of each kind of group, and of all."""
    protection = Protection(counted.groups, counted.tables, counted.users)
    protection.run()
    return protection.hidden


def _distinct(tables: Sequence[Counts]) -> list[Counts]:
    return [table for number, table in enumerate(tables) if not any((table == t).all() for t in tables[:number])]


def _table(run: Results) -> Counts:
    counts = numpy.stack([run.value(name) for name in COUNTS], axis=1).astype(numpy.int64)
    without_category = counts[:, -1] - counts[:, :-1].sum(axis=1)
    return numpy.column_stack([counts, without_category])


class Protection:
    """Finds the cells to hold back in tables of units by category, with the number of users and sums by group.

    A table has a row for each unit, a column for each category, one for the number of users, and last those without a
    category, who are not shown. The levels are units, each kind of group (areas, etater), and last the sum of all.
    """

    def __init__(
        self,
        groups: Sequence[IndexArray],
        tables: Sequence[Counts],
        users: Sequence[Counts] = (),
        also: Mask | None = None,
    ) -> None:
        """Take tables in, how many users each unit has in what is shown beside them, and which counts tell of few."""
        units = len(tables[0])
        #: The row of each unit at each level, and the units of each row.
        self.rows = [numpy.arange(units), *groups, numpy.zeros(units, dtype=numpy.intp)]
        self.members = [_Members(rows) for rows in self.rows]
        self.sum = len(self.rows) - 1
        self.tables = [[_sums(table, rows) for rows in self.rows] for table in tables]
        self.users = [[_sums(of[:, None], rows)[:, 0] for rows in self.rows] for of in users]
        self.total = tables[0].shape[1] - 2
        #: Users without a category (before the model) are free to change; by the model's rules there are none.
        without = [self.total + 1] if any(table[:, -1].any() for table in tables) else []
        self.categories = [*range(self.total), *without]
        self.differing = [self._differing(level) for level in range(len(self.rows))]
        if also is not None:
            self.differing[0] |= also
        self.hidden = tuple(map(self._small, range(len(self.rows))))

    def run(self) -> None:
        """Hold back every small count and, for each of them in each table, the cells of a move.

        So it is done for a count that differs by so few between two tables.
        """
        for levels in self.tables:
            prices = _Prices(levels, self.hidden, self.total + 1)
            moved = [numpy.zeros(level.shape, dtype=bool) for level in levels]
            for number in reversed(range(len(levels))):  # what protects the sums often protects what they are made of
                small = (levels[number] > 0) & ((levels[number] < LEAST) | self.differing[number])
                small[:, -1] = False
                for row, column in numpy.argwhere(small).tolist():
                    if not moved[number][row, column]:
                        for cell in self._cheapest(levels, prices, number, row, column):
                            prices.hide(*cell)
                            moved[cell[0]][cell[1:]] = True

    def _small(self, level: int) -> Mask:
        """Return the counts that are small in some table, or differ by few between two."""
        values = numpy.stack([levels[level] for levels in self.tables])
        small: Any = ((values > 0) & (values < LEAST)).any(axis=0) | self.differing[level]
        for users in self.users:
            small[:, self.total] |= (users[level] > 0) & (users[level] < LEAST)
        small[:, -1] = len(self.categories) > self.total  # never shown
        found: Mask = small
        return found

    def _differing(self, level: int) -> Mask:
        """Return the counts that differ by few between two tables: next to each other, in the order of size."""
        differing: Mask = _differ_by_few([levels[level] for levels in self.tables])
        if self.users:
            differing[:, self.total] |= _differ_by_few([users[level] for users in self.users])
        return differing

    def _cheapest(self, levels: Sequence[Counts], prices: _Prices, level: int, row: int, column: int) -> list[Cell]:
        """Return the cells of the cheapest move that changes a cell; none where there is no move."""
        best: tuple[float, list[Cell]] = (numpy.inf, [])
        members = self.members[level].of(row)
        for unit in members[levels[0][members, column] > 0].tolist():
            best = min(best, self._move(levels, prices, level, unit, column), key=itemgetter(0))
            if best[0] == 0:  # nothing more to hold back
                break
        return best[1]

    def _move(
        self, levels: Sequence[Counts], prices: _Prices, level: int, unit: int, column: int
    ) -> tuple[float, list[Cell]]:
        """Return the price and the cells of the cheapest move that changes a unit's count, here and in a group.

        Two categories change against each other, or one with the number of users; in the unit and all that it is a
        part of, or in it and the other way in another unit, which leaves what both are parts of as it is.
        """
        pairs = numpy.array(list(self._columns(levels, unit, column)), dtype=numpy.intp).reshape(-1, 2)
        here = prices.changes(pairs, self.total)
        there = prices.opposite(here)
        rows = [int(of[unit]) for of in self.rows]
        mine = [prices.of(number, [rows[number]], here)[0] for number in range(len(levels))]
        alone = numpy.sum(mine, axis=0)
        best: tuple[float, list[Cell]] = (float(alone.min(initial=numpy.inf)), [])
        if numpy.isfinite(best[0]):
            best = best[0], self._cells(range(len(levels)), rows, here, int(alone.argmin()))
        if level == self.sum or not len(pairs):
            return best
        partners = self._partners(unit, column)
        costs = prices.of(0, partners, there) + mine[0]
        costs[partners == unit] = numpy.inf
        for number in range(1, self.sum):
            groups = self.rows[number][partners]
            same = (groups == rows[number])[:, None]
            across = numpy.inf if level == number else 0.0
            costs += numpy.where(same, across, prices.of(number, groups, there) + mine[number])
        place, change = numpy.unravel_index(int(costs.argmin()), costs.shape)
        if costs[place, change] >= best[0]:
            return best
        others = [int(of[partners[place]]) for of in self.rows]
        apart = [number for number in range(self.sum) if rows[number] != others[number]]
        cells = [cell for of in (rows, others) for cell in self._cells(apart, of, here, int(change))]
        return float(costs[place, change]), cells

    def _cells(self, levels: Iterable[int], rows: Sequence[int], changes: Changes, change: int) -> list[Cell]:
        """Return the cells of a change at some levels."""
        columns = [int(of[change]) % (self.total + 2) for of in changes]
        return [(level, rows[level], column) for level in levels for column in columns]

    def _columns(self, levels: Sequence[Counts], unit: int, column: int) -> Iterator[tuple[int, int]]:
        """Yield the pairs of columns that a move can use: two categories, or one and the number of users."""
        if column == self.total:
            yield from ((category, self.total) for category in self.categories if levels[0][unit, category])
        else:
            yield from ((column, other) for other in (*self.categories, self.total) if other != column)

    def _partners(self, unit: int, column: int) -> IndexArray:
        """Return the units to look for a partner among: all, or where they are many, some likely ones.

        Those whose cell is held back already, the next ones in the same groups, and the next ones.
        """
        units = len(self.rows[0])
        if units <= PARTNERS:
            return self.rows[0]
        near = [members.of(int(rows[unit])) for rows, members in zip(self.rows[1:-1], self.members[1:-1], strict=True)]
        some = self.rows[0][max(0, unit - NEAR) : unit + NEAR]
        likely = [some[self.hidden[0][some, column]], *near, some]
        following = [_following(found, unit, PARTNERS // len(likely)) for found in likely]
        return numpy.concatenate(following)


class _Members:
    """The units of each row of a level, in order."""

    def __init__(self, rows: IndexArray) -> None:
        self.order = numpy.argsort(rows, kind="stable")
        self.starts = numpy.searchsorted(rows[self.order], numpy.arange(rows.max(initial=-1) + 2))

    def of(self, row: int) -> IndexArray:
        return self.order[self.starts[row] : self.starts[row + 1]]


class _Prices:
    """How many users stand in the cells that a move would newly hold back; infinite for an impossible one.

    Zeros are shown, so a cell that is held back has 1 at least: before the move, and after it. Of each level the prices
    stand in one array: of one user more in each column, and then of one less.
    """

    def __init__(self, levels: Sequence[Counts], hidden: Sequence[Mask], free: int) -> None:
        self.hidden, self.columns = hidden, levels[0].shape[1]
        self.prices = []
        for values, held in zip(levels, hidden, strict=True):
            price = numpy.where(held, 0.0, values + 1.0)
            least = numpy.ones(self.columns, dtype=numpy.int64)
            least[free] = 0
            more, less = (numpy.where((values < least) | (values + step < least), numpy.inf, price) for step in (1, -1))
            self.prices.append(numpy.concatenate([more, less], axis=1))

    def changes(self, pairs: IndexArray, total: int) -> Changes:
        """Return both ways of changing each pair of columns, as the places of their prices."""
        first, other = pairs.T
        against = numpy.where(other == total, other, other + self.columns)
        firsts = numpy.concatenate([first, first + self.columns])
        return firsts, numpy.concatenate([against, *self.opposite([against])])

    def opposite(self, changes: Sequence[IndexArray]) -> tuple[IndexArray, ...]:
        """Return the changes the other way."""
        return tuple((of + self.columns) % (2 * self.columns) for of in changes)

    def of(self, level: int, rows: IndexArray | Sequence[int], changes: Sequence[IndexArray]) -> FloatArray:
        """Return the price of each change in each of some rows."""
        found = self.prices[level][rows]
        first, other = changes
        together: FloatArray = found[:, first] + found[:, other]
        return together

    def hide(self, level: int, row: int, column: int) -> None:
        """Hold back a cell, which then costs nothing more."""
        self.hidden[level][row, column] = True
        for place in (column, column + self.columns):
            if numpy.isfinite(self.prices[level][row, place]):
                self.prices[level][row, place] = 0.0


def _differ_by_few(values: Sequence[Counts]) -> Mask:
    steps: Any = numpy.diff(numpy.sort(numpy.stack(values), axis=0), axis=0)
    differing: Mask = ((steps > 0) & (steps < LEAST)).any(axis=0)
    return differing


def _following(rows: IndexArray, row: int, count: int) -> IndexArray:
    """Return so many rows that follow a row, from the first again after the last."""
    start = int(numpy.searchsorted(rows, row))
    return numpy.concatenate([rows[start : start + count], rows[: max(0, start + count - len(rows))]])


def _sums(table: Counts, rows: IndexArray) -> Counts:
    """Return the sums of a table's rows by group."""
    found = numpy.zeros((rows.max(initial=-1) + 1, table.shape[1]), dtype=numpy.int64)
    numpy.add.at(found, rows, table)
    return found

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
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.privacy.sums import HeldSums, held_sums
from openfisca_bergen_hbt.rules.money import IndexArray
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

#: Among how many units a partner is looked for.
PARTNERS = 192

Counts = NDArray[numpy.int64]
Mask = NDArray[numpy.bool_]


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


def held_back(runs: Sequence[Results]) -> HeldBack:
    """Return which counts to hold back, the same ones in every run of a population."""
    population = runs[0].population
    areas, etater = population.area_of_unit, population.agency_of_unit
    several = len(population.agency_names) > 1
    tables = [_table(run) for run in runs]
    tables = [table for number, table in enumerate(tables) if not any((table == t).all() for t in tables[:number])]
    protection = Protection([*([] if areas is None else [areas]), *([etater] if several else [])], tables)
    protection.run()
    unit, *groups, total = (mask[:, : len(COUNTS)] for mask in protection.hidden)
    area = unit[:0] if areas is None else groups[0]
    return HeldBack(unit, area, groups[-1] if several else total, total[0], held_sums(runs))


def _table(run: Results) -> Counts:
    counts = numpy.stack([run.value(name) for name in COUNTS], axis=1).astype(numpy.int64)
    without_category = counts[:, -1] - counts[:, :-1].sum(axis=1)
    return numpy.column_stack([counts, without_category])


class Protection:
    """Finds the cells to hold back in tables of units by category, with the number of users and sums by group.

    A table has a row for each unit, a column for each category, one for the number of users, and last those without a
    category, who are not shown. The levels are units, each kind of group (areas, etater), and last the sum of all.
    """

    def __init__(self, groups: Sequence[IndexArray], tables: Sequence[Counts]) -> None:
        units = len(tables[0])
        #: The row of each unit at each level.
        self.rows = [numpy.arange(units), *groups, numpy.zeros(units, dtype=numpy.intp)]
        self.sum = len(self.rows) - 1
        self.tables = [[_sums(table, rows) for rows in self.rows] for table in tables]
        self.total = tables[0].shape[1] - 2
        #: Users without a category (before the model) are free to change; by the model's rules there are none.
        without = [self.total + 1] if any(table[:, -1].any() for table in tables) else []
        self.categories = [*range(self.total), *without]
        self.hidden = tuple(map(self._small, range(len(self.rows))))

    def run(self) -> None:
        """Hold back every small count and, for each of them in each table, the cells of a move."""
        for levels in self.tables:
            moved = [numpy.zeros(level.shape, dtype=bool) for level in levels]
            for number in reversed(range(len(levels))):  # what protects the sums often protects what they are made of
                small = (levels[number] > 0) & (levels[number] < LEAST)
                small[:, -1] = False
                for row, column in numpy.argwhere(small).tolist():
                    if not moved[number][row, column]:
                        self._protect(levels, moved, number, row, column)

    def _small(self, level: int) -> Mask:
        """Return the counts that are small in some table."""
        values = numpy.stack([levels[level] for levels in self.tables])
        small: Mask = numpy.asarray(((values > 0) & (values < LEAST)).any(axis=0))
        small[:, -1] = len(self.categories) > self.total  # never shown
        return small

    def _protect(self, levels: Sequence[Counts], moved: Sequence[Mask], level: int, row: int, column: int) -> None:
        """Hold back the cells of the cheapest move that changes a cell."""
        best: Any = (numpy.inf, [])
        for move in self._moves(levels, level, row, column):
            best = min(best, move, key=itemgetter(0))
            if best[0] == 0:  # nothing more to hold back
                break
        for cell_level, cell_row, cell_column, _ in best[1]:
            self.hidden[cell_level][cell_row, cell_column] = True
            moved[cell_level][cell_row, cell_column] = True

    def _moves(self, levels: Sequence[Counts], level: int, row: int, column: int) -> Iterator[Any]:
        """Yield moves that change a cell, each with its price: the cheapest of its kind."""
        below = (self.rows[level] == row) & (levels[0][:, column] > 0)
        for unit in numpy.flatnonzero(below).tolist():
            partners = self._partners(unit, column)
            for first, other in self._columns(levels, unit, column):
                for step in (1, -1):
                    # a category and the number of users go together, two categories against each other
                    changes = [(first, step), (other, step if other == self.total else -step)]
                    if level < self.sum:
                        yield self._with_another(levels, level, unit, partners, changes)
                    cells = self._path(unit, changes, range(len(levels)))
                    yield self._price(levels, cells), cells

    def _columns(self, levels: Sequence[Counts], unit: int, column: int) -> Iterator[tuple[int, int]]:
        """Yield the pairs of columns that a move can use: two categories, or one and the number of users."""
        if column == self.total:
            yield from ((category, self.total) for category in self.categories if levels[0][unit, category])
        else:
            yield from ((column, other) for other in (*self.categories, self.total) if other != column)

    def _path(
        self, unit: int, changes: Sequence[tuple[int, int]], levels: Iterable[int]
    ) -> list[tuple[int, int, int, int]]:
        """Return the cells (level, row, column, change) of a unit and of what it is part of."""
        return [(level, int(self.rows[level][unit]), column, step) for level in levels for column, step in changes]

    def _with_another(
        self,
        levels: Sequence[Counts],
        level: int,
        unit: int,
        partners: IndexArray,
        here: Sequence[tuple[int, int]],
    ) -> Any:
        """Return the cost and the cells of the cheapest move between two units.

        It leaves the sum of all as it is, and those of the groups that both lie in.
        """
        there = [(column, -step) for column, step in here]
        costs = numpy.where(partners == unit, numpy.inf, self._price_of_rows(levels, 0, partners, there))
        for number in range(1, self.sum):
            groups, mine = self.rows[number][partners], self.rows[number][unit]
            across = numpy.inf if level == number else 0.0
            beyond = self._price_of_rows(levels, number, groups, there)
            beyond += self._price(levels, self._path(unit, here, [number]))
            costs += numpy.where(groups == mine, across, beyond)
        cheapest = int(costs.argmin())
        if not numpy.isfinite(costs[cheapest]):
            return numpy.inf, []
        partner = int(partners[cheapest])
        apart = [number for number in range(self.sum) if self.rows[number][unit] != self.rows[number][partner]]
        cells = self._path(unit, here, apart) + self._path(partner, there, apart)
        return self._price(levels, cells), cells

    def _partners(self, unit: int, column: int) -> IndexArray:
        """Return the units to look for a partner among: all, or where they are many, some likely ones.

        Those whose cell is held back already, the next ones in the same groups, and the next ones.
        """
        units = len(self.rows[0])
        if units <= PARTNERS:
            return self.rows[0]
        near = [numpy.flatnonzero(rows == rows[unit]) for rows in self.rows[1:-1]]
        likely = [numpy.flatnonzero(self.hidden[0][:, column]), *near, self.rows[0]]
        following = [_following(found, unit, PARTNERS // len(likely)) for found in likely]
        return numpy.unique(numpy.concatenate(following))

    def _price(self, levels: Sequence[Counts], cells: Sequence[tuple[int, int, int, int]]) -> float:
        """Return how many users stand in the cells that a move would newly hold back; infinite for an impossible one.

        Zeros are shown, so a cell that is held back has 1 at least: before the move, and after it.
        """
        price = 0.0
        for level, row, column, step in cells:
            value = levels[level][row, column]
            if (column != self.total + 1 and (value < 1 or value + step < 1)) or value + step < 0:
                return numpy.inf
            if not self.hidden[level][row, column]:
                price += float(value) + 1
        return price

    def _price_of_rows(
        self, levels: Sequence[Counts], level: int, rows: IndexArray, changes: Sequence[tuple[int, int]]
    ) -> NDArray[numpy.float64]:
        """Return the price of changes for rows of a level."""
        price = numpy.zeros(len(rows))
        for column, step in changes:
            value, hidden = levels[level][rows, column], self.hidden[level][rows, column]
            price += numpy.where(hidden, 0.0, value + 1.0)
            least = 1 if column != self.total + 1 else 0
            price[(value < least) | (value + step < least)] = numpy.inf
        return price


def _following(rows: IndexArray, row: int, count: int) -> IndexArray:
    """Return so many rows that follow a row, from the first again after the last."""
    start = int(numpy.searchsorted(rows, row))
    return numpy.concatenate([rows[start : start + count], rows[: max(0, start + count - len(rows))]])


def _sums(table: Counts, rows: IndexArray) -> Counts:
    """Return the sums of a table's rows by group."""
    found = numpy.zeros((rows.max(initial=-1) + 1, table.shape[1]), dtype=numpy.int64)
    numpy.add.at(found, rows, table)
    return found

"""The cells of one sheet: only those that hold something, by column, each with the number of its row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from openfisca_bergen_hbt.intake.office.package import DAMAGED
from openfisca_bergen_hbt.intake.problems import LONGEST_CELL, DataError, Problem
from openfisca_bergen_hbt.text.language import _

#: How many columns, and how many cells, a sheet may fill.
MOST_COLUMNS, MOST_CELLS = 1_000, 20_000_000


class Odd(NamedTuple):
    """A cell that is neither a number nor a text, and its text."""

    kind: Literal["error", "formula", "true or false", "date", "time", "duration", "long"]
    text: str


#: What a cell holds.
Value = float | str | Odd


class Area(NamedTuple):
    """Cells that are merged: rows and columns, the last ones included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass
class Grid:
    """What a sheet holds. Rows and columns are numbered from 1."""

    name: str
    columns: dict[int, tuple[list[int], list[Value]]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    filled: int = 0

    def put(self, row: int, column: int, value: Value) -> None:
        """Put what a cell holds in its place.

        Raises:
            DataError: the sheet fills more than a table does.
        """
        if isinstance(value, str):
            if not value.strip():
                return
            if len(value) > LONGEST_CELL:
                value = Odd("long", value)
        self.filled += 1
        if column > MOST_COLUMNS or self.filled > MOST_CELLS:
            message = _("the sheet goes on to cell {cell}. Delete what stands outside the table.").format(
                cell=address(row, column)
            )
            raise DataError(Problem(message, rows=[row]))
        if column not in self.columns:
            self.columns[column] = [], []
        rows, values = self.columns[column]
        if rows and row <= rows[-1]:
            raise DataError(Problem(_(DAMAGED)))
        rows.append(row)
        values.append(value)


@lru_cache(maxsize=2**16)
def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """Return how a spreadsheet calls a cell: ``B3``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def area(reference: str) -> Area:
    """Return the area that a spreadsheet calls ``A2:B4``."""
    corners = re.findall(r"([A-Z]+)(\d+)", reference)
    (left, top), (right, bottom) = corners[0], corners[-1]
    return Area(int(top), int(bottom), column_number(left), column_number(right))


def clock(seconds: float) -> str:
    """Return a length of time as hours, minutes and, where there are some, seconds: ``5:30``."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}" + (f":{second:02}" if second else "")

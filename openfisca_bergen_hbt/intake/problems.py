"""What is wrong with files: gathered, so that all of it can be said at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars

from openfisca_bergen_hbt.text.language import _, quoted

#: The column that numbers the rows: the heading is row 1. No heading is called so: theirs have no space around them.
ROW = "row "
#: How many faults a message shows; the rest are counted.
SHOWN = 20
#: How many rows a line names.
SHOWN_ROWS = 5
#: The longest text that a message repeats, and the number of digits that may be a date of birth.
LONGEST, BIRTH_DATE = 12, 6
#: What may stand among digits in a text that a message repeats.
SIGNS = r".,:;+\-\u2212/%'"
#: The longest text that a cell may hold.
LONGEST_CELL = 10_000


@dataclass(frozen=True)
class Problem:
    """A fault, in all rows where a file has it."""

    #: What is wrong and what to do.
    message: str
    #: The column; empty for the file.
    column: str = ""
    #: The rows as a spreadsheet numbers them; none for the file or the column as a whole.
    rows: Sequence[int] = ()
    #: What stands in the first rows; empty where showing it could tell who a user is.
    values: Sequence[str] = ()
    #: What to add to the message, for the first rows.
    advice: Sequence[str] = ()
    file: str = ""
    #: Whether it is one fault, which is said once for all its rows.
    is_one: bool = False

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the first rows (0 for the whole) and what is said of each."""
        for place, row in enumerate(self.rows[: 1 if self.is_one else SHOWN] or (0,)):
            rows = rows_in_words(self.rows if self.is_one else [row]) if row else ""
            where = [self.file, rows, _("column {name}").format(name=self.column) if self.column else ""]
            value = f" {quoted(self.values[place])}" if self.values and self.values[place] else ""
            advice = f" {self.advice[place]}" if self.advice and self.advice[place] else ""
            yield row, f"{', '.join(filter(None, where))}:{value} {self.message}{advice}"


class DataError(ValueError):
    """Files that can't be used, with every fault that was found."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(_in_words(problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes it again."""
        return type(self), tuple(self.problems)


def in_file(file: str, problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with the name of the file that they are in."""
    return [replace(problem, file=file) for problem in problems]


def problems_where(
    wrong: polars.Series | polars.Expr,
    rows: polars.DataFrame,
    column: str,
    message: str,
    *,
    show: Callable[[Any], str] | None = None,
    shows: str = "",
) -> list[Problem]:
    """Return the problem of a column in the rows, which have numbers, where it is wrong; none where it is nowhere.

    Cells are shown as ``show`` has it, where they may be: those of the column ``shows``, where that is another.
    """
    found = rows.filter(wrong)
    values = [show(value) for value in found[shows or column].head(SHOWN)] if show else []
    return [Problem(message, column, found[ROW].to_list(), values)] if found.height else []


def rows_said(column: str, problems: Iterable[Problem]) -> list[int]:
    """Return the rows in which something is wrong with a column."""
    return [row for problem in problems if problem.column == column for row in problem.rows]


def rows_in_words(rows: Sequence[int]) -> str:
    """Return the first of some rows, and how many more there are."""
    if len(rows) == 1:
        return _("row {row}").format(row=rows[0])
    more = _("rows {rows} and {number} more") if len(rows) > SHOWN_ROWS else _("rows {rows}")
    return more.format(rows=", ".join(map(str, rows[:SHOWN_ROWS])), number=len(rows) - SHOWN_ROWS)


def _in_words(problems: Sequence[Problem]) -> str:
    """Return what is wrong with wholes, and then row by row; beyond the first lines, how many of each kind."""
    rest = Counter[tuple[str, str, str]]()
    found = []
    for problem in problems:
        kind = problem.file, problem.column, problem.message
        rest[kind] += 1 if problem.is_one else len(problem.rows) or 1
        found += [((problem.file if row else "", row), line, kind) for row, line in problem.lines()]
    shown = sorted(found, key=lambda said: said[0])[:SHOWN]
    rest.subtract(kind for _, _, kind in shown)
    lines = [line for _, line, _ in shown]
    if rest.total():
        whole = _("the file")
        kinds = [f"{file}, {column or whole}: {n} × {text}" for (file, column, text), n in rest.items() if n]
        lines += [_("… and {number} more:").format(number=rest.total()), *kinds]
    return "\n".join(lines)


def excerpt(value: object) -> str:
    """Return what a cell holds, for a message: of what may tell who somebody is, only how long it is.

    That is every word, and every number with as many digits as a date of birth.
    """
    text = str(value).strip()
    digits = sum(map(str.isdigit, text))
    if len(text) <= LONGEST and digits < BIRTH_DATE and re.fullmatch(rf"[\d\s{SIGNS}]*|[+-]?(nan|inf)", text.lower()):
        return text
    if re.fullmatch(r"\d{1,2}[.-]\d{4}|\d{4}-\d{1,2}", text):  # a month
        return text
    return characters(text)


def characters(text: str) -> str:
    """Return how long a text is, for a message that may not repeat it."""
    return (_("({number} character)") if len(text) == 1 else _("({number} characters)")).format(number=len(text))

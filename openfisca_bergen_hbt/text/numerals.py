"""Numbers and months as Norwegian offices write them: ``1 234,5``, ``1.234,50``, ``31.12.2019``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import polars

#: What the option ``--decimal`` calls the marks.
DECIMALS = {"point": ".", "comma": ","}
#: What messages call them.
MARK_NAMES = {mark: f"decimal {name}" for name, mark in DECIMALS.items()}
#: Spaces that group digits: plain, hard, narrow and thin.
SPACES = " \u00a0\u202f\u2009"
OTHER = {".": ",", ",": "."}
#: Three digits after one mark, which may stand between thousands: 1.500 is 1,5 or 1500.
AMBIGUOUS = r"^[-+]?[1-9]\d{0,2}[.,]\d{3}$"


def _decimal(mark: str) -> str:
    """Return the pattern of numbers in which ``mark`` can only be a decimal mark."""
    mark, other = re.escape(mark), re.escape(OTHER[mark])
    return (
        rf"^[-+]?(\d*{mark}(\d{{1,2}}|\d{{4,}})|0*{mark}\d+|\d{{4,}}{mark}\d+|"
        rf"\d{{1,3}}(({other}|[{SPACES}])\d{{3}})+{mark}\d+|\d{{1,3}}({other}\d{{3}}){{2,}})$"
    )


#: Patterns of numbers by the only decimal mark that they can have.
CLEARLY = {mark: _decimal(mark) for mark in DECIMALS.values()}
#: Patterns of a number by its decimal mark: digits, grouped in threes or not, decimals, an exponent.
NUMBER = {
    mark: (rf"^[-+]?(\d+|\d{{1,3}}((\{OTHER[mark]}\d{{3}})+|([{SPACES}]\d{{3}})+))?(\{mark}\d+)?([eE][-+]?\d+)?$")
    for mark in DECIMALS.values()
}


def marks(columns: Sequence[polars.Series]) -> set[str]:
    """Return the decimal marks that columns of text show beyond doubt."""
    return {mark for mark, pattern in CLEARLY.items() if any(matching(column, pattern).any() for column in columns)}


def numbers(column: polars.Series, mark: str) -> polars.Series:
    """Return text as numbers; null for what is none (or empty)."""
    text = _plain(column)
    is_number = text.str.contains(NUMBER[mark]) & text.str.contains(r"\d")
    plain = text.str.replace_all(rf"[\{OTHER[mark]}{SPACES}]", "").str.replace(mark, ".", literal=True)
    return plain.set(~is_number, None).cast(polars.Float64, strict=False)


def matching(column: polars.Series, pattern: str) -> polars.Series:
    """Return which cells are written as a pattern of numbers has it (``AMBIGUOUS``, or one of ``CLEARLY``)."""
    return _plain(column).str.contains(pattern).fill_null(value=False)


def plain(number: float) -> str:
    """Return a number as a file writes it, whole ones without decimals: ``12``, ``12.125``."""
    return str(int(number)) if number.is_integer() and abs(number) < 10**16 else repr(number)


def _plain(column: polars.Series) -> polars.Series:
    return column.str.strip_chars().str.replace("\u2212", "-", literal=True)


#: Ways to write a month or a day: a pattern with the groups ``year``, ``month`` and perhaps ``day``.
DATES = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(-(?P<day>\d{1,2})([T ][\d:.]+)?)?",
    r"((?P<day>\d{1,2})\.)?(?P<month>\d{1,2})\.(?P<year>\d{4})",
    r"(?P<year>\d{4})(?P<month>\d{2})",
)


def year_and_month(value: object) -> tuple[int, int] | None:
    """Return the year and month of a cell: a date, ``2019-01``, ``2019-01-31``, ``31.01.2019`` or ``01.2019``."""
    if isinstance(value, date):
        return value.year, value.month
    for pattern in DATES:
        if match := re.fullmatch(pattern, str(value).strip(), re.ASCII):
            with suppress(ValueError):
                day = date(int(match["year"]), int(match["month"]), int(match.groupdict().get("day") or 1))
                return day.year, day.month
    return None

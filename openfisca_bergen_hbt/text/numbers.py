"""Numbers as people write them: ``1 035 686 820``, ``5,3 %``, ``−1`` in Norwegian; ``5.3%`` where English is spoken."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy
from babel.core import Locale
from babel.dates import format_date
from babel.numbers import parse_pattern

from openfisca_bergen_hbt.text.language import ENGLISH, spoken

#: How Norwegians write numbers, and how numbers are written where English is spoken.
LOCALE, IN_ENGLISH = Locale("nb"), Locale("en", "GB")
_pattern = lru_cache(parse_pattern)


def _locale() -> Locale:
    return IN_ENGLISH if spoken() == ENGLISH else LOCALE


def _write(pattern: str, value: float) -> str:
    if spoken() == ENGLISH:
        pattern = pattern.replace(" %", "%")
    return str(_pattern(pattern).apply(value, _locale()))


def whole(value: float) -> str:
    """Write a number without decimals."""
    return _write("#,##0", value)


def signed(value: float) -> str:
    """Write a change without decimals, with its sign."""
    return _write("+#,##0;-#,##0", value) if round(value) else "0"


def millions(value: float, *, sign: bool = False) -> str:
    """Write an amount in millions, with a decimal below 100 million; where asked, with its sign."""
    pattern = "#,##0" if abs(value) >= 1e8 else "#,##0.0"  # noqa: PLR2004 (three digits or more)
    return _write(f"+{pattern};-{pattern}" if sign else pattern, value / 1e6)


def decimals(value: float) -> str:
    """Write a number with the decimals that it has, at most four."""
    return _write("#,##0.####", value)


def exact(value: float) -> str:
    """Write a number with the decimals that it has, at most ten: where a small difference is what is looked for."""
    return _write("#,##0.##########", value)


def plain(value: float) -> str:
    """Write a number as machines read it, digit by digit: ``927533000``; with an exponent only beyond all reason."""
    if value and not 1e-12 <= abs(value) < 1e16:  # noqa: PLR2004 (what is still read digit by digit)
        return repr(float(value))
    return numpy.format_float_positional(value + 0.0, trim="-")  # -0 is 0


def one_decimal(value: float) -> str:
    """Write a number with one decimal."""
    return _write("#,##0.0", value)


def signed_one_decimal(value: float) -> str:
    """Write a change with one decimal and its sign."""
    return _write("+#,##0.0;-#,##0.0", value)


def two_decimals(value: float) -> str:
    """Write a number with two decimals."""
    return _write("#,##0.00", value)


def signed_two_decimals(value: float) -> str:
    """Write a change with two decimals and its sign."""
    return _write("+#,##0.00;-#,##0.00", value)


def signed_percent(part: float, whole_value: float) -> str:
    """Write a change in per cent with one decimal and its sign; a dash where there is nothing to compare with."""
    if not whole_value:
        return "–"
    return _write("+#,##0.0 %;-#,##0.0 %", part / whole_value)


def percent(share: float) -> str:
    """Write a share in per cent with one decimal."""
    return _write("#,##0.0 %", share)


def whole_percent(share: float) -> str:
    """Write a share in whole per cent."""
    return _write("#,##0 %", share)


def short_percent(share: float) -> str:
    """Write a share in per cent with the decimals that it has, at most four."""
    return _write("#,##0.#### %", share)


def exact_percent(share: float) -> str:
    """Write a share in per cent with the decimals that it has, at most ten."""
    return _write("#,##0.########## %", share)


def date_text(day: date) -> str:
    """Write a date: ``31.12.2019``; in English ``31 Dec 2019``, as some read the month first."""
    return format_date(day, "d MMM yyyy" if spoken() == ENGLISH else "dd.MM.yyyy", _locale())


def month(day: date) -> str:
    """Write a month and its year: ``okt. 2017``."""
    return format_date(day, "MMM yyyy", _locale())


def month_name(number: int) -> str:
    """Write a month of the year: ``september``."""
    return format_date(date(2019, number, 1), "MMMM", _locale())


def tick(value: float, count: int, *, sign: bool = False) -> str:
    """Write a number of an axis, with the decimals that its step has, however large it is; -0 is 0."""
    pattern, shown = f"#,##0{'.' * (count > 0)}{'0' * count}", round(value, count) + 0.0
    return _write(f"+{pattern};-{pattern}" if sign and shown else pattern, shown)


def with_decimals(value: float, count: int) -> str:
    """Write a number with so many decimals, and none where it is large."""
    return _write(f"#,##0.{'0' * count}" if count and abs(value) < 1000 else "#,##0", value)  # noqa: PLR2004

"""Numbers as people write them: ``1 035 686 820``, ``5,3 %``, ``-1`` in Norwegian; ``5.3%`` where English is spoken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy

from openfisca_bergen_hbt.text.language import ENGLISH, NORWEGIAN, spoken

#: Python's separators of thousands and decimals, as Norwegians write them.
IN_NORWEGIAN = str.maketrans(",.", "\N{NO-BREAK SPACE},")
#: The months, in full and short; Python's own are those of the machine's locale.
MONTHS = {
    NORWEGIAN: "januar februar mars april mai juni juli august september oktober november desember",
    ENGLISH: "January February March April May June July August September October November December",
}
SHORT_MONTHS = {
    NORWEGIAN: "jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des.",
    ENGLISH: "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
}


def _language() -> str:
    return ENGLISH if spoken() == ENGLISH else NORWEGIAN


def _write(value: float | Decimal, decimals: int = 0, *, sign: bool = False, trimmed: bool = False) -> str:
    """Write a number with so many decimals; where asked, with a plus before it, or without zeros at its end."""
    written = f"{Decimal(str(value)):{'+' if sign else ''},.{decimals}f}"
    if trimmed:
        written = written.rstrip("0").rstrip(".")
    return written if _language() == ENGLISH else written.translate(IN_NORWEGIAN)


def _write_percent(share: float, decimals: int = 0, *, sign: bool = False, trimmed: bool = False) -> str:
    """Write a share in per cent, as ``_write`` writes a number."""
    written = _write(Decimal(str(share)).scaleb(2), decimals, sign=sign, trimmed=trimmed)
    return f"{written}%" if _language() == ENGLISH else f"{written} %"


def whole(value: float) -> str:
    """Write a number without decimals."""
    return _write(value)


def signed(value: float) -> str:
    """Write a change without decimals, with its sign."""
    return _write(value, sign=True) if round(value) else "0"


def millions(value: float, *, sign: bool = False) -> str:
    """Write an amount in millions, with a decimal below 100 million; where asked, with its sign."""
    return _write(value / 1e6, 0 if abs(value) >= 1e8 else 1, sign=sign)  # noqa: PLR2004 (three digits or more)


def decimals(value: float) -> str:
    """Write a number with the decimals that it has, at most four."""
    return _write(value, 4, trimmed=True)


def exact(value: float) -> str:
    """Write a number with the decimals that it has, at most ten: where a small difference is what is looked for."""
    return _write(value, 10, trimmed=True)


def plain(value: float) -> str:
    """Write a number as machines read it, digit by digit: ``927533000``; with an exponent only beyond all reason."""
    if value and not 1e-12 <= abs(value) < 1e16:  # noqa: PLR2004 (what is still read digit by digit)
        return repr(float(value))
    return numpy.format_float_positional(value + 0.0, trim="-")  # -0 is 0


def one_decimal(value: float) -> str:
    """Write a number with one decimal."""
    return _write(value, 1)


def signed_one_decimal(value: float) -> str:
    """Write a change with one decimal and its sign."""
    return _write(value, 1, sign=True)


def two_decimals(value: float) -> str:
    """Write a number with two decimals."""
    return _write(value, 2)


def signed_two_decimals(value: float) -> str:
    """Write a change with two decimals and its sign."""
    return _write(value, 2, sign=True)


def signed_percent(part: float, whole_value: float) -> str:
    """Write a change in per cent with one decimal and its sign; a dash where there is nothing to compare with."""
    if not whole_value:
        return "–"
    return _write_percent(part / whole_value, 1, sign=True)


def percent(share: float) -> str:
    """Write a share in per cent with one decimal."""
    return _write_percent(share, 1)


def whole_percent(share: float) -> str:
    """Write a share in whole per cent."""
    return _write_percent(share)


def short_percent(share: float) -> str:
    """Write a share in per cent with the decimals that it has, at most four."""
    return _write_percent(share, 4, trimmed=True)


def exact_percent(share: float) -> str:
    """Write a share in per cent with the decimals that it has, at most ten."""
    return _write_percent(share, 10, trimmed=True)


def date_text(day: date) -> str:
    """Write a date: ``31.12.2019``; in English ``31 Dec 2019``, as some read the month first."""
    if _language() == ENGLISH:
        return f"{day.day} {SHORT_MONTHS[ENGLISH].split()[day.month - 1]} {day.year:04}"
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def month(day: date) -> str:
    """Write a month and its year: ``okt. 2017``."""
    return f"{SHORT_MONTHS[_language()].split()[day.month - 1]} {day.year}"


def month_name(number: int) -> str:
    """Write a month of the year: ``september``."""
    return MONTHS[_language()].split()[number - 1]


def tick(value: float, count: int, *, sign: bool = False) -> str:
    """Write a number of an axis, with the decimals that its step has, however large it is; -0 is 0."""
    shown = round(value, count) + 0.0
    return _write(shown, count, sign=sign and bool(shown))


def with_decimals(value: float, count: int) -> str:
    """Write a number with so many decimals, and none where it is large."""
    return _write(value, count if abs(value) < 1000 else 0)  # noqa: PLR2004 (four digits or more)

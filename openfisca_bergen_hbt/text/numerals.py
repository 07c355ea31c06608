"""Numbers and months as Norwegian offices write them: ``1 234,5``, ``1.234,50``, ``31.12.2019``."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from openfisca_bergen_hbt.text.digits import is_lost
from openfisca_bergen_hbt.text.language import marked

#: What the option ``--decimal`` calls the marks.
DECIMALS = {"point": ".", "comma": ","}
#: What messages call them.
MARK_NAMES = {".": marked("decimal point"), ",": marked("decimal comma")}
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


def possible_numbers(text: str) -> list[float]:
    """Return the numbers that a text can be: two where its mark may be decimal or between thousands; none, where none.

    ``12,5`` and ``1 200`` are one number, ``1.500`` is 1,5 or 1500.
    """
    bare = text.strip().replace("\u2212", "-")
    clear = [mark for mark, pattern in CLEARLY.items() if re.match(pattern, bare, re.ASCII)]
    found = (
        re.sub(rf"[\{OTHER[mark]}{SPACES}]", "", bare).replace(mark, ".")
        for mark in clear or NUMBER
        if re.match(NUMBER[mark], bare, re.ASCII) and re.search(r"[0-9]", bare)
    )
    return list(dict.fromkeys(float(number) for number in found if not is_lost(number)))


#: Ways to write a month or a day: a pattern with the groups ``year``, ``month`` or ``name``, and perhaps ``day``. What
#: follows a day is its time, with how far it is from UTC: the day is the local one.
DATES = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(-(?P<day>\d{1,2})([T ][\d:.]+( ?[+-]\d\d:?\d\d)?)?)?",
    r"((?P<day>\d{1,2})\.)?(?P<month>\d{1,2})\.(?P<year>\d{4})",
    r"(?P<year>\d{4})M?(?P<month>\d{2})",
    r"(?P<name>[a-z]+)[.\s-]*(?P<year>\d{4}|\d{2})",
)
#: The months as their names begin, in Norwegian (and, where they differ, in English).
MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
NAMES_OF_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november"),
    "desember",
)
ENGLISH = {"may": "mai", "oct": "okt", "dec": "des", "sept": "sep"}
#: Serial numbers of days, as a spreadsheet shows them in cells without a format: 2010 to 2099; and the day 0.
SERIALS, DAY_0 = range(40_179, 73_051), date(1899, 12, 30)


def year_and_month(value: object) -> tuple[int, int] | None:
    """Return the year and month of a cell; None for what is none.

    A cell is a date, a text such as ``2019-01``, ``2019-01-31``, ``31.01.2019``, ``01.2019``, ``2019M01``, ``jan.19``
    or the serial number of a day.
    """
    if isinstance(value, date):
        return value.year, value.month
    text = str(value).strip()
    if re.fullmatch(r"\d{5}", text, re.ASCII) and int(text) in SERIALS:
        day = DAY_0 + timedelta(days=int(text))
        return day.year, day.month
    for pattern in DATES:
        if match := re.fullmatch(pattern, text, flags=re.IGNORECASE | re.ASCII):
            found = match.groupdict()
            year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)  # noqa: PLR2004 (19 is 2019)
            with suppress(ValueError):
                month = int(found["month"]) if "month" in found else _month_called(found["name"].lower())
                day = date(year, month, int(found.get("day") or 1))
                return day.year, day.month
    return None


def _month_called(name: str) -> int:
    """Return the number of a month.

    Raises:
        ValueError: no month is called so.
    """
    name = ENGLISH.get(name, name)
    return (MONTHS if name in MONTHS else NAMES_OF_MONTHS).index(name) + 1

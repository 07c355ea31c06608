"""Numbers as people write them, in the language that is spoken."""

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import speaking

#: What writes a share, and 0.125 as it is read where each language is spoken.
SHARES = [
    (numbers.whole_percent, "13 %", "13%"),
    (numbers.percent, "12,5 %", "12.5%"),
    (numbers.short_percent, "12,5 %", "12.5%"),
    (numbers.exact_percent, "12,5 %", "12.5%"),
]


@pytest.mark.parametrize(("write", "norwegian", "english"), SHARES)
def test_per_cent_stands_off_in_norwegian_alone(write, norwegian, english):
    value = 0.127 if write is numbers.whole_percent else 0.125
    for language, expected in (("nb", norwegian), ("en", english)):
        with speaking(language):
            assert write(value).replace("\N{NO-BREAK SPACE}", " ") == expected


#: Whom each language is written for, as Babel knows them.
LOCALES = {"nb": Locale("nb"), "en": Locale("en", "GB")}
#: What writes a number, and the pattern that says the same to Babel.
PATTERNS = [
    (numbers.whole, "#,##0"),
    (numbers.one_decimal, "#,##0.0"),
    (numbers.signed_one_decimal, "+#,##0.0;-#,##0.0"),
    (numbers.two_decimals, "#,##0.00"),
    (numbers.signed_two_decimals, "+#,##0.00;-#,##0.00"),
    (numbers.decimals, "#,##0.####"),
    (numbers.exact, "#,##0.##########"),
]
PER_CENT = [
    (numbers.whole_percent, "#,##0 %"),
    (numbers.percent, "#,##0.0 %"),
    (numbers.short_percent, "#,##0.#### %"),
    (numbers.exact_percent, "#,##0.########## %"),
    (lambda share: numbers.signed_percent(share, 1), "+#,##0.0 %;-#,##0.0 %"),
]


@pytest.mark.parametrize("language", LOCALES)
@settings(deadline=None)  # Babel reads its data the first time
@given(value=st.floats(-1e15, 1e15) | st.integers(-4000, 4000).map(lambda eighths: eighths / 8))
def test_numbers_are_written_as_babel_writes_them(language, value):
    """Babel wrote them, until reading its data took a twentieth of the time of a whole command."""
    with speaking(language):
        for write, pattern in PATTERNS:
            assert write(value) == format_decimal(value, pattern, LOCALES[language])
        for write, pattern in PER_CENT:
            read_as = pattern.replace(" %", "%") if language == "en" else pattern
            assert write(value) == format_percent(value, read_as, LOCALES[language])


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_called_as_babel_calls_them(language, month):
    day = date(2017, month, 9)
    with speaking(language):
        written = "d MMM yyyy" if language == "en" else "dd.MM.yyyy"
        assert numbers.date_text(day) == format_date(day, written, LOCALES[language])
        assert numbers.month(day) == format_date(day, "MMM yyyy", LOCALES[language])
        assert numbers.month_name(month) == format_date(day, "MMMM", LOCALES[language])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (numbers.signed(0.4), "0"),
        (numbers.signed(1234.4), "+1 234"),
        (numbers.signed(-1234.6), "-1 235"),
        (numbers.millions(99_950_000), "100,0"),
        (numbers.millions(-123_456_789, sign=True), "-123"),
        (numbers.signed_percent(1, 0), "–"),
        (numbers.tick(-0.04, 1), "0,0"),
        (numbers.tick(0.0, 1, sign=True), "0,0"),
        (numbers.tick(2.5, 1, sign=True), "+2,5"),
        (numbers.with_decimals(999.94, 1), "999,9"),
        (numbers.with_decimals(1000, 1), "1 000"),
    ],
)
def test_zero_and_large_numbers_are_written_without_what_nobody_reads(written, expected):
    assert written.replace("\N{NO-BREAK SPACE}", " ") == expected

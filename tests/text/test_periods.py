"""Periods as they are written: core's short and long forms of calendar years and months."""

import pytest

from openfisca_bergen_hbt.text.periods import period_in


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2019", "2019"),
        ("2019:1", "2019"),
        ("year:2019", "2019"),
        ("year:2019-01:1", "2019"),
        ("2019-01", "2019-01"),
        ("month:2019-12:1", "2019-12"),
    ],
)
def test_calendar_years_and_months_are_periods(text, period):
    assert str(period_in(text)) == period


@pytest.mark.parametrize(
    "text",
    ["", "0000", "2019-00", "2019-13", "2019-1", "2019-01-01", "year:2019-02", "month:2019", "2019:2", "٢٠١٩"],
)
def test_other_texts_name_no_period(text):
    assert period_in(text) is None

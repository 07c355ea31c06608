"""Numbers as machines write them."""

import pytest

from openfisca_bergen_hbt.text.digits import number_in
from openfisca_bergen_hbt.text.numerals import year_and_month

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(("text", "value"), [("5", 5), ("-0.05", -0.05), ("1e3", 1000), ("12000", 12000)])
def test_plain_digits_are_numbers(text, value):
    assert number_in(text) == value


@pytest.mark.parametrize(
    "text", ["", "5_0", "５０", "٥", "05", ".5", "5.", "+5", " 5", "5\n", "0,05", "nan", "inf", "0x1f", "1 000", "5%"]
)
def test_what_python_or_a_slip_of_the_keyboard_takes_for_a_number_is_none(text):
    assert number_in(text) is None


def test_a_month_is_not_written_in_the_digits_of_another_script():
    assert year_and_month("2019-01") == (2019, 1)
    assert year_and_month("2019-01".translate(FULL_WIDTH)) is None

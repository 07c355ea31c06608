"""The page and the command line read a text as the same number, or both refuse it."""

import re

import pytest
from werkzeug.datastructures import MultiDict

from openfisca_bergen_hbt.law.proposals import ProposalError, from_settings
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
from openfisca_bergen_hbt.web.page.choice import Choice, choice_in, own_numbers

SHARE, POINTS, KRONER, HOURS = (
    "reserve.andel",
    "kategorimodell.vekt.kategori_3",
    "budsjett.ramme",
    "kategorimodell.nedre_grense.kategori_6",
)
READ = [
    (SHARE, "0,04", 0.04),
    (SHARE, "0.04", 0.04),
    (SHARE, "4 %", 0.04),
    (SHARE, "4e-2", 0.04),
    (SHARE, ",04", 0.04),
    (SHARE, "+0,04", 0.04),
    (POINTS, "11.1250", 11.125),
    (POINTS, "12", 12.0),
    (KRONER, "1 000 000 000", 1e9),
    (KRONER, "1.000.000.000", 1e9),
    (KRONER, "1\u00a0000\u202f000\u2009000", 1e9),
    (HOURS, "80,5", 80.5),
    (HOURS, "80.500", 80.5),  # a week has no 80 500 hours
]
REFUSED = [
    (SHARE, "abc"),
    (SHARE, "nan"),
    (SHARE, "inf"),
    (SHARE, "1e999"),
    (SHARE, "0.0_3"),
    (SHARE, "0 03"),
    (SHARE, "%"),
    (SHARE, "7"),
    (SHARE, "−0,04"),
    (POINTS, "11.125"),  # or 11125
    (POINTS, "11,125"),
    (POINTS, "11 %"),
    (KRONER, "4 %"),
    (KRONER, "1000,5"),
]


def on_the_page(name, text):
    choice = choice_in(MultiDict({f"tall.{name}": text}))
    proposal = own_numbers(choice)
    return None if choice.errors else proposal.changes[0].value


def on_the_command_line(name, text):
    try:
        return from_settings([f"{name}={text}@2020-01-01"], SYSTEMS.foundation(), FOUNDATION_DAY).changes[0].value
    except ProposalError:
        return None


@pytest.mark.parametrize(("name", "text", "value"), READ)
def test_a_number_is_read_alike(name, text, value):
    assert on_the_page(name, text) == value
    assert on_the_command_line(name, text) == value


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_what_is_no_number_or_two_is_refused_alike(name, text):
    assert on_the_page(name, text) is None
    assert on_the_command_line(name, text) is None


def test_what_the_page_writes_it_reads():
    query = Choice(numbers={POINTS: 11.125}).query()
    assert query.endswith("=11.1250")
    again = choice_in(MultiDict({f"tall.{POINTS}": re.search(r"[^=]+$", query)[0]}))
    assert again.numbers == {POINTS: 11.125}

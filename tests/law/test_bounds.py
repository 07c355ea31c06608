"""Numbers within the bounds of their units and in order, on every day of a regulation, whichever way it is composed."""

from datetime import date

import pytest

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalError, checked, checked_in_order
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.web.api import regulations
from openfisca_bergen_hbt.web.api.errors import RequestError
from openfisca_bergen_hbt.web.page.choice import Choice, own_numbers
from tests.commands import run

BOUND, WEIGHT = "kategorimodell.nedre_grense.kategori_", "kategorimodell.vekt.kategori_"
FRAME, GRANT, SHARE = "budsjett.ramme", "budsjett.tillitsreform_styrking", "merforbruk.andel"
MOST = 9_007_199_254_740_992  # 2^53
LAW = "vedtak_2021_06_statusrapport"


def proposal(name, *changes):
    return Proposal(
        name,
        name,
        tuple(Change(parameter, date(first, 1, 1), value, stop) for parameter, first, value, stop in changes),
    )


def end_of(year):
    return date(year, 12, 31)


#: Proposals on top of each other, the day from which their numbers can't stand together, and what they are then.
BOUNDS_LATER = {
    "the upper of two ends": (
        [[(BOUND + "3", 2019, 20, None), (BOUND + "4", 2019, 25, end_of(2019))]],
        ("2020-01-01", "0 < 1.5 < 20 < 15 < 30 < 80"),
    ),
    "the lower of two ends": (
        [[(BOUND + "3", 2019, 1, end_of(2020)), (BOUND + "2", 2019, 0.5, None), (BOUND + "4", 2019, 7, None)]],
        ("2021-01-01", "0 < 0.5 < 7.5 < 7 < 30 < 80"),
    ),
    "a later value beneath a second proposal": (
        [[(BOUND + "3", 2021, 1.8, None)], [(BOUND + "2", 2019, 5, end_of(2022))]],
        ("2021-01-01", "0 < 5 < 1.8 < 15 < 30 < 80"),
    ),
    "the same two the other way round": (
        [[(BOUND + "2", 2019, 5, end_of(2022))], [(BOUND + "3", 2021, 1.8, None)]],
        ("2021-01-01", "0 < 5 < 1.8 < 15 < 30 < 80"),
    ),
    "the second ends what the first needs": (
        [[(BOUND + "4", 2019, 25, None), (BOUND + "3", 2019, 20, None)], [(BOUND + "3", 2020, 26, None)]],
        ("2020-01-01", "0 < 1.5 < 26 < 25 < 30 < 80"),
    ),
    "two that meet": ([[(BOUND + "2", 2019, 7.5, None)]], ("2019-01-01", "0 < 7.5 < 7.5 < 15 < 30 < 80")),
}


@pytest.mark.parametrize("case", BOUNDS_LATER)
def test_bounds_rise_on_every_day(foundation, case):
    given, (day, bounds) = BOUNDS_LATER[case]
    with pytest.raises(ProposalError, match=f"the lower bounds must rise; from {day} they are {bounds}"):
        checked_in_order([proposal(f"p{n}", *changes) for n, changes in enumerate(given)], foundation)


def test_what_is_in_order_only_on_top_of_another_is_taken(foundation):
    first, second = proposal("a", (BOUND + "4", 2019, 25, None)), proposal("b", (BOUND + "3", 2019, 20, None))
    assert checked_in_order([first, second], foundation) == [first, second]  # 0, 1.5, 20, 25, 30, 80
    with pytest.raises(ProposalError, match=r"from 2019-01-01 they are 0 < 1\.5 < 20 < 15"):
        checked_in_order([second, first], foundation)


REASONABLE = {
    "the whole frame off the top": ((("reserve.andel", 2019, 0.4, None), ("avstand.andel", 2019, 0.6, None)),),
    "the greatest weight": (((WEIGHT + "1", 2019, 1_000_000, None),),),
    "the longest year": ((("tid.uker_per_aar", 2019, 54, None),),),
    "no frame": (((FRAME, 2019, 0, None),),),
    "the greatest frame": (((FRAME, 2019, MOST, None), (GRANT, 2018, 0, None)),),
    "a cut": (((GRANT, 2019, -14_000_000, None),),),
}


@pytest.mark.parametrize("case", REASONABLE)
def test_the_bounds_themselves_are_allowed(foundation, case):
    (changes,) = REASONABLE[case]
    given = proposal(case, *changes)
    assert checked(given, foundation) == given


BEYOND_REASON = {
    "a weight of 1e30": ((WEIGHT + "2", 2019, 1e30, None), "is 1e+30; it must be from 0 to 1000000 (poeng)"),
    "a weight just above": ((WEIGHT + "2", 2019, 1_000_001, None), "is 1000001; it must be from 0 to 1000000"),
    "a price of 1e308": (("aktivitetsbasert.timepris", 2019, 1e308, None), "must be from 0 to 1000000 (kr/time)"),
    "a frame of 1e16": ((FRAME, 2019, 1e16, None), f"to {MOST} (kr)"),
    "a frame of 9.25e18": ((FRAME, 2019, 9.25e18, None), f"to {MOST} (kr)"),
    "a frame below 0": ((FRAME, 2019, -1, None), "from 2019-01-01 it is -1 + 14000000"),
    "a frame with its grant": ((FRAME, 2019, MOST, None), f"from 2019-01-01 it is {MOST} + 14000000"),
    "a cut that is more than the frame": ((GRANT, 2019, -2e9, None), "from 2019-01-01 it is 1021686820 + -2000000000"),
    "half a krone": ((FRAME, 2019, 1000.5, None), "budsjett.ramme is 1000.5; it must be a whole number"),
    "weeks of 1e308": (("tid.uker_per_aar", 2019, 1e308, None), "it must be from 1 to 54 (uker/år)"),
    "no weeks": (("tid.uker_per_aar", 2019, 0, None), "tid.uker_per_aar is 0; it must be from 1 to 54"),
    "a share above 1": (("reserve.andel", 2019, 1.01, None), "reserve.andel is 1.01; it must be from 0 to 1 (andel)"),
    "more than the whole off the top": (("reserve.andel", 2019, 1, None), "from 2019-01-01 it is 1 + 0.01"),
    "an overspend that is no share": ((SHARE, 2019, 0.0, None), "merforbruk.andel 0.0: no frame has that share"),
    "a share so small": ((SHARE, 2019, 1e-9, None), "merforbruk.andel 1e-09: no frame has that share"),
    "a price that follows": ((SHARE, 2019, 1e-5, None), "aktivitetsbasert.timepris would be 4703007.1576913"),
    "a frame that follows": (("merforbruk.kroner", 2019, 1, None), "from 2017-01-01 it is -13999980 + 0"),
    "minutes of a year": (("legemiddelhaandtering.minutter_per_uke", 2019, 10_081, None), "to 10080 (min/uke)"),
    "no number": (("reserve.andel", 2019, float("nan"), None), "reserve.andel is nan; it must be from 0 to 1"),
}


@pytest.mark.parametrize("case", BEYOND_REASON)
def test_beyond_reason_is_refused(foundation, case):
    change, message = BEYOND_REASON[case]
    with pytest.raises(ProposalError) as caught:
        checked(proposal("p", change), foundation)
    assert message in str(caught.value)


def test_shares_off_the_top_are_held_together_on_every_day(foundation):
    lowered = proposal("a", ("avstand.andel", 2019, 0, end_of(2020)))
    with pytest.raises(ProposalError, match=r"from 2021-01-01 it is 1 \+ 0\.01"):
        checked_in_order([lowered, proposal("b", ("reserve.andel", 2019, 1, None))], foundation)


def test_the_unit_of_every_parameter_has_bounds(foundation):
    units = {parameter.metadata["unit"] for parameter in names.parameters(foundation.parameters)}
    assert [name for name in sorted(units) if not {"minimum", "maximum"} <= {*data.units()[name]}] == []


FILE = """\
title: {title}
baseline: vedtak_2021_06_statusrapport
changes:
  - {{parameter: kategorimodell.nedre_grense.kategori_{number}, from: {first}-01-01, value: {value}}}
"""


def test_every_door_says_it_once(folder):
    """The command with files in either order and with numbers set, the API and the page: one message, exit code 2."""
    (folder / "a.yaml").write_text(FILE.format(title="A", number=3, first=2021, value=1.8), encoding="utf-8")
    (folder / "b.yaml").write_text(FILE.format(title="B", number=2, first=2019, value=5), encoding="utf-8")
    said = "the lower bounds must rise; from 2021-01-01 they are 0 < 5 < 1.8 < 15 < 30 < 80."
    asked = {
        ("--proposal", "a.yaml", "--proposal", "b.yaml"): f"b.yaml:4:82: {said}",
        ("--proposal", "b.yaml", "--proposal", "a.yaml"): f"a.yaml:4:82: {said}",
        ("--proposal", "b.yaml", "--set", f"{BOUND}3=1.8@2021-01-01"): f"--set {BOUND}3=1.8@2021-01-01: {said}",
    }
    for arguments, message in asked.items():
        found = run("compare", *arguments)
        assert (found.exit_code, found.stderr.splitlines()[-1]) == (2, f"Error: {message}")
    changes = [{"parameter": BOUND + "3", "from": "2021-01-01", "value": 1.8}]
    changes += [{"parameter": BOUND + "2", "from": "2019-01-01", "value": 5}]
    with pytest.raises(RequestError) as refused:
        regulations.proposal(changes)
    assert (refused.value.message, refused.value.path) == (said, ["changes", "0"])
    choice = Choice(numbers={"reserve.andel": 0.995})
    own_numbers(choice)
    assert choice.errors == {
        "tall.reserve.andel": "reserve.andel + avstand.andel must be at most 1; from 2019-01-01 it is 0.995 + 0.01."
    }


def test_a_reading_that_fixes_a_number_before_others_begin_leaves_proposals_to_be_made():
    """T-20's share is fixed from 2017 on, and the 14 million begin in 2018: the frame of 2017 is judged alone."""
    assert run("compare", "--proposal", "stoerre_reserve", "--reading", "lesning_t20_styrkingen_utenfor").exit_code == 0

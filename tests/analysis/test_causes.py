"""Why the published hours grew: the figures of the slides, divided by hand and exactly."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_bergen_hbt.analysis.causes import FANA, OWN, SUM, divided
from tests.commands import as_json, run

FACTORS = ("brukere", "besoek_per_bruker", "timer_per_besoek")


def totals(*arguments):
    growth = as_json("causes", *arguments)["growth"]
    return {one["rows"]: [round(one[name]) for name in ("hours", *FACTORS)] for one in growth if one["area"] == SUM}


def test_the_growth_from_2017_to_2019():
    assert totals() == {
        OWN: [107_829, 21_904, -1_184, 87_109],
        FANA: [107_829, 21_904, -17_542, 103_467],
        SUM: [107_829, 21_834, -15_733, 101_728],
    }


def test_an_area_by_hand():
    # Laksevåg: 130 745 → 139 441 hours, 531 → 539 users, 299 310 → 224 943 visits
    mean = (139_441 - 130_745) / math.log(139_441 / 130_745)
    of_users, of_visits, of_hours = (
        mean * math.log(539 / 531),
        mean * math.log((224_943 / 539) / (299_310 / 531)),
        mean * math.log((139_441 / 224_943) / (130_745 / 299_310)),
    )
    found = next(one for one in as_json("causes")["growth"] if one["area"] == "Laksevåg" and one["rows"] == OWN)
    assert [found[name] for name in FACTORS] == pytest.approx([of_users, of_visits, of_hours])


positive = st.floats(1, 1e6)
triple = st.tuples(positive, positive, positive)


@given(before=triple, after=triple)
def test_the_parts_are_the_growth(before, after):
    assert sum(divided(before, after)) == pytest.approx(after[0] - before[0], abs=1e-6 * (before[0] + after[0]))


def test_a_factor_that_does_not_change_adds_nothing():
    assert divided((100, 10, 50), (200, 20, 100)) == pytest.approx((100, 0, 0))
    assert divided((100, 10, 50), (100, 10, 50)) == (0, 0, 0)


def test_what_the_slides_name():
    causes = as_json("causes")["causes"]
    assert [cause["question"] for cause in causes].count("sykefravaer") == 9
    verdicts = {cause["cause"]: cause["verdict"] for cause in causes}
    assert verdicts["Økt tjenesteproduksjon"] == "borne_out"
    assert verdicts["Demografi"] == "cannot_tell"
    assert {verdict for name, verdict in verdicts.items() if name in ("Trivsel", "Ledelse")} == {"cannot_tell"}
    medication = next(cause["figures"] for cause in causes if cause["cause"].startswith("Legemiddel"))
    assert round(medication["timer_utenfor_vedtak"]) == 28_943
    assert round(medication["kroner_etter_aarsverk"] / 1e5) == 146  # 28 943 / 1590 * 800 000
    assert round(medication["kroner_etter_timepris"] / 1e5) == 286  # 28 943 * 987.62


def test_years_in_the_wrong_order_are_refused():
    assert run("causes", "--from", "2019", "--to", "2019").exit_code == 2
    assert run("causes", "--from", "2020").exit_code == 2


def test_the_text_says_what_it_rests_on():
    text = " ".join(run("causes").text.split())
    assert "kalibrert, ikke en prøve" in text
    assert "ingen av tallene viser at et vedtak er årsaken" in text
    assert "159 årsverk" in text

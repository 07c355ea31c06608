"""From when a changed number acts: found out from the rules that read it (T-30)."""

from datetime import date

import pytest

from openfisca_bergen_hbt.analysis.history import acts_from
from openfisca_bergen_hbt.law.proposals import Change
from tests.commands import as_json, run


@pytest.mark.parametrize(
    ("parameter", "start", "stop", "expected"),
    [
        ("reserve.andel", date(2019, 7, 1), None, date(2020, 1, 1)),  # read on 1 January
        ("reserve.andel", date(2019, 1, 1), None, date(2019, 1, 1)),
        ("reserve.andel", date(2019, 2, 1), date(2019, 11, 30), None),  # no 1 January lies within
        ("kategorimodell.nedre_grense.kategori_2", date(2019, 7, 1), None, date(2019, 7, 1)),  # read each month
        ("kategorimodell.vekt.kategori_2", date(2019, 7, 2), None, date(2019, 8, 1)),
        ("merforbruk.andel", date(2019, 1, 1), None, date(2017, 1, 1)),  # the frame is derived from it, for all years
        ("merforbruk.andel", date(2019, 1, 2), None, None),
        (
            "normtid.minutter_per_besoek",
            date(2019, 7, 15),
            None,
            date(2019, 8, 1),
        ),  # where users have none of their own
        ("budsjett.ramme", date(2019, 2, 1), None, date(2020, 1, 1)),
        ("befolkning.spredning", date(2018, 3, 1), None, date(2019, 1, 1)),
        ("legemiddelhaandtering.andel_pasienter", date(2019, 1, 1), None, None),  # no rule reads it
        ("tid.uker_per_aar", date(2017, 1, 1), None, date(2017, 1, 1)),
        ("normtid.minutter_per_besoek", date(2017, 3, 15), None, date(2017, 4, 1)),
    ],
)
def test_from_when(law, parameter, start, stop, expected):
    assert acts_from(law, Change(parameter, start, 0.04, stop)) == expected


def test_compare_says_so():
    text = " ".join(run("compare", "--set", "reserve.andel=0.03@2019-07-01").text.split())
    assert "reserve.andel virker fra 01.01.2020" in text
    text = " ".join(run("compare", "--set", "normtid.minutter_per_besoek=30").text.split())
    assert "lesning_t22_27_minutter bruker det" in text


def test_a_reading_s_number_is_not_a_proposal_s():
    asked = ("--reading", "lesning_t05_reserven_deles_ut", "--set", "reserve.deles_ut_ved_aarets_slutt=0.5")
    text = " ".join(run("compare", *asked).text.split())
    assert "reserve.deles_ut_ved_aarets_slutt gjør ingenting: lesning_t05_reserven_deles_ut har gitt tallet" in text


def test_so_does_its_json():
    notes = as_json("compare", "--set", "reserve.andel=0.03@2019-02-01")["notes"]
    assert notes["Når tallene virker"] == "reserve.andel virker fra 01.01.2020"


def test_a_frame_that_is_set_says_what_it_contradicts():
    text = " ".join(run("compare", "--set", "budsjett.ramme=1000000000").text.split())
    assert "budsjett.ramme er utledet av det publiserte merforbruket" in text

"""``bergen-hbt log``, ``show`` and ``diff``."""

import pytest

from tests.commands import REGULATIONS, as_json, run

IDS = REGULATIONS[1:]


def test_the_log_lists_the_decisions_in_order():
    decided = as_json("log")
    assert [decision["id"] for decision in decided] == IDS
    assert [decision["adopted"] for decision in decided] == [
        "2017-10",
        "2018-01",
        "2019-05",
        "2019-09",
        "2020-12",
        "2021-06",
    ]
    assert {decision["adopted_precision"] for decision in decided} == {"month"}
    assert decided[4]["in_force"] == "2021-01-01"
    assert decided[3]["decided_by"] == "Byrådet"
    assert decided[0]["re_points"] == {
        "timer_per_uke": ["2018-01-01"],
        "etat_normtid_gjelder": ["2018-01-01"],
        "etat_tillitsreform_styrking": ["2018-01-01"],
        "etat_styrking_i_rammen": ["2018-01-01"],
        "enhet_omfattet_av_tillitsreformen": ["2017-10-01"],
    }
    text = run("log").text
    for decision in decided:
        assert decision["title"] in text
        assert decision["reference"] in text


def test_the_life_of_a_hinge():
    stages = as_json("log", "enhet_omfattet_av_tillitsreformen")
    assert [(stage["start"], stage["decision"]) for stage in stages] == [
        ("2017-01-01", "grunnregelverk"),
        ("2017-10-01", IDS[0]),
    ]
    extended = as_json("log", "enhet_i_utvidelsen")
    assert [(stage["start"], stage["decision"]) for stage in extended] == [
        ("2017-01-01", "grunnregelverk"),
        ("2019-09-01", IDS[3]),
    ]
    assert "Grunnregelverket: nei" in stages[0]["documentation"]  # what it said before it was re-pointed
    assert "enhet_i_hjemmetjenestene" in stages[1]["source"]


def test_the_life_of_a_parameter():
    (stage,) = as_json("log", "budsjett.tillitsreform_styrking")
    assert (stage["start"], stage["value"], stage["decision"]) == ("2018-01-01", 14_000_000, IDS[0])
    bergen = as_json("log", "kostra.netto_driftsutgifter_per_innbygger.bergen")
    assert [(stage["start"], stage["value"]) for stage in bergen] == [("2018-01-01", 19_333), ("2019-01-01", 19_747)]
    assert "14 000 000 kr" in run("log", "budsjett.tillitsreform_styrking").text


def test_an_input_has_a_life_too():
    assert "Inndata" in run("log", "besoek_per_uke").text


def test_what_held_on_a_date():
    before, after = as_json("show", "2017-12-31"), as_json("show", "2018-01-01")
    assert {value["parameter"] for value in before["parameters"]} == {
        "aktivitetsbasert.timepris",
        "befolkning.spredning",
        "budsjett.ramme",
        "normtid.minutter_per_besoek",
        "tid.timer_per_uke_maks",
        "tid.uker_per_aar",
    }
    weight = next(v for v in after["parameters"] if v["parameter"] == "kategorimodell.vekt.kategori_2")
    assert (weight["value"], weight["basis"], weight["range"]) == (4.5, "assumption", [1.5, 7.5])
    rules = {rule["variable"]: rule for rule in after["rules"]}
    assert rules["timer_per_uke"]["decision"] == IDS[0]
    assert 'counted_from(bruker, "vurdert_timer_per_uke", period)' in rules["timer_per_uke"]["source"]
    assert rules["enhet_kategoripoeng"]["reads"] == [f"kategorimodell.vekt.kategori_{n}" for n in range(1, 6)]
    assert rules["etat_vesentlig_endring"]["reads"] == ["omfordeling.terskel"]
    assert "loepende_kategori" not in {rule["variable"] for rule in before["rules"]}


def test_the_two_clocks_work_together():
    known_in_2019 = as_json("show", "2022-01-01", "--adopted-by", "2019-06")
    assert known_in_2019["decisions"] == IDS[:3]
    rules = {rule["variable"]: rule for rule in known_in_2019["rules"]}
    assert rules["enhet_vurderende_instans"]["decision"] == "grunnregelverk"
    assert rules["etat_plan_hjemmeboende_eldre_gjelder"]["decision"] == IDS[2]
    today = {rule["variable"]: rule for rule in as_json("show", "2022-01-01")["rules"]}
    assert today["enhet_vurderende_instans"]["decision"] == IDS[4]
    foundation = as_json("show", "2022-01-01", "--adopted-by", "2017-01")
    assert foundation["decisions"] == []
    assert {rule["decision"] for rule in foundation["rules"]} == {"grunnregelverk"}


def test_one_rule_or_number_on_a_date():
    assert as_json("show", "2017-12-31", "timer_per_uke")["found"]["decision"] == "grunnregelverk"
    assert as_json("show", "timer_per_uke", "2018-01")["found"]["decision"] == IDS[0]
    assert as_json("show", "2017-06", "reserve.andel")["found"] is None
    text = run("show", "2019-06-01", "reserve.andel").text
    assert "0,02 andel" in text
    assert "antatt" in text
    assert "0–0,05" in text
    assert "Gjelder ikke" in run("show", "2017-06", "reserve.andel").text


def test_the_whole_regulation_as_text_has_every_number_and_every_source():
    content, text = as_json("show", "2019-06-01"), run("show", "2019-06-01", "--format", "markdown").text
    for value in content["parameters"]:
        assert value["parameter"] in text
    for rule in content["rules"]:
        assert rule["source"] in text
        assert rule["label"] in text


def test_the_difference_between_two_dates():
    found = as_json("diff", "2017-12", "2018-01")
    assert [decision["id"] for decision in found["decisions"]] == [IDS[1]]
    values = {value["parameter"]: (value["a"], value["b"]["value"]) for value in found["values"]}
    assert values["reserve.andel"] == (None, 0.02)
    assert "budsjett.ramme" not in values
    both = {rule["variable"]: rule for rule in found["rules"] if rule["a"] and rule["b"]}
    assert set(both) == {
        "enhet_samlet_tildeling",
        "etat_budsjettmottaker",
        "etat_normtid_gjelder",
        "etat_ramme_i_alt",
        "etat_styrking_i_rammen",
        "etat_tillitsreform_styrking",
        "timer_per_uke",
    }
    text = run("diff", "2017-12", "2018-01").text
    assert "normtid_timer_per_uke" in text
    assert "vurdert_timer_per_uke" in text


def test_the_difference_between_two_decisions():
    found = as_json("diff", IDS[2], IDS[4])
    assert [decision["id"] for decision in found["decisions"]] == IDS[3:5]
    assert found["values"] == []
    assert {rule["variable"] for rule in found["rules"]} == {
        "etat_tillitsreform_i_politisk_plattform",
        "enhet_i_utvidelsen",
        "enhet_vurderende_instans",
        "enhet_teambasert_organisering",
        "timer_per_uke",
    }
    assert as_json("diff", "grunnregelverk", "grunnregelverk")["rules"] == []
    on = as_json("diff", "grunnregelverk", IDS[0], "--on", "2017-10-01")
    assert [rule["variable"] for rule in on["rules"]] == ["enhet_omfattet_av_tillitsreformen"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["log", "reserve.andl"], "reserve.andel"),
        (["log", "enhet_samlet"], "enhet_samlet_tildeling"),
        (["show", "2019-13"], "2017-01"),
        (["show", "2016-01-01"], "2017-01-01"),
        (["show", "2019-01-01", "2020-01-01"], "at most one date"),
        (["show", "2019-01-01", "timer_pr_uke"], "timer_per_uke"),
        (["show", "--adopted-by", "i fjor"], "2017-01"),
        (["diff", "vedtak_2018", "2019-01"], IDS[1]),
        (["diff", "2017-12", "2018-01", "--on", "x"], "2017-01"),
    ],
)
def test_a_wrong_name_or_date_is_refused_with_the_nearest(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("command", [["log"], ["show", "2019-06-01"], ["diff", "2017-12", "2018-01"]])
def test_documents_go_to_files_that_are_not_overwritten(tmp_path, command):
    target = tmp_path / "x.md"
    assert run(*command, "--format", "markdown", "--output", str(target)).exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("# ")
    assert run(*command, "--output", str(target)).exit_code == 2

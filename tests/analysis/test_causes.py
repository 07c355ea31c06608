"""Why the published hours grew: divided by hand, and exactly; and the causes that the slides name."""

import json
import math

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_bergen_hbt.analysis.causes.decomposition import FANA, OWN, SUM, divided
from openfisca_bergen_hbt.analysis.causes.named import BORNE_OUT, CANNOT_TELL, CONTRADICTED, verdict
from openfisca_bergen_hbt.web.app import create_app
from tests.commands import as_json, run

FACTORS = ("brukere", "besoek_per_bruker", "timer_per_besoek")
PRICE = 987.6216269


def totals(*arguments):
    growth = as_json("causes", *arguments)["growth"]
    return {one["rows"]: [round(one[name]) for name in ("hours", *FACTORS)] for one in growth if one["area"] == SUM}


def causes(*arguments):
    return {one["cause"].split(";")[0]: one for one in as_json("causes", *arguments)["causes"]}


def test_the_growth_from_2017_to_2019():
    assert totals() == {
        OWN: [107_829, 21_904, -1_184, 87_109],
        FANA: [107_829, 21_904, -17_542, 103_467],
        SUM: [107_829, 21_834, -15_733, 101_728],
    }


def test_the_growth_to_2018():
    # SUM: 993 272 → 1 047 321 hours, 3 936 → 3 895 users, 2 204 934 → 2 233 364 visits
    mean = (1_047_321 - 993_272) / math.log(1_047_321 / 993_272)
    users, visits = mean * math.log(3_895 / 3_936), mean * math.log((2_233_364 / 3_895) / (2_204_934 / 3_936))
    assert totals("--to", "2018")[SUM] == [54_049, round(users), round(visits), round(54_049 - users - visits)]
    assert users < 0 < visits


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
    assert found["kroner"]["brukere"] == pytest.approx(of_users * PRICE)


@pytest.mark.parametrize("years", [("2017", "2018"), ("2018", "2019"), ("2017", "2019")])
def test_the_parts_add_up_in_every_area_and_the_areas_to_the_total(years):
    growth = as_json("causes", "--from", years[0], "--to", years[1])["growth"]
    assert len(growth) == 2 * 7 + 1
    for one in growth:
        assert sum(one[name] for name in FACTORS) == pytest.approx(one["hours"], abs=1e-6)
    for rows in (OWN, FANA):
        *areas, total = (one for one in growth if one["rows"] == rows)
        for name in ("hours", *FACTORS):
            assert sum(area[name] for area in areas) == pytest.approx(total[name])


def test_a_tiny_example_by_hand():
    # 4 users of 5 visits of 1 hour; then 8 of 5 of 2: 20 hours become 80. The mean is 60 / ln 4, and 2 · 2 = 4:
    # each of the two factors that doubled has 60 · ln 2 / ln 4 = 30, and visits per user none
    assert divided((20, 4, 20), (80, 8, 40)) == pytest.approx((30, 0, 30))
    # and of 2 visits of 5 hours: 4 · 2 · 5 = 40. Users none; visits ln 0.4, hours ln 5 of the mean 20 / ln 2
    expected = (0, 20 * math.log(0.4) / math.log(2), 20 * math.log(5) / math.log(2))
    assert divided((20, 4, 20), (40, 4, 8)) == pytest.approx(expected)


def test_hours_that_do_not_change_can_hide_factors_that_do():
    # the logarithmic mean of 100 and 100 is 100: twice the users, half the visits of each
    assert divided((100, 10, 50), (100, 20, 50)) == pytest.approx((100 * math.log(2), -100 * math.log(2), 0))
    assert divided((100, 10, 50), (100, 10, 50)) == (0, 0, 0)


def test_hours_that_hardly_change_are_near_those_that_do_not():
    hardly = divided((1.7, 10, 50), (math.nextafter(1.7, 2), 20, 50))
    assert hardly == pytest.approx((1.7 * math.log(2), -1.7 * math.log(2), 0), abs=1e-12)


positive = st.floats(1, 1e6)
triple = st.tuples(positive, positive, positive)


@given(before=triple, after=triple)
def test_the_parts_are_the_growth(before, after):
    assert sum(divided(before, after)) == pytest.approx(after[0] - before[0], abs=1e-6 * (before[0] + after[0]))


@pytest.mark.parametrize(
    ("judged_by", "expected"),
    [
        ([("+", [1, 2]), ("-", [2, 1])], BORNE_OUT),
        ([("+", [2, 1]), ("-", [1, 2])], CONTRADICTED),
        ([("+", [1, 2]), ("-", [1, 2])], CANNOT_TELL),
        ([("+", [1, 1])], CANNOT_TELL),
        ([("+", [5])], CANNOT_TELL),  # one year has no direction
        ([("!", [5])], BORNE_OUT),
        ([("!", [-5])], CONTRADICTED),
        ([("b", [1, 2])], CANNOT_TELL),  # no mark: it decides nothing
        ([], CANNOT_TELL),
    ],
)
def test_what_figures_say_of_a_cause(judged_by, expected):
    assert verdict(judged_by) == expected


def test_what_the_slides_name():
    found = causes()
    slides = [one["source"].split("«")[1] for one in found.values()]
    assert [slides.count(slide) for slide in ("Årsaker»", "Hvorfor?»", "Årsaker?????»")] == [3, 7, 9]
    assert found["økt tjenesteproduksjon"]["verdict"] == BORNE_OUT  # 993 272 hours, then 1 101 101
    assert found["Økt aktivitetsnivå"]["verdict"] == BORNE_OUT  # more users and more visits, by both sets of rows
    assert found["Demografi"]["verdict"] == CANNOT_TELL
    assert {one["verdict"] for one in found.values() if one["question"] == "sykefravaer"} == {CANNOT_TELL}
    # places and users in institutions fell, which bears it out; users of home care over 80 fell, too, which does not
    home = found["Ønsket situasjon"]
    assert home["verdict"] == CANNOT_TELL
    assert {one["figure"]: one["by_year"] for one in home["evidence"]} == {
        "institusjonsplasser_over_80": {"2018": 0.211, "2019": 0.206},
        "institusjonsbrukere_over_80": {"2018": 147.3, "2019": 132.8},
        "hjemmetjenestebrukere_over_80": {"2018": 285.2, "2019": 267.9},
    }


def test_other_years_are_judged_by_their_own_figures():
    # 2018 to 2019: more users, fewer visits
    assert causes("--from", "2018")["Økt aktivitetsnivå"]["verdict"] == CANNOT_TELL
    # the slides have medication for 2019 alone
    assert causes("--to", "2018")["Reell tid til LMH som ikke er med i vedtak"]["verdict"] == CANNOT_TELL


def test_medication_outside_the_decisions():
    medication = causes()["Reell tid til LMH som ikke er med i vedtak"]
    assert medication["verdict"] == BORNE_OUT
    values = {(one["figure"], one["of"]): one["by_year"]["2019"] for one in medication["evidence"]}
    assert round(values["lmh_timer_utenfor_vedtak", ""]) == 28_943
    assert round(values["lmh_kroner_etter_aarsverk", ""] / 1e5) == 146  # 28 943 / 1590 * 800 000
    assert round(values["lmh_kroner_etter_timepris", ""] / 1e5) == 286  # 28 943 * 987.62
    assert values["lmh_andel_av_brukerne", "Laksevåg"] == pytest.approx(355 / 539)
    assert values["lmh_andel_av_brukerne", "Fyllingsdalen"] == pytest.approx(418 / 444)


def test_what_the_absence_comes_to():
    low, published, high = as_json("causes")["absence"]
    assert (low["share"], published["share"], high["share"]) == (0.11, 0.117, 0.13)
    # 1 087 471 161 kr / 800 000 kr * 11.7 % and 1 101 101 h / 1590 h * 11.7 %
    assert published["full_time_years"] == pytest.approx(1_087_471_161 / 800_000 * 0.117)
    assert round(published["full_time_years"]) == 159
    assert round(published["full_time_years_of_hours"]) == 81
    assert high["kroner"] == pytest.approx(1_087_471_161 * 0.13)


@pytest.mark.parametrize("arguments", [("--from", "2019", "--to", "2019"), ("--from", "2020"), ("--to", "2016")])
def test_years_that_cannot_be_are_refused(arguments):
    result = run("causes", *arguments)
    assert (result.exit_code, "2019" in result.stderr) == (2, True)


def test_over_the_web():
    client = create_app().test_client()
    answer = client.post("/causes", json={"from": 2017, "to": 2019})
    assert (answer.status_code, answer.json["growth"]) == (200, as_json("causes")["growth"])
    assert answer.json["record"]["request"]["options"] == {"from": 2017, "to": 2019}
    for body in ({"from": 2019, "to": 2019}, {"from": 2020}, {"year": 2019}):
        assert client.post("/causes", json=body).status_code == 400
    assert "/causes" in client.get("/spec").json["paths"]


@pytest.mark.parametrize("ending", ["txt", "json", "md", "html", "xlsx"])
def test_every_form_carries_a_record_that_is_run_again(ending, tmp_path):
    file = tmp_path / f"aarsaker.{ending}"
    assert run("causes", "--from", "2018", "--output", str(file)).exit_code == 0
    again = run("verify", str(file))
    assert (again.exit_code, "Same to the krone" in again.stdout) == (0, True), again.stderr


def test_what_is_otherwise_than_recorded_is_named(tmp_path):
    record = tmp_path / "r.json"
    run("causes", "--record", str(record))
    content = json.loads(record.read_text(encoding="utf-8"))
    assert content["result"]["kroner"][SUM][SUM]["hours"] == round(107_829 * PRICE)
    content["result"]["hash"] = "another"
    content["result"]["kroner"][SUM][SUM]["hours"] += 1
    record.write_text(json.dumps(content), encoding="utf-8")
    again = run("verify", str(record))
    assert (again.exit_code, "sum, sum, hours" in again.stdout) == (1, True)
    refused = run("verify", str(record), "--data", str(record))
    assert (refused.exit_code, "give no data" in refused.stderr) == (2, True)


def test_the_text_says_what_it_rests_on():
    text = " ".join(run("causes").text.split())
    for said in (
        "kalibrert, ikke en prøve",
        "ingen av tallene viser at et vedtak er årsaken",
        "Sykefraværet på 11-13 %: ingen av de 9 årsakene",
        "159 årsverk",
        "av det +21 904 av antall brukere, -1 184 av besøk per bruker og +87 109 av timer per besøk",
        "av det +21 904 av antall brukere, -17 542 av besøk per bruker og +103 467 av timer per besøk",
        "av det +21 834 av antall brukere, -15 733 av besøk per bruker og +101 728 av timer per besøk",
    ):
        assert said in text


def test_the_waterfalls(tmp_path):
    for name in ("v.svg", "v.html", "v.png"):
        assert run("causes", "--plot", str(tmp_path / name)).exit_code == 0
    drawn = (tmp_path / "v.svg").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    assert "områdenes rader: antall brukere +21 904, besøk per bruker -1 184, timer per besøk +87 109" in drawn
    assert "Hva er årsaken?" in (tmp_path / "v.html").read_text(encoding="utf-8")
    assert (tmp_path / "v.png").read_bytes().startswith(b"\x89PNG")
    run("causes", "--output", str(tmp_path / "r.html"))
    assert "<figcaption>Veksten fra 2017 til 2019, delt på tre" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_workbook_holds_numbers(tmp_path):
    run("causes", "--output", str(tmp_path / "a.xlsx"))
    sheet = polars.read_excel(
        tmp_path / "a.xlsx", sheet_name="Timer i områdene", read_options={"header_row": 1, "n_rows": 9}
    )
    rows = {(row[0], row[1]): row[2:] for row in sheet.iter_rows()}
    assert [round(value) for value in rows["Sum", "med Fanas besøk"]] == [107_829, 21_904, -17_542, 103_467]

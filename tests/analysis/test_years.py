"""Several years, each under its own law, and each day's decisions in their own year."""

import csv
import io
import json
from pathlib import Path

import pytest

from openfisca_bergen_hbt.web.app import create_app
from tests.commands import as_json, rows, run


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


def by_year(*arguments, **options):
    return {one["year"]: one for one in as_json("compare", "--years", *arguments, **options)["years"]}


def test_costs_frames_and_overspend():
    years = by_year("2017-2022")
    assert list(years) == [2017, 2018, 2019, 2020, 2021, 2022]
    # 993 272, 1 047 321 and 1 101 101 hours at 987.6216269
    assert [years[year]["amounts"]["etat_aktivitetskostnad"] for year in (2017, 2018, 2019)] == [
        980_976_909,
        1_034_356_870,
        1_087_471_161,
    ]
    assert years[2017]["amounts"]["etat_ramme_i_alt"] == 1_021_686_820  # without the 14 million
    assert {year: one["overspend"] for year, one in years.items()} == {
        2017: None, 2018: None, 2019: 51_784_341, 2020: None, 2021: None, 2022: None,
    }  # fmt: skip
    assert [year for year, one in years.items() if one["carried_forward"]] == [2020, 2021, 2022]
    assert [year for year, one in years.items() if not one["frame_of_another_year"]] == [2019]


def test_decisions_of_one_day_in_their_own_year():
    years = by_year("2017-2022")
    (effect,) = years[2018]["effects"]
    assert effect["day"] == "2018-01-01"
    assert effect["decisions"] == ["vedtak_2017_10_normtid_avviklet", "vedtak_2018_01_kategorimodell"]
    assert effect["changes"]["etat_ramme_i_alt"] == 14_000_000
    changes = {one["day"]: one["changes"] for year in (2019, 2021) for one in years[year]["effects"]}
    assert set(changes) == {"2019-05-01", "2019-09-01", "2021-01-01", "2021-06-01"}
    assert not any(amount for change in changes.values() for amount in change.values())


def test_a_frame_that_is_given_makes_an_overspend_of_the_year():
    years = by_year("2018-2019", "--frame", "2018=1 000 000 000")
    # 1 034 356 870 - (1 000 000 000 + 14 000 000)
    assert years[2018]["overspend"] == 20_356_870
    assert years[2019]["overspend"] == 51_784_341
    # and of the one year alone: 1 087 471 161 - (1 000 000 000 + 14 000 000)
    figures = rows(as_json("compare", "--regulation", "2019-06", "--frame", "1000000000"))
    (overspend,) = [row["value"] for row in figures if row["variable"] == "etat_merforbruk"]
    assert overspend == 73_471_161


def test_what_is_left_out_proposed_or_read_otherwise_holds_in_every_year():
    out = run("compare", "--years", "2018-2019", "--without", "vedtak_2018_01_kategorimodell")
    assert "uten «Kategorimodell»" in out.text.splitlines()[0]
    years = by_year("2018-2019", "--without", "vedtak_2018_01_kategorimodell")
    assert [one["amounts"]["etat_igjen_sentralt"] for one in years.values()] == [
        1_035_686_820 - years[2018]["amounts"]["etat_samlet_tildeling"],
        1_035_686_820 - years[2019]["amounts"]["etat_samlet_tildeling"],
    ]
    larger = by_year("2018-2019", "--set", "reserve.andel=0.03")
    # krone(0.03 x 1 035 686 820), from the first year on
    assert [one["amounts"]["etat_igjen_sentralt"] // 100 for one in larger.values()] == [310_706, 310_706]
    read = by_year("2018-2019", "--reading", "lesning_t20_styrkingen_utenfor")
    assert [one["amounts"]["etat_ramme_i_alt"] for one in read.values()] == [1_035_686_820] * 2


OWN = """aar;enhet;vurdert_timer_per_uke;besoek_per_uke
2018;A;10;10
2018;B;20;10
2019;A;20;10
2019;B;20;10
"""


@pytest.fixture
def own(tmp_path):
    (tmp_path / "brukere.csv").write_text(OWN, encoding="utf-8")
    return str(tmp_path / "brukere.csv")


def test_years_of_ones_own(own):
    years = by_year("2018-2019", "--data", own, "--frame", "2018=1000000", "--frame", "1100000")
    # 30 and 40 hours a week, 52 weeks, at 987.6216269; with the 14 million on top of the frames
    assert [one["amounts"]["etat_aktivitetskostnad"] for one in years.values()] == [1_540_690, 2_054_253]
    assert [one["amounts"]["etat_ramme_i_alt"] for one in years.values()] == [15_000_000, 15_100_000]
    assert [one["overspend"] for one in years.values()] == [1_540_690 - 15_000_000, 2_054_253 - 15_100_000]
    assert not any(one["carried_forward"] for one in years.values())
    lines = run("compare", "--years", "2018-2019", "--data", own, "--frame", "1000000", "--format", "csv").text
    tidy = list(csv.DictReader(io.StringIO(lines)))
    assert {row["period"] for row in tidy if row["variable"] == "enhet_samlet_tildeling"} == {"2018", "2019"}


def test_a_year_among_others_has_the_overspend_that_it_has_alone(own):
    """Of own users in the frame of Bergen, only that of 2019 is published: --years said that none is."""
    years = by_year("2018-2019", "--data", own, "--frame", "bergen")
    # 2 054 253 kr, less 1 021 686 820 and the 14 million
    assert [one["overspend"] for one in years.values()] == [None, 2_054_253 - 1_035_686_820]
    of_2019 = [line for line in OWN.splitlines() if not line.startswith("2018")]
    Path(own).write_text("\n".join(of_2019), encoding="utf-8")
    alone = rows(
        as_json(
            "compare",
            "--data",
            own,
            "--year",
            "2019",
            "--frame",
            "bergen",
            "--regulation",
            "2019-12",
            "--no-suppression",
        )
    )
    assert [row["value"] for row in alone if row["variable"] == "etat_merforbruk"] == [2_054_253 - 1_035_686_820]


def test_a_decision_without_which_the_data_can_not_be_run_is_said_to_be_so(own):
    text = OWN.replace(";besoek_per_uke", "").replace(";10\n", "\n")
    Path(own).write_text(text, encoding="utf-8")
    (effect,) = by_year("2018-2019", "--data", own, "--frame", "1000000")[2018]["effects"]
    assert (effect["changes"], effect["not_computable"]) == ({}, "besoek_per_uke")


@pytest.mark.parametrize("ending", ["html", "xlsx", "md", "csv", "json", "parquet"])
def test_a_record_of_years_is_verified(tmp_path, own, ending):
    out = str(tmp_path / f"ut.{ending}")
    result = run("compare", "--years", "2018-2019", "--data", own, "--frame", "1000000", "--output", out)
    assert result.exit_code == 0, result.stderr
    again = run("verify", out, "--data", own)
    assert (again.exit_code, "Same to the krone" in again.text) == (0, True), again.text + again.stderr


def test_over_the_web(client):
    def years(**body):
        response = client.post("/compare", json=body)
        assert response.status_code == 200, response.text
        return {one["year"]: one for one in json.loads(response.data)["years"]}

    assert years(years="2018-2019", frames={"2018": 1_000_000_000})[2018]["overspend"] == 20_356_870
    users = {"aar": [2018, 2019], "enhet": ["A", "A"], "timer_per_uke": [10, 20]}
    found = years(years=[2018, 2019], users=users, frames={"2018": 5, "2019": 5})
    # krone(10 x 52 x 987.6216269)
    assert found[2018]["amounts"]["etat_aktivitetskostnad"] == 513_563


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"years": "2019-2018"}, "years"),
        ({"years": [2019, 2018]}, "years"),
        ({"years": "2018-2019", "year": 2018}, "years"),
        ({"years": [2015]}, "years/0"),
        ({"years": 2018}, "years"),
        ({"years": "2018-2019", "frames": {"2018": "5"}}, "frames"),
        ({"years": "2018-2019", "users": {"enhet": ["A"], "timer_per_uke": [1]}}, "users"),
        ({"years": "2018-2019", "users": {"aar": [2018], "enhet": ["A"], "timer_per_uke": [1]}}, "users/aar"),
        ({"users": {"aar": [2018], "enhet": ["A"], "timer_per_uke": [1]}}, "users/aar/0"),
    ],
)
def test_refused_over_the_web(client, body, path):
    response = client.post("/compare", json=body)
    assert (response.status_code, "/".join(response.json["path"])) == (400, path), response.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2016-2019"], "2017-2022"),
        (["2019-2018"], "2017-2022"),
        (["2019"], "2017-2022"),
        (["2018-2019", "--year", "2018"], "--years"),
        (["2022-2023"], "2023"),
        (["2018-2019", "--regulation", "2019"], "its own law"),
        (["2018-2019", "--frame", "2018="], "is no frame"),
        (["2018-2019", "--frame", "2018=1,5"], "is no frame"),
        (["2018-2019", "--frame", "2018=1", "--frame", "2018=2"], "twice"),
        (["2018-2019", "--frame", "2020=5"], "2020, which is not asked for"),
    ],
)
def test_refused(arguments, message):
    result = run("compare", "--years", *arguments)
    assert (result.exit_code, message in " ".join(result.stderr.split())) == (2, True), result.stderr


def test_files_without_years_and_years_without_rows_are_refused(own):
    result = run("compare", "--years", "2018-2020", "--data", own, "--frame", "1")
    assert (result.exit_code, "no rows of 2020" in result.stderr) == (2, True), result.stderr
    result = run("compare", "--data", own, "--frame", "1")
    assert (result.exit_code, "lies outside 2019" in result.stderr) == (2, True), result.stderr
    Path(own).write_text("enhet;timer_per_uke\nA;1\n", encoding="utf-8")
    result = run("compare", "--years", "2018-2019", "--data", own, "--frame", "1")
    assert (result.exit_code, "Add aar" in result.stderr) == (2, True), result.stderr


def test_the_text_says_what_it_does_not_know():
    text = " ".join(run("compare", "--years", "2017-2022", "--format", "markdown").text.split())
    assert "ingen publisert ramme" in text
    assert "1 035 686 820 (T-21)" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "2020 (T-25)" in text
    assert "virker på pengene fra 2018" in text
    assert "kilden oppgir ingen beløp" in text

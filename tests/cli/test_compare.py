"""``bergen-hbt compare``, as a user runs it."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from openfisca_bergen_hbt.cli import main
from tests.commands import REGULATIONS as IDS


def run(*arguments):
    return CliRunner().invoke(main, ["compare", *arguments], catch_exceptions=False)


def spaces(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def tidy():
    return list(csv.DictReader(io.StringIO(run("--format", "csv").stdout)))


@pytest.fixture(scope="module")
def table():
    return spaces(run().stdout)


def test_the_ladder_answers_why_the_overspend(table):
    assert "Merforbruk" in table
    # the price of the hours with norm times kept, and without; the frame without and with the 14 million
    for figure in ("1 007 808 175", "1 021 686 820", "1 087 471 161", "1 035 686 820", "51 784 341", "+14 000 000"):
        assert figure in table
    lines = table.splitlines()
    # the two decisions of one day stand together before each of them: 1 101 101 hours to 1 020 440, and so on
    together = next(number for number, line in enumerate(lines) if line.startswith("1–2. Normtid avviklet og"))
    changes = ("+80 661", "+79 662 986", "+14 000 000", "+7 164 904", "+65 662 986")
    assert lines[together + 2].split() == " ".join(changes).split()
    assert [line for line in lines if "regnestykke (T-26)" in line] == lines[together + 3 : together + 7 : 3]
    assert len(lines) < 64  # one screen
    said = " ".join(table.split())
    assert "flytter ingen krone" not in said  # of a decision no source says so
    assert said.count("kilden oppgir ingen beløp") == 2
    assert said.count("ikke i kraft i 2019") == 2
    # 1 014 973 080 - 1 007 808 176; 1 035 686 820 - 1 087 471 160; 1 035 686 820 - 1 014 973 080
    for figure in ("+7 164 904 kr", "-51 784 340 kr at rammen lukkes", "-20 713 740 kr det som blir liggende"):
        assert figure in said
    assert "1 014 973 080 delt ut + 20 713 736 i reserven + 4 i potten + 0 ufordelt = 1 035 686 820 i ramme" in said
    assert "kalibrert, ikke en prøve" in said


def test_the_areas_and_what_the_figures_rest_on(table):
    # Laksevåg: 224 943 visits at 130 745 / 299 310 hours, times 987.6216269; 139 441 hours at the same price
    assert "97 043 608" in table
    assert "137 714 947" in table
    for text in (
        "gitt områdets egen tid per besøk i 2017 (T-22)",
        "Syntetisk befolkning",
        "T-4",
        "kategorimodell.vekt.kategori_2 4,5 poeng",
    ):
        assert text.lower() in table.lower()


def test_readable_at_100_columns(table):
    assert max(len(line) for line in table.splitlines()) <= 100


def test_no_colour_in_a_pipe(table):
    assert "\x1b" not in table


def test_tidy_figures(tidy):
    assert list(tidy[0]) == ["regulation", "level", "id", "variable", "period", "value"]
    assert list(dict.fromkeys(row["regulation"] for row in tidy)) == IDS
    assert {row["level"] for row in tidy} == {"enhet", "byomraade", "etat"}
    keys = [tuple(row[key] for key in ("regulation", "level", "id", "variable", "period")) for row in tidy]
    assert len(set(keys)) == len(keys)

    def value(regulation, variable, level="etat", name="Etat for hjemmetjenester", period="2019"):
        return dict(zip(keys, (row["value"] for row in tidy), strict=True))[regulation, level, name, variable, period]

    assert value(IDS[1], "etat_merforbruk") == str(1_087_471_161 - 1_035_686_820)
    assert value(IDS[0], "enhet_samlet_tildeling", "byomraade", "Laksevåg") == "97043608"
    assert value(IDS[0], "enhet_antall_brukere", "enhet", "Årstad") == "623"
    # without a change in the users a month's frame is a twelfth of the year's, to the krone
    monthly = int(value(IDS[6], "enhet_maanedsramme", "enhet", "Bergenhus", "2019-03"))
    assert abs(monthly - int(value(IDS[6], "enhet_kategoriramme", "enhet", "Bergenhus")) / 12) <= 1
    per_hour = float(value(IDS[0], "enhet_tildeling_per_time", "byomraade", "Årstad"))
    assert per_hour == pytest.approx(987.6216269, rel=1e-8)


def test_json_says_what_it_is():
    content = json.loads(run("--format", "json", "--regulation", "2018-06").stdout)
    assert content["year"] == 2019
    assert content["population"]["synthetic"] is True
    assert content["regulations"] == [
        {
            "id": "2018-06",
            "title": "Vedtatt innen 2018-06",
            "decisions": IDS[1:3],
            "readings": [],
            "proposals": [],
            "state": "",
        },
    ]
    assert content["first_lines"] == []
    assert set(content["figures"][0]) == {"regulation", "level", "variable", "period", "values"}
    assert {assumption["parameter"] for assumption in content["assumptions"]} >= {"reserve.andel", "budsjett.ramme"}
    assert "avstand.andel" not in {assumption["parameter"] for assumption in content["assumptions"]}  # nobody drives
    assert "T-12" in content["interpretations"]


def test_the_moving_example_rests_on_the_distance_share_too():
    content = json.loads(run("--format", "json", "--example", "bevegelse", "--regulation", IDS[6]).stdout)
    assert "avstand.andel" in {assumption["parameter"] for assumption in content["assumptions"]}


def test_a_year_before_the_model_rests_on_fewer_assumptions():
    content = json.loads(run("--format", "json", "--year", "2017", "--regulation", "grunnregelverk").stdout)
    assert [assumption["parameter"] for assumption in content["assumptions"]] == [
        "aktivitetsbasert.timepris",
        "budsjett.ramme",
        "tid.uker_per_aar",
    ]


def test_without_a_decision():
    content = json.loads(run("--format", "json", "--without", IDS[2]).stdout)
    assert [regulation["id"] for regulation in content["regulations"]] == IDS[:2] + IDS[3:]
    assert all(IDS[2] not in regulation["decisions"] for regulation in content["regulations"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--year", "2023"], "2017, 2018, 2019, 2020, 2021, 2022"),
        (["--year", "i fjor"], "2017, 2018, 2019"),
        (["--regulation", "vedtak_2018"], IDS[6]),
        (["--regulation", "2016-12"], "2017-01"),
        (["--regulation", "2019-02-30"], "2017-01"),
        (["--without", "kategorimodell"], IDS[6]),
        (["--regulation", IDS[2], "--without", IDS[2]], "left out"),
        (["--regulation", IDS[2], "--regulation", IDS[2]], "twice"),
        (["--example", "annet"], "bevegelse"),
        (["--format", "docx"], "json"),
        (["--format", "xlsx"], "--output"),
        (["--output", "rapport.docx"], ".xlsx"),
        (["--output", "a.json", "--record", "a.json"], "Give another file"),
        (["--output", "no/such/folder/file.csv"], "can't be written"),
    ],
)
def test_a_wrong_choice_is_refused_with_the_right_ones(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_file_is_not_overwritten_unasked(tmp_path):
    target = tmp_path / "ut.csv"
    assert run("--regulation", "grunnregelverk", "--output", str(target)).exit_code == 0
    written = target.read_text(encoding="utf-8")
    assert written.startswith("regulation,level")
    refused = run("--output", str(target))
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert target.read_text(encoding="utf-8") == written
    assert run("--output", str(target), "--force", "--year", "2018", "--format", "table").exit_code == 0
    assert "trinn for trinn" in target.read_text(encoding="utf-8")
    assert sorted(tmp_path.iterdir()) == [target, tmp_path / "ut.csv.record.json"]  # nothing else left beside it


def test_csv_says_on_standard_error_that_the_population_is_synthetic():
    assert "Syntetisk" in run("--format", "csv", "--regulation", "grunnregelverk").stderr


def test_version_and_help():
    version = CliRunner().invoke(main, ["--version"]).stdout.strip()
    assert version.count(".") == 2
    assert run("--version").stdout.strip() == version
    text = run("--help").stdout
    assert "Examples:" in text
    for option in ("--year", "--example", "--regulation", "--without", "--format", "--output", "--force"):
        assert option in text


@pytest.mark.parametrize("count", range(1, 8))
def test_any_number_of_regulations_fits_in_100_columns(count):
    dates = ["2017-09", "2017-10", "2018-01", "2019-05", "2019-09", "2020-12", "2021-06"][:count]
    arguments = [argument for date in dates for argument in ("--regulation", date)]
    lines = run("--example", "bevegelse", *arguments).stdout.splitlines()
    assert max(map(len, lines)) <= 100

"""``bergen-hbt verify``: a recorded run comes out the same, or what differs is said."""

import json

import pytest

from openfisca_bergen_hbt.provenance import hashes
from tests.commands import run
from tests.intake.workbooks import xlsx

USERS = "enhet;timer_per_uke\n" + "A;5\n" * 9 + "B;10\n" * 9 + "C;90\n" * 9


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    made = run("compare", "--data", "brukere.csv", "--frame", "30000000", "--record", "r.json", "--output", "ut.html")
    assert made.exit_code == 0, made.stderr
    return tmp_path


def test_an_embedded_run_is_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = run(
        "compare", "--year", "2018", "--example", "bevegelse", "--proposal", "stoerre_reserve",
        "--set", "omfordeling.terskel=0.02", "--record", "r.json",
    )  # fmt: skip
    assert made.exit_code == 0, made.stderr
    result = run("verify", "r.json")
    assert result.exit_code == 0, result.stdout
    assert "Same to the krone as recorded" in result.stdout
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("file", ["r.json", "ut.html"])
def test_a_run_on_own_data_is_the_same_with_the_same_data(file):
    result = run("verify", file, "--data", "brukere.csv")  # the frame is in the record
    assert result.exit_code == 0, result.stdout + result.stderr
    assert "Same to the krone" in result.stdout


def test_the_same_data_written_otherwise(folder):
    rows = [line.replace(";", ",") for line in USERS.split()[1:]]
    (folder / "andre.csv").write_text("ENHET,Timer per uke\n" + "\n".join(reversed(rows)), encoding="utf-8-sig")
    assert run("verify", "r.json", "--data", "andre.csv").exit_code == 0


@pytest.mark.parametrize("ending", ["html", "json", "md", "txt"])
def test_an_explanation_is_the_same(ending, folder):
    written_as = {"md": "markdown", "txt": "text"}.get(ending, ending)
    asked = ("enhet_samlet_tildeling", "--id", "B", "--data", "brukere.csv", "--frame", "30000000", "--depth", "3")
    made = run("explain", *asked, "--format", written_as, "--output", f"hvorfor.{ending}")
    assert made.exit_code == 0, made.stderr
    again = run("verify", f"hvorfor.{ending}", "--data", "brukere.csv")
    assert again.exit_code == 0, again.stdout + again.stderr
    assert "Same to the krone" in again.stdout
    (folder / "andre.csv").write_text(USERS.replace("A;5", "A;20"), encoding="utf-8")
    other = run("verify", f"hvorfor.{ending}", "--data", "andre.csv")
    assert other.exit_code == 1
    assert "vedtak_2021_06_statusrapport, B, enhet_samlet_tildeling: " in other.stdout


def test_an_explanation_of_an_example_and_one_of_a_unit_that_is_gone(folder):
    made = run(
        "explain", "enhet_maanedsramme", "--id", "Laksevåg", "--month", "7", "--format", "json", "--output", "e.json"
    )
    assert made.exit_code == 0, made.stderr
    assert run("verify", "e.json").exit_code == 0
    content = json.loads((folder / "e.json").read_text(encoding="utf-8"))
    content["record"]["request"]["options"]["id"] = "Loddefjord"
    (folder / "e.json").write_text(json.dumps(content), encoding="utf-8")
    gone = run("verify", "e.json")
    assert gone.exit_code == 2
    assert "There is no unit 'Loddefjord'" in gone.stderr


def test_other_data_are_told_from_the_same(folder):
    (folder / "andre.csv").write_text(USERS.replace("A;5", "A;6", 1), encoding="utf-8")
    result = run("verify", "r.json", "--data", "andre.csv")
    assert result.exit_code == 1
    assert "input: the users are other than recorded" in result.stdout
    assert "The result is another:" in result.stdout
    # A's first hour of income: 52 hours at 987,6216269
    difference = round(987.6216269 * 52)
    assert any(
        f"(+{text} " in result.stdout or f"(+{text})" in result.stdout
        for text in (f"{difference:,}".replace(",", " "), f"{difference - 1:,}".replace(",", " "))
    )


@pytest.mark.usefixtures("folder")
def test_another_frame_is_said_with_the_amounts():
    result = run("verify", "r.json", "--data", "brukere.csv", "--frame", "30000001")
    assert result.exit_code == 1
    assert "input: the frames are other than recorded" in result.stdout
    assert "grunnregelverk, etat, etat_budsjettramme: 30 000 000 kr then, 30 000 001 kr now (+1)" in result.stdout


def test_another_law_or_software_with_the_same_result_is_said_and_no_failure(folder):
    content = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    content["law"]["rules"] = "0" * 64
    content["law"]["decisions"]["vedtak_2018_01_kategorimodell"] = "0" * 64
    content["software"]["polars"] = "0.1"
    (folder / "r.json").write_text(json.dumps(content), encoding="utf-8")
    result = run("verify", "r.json", "--data", "brukere.csv")
    assert result.exit_code == 0
    for text in (
        "law: the rules have changed",
        "law: the decision vedtak_2018_01_kategorimodell has changed",
        f"software: polars 0.1 then, {hashes.software()['polars']} now",
        "Same to the krone",
    ):
        assert text in result.stdout


def test_many_amounts_are_counted(folder):
    (folder / "andre.csv").write_text(USERS.replace("A;5", "A;50").replace("B;10", "B;100"), encoding="utf-8")
    result = run("verify", "r.json", "--data", "andre.csv")
    assert "more amounts" in result.stdout.splitlines()[-1]
    assert len(result.stdout.splitlines()) == 23


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nei.json"], "does not exist"),
        (["brukere.csv"], "is not a record, and carries none"),
        (["tom.json"], "is not a record"),
        (["liste.json"], "is not a record"),
        (["uten_kroner.json"], "missing required field `kroner` - at `$.result`"),
        (["skadet.json"], "skadet.json' is not a record, and carries none: the packed amounts are damaged"),
        (["gal_lov.json"], "got a whole number - at `$.law.rules`"),
        (
            ["galt_aar.json", "--data", "brukere.csv"],
            "galt_aar.json' is not a record, and carries none: Expected a whole number, got a text - at `$.request",
        ),
        (["galt_regelverk.json", "--data", "brukere.csv"], "got a text - at `$.regulations[0]`"),
        (["ukjent_eksempel.json"], "no embedded example 'annet'"),
        (["annen.json"], "the record is in format 99, and this version reads format 2"),
        (["r.json"], "give them with --data FILE"),
        (["r.json", "--data", "nei.csv"], "does not exist"),
        (["r.json", "--frame", "5"], "give them with --data FILE"),
        (["innebygd.json", "--data", "brukere.csv"], "give no data"),
        (["ut.xlsx"], "is not a record"),
        (["ut.parquet"], "is not a record"),
    ],
)
def test_what_cant_be_verified(arguments, message, folder):
    record = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    (folder / "tom.json").write_text("{}", encoding="utf-8")
    (folder / "liste.json").write_text("[1]", encoding="utf-8")
    (folder / "annen.json").write_text(json.dumps({**record, "format": 99}), encoding="utf-8")
    (folder / "innebygd.json").write_text(
        json.dumps({**record, "request": {**record["request"], "population": "publisert"}}), encoding="utf-8"
    )
    for name, change in {
        "uten_kroner": {"result": {"hash": "x"}},
        "skadet": {"result": {"hash": "x", "kroner": "eJw="}},
        "gal_lov": {"law": {**record["law"], "rules": 3}},
        "galt_aar": {"request": {**record["request"], "year": "i fjor"}},
        "galt_regelverk": {"regulations": ["grunnregelverk"]},
        "ukjent_eksempel": {"request": {**record["request"], "population": "annet"}},
    }.items():
        (folder / f"{name}.json").write_text(json.dumps({**record, **change}), encoding="utf-8")
    (folder / "ut.xlsx").write_bytes(b"no workbook")
    (folder / "ut.parquet").write_bytes(b"no parquet")
    result = run("verify", *arguments)
    assert result.exit_code == 2, result.stdout
    assert message in result.stderr


def test_the_sheet_that_was_read_and_the_names_kept_are_recorded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sheet = (("enhet", "timer_per_uke"), ("Sum", 5), ("Arna", 10))
    (tmp_path / "brukere.xlsx").write_bytes(xlsx(sheets={"Om": ("visible", ()), "Tall": ("visible", sheet)}))
    data = ("--data", "brukere.xlsx")
    made = run("compare", *data, "--frame", "30000000", "--keep", "Sum", "--record", "r.json", "--output", "ut.html")
    assert made.exit_code == 0, made.stderr
    assert "brukere.xlsx: Excel, sheet 'Tall' of 2" in made.stderr
    request = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["request"]
    assert (request["sheet"], request["keep"]) == ("Tall", ["Sum"])
    report = (tmp_path / "ut.html").read_text(encoding="utf-8")
    assert "Egne data (arket «Tall»)" in report
    assert "ark Tall, beholdte navn Sum" in report
    again = run("verify", "r.json", *data)
    assert again.exit_code == 0, again.stdout + again.stderr


@pytest.mark.parametrize("day", ["2019-13-45", "2019-02-29", "20190101", "2019-1-1", "x"])
def test_a_day_that_there_is_none_of_is_refused(day, folder):
    assert run("compare", "--record", "egen.json").exit_code == 0
    content = json.loads((folder / "egen.json").read_text(encoding="utf-8"))
    (folder / "egen.json").write_text(json.dumps({**content, "date": day}), encoding="utf-8")
    refused = run("verify", "egen.json")
    assert refused.exit_code == 2
    assert f"'{day}' is no day, written as 2019-12-31 - at `$.date`" in refused.stderr


def test_what_refuses_a_run_is_said_in_the_language_of_who_verifies(folder):
    assert run("compare", "--record", "egen.json").exit_code == 0
    content = json.loads((folder / "egen.json").read_text(encoding="utf-8"))
    for recorded, asked, said in (
        ("en", "nb", "ikke noe innebygd eksempel «x»"),
        ("nb", "en", "no embedded example 'x'"),
    ):
        content |= {"language": recorded, "request": {**content["request"], "population": "x"}}
        (folder / "egen.json").write_text(json.dumps(content), encoding="utf-8")
        refused = run("--lang", asked, "verify", "egen.json")
        assert refused.exit_code == 2
        assert said in refused.stderr.replace("\n", " ")

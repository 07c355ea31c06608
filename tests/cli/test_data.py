"""Commands on data of one's own: from files to results, and what is refused."""

import csv
import io
import json

import polars
import pytest

from tests.commands import rows, run

#: Two units share a frame of 30 million kroner, and the 14 million of the reform.
USERS = "enhet;byomraade;timer_per_uke\nA;Nord;5\nB;Sør;10\n"
#: 44 000 000 less 2 % is 43 120 000, shared by 4,5 and 11,25 points; A has a third of the hours, so it is compensated
#: for 0,95 * 43 120 000 / 3 - 12 320 000 = 1 334 666,67, but the reserve is no more than 880 000.
GIVEN = {"A": 12_320_000 + 880_000, "B": 30_800_000}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    return tmp_path


def compare(*arguments):
    frame = () if {"--frame", "--agency"} & {*arguments} else ("--frame", "bergen")
    return run("compare", "--data", "brukere.csv", *frame, *arguments)


@pytest.mark.usefixtures("folder")
def test_compare_gives_what_was_worked_out_by_hand():
    result = compare("--frame", "30 000 000", "--format", "csv", "--regulation", "2019-06", "--no-suppression")
    assert result.exit_code == 0, result.stderr
    figures = list(csv.DictReader(io.StringIO(result.stdout)))
    found = {
        row["id"]: int(row["value"])
        for row in figures
        if row["variable"] == "enhet_samlet_tildeling" and row["level"] == "enhet"
    }
    assert found == GIVEN
    assert "brukere.csv: CSV, utf-8, semicolon, 2 rows" in result.stderr
    assert "Egne data: brukere i 2 enheter, 2019." in result.stderr


def test_the_agency_s_frame_by_year(folder):
    (folder / "rammer.csv").write_text("aar;budsjettramme\n2018;1\n2019;30 000 000\n", encoding="utf-8")
    by_file = compare("--agency", "rammer.csv", "--format", "json").stdout
    by_option = compare("--frame", "30000000", "--format", "json").stdout
    assert json.loads(by_file)["figures"] == json.loads(by_option)["figures"]


def test_two_agencies_share_nothing(folder):
    (folder / "brukere.csv").write_text("enhet;etat;timer_per_uke\n" + "A;X;5\n" * 9 + "B;Y;7\n" * 9, encoding="utf-8")
    (folder / "rammer.csv").write_text(
        "etat;budsjettramme;tillitsreform_styrking\nX;1 000 000;14 000 000\nY;2 000 000;0\n", encoding="utf-8"
    )
    result = compare("--agency", "rammer.csv", "--format", "json", "--regulation", "2019-06")
    assert result.exit_code == 0, result.stderr
    found = rows(json.loads(result.stdout))
    given = {
        row["id"]: row["value"]
        for row in found
        if row["variable"] == "enhet_samlet_tildeling" and row["level"] == "enhet"
    }
    assert given == {"A": 15_000_000 * 0.98, "B": 2_000_000 * 0.98}  # each its frame and grant, less the reserve
    text = compare("--agency", "rammer.csv", "--output", "ut.md")
    assert text.exit_code == 0, text.stderr
    page = (folder / "ut.md").read_text(encoding="utf-8")
    assert "## Hver etat etter" in page
    assert "| X | 15 000 000 |" in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("folder")
def test_any_year_from_2017_on():
    result = compare("--year", "2023", "--frame", "30000000")
    assert result.exit_code == 0
    assert "2023" in result.stdout
    assert compare("--year", "2016").exit_code == 2


@pytest.mark.usefixtures("folder")
def test_a_frame_is_never_taken_for_granted():
    refused = run("compare", "--data", "brukere.csv")
    assert (refused.exit_code, "--frame bergen for that of Bergen kommune" in refused.stderr) == (2, True)
    result = compare("--frame", "bergen")
    assert "the frame of Bergen kommune is used" in result.stderr
    assert "Rammen er den til Bergen kommune" in result.text.replace("\n", " ")
    assert run("check-data", "brukere.csv").exit_code == 0  # which shares nothing out


def test_without_areas_the_units_are_shown(folder):
    (folder / "brukere.csv").write_text("enhet;timer_per_uke\n" + "A;5\n" * 9 + "B;10\n" * 8, encoding="utf-8")
    text = compare("--frame", "30000000").text
    assert "Samlet tildeling etter enhet" in text
    assert "A     " in text


def test_explain_and_solve_on_own_data(folder):
    (folder / "brukere.csv").write_text("enhet;timer_per_uke\n" + "A;5\n" * 9 + "B;10\n" * 8, encoding="utf-8")
    data = ("--data", "brukere.csv", "--frame", "30000000")
    explained = run("explain", "enhet_samlet_tildeling", "--id", "A", *data)
    assert explained.exit_code == 0, explained.stderr
    assert "9 brukere" in explained.text
    target = ("--parameter", "reserve.andel", "--until", "etat_sentral_reserve[etat] = 440000")
    solved = run("solve", *target, *data)  # 1 % of 44 000 000
    assert solved.exit_code == 0, solved.stderr
    assert "reserve.andel = 0,01 andel gir" in solved.text


def test_explain_shows_nothing_of_few_users(folder):
    users = "enhet;timer_per_uke\nA;37,25\nA;2\nA;2\n" + "B;10\n" * 8 + "B;2\n" * 8 + "B;37\n" * 8
    (folder / "brukere.csv").write_text(users, encoding="utf-8")
    data = ("--data", "brukere.csv", "--frame", "30000000")
    text = run("explain", "enhet_samlet_tildeling", "--id", "A", *data).text
    assert "antallet er holdt tilbake" in text
    for number in ("3 brukere", "37,25", "41,25", "KATEGORI_5"):
        assert number not in text
    assert "41,25" in run("explain", "enhet_samlet_tildeling", "--id", "A", *data, "--no-suppression").text


def test_a_regulation_that_the_data_are_not_enough_for_is_left_out_and_said(folder):
    (folder / "brukere.csv").write_text("enhet;vurdert_timer_per_uke\n" + "A;5\n" * 9, encoding="utf-8")
    result = compare("--format", "json")
    content = json.loads(result.stdout)
    # published figures are no part of own data, and not shown as 0
    assert not [row for row in rows(content) if "publisert" in row["variable"] or row["variable"].startswith("lmh")]
    assert "grunnregelverk" not in [regulation["id"] for regulation in content["regulations"]]
    assert content["left_out"] == {"Grunnregelverket": "besoek_per_uke"}
    assert "left out: 'Grunnregelverket' counts the hours of 2019 from besoek_per_uke" in result.stderr
    assert "Utelatt: Grunnregelverket (filen har ikke besoek_per_uke)." in compare().text.replace("\n", " ")
    asked = compare("--regulation", "grunnregelverk")
    assert asked.exit_code == 2
    assert "The data lack besoek_per_uke" in asked.stderr
    assert compare("--year", "2017").exit_code == 2  # hours by visits in every regulation
    assert (
        run(
            "explain",
            "enhet_vedtakstimer",
            "--id",
            "A",
            "--data",
            "brukere.csv",
            "--frame",
            "bergen",
            "--regulation",
            "grunnregelverk",
        ).exit_code
        == 2
    )


def test_faults_end_the_command_before_anything_is_written(folder):
    (folder / "brukere.csv").write_text("enhet;timer_per_uke\nA;x\nA;-1\n", encoding="utf-8")
    for command in (
        ("compare", "--data", "brukere.csv", "--output", "ut.xlsx", "--record", "r.json"),
        ("check-data", "brukere.csv", "--output", "ut.md"),
        ("explain", "enhet_samlet_tildeling", "--id", "A", "--data", "brukere.csv", "--output", "ut.html"),
    ):
        result = run(*command)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "row 2, column timer_per_uke: '(1 character)' is not a number." in result.stderr
        assert "row 3, column timer_per_uke: '-1' is below 0." in result.stderr
    assert [file.name for file in folder.iterdir()] == ["brukere.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "--units", "brukere.csv"], "--units: give the users with --data"),
        (["compare", "--data", "nei.csv"], "does not exist"),
        (["compare", "--data", "brukere.csv", "--example", "bevegelse"], "two populations"),
        (["compare", "--data", "brukere.csv", "--frame", "5,5"], "is no frame"),
        (["compare", "--data", "brukere.csv", "--frame", "-5"], "is no frame"),
        (["compare", "--data", "brukere.csv", "--delimiter", "pipe"], "semicolon"),
        (["check-data", "nei.csv"], "does not exist"),
        (["population", "--output", "ut.docx"], ".parquet"),
        (["population", "--output", "ut.csv", "--scale", "0"], "1<=x<=1000"),
        (["population", "--output", "ut.csv", "--municipalities", "0"], "1<=x<=10000"),
        (["population", "--output", "ut.csv", "--municipalities", "3", "--example", "publisert"], "two populations"),
        (["population", "--output", "ut.csv", "--agency-output", "k.csv"], "--municipalities"),
        (["population", "--output", "u.csv", "--municipalities", "3", "--agency-output", "u.csv"], "u.csv"),
        (["population", "--output", "ut.csv", "--year", "2023"], "2017, 2018, 2019, 2020, 2021, 2022"),
        (["population", "--output", "brukere.csv"], "--force"),
        (["population", "--output", "ut.xlsx", "--scale", "300"], "more than a sheet holds"),
    ],
)
def test_what_is_refused(arguments, message, folder):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert [file.name for file in folder.iterdir()] == ["brukere.csv"]


def test_check_data_describes_the_data(folder):
    users = ["bruker;enhet;maaned;timer_per_uke"]
    users += [f"u{number};A;2019-01;{hours}" for number, hours in enumerate([1] * 6 + [5] * 7 + [90] * 2)]
    users += [f"v{number};B;2019-02;{hours}" for number, hours in enumerate([1] * 6 + [5] * 7)]
    users += [f"v0;B;2019-{month:02};0" for month in range(3, 13)]
    (folder / "brukere.csv").write_text("\n".join(users), encoding="utf-8")
    result = run("check-data", "brukere.csv", "--frame", "30000000")
    assert result.exit_code == 0, result.stderr
    for text in (
        "Dataene er i orden",
        "brukere i 2 enheter",
        "Måneder: alle tolv.",
        "Mangler byomraade",
        ":",
    ):
        assert text in result.text
    content = json.loads(run("check-data", "brukere.csv", "--format", "json").stdout)
    (a, b, _) = content["tables"]["Brukere og timer"]
    assert (a["Enhet"], b["Vedtakstimer"]) == ("A", pytest.approx((6 * 1 + 7 * 5) * 52 / 12, rel=1e-12))
    # two users above 80 hours, held back with others
    assert content["tables"]["Kategorier"][0]["Kategori 6"] is None
    internal = json.loads(run("check-data", "brukere.csv", "--format", "json", "--no-suppression").stdout)
    assert internal["tables"]["Kategorier"][0]["Kategori 6"] == 2
    assert "bare til internt bruk" in internal["description"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("example", ["publisert", "bevegelse"])
def test_an_exported_population_gives_the_results_of_the_embedded_one(ending, example):
    users, units = f"b.{ending}", f"e.{ending}"
    made = run("population", "--example", example, "--year", "2018", "--output", users, "--units-output", units)
    assert made.exit_code == 0, made.stderr
    assert "Syntetisk" in made.stderr
    asked = ("--year", "2018", "--regulation", "grunnregelverk", "--regulation", "2019-06", "--format", "json")
    embedded = rows(json.loads(run("compare", "--example", example, *asked).stdout))
    own = json.loads(
        run("compare", "--data", users, "--units", units, "--frame", "bergen", "--no-suppression", *asked).stdout
    )
    names = {"Etat for hjemmetjenester": "etat"}
    found = {(r["regulation"], r["level"], r["id"], r["variable"], r["period"]): r["value"] for r in rows(own)}
    compared = 0
    for row in embedded:
        if "publiser" in row["variable"] or row["variable"].startswith(
            ("lmh", "avvik", "timer_per", "besoek_per", "sykefr")
        ):
            continue  # published figures are no part of the users' files
        key = (row["regulation"], row["level"], names.get(row["id"], row["id"]), row["variable"], row["period"])
        assert found[key] == pytest.approx(row["value"], rel=1e-9, abs=1e-9), key
        compared += 1
    assert compared > 1500


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_country_is_read_as_it_is_written(ending):
    users, units, etater = f"b.{ending}", f"e.{ending}", f"k.{ending}"
    written = ("--output", users, "--units-output", units, "--agency-output", etater)
    made = run("population", "--municipalities", "12", *written)
    assert made.exit_code == 0, made.stderr
    assert "Oppdiktet land: 12 kommuner" in made.stderr
    asked = ("--agency", etater, "--format", "json", "--no-suppression")  # some etater have one user over 80
    found = run("compare", "--data", users, "--units", units, *asked)
    content = json.loads(found.stdout)
    assert content["ids"]["etat"] == [f"Kommune {number:03}" for number in range(1, 13)]
    last = content["regulations"][-1]["id"]
    of_year = {(r["variable"], r["id"]): r["value"] for r in rows(content) if r["regulation"] == last}
    read = {"csv": polars.read_csv, "xlsx": polars.read_excel, "parquet": polars.read_parquet}[ending]
    for etat, year, frame, grant in read(etater).iter_rows():
        assert year == 2019
        assert of_year["etat_budsjettramme", etat] == frame
        assert of_year["etat_ramme_i_alt", etat] == frame + grant
        parts = ("etat_samlet_tildeling", "etat_reserve_saldo", "etat_rest_pott_over_80", "etat_ufordelt")
        assert sum(of_year[name, etat] for name in parts) == frame + grant  # the month asked last is December
    assert run("compare", "--data", users, "--agency", etater, "--format", "json").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_a_bigger_population():
    assert run("population", "--output", "b.parquet", "--scale", "3").exit_code == 0
    content = json.loads(run("check-data", "b.parquet", "--format", "json").stdout)
    assert content["tables"]["Brukere og timer"][-1]["Brukere"] == 3 * 4019


def test_a_regulation_under_which_a_unit_would_owe_money_is_shown_as_not_computable(folder):
    (folder / "brukere.csv").write_text("enhet;timer_per_uke\n" + "A;5\n" * 9 + "B;7\n" * 9, encoding="utf-8")
    (folder / "enheter.csv").write_text("enhet;etatsdirektoer_omfordeling\nA;-90000000\nB;0\n", encoding="utf-8")
    asked = ("--units", "enheter.csv", "--frame", "30000000", "--regulation", "grunnregelverk")
    content = json.loads(compare(*asked, "--regulation", "2018-06", "--format", "json").stdout)
    assert [regulation["id"] for regulation in content["regulations"]] == ["grunnregelverk"]
    (why,) = content["not_computable"].values()
    assert "enhet_etatsdirektoer_omfordeling of 'A' in 2019: it takes more from the unit" in why
    assert "Kan ikke regnes ut: Vedtatt innen 2018-06" in " ".join(
        compare(*asked, "--regulation", "2018-06").stdout.split()
    )
    alone = compare("--units", "enheter.csv", "--frame", "30000000", "--regulation", "2018-06")
    assert (alone.exit_code, "takes more from the unit" in alone.stderr) == (2, True)


@pytest.mark.usefixtures("folder")
def test_performed_hours_are_said_and_computed_alike():
    performed = compare("--hours", "performed", "--record", "r.json")
    assert "Timene er utførte, ikke vurdert behov (T-31)." in performed.text.replace("\n", " ")
    numbers = [line for line in performed.text.splitlines() if line.startswith("Sum")]
    assert numbers == [line for line in compare().text.splitlines() if line.startswith("Sum")]
    again = run("verify", "r.json", "--data", "brukere.csv")
    assert again.exit_code == 0, again.text


@pytest.mark.usefixtures("folder")
def test_csv_says_on_standard_error_what_is_to_be_read_first():
    result = run("compare", "--example", "bevegelse", "--format", "csv")
    assert "er ikke dekket: potten rakk ikke lenger enn til september" in result.stderr.replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.mark.parametrize("form", ["csv", "json"])
def test_hours_that_are_next_to_nothing_are_hours(folder, form):
    """5e-324 hours were divided by, which ended in a traceback; hours count to 2^-44: a user, and no hours."""
    (folder / "brukere.csv").write_text("enhet;timer_per_uke\nA;5\nB;5e-324\n", encoding="utf-8")
    result = compare("--format", form)
    assert (result.exit_code, "nan" in result.stdout, "inf" in result.stdout) == (0, False, False), result.stderr

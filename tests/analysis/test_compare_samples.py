"""``compare --samples``: bands beside the figures, and statements tested, in every form; without it nothing changes."""

import csv
import io
import json

import numpy
import openpyxl
import polars
import pytest

from openfisca_bergen_hbt.web.app import create_app
from tests.commands import as_json, run

CHOICE = ("--regulation", "grunnregelverk", "--regulation", "vedtak_2018_01_kategorimodell")
SAMPLES = ("--samples", "24")
BERGENHUS = ("vedtak_2018_01_kategorimodell", "enhet", "Bergenhus", "enhet_samlet_tildeling")


@pytest.fixture(scope="module")
def found():
    return as_json("compare", *CHOICE, *SAMPLES)


@pytest.fixture(scope="module")
def alone():
    """Return what ``sensitivity`` says of the same."""
    return as_json("sensitivity", *CHOICE, *SAMPLES)


def band(found, regulation, level, member, figure):
    key = {"regulation": regulation, "level": level, "id": member, "figure": figure}
    (one,) = (one for one in found["bands"] if all(one[name] == value for name, value in key.items()))
    return one["low"], one["high"]


def test_it_says_what_sensitivity_says(found, alone):
    assert found["sureness"]["bands"] == alone["bands"]
    tested = [{key: value for key, value in one.items() if key != "survives"} for one in found["statements"]]
    assert tested == alone["statements"]
    assert "Hvor sikkert" not in found["notes"]
    assert "Ikke prøvd" not in run("compare", *CHOICE, *SAMPLES).text


def test_without_it_nothing_is_drawn():
    untried = as_json("compare", *CHOICE)
    assert "sureness" not in untried
    assert untried["notes"]["Hvor sikkert"].startswith("Ikke prøvd")


def test_bands_stand_below_the_figures_on_the_screen(alone):
    text = run("compare", *CHOICE, *SAMPLES).text
    lines = text.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("Bergenhus"))
    low, high = (round(end / 1e6) for end in band(alone, *BERGENHUS))
    assert f"{low}–{high} mill." in lines[place + 1]
    assert "likt i alle trekk" in text  # the overspend
    assert "forutsatt (kalibrert, ikke en prøve)" in " ".join(text.split())
    assert "USIKKERT: mer delt ut" in text
    assert max(map(len, lines)) <= 100


def test_a_workbook_has_the_ends_in_columns_of_their_own(tmp_path, alone):
    file = tmp_path / "rapport.xlsx"
    assert run("compare", *CHOICE, *SAMPLES, "--output", str(file)).exit_code == 0
    sheet = openpyxl.load_workbook(file)["Enheter"]
    heads = [cell.value for cell in sheet[2]]
    (row,) = (row for row in sheet.iter_rows(values_only=True) if row[0] == "Bergenhus")
    place = heads.index("Samlet tildeling, fra")
    assert row[place : place + 2] == band(alone, *BERGENHUS)
    assert run("verify", str(file)).exit_code == 0


@pytest.mark.parametrize("ending", ["html", "md", "json", "parquet"])
def test_it_is_verified(ending, tmp_path):
    file = tmp_path / f"rapport.{ending}"
    assert run("compare", *CHOICE, "--samples", "8", "--output", str(file)).exit_code == 0
    assert run("verify", str(file)).exit_code == 0


def test_verify_notices_another_band(tmp_path):
    file = tmp_path / "kjoering.json"
    assert run("compare", *CHOICE, "--samples", "8", "--record", str(file)).exit_code == 0
    record = json.loads(file.read_text(encoding="utf-8"))
    record["request"]["options"]["samples"] = 9
    file.write_text(json.dumps(record), encoding="utf-8")
    assert run("verify", str(file)).exit_code == 1


def test_tidy_figures_have_the_ends_beside_them(tmp_path, alone):
    file = tmp_path / "tall.parquet"
    assert run("compare", *CHOICE, *SAMPLES, "--output", str(file)).exit_code == 0
    keys = dict(zip(("regulation", "level", "id", "variable"), BERGENHUS, strict=True))
    row = polars.read_parquet(file).filter(**keys).row(0, named=True)
    assert (row["low"], row["high"]) == band(alone, *BERGENHUS)
    rows = list(csv.DictReader(io.StringIO(run("compare", *CHOICE, *SAMPLES, "--format", "csv").stdout)))
    (of_all,) = (
        row
        for row in rows
        if (row["regulation"], row["variable"]) == (BERGENHUS[0], "etat_samlet_tildeling") and row["level"] == "etat"
    )
    ends = float(of_all["low"]), float(of_all["high"])
    assert ends == band(alone, BERGENHUS[0], "sum", "", "etat_samlet_tildeling")


@pytest.fixture(scope="module")
def of_step(tmp_path_factory):
    """Return what is handed out after the step less before it in each draw, and its 5 and 95 %: from every draw."""
    file = tmp_path_factory.mktemp("trekk") / "trekk.parquet"
    assert run("sensitivity", *CHOICE, *SAMPLES, "--output", str(file)).exit_code == 0
    of_all = polars.read_parquet(file).filter(level="sum", figure="etat_samlet_tildeling")
    before, after = (of_all.filter(regulation=name).sort("draw")["value"].to_numpy() for name in CHOICE[1::2])
    return [round(end) for end in numpy.quantile(after - before, (0.05, 0.95))]


def test_the_step_has_the_band_of_the_change_in_each_draw(found, of_step):
    (one,) = (one for one in found["sureness"]["steps"] if one["figure"] == "etat_samlet_tildeling")
    assert (one["before"], one["regulation"]) == CHOICE[1::2]
    assert [one["low"], one["high"]] == pytest.approx(of_step, abs=1)
    assert of_step[0] < one["value"] < of_step[1]
    # what is handed out in all moves more than the step does: the frame of each draw is in both
    low, high = band({"bands": found["sureness"]["bands"]}, CHOICE[3], "sum", "", "etat_samlet_tildeling")
    assert of_step[1] - of_step[0] < high - low


def test_the_band_of_the_step_stands_in_every_form(tmp_path, of_step):
    ends = [f"{end / 1e6:+.1f}".replace(".", ",") for end in of_step]
    text = f"{ends[0]} til {ends[1]} mill."
    for ending in ("txt", "html", "md", "xlsx"):
        assert run("compare", *CHOICE, *SAMPLES, "--output", str(tmp_path / f"r.{ending}")).exit_code == 0
    for ending in ("txt", "html", "md"):
        assert text in (tmp_path / f"r.{ending}").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    for name in ("Sammendrag", "Virkninger"):
        rows = list(openpyxl.load_workbook(tmp_path / "r.xlsx")[name].iter_rows(values_only=True))
        (heads,) = (row for row in rows if "Regelverk" in row)
        (row,) = (row for row in rows if row[0] and "Kategorimodell" in str(row[0]) and row[1:] != rows[0][1:])
        place = next(
            n for n, head in enumerate(heads) if head and head.startswith("Delt ut, endring") and "fra" in head[-4:]
        )
        assert list(row[place : place + 2]) == pytest.approx(of_step, abs=1)


def test_years_beside_each_other_are_refused():
    refused = run("compare", "--years", "2018-2019", *SAMPLES)
    assert refused.exit_code == 2
    assert "--samples is of one year" in refused.stderr


def test_over_the_web(found):
    client = create_app().test_client()
    body = {"regulations": [CHOICE[1], CHOICE[3]], "samples": 24}
    assert client.post("/compare", json=body).json["sureness"] == found["sureness"]


@pytest.mark.parametrize("question", ["compare", "sensitivity"])
def test_over_the_web_the_work_is_bounded(question):
    users = {"enhet": [f"E{number}" for number in range(100)], "timer_per_uke": [5.0] * 100}
    body = {"users": users, "regulations": ["2018-06", "2019-06"], "samples": 1001}  # 100 · 2 · 1 001 > 200 000
    answer = create_app().test_client().post(f"/{question}", json=body)
    assert answer.status_code == 400
    assert answer.json["path"] == ["samples"]
    assert "at most 1000 times here" in answer.json["error"]


def test_small_counts_have_no_bands(tmp_path):
    file = tmp_path / "brukere.csv"
    file.write_text("enhet;timer_per_uke\n" + "A;5\n" * 7 + "A;20\n" * 2 + "B;9\n" * 8 + "C;30\n" * 3)
    text = run("compare", "--data", str(file), "--frame", "30000000", "--samples", "8", "--format", "markdown").text
    counted, given = ([line for line in text.splitlines() if line.startswith(f"| {unit} |")] for unit in ("A", "C"))
    assert any("<br>" in line for line in given)  # what C gets has a band
    (categories,) = (line for line in given if line == "| C | 0 | 0 | 0 | 0 | : | 0 | : |")  # and its users have none
    assert not any("<br>" in line for line in counted if line.count("|") == categories.count("|"))

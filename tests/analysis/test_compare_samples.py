"""``compare --samples``: bands beside the figures, and statements tested, in every form; without it nothing changes."""

import csv
import io
import json
import re

import numpy
import openpyxl
import polars
import pytest

from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import prepare
from openfisca_bergen_hbt.analysis.compare import QUESTION
from openfisca_bergen_hbt.analysis.sensitivity.draws import Model
from openfisca_bergen_hbt.report.parts import sureness
from openfisca_bergen_hbt.report.subjects.compare import paper
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


@pytest.fixture(scope="module")
def years():
    return as_json("compare", "--years", "2018-2019", "--samples", "64")


def test_each_year_has_the_bands_that_it_has_alone(years):
    for year in (2018, 2019):
        (regulation,) = {one["regulation"] for one in years["sureness"][str(year)]["bands"]}
        last = next(one["regulation"] for one in years["years"] if one["year"] == year)
        asked = ("--regulation", last, "--year", str(year), "--samples", "64")
        of_one = {**as_json("sensitivity", *asked)["bands"][0], "regulation": regulation}
        assert of_one == years["sureness"][str(year)]["bands"][0]
        assert as_json("compare", *asked)["sureness"]["units"] == years["sureness"][str(year)]["units"]


@pytest.mark.parametrize("year", ["2018", "2019"])
def test_the_frame_of_each_year_is_the_overspend_by_its_share(years, year):
    """Whoever had the 14 million; 4.55 and 5.45 % are nine tenths of 4.5 to 5.5 %."""
    found = {one["figure"]: one for one in years["sureness"][year]["bands"] if one["level"] == "sum"}
    frame = found["etat_ramme_i_alt"]
    assert frame["low"] == pytest.approx(51_784_341 / 0.0545, rel=5e-3)
    assert frame["high"] == pytest.approx(51_784_341 / 0.0455, rel=5e-3)


def test_the_bands_of_years_stand_in_every_form_and_are_verified(tmp_path, years):
    asked = ("compare", "--years", "2018-2019", "--samples", "64")
    for ending in ("txt", "html", "md", "xlsx", "csv", "parquet"):
        assert run(*asked, "--output", str(tmp_path / f"r.{ending}")).exit_code == 0
        assert run("verify", str(tmp_path / f"r.{ending}")).exit_code == 0
    (given,) = (
        one
        for one in years["sureness"]["2018"]["bands"]
        if (one["level"], one["figure"]) == ("sum", "etat_samlet_tildeling")
    )
    written = f"{round(given['low'] / 1e6)}–{round(given['high'] / 1e6):,} mill.".replace(",", " ")
    for ending in ("txt", "html", "md"):
        text = (tmp_path / f"r.{ending}").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
        assert written in text
        assert "(T-21)" in text  # the mark stands beside the band
        assert "likt i alle trekk" in text
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["År"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0]]
    (heads,), (of_year,) = ([row for row in rows if row[0] == first] for first in ("År", "2018"))
    place = heads.index("Delt ut, fra")
    assert of_year[place : place + 2] == (given["low"], given["high"])
    tidy = polars.read_parquet(tmp_path / "r.parquet")
    ends = tidy.filter(level="etat", variable="etat_samlet_tildeling", period="2018").row(0, named=True)
    assert (ends["low"], ends["high"]) == (given["low"], given["high"])


def test_years_of_own_users_have_no_band_of_what_is_held_back(tmp_path):
    users = "A;5\n" * 7 + "A;20\n" * 2 + "B;9\n" * 8 + "C;30\n" * 3
    lines = [f"{year};{line}" for year in (2018, 2019) for line in users.split()]
    file = tmp_path / "brukere.csv"
    file.write_text("\n".join(["aar;enhet;timer_per_uke", *lines]), encoding="utf-8")
    given = ("--data", str(file), "--frame", "30000000", "--years", "2018-2019", "--samples", "8", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run("compare", *given).stdout)))
    held_back = [row for row in rows if row["value"] == ""]
    assert held_back
    assert {row["low"] for row in held_back} == {""}
    assert {row["low"] for row in rows if row["variable"].startswith("antall_kategori")} == {""}
    assert any(row["low"] for row in rows if (row["id"], row["variable"]) == ("C", "enhet_samlet_tildeling"))


def test_an_interrupted_year_is_the_last_that_is_drawn(monkeypatch):
    given = Request(question="compare", population="publisert", years=(2018, 2019), options={"samples": 9})
    in_chunks = Model.in_chunks

    def stopped(model, draws):
        if len(next(iter(draws.values()))) != 9:  # one number at a time
            yield from in_chunks(model, draws)
            return
        yield from in_chunks(model, {name: values[:4] for name, values in draws.items()})
        raise KeyboardInterrupt

    monkeypatch.setattr(Model, "in_chunks", stopped)
    found = QUESTION.run(prepare(QUESTION, given))
    assert [one.sureness and one.sureness.done for one in found.comparisons] == [4, None]
    line = "2018: Avbrutt: 4 av 9 trekninger er gjort, og tallene gjelder dem. Årene etter er ikke trukket."
    assert paper(found).headlines[0] == line
    assert {len(row) for row in sureness.rows(found)} == {len(sureness.columns(found))}


def test_hours_of_all_that_would_give_back_those_of_a_few_have_neither_figure_nor_band(tmp_path):
    """A and B have 7 644 hours that are shown, and C with its three users 4 680."""
    file = tmp_path / "brukere.csv"
    file.write_text("enhet;timer_per_uke\n" + "A;5\n" * 7 + "A;20\n" * 2 + "B;9\n" * 8 + "C;30\n" * 3)
    given = ("compare", "--data", str(file), "--frame", "30000000", "--regulation", "grunnregelverk")
    given += ("--regulation", "2019-06", "--samples", "8")
    for form in ("table", "markdown", "html"):
        text = run(*given, "--format", form).stdout.replace("\N{NO-BREAK SPACE}", " ")
        assert "3 744" in text or form == "table"
        assert not re.search(r"12 3[0-9]{2}\b", text.replace("&nbsp;", " "))
    found = as_json(*given)
    bands = [one for one in found["sureness"]["bands"] if one["figure"] == "etat_vedtakstimer"]
    assert bands
    assert {(one["value"], one["low"], one["high"]) for one in bands} == {(None, None, None)}
    assert "etat_vedtakstimer" not in {one["figure"] for one in found["sureness"]["steps"]}


def test_over_the_web(found):
    client = create_app().test_client()
    body = {"regulations": [CHOICE[1], CHOICE[3]], "samples": 24}
    assert client.post("/compare", json=body).json["sureness"] == found["sureness"]


def test_years_over_the_web(years):
    answer = create_app().test_client().post("/compare", json={"years": "2018-2019", "samples": 64})
    assert answer.json["sureness"] == years["sureness"]


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

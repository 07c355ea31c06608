"""The files that ``compare`` writes: what is in them, that they are whole, and that nothing is lost."""

import errno
import io
import json
import os
import zipfile
from pathlib import Path

import openpyxl
import polars
import pytest

from openfisca_bergen_hbt.report.forms import files
from openfisca_bergen_hbt.verify import rerun
from tests.commands import REGULATIONS, rows, run

ENDINGS = (".csv", ".json", ".parquet", ".md", ".html", ".xlsx", ".txt")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Return a folder with the default comparison in every form."""
    folder = tmp_path_factory.mktemp("outputs")
    for ending in ENDINGS:
        result = run("compare", "--output", str(folder / f"compare{ending}"))
        assert result.exit_code == 0, result.stderr
    return folder


def test_the_form_follows_the_ending(outputs):
    assert (outputs / "compare.csv").read_text(encoding="utf-8").startswith("regulation,level,id,variable")
    assert json.loads((outputs / "compare.json").read_text(encoding="utf-8"))["year"] == 2019
    assert polars.read_parquet(outputs / "compare.parquet").columns == [
        "regulation",
        "level",
        "id",
        "variable",
        "period",
        "value",
    ]
    assert (outputs / "compare.md").read_text(encoding="utf-8").startswith("# Finansieringen av hjemmebaserte")
    assert (outputs / "compare.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert zipfile.is_zipfile(outputs / "compare.xlsx")
    assert (outputs / "compare.txt").read_text(encoding="utf-8").startswith("Finansieringen av hjemmebaserte")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_output_carries_the_same_record(ending, outputs):
    found = rerun.record_in(outputs / f"compare{ending}")
    assert found.request.population == "publisert"
    assert list(found.inputs.hashes) == ["example"]
    assert [regulation.id for regulation in found.regulations] == REGULATIONS
    assert found.result == rerun.record_in(outputs / "compare.json").result
    # the published overspend: 51 784 341 kr, ± 50
    agency = found.result.kroner[REGULATIONS[-1]]["Etat for hjemmetjenester"]
    assert abs(agency["etat_merforbruk"] - 51_784_341) <= 50


def test_a_file_that_can_t_carry_it_has_the_record_beside_it(outputs):
    beside = {file.name for file in outputs.iterdir() if file.name.endswith(".record.json")}
    assert beside == {"compare.csv.record.json", "compare.txt.record.json"}


def test_the_tidy_forms_hold_the_same_figures(outputs):
    found = rows(json.loads((outputs / "compare.json").read_text(encoding="utf-8")))
    for frame in (
        polars.read_csv(outputs / "compare.csv", infer_schema_length=None),
        polars.read_parquet(outputs / "compare.parquet"),
    ):
        assert frame.height == len(found)
        assert frame["value"].to_list() == pytest.approx([row["value"] for row in found])


def test_csv_for_a_norwegian_excel(outputs, tmp_path):
    made = run("compare", "--csv-for", "excel", "--output", str(tmp_path / "ut.csv"))
    assert made.exit_code == 0, made.stderr
    content = (tmp_path / "ut.csv").read_bytes()
    of = ["level", "id", "variable", "period"]
    assert content.startswith(b"\xef\xbb\xbf" + ";".join([*of, *REGULATIONS]).encode() + b"\r\n")
    excel = polars.read_csv(content, separator=";", decimal_comma=True, infer_schema_length=None)
    one_to_a_row = excel.unpivot(REGULATIONS, index=of, variable_name="regulation").drop_nulls("value")
    usual = polars.read_csv(outputs / "compare.csv", infer_schema_length=None)
    assert one_to_a_row.height == usual.height
    both = usual.join(one_to_a_row, on=["regulation", *of], suffix="_excel", validate="1:1")
    assert both.height == usual.height
    assert both["value_excel"].to_list() == pytest.approx(both["value"].to_list(), rel=1e-11)
    assert rerun.record_in(tmp_path / "ut.csv").result == rerun.record_in(outputs / "compare.csv").result
    refused = run("compare", "--csv-for", "excel", "--output", str(tmp_path / "ut.json"))
    assert "--csv-for is for CSV, and the answer is written as json" in refused.stderr


def test_hours_are_written_without_the_noise_of_floats(outputs):
    """235115.9999999999 hours: the published figures are whole."""
    figures = rows(json.loads((outputs / "compare.json").read_text(encoding="utf-8")))
    last = {
        row["id"]: row["value"]
        for row in figures
        if (row["regulation"], row["level"], row["variable"]) == (REGULATIONS[-1], "enhet", "enhet_vedtakstimer")
    }
    assert (last["Arna Åsane"], last["Bergenhus"], last["Fana Ytrebygda"]) == (235116, 177135, 255092)


def test_the_record_is_on_a_hidden_sheet(outputs):
    states = {sheet.title: sheet.sheet_state for sheet in openpyxl.load_workbook(outputs / "compare.xlsx")}
    assert states.pop("run-record") == "hidden"
    assert set(states.values()) == {"visible"}


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_is_one_an_economist_would_make(outputs):
    book = openpyxl.load_workbook(outputs / "compare.xlsx")
    assert book.sheetnames == [
        "Sammendrag",
        "Byområder",
        "Vinnere og tapere",
        "Utsagn",
        "Enheter",
        "Kategorier",
        "Virkninger",
        "Virkninger etter sted",
        "Vedtak",
        "Forutsetninger",
        "Tolkninger",
        "Kilder",
        "Proveniens",
        "run-record",
    ]
    areas = book["Byområder"]
    heading = [cell.value for cell in areas[2]]
    laksevaag = next(row for row in areas.iter_rows() if row[0].value == "Laksevåg")
    # 224 943 visits at 130 745 / 299 310 hours, times 987.6216269
    amount = laksevaag[heading.index("Grunnregelverket")]
    assert amount.value == 97_043_608
    assert amount.number_format == "#,##0"
    change = laksevaag[heading.index("Endring, %")]
    assert change.number_format == "+0.0 %;-0.0 %;0.0 %"
    assert change.value == pytest.approx((129_382_045 - 97_043_608) / 97_043_608)
    for sheet in book.worksheets[1:11]:
        assert sheet.freeze_panes == "B3", sheet.title
        assert sheet.auto_filter.ref, sheet.title
        assert sheet.column_dimensions["A"].width >= 9, sheet.title
    names = zipfile.ZipFile(outputs / "compare.xlsx").namelist()
    assert [name for name in names if "charts/chart" in name] == ["xl/charts/chart1.xml"]
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
    # every step, and what it changed
    assert (
        sum(str(row[0]).startswith(tuple("0123456")) for row in cells(book["Sammendrag"]) if row[0]) == 8
    )  # the first two together, too
    assert [row[4] for row in cells(book["Vedtak"]) if row[0] == "Kategorimodellen innføres"] == [
        "Samlet tildeling, Ramme i alt, Mottaker av budsjettet"
    ]
    effects = {row[0]: row[1:] for row in cells(book["Virkninger"])}
    # 2018: 14 million more to hand out, and 2 % of it kept: 1 035 686 820 - 20 713 736 less 1 087 471 160, and 4 kroner
    # stay in the pool for users over 80 hours, whose months are rounded
    assert effects["Normtid avvikles, tillits- og faglighetsreformen innføres"][2] == 14_000_000
    assert effects["Kategorimodellen innføres"][3] == 1_014_973_080 - 1_087_471_160
    assert effects["Statusrapport om tillits- og faglighetsreformen"][:6] == [0, 0, 0, 0, 0, 0]
    assumed = {row[7]: row for row in cells(book["Forutsetninger"])[2:] if row[7]}
    assert assumed["reserve.andel"][1:5] == [0.02, "andel", 0, 0.05]
    assert ["T-12", "lognormal fordeling av timer"] in [row[:2] for row in cells(book["Tolkninger"])]
    source = next(row for row in cells(book["Kilder"]) if row[5] == "kategorimodell.nedre_grense.kategori_6")
    assert "«Den nye fordelingsmodellen»" in source[4]


def test_the_chart_of_a_workbook_has_every_regulation_whatever_its_name(tmp_path):
    proposal = tmp_path / "super.yaml"
    proposal.write_text(
        "title: Supertiltak per bydel\nbaseline: vedtak_2021_06_statusrapport\nchanges:\n"
        "  - {parameter: reserve.andel, from: 2019-01-01, value: 0.04}\n",
        encoding="utf-8",
    )
    result = run("compare", "--proposal", str(proposal), "--output", str(tmp_path / "ut.xlsx"))
    assert result.exit_code == 0, result.stderr
    drawn = zipfile.ZipFile(tmp_path / "ut.xlsx").read("xl/charts/chart1.xml").decode()
    assert drawn.count("<c:ser>") == 2  # the baseline and the proposal, and no amount per user


def test_text_in_a_workbook_is_never_a_formula(tmp_path):
    users = tmp_path / "brukere.csv"
    users.write_text("enhet;timer_per_uke\n" + "{=1+1};5\n" * 9 + "https://eksempel.no;10\n" * 9, encoding="utf-8")
    run("compare", "--data", str(users), "--frame", "30000000", "--output", str(tmp_path / "ut.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "ut.xlsx")["Enheter"]
    assert [(sheet.cell(row, 1).value, sheet.cell(row, 1).data_type) for row in (3, 4)] == [
        ("https://eksempel.no", "s"),
        ("{=1+1}", "s"),
    ]


def test_a_page_escapes_what_a_file_says(tmp_path):
    users = tmp_path / "brukere.csv"
    users.write_text("enhet;timer_per_uke\n" + "<script>alert(1)</script>;5\n" * 9, encoding="utf-8")
    run("compare", "--data", str(users), "--frame", "30000000", "--output", str(tmp_path / "ut.html"))
    page = (tmp_path / "ut.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert page.count("</script>") == 1  # the record's own
    assert rerun.record_in(tmp_path / "ut.html").request.question == "compare"


def test_winners_and_losers_by_band(tmp_path):
    # the category model gives small users less than their hours: by hand, with 44 000 000 less the reserve of 2 %
    users = tmp_path / "brukere.csv"
    rows = ["A;4.5"] * 20 + ["B;11.25"] * 20 + ["C;22.5"] * 10
    users.write_text("enhet,timer_per_uke\n" + "\n".join(rows).replace(";", ","), encoding="utf-8")
    output = tmp_path / "ut.xlsx"
    result = run(
        "compare", "--data", str(users), "--frame", "30000000", "--output", str(output),
        "--regulation", "vedtak_2017_10_normtid_avviklet", "--regulation", "vedtak_2018_01_kategorimodell",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    bands = {row[0]: row[1:] for row in cells(openpyxl.load_workbook(output)["Vinnere og tapere"])[2:7]}
    hours = (20 * 4.5 + 20 * 11.25 + 10 * 22.5) * 52
    change = 43_120_000 / (hours * 987.6216269) - 1  # everyone's points are their hours: all change alike
    assert change > 0.05
    assert bands["Mer enn 5 % mer"][:2] == [3, 50]
    assert bands["Mer enn 5 % mindre"][:2] == [0, 0]


def test_small_counts_leave_in_no_form(tmp_path):
    users = tmp_path / "brukere.csv"
    rows = ["Liten;40,125"] * 3 + [
        f"{unit};{hours}" for unit in ("Nord", "Sør") for hours in ["1"] * 17 + ["40,5"] * 17
    ]
    users.write_text("enhet;timer_per_uke\n" + "\n".join(rows), encoding="utf-8")
    for ending in ENDINGS:
        output = tmp_path / f"ut{ending}"
        result = run("compare", "--data", str(users), "--frame", "30000000", "--output", str(output))
        assert result.exit_code == 0, result.stderr
        if ending == ".xlsx":
            rows_of = cells(openpyxl.load_workbook(output)["Kategorier"])
            assert next(row for row in rows_of if row[0] == "Liten")[1:] == [0, 0, 0, 0, ":", 0, ":"]
            continue
        text = (
            json.dumps(polars.read_parquet(output).to_dicts())
            if ending == ".parquet"
            else output.read_text(encoding="utf-8")
        )
        assert "6259.5" not in text, ending  # the hours of the three: 3 * 40.125 * 52
        assert "6 259" not in text.replace("\N{NO-BREAK SPACE}", " "), ending
    page = (tmp_path / "ut.md").read_text(encoding="utf-8")
    assert "holdt tilbake" in page
    assert "tall som er holdt tilbake, er usikre" in page.split("##")[0]
    assert "Internt" not in page
    internal = tmp_path / "intern.md"
    run("compare", "--data", str(users), "--frame", "30000000", "--output", str(internal), "--no-suppression")
    assert internal.read_text(encoding="utf-8").split("\n\n")[1].startswith("**Internt: ")
    assert "6 260" in internal.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")  # 6 259,5 as whole hours


@pytest.mark.parametrize("ending", [".json", ".parquet", ".html", ".xlsx", ".csv", ".txt"])
def test_a_file_for_internal_use_says_so(ending, tmp_path):
    users, internal = tmp_path / "brukere.csv", tmp_path / f"intern{ending}"
    users.write_text("enhet;timer_per_uke\nA;5\nB;10\n", encoding="utf-8")
    made = run("compare", "--data", str(users), "--frame", "bergen", "--output", str(internal), "--no-suppression")
    assert rerun.record_in(internal).request.suppression is False
    if ending == ".parquet":
        said = polars.read_parquet_metadata(internal)["description"]
    elif ending == ".xlsx":
        said = str(cells(openpyxl.load_workbook(internal)["Sammendrag"]))
    else:  # a CSV has no room for it: the command says it, and the record beside it
        said = made.stderr if ending == ".csv" else internal.read_text(encoding="utf-8").replace("\n", " ")
    assert "bare til internt bruk" in said


def test_nothing_is_overwritten_unasked_not_even_a_record(tmp_path):
    (tmp_path / "ut.csv.record.json").write_text("mine", encoding="utf-8")
    refused = run("compare", "--output", str(tmp_path / "ut.csv"))
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert not (tmp_path / "ut.csv").exists()
    assert (tmp_path / "ut.csv.record.json").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("failing", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()])
def test_a_full_disk_or_an_interrupt_leaves_the_old_files(failing, tmp_path, monkeypatch):
    old = {tmp_path / "a.csv": b"old a", tmp_path / "b.json": b"old b"}
    for file, content in old.items():
        file.write_bytes(content)
    written = []

    def fails_the_second_time(handle):
        written.append(handle)
        if len(written) == 2:
            raise failing

    monkeypatch.setattr(files.os, "fsync", fails_the_second_time)
    with pytest.raises(type(failing)):
        files.write_all(dict.fromkeys(old, b"new"))
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == old


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    result = run("compare", "--regulation", "grunnregelverk", "--output", str(tmp_path / "ut.md"))
    assert result.exit_code == 2
    assert "can't be written: No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_gets_the_rights_that_files_get(tmp_path):
    ordinary = tmp_path / "ordinary"
    ordinary.write_bytes(b"")
    files.write_all({tmp_path / "ours": b""})
    assert (tmp_path / "ours").stat().st_mode == ordinary.stat().st_mode


def test_json_and_csv_to_the_terminal_are_nothing_else():
    content = json.loads(run("compare", "--format", "json", "--regulation", "grunnregelverk").stdout)
    assert content["record"]["result"]["hash"]
    rows = run("compare", "--format", "csv", "--regulation", "grunnregelverk").stdout
    assert polars.read_csv(io.StringIO(rows), infer_schema_length=None).height > 100


def test_the_record_alone(tmp_path):
    target = tmp_path / "kjoering.json"
    result = run("compare", "--record", str(target), "--regulation", "2019-06")
    assert result.exit_code == 0
    assert "trinn for trinn" in result.text  # the table goes where it always goes
    assert json.loads(target.read_text(encoding="utf-8"))["request"]["question"] == "compare"
    assert [file.name for file in Path(tmp_path).iterdir()] == ["kjoering.json"]


def test_the_json_of_many_units_is_small(tmp_path):
    # 2 000 units of 6 users: each figure stands alone in its column, and no name or regulation beside it
    users, output = tmp_path / "d.csv", tmp_path / "ut.json"
    lines = [f"Enhet {unit};Byområde {unit % 8};{hours}" for unit in range(2000) for hours in (2, 5, 9, 20, 35, 90)]
    users.write_text("enhet;byomraade;timer_per_uke\n" + "\n".join(lines), encoding="utf-8")
    result = run("compare", "--data", str(users), "--frame", "1000000000", "--output", str(output))
    assert result.exit_code == 0, result.stderr
    assert output.stat().st_size < 40_000_000
    content = json.loads(output.read_text(encoding="utf-8"))
    assert [len(ids) for ids in content["ids"].values()] == [2000, 8, 1]
    given = [c for c in content["figures"] if (c["level"], c["variable"]) == ("enhet", "enhet_samlet_tildeling")]
    assert [(c["regulation"], len(c["values"])) for c in given] == [(name, 2000) for name in REGULATIONS]
    # before the model the money follows the hours: (2 + 5 + 9 + 20 + 35 + 90) * 52 * 987.6216269
    assert set(given[0]["values"]) == {8_268_368}

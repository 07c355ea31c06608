"""The workbook: sums that a spreadsheet can follow, days that it can sort, sheets that print whole."""

import re
import shutil
import subprocess
import zipfile
from datetime import datetime

import openpyxl
import pytest

from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.forms import workbook
from openfisca_bergen_hbt.report.paper import Column, Paper, Section, Table
from tests.commands import run

RECORD = {"date": "2019-06-30"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("bok") / "ut.xlsx"
    assert run("compare", "--output", str(path)).exit_code == 0
    return path


def all_cells(path, **options):
    book = openpyxl.load_workbook(path, **options)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def sheet_of(tmp_path, monkeypatch, rows, *, has_sum=True):
    """Return a sheet with a table of a column of words and one of hours, and its values."""
    monkeypatch.setattr(workbook, "facts", lambda _: [])
    table = Table([Column("Hvem"), Column("Timer", "hours")], rows, "Timene", "Timer", has_sum=has_sum)
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook.write(Paper("Et papir", [Section([table])], ["Et svar."]), RECORD))
    return openpyxl.load_workbook(path)["Timer"], openpyxl.load_workbook(path, data_only=True)["Timer"]


def last(sheet):
    return next(row[1] for row in sheet.iter_rows(values_only=True) if row[0] == "Sum")


def test_a_sum_is_a_formula_with_its_value(tmp_path, monkeypatch):
    rows = [["A", 0.1 + 0.2], ["B", 235116.0000000001], ["Sum", 235116.3]]
    sheet, values = sheet_of(tmp_path, monkeypatch, rows)
    # the title, the answer and the table's title, each with a row below or above it, and the heading: six rows
    assert (last(sheet), last(values)) == ("=SUM(B7:B8)", 235116.3)
    # without the digits that are noise
    assert [sheet["B7"].value, sheet["B8"].value] == [0.3, 235116]


@pytest.mark.parametrize(
    "rows",
    [
        [["A", 1.0], ["B", 2.0], ["Sum", 1.5]],  # a mean
        [["A", None], ["B", 2.0], ["Sum", 7.0]],  # held back
        [["A", ""], ["B", 2.0], ["Sum", 2.0]],  # no figure
        [["Sum", 2.0]],
    ],
)
def test_what_is_no_sum_of_the_rows_stays_a_number(tmp_path, monkeypatch, rows):
    sheet, _ = sheet_of(tmp_path, monkeypatch, rows)
    assert last(sheet) == rows[-1][1]
    assert MARK in [cell.value for cell in sheet["B"]] or rows[0][1] is not None


def test_a_last_row_that_is_no_sum_by_what_it_says_is_none(tmp_path, monkeypatch):
    sheet, _ = sheet_of(tmp_path, monkeypatch, [["A", 1.0], ["Sum", 1.0]], has_sum=False)
    assert last(sheet) == 1.0


def test_the_sums_of_a_comparison(made):
    formulas, values = (openpyxl.load_workbook(made, data_only=stored)["Byområder"] for stored in (False, True))
    heading = [cell.value for cell in formulas[2]]
    by_name = {name: [row[place].value for row in formulas.iter_rows()] for place, name in enumerate(heading)}
    row = by_name["Byområde"].index("Sum")
    hours = heading.index("Vedtakstimer")
    assert by_name["Vedtakstimer"][row] == "=SUM(C3:C8)"
    assert values.cell(row + 1, hours + 1).value == 1_101_101  # as published
    assert by_name["Brukere"][row] == "=SUM(B3:B8)"
    assert isinstance(by_name["Endring, %"][row], float)
    assert isinstance(by_name["Kr per bruker, etter"][row], float)


def test_days_are_days(made):
    book = openpyxl.load_workbook(made)
    days = {row[0].value: row[2] for row in book["Vedtak"].iter_rows()}
    assert days["Kategorimodellen innføres"].value == datetime(2018, 1, 1)  # noqa: DTZ001 (a workbook has no zones)
    assert days["Kategorimodellen innføres"].number_format == "dd.mm.yyyy"
    run_on = {row[0].value: row[1].value for row in book["Proveniens"].iter_rows()}["Kjørt"]
    assert isinstance(run_on, datetime)


def test_every_sheet_prints_whole_on_the_width_of_a_page(made):
    for sheet in openpyxl.load_workbook(made):
        if sheet.sheet_state == "hidden":
            continue
        printed = sheet[re.sub(r".*!|\$", "", sheet.print_area)]
        within = {cell.coordinate for row in printed for cell in row}
        filled = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert filled <= within, sheet.title
        for chart in sheet._charts:  # noqa: SLF001 (openpyxl has no other way)
            assert len(printed) > chart.anchor.to.row, sheet.title
        setup = sheet.page_setup
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert (setup.orientation, setup.fitToHeight) == ("landscape", 0), sheet.title  # as many pages high as it needs


def test_the_first_sheet_answers(made):
    first = openpyxl.load_workbook(made, data_only=True).worksheets[0]
    assert first.title == "Sammendrag"
    column = [str(cell.value).replace("\N{NO-BREAK SPACE}", " ") for cell in first["A"]]
    answer = column.index(next(text for text in column if "deler ut 1 014 973 080 kr" in text))
    assert answer <= 4  # below the title and what is broken, and above all else
    figures = {name: first.cell(row, 2).value for row, name in enumerate(column, 1) if name.endswith(", kr")}
    assert figures == {
        "Timene koster, kr": 1_087_471_161,
        "Rammen, kr": 1_035_686_820,
        "Merforbruk, kr": 51_784_341,  # as published
        "Delt ut, kr": 1_014_973_080,
        "Igjen sentralt, kr": 20_713_740,
    }
    assert first.column_dimensions["B"].width >= len("1 087 471 161")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is installed in the nightly form of the gate")
def test_libreoffice_reckons_every_cell_to_what_is_stored(made, tmp_path):
    """The stored values are taken out first, so that LibreOffice has to work them out."""
    bare, formulas = tmp_path / "uten.xlsx", 0
    with zipfile.ZipFile(made) as whole, zipfile.ZipFile(bare, "w") as without:
        for name in whole.namelist():
            text, taken = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", whole.read(name))
            formulas += taken
            without.writestr(name, text)
    assert formulas > 20
    home = f"-env:UserInstallation=file://{tmp_path}/hjem"
    convert = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "regnet", bare]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    stored, reckoned = (all_cells(path, data_only=True) for path in (made, tmp_path / "regnet" / "uten.xlsx"))
    told = [(place, value) for place, value in stored.items() if value not in (None, "")]
    for place, value in told:
        again = reckoned[place]
        if isinstance(value, float) or isinstance(again, float):
            assert f"{again:.15g}" == f"{value:.15g}", place
        else:
            assert again == value, place

"""Which sheet of a workbook is read, what of it is hidden, and where on it things stand."""

import pytest

from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.sheet import Written
from tests.intake.files import read_population
from tests.intake.workbooks import ods, ods_cell, row, xlsx

HEADING = ("enhet", "timer_per_uke")
LAST_YEAR, THIS_YEAR = (HEADING, ("A", 1)), (HEADING, ("A", 7.5))
FRONT = (("Uttrekk til etaten",),)
#: Sheets by their name: how each kind of workbook says that they are visible or hidden, and their rows.
KINDS = {"xlsx": (xlsx, "visible", "hidden"), "ods": (ods, "t0", "t1")}


def read(tmp_path, content, units=None, sheet=None):
    (tmp_path / "brukere.xlsx").write_bytes(content)
    if units:
        (tmp_path / "enheter.xlsx").write_bytes(units)
    files = Files(
        tmp_path / "brukere.xlsx",
        tmp_path / "enheter.xlsx" if units else None,
        frame="bergen",
        written=Written(sheet=sheet),
    )
    return read_population(files, 2019)


def hours(found):
    return found.population.users["timer_per_uke"].tolist()


def refused(tmp_path, *given, **more):
    with pytest.raises(DataError) as error:
        read(tmp_path, *given, **more)
    return str(error.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_sheet_is_not_read_and_the_sheet_is_said(kind, tmp_path):
    made, visible, hidden = KINDS[kind]
    found = read(tmp_path, made(sheets={"2018": (hidden, LAST_YEAR), "2019": (visible, THIS_YEAR)}))
    assert hours(found) == [7.5]
    assert "sheet '2019' of 2 (--sheet takes another)" in found.notes[0]
    assert found.sheet == "2019"
    assert found.population.description.startswith("Egne data (arket «2019»): brukere i 1 enhet, 2019.")


@pytest.mark.parametrize("kind", KINDS)
def test_several_visible_sheets_with_the_columns_are_refused_with_their_names(kind, tmp_path):
    made, visible, _ = KINDS[kind]
    book = made(sheets={"2018": (visible, LAST_YEAR), "Om": (visible, FRONT), "2019": (visible, THIS_YEAR)})
    assert refused(tmp_path, book) == (
        "brukere.xlsx: several sheets hold the columns: 2018, 2019. Choose one with --sheet (Ark on the page)."
    )
    assert hours(read(tmp_path, book, sheet="2018")) == [1]
    assert hours(read(tmp_path, book, sheet="2019")) == [7.5]
    assert "there is no sheet '2020'" in refused(tmp_path, book, sheet="2020")


def test_a_front_page_is_passed_by(tmp_path):
    assert hours(read(tmp_path, xlsx(sheets={"Om": ("visible", FRONT), "Tall": ("visible", THIS_YEAR)}))) == [7.5]


def test_very_hidden_sheets_and_none_that_is_visible(tmp_path):
    sheets = {"2018": ("veryHidden", LAST_YEAR), "2019": ("hidden", THIS_YEAR)}
    assert "every sheet is hidden" in refused(tmp_path, xlsx(sheets=sheets))
    assert hours(read(tmp_path, xlsx(sheets=sheets), sheet="2019")) == [7.5]


def test_the_sheet_of_the_users_is_no_sheet_of_the_units(tmp_path):
    users = xlsx(sheets={"2018": ("visible", LAST_YEAR), "2019": ("visible", THIS_YEAR)})
    assert hours(read(tmp_path, users, xlsx(("enhet",), ("A",)), sheet="2019")) == [7.5]


def test_hidden_and_filtered_rows_are_read_and_said(tmp_path):
    book = xlsx(HEADING, row("A", 1, about='r="2" hidden="1"'), row("A", 2, about='r="7"'))
    found = read(tmp_path, book)
    assert hours(found) == [1, 2]
    assert "brukere.xlsx: hidden or filtered out, and read as the others: row 2" in found.notes
    filtered = '<table:table-row table:visibility="filter">' + ods_cell("A") + ods_cell(1) + "</table:table-row>"
    found = read(tmp_path, ods(HEADING, filtered, ("A", 2)))
    assert hours(found) == [1, 2]
    assert "brukere.xlsx: hidden or filtered out, and read as the others: row 2" in found.notes


@pytest.mark.parametrize("above", [1, 4])
def test_rows_are_numbered_as_the_spreadsheet_does_wherever_the_table_begins(above, tmp_path):
    blank, users = [()] * above, [("A", 1), (), ("A", "mye")]
    message = f"brukere.xlsx, row {above + 4}, column timer_per_uke:"
    for made in (xlsx, ods):
        assert refused(tmp_path, made(*blank, HEADING, *users)).startswith(message)
    moved = [(None, None, *cells) for cells in [HEADING, *users]]  # and from column C on
    assert refused(tmp_path, xlsx(*blank, *moved)).startswith(message)


def test_rows_that_opendocument_repeats(tmp_path):
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    three = '<table:table-row table:number-rows-repeated="3">{}</table:table-row>'
    same = three.format(ods_cell("A") + ods_cell(1.5))
    last = f'<table:table-row table:number-rows-repeated="1048560">{blank}</table:table-row>'
    text = refused(tmp_path, ods(HEADING, same, three.format(blank), ("A", "mye"), last))
    assert text.startswith("brukere.xlsx, row 8, column timer_per_uke:")  # 1 + 3 + 3 + 1
    assert hours(read(tmp_path, ods(HEADING, same, ("A", 2), last))) == [1.5, 1.5, 1.5, 2]


@pytest.mark.parametrize(
    ("reference", "where"), [("A2:A3", "rows 2, 3, column enhet"), ("B3:C3", "row 3, column timer_per_uke")]
)
def test_merged_cells_are_refused_with_their_place(reference, where, tmp_path):
    after = f'<mergeCells count="1"><mergeCell ref="{reference}"/></mergeCells>'
    text = refused(tmp_path, xlsx(HEADING, ("A", 1), ("A", 2), after=after))
    assert text == (
        f"brukere.xlsx, {where}: merged cells stand here, of which only the first holds anything. Split them, and fill "
        f"in each. ({reference})"
    )
    heading = '<mergeCells count="1"><mergeCell ref="C1:D1"/></mergeCells>'
    assert hours(read(tmp_path, xlsx(HEADING, ("A", 1), after=heading))) == [1]


def test_merged_cells_of_opendocument(tmp_path):
    cell = (
        '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>A</text:p>'
        "</table:table-cell>"
    )
    text = refused(tmp_path, ods(HEADING, (cell, 1), ("<table:covered-table-cell/>", 2)))
    assert "brukere.xlsx, rows 2, 3, column enhet: merged cells stand here" in text
    assert text.endswith("(A2:A3)")

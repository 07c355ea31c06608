"""Cells of workbooks are what they are: a number is never text, and what is neither is never a number."""

import re

import pytest

from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.population import MonthlyInput
from tests.intake.files import read_population
from tests.intake.workbooks import CLOCK, DAY, DURATION, number, ods, xlsx

HEADING = ("enhet", "timer_per_uke")
USERS = xlsx(HEADING, ("Arna", 7.5), ("Sør", 2))
BOOKS = {"xlsx": xlsx, "ods": ods}


def read(tmp_path, users, units=None, year=2019):
    paths = [tmp_path / "brukere.xlsx", tmp_path / "enheter.xlsx"]
    for path, content in zip(paths, (users, units), strict=True):
        if content:
            path.write_bytes(content)
    return read_population(Files(paths[0], paths[1] if units else None, frame="bergen"), year)


def hours(tmp_path, users) -> MonthlyInput:
    return sorted(read(tmp_path, users).population.users["timer_per_uke"].tolist())


def refused(tmp_path, *files, **given):
    with pytest.raises(DataError) as error:
        read(tmp_path, *files, **given)
    return str(error.value)


@pytest.mark.parametrize("book", BOOKS)
def test_a_number_stays_the_number_that_it_is_beside_texts_with_a_decimal_comma(book, tmp_path):
    """12.125 hours were read as 12 125, and 1.125 refused as 1125: above 168."""
    made = BOOKS[book]
    assert hours(tmp_path, made(HEADING, ("A", 12.125), ("A", "8,5"), ("A", 1.125))) == [1.125, 8.5, 12.125]
    units = made(("enhet", "kjoeretid_per_uke"), ("Arna", 12.125), ("Sør", "8,5"))
    assert read(tmp_path, USERS, units).population.units["enhet_kjoeretid_per_uke"].tolist() == [12.125, 8.5]


def test_a_text_that_can_be_read_in_two_ways_is_not_settled_by_numbers_beside_it(tmp_path):
    text = refused(tmp_path, xlsx(HEADING, ("A", 12.125), ("A", "1.125")))
    assert text == (
        "brukere.xlsx, row 3, column timer_per_uke: '1.125' can be read in two ways, with decimals or with thousands: "
        "say which by --decimal comma or point."
    )
    assert "row 2" in refused(tmp_path, xlsx(HEADING, ("A", "8,5"), ("A", "2.25")))


ERRORS = {
    "xlsx": '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "ods": '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
    "ods of another program": '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">'
    "<text:p>#DIV/0!</text:p></table:table-cell>",
}
UNITS = ("enhet", "etatsdirektoer_omfordeling")


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("is_alone", [False, True])
def test_an_error_of_the_spreadsheet_is_no_0(kind, is_alone, tmp_path):
    """#DIV/0! in the director's money took 500 000 kr away."""
    made = BOOKS[kind[:4].strip() if kind == "xlsx" else "ods"]
    other = ("Sør", ERRORS[kind] if is_alone else -500000)
    lines = refused(tmp_path, USERS, made(UNITS, ("Arna", ERRORS[kind]), other)).splitlines()
    assert lines[0] == (
        "enheter.xlsx, row 2, column etatsdirektoer_omfordeling: '#DIV/0!' the spreadsheet's formula failed here. "
        "Correct it, or write what is meant. (cell B2)"
    )
    assert len(lines) == (2 if is_alone else 1)


@pytest.mark.parametrize("cell", ["<c><f>B2*2</f></c>", "<c><f>B2*2</f><v></v></c>", '<c><f t="shared" si="0"/></c>'])
def test_a_formula_without_its_value_is_no_0(cell, tmp_path):
    text = refused(tmp_path, xlsx(HEADING, ("A", 7.5), ("A", cell)))
    assert text == (
        "brukere.xlsx, row 3, column timer_per_uke: a formula stands here, and its value is not stored. Open the file "
        "in Excel and save it. (cell B3)"
    )


def test_formulas_are_not_calculated_where_the_workbook_says_so(tmp_path):
    """xlsxwriter stores 0 for every formula, and tells Excel to calculate them."""
    formula = ("A", "<c><f>B2*2</f><v>15</v></c>")
    assert hours(tmp_path, xlsx(HEADING, ("A", 7.5), formula)) == [7.5, 15]
    text = refused(tmp_path, xlsx(HEADING, ("A", 7.5), formula, book='<calcPr fullCalcOnLoad="1"/>'))
    assert "its value is not stored" in text
    of_text = ('<c t="str"><f>"A"</f><v>A</v></c>', 2)
    assert read(tmp_path, xlsx(HEADING, of_text)).population.unit_names == ["A"]


def test_a_formula_of_opendocument_without_its_value(tmp_path):
    cell = '<table:table-cell table:formula="of:=[.B2]*2"/>'
    assert "its value is not stored" in refused(tmp_path, ods(HEADING, ("A", 7.5), ("A", cell)))


TRUE = {
    "xlsx": '<c t="b"><v>1</v></c>',
    "ods": '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
}


@pytest.mark.parametrize("book", BOOKS)
def test_true_is_no_1_and_answers_a_question(book, tmp_path):
    made = BOOKS[book]
    for other in (7.5, TRUE[book]):
        text = refused(tmp_path, made(HEADING, ("A", other), ("A", TRUE[book])))
        assert "row 3, column timer_per_uke: true or false stands here. Write what is meant. (cell B3)" in text
    units = made(("enhet", "deltar_i_teamutproeving"), ("Arna", TRUE[book]), ("Sør", "nei"))
    assert read(tmp_path, USERS, units).population.units["enhet_deltar_i_teamutproeving"].tolist() == [True, False]


def test_what_stands_in_columns_that_are_not_used_harms_nothing(tmp_path):
    assert hours(tmp_path, xlsx((*HEADING, "merknad"), ("A", 7.5, ERRORS["xlsx"]), ("A", 1, TRUE["xlsx"]))) == [1, 7.5]


LONG_TIME = '<table:table-cell table:style-name="c1" office:value-type="time" office:time-value="PT{}S"/>'


def test_a_column_of_hours_and_minutes_is_hours_and_that_is_said(tmp_path):
    # 5:30 is 5.5 hours, 5.5/24 days; 26:15 is 26.25
    found = read(tmp_path, xlsx(HEADING, ("A", number(5.5 / 24, DURATION)), ("A", number(26.25 / 24, DURATION))))
    assert found.population.users["timer_per_uke"].tolist() == [5.5, 26.25]
    assert found.notes[0].endswith("timer_per_uke read as hours and minutes (5:30 is 5,5 hours)")
    cells = [LONG_TIME.format("05H30M00"), LONG_TIME.format("26H15M00")]
    assert hours(tmp_path, ods(HEADING, *(("A", cell) for cell in cells))) == [5.5, 26.25]
    csv = b"enhet;timer_per_uke\nA;5:30\nA;26:15\nA;0:00:36\n"  # 36 seconds are 0.01 hours
    assert hours(tmp_path, csv) == [0.01, 5.5, 26.25]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (number(5.5 / 24, DURATION), "'5:30' is a time. Hours are numbers, such as 5,5; or write every cell"),
        (number(5.5 / 24, CLOCK), "a time of day stands here. Write hours as a number, such as 5,5"),
        (number(43590, DAY), "a date stands here. Write what is meant, and give the cell the format General"),
        ("5:30", "'5:30' is a time. Hours are numbers"),
    ],
)
def test_a_time_or_a_date_among_numbers_is_refused_by_cell(cell, message, tmp_path):
    for other in (7.5, "7,5"):
        text = refused(tmp_path, xlsx(HEADING, ("A", other), ("A", cell)))
        assert f"brukere.xlsx, row 3, column timer_per_uke: {message}" in text
        assert len(text.splitlines()) == 1


def test_times_of_day_and_dates_are_no_hours_however_many(tmp_path):
    for style in (CLOCK, DAY):
        text = refused(tmp_path, xlsx(HEADING, *(("A", number(5.5 / 24, style)) for _ in range(3))))
        assert len(text.splitlines()) == 3
    cell = LONG_TIME.replace("c1", "c2").format("05H30M00")
    assert "a time of day stands here" in refused(tmp_path, ods(HEADING, ("A", cell)))


def test_visits_are_no_times(tmp_path):
    text = refused(tmp_path, xlsx(("enhet", "besoek_per_uke"), ("A", number(5.5 / 24, DURATION))))
    assert "column besoek_per_uke: '5:30' is a time" in text


def test_a_date_or_an_error_is_no_name(tmp_path):
    text = refused(tmp_path, xlsx(HEADING, (number(43590, DAY), 7.5), (ERRORS["xlsx"], 2), ("A", 2)))
    assert re.search(r"row 2, column enhet: a date stands here.* \(cell A2\)", text)
    assert re.search(r"row 3, column enhet: '#DIV/0!' .* \(cell A3\)", text)
    assert len(text.splitlines()) == 2

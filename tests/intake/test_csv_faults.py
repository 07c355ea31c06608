"""CSV that is not quite CSV: read as it is meant, or refused with the row and the cause."""

import time

import pytest

from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from tests.intake.files import read_population
from tests.intake.workbooks import zipped

HEADING = "navn;enhet;timer_per_uke\n"


def read(tmp_path, content):
    path = tmp_path / "brukere.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_population(Files(path, frame="bergen"), 2019)


def hours(found):
    return sorted(found.population.users["timer_per_uke"].tolist())


def refused(tmp_path, content):
    with pytest.raises(DataError) as error:
        read(tmp_path, content)
    return str(error.value)


def test_two_lone_quotation_marks_swallow_no_users(tmp_path):
    """Four users were gone without a word."""
    text = HEADING + 'a;A;1,5\n"b;A;2\nc;A;3\nd;A;4\ne;A;5\nf";A;6\ng;A;7\n'
    assert refused(tmp_path, text) == (
        "brukere.csv, row 3: a quotation mark opens a cell that swallows 4 rows. Take it out."
    )


ALONE = "a quotation mark stands within a cell, or is not closed"


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ('a;A;1,5\n"b;A;2\nc;A;3\n', 3),
        ('a;A;1,5\nb"c;A;2\nc;A;3\n', 3),
        ('a;A;1,5\nb;A;2\nc "d" e;A;3\n', 4),
        ('"a";A;1,5\n"b;A;2\n"c";A;3\n', 3),
        ('"a\nb\nc";A;1,5\nb"c;A;2\n', 3),  # the first cell has line breaks, and is one row
        ('a;A;1,5\n\n\n"b\n', 5),
        ('"a""b";A;1,5\n"b""c;A;2\n', 3),
    ],
)
def test_a_stray_quotation_mark_is_refused_with_its_row(rows, row, tmp_path):
    text = refused(tmp_path, HEADING + rows)
    assert text.startswith(f"brukere.csv, row {row}: {ALONE}")


def test_quotation_marks_as_they_should_be(tmp_path):
    rows = '"a";A;"1,5"\n"b ""kalt"" c";"A";2\n"to\nlinjer";A;3\n"";A;4\n"x;y";A;5\n'
    assert hours(read(tmp_path, HEADING + rows)) == [1.5, 2, 3, 4, 5]


def test_rows_are_those_of_a_spreadsheet_whatever_cells_hold(tmp_path):
    rows = '"to\nlinjer";A;3\n\n\n"tre\nsmå\nlinjer";A;-1\n'  # rows 2, 3, 4 and 5
    assert refused(tmp_path, HEADING + rows).startswith("brukere.csv, row 5, column timer_per_uke: '-1' is below 0")
    assert refused(tmp_path, "\n;;\n" + HEADING + rows).startswith("brukere.csv, row 7, column timer_per_uke")
    broken_heading = HEADING.replace("navn", '"navn\nog mer"')
    assert refused(tmp_path, broken_heading + rows).startswith("brukere.csv, row 5, column timer_per_uke")


def test_carriage_returns_alone(tmp_path):
    assert hours(read(tmp_path, (HEADING + "a;A;1,5\nb;A;2\n").replace("\n", "\r"))) == [1.5, 2]


def test_empty_cells_at_the_end_of_rows_are_none(tmp_path):
    assert hours(read(tmp_path, HEADING + "a;A;1,5;;\nb;A;2\nc;A;3; \n")) == [1.5, 2, 3]
    assert refused(tmp_path, HEADING + "a;A;1,5;;\nb;A;2;x\n").startswith(
        "brukere.csv, row 3: the row has more cells than the 3 headings"
    )


def test_row_numbers_of_write_table(tmp_path):
    found = read(tmp_path, HEADING + '"1";"a";"A";1,5\n"2";"b";"A";2\n')
    assert hours(found) == [1.5, 2]
    assert "brukere.csv: rows begin with a number that has no heading (write.table): not used" in found.notes
    text = refused(tmp_path, HEADING.replace(";", ",") + "1,a,A,1.5\n2,b,A,2\n")
    assert "Row numbers without a heading, as R's write.table makes them? Write with row.names = FALSE" in text
    assert "Decimal commas between commas?" in refused(tmp_path, "enhet,timer_per_uke\nA,7,5\nB,1,5\n")
    spaces = '"enhet" "timer_per_uke"\n"1" "A" 1.5\n'
    assert refused(tmp_path, spaces) == (
        "brukere.csv: spaces stand between the cells, as R's write.table makes them. Write with sep = ';'."
    )
    assert "more cells" in refused(tmp_path, HEADING + "3;a;A;1,5\n1;b;A;2\n")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<!DOCTYPE html>\n<html><table>", "a page of HTML"),
        (b"\xef\xbb\xbf  <html xmlns:x='x'>", "a page of HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "a file of XML"),
        (b'{"brukere": {}}', "a file of JSON"),
        (b'[{"enhet": "A"}]', "a file of JSON"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08\x00", "a compressed file"),
        (zipped({"brukere.csv": "enhet"}), "a zip, and no workbook"),
        (zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "a document of another program (Word?)"),
        (zipped({"[Content_Types].xml": "<x/>", "xl/workbook.bin": ""}), "a binary Excel file (.xlsb)"),
    ],
)
def test_files_of_other_kinds_are_said_to_be_what_they_are(content, what, tmp_path):
    assert refused(tmp_path, content).startswith(f"brukere.csv: this is {what}")


def test_two_encodings_in_one_file(tmp_path):
    lines = (HEADING + "a;A;1,5\n").encode()
    mixed = lines + "b;Årstad;2\n".encode() + "c;Årstad;3\n".encode("cp1252")
    assert refused(tmp_path, mixed) == (
        "brukere.csv, row 3: the row is UTF-8, and row 4 is not: two files in one. Save each anew in one encoding."
    )
    assert hours(read(tmp_path, lines + "c;Årstad;3\n".encode("cp1252"))) == [1.5, 3]


@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_cell_that_is_longer_than_any_is_refused_at_once(column, tmp_path):
    for length in (10_001, 5_000_000):
        cells = ["a", "A", "2"]
        cells[column] = "x" * length
        begun = time.perf_counter()
        text = refused(tmp_path, HEADING + "a;A;1,5\n" + ";".join(cells) + "\n")
        assert time.perf_counter() - begun < 5
        assert text.startswith("brukere.csv, row 3, column ")
        assert text.endswith("the text is longer than 10000 characters, as no cell of a table is. Take it out.")
    assert hours(read(tmp_path, HEADING + f"{'x' * 10_000};A;1,5\n")) == [1.5]
    uneven = refused(tmp_path, HEADING + "a;A;1,5;;\n" + "x" * 200_000 + ";A;2\n")
    assert "longer than any" in uneven

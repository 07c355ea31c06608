"""Files that would unfold without end are refused before anything of them is unfolded."""

import io
import time
import tracemalloc
import zipfile

import openpyxl
import polars
import pytest

from openfisca_bergen_hbt.intake import reading
from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from tests.intake.files import read_population
from tests.intake.workbooks import ods, xlsx

HEADING = ("enhet", "timer_per_uke")
#: Ten entities, each ten times the one before: 10 characters, then 10^10.
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha ha ha ha"}">' for n in range(11))


def refused(tmp_path, content):
    path = tmp_path / "brukere.xlsx"
    path.write_bytes(content)
    begun = time.perf_counter()
    tracemalloc.start()
    with pytest.raises(DataError) as error:
        read_population(Files(path), 2019)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 2**20
    assert time.perf_counter() - begun < 20
    return str(error.value)


@pytest.mark.parametrize("made", [xlsx, ods])
@pytest.mark.parametrize(
    "declared",
    [
        f"<!DOCTYPE x [{LAUGHS}]>",
        '<!DOCTYPE x [<!ENTITY l10 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_are_refused(made, declared, tmp_path):
    text = refused(tmp_path, made(HEADING, ("&l10;", 1), prologue=declared))
    assert text.startswith("brukere.xlsx: the workbook declares a document type, which can fetch or multiply text")


def test_a_workbook_that_unfolds_into_more_than_a_table_is_refused(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for number in range(5):
            book.writestr(f"xl/{number}.xml", b"0" * (100 * 2**20))
    assert "unfolds into more than any table of users" in refused(tmp_path, file.getvalue())


def test_a_parquet_file_of_more_rows_than_users_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 1000)
    file = io.BytesIO()
    polars.DataFrame({"timer_per_uke": polars.zeros(1001, eager=True)}).write_parquet(file)
    assert "unfolds into more than any table of users" in refused(tmp_path, file.getvalue())


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused(tmp_path):
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (HEADING, ("A", 7.5)):
        book.active.append(row)
    book.active["XFD1048576"] = "x"
    book.save(file)
    assert refused(tmp_path, file.getvalue()) == (
        "brukere.xlsx, row 1048576: the sheet goes on to cell XFD1048576. Delete what stands outside the table."
    )


def test_cells_that_opendocument_repeats_without_end_are_refused(tmp_path):
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"/>'
    assert "the sheet goes on to cell ALM1" in refused(tmp_path, ods((*HEADING, cell.format(16384)), ("A", 1)))  # 1001
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell.format(2)}</table:table-row>'
    assert "has more rows than a spreadsheet" in refused(tmp_path, ods(HEADING, row))


@pytest.mark.parametrize("made", [xlsx, ods])
def test_a_cell_that_is_longer_than_any_is_refused_with_its_place(made, tmp_path):
    for length in (10_001, 5_000_000):
        text = refused(tmp_path, made((*HEADING, "navn"), ("A", 1, "a"), ("A", 2, "x" * length)))
        assert (
            text == "brukere.xlsx, row 3: the text is longer than any that belongs in a table. Take it out. (cell C3)"
        )


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("made", [xlsx, ods])
def test_a_workbook_that_is_cut_off(made, cut, tmp_path):
    content = made(HEADING, ("A", 1))
    assert "can't be read as Excel or OpenDocument" in refused(tmp_path, content[: int(len(content) * cut)])


def test_a_zip_of_a_version_to_come(tmp_path):
    content = bytearray(xlsx(HEADING, ("A", 1)))
    content[content.index(b"PK\x01\x02") + 6] = 200  # the version that is needed to unfold it: 20.0
    assert "can't be read as Excel or OpenDocument" in refused(tmp_path, bytes(content))

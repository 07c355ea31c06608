"""The steps from a file to a population, each by itself: what it takes, and what it gives."""

import io
import subprocess
import sys

import polars
import pytest

from openfisca_bergen_hbt.intake.cells import typed_cells
from openfisca_bergen_hbt.intake.checks import RowRule, problems_of
from openfisca_bergen_hbt.intake.columns import USERS
from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import ROW, DataError, Problem
from openfisca_bergen_hbt.intake.reading import sheet_of
from openfisca_bergen_hbt.intake.sheet import Written
from tests.intake.files import read_population

CONTENT = "Enhet;rad;Timer per uke;maaned\nÅrstad;1;7,5;2019-01\n;;;\nArna;2;x;neste\n".encode()


def test_a_sheet_holds_cells_as_they_stand_with_their_rows():
    sheet = sheet_of(CONTENT, USERS, Written())
    assert sheet.cells[ROW].to_list() == [2, 4]
    assert sheet.cells["timer_per_uke"].to_list() == ["7,5", "x"]
    assert sheet.headings == {"enhet": "Enhet", "timer_per_uke": "Timer per uke", "maaned": "maaned"}
    assert sheet.unused == ["rad"]
    assert sheet.how == "CSV, utf-8, semicolon, 2 rows"


def test_typed_cells_are_what_they_mean_and_the_sheet_stays_as_it_was():
    sheet = sheet_of(CONTENT, USERS, Written())
    rows, how, problems = typed_cells(sheet, USERS)
    assert rows["enhet"].dtype == polars.Enum(["Arna", "Årstad"])
    assert rows["timer_per_uke"].to_list() == [7.5, 0]
    assert rows["maaned"].dt.month().to_list() == [1, None]
    assert how == [f"{sheet.how}, decimal comma"]
    assert [(problem.column, problem.rows) for problem in problems] == [("timer_per_uke", [4]), ("maaned", [4])]
    assert sheet.cells["timer_per_uke"].to_list() == ["7,5", "x"]


def rows_of(**columns):
    return polars.DataFrame(columns).with_row_index(ROW, 2)


def test_a_rule_names_the_rows_that_break_it_and_nothing_breaks_a_rule_by_being_absent():
    rule = RowRule("even", "a", polars.col("a") % 2 == 0, "is odd.", lambda value: f"Take {int(value) + 1}.")
    (problem,) = problems_of(rows_of(a=[1, 2, None, 3]), [rule])
    assert problem == Problem("is odd.", "a", [2, 5], ["1", "3"], ["Take 2.", "Take 4."])
    assert problems_of(rows_of(a=[2, None]), [rule]) == []
    assert problems_of(rows_of(b=[1]), [rule]) == []


def test_a_cell_that_is_already_known_to_be_wrong_is_not_called_missing():
    rule = RowRule("missing", "a", polars.col("a").is_not_null(), "is missing.")
    known = [Problem("is not a month.", "a", [3]), Problem("is something else.", "b", [2])]
    assert problems_of(rows_of(a=[None, None, 1]), [rule], known) == [Problem("is missing.", "a", [2], [], ())]


def test_wholes_are_said_before_rows_and_rows_in_their_order_whatever_found_them():
    error = DataError(
        Problem("is late.", "b", [3, 2], file="x.csv"),
        Problem("is early.", "a", [2], ["5"], ["Why?"], "x.csv"),
        Problem("is empty.", file="y.csv"),
        Problem("lacks it.", "c", file="x.csv"),
    )
    assert str(error).splitlines() == [
        "y.csv: is empty.",
        "x.csv, column c: lacks it.",
        "x.csv, row 2, column b: is late.",
        "x.csv, row 2, column a: '5' is early. Why?",
        "x.csv, row 3, column b: is late.",
    ]


def test_a_heading_may_be_called_as_anything_of_ours(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"enhet;rad;{ROW};timer_per_uke\nA;1;2;7,5\n", encoding="utf-8")
    assert "a.csv: not used: rad, row" in read_population(Files(path, frame="bergen"), 2019).notes


def test_lists_are_no_months():
    file = io.BytesIO()
    polars.DataFrame({"enhet": ["A"], "maaned": [["2019-01"]], "timer_per_uke": [1.5]}).write_parquet(file)
    _, _, problems = typed_cells(sheet_of(file.getvalue(), USERS, Written()), USERS)
    assert problems == [Problem("the column holds List, and not months.", "maaned")]


@pytest.mark.parametrize("library", ["dataframely", "xlsxwriter"])
def test_reading_csv_imports_nothing_that_takes_long(library):
    """A schema library took a third of a second of each command with ``--data``."""
    code = f"import sys, openfisca_bergen_hbt.intake.microdata; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

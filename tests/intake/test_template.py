"""The workbook to fill in: what is written in it is read, and the spreadsheet checks it meanwhile."""

import io

import openpyxl

from openfisca_bergen_hbt.intake.columns import UNITS, USERS
from openfisca_bergen_hbt.intake.microdata import Files, read_populations
from openfisca_bergen_hbt.intake.template import template
from tests.commands import run

OF_USERS = ("bruker", "enhet", "vurdert_timer_per_uke")
OF_UNITS = ("enhet", "kjoeretid_per_uke", "etatsdirektoer_omfordeling", "tjenesteomraade")


def filled(path):
    book = openpyxl.load_workbook(io.BytesIO(template()))
    for row in (("001", "Nord", 5), ("002", "Nord", 12.5), ("003", "Sør", 90)):
        book["brukere"].append(row)
    for row in (("Nord", 3, -1000, "Hjemmetjenester"), ("Sør", None, None, None)):
        book["enheter"].append(row)
    book.save(path)
    return path


def test_one_filled_in_is_both_the_users_and_the_units(tmp_path):
    file = filled(tmp_path / "mal.xlsx")
    people = read_populations(Files(file, file, frame=1_000_000), [2019])[2019].population
    assert people.users["vurdert_timer_per_uke"].tolist() == [5, 12.5, 90]
    assert dict(zip(people.unit_names, people.units["enhet_kjoeretid_per_uke"].tolist(), strict=True)) == {
        "Nord": 3,
        "Sør": 0,
    }


def test_its_columns_are_those_that_files_have_and_each_input_is_checked():
    book = openpyxl.load_workbook(io.BytesIO(template()))
    for name, headings, columns in (("brukere", OF_USERS, USERS), ("enheter", OF_UNITS, UNITS)):
        assert [cell.value for cell in book[name][1]] == list(headings)
        assert {*headings} <= {column.name for column in columns}
        checked = {str(rule.sqref)[0] for rule in book[name].data_validations.dataValidation}
        assert checked == {*"ABCD"[: len(headings)]}
    hours = book["brukere"].data_validations.dataValidation[2]
    assert (float(hours.formula1), float(hours.formula2)) == (0, 168)  # a week has 7 x 24 hours


def test_it_is_the_same_whenever_it_is_made():
    assert template() == template()


def test_the_command_writes_it_and_nothing_else(tmp_path):
    file = tmp_path / "mal.xlsx"
    assert run("population", "--template", "--output", str(file)).exit_code == 0
    assert file.read_bytes() == template()
    for wrong, said in (([], "exists"), (["--year", "2018", "--force"], "leave --year out")):
        refused = run("population", "--template", "--output", str(file), *wrong)
        assert refused.exit_code == 2
        assert said in refused.stderr
    assert "ends in .xlsx" in run("population", "--template", "--output", str(tmp_path / "mal.csv")).stderr

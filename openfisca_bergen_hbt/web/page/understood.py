"""What was understood of files that were sent: their sheets, columns and first fault, so that it can be put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openfisca_bergen_hbt.analysis.asking import Asked
from openfisca_bergen_hbt.analysis.shown import USERS as HOW_MANY
from openfisca_bergen_hbt.intake.columns import AGENCIES, UNITS, USERS, FileColumn, also_called, columns_named
from openfisca_bergen_hbt.intake.microdata import NEEDED
from openfisca_bergen_hbt.intake.office.book import sheets_in
from openfisca_bergen_hbt.intake.problems import ROW, DataError, Problem, excerpt
from openfisca_bergen_hbt.intake.reading import PARQUET, ZIP, sheet_of
from openfisca_bergen_hbt.intake.sheet import Sheet, Written
from openfisca_bergen_hbt.report.paper import Table
from openfisca_bergen_hbt.report.writing import written
from openfisca_bergen_hbt.text.language import say
from openfisca_bergen_hbt.web.page.sent_files import Sent, files_with

#: The columns that each file may have, by its field.
COLUMNS: Mapping[str, Sequence[FileColumn]] = {"brukere": USERS, "enheter": UNITS, "etater": AGENCIES}
#: How many rows stand on each side of one with a fault, and how many other columns beside it.
AROUND, BESIDE = 1, 4
#: How many units are named.
SHOWN = 12


@dataclass(frozen=True)
class Seen:
    """What is seen of a file."""

    file: str
    #: How it was read, in words; empty where it could not be.
    how: str
    #: Whether its encoding can be chosen, and its visible sheets, with the one that was read.
    is_text: bool
    sheets: Sequence[str]
    sheet: str
    #: The headings that are used, each with the column that it stands for; those that are not, where any is; and what
    #: they may be.
    used: Sequence[tuple[str, str]]
    unused: Sequence[str]
    lacking: Sequence[str]


@dataclass(frozen=True)
class Fault:
    """The first fault that has a place: the cells around it, as far as they tell nothing of anybody."""

    where: str
    headings: Sequence[str]
    #: Rows as a spreadsheet numbers them, with their cells, each with whether it is the one.
    rows: Sequence[tuple[int, Sequence[tuple[str, bool]]]]


def seen(sent: Mapping[str, Sent], told: Mapping[str, str]) -> list[Seen]:
    """Return what is seen of files, whatever is wrong with them."""
    return [_seen(name, file, _written(name, sent, told)) for name, file in sent.items()]


def fault(sent: Mapping[str, Sent], told: Mapping[str, str], problems: Sequence[Problem]) -> Fault | None:
    """Return the first fault that has a place, with the cells around it; None where none has."""
    for problem in problems:
        name = next((name for name, file in sent.items() if file.name == problem.file), None)
        if not name or not problem.rows or not problem.column:
            continue
        sheet = _as_it_stands(sent[name], _written(name, sent, told))
        if sheet:
            return _around(sheet, COLUMNS[name], problem)
    return None


def said_of(asked: Asked, units: Table | None) -> str:
    """Return how many users there are in how many units, as the table of units has it, and what is known of months."""
    people = asked.population
    column = [one.variable for one in units.columns].index(HOW_MANY) if units else 0
    users = written(units.rows[-1][column], units.columns[column]) if units else ""
    months = (
        say("alle tolv måneder")
        if asked.files and asked.files.has_months
        else say("året er likt (ingen kolonne maaned)")
    )
    said = say("{users} brukere i {number} enheter: {units}")
    if len(people.unit_names) > SHOWN:
        said = say("{users} brukere i {number} enheter: {units} og {others} til")
    told = {"users": users, "number": len(people.unit_names), "units": ", ".join(people.unit_names[:SHOWN])}
    return f"{said.format(**told, others=len(people.unit_names) - SHOWN)}; {months}."


def _written(name: str, sent: Mapping[str, Sent], told: Mapping[str, str]) -> Written:
    return replace(files_with(sent, told)[0].written, is_of_users=name == "brukere")


def _seen(name: str, file: Sent, written: Written) -> Seen:
    found: Sheet | None = None
    columns, is_office = COLUMNS[name], file.content.startswith(ZIP)
    sheets: list[str] = []
    try:
        sheets = sheets_in(file.content) if is_office else []
        columns = also_called(columns, written.columns)
        found = sheet_of(file.content, columns, written, NEEDED if name == "brukere" else [["enhet"]])
        used = [(heading, column) for column, heading in found.headings.items()]
        unused = found.unused
    except DataError:
        found = _as_it_stands(file, written)
        headings = found.cells.columns[1:] if found else []
        named = list(zip(headings, columns_named(headings, columns), strict=True))
        used = [(heading, column.name) for heading, column in named if column]
        unused = [heading for heading, column in named if not column and not heading.startswith(" (")]
    have = {column for _heading, column in used}
    return Seen(
        file=file.name,
        how=found.how if found else "",
        is_text=not is_office and not file.content.startswith(PARQUET),
        sheets=sheets,
        sheet=found.name if found else "",
        used=used,
        unused=unused if used else (),  # a file without headings, perhaps, with a user in its first row
        lacking=[column.name for column in columns if column.name not in have],
    )


def _as_it_stands(file: Sent, written: Written) -> Sheet | None:
    """Return a file's cells under its own headings; None where it can't be read at all."""
    try:
        return sheet_of(file.content, (), written)
    except DataError:
        return None


def _around(sheet: Sheet, columns: Sequence[FileColumn], problem: Problem) -> Fault | None:
    headings = sheet.cells.columns[1:]
    known = zip(headings, columns_named(headings, columns), strict=True)
    named = {column.name: heading for heading, column in known if column}
    wrong = named.get(problem.column, problem.column)
    if wrong not in headings:
        return None
    row = problem.rows[0]
    beside = [heading for heading in named.values() if heading != wrong][:BESIDE]
    shown = [heading for heading in headings if heading == wrong or heading in beside]
    numbers: list[Any] = sheet.cells[ROW].to_list()
    near = [place for place, number in enumerate(numbers) if abs(number - row) <= AROUND]
    rows = [
        (
            numbers[place],
            [(_said(sheet.cells[heading][place]), heading == wrong and numbers[place] == row) for heading in shown],
        )
        for place in near
    ]
    return Fault(f"{problem.file}, {wrong}", shown, rows)


def _said(cell: object) -> str:
    return "" if cell is None else excerpt(cell)

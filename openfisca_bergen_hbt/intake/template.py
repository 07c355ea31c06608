"""A workbook to fill in: a sheet of users and one of units, with drop-downs, and checks while they are written."""

from __future__ import annotations

import io
from typing import Any

from openfisca_bergen_hbt.intake.columns import CHOICES, UNITS, USERS, FileColumn
from openfisca_bergen_hbt.intake.export import MADE
from openfisca_bergen_hbt.rules.derived import first_value
from openfisca_bergen_hbt.text.language import say

#: The last rows that are checked.
LAST_USER, LAST_UNIT = 50_000, 2_000
WIDTH = 26
#: The columns of a sheet, each with what is checked and said; what else a file may have stands in a note at a heading.
Checks = dict[str, tuple[dict[str, Any], str]]


def template() -> bytes:
    """Return the workbook (.xlsx): ``--data`` and ``--units`` each find their own sheet in it."""
    from xlsxwriter import Workbook  # takes its time to import

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": MADE, "title": say("Mal for brukere og enheter")})
        for name, checks, columns, last_row in (
            ("brukere", _of_users(), USERS, LAST_USER),
            ("enheter", _of_units(), UNITS, LAST_UNIT),
        ):
            sheet = _sheet(book, name, tuple(checks), columns)
            for place, (rule, message) in enumerate(checks.values()):
                _check(sheet, last_row, place, rule, message)
    return file.getvalue()


def _of_users() -> Checks:
    most = first_value("tid.timer_per_uke_maks")
    known = {"validate": "list", "source": f"=enheter!$A$2:$A${LAST_UNIT}"}
    hours = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most}
    return {
        "bruker": (_once(LAST_USER), say("Hver bruker står i én rad.")),
        "enhet": (known, say("Skriv enheten i arket «enheter» først.")),
        "vurdert_timer_per_uke": (hours, say("Timer per uke: 0 til {most}.").format(most=f"{most:g}")),
    }


def _of_units() -> Checks:
    driving = {"validate": "decimal", "criteria": ">=", "value": 0}
    whole = {"validate": "integer", "criteria": "between", "minimum": -(10**12), "maximum": 10**12}
    answers = {"validate": "list", "source": CHOICES["tjenesteomraade"][2].split(", ")}
    return {
        "enhet": (_once(LAST_UNIT), say("Hver enhet står i én rad.")),
        "kjoeretid_per_uke": (driving, say("Timer per uke: 0 eller mer.")),
        "etatsdirektoer_omfordeling": (whole, say("Hele kroner, pluss eller minus.")),
        "tjenesteomraade": (answers, say("Velg fra listen, eller la stå tom.")),
    }


def _once(last_row: int) -> dict[str, Any]:
    return {"validate": "custom", "value": f"=COUNTIF($A$2:$A${last_row},A2)=1"}


def _sheet(book: Any, name: str, headings: tuple[str, ...], columns: tuple[FileColumn, ...]) -> Any:
    """Add a sheet with its headings, and a note that names the other columns that it may have."""
    sheet = book.add_worksheet(name)
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
    sheet.set_column(0, 0, WIDTH, text)  # names and pseudonyms keep their zeros in front
    sheet.set_column(1, len(headings) - 1, WIDTH)
    sheet.write_row(0, 0, headings, bold)
    others = ", ".join(column.name for column in columns if column.name not in headings)
    note = say("Andre kolonner kan legges til: {columns}. En kolonne er utfylt i hver rad, eller tas ut.").format(
        columns=others
    )
    sheet.write_comment(0, 0, note, {"author": "", "x_scale": 3, "y_scale": 1.5})
    sheet.freeze_panes(1, 0)
    return sheet


def _check(sheet: Any, last_row: int, column: int, rule: dict[str, Any], message: str) -> None:
    """Have the spreadsheet check a column while it is written, and say what it takes."""
    said = {"error_title": say("Stemmer ikke"), "error_message": message, "input_message": message}
    refused = sheet.data_validation(1, column, last_row - 1, column, {**rule, **said})
    assert not refused, message  # noqa: S101 (xlsxwriter only warns of a text that is too long)

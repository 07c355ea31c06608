"""The columns that files may have, and their headings as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.population.table import GROUPS, USER_INPUTS
from openfisca_bergen_hbt.rules.enums import Tjenesteomraade
from openfisca_bergen_hbt.text.names import nearest_names

#: How near an unknown heading must come to a column that the file lacks to be taken for a slip of the pen.
NEAR = 0.8


@dataclass(frozen=True)
class FileColumn:
    """A column that a file may have."""

    name: str
    #: What its cells are: names are of units and groups, which many rows share; choices are words of a list.
    cells: Literal["numbers", "names", "pseudonyms", "months", "choices"]
    #: The variable that it is an input of.
    variable: str = ""


USERS = (
    FileColumn("bruker", "pseudonyms"),
    *(FileColumn(name, "names") for name in GROUPS),
    FileColumn("maaned", "months"),
    *(FileColumn(name, "numbers", name) for name in USER_INPUTS),
)
UNITS = (
    *(FileColumn(name, "names") for name in GROUPS),
    FileColumn("kjoeretid_per_uke", "numbers", "enhet_kjoeretid_per_uke"),
    FileColumn("etatsdirektoer_omfordeling", "numbers", "enhet_etatsdirektoer_omfordeling"),
    FileColumn("tjenesteomraade", "choices", "enhet_tjenesteomraade"),
    FileColumn("deltar_i_teamutproeving", "choices", "enhet_deltar_i_teamutproeving"),
)
AGENCIES = (
    FileColumn("etat", "names"),
    FileColumn("aar", "numbers"),
    FileColumn("budsjettramme", "numbers", "etat_budsjettramme"),
)


def folded(heading: str) -> str:
    """Return a heading as it is compared: lower case, æ ø å and ae oe aa as a o a, and _ between the words."""
    text = unicodedata.normalize("NFC", heading).strip().casefold()
    for letter, plain in (("æ", "a"), ("ø", "o"), ("å", "a"), ("ae", "a"), ("oe", "o"), ("aa", "a")):
        text = text.replace(letter, plain)
    return re.sub(r"\W+|_+", "_", text).strip("_")


#: The service areas; a unit lies in the first where nothing is said.
_AREAS: list[Any] = list(Tjenesteomraade)
_YES, _NO = ("ja", "sann", "true", "1", "x"), ("nei", "usann", "false", "0")
#: What the words of a column of choices stand for, what holds where there is none, and how the choice is told.
CHOICES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "tjenesteomraade": (
        {folded(text): area.name for area in _AREAS for text in (area.name, area.value)},
        _AREAS[0].name,
        ", ".join(area.value for area in _AREAS),
    ),
    "deltar_i_teamutproeving": (dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False), False, "ja or nei"),
}


def columns_by_heading(headings: Sequence[str], columns: Sequence[FileColumn]) -> list[FileColumn | None]:
    """Return the column that each heading names; None for a heading that is not used.

    Raises:
        DataError: a column stands twice, or a heading is all but one of a column that the file lacks.
    """
    by_heading = {folded(name): column for column in columns for name in (column.name, column.variable) if name}
    found = [by_heading.get(folded(heading)) for heading in headings]
    problems = []
    for column in dict.fromkeys(column for column in found if column):
        same = [heading.strip() for heading, of in zip(headings, found, strict=True) if of is column]
        if len(same) > 1:
            message = f"the column stands {len(same)} times ({', '.join(same)}). Keep one."
            problems.append(Problem(message, column.name))
    lacking = {folded(column.name): column.name for column in columns if column not in found}
    for heading in [heading.strip() for heading, known in zip(headings, found, strict=True) if not known]:
        for near in nearest_names(folded(heading), lacking, NEAR)[:1]:
            message = f"there is no such column. Did you mean '{lacking[near]}'? Rename it, or take it out."
            problems.append(Problem(message, heading))
    if problems:
        raise DataError(*problems)
    return found

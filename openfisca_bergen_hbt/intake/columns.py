"""The columns that files may have, and their headings as people write them."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from openfisca_core.variables import Variable

from openfisca_bergen_hbt.grunnregelverk import inputs
from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.population.table import GROUPS, USER_INPUTS
from openfisca_bergen_hbt.text.language import _
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
    #: Headings that stand for it in this file, as whoever gives the file says.
    also: Sequence[str] = ()


#: What begins the name of a unit's variable, and not that of its column.
OF_UNIT = "enhet_"
#: The types of values that a choice of words stands for.
CHOSEN = (bool, enum.Enum)

USERS = (
    FileColumn("bruker", "pseudonyms"),
    *(FileColumn(name, "names") for name in GROUPS),
    FileColumn("aar", "numbers"),
    FileColumn("maaned", "months"),
    *(FileColumn(name, "numbers", name) for name in USER_INPUTS),
)
UNITS = (
    *(FileColumn(name, "names") for name in GROUPS),
    FileColumn("aar", "numbers"),
    *(
        FileColumn(name.removeprefix(OF_UNIT), "choices" if issubclass(given.value_type, CHOSEN) else "numbers", name)
        for name, given in inputs("enhet").items()
    ),
)
AGENCIES = (
    FileColumn("etat", "names"),
    FileColumn("aar", "numbers"),
    FileColumn("budsjettramme", "numbers", "etat_budsjettramme"),
    FileColumn("tillitsreform_styrking", "numbers", "etat_tillitsreform_styrking"),
)
#: What units got, as in the budget letters.
ALLOCATIONS = (FileColumn("enhet", "names"), FileColumn("aar", "numbers"), FileColumn("kroner", "numbers"))


def folded(heading: str) -> str:
    """Return a heading as it is compared: lower case, æ ø å and ae oe aa as a o a, and _ between the words."""
    text = unicodedata.normalize("NFC", heading).strip().casefold()
    for letter, plain in (("æ", "a"), ("ø", "o"), ("å", "a"), ("ae", "a"), ("oe", "o"), ("aa", "a")):
        text = text.replace(letter, plain)
    return re.sub(r"\W+|_+", "_", text).strip("_")


_YES, _NO = ("ja", "sann", "true", "1", "x"), ("nei", "usann", "false", "0")


def _choice(variable: type[Variable]) -> tuple[dict[str, Any], Any, str]:
    """Return what words stand for, what holds where there is none, and how the choice is told."""
    if variable.value_type is bool:
        return dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False), False, "ja, nei"
    answers = list(variable.possible_values)
    words = {folded(text): answer.name for answer in answers for text in (answer.name, answer.value)}
    return words, variable.default_value.name, ", ".join(answer.value for answer in answers)


#: The choice of each column of choices.
CHOICES = {column.name: _choice(inputs("enhet")[column.variable]) for column in UNITS if column.cells == "choices"}


def also_called(columns: Sequence[FileColumn], told: Sequence[str]) -> list[FileColumn]:
    """Return columns with the headings that stand for them, told as ``Timer pr uke=timer_per_uke``.

    Raises:
        DataError: a text that tells none, a column that no file has, or a heading told twice.
    """
    known = {column.name for column in (*USERS, *UNITS, *AGENCIES, *ALLOCATIONS)}
    pairs = [(heading.strip(), name.strip()) for heading, _mark, name in (text.rpartition("=") for text in told)]
    headings = [folded(heading) for heading, _name in pairs]
    for text, (heading, name) in zip(told, pairs, strict=True):
        if not heading or name not in known:
            message = _("'{text}' names no column: write HEADING=COLUMN, such as Timer pr uke=timer_per_uke.")
            raise DataError(Problem(message.format(text=text)))
        if headings.count(folded(heading)) > 1:
            raise DataError(Problem(_("The heading '{heading}' is given twice.").format(heading=heading)))
    also = {column: tuple(heading for heading, name in pairs if name == column.name) for column in columns}
    return [replace(column, also=headings) for column, headings in also.items()]


def columns_named(headings: Sequence[str], columns: Sequence[FileColumn]) -> list[FileColumn | None]:
    """Return the column that each heading names; None for a heading that is not used."""
    called = [(name, column) for column in columns for name in (column.name, column.variable, *column.also)]
    by_heading = {folded(name): column for name, column in called if name}
    return [by_heading.get(folded(heading)) for heading in headings]


def columns_by_heading(headings: Sequence[str], columns: Sequence[FileColumn]) -> list[FileColumn | None]:
    """Return the column that each heading names; None for a heading that is not used.

    Raises:
        DataError: a column stands twice, or a heading is all but one of a column that the file lacks.
    """
    found = columns_named(headings, columns)
    problems = []
    for column in dict.fromkeys(column for column in found if column):
        same = [heading.strip() for heading, of in zip(headings, found, strict=True) if of is column]
        if len(same) > 1:
            message = _("the column stands {number} times ({headings}). Keep one.").format(
                number=len(same), headings=", ".join(same)
            )
            problems.append(Problem(message, column.name))
    lacking = {folded(column.name): column.name for column in columns if column not in found}
    for heading in [heading.strip() for heading, known in zip(headings, found, strict=True) if not known]:
        for near in nearest_names(folded(heading), lacking, NEAR)[:1]:
            message = _("there is no such column. Did you mean '{name}'? Rename it, or take it out.").format(
                name=lacking[near]
            )
            problems.append(Problem(message, heading))
    if problems:
        raise DataError(*problems)
    return found

"""The columns that files may have, and their headings as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from openfisca_bergen_hbt.intake.findings import Findings
from openfisca_bergen_hbt.population.table import USER_INPUTS
from openfisca_bergen_hbt.text.names import nearest_names

#: How near an unknown heading must come to a column that the file lacks to be taken for a slip of the pen.
NEAR = 0.8


@dataclass(frozen=True)
class Column:
    """A column of a file."""

    name: str
    numeric: bool = False
    #: The variable that it is an input of, where its name is another.
    variable: str = ""


USERS = (
    Column("bruker"),
    Column("enhet"),
    Column("byomraade"),
    Column("etat"),
    Column("maaned"),
    *(Column(name, numeric=True, variable=name) for name in USER_INPUTS),
)
UNITS = (
    Column("enhet"),
    Column("byomraade"),
    Column("etat"),
    Column("kjoeretid_per_uke", numeric=True, variable="enhet_kjoeretid_per_uke"),
    Column("etatsdirektoer_omfordeling", numeric=True, variable="enhet_etatsdirektoer_omfordeling"),
    Column("tjenesteomraade", variable="enhet_tjenesteomraade"),
    Column("deltar_i_teamutproeving", variable="enhet_deltar_i_teamutproeving"),
)
AGENCIES = (
    Column("etat"),
    Column("aar", numeric=True),
    Column("budsjettramme", numeric=True, variable="etat_budsjettramme"),
)


def folded(heading: str) -> str:
    """Return a heading as it is compared: lower case, æ ø å and ae oe aa as a o a, and _ between the words."""
    text = unicodedata.normalize("NFC", heading).strip().casefold()
    for letter, plain in (("æ", "a"), ("ø", "o"), ("å", "a"), ("ae", "a"), ("oe", "o"), ("aa", "a")):
        text = text.replace(letter, plain)
    return re.sub(r"\W+|_+", "_", text).strip("_")


def recognise(file: str, headings: Sequence[str], columns: Sequence[Column]) -> list[Column | None]:
    """Return the column that each heading names; None for a heading that is not used.

    Raises:
        DataError: a column stands twice, or a heading is all but one of a column that the file lacks.
    """
    by_heading = {folded(name): column for column in columns for name in (column.name, column.variable) if name}
    found = [by_heading.get(folded(heading)) for heading in headings]
    findings = Findings()
    for column in dict.fromkeys(column for column in found if column):
        if found.count(column) > 1:
            twice = [heading.strip() for heading, of in zip(headings, found, strict=True) if of is column]
            message = f"the column stands {len(twice)} times ({', '.join(twice)}). Keep one."
            findings.add(file, column.name, message)
    lacking = {folded(column.name): column.name for column in columns if column not in found}
    for heading, known in zip(headings, found, strict=True):
        if known or not heading.strip():
            continue
        near = nearest_names(folded(heading), lacking, NEAR)
        if near:
            message = f"there is no such column. Did you mean '{lacking[near[0]]}'? Rename it, or take it out."
            findings.add(file, heading.strip(), message)
    findings.refuse()
    return found

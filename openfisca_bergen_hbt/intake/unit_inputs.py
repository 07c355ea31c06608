"""The yearly inputs of the units from a file of units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy
import polars
from numpy.typing import NDArray

from openfisca_bergen_hbt.intake.cells import at
from openfisca_bergen_hbt.intake.columns import UNITS, Column, folded
from openfisca_bergen_hbt.intake.file_table import Table
from openfisca_bergen_hbt.intake.findings import Findings
from openfisca_bergen_hbt.rules.enums import Tjenesteomraade
from openfisca_bergen_hbt.rules.money import IndexArray

#: How yes and no are written.
YES, NO = ("ja", "sann", "true", "1", "x"), ("nei", "usann", "false", "0")
#: The service areas; a unit lies in the first where nothing is said.
AREAS: list[Any] = list(Tjenesteomraade)


def unit_inputs(
    table: Table, position: IndexArray, has_users: NDArray[numpy.bool_], findings: Findings
) -> dict[str, NDArray[Any]]:
    """Return the inputs by variable; 0, no and home services where nothing is given.

    Args:
        table: the file.
        position: for each row the position of its unit.
        has_users: for each unit whether it has users.
        findings: where to add what is wrong.
    """
    inputs: dict[str, NDArray[Any]] = {}
    for column in UNITS:
        if not column.variable or column.name not in table.frame.columns:
            continue
        if column.numeric:
            default: Any = 0.0
            cells = table.frame[column.name].fill_null(0).to_numpy()
            _refuse_without_users(table, column, (cells != 0) & ~has_users[position], findings)
        elif column.name == "tjenesteomraade":
            default = AREAS[0].name
            choices = {folded(text): area.name for area in AREAS for text in (area.name, area.value)}
            cells = _choices(table, column, choices, default, findings)
        else:
            default = False
            choices = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
            cells = _choices(table, column, choices, default, findings)
        values = numpy.full(len(has_users), default, dtype=object)
        values[position] = cells
        inputs[column.variable] = values.astype(type(default))
    return inputs


def _refuse_without_users(table: Table, column: Column, astray: NDArray[numpy.bool_], findings: Findings) -> None:
    rows, wrong = at(table, polars.Series(astray))
    if rows:
        message = "has no users in the users' file, and so can be given nothing. Check its name."
        findings.add(table.file, column.name, message, rows, wrong["enhet"].to_list())


def _choices(
    table: Table, column: Column, choices: Mapping[str, Any], default: Any, findings: Findings
) -> NDArray[Any]:
    """Return what each cell chooses; the default where it is empty."""
    texts = ["" if value is None else str(value).strip() for value in table.frame[column.name].to_list()]
    chosen = [choices.get(folded(text)) if text else default for text in texts]
    rows, _ = at(table, polars.Series([value is None for value in chosen], dtype=polars.Boolean))
    if rows:
        values = [text for text, value in zip(texts, chosen, strict=True) if value is None]
        known = "ja or nei" if default is False else ", ".join(area.value for area in AREAS)
        findings.add(table.file, column.name, f"is not one of: {known}.", rows, values)
    return numpy.array(chosen, dtype=object)

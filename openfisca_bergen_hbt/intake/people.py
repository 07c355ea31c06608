"""From rows to arrays: the users with their inputs, the groups that units lie in, and the inputs of the units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy
import polars
from numpy.typing import NDArray

from openfisca_bergen_hbt.intake.columns import CHOICES, UNITS, folded
from openfisca_bergen_hbt.intake.names import names_in
from openfisca_bergen_hbt.population import MonthlyInput
from openfisca_bergen_hbt.population.table import OF_SOME, USER_INPUTS
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray

MONTHS = 12


def users_in(
    rows: polars.DataFrame, unit_names: Sequence[str]
) -> tuple[IndexArray, dict[str, MonthlyInput], set[int], int]:
    """Return the unit of each user and the inputs, users in any order; the months; and how many moved.

    A user is what one row is about; where rows have months, what the rows of one pseudonym in one unit are: who is in
    another unit in another month is a user of each, with no hours in the months that are not its own.
    """
    names = rows["enhet"]
    place_of = {name: place for place, name in enumerate(unit_names)}
    of_name = numpy.array([place_of[name] for name in names_in(names)], dtype=numpy.intp)
    unit_of_user = of_name[names.to_physical().to_numpy()]
    inputs = {name: _filled(rows[name]) for name in USER_INPUTS if name in rows.columns}
    monthly: dict[str, MonthlyInput] = {}
    moved = 0
    months = set(rows["maaned"].dt.month().unique()) if "maaned" in rows.columns else set[int]()
    if months:
        month = rows["maaned"].dt.month().to_numpy().astype(numpy.intp) - 1
        user = numpy.arange(len(month))
        if "bruker" in rows.columns:
            codes = rows["bruker"].cast(polars.Categorical).to_physical().to_numpy().astype(numpy.int64)
            pairs, user = numpy.unique(codes * len(unit_names) + unit_of_user, return_inverse=True)
            _, units_of = numpy.unique(pairs // len(unit_names), return_counts=True)
            moved = int((units_of > 1).sum())
        unit_of_row, unit_of_user = unit_of_user, numpy.zeros(int(user.max()) + 1, dtype=numpy.intp)
        unit_of_user[user] = unit_of_row
        place = numpy.cumsum([number + 1 in months for number in range(MONTHS)]) - 1
        for name, values in inputs.items():
            nothing = NOT_GIVEN if name in OF_SOME else 0.0
            by_month = numpy.full((len(months), len(unit_of_user)), nothing)
            by_month[place[month], user] = values
            none = numpy.full(len(unit_of_user), nothing)  # months without a row share an array
            monthly[name] = [by_month[place[n]] if n + 1 in months else none for n in range(MONTHS)]
    return unit_of_user, {**inputs, **monthly}, months, moved


def _filled(values: polars.Series) -> FloatArray:
    """Return the values of an input, with what says that there is none in the cells that may be empty and are."""
    return values.fill_null(NOT_GIVEN).to_numpy() if values.name in OF_SOME else values.to_numpy()


def group_by_unit(rows: polars.DataFrame | None, group: str) -> dict[str, str]:
    """Return the area or agency of each unit by its name, where rows give it."""
    if rows is None or group not in rows.columns:
        return {}
    return dict(rows.group_by("enhet").agg(polars.col(group).first()).drop_nulls().iter_rows())


def unit_inputs(rows: polars.DataFrame, unit_names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the inputs of the units by variable: 0, no and home services where nothing is given."""
    inputs = {}
    for column in (column for column in UNITS if column.variable and column.name in rows.columns):
        words, default, _ = CHOICES.get(column.name, ({}, 0.0, ""))
        given: Mapping[str, Any] = dict(zip(rows["enhet"], rows[column.name], strict=True))
        cells = [given.get(name) for name in unit_names]
        values = [default if cell is None else words[folded(cell)] if words else cell for cell in cells]
        inputs[column.variable] = numpy.array(values)
    return inputs

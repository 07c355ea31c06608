"""A table of users as a population."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.grunnregelverk import inputs
from openfisca_bergen_hbt.population import MonthlyInput, Population
from openfisca_bergen_hbt.rules.inputs import hours_of_some
from openfisca_bergen_hbt.rules.money import IndexArray

#: The inputs of users that a table can hold: hours first, given directly or assessed, and then all others.
USER_INPUTS = tuple(dict.fromkeys(("timer_per_uke", "vurdert_timer_per_uke", *inputs("bruker"))))
#: Those that only some users have: an empty cell says that a user has none.
OF_SOME = tuple(name for name, given in inputs("bruker").items() if given.set_input is hours_of_some)
GROUPS = ("enhet", "byomraade", "etat")
#: The agency of a table that names none.
ONE_AGENCY = "etat"


def from_table(
    table: Any,
    units: Mapping[str, Mapping[str, Any]] | None = None,
    agencies: Mapping[str, Mapping[str, float]] | None = None,
) -> Population:
    """Read a table with one row for each user.

    Args:
        table: a polars data frame or a mapping from column names to arrays. Columns: ``enhet``; optionally ``etat`` and
            ``byomraade`` (one for each unit); one or more of ``USER_INPUTS``, each hours, visits or minutes that hold
            all year, or (in a mapping) an array of shape (12, users) by month.
        units: yearly inputs by unit, such as ``{"Bergenhus": {"enhet_kjoeretid_per_uke": 12}}``. A unit that has no
            users may stand here too.
        agencies: yearly inputs by agency, such as ``{"Bergen": {"etat_budsjettramme": 1_021_686_820}}``.

    Returns:
        The population. Units, areas and agencies come in the order in which the table first names them.

    Raises:
        ValueError: a missing or unknown column, columns of unequal length, a unit in two agencies or areas, an unknown
            agency or input.
    """
    columns = {name: _column(table, name) for name in (table.columns if hasattr(table, "columns") else table)}
    _check_columns(columns)
    unit_names, unit_of_user = _names(columns["enhet"])
    units, agencies = dict(units or {}), dict(agencies or {})
    unit_names += [name for name in units if name not in unit_names]
    agency_names, agency_of_unit = _groups_by_unit(columns, "etat", unit_names, unit_of_user)
    area_names, area_of_unit = _groups_by_unit(columns, "byomraade", unit_names, unit_of_user)
    agency_names += [name for name in agencies if name not in agency_names]
    return Population(
        unit_names=unit_names,
        unit_of_user=unit_of_user,
        agency_names=agency_names,
        agency_of_unit=agency_of_unit,
        area_names=area_names,
        area_of_unit=area_of_unit if area_names else None,
        users={name: _numbers(name, column) for name, column in columns.items() if name in USER_INPUTS},
        units=_inputs(units, unit_names),
        agencies=_inputs(agencies, agency_names),
    )


def _column(table: Any, name: str) -> NDArray[Any]:
    column = table[name]
    return column.to_numpy() if hasattr(column, "to_numpy") else numpy.asarray(column)


def _check_columns(columns: Mapping[str, NDArray[Any]]) -> None:
    known = (*GROUPS, *USER_INPUTS)
    if unknown := [name for name in columns if name not in known]:
        raise ValueError(f"The table has the unknown column '{unknown[0]}'. Known columns: {', '.join(known)}.")
    if "enhet" not in columns:
        raise ValueError("The table has no column 'enhet': say which unit each user belongs to.")
    if not any(name in columns for name in USER_INPUTS):
        raise ValueError(f"The table has no input of the users. Give at least one of: {', '.join(USER_INPUTS)}.")
    users = len(columns["enhet"])
    if users == 0:
        raise ValueError("The table has no rows: there are no users.")
    for name, column in columns.items():
        if column.shape[-1] != users:
            raise ValueError(f"The column '{name}' has {column.shape[-1]} rows where 'enhet' has {users}.")


def _numbers(name: str, column: NDArray[Any]) -> MonthlyInput:
    try:
        numbers = column.astype(numpy.float64, copy=False)
    except (TypeError, ValueError):
        raise ValueError(f"The column '{name}' holds something that is not a number.") from None
    return numbers if numbers.ndim == 1 else list(numbers)


def _names(column: NDArray[Any]) -> tuple[list[str], IndexArray]:
    """Return the names of a column in order of appearance, and each row's index among them."""
    missing = [index for index, name in enumerate(column.tolist()) if name is None or name == ""][:1]
    if missing:
        raise ValueError(f"Row {missing[0] + 1} of the table names no unit, area or agency.")
    unique, first, inverse = numpy.unique(column, return_index=True, return_inverse=True)
    appearance = numpy.argsort(first)
    position = numpy.empty(len(unique), dtype=numpy.intp)
    position[appearance] = numpy.arange(len(unique))
    return [str(name) for name in unique[appearance].tolist()], position[inverse]


def _groups_by_unit(
    columns: Mapping[str, NDArray[Any]], group: str, unit_names: list[str], unit_of_user: IndexArray
) -> tuple[list[str], IndexArray]:
    """Return the names of the groups and the group of each unit; a unit without users is counted to the first."""
    of_unit = numpy.zeros(len(unit_names), dtype=numpy.intp)
    if group not in columns:
        return ([ONE_AGENCY] if group == "etat" else []), of_unit
    names, group_of_user = _names(columns[group])
    of_unit[unit_of_user] = group_of_user
    astray = of_unit[unit_of_user] != group_of_user
    if astray.any():
        row = int(astray.argmax())
        raise ValueError(
            f"Row {row + 1} of the table: the unit '{unit_names[unit_of_user[row]]}' lies in more than one {group} "
            f"('{names[group_of_user[row]]}' here). A unit lies in one {group}."
        )
    return names, of_unit


def _inputs(given: Mapping[str, Mapping[str, Any]], names: list[str]) -> dict[str, NDArray[Any]]:
    """Return yearly inputs by variable, 0 where nothing is given."""
    variables = dict.fromkeys(variable for inputs in given.values() for variable in inputs)
    return {variable: numpy.array([given.get(name, {}).get(variable, 0) for name in names]) for variable in variables}

"""Users in columns, as a body sends them: checked cell by cell, and made a population."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy
from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.population.table import GROUPS, USER_INPUTS, from_table
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.web.api.errors import RequestError
from openfisca_bergen_hbt.web.api.situations import FORBIDDEN, LONGEST_NAME, Limits

NAME = r"^(?=.*\S)[^/\\\x00-\x1f\x7f]{1,200}$"
#: The schema of users in columns.
USERS = {
    "type": "object",
    "properties": {
        **{name: {"type": "array", "items": {"type": "string", "pattern": NAME}} for name in GROUPS},
        **{name: {"type": "array", "items": {"type": "number", "minimum": 0}} for name in USER_INPUTS},
    },
    "required": ["enhet"],
    "minProperties": 2,
    "additionalProperties": False,
}
#: The schema of inputs of units or agencies by name.
INPUTS = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "number"}}}


def population(
    columns: Mapping[str, Any], units: Mapping[str, Any], agencies: Mapping[str, Any], limits: Limits
) -> Population:
    """Return the population that columns of users are, with yearly inputs of units and agencies by name.

    Raises:
        RequestError: something that is no such column or input.
    """
    if not columns:
        raise RequestError("'users' is an object of columns: a list for each.", ["users"])
    for name, column in columns.items():
        _check_column(name, column, limits)
    given = {name: _array(name, column) for name, column in columns.items()}
    law = SYSTEMS.foundation()
    _check_inputs(agencies, "etater", "etat", law)
    _check_inputs(units, "units", "enhet", law)
    try:
        return replace(from_table(given, units, agencies), personal=True)
    except ValueError as error:
        raise RequestError(str(error), ["users"]) from None


def _check_column(name: str, column: object, limits: Limits) -> None:
    if name not in (*GROUPS, *USER_INPUTS):
        known = ", ".join((*GROUPS, *USER_INPUTS))
        raise RequestError(f"There is no column '{name[:40]}'. The columns are {known}.", ["users", name[:40]])
    if not isinstance(column, list):
        raise RequestError(f"The column '{name}' is a list, with a value for each user.", ["users", name])
    if len(column) > limits.users:
        raise RequestError(f"There are {len(column)} users, and at most {limits.users} may be sent.", ["users", name])
    for number, value in enumerate(column):
        path = ["users", name, str(number)]
        if name in GROUPS:
            named = isinstance(value, str) and value.strip() and len(value) <= LONGEST_NAME
            if not (named and FORBIDDEN.isdisjoint(value)):
                raise RequestError("A name is a text without slashes.", path)
        elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise RequestError(f"{name} is a finite number for each user.", path)


def _array(name: str, column: list[Any]) -> Any:
    return numpy.array(column, dtype=object if name in GROUPS else numpy.float64)


def _check_inputs(found: Mapping[str, Any], key: str, entity: str, law: Any) -> None:
    """Refuse what is no yearly number of a unit or an agency."""
    known = [
        name
        for name, variable in law.variables.items()
        if variable.entity.key == entity
        and variable.value_type is float
        and variable.definition_period == DateUnit.YEAR
    ]
    for name, inputs in found.items():
        if not isinstance(inputs, dict):
            raise RequestError("The inputs are an object: a variable, and its value for the year.", [key, name])
        for variable, value in inputs.items():
            path = [key, name, variable]
            if variable not in known:
                raise RequestError(
                    f"'{variable[:60]}' is no yearly number of an {entity}. {nearest(variable, known)}", path
                )
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise RequestError(f"{variable} is a finite number.", path)

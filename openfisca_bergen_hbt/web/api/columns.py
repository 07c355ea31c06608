"""Users in columns, as a body sends them, made a population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import msgspec
import numpy
from msgspec import UNSET, Meta, UnsetType
from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.population.by_month import MONTH, USER
from openfisca_bergen_hbt.population.table import GROUPS, USER_INPUTS, from_table
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.web.api.errors import RequestError, of_situation
from openfisca_bergen_hbt.web.api.situations import Limits

#: The column that says which year a row is of, where several are asked for.
OF_YEAR = "aar"
NAME = r"^(?=.*\S)[^/\\\x00-\x1f\x7f]{1,200}$"
NAMES = list[Annotated[str, Meta(pattern=NAME, extra={"fault": "A name is a text without slashes."})]]


def _numbers(name: str) -> Any:
    return list[Annotated[float, Meta(extra={"fault": f"{name} is a finite number for each user."})]]


def _column(name: str, kind: Any) -> tuple[str, Any, Any]:
    said = Meta(extra={"fault": f"The column '{name}' is a list, with a value for each user."})
    return name, Annotated[kind, said] | UnsetType, UNSET


_USERS: Any = msgspec.defstruct(
    "Users",
    [_column(name, NAMES) for name in (*GROUPS, USER)]
    + [_column(name, _numbers(name)) for name in (*USER_INPUTS, OF_YEAR, MONTH)],
    forbid_unknown_fields=True,
)
SAID = {"fault": "'users' is an object of columns: a list for each.", "unknown": "There is no column"}
#: Users in columns, and inputs of units or agencies by name.
USERS = Annotated[_USERS, Meta(extra=SAID)]
INPUTS = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "number"}}}


def population(
    columns: Mapping[str, list[Any]], units: Mapping[str, Any], agencies: Mapping[str, Any], limits: Limits
) -> Population:
    """Return the population that columns of users are, with yearly inputs of units and agencies by name.

    Raises:
        RequestError: too many users, an unknown input, or columns that are no population.
    """
    if not columns:
        raise RequestError("'users' is an object of columns: a list for each.", ["users"])
    for name, column in columns.items():
        if len(column) > limits.users:
            message = f"There are {len(column)} users, and at most {limits.users} may be sent."
            raise RequestError(message, ["users", name])
    given = {name: numpy.array(column, object if name in GROUPS else float) for name, column in columns.items()}
    for name in [name for name in given if name not in GROUPS]:
        if not (finite := numpy.isfinite(given[name])).all():
            path = ["users", name, str(int(finite.argmin()))]
            raise RequestError(f"{name} is a finite number for each user.", path)
    _check_inputs(agencies, "etater", "etat")
    _check_inputs(units, "units", "enhet")
    try:
        return replace(from_table(given, SYSTEMS.foundation(), units, agencies), personal=True)
    except SituationError as error:
        found = of_situation(error)
        raise RequestError(found.message, ["units" if name == "enheter" else name for name in found.path]) from None
    except ValueError as error:
        raise RequestError(str(error), ["users"]) from None


def of_year(columns: Mapping[str, list[Any]], years: Sequence[int], year: int) -> dict[str, list[Any]]:
    """Return columns of users of a year, one of those asked for, where they say which year each row is of.

    Raises:
        RequestError: they do not say it of several years, or of other years.
    """
    given = dict(columns)
    of_row = given.pop(OF_YEAR, None)
    if of_row is None:
        if len(years) > 1:
            raise RequestError(f"Send '{OF_YEAR}' of each user: several years are asked for.", ["users"])
        return given
    for name, column in given.items():
        if len(column) != len(of_row):
            raise RequestError(f"'{name}' has {len(column)} values, and '{OF_YEAR}' {len(of_row)}.", ["users", name])
    if other := [place for place, of in enumerate(of_row) if of not in years]:
        raise RequestError("The year is not among those asked for.", ["users", OF_YEAR, str(other[0])])
    if year not in of_row:
        raise RequestError(f"No user is of {year}.", ["users", OF_YEAR])
    return {
        name: [value for value, of in zip(column, of_row, strict=True) if of == year] for name, column in given.items()
    }


def _check_inputs(found: Mapping[str, Any], key: str, entity: str) -> None:
    """Refuse what is no yearly number of a unit or an agency."""
    known = [
        name
        for name, variable in SYSTEMS.foundation().variables.items()
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
                message = f"'{variable[:60]}' is no yearly number of an {entity}. {nearest(variable, known)}"
                raise RequestError(message, path)
            if isinstance(value, bool) or not isinstance(value, int | float) or not numpy.isfinite(value):
                raise RequestError(f"{variable} is a finite number.", path)

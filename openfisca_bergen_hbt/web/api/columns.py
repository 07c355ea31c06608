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
from openfisca_bergen_hbt.population import MONTHS, Population
from openfisca_bergen_hbt.population.by_month import MONTH, USER
from openfisca_bergen_hbt.population.table import GROUPS, USER_INPUTS, from_table
from openfisca_bergen_hbt.rules.inputs import kroner_by_month
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.web.api.errors import RequestError
from openfisca_bergen_hbt.web.api.situations import Limits

#: The column that says which year a row is of, where several are asked for.
OF_YEAR = "aar"
FINITE = marked("{name} is a finite number for each user.")
NAME = r"^(?=.*\S)[^/\\\x00-\x1f\x7f]{1,200}$"
NAMES = list[Annotated[str, Meta(pattern=NAME, extra={"fault": marked("A name is a text without slashes.")})]]


def _numbers(name: str) -> Any:
    return list[Annotated[float, Meta(extra={"fault": FINITE, "places": {"name": name}})]]


def _column(name: str, kind: Any) -> tuple[str, Any, Any]:
    fault = marked("The column '{name}' is a list, with a value for each user.")
    said = Meta(extra={"fault": fault, "places": {"name": name}})
    return name, Annotated[kind, said] | UnsetType, UNSET


_USERS: Any = msgspec.defstruct(
    "Users",
    [_column(name, NAMES) for name in (*GROUPS, USER)]
    + [_column(name, _numbers(name)) for name in (*USER_INPUTS, OF_YEAR, MONTH)],
    forbid_unknown_fields=True,
)
NO_COLUMNS = marked("'users' is an object of columns: a list for each.")
SAID = {"fault": NO_COLUMNS, "unknown": marked("There is no column '{name}'. It has {keys}.")}
#: Users in columns, and inputs of units or agencies by name.
USERS = Annotated[_USERS, Meta(extra=SAID)]
#: A number of the year, or one for each of some months, where it is given by month.
_INPUT = {"anyOf": [{"type": "number"}, {"type": "object", "additionalProperties": {"type": "number"}}]}
INPUTS = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _INPUT}}


def population(
    columns: Mapping[str, list[Any]],
    units: Mapping[str, Any],
    agencies: Mapping[str, Any],
    limits: Limits,
    *,
    years: Sequence[int],
    year: int,
) -> Population:
    """Return the population that columns of users are in a year, with inputs of units and agencies by name.

    An input is that of the year, or of some months of the years that are asked for where it is given by month.

    Raises:
        RequestError: too many users, an unknown input, or columns that are no population.
        SituationError: an input that can't be.
    """
    if not columns:
        raise RequestError(_(NO_COLUMNS), ["users"])
    for name, column in columns.items():
        if len(column) > limits.users:
            message = _("There are {number} users, and at most {most} may be sent.")
            raise RequestError(message.format(number=len(column), most=limits.users), ["users", name])
    given = {name: numpy.array(column, object if name in GROUPS else float) for name, column in columns.items()}
    for name in [name for name in given if name not in GROUPS]:
        if not (finite := numpy.isfinite(given[name])).all():
            path = ["users", name, str(int(finite.argmin()))]
            raise RequestError(_(FINITE).format(name=name), path)
    agencies = _checked_inputs(agencies, "etater", "etat", years, year)
    units = _checked_inputs(units, "units", "enhet", years, year)
    try:
        return replace(from_table(given, SYSTEMS.foundation(), units, agencies), personal=True)
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
            message = _("Send '{column}' of each user: several years are asked for.")
            raise RequestError(message.format(column=OF_YEAR), ["users"])
        return given
    for name, column in given.items():
        if len(column) != len(of_row):
            message = _("'{name}' has {values} values, and '{column}' {rows}.")
            told = {"name": name, "values": len(column), "column": OF_YEAR, "rows": len(of_row)}
            raise RequestError(message.format(**told), ["users", name])
    if other := [place for place, of in enumerate(of_row) if of not in years]:
        raise RequestError(_("The year is not among those asked for."), ["users", OF_YEAR, str(other[0])])
    if year not in of_row:
        raise RequestError(_("No user is of {year}.").format(year=year), ["users", OF_YEAR])
    return {
        name: [value for value, of in zip(column, of_row, strict=True) if of == year] for name, column in given.items()
    }


def _checked_inputs(
    found: Mapping[str, Any], key: str, entity: str, years: Sequence[int], year: int
) -> dict[str, dict[str, Any]]:
    """Return inputs of units or agencies, what is given by month as the amounts of the year's twelve.

    Raises:
        RequestError: what is no yearly number of a unit or an agency, nor one by month.
    """
    of_entity = {
        name: variable
        for name, variable in SYSTEMS.foundation().variables.items()
        if variable.entity.key == entity and variable.value_type is float
    }
    by_month = [name for name, variable in of_entity.items() if variable.set_input is kroner_by_month]
    yearly = [name for name, variable in of_entity.items() if variable.definition_period == DateUnit.YEAR]
    checked: dict[str, dict[str, Any]] = {}
    for name, inputs in found.items():
        if not isinstance(inputs, dict):
            raise RequestError(_("The inputs are an object: a variable, and its value for the year."), [key, name])
        checked[name] = {}
        for variable, value in inputs.items():
            path = [key, name, variable]
            if variable in by_month:
                checked[name][variable] = _of_months(variable, value, path, years, year)
                continue
            if variable not in yearly:
                message = _("'{name}' is no yearly number of an {entity}. {hint}")
                hint = nearest(variable, [*yearly, *by_month])
                raise RequestError(message.format(name=variable[:60], entity=entity, hint=hint), path)
            _refuse_no_number(variable, value, path)
            checked[name][variable] = value
    return checked


def _of_months(variable: str, value: object, path: Sequence[str], years: Sequence[int], year: int) -> list[float]:
    """Return the amounts of a year's months, 0 where none is said, of those by month such as ``{"2019-05": 1000000}``.

    Raises:
        RequestError: they are not by month, or a month is not of the years that are asked for.
    """
    if not isinstance(value, dict):
        message = _("{name} is given by month: an object such as {example}.")
        raise RequestError(message.format(name=variable, example=f'{{"{year}-05": 1000000}}'), path)
    months = {f"{of}-{month:02}": (of, month) for of in years for month in range(1, MONTHS + 1)}
    amounts = [0.0] * MONTHS
    for text, amount in value.items():
        if text not in months:
            message = _("'{month}' is no month of {years}. Write it as {example}.")
            told = {"month": text[:20], "years": ", ".join(map(str, years)), "example": f"{year}-05"}
            raise RequestError(message.format(**told), [*path, text])
        _refuse_no_number(variable, amount, [*path, text])
        of, month = months[text]
        if of == year:
            amounts[month - 1] = amount
    return amounts


def _refuse_no_number(variable: str, value: object, path: Sequence[str]) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not numpy.isfinite(value):
        raise RequestError(_("{name} is a finite number.").format(name=variable), path)

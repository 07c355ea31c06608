"""``POST /compare``: regulations compared as the command does it, on an embedded population or on users in columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy
from openfisca_core.errors import SituationParsingError
from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.proposals import LAST_DAY
from openfisca_bergen_hbt.law.systems import SYSTEMS, runnable
from openfisca_bergen_hbt.law.versions import Version, asked_for
from openfisca_bergen_hbt.population import Population, embedded
from openfisca_bergen_hbt.population.table import GROUPS, USER_INPUTS, from_table
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
from openfisca_bergen_hbt.report.forms import tidy
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.web.api import regulations
from openfisca_bergen_hbt.web.api.errors import RequestError, of_situation
from openfisca_bergen_hbt.web.api.regulations import MOST_REGULATIONS
from openfisca_bergen_hbt.web.api.situations import FORBIDDEN, LONGEST_NAME, Limits

KEYS = ("year", "regulations", "without", "changes", "population", "users", "units", "etater", "suppression")


def compare(body: Mapping[str, Any], limits: Limits) -> bytes:
    """Return a comparison as JSON: the figures, what they rest on, and the record of the run.

    Raises:
        RequestError: a body that is no comparison.
    """
    for key in body:
        if key not in KEYS:
            raise RequestError(f"There is no '{key}' in a comparison. It has {', '.join(KEYS)}.", [key])
    year = _year(body.get("year", embedded.YEARS[-1]))
    suppression = body.get("suppression", True)
    if not isinstance(suppression, bool):
        raise RequestError("'suppression' is true or false.", ["suppression"])
    people, example = _population(body, year, limits, SYSTEMS.foundation())
    wanted = _asked_for(body)
    refuse_too_many(people, wanted, limits)
    try:
        can, left_out = _runnable(wanted, people, year, explicit="regulations" in body)
        compared = Comparison(people, year, can, suppression=suppression, left_out=left_out)
        compared.compute()
        inputs = record.inputs_of(people, year, example)
        return tidy.as_json(compared, record.record(compared, inputs))
    except SituationParsingError as error:
        raise of_situation(error) from None


def refuse_too_many(people: Population, wanted: Sequence[Version], limits: Limits) -> None:
    """Refuse a comparison that is too large to send.

    Raises:
        RequestError: it has more units times regulations than the limit.
    """
    units, most = len(people.unit_names), limits.compared // max(1, len(wanted))
    if units > most:
        message = f"There are {units} units; with {len(wanted)} regulations at most {most} are compared here."
        raise RequestError(f"{message} Use bergen-hbt compare, which has no such limit.", ["users", "enhet"])


def _runnable(
    wanted: Sequence[Version], people: Population, year: int, *, explicit: bool
) -> tuple[list[Version], dict[str, str]]:
    can, lack = runnable(wanted, people, year)
    if lack and (explicit or not can):
        title, names = next(iter(lack.items()))
        raise RequestError(f"The users lack {names}, from which '{title}' counts the hours of {year}.", ["users"])
    return can, lack


def _year(year: object) -> int:
    first, last = FOUNDATION_DAY.year, LAST_DAY.year
    if isinstance(year, bool) or not isinstance(year, int) or not first <= year <= last:
        raise RequestError(f"'year' is a whole number from {first} to {last}.", ["year"])
    return year


def _asked_for(body: Mapping[str, Any]) -> list[Version]:
    names, without = _texts(body, "regulations"), _texts(body, "without")
    proposals = [regulations.proposal(body["changes"])] if "changes" in body else []
    try:
        return asked_for(names, without, proposals)
    except ValueError as error:
        raise RequestError(str(error), ["regulations"]) from None


def _texts(body: Mapping[str, Any], key: str) -> list[str]:
    found = body.get(key, [])
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise RequestError(f"'{key}' is a list of ids or dates.", [key])
    if len(found) > MOST_REGULATIONS:
        raise RequestError(f"'{key}' has at most {MOST_REGULATIONS}.", [key])
    return found


def _population(body: Mapping[str, Any], year: int, limits: Limits, law: Any) -> tuple[Population, str]:
    if "users" in body:
        if "population" in body:
            raise RequestError("Send 'users' or 'population', and not both.", ["population"])
        return _of_columns(body, limits, law), ""
    for key in ("units", "etater"):
        if key in body:
            raise RequestError(f"'{key}' goes with 'users'.", [key])
    name = body.get("population", "publisert")
    if not isinstance(name, str) or name not in embedded.EXAMPLES:
        raise RequestError(f"'population' is one of {', '.join(embedded.EXAMPLES)}.", ["population"])
    if year not in embedded.YEARS:
        years = ", ".join(map(str, embedded.YEARS))
        raise RequestError(f"The embedded populations are of {years}: send one of these, or 'users'.", ["year"])
    return embedded.EXAMPLES[name](year), name


def _of_columns(body: Mapping[str, Any], limits: Limits, law: Any) -> Population:
    columns = body["users"]
    if not isinstance(columns, dict) or not columns:
        raise RequestError("'users' is an object of columns: a list for each.", ["users"])
    for name, column in columns.items():
        _check_column(name, column, limits)
    given = {name: _array(name, column) for name, column in columns.items()}
    agencies = _inputs(body, "etater", "etat", law)
    try:
        found = from_table(given, _inputs(body, "units", "enhet", law), agencies)
    except ValueError as error:
        raise RequestError(str(error), ["users"]) from None
    return replace(found, personal=True)


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


def _inputs(body: Mapping[str, Any], key: str, entity: str, law: Any) -> dict[str, dict[str, Any]]:
    """Return yearly numbers of units or agencies by name."""
    found = body.get(key, {})
    if not isinstance(found, dict):
        raise RequestError(f"'{key}' is an object: a name, and its inputs.", [key])
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
    return found

"""Situations as arrays: one traversal of a request's users and groups, with everything in it checked.

The request is the one that core's API takes: users and groups by name, each with variables by period, null for what is
asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.periods import DateUnit, Period

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter
from openfisca_bergen_hbt.text import spelling
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.spelling import MOST_INT, NEEDED, ROLE
from openfisca_bergen_hbt.web.api.errors import NOT_FOUND, RequestError

#: The characters that no name may hold: they divide the paths of answers and logs.
FORBIDDEN = frozenset("/\\") | {chr(code) for code in range(32)} | {chr(127)}
LONGEST_NAME = 200


@dataclass(frozen=True)
class Limits:
    """How much a request may ask for."""

    users: int = 100_000
    groups: int = 20_000
    #: Different variables and periods, given or asked for.
    values: int = 2_000
    years: int = 40
    #: Values in a trace.
    traced: int = 2_000_000
    #: Units times regulations in a comparison: each is some two hundred figures.
    compared: int = 2_000


@dataclass
class Column:
    """What is given, or asked for, of a variable in a period: by member, where it stands in the request."""

    variable: Any
    period: Period
    #: The period as the request spells it.
    spelled: str
    positions: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    #: Where the answers go: the object of the periods of each member.
    places: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Situation:
    """A request's users, groups, inputs and questions."""

    #: The names of the members of each entity that is named, by its key.
    members: dict[str, list[str]]
    #: The group of each user, by the group's key.
    groups: dict[str, NDArray[numpy.intp]]
    #: The inputs as arrays, by variable and period, those of months first, as core sets them.
    inputs: list[tuple[str, Period, Any]]
    questions: list[Column]


def read(body: dict[str, Any], system: Any, limits: Limits) -> Situation:
    """Return a request's situation.

    Raises:
        RequestError: something that is no situation, or one that core would fill in or lose a part of.
    """
    by_plural = {entity.plural: entity for entity in system.entities}
    for plural in body:
        if plural not in by_plural:
            raise RequestError(f"'{plural}' is no entity. {nearest(plural, by_plural)}", [plural])
    person = system.person_entity
    reader = _Reader(system, limits)
    named = [entity for entity in system.entities if entity.plural in body]
    if person not in named or not body[person.plural]:
        raise RequestError(f"There are no users: name them under '{person.plural}'.", [person.plural])
    for entity in [person, *(entity for entity in named if entity is not person)]:
        reader.entity(entity, body[entity.plural])
    keys = [entity.key for entity in named]
    if len(named) > 1:
        for entity in system.group_entities:
            if entity.key in NEEDED and entity.key not in keys:
                message = f"'{entity.plural}' is left out: say which users belong to which {entity.key}."
                raise RequestError(message, [entity.plural])
    return reader.situation()


class _Reader:
    """Collects what a request gives and asks for."""

    def __init__(self, system: Any, limits: Limits) -> None:
        self.system = system
        self.limits = limits
        self.members: dict[str, list[str]] = {}
        self.groups: dict[str, NDArray[numpy.intp]] = {}
        self.position: dict[str, int] = {}
        #: By entity, variable and spelling: the column of inputs and the column of questions.
        self.columns: dict[tuple[str, str], tuple[Column, Column]] = {}
        self.by_period: dict[tuple[str, Period], str] = {}
        self.years: set[int] = set()

    def entity(self, entity: Any, instances: Any) -> None:
        """Read the members of an entity."""
        plural = entity.plural
        if not isinstance(instances, dict):
            raise RequestError(f"'{plural}' is an object: a name for each {entity.key}.", [plural])
        most = self.limits.users if entity.is_person else self.limits.groups
        if len(instances) > most:
            raise RequestError(f"There are {len(instances)} {plural}, and at most {most} may be sent.", [plural])
        self.members[entity.key] = list(instances)
        _refuse_names(plural, instances)
        if entity.is_person:
            self.position = {name: number for number, name in enumerate(instances)}
        else:
            self.groups[entity.key] = self._members(entity, instances)
        for number, (name, instance) in enumerate(instances.items()):
            if type(instance) is not dict:
                raise RequestError(f"'{name}' is an object: {{}} for none of its variables.", [plural, name])
            for variable, periods in instance.items():
                if variable != ROLE or entity.is_person:
                    self._values(entity, number, name, variable, periods)

    def _values(self, entity: Any, number: int, name: str, variable: str, periods: Any) -> None:
        """Read the values of a member's variable by period."""
        if type(periods) is not dict:
            self._variable(entity, name, variable)
            message = f'{variable} is given by period: {{"{variable}": {{"2019": …}}}}.'
            raise RequestError(message, [entity.plural, name, variable])
        for spelled, value in periods.items():
            pair = self.columns.get((variable, spelled)) or self._columns(entity, name, variable, spelled)
            if pair[0].variable.entity.key != entity.key:
                self._variable(entity, name, variable)
            column = pair[value is None]
            column.positions.append(number)
            column.values.append(value)
            column.places.append(periods)

    def _variable(self, entity: Any, name: str, variable: str) -> Any:
        found = self.system.variables.get(variable)
        path = [entity.plural, name, variable]
        if found is None:
            near = nearest(variable, self.system.variables)
            raise RequestError(f"There is no variable '{variable}'. {near}", path, NOT_FOUND)
        if found.entity.key != entity.key:
            message = f"'{variable}' belongs to '{found.entity.plural}', and not to '{entity.plural}'."
            raise RequestError(message, path)
        return found

    def _columns(self, entity: Any, name: str, variable: str, spelled: str) -> tuple[Column, Column]:
        """Begin the columns of a variable and a period."""
        found = self._variable(entity, name, variable)
        path = [entity.plural, name, variable, spelled]
        period = spelling.period(spelled)
        if period is None:
            raise RequestError(f"'{spelled[:40]}' is no period. Write a year (2019) or a month (2019-01).", path)
        self.years.add(period.start.year)
        if len(self.columns) >= self.limits.values or len(self.years) > self.limits.years:
            limits = f"{self.limits.values} variables by period in {self.limits.years} years"
            raise RequestError(f"The request gives or asks for more than {limits}. Divide it.", path)
        other = self.by_period.setdefault((variable, period), spelled)
        if other != spelled:
            raise RequestError(f"{variable} has {period} in two spellings, '{other}' and '{spelled}'. Send one.", path)
        pair = self.columns[variable, spelled] = (Column(found, period, spelled), Column(found, period, spelled))
        return pair

    def _members(self, entity: Any, instances: dict[str, Any]) -> NDArray[numpy.intp]:
        """Return the group of each user; each user is listed once."""
        plural, position = entity.plural, self.position
        group = numpy.full(len(position), -1, dtype=numpy.intp)
        for number, (name, instance) in enumerate(instances.items()):
            listed = instance.get(ROLE, []) if isinstance(instance, dict) else []
            listed = [listed] if isinstance(listed, str) else listed
            if not isinstance(listed, list):
                raise RequestError(f"'{ROLE}' is a list of users.", [plural, name, ROLE])
            for user in listed:
                at = position.get(user) if isinstance(user, str) else None
                if at is None:
                    near = nearest(user, list(position)[:1000]) if isinstance(user, str) else "Send names as text."
                    raise RequestError(f"{_shown(user)} is no user. {near}", [plural, name, ROLE])
                if group[at] >= 0:
                    message = f"The user '{user}' is listed in '{plural}' more than once."
                    raise RequestError(message, [plural, name, ROLE])
                group[at] = number
        if len(group) and group.min() < 0:
            user = list(position)[int(group.argmin())]
            message = f"{int((group < 0).sum())} of the users, the first of them '{user}', are in no {entity.key}."
            raise RequestError(f"{message} List each user under '{ROLE}' of one of the '{plural}'.", [plural])
        return group

    def situation(self) -> Situation:
        """Return what has been read."""
        given = [inputs for inputs, _ in self.columns.values() if inputs.positions]
        questions = [asked for _, asked in self.columns.values() if asked.positions]
        for column in given:
            self._check_input(column)
        for column in questions:
            if column.period.unit != column.variable.definition_period:
                unit = "month (2019-01)" if column.variable.definition_period == DateUnit.MONTH else "year (2019)"
                message = f"{column.variable.name} is asked for by {unit}."
                raise RequestError(message, self._path(column, 0))
        ordered = sorted(given, key=lambda column: column.period.unit != DateUnit.MONTH)
        inputs = [(column.variable.name, column.period, self._array(column)) for column in ordered]
        return Situation(self.members, self.groups, inputs, questions)

    def _path(self, column: Column, number: int) -> list[str]:
        entity = column.variable.entity
        name = self.members[entity.key][column.positions[number]]
        return [entity.plural, name, column.variable.name, column.spelled]

    def _check_input(self, column: Column) -> None:
        """Refuse values of another type, and an input that core would fill in for some members."""
        variable, name = column.variable, column.variable.name
        if column.period.unit == DateUnit.MONTH and variable.definition_period != DateUnit.MONTH:
            raise RequestError(f"{name} is given by year (2019).", self._path(column, 0))
        kinds, in_words = _kinds(variable)
        if not set(map(type, column.values)) <= kinds:
            number = next(n for n, value in enumerate(column.values) if type(value) not in kinds)
            message = f"{name} is {in_words}, and not {_shown(column.values[number])}."
            raise RequestError(message, self._path(column, number))
        members = self.members[variable.entity.key]
        if len(column.positions) < len(members) and _is_filled_in(variable):
            given = set(column.positions)
            missing = next(name for number, name in enumerate(members) if number not in given)
            message = (
                f"{name} in {column.spelled} is given for {len(given)} of {len(members)} {variable.entity.plural}, and "
                f"not for '{missing}', for which core would take 0. Send it for each, 0 where it is 0."
            )
            raise RequestError(message, [variable.entity.plural, missing, name, column.spelled])

    def _array(self, column: Column) -> Any:
        """Return a column of inputs as an array, with the default for members that it is not given for."""
        variable = column.variable
        if hasattr(variable, "possible_values"):
            return self._answers(column)
        if variable.value_type is int and max(map(abs, column.values)) > MOST_INT:
            number = next(n for n, value in enumerate(column.values) if abs(value) > MOST_INT)
            raise RequestError(f"{variable.name} is at most {MOST_INT}.", self._path(column, number))
        count = len(self.members[variable.entity.key])
        array = variable.default_array(count)
        values = numpy.array(column.values, dtype=array.dtype)
        if len(values) == count and column.positions == list(range(count)):
            array = values
        else:
            array[column.positions] = values
        if array.dtype.kind == "f" and not numpy.isfinite(array).all():
            number = next(n for n, value in enumerate(column.values) if not math.isfinite(value))
            raise RequestError(f"{variable.name} is a finite number.", self._path(column, number))
        array.flags.writeable = False
        return array

    def _answers(self, column: Column) -> EnumArray:
        variable = column.variable
        index = {name: number for number, name in enumerate(variable.possible_values.names)}
        array = numpy.full(len(self.members[variable.entity.key]), variable.default_value.index, dtype=numpy.int16)
        for number, value in enumerate(column.values):
            if value not in index:
                message = f"{_shown(value)} is no answer of {variable.name}. {nearest(value, index)}"
                raise RequestError(message, self._path(column, number))
            array[column.positions[number]] = index[value]
        return EnumArray(array, variable.possible_values)


def _refuse_names(plural: str, names: Iterable[str]) -> None:
    for name in names:
        if not name.strip() or len(name) > LONGEST_NAME or not FORBIDDEN.isdisjoint(name):
            message = (
                f"a name is not empty, holds no slashes or control characters, and at most {LONGEST_NAME} characters."
            )
            raise RequestError(f"'{name[:40]}': {message}", [plural, name[:40]])


def _kinds(variable: Any) -> tuple[set[type], str]:
    """Return the types of JSON that a variable's values have, and what they are called."""
    if hasattr(variable, "possible_values"):
        return {str}, "the name of an answer"
    if variable.value_type is bool:
        return {bool}, "true or false"
    if variable.value_type is int:
        return {int}, "a whole number"
    return {int, float}, "a number"


def _is_filled_in(variable: Any) -> bool:
    """Return whether a member that a variable is not given for would get 0 where something else is meant."""
    if isinstance(variable, DefaultFromParameter):
        return False  # the law's own default, or refused
    additive = data.units()[variable.unit].get("additive")
    return bool(variable.formulas) or bool(variable.entity.is_person and additive)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return f"the number {value}"

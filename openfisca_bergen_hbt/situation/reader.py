"""Situations read: one traversal of users and groups by name, with everything in it checked.

A situation is what core's API takes: users and groups by name, each with variables by period, null for what is asked
for. The door that it came in by (a request, a test case) is told of each fault, and where it lies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy
from openfisca_core.periods import DateUnit, Period

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter, keep
from openfisca_bergen_hbt.rules.money import MOST_KRONER, IndexArray
from openfisca_bergen_hbt.situation import ROLE, InputColumn, Situation
from openfisca_bergen_hbt.text import periods
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.strict_yaml import how_to_write

#: The groups that a situation with groups can't do without.
NEEDED = frozenset({"enhet", "etat"})
#: The most that core's integers hold.
MOST_INT = 2**31 - 1
#: Where a fault lies: in a value; in a name (of an entity, a variable, a period); in a name that no variable has.
VALUE, NAME, UNKNOWN = "value", "name", "unknown"


class Door:
    """Where a situation came in: what it may hold there, and who is told of its faults."""

    #: Whether null asks. Then a period has one spelling.
    asks = False
    #: Whether core reads it, too: in another spelling of a period than its own it keeps the last member's value only.
    for_core = False
    #: The period of what is given without one; empty where each value has its own.
    period = ""
    #: The most variables by period, and years.
    values = years = math.inf

    def fault(self, path: Sequence[str], message: str, kind: str = VALUE) -> None:  # noqa: ARG002 (for who has a place)
        """Take a fault: the way to it (entity, member, variable, period), and what is wrong; raising ends it all."""
        raise ValueError(f"{'/'.join(path)}: {message}")

    def shown(self, path: Sequence[str], value: object) -> str:  # noqa: ARG002 (for who knows how it was written)
        """Return in words what stands somewhere where something else is asked for."""
        return shown(value)


def read_situation(body: Mapping[str, Any], system: Any, door: Door) -> Situation:
    """Return what a body by plural of entity, name, variable and period says.

    The door is told of what is no situation, or of what core would fill in or lose a part of; a situation that it was
    told a fault of is not to be computed.
    """
    by_plural = {entity.plural: entity for entity in system.entities}
    for plural in body:
        if plural not in by_plural:
            kind = "a variable, and stands under its entity" if plural in system.variables else "no entity"
            door.fault([plural], f"'{plural}' is {kind}. {nearest(plural, by_plural)}", NAME)
    users = system.person_entity.plural
    if not body.get(users):
        door.fault([users], f"There are no users: name them under '{users}'.")
    reader = _SituationReader(system, door)
    named = [entity for entity in system.entities if entity.plural in body]
    for entity in named:
        reader.entity(entity, body[entity.plural])
    for entity in system.group_entities:
        if entity.key in NEEDED and entity not in named and not all(other.is_person for other in named):
            message = f"'{entity.plural}' is left out: say which users belong to which {entity.key}."
            door.fault([entity.plural], message)
    return reader.situation()


def fits(variable: Any, value: object) -> bool:
    """Return whether a value is one of a variable's."""
    if hasattr(variable, "possible_values"):
        return type(value) is str and value in _answers(variable.possible_values)
    if variable.value_type is bool:
        return type(value) is bool
    if variable.value_type is int:
        return type(value) is int and abs(value) <= MOST_INT
    return type(value) in (int, float) and abs(value) <= MOST_KRONER  # type: ignore[arg-type] # a number


def refusal(variable: Any, value: object, described: str) -> str:
    """Return what is wrong with a value that is none of a variable's."""
    name = variable.name
    if value is None:
        return f"{name} has no value."
    if hasattr(variable, "possible_values"):
        return f"{described} is no answer of {name}. {nearest(str(value), _answers(variable.possible_values))}"
    if variable.value_type is bool:
        return f"{name} is true or false, and not {described}."
    if variable.value_type is int:
        return f"{name} is a whole number, at most {MOST_INT}, and not {described}."
    if type(value) in (int, float):
        return f"{name} is a finite number, at most {MOST_KRONER:.0f}, and not {described}."
    hint = f" {how_to_write(value)}" if isinstance(value, str) else ""
    return f"{name} is a number, and not {described}.{hint}"


#: A whole number of so many bits is beyond every float, and too long to be shown.
MOST_BITS = 1024


def shown(value: object) -> str:
    """Return a value in words."""
    if isinstance(value, str):
        return f"the text '{value[:40]}'"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and value.bit_length() >= MOST_BITS:
        return "a number of more than 300 digits"
    return f"the number {value}"


class _SituationReader:
    """Collects what a situation gives and asks for."""

    def __init__(self, system: Any, door: Door) -> None:
        self.system = system
        self.door = door
        self.members: dict[str, list[str]] = {}
        self.groups: dict[str, IndexArray] = {}
        self.position: dict[str, int] = {}
        #: The columns of inputs and of questions, by variable and period, and as the entity at hand spells it.
        self.columns: dict[tuple[str, Period], tuple[InputColumn, InputColumn]] = {}
        self.spelled: dict[tuple[str, str], tuple[InputColumn, InputColumn]] = {}
        self.years: set[int] = set()

    def entity(self, entity: Any, instances: Any) -> None:
        """Read the members of an entity."""
        plural = entity.plural
        if not isinstance(instances, dict):
            described = self.door.shown([plural], instances)
            self.door.fault([plural], f"'{plural}' holds a name for each {entity.key}, and not {described}.")
            return
        self.spelled = {}
        self.members[entity.key] = list(instances)
        if entity.is_person:
            self.position = {name: number for number, name in enumerate(instances)}
        else:
            self.groups[entity.key] = self._group_of_user(entity, instances)
        for number, (name, instance) in enumerate(instances.items()):
            if type(instance) is not dict:
                described = self.door.shown([plural, name], instance)
                self.door.fault([plural, name], f"'{name}' holds variables ({{}} for none), and not {described}.")
                continue
            for variable, by_period in instance.items():
                if variable != ROLE or entity.is_person:
                    self._values(entity, number, name, variable, by_period)

    def _group_of_user(self, entity: Any, instances: dict[str, Any]) -> IndexArray:
        """Return the group of each user; each user is listed once."""
        plural, position = entity.plural, self.position
        group = numpy.full(len(position), -1, dtype=numpy.intp)
        for number, (name, instance) in enumerate(instances.items()):
            listed = instance.get(ROLE, []) if isinstance(instance, dict) else []
            listed = [listed] if isinstance(listed, str) else listed
            if not isinstance(listed, list):
                self.door.fault([plural, name, ROLE], f"'{ROLE}' is a list of users.")
                continue
            for user in listed:
                at = position.get(user) if isinstance(user, str) else None
                if at is None:
                    near = nearest(user, list(position)[:1000]) if isinstance(user, str) else "Send names as text."
                    self.door.fault([plural, name, ROLE], f"{shown(user)} is no user. {near}")
                elif group[at] >= 0:
                    message = f"The user '{user}' is listed in '{plural}' more than once."
                    self.door.fault([plural, name, ROLE], message)
                else:
                    group[at] = number
        if len(group) and group.min() < 0:
            user = list(position)[int(group.argmin())]
            message = f"{int((group < 0).sum())} of the users, the first of them '{user}', are in no {entity.key}."
            self.door.fault([plural], f"{message} List each user under '{ROLE}' of one of the '{plural}'.")
        return group

    def _values(self, entity: Any, number: int, name: str, variable: str, by_period: Any) -> None:
        """Read the values of a member's variable by period."""
        if type(by_period) is not dict or not by_period:
            by_period = self._dated(entity, [entity.plural, name, variable], by_period)
        for spelled, value in by_period.items():
            pair = self.spelled.get((variable, spelled))
            if pair is None:
                pair = self._begin(entity, [entity.plural, name, variable, spelled])
            if pair:
                column = pair[value is None and self.door.asks]
                column.positions.append(number)
                column.values.append(value)

    def _dated(self, entity: Any, path: Sequence[str], value: object) -> dict[str, Any]:
        """Return what is given without a period by the period that holds; nothing, and a fault, where none does."""
        if type(value) is not dict and self.door.period:
            return {self.door.period: value}
        if self._variable(entity, path):
            self.door.fault(path, f'{path[2]} is given by period: {{"{path[2]}": {{"2019": …}}}}.')
        return {}

    def _variable(self, entity: Any, path: Sequence[str]) -> Any:
        """Return an entity's variable; None, and a fault, where it has none of the name."""
        name = path[2]
        found = self.system.variables.get(name)
        if found is None:
            self.door.fault(path, f"There is no variable '{name}'. {nearest(name, self.system.variables)}", UNKNOWN)
        elif found.entity.key != entity.key:
            message = f"'{name}' belongs to '{found.entity.plural}', and not to '{entity.plural}'."
            self.door.fault(path, message, NAME)
        else:
            return found
        return None

    def _begin(self, entity: Any, path: Sequence[str]) -> tuple[InputColumn, InputColumn] | None:
        """Begin the columns of a variable and a period, or return those of the period in another spelling."""
        *owner, spelled = path
        found, period = self._variable(entity, owner), periods.period_in(spelled)
        if period is None:
            self.door.fault(path, f"'{spelled[:40]}' is no period. {periods.WRITE}", NAME)
        if found is None or period is None:
            return None
        if self.door.for_core and spelled != str(period):
            message = f"'{spelled}' is {period} in a spelling under which core keeps the last member's value only."
            self.door.fault(path, f"{message} Write {period}.", NAME)
        pair = self.columns.get((found.name, period))
        if pair is None:
            pair = InputColumn(found, period, spelled), InputColumn(found, period, spelled)
            self.columns[found.name, period] = pair
            self.years.add(period.start.year)
            if len(self.columns) > self.door.values or len(self.years) > self.door.years:
                limits = f"{self.door.values} variables by period in {self.door.years} years"
                self.door.fault(path, f"The request gives or asks for more than {limits}. Divide it.")
        elif self.door.asks:
            other = pair[0].spelled
            message = f"{found.name} has {period} in two spellings, '{other}' and '{spelled}'. Send one."
            self.door.fault(path, message)
        self.spelled[found.name, spelled] = pair
        return pair

    def situation(self) -> Situation:
        """Return what has been read."""
        given = [inputs for inputs, _ in self.columns.values() if inputs.positions]
        questions = [asked for _, asked in self.columns.values() if asked.positions]
        for column in given:
            self._fill(column)
        for column in questions:
            self._refuse_other_period(column, "asked for")
        told = [(column, "given for") for column in given] + [(column, "asked for in") for column in questions]
        for column, how in told:
            if column.period.start.year < FOUNDATION_DAY.year:
                message = f"{column.variable.name} is {how} {column.period}: nothing is defined before 2017."
                self.door.fault(self._path(column, 0), message, NAME)
        given.sort(key=lambda column: column.period.unit != DateUnit.MONTH)
        return Situation(self.members, self.groups, given, questions)

    def _path(self, column: InputColumn, number: int) -> list[str]:
        entity = column.variable.entity
        name = self.members[entity.key][column.positions[number]]
        return [entity.plural, name, column.variable.name, column.spelled]

    def _refuse_other_period(self, column: InputColumn, how: str) -> None:
        unit = column.variable.definition_period
        if column.period.unit != unit:
            message = f"{column.variable.name} is {how} by {periods.IN_WORDS[unit]}, and not for {column.period}."
            self.door.fault(self._path(column, 0), message)

    def _fill(self, column: InputColumn) -> None:
        """Make an array of a column of inputs, if each value is of the variable's kind and period."""
        variable, values = column.variable, column.values
        if variable.set_input is keep or column.period.unit != DateUnit.YEAR:  # a year's value may hold for its months
            self._refuse_other_period(column, "given")
        all_numbers = variable.value_type is float and set(map(type, values)) <= {int, float}
        all_fit = all_numbers and all(-MOST_KRONER <= value <= MOST_KRONER for value in values)  # the quick way
        wrong = [] if all_fit else [number for number, value in enumerate(values) if not fits(variable, value)]
        for number in wrong:
            path, value = self._path(column, number), values[number]
            self.door.fault(path, refusal(variable, value, self.door.shown(path, value)))
        if len(set(column.positions)) < len(column.positions):
            message = f"{variable.name} is given twice for {column.period}, in two spellings of the period."
            self.door.fault(self._path(column, 0), message)
        self._refuse_filled_in(column)
        if wrong:
            return
        column.array = filled(variable, len(self.members[variable.entity.key]), column.positions, values)
        column.array.flags.writeable = False  # so that core need not be given a copy

    def _refuse_filled_in(self, column: InputColumn) -> None:
        """Refuse an input that core would fill in for some members."""
        variable, members = column.variable, self.members[column.variable.entity.key]
        if lacking := not_given_for(variable, members, column.positions, column.spelled):
            missing, message = lacking
            self.door.fault([variable.entity.plural, missing, variable.name, column.spelled], message)


def filled(variable: Any, members: int, positions: Sequence[int], values: Sequence[Any]) -> Any:
    """Return the array of a variable's values (each ``fits``) by position, its default for the other members."""
    if hasattr(variable, "possible_values"):
        values = list(map(_answers(variable.possible_values).__getitem__, values))
    array = variable.default_array(members)
    array[positions] = values
    return array


def not_given_for(
    variable: Any, members: Sequence[str], positions: Sequence[int], period: object
) -> tuple[str, str] | None:
    """Return the first member that an input is not given for, and what is wrong, where 0 would stand for it."""
    given = set(positions)
    if len(given) == len(members) or not _is_filled_in(variable):
        return None
    missing = next(name for number, name in enumerate(members) if number not in given)
    return missing, (
        f"{variable.name} in {period} is given for {len(given)} of {len(members)} {variable.entity.plural}, and not "
        f"for '{missing}', for which core would take 0. Send it for each, 0 where it is 0."
    )


def _is_filled_in(variable: Any) -> bool:
    """Return whether a member that a variable is not given for would get 0 where something else is meant."""
    if isinstance(variable, DefaultFromParameter):
        return False  # the law's own default, or refused
    additive = data.unit(variable.unit).get("additive")
    return bool(variable.formulas) or bool(variable.entity.is_person and additive)


@lru_cache
def _answers(possible_values: Any) -> dict[str, int]:
    """Return the index of each answer by its name."""
    return {str(name): index for index, name in enumerate(possible_values.names)}

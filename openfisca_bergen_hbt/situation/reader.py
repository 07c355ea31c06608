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
from openfisca_bergen_hbt.text.language import _
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
            variable = _("'{name}' is a variable, and stands under its entity. {hint}")
            unknown = variable if plural in system.variables else _("'{name}' is no entity. {hint}")
            door.fault([plural], unknown.format(name=plural, hint=nearest(plural, by_plural)), NAME)
    users = system.person_entity.plural
    if not body.get(users):
        door.fault([users], _("There are no users: name them under '{users}'.").format(users=users))
    reader = _SituationReader(system, door)
    named = [entity for entity in system.entities if entity.plural in body]
    for entity in named:
        reader.entity(entity, body[entity.plural])
    for entity in system.group_entities:
        if entity.key in NEEDED and entity not in named and not all(other.is_person for other in named):
            message = _("'{plural}' is left out: say which users belong to which of the '{plural}'.").format(
                plural=entity.plural
            )
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
        return _("{name} has no value.").format(name=name)
    if hasattr(variable, "possible_values"):
        return _("{found} is no answer of {name}. {hint}").format(
            found=described, name=name, hint=nearest(str(value), _answers(variable.possible_values))
        )
    if variable.value_type is bool:
        return _("{name} is true or false, and not {found}.").format(name=name, found=described)
    if variable.value_type is int:
        return _("{name} is a whole number, at most {most}, and not {found}.").format(
            name=name, most=MOST_INT, found=described
        )
    if type(value) in (int, float):
        return _("{name} is a finite number, at most {most:.0f}, and not {found}.").format(
            name=name, most=MOST_KRONER, found=described
        )
    message = _("{name} is a number, and not {found}.").format(name=name, found=described)
    return f"{message} {how_to_write(value)}" if isinstance(value, str) else message


#: A whole number of so many bits is beyond every float, and too long to be shown.
MOST_BITS = 1024


def shown(value: object) -> str:
    """Return a value in words."""
    if isinstance(value, str):
        return _("the text '{text}'").format(text=value[:40])
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict | list):
        return _("an object") if isinstance(value, dict) else _("a list")
    if isinstance(value, int) and value.bit_length() >= MOST_BITS:
        return _("a number of more than 300 digits")
    return _("the number {value}").format(value=value)


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
            self.door.fault(
                [plural],
                _("'{plural}' holds a name for each of them, and not {found}.").format(plural=plural, found=described),
            )
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
                self.door.fault(
                    [plural, name],
                    _("'{name}' holds variables ({{}} for none), and not {found}.").format(name=name, found=described),
                )
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
                self.door.fault([plural, name, ROLE], _("'{role}' is a list of users.").format(role=ROLE))
                continue
            for user in listed:
                at = position.get(user) if isinstance(user, str) else None
                if at is None:
                    names = list(position)[:1000]
                    near = nearest(user, names) if isinstance(user, str) else _("Send names as text.")
                    self.door.fault(
                        [plural, name, ROLE], _("{found} is no user. {hint}").format(found=shown(user), hint=near)
                    )
                elif group[at] >= 0:
                    message = _("The user '{user}' is listed in '{plural}' more than once.").format(
                        user=user, plural=plural
                    )
                    self.door.fault([plural, name, ROLE], message)
                else:
                    group[at] = number
        if len(group) and group.min() < 0:
            user = list(position)[int(group.argmin())]
            message = _(
                "{number} of the users, the first of them '{user}', are in none of the '{plural}'. List each user "
                "under 'brukere' of one of them."
            )
            self.door.fault([plural], message.format(number=int((group < 0).sum()), user=user, plural=plural))
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
            self.door.fault(path, _('{name} is given by period: {{"{name}": {{"2019": …}}}}.').format(name=path[2]))
        return {}

    def _variable(self, entity: Any, path: Sequence[str]) -> Any:
        """Return an entity's variable; None, and a fault, where it has none of the name."""
        name = path[2]
        found = self.system.variables.get(name)
        if found is None:
            self.door.fault(
                path,
                _("There is no variable '{name}'. {hint}").format(name=name, hint=nearest(name, self.system.variables)),
                UNKNOWN,
            )
        elif found.entity.key != entity.key:
            message = _("'{name}' belongs to '{own}', and not to '{plural}'.").format(
                name=name, own=found.entity.plural, plural=entity.plural
            )
            self.door.fault(path, message, NAME)
        else:
            return found
        return None

    def _begin(self, entity: Any, path: Sequence[str]) -> tuple[InputColumn, InputColumn] | None:
        """Begin the columns of a variable and a period, or return those of the period in another spelling."""
        *owner, spelled = path
        found, period = self._variable(entity, owner), periods.period_in(spelled)
        if period is None:
            self.door.fault(
                path, _("'{spelled}' is no period. {write}").format(spelled=spelled[:40], write=_(periods.WRITE)), NAME
            )
        if found is None or period is None:
            return None
        if self.door.for_core and spelled != str(period):
            message = _(
                "'{spelled}' is {period} in a spelling under which core keeps the last member's value "
                "only. Write {period}."
            ).format(spelled=spelled, period=period)
            self.door.fault(path, message, NAME)
        pair = self.columns.get((found.name, period))
        if pair is None:
            pair = InputColumn(found, period, spelled), InputColumn(found, period, spelled)
            self.columns[found.name, period] = pair
            self.years.add(period.start.year)
            if len(self.columns) > self.door.values or len(self.years) > self.door.years:
                message = _(
                    "The request gives or asks for more than {values} variables by period in {years} years. Divide it."
                ).format(values=self.door.values, years=self.door.years)
                self.door.fault(path, message)
        elif self.door.asks:
            other = pair[0].spelled
            message = _("{variable} has {period} in two spellings, '{other}' and '{spelled}'. Send one.").format(
                variable=found.name, period=period, other=other, spelled=spelled
            )
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
            self._refuse_other_period(column, _("{variable} is asked for by {unit}, and not for {period}."))
        early_given = _("{variable} is given for {period}: nothing is defined before 2017.")
        early_asked = _("{variable} is asked for in {period}: nothing is defined before 2017.")
        told = [(column, early_given) for column in given] + [(column, early_asked) for column in questions]
        for column, message in told:
            if column.period.start.year < FOUNDATION_DAY.year:
                self._fault_of(column, message.format(variable=column.variable.name, period=column.period), NAME)
        given.sort(key=lambda column: column.period.unit != DateUnit.MONTH)
        return Situation(self.members, self.groups, given, questions)

    def _fault_of(self, column: InputColumn, message: str, kind: str = VALUE) -> None:
        self.door.fault(self._path(column, 0), message, kind)

    def _path(self, column: InputColumn, number: int) -> list[str]:
        entity = column.variable.entity
        name = self.members[entity.key][column.positions[number]]
        return [entity.plural, name, column.variable.name, column.spelled]

    def _refuse_other_period(self, column: InputColumn, message: str) -> None:
        unit = column.variable.definition_period
        if column.period.unit != unit:
            in_words = _(periods.IN_WORDS[unit])
            self._fault_of(column, message.format(variable=column.variable.name, unit=in_words, period=column.period))

    def _fill(self, column: InputColumn) -> None:
        """Make an array of a column of inputs, if each value is of the variable's kind and period."""
        variable, values = column.variable, column.values
        if variable.set_input is keep or column.period.unit != DateUnit.YEAR:  # a year's value may hold for its months
            self._refuse_other_period(column, _("{variable} is given by {unit}, and not for {period}."))
        all_numbers = variable.value_type is float and set(map(type, values)) <= {int, float}
        all_fit = all_numbers and all(-MOST_KRONER <= value <= MOST_KRONER for value in values)  # the quick way
        wrong = [] if all_fit else [number for number, value in enumerate(values) if not fits(variable, value)]
        for number in wrong:
            path, value = self._path(column, number), values[number]
            self.door.fault(path, refusal(variable, value, self.door.shown(path, value)))
        if len(set(column.positions)) < len(column.positions):
            message = _("{variable} is given twice for {period}, in two spellings of the period.").format(
                variable=variable.name, period=column.period
            )
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
        _(
            "{variable} in {period} is given for {some} of {all} '{plural}', and not for "
            "'{missing}', for which core would take 0. Send it for each, 0 where it is 0."
        ).format(
            variable=variable.name,
            period=period,
            some=len(given),
            all=len(members),
            plural=variable.entity.plural,
            missing=missing,
        )
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

"""What a test case gives: users, groups and inputs, in any of the three forms that core takes, read into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openfisca_core.periods import DateUnit, Period

from openfisca_bergen_hbt.text import spelling
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.spelling import MOST_INT, NEEDED, ROLE
from openfisca_bergen_hbt.text.strict_yaml import Faults, Node, describe, how_to_write

IN_WORDS = {DateUnit.YEAR: "a year, such as 2019", DateUnit.MONTH: "a month, such as 2019-01"}


@dataclass
class Situation:
    """A situation as it is read: who there is, what is given, and the same in core's form."""

    for_core: dict[str, Any] = field(default_factory=dict)
    #: The names of the members of each entity, by its key.
    members: dict[str, list[str]] = field(default_factory=dict)
    #: The members that each input is given for, by variable.
    given: dict[str, set[int]] = field(default_factory=dict)
    #: Whether users and groups are named, rather than variables alone.
    names_users: bool = False
    #: The groups that the situation names, by key.
    groups: set[str] = field(default_factory=set)


def period_of(node: Node, faults: Faults) -> Period | None:
    """Return the year or month that stands somewhere; None, and a fault, for anything else."""
    found = spelling.period(node.text) if node.kind in ("int", "text", "date") else None
    if found is None:
        faults.add(node, f"{describe(node)} is no period. Write a year (2019) or a month (2019-01).")
    return found


def value_of(node: Node, variable: Any, faults: Faults) -> Any:
    """Return a variable's value that stands somewhere; None, and a fault, where it is of another type."""
    name = variable.name
    if node.is_empty:
        faults.add(node, f"{name} has no value.")
    elif node.kind in ("list", "mapping"):
        faults.add(node, f"{name} of one member is one value, and not {describe(node)}.")
    elif hasattr(variable, "possible_values"):
        answers = variable.possible_values.names
        if node.kind == "text" and node.text in answers:
            return node.text
        faults.add(node, f"{describe(node)} is no answer of {name}. {nearest(node.text, answers)}")
    elif variable.value_type is bool:
        if node.kind == "bool":
            return node.value
        faults.add(node, f"{name} is true or false, and not {describe(node)}.")
    elif node.kind not in ("int", "float"):
        faults.add(node, f"{name} is a number, and not {describe(node)}. {how_to_write(node.text)}")
    elif variable.value_type is int and (node.kind == "float" or abs(node.value) > MOST_INT):
        faults.add(node, f"{name} is a whole number, at most {MOST_INT}, and not {node.text}.")
    else:
        return node.value
    return None


class SituationReader:
    """Reads the input of a test case."""

    def __init__(self, system: Any, default_period: Period | None, faults: Faults) -> None:
        self.system = system
        self.default_period = default_period
        self.faults = faults
        self.entities = {entity.key: entity for entity in system.entities}
        self.by_plural = {entity.plural: entity for entity in system.entities}
        self.person = system.person_entity

    def read(self, node: Node | None) -> Situation:
        """Return the situation that a case gives."""
        fields = dict(node.fields) if node and node.kind == "mapping" else {}
        if node and node.kind != "mapping":
            self.faults.add(
                node, f"'input' is written as keys and values ({{}} for none), and not as {describe(node)}."
            )
        if node and "axes" in fields:
            self.faults.add(node.keys["axes"], "axes make users that nobody sees: write each user out.")
            del fields["axes"]
        named = [key for key in fields if key in self.entities or key in self.by_plural]
        found = Situation(names_users=bool(named))
        if not node or not named:
            self._variables_alone(fields, node, found)
            return found
        for key in fields:
            if key not in named:
                kind = "a variable stands under its entity here" if key in self.system.variables else "unknown"
                near = nearest(key, [*self.by_plural, *self.entities])
                self.faults.add(node.keys[key], f"'{key}': {kind}. {near}")
        of_entity = {key: fields[key] for key in named}
        self._instances(of_entity, node, found)
        return found

    def _variables_alone(self, fields: Mapping[str, Node], node: Node | None, found: Situation) -> None:
        """Read variables without users: a list has a value for each user, each in groups of its own."""
        lengths: dict[int, str] = {}
        for name, value in fields.items():
            variable = self._variable(name, node.keys[name]) if node else None
            if variable is None:
                continue
            for period, at in self._by_period(variable, value):
                values = at.items if at.kind == "list" else [at]
                if not values:
                    self.faults.add(at, f"{name} has no value.")
                    continue
                lengths.setdefault(len(values), name)
                read = [value_of(inner, variable, self.faults) for inner in values]
                self._keep(found.for_core, name, period, read, at)
                found.given.setdefault(name, set()).update(range(len(values)))
        if len(lengths) > 1:
            (one, first), (other, second) = list(lengths.items())[:2]
            self.faults.add(node, f"{first} has {one} values and {second} {other}: give one for each user.")
        count = max(lengths, default=1)
        found.members = {key: [str(number) for number in range(count)] for key in self.entities}

    def _instances(self, fields: Mapping[str, Node], node: Node, found: Situation) -> None:
        """Read users and groups by name."""
        for entity in self.system.entities:
            key = next((key for key in (entity.plural, entity.key) if key in fields), None)
            if entity.plural in fields and entity.key in fields:
                self.faults.add(node.keys[entity.key], f"'{entity.key}' and '{entity.plural}' are both given.")
            if key is None:
                continue
            by_name = {entity.key: fields[key]} if key == entity.key else fields[key].fields
            if key == entity.plural and fields[key].kind != "mapping":
                self.faults.add(fields[key], f"'{key}' is written as names, each with its inputs.")
                continue
            if not entity.is_person:
                found.groups.add(entity.key)
            found.members[entity.key] = list(by_name)
            for number, (name, instance) in enumerate(by_name.items()):
                self._instance(entity, number, name, instance, found)
        self._groups(fields, node, found)

    def _groups(self, fields: Mapping[str, Node], node: Node, found: Situation) -> None:
        """Refuse a situation without users, or without the groups that it needs, or with users in none."""
        users = found.members.get(self.person.key, [])
        if not users:
            self.faults.add(node, f"the input names no users: give them under '{self.person.plural}'.")
        for entity in self.system.group_entities:
            if found.groups and entity.key in NEEDED - found.groups:
                message = f"'{entity.plural}' is left out, and core then puts each user in one of its own"
                self.faults.add(node, f"{message}: say which users belong to which {entity.key}.")
            if entity.key in found.groups:
                self._refuse_wrong_members(entity, users, fields, node, found)
            else:
                found.members[entity.key] = list(users)

    def _instance(self, entity: Any, number: int, name: str, node: Node, found: Situation) -> None:
        kept: dict[str, Any] = {}
        found.for_core.setdefault(entity.plural, {})[name] = kept
        if node.kind != "mapping":
            self.faults.add(
                node, f"'{name}' is written as keys and values ({{}} for none), and not as {describe(node)}."
            )
            return
        for key, value in node.fields.items():
            if key == ROLE and not entity.is_person:
                listed = value.items if value.kind == "list" else [value]
                kept[ROLE] = [user.text for user in listed if user.kind in ("text", "int")]
                continue
            variable = self._variable(key, node.keys[key])
            if variable is None:
                continue
            if variable.entity.key != entity.key:
                message = f"'{key}' belongs to '{variable.entity.plural}', and not to '{entity.plural}'."
                self.faults.add(node.keys[key], message)
                continue
            for period, at in self._by_period(variable, value):
                read = value_of(at, variable, self.faults)
                self._keep(kept, key, period, read, at)
                found.given.setdefault(key, set()).add(number)

    def _refuse_wrong_members(
        self, entity: Any, users: Sequence[str], fields: Mapping[str, Node], node: Node, found: Situation
    ) -> None:
        """Refuse a group that lists a user that there is not, one twice, or not all of them."""
        where = fields.get(entity.plural) or fields.get(entity.key) or node
        listed = [
            user for instance in found.for_core.get(entity.plural, {}).values() for user in instance.get(ROLE, [])
        ]
        for user in dict.fromkeys(listed):
            if user not in users:
                message = f"'{user}' is listed in '{entity.plural}' and is no user. {nearest(user, users)}"
                self.faults.add(where, message)
            elif listed.count(user) > 1:
                self.faults.add(where, f"the user '{user}' is listed in '{entity.plural}' more than once.")
        left_out = [user for user in users if user not in listed]
        if left_out:
            message = f"{len(left_out)} of the users, the first of them '{left_out[0]}', are in no {entity.key}."
            self.faults.add(where, f"{message} List each user under '{ROLE}' of one of the '{entity.plural}'.")

    def _variable(self, name: str, node: Node) -> Any:
        variable = self.system.variables.get(name)
        if variable is None:
            self.faults.add(node, f"there is no variable '{name}'. {nearest(name, self.system.variables)}")
        return variable

    def _by_period(self, variable: Any, node: Node) -> Iterator[tuple[Period, Node]]:
        """Yield the values of an input, each with its period."""
        if node.kind == "mapping":
            if not node.fields:
                self.faults.add(node, f"{variable.name} has no value.")
            dated = [(period_of(node.keys[key], self.faults), value) for key, value in node.fields.items()]
        else:
            if self.default_period is None:
                self.faults.add(node, f"{variable.name}: the test has no 'period', and the value none of its own.")
            dated = [(self.default_period, node)]
        for period, value in dated:
            if period is None:
                continue
            monthly = variable.definition_period == DateUnit.MONTH
            if period.unit == DateUnit.MONTH and not monthly:
                message = f"{variable.name} is given by {IN_WORDS[DateUnit.YEAR]}, and not for {period}."
                self.faults.add(value, message)
                continue
            yield period, value

    def _keep(self, kept: dict[str, Any], name: str, period: Period, value: Any, node: Node) -> None:
        dated = kept.setdefault(name, {})
        if str(period) in dated:
            self.faults.add(node, f"{name} is given twice for {period}, in two spellings of the period.")
        dated[str(period)] = value

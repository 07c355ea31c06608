"""What a test case gives, in any of the three forms that core takes: users and groups, one of each, variables alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from openfisca_core.periods import Period

from openfisca_bergen_hbt.situation import ROLE, Situation, reader
from openfisca_bergen_hbt.text import periods
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.strict_yaml import Faults, Node, describe

#: How long the path of a user, a unit, an area or an agency is.
MEMBER = 2


def period_of(node: Node, faults: Faults) -> Period | None:
    """Return the year or month that stands somewhere; None, and a fault, for anything else."""
    found = periods.period_in(node.text) if node.kind in ("int", "text", "date") else None
    if found is None:
        faults.add(node, _("{found} is no period. {write}").format(found=describe(node), write=_(periods.WRITE)))
    return found


def situation_given(node: Node | None, system: Any, default_period: Period | None, faults: Faults) -> Situation:
    """Return the situation that a case's input gives; with a fault, it is not to be computed.

    What is given without a period is given for the default one.
    """
    fields = dict(node.fields) if node else {}
    if node and node.kind != "mapping":
        faults.add(
            node,
            _("'input' is written as keys and values ({{}} for none), and not as {found}.").format(
                found=describe(node)
            ),
        )
    if node and fields.pop("axes", None):
        faults.add(node.keys["axes"], _("axes make users that nobody sees: write each user out."))
    door = _CaseDoor(node or Node("mapping", 0, 0), str(default_period or ""), faults)
    if any(key in fields for entity in system.entities for key in (entity.key, entity.plural)):
        return reader.read_situation(door.named(fields, system), system, door)
    found = reader.read_situation(door.alone(fields, system), system, door)
    users = found.members["bruker"]
    if len(users) > 1:  # who belongs where is left out, which the law knows by groups of the very same names
        return replace(found, members=dict.fromkeys(found.members, users))
    return found


class _CaseDoor(reader.Door):
    """Brings a case's input into the form of users and groups by name, and keeps where each part of it stands."""

    for_core = True

    def __init__(self, root: Node, period: str, faults: Faults) -> None:
        self.root = root
        self.period = period
        self.faults = faults
        #: The key and the value that stand at a path.
        self.places: dict[tuple[str, ...], tuple[Node, Node]] = {(): (root, root)}

    def fault(self, path: Sequence[str], message: str, kind: str = reader.VALUE) -> None:
        key, value = self._place(path)
        self.faults.add(value if kind == reader.VALUE else key, message[0].lower() + message[1:])

    def shown(self, path: Sequence[str], value: object) -> str:  # noqa: ARG002 (as it was written)
        return describe(self._place(path)[1])

    def _place(self, path: Sequence[str]) -> tuple[Node, Node]:
        way = tuple(path)
        while way not in self.places:
            way = way[:-1]
        return self.places[way]

    def named(self, fields: dict[str, Node], system: Any) -> dict[str, Any]:
        """Return users and groups by name; the only one of a kind may stand under the entity's key."""
        keys = dict(self.root.keys)
        for entity in system.entities:
            one = fields.pop(entity.key, None)
            if one and entity.plural in fields:
                self.faults.add(
                    keys[entity.key],
                    _("'{entity}' and '{plural}' are both given.").format(entity=entity.key, plural=entity.plural),
                )
            elif one:
                key = keys[entity.plural] = keys[entity.key]
                fields[entity.plural] = Node(
                    "mapping", key.line, key.column, fields={entity.key: one}, keys={entity.key: key}
                )
        return {key: self._plain(keys[key], node, key) for key, node in fields.items()}

    def alone(self, fields: dict[str, Node], system: Any) -> dict[str, Any]:
        """Return variables without users: a list has a value for each user, each in groups of its own."""
        body: dict[str, Any] = {entity.plural: {} for entity in system.entities}
        lengths: dict[int, str] = {}
        for name, value in fields.items():
            plural = system.variables[name].entity.plural if name in system.variables else ROLE
            for period, node in (value.fields or {self.period: value}).items():
                if not period:
                    self.faults.add(
                        node, _("{name}: the test has no 'period', and the value none of its own.").format(name=name)
                    )
                    continue
                nodes = node.items or [node]
                lengths.setdefault(len(nodes), name)
                for number, inner in enumerate(nodes):
                    path = (plural, str(number), name)
                    self.places[path] = (self.root.keys[name], value)
                    by_period = body[plural].setdefault(str(number), {}).setdefault(name, {})
                    by_period[period] = self._plain(value.keys.get(period, inner), inner, *path, period)
        if len(lengths) > 1:
            (one, first), (other, second) = list(lengths.items())[:2]
            self.fault(
                [],
                _("{first} has {one} values and {second} {other}: give one for each user.").format(
                    first=first, one=one, second=second, other=other
                ),
            )
        users = [str(number) for number in range(max(lengths, default=1))]
        for plural, given in body.items():
            belongs = {user: {} if plural == ROLE else {ROLE: [user]} for user in users}
            body[plural] = {user: given.get(user, {}) | belongs[user] for user in users}
        return body

    def _plain(self, key: Node, node: Node, *path: str) -> Any:
        """Return what stands somewhere in JSON's types, with what stands below it."""
        self.places[path] = (key, node)
        if len(path) == MEMBER:
            self._refuse_number(key)
        if path[2:] == (ROLE,) and path[0] != ROLE:
            users = [user for user in node.items or [node] if user.kind in ("text", "int", "date")]
            for user in users:
                self._refuse_number(user)
            return [user.text for user in users]
        if node.kind == "mapping":
            return {name: self._plain(node.keys[name], inner, *path, name) for name, inner in node.fields.items()}
        return [] if node.kind == "list" else node.value

    def _refuse_number(self, name: Node) -> None:
        """Refuse a name that core takes for a number or a date, and does not find again."""
        if name.kind != "text":
            self.faults.add(
                name,
                _("the name {text} is no text to core, which can't run it: put it in quotes.").format(text=name.text),
            )

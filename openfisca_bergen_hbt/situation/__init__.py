"""A situation: who there is, who belongs where, what is given and what is asked for, however it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openfisca_core.periods import Period

from openfisca_bergen_hbt.rules.money import IndexArray

#: What lists the users of a group.
ROLE = "brukere"


@dataclass
class InputColumn:
    """What is given, or asked for, of a variable in a period, by member."""

    variable: Any
    period: Period
    #: The period as it is written.
    spelled: str
    positions: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    #: What is given, with the default of members that it is not given for; shape (members of the entity,).
    array: Any = None


@dataclass(frozen=True)
class Situation:
    """Users, groups, inputs and questions."""

    #: The names of the members of each entity that is named, by its key.
    members: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    #: The group of each user, by the key of each entity of groups that is named.
    groups: Mapping[str, IndexArray] = field(default_factory=dict)
    #: What is given, that of months first, as core sets it.
    inputs: Sequence[InputColumn] = ()
    questions: Sequence[InputColumn] = ()

    def names(self, entity: str) -> Sequence[Any]:
        """Return the names of an entity's members; without a name each user has one of its own, as in core."""
        return self.members.get(entity, self.members["bruker"])

    def given_for(self) -> dict[str, set[int]]:
        """Return the members that each input is given for, by variable."""
        found: dict[str, set[int]] = {}
        for column in self.inputs:
            found.setdefault(column.variable.name, set()).update(column.positions)
        return found

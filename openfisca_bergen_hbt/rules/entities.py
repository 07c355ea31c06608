"""The four entities: a user, the unit that gets a budget, the area that figures are published for, the agency."""

from __future__ import annotations

from openfisca_core.entities import Entity, GroupEntity, Role


class GroupRole(Role):
    """A role that equals any other role of the same key."""

    def __eq__(self, other: object) -> bool:
        """Compare by key, so that a listed member has the role that ``has_role`` asks for."""
        return isinstance(other, Role) and other.key == self.key

    def __hash__(self) -> int:
        """Hash by key, as equality does."""
        return hash(self.key)


class MemberGroup(GroupEntity):
    """A group that can tell the users whom a request lists from those whom core places on its own.

    Core gives a listed user the role that it finds in ``roles``, and a user whom the request forgot the first of
    ``flattened_roles``. The two are equal but not the same object here, so that ``groups`` can refuse the latter.
    """

    def __init__(self, key: str, plural: str, label: str, doc: str) -> None:
        member = {"key": "bruker", "plural": "brukere", "label": "Brukere", "doc": "Brukerne som hører til gruppen."}
        super().__init__(key, plural, label, doc, [member])
        self.listed_role = GroupRole(member, self)
        self.BRUKER = GroupRole(member, self)
        self.roles = (self.listed_role,)
        self.flattened_roles = (self.BRUKER,)


Bruker = Entity("bruker", "brukere", "Bruker", "En mottaker av hjemmebaserte tjenester.")
Enhet = MemberGroup("enhet", "enheter", "Enhet", "En enhet i etaten som får et budsjett.")
Byomraade = MemberGroup("byomraade", "byomraader", "Byområde", "Et av de seks områdene som tall er publisert for.")
Etat = MemberGroup(
    "etat",
    "etater",
    "Etat",
    "Etaten, med ett lukket budsjett. En nasjonal kjøring har mange etater.",
)

ENTITIES = [Bruker, Enhet, Byomraade, Etat]

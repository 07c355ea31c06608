"""The four entities: a user, the unit that gets a budget, the area that figures are published for, the agency."""

from __future__ import annotations

from openfisca_core.entities import Entity

from openfisca_bergen_hbt.rules.core import MemberGroup

Bruker = Entity("bruker", "brukere", "Bruker", "En mottaker av hjemmebaserte tjenester.")
Enhet = MemberGroup("enhet", "enheter", "Enhet", "En enhet i etaten som får et budsjett.")
Byomraade = MemberGroup("byomraade", "byomraader", "Byområde", "Et av de seks områdene som tall er publisert for.")
Etat = MemberGroup("etat", "etater", "Etat", "Etaten, med ett lukket budsjett. En nasjonal kjøring har mange etater.")

ENTITIES = [Bruker, Enhet, Byomraade, Etat]

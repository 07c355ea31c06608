"""The regulation that a request asks for: the law in force, one by id or date, and changed numbers on top of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from msgspec import Meta

from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalError, changing
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version, in_force, with_proposals
from openfisca_bergen_hbt.law.versions import named as version_named
from openfisca_bergen_hbt.provenance import record
from openfisca_bergen_hbt.text import typed
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.web.api.errors import BAD, NOT_FOUND, RequestError, refusals

#: How many changes a request may make, and how many regulations it may name.
MOST_CHANGES, MOST_REGULATIONS = 100, 12
ONE = {
    "fault": marked("A change is an object with parameter, from, to, value."),
    "unknown": marked("A change has no '{name}'. It has {keys}."),
    "missing": marked("The change has no '{name}'."),
}
CHANGES = Annotated[
    list[Annotated[Change, Meta(extra=ONE)]],
    Meta(
        min_length=1,
        max_length=MOST_CHANGES,
        extra={"fault": marked("'changes' is a list of 1 to {most} changes."), "places": {"most": MOST_CHANGES}},
    ),
]


def version(chosen: Mapping[str, object], asked: str | None = None) -> tuple[str, Version]:
    """Return the name of the regulation that a request chooses, and the regulation with the request's changes.

    Args:
        chosen: of the body, ``regulation`` (``grunnregelverk``, a decision's id, or a date or month) and ``changes``
            (a list of changes of numbers), where they are given.
        asked: the regulation that the address names; None for none. Without either it is the law in force.

    Raises:
        RequestError: a name that no regulation has, two names, or changes that can't be made.
    """
    name = chosen.get("regulation", in_force().id if asked is None else asked)
    if asked not in (None, name):
        raise RequestError(_("The body names another regulation than the address. Send one."), ["regulation"])
    base = named(name, ["regulation"])
    return base.id, with_proposals(base, [proposal(chosen["changes"])])[0] if "changes" in chosen else base


def named(name: object, path: Sequence[str], status: int = BAD) -> Version:
    """Return a regulation by its name."""
    if not isinstance(name, str):
        raise RequestError(_("A regulation is named by a text: an id or a date."), path)
    with refusals(path, status):
        return version_named(name)


def proposal(changes: object) -> Proposal:
    """Return changes of numbers, as JSON holds them, as a proposal."""
    with refusals(["changes"]):
        found = typed.read(changes, CHANGES)
    try:
        return changing("changes", found, SYSTEMS.foundation(), [f"changes/{number}" for number in range(len(found))])
    except ProposalError as error:
        place, _, message = str(error).partition(": ")
        raise RequestError(message, place.split("/")) from None


def acts_from(version: Version) -> dict[str, str | None]:
    """Return the day from which each number that a request changes acts; None for one that never does (T-30)."""
    unchanged = SYSTEMS.system(replace(version, proposals=()))
    days = {change.parameter: history.acts_from(unchanged, change) for change in version.proposals[-1].changes}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def described(name: str) -> dict[str, Any]:
    """Return what a regulation is: its decisions, its hash, and the numbers that hold under it."""
    found = named(name, [], NOT_FOUND)
    day = found.day or history.last_day_of_the_decisions()
    return {
        "id": found.id,
        "title": found.title,
        "on": day.isoformat(),
        "decisions": [decision.id() for decision in found.decisions],
        "hash": record.hash_of(found),
        "numbers": [asdict(value) for value in history.values_on(SYSTEMS.system(found), day)],
    }

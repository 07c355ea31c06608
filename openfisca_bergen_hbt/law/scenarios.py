"""Scenarios: regulations that an analyst names and sets beside each other, each read and changed as she says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta, structs

from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalReform, changing, checked, read_proposal
from openfisca_bergen_hbt.law.shipped import shipped_proposals
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version, in_force, with_proposals
from openfisca_bergen_hbt.law.versions import versions as versions_named
from openfisca_bergen_hbt.regelverk import chosen_readings
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.typed import PlacedError

#: How many there is room for beside each other, and how long a name may be.
MOST, LONGEST_NAME = 4, 40
#: What is said of a name that none has.
NO_SCENARIO, NO_PROPOSAL = marked("There is no scenario '{name}'."), marked("There is no proposal '{name}'.")
#: A name: letters and digits, with single spaces between them.
NAME = re.compile(r"[^\W_]+(?: [^\W_]+)*")
#: How many readings, changes and the like a scenario may have, and how many proposals, each of which makes a law.
MOST_OF_EACH, MOST_PROPOSALS = 40, 8

MANY = Meta(max_length=MOST_OF_EACH)
Text = Annotated[str, Meta(extra={"fault": marked("A text is asked for here.")})]
Changes = Annotated[
    tuple[Change, ...],
    MANY,
    Meta(
        description=marked("Numbers set from a day on."),
        extra={"fault": marked("'changes' is a list of changes of numbers; at most 40.")},
    ),
]


class Inline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A proposal, as its file has it."""

    title: Text
    changes: Changes
    author: Text = ""
    reference: Text = ""
    description: Text = ""
    baseline: Text = ""


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A regulation with a name: which one, without which decisions, read how, and with which numbers."""

    name: Annotated[
        str,
        Meta(description=marked("Letters, digits and single spaces."), extra={"fault": marked("A name is a text.")}),
    ]
    regulation: Annotated[
        str | None,
        Meta(
            description=marked("grunnregelverk, a decision's id, or a date. Default: the law in force."),
            extra={"fault": marked("'regulation' is an id or a date, as a text.")},
        ),
    ] = None
    without: Annotated[
        tuple[str, ...],
        MANY,
        Meta(
            description=marked("Decisions to leave out."),
            extra={"fault": marked("'without' is a list of ids of decisions.")},
        ),
    ] = ()
    readings: Annotated[
        tuple[str, ...],
        MANY,
        Meta(
            description=marked("Rival readings."), extra={"fault": marked("'readings' is a list of ids of readings.")}
        ),
    ] = ()
    proposals: Annotated[
        tuple[str | Inline, ...],
        Meta(
            max_length=MOST_PROPOSALS,
            description=marked("Proposals, in order: names of shipped ones, or what a proposal's file has."),
            extra={"fault": marked("'proposals' is a list of names of shipped proposals, or of proposals; at most 8.")},
        ),
    ] = ()
    changes: Changes = ()


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Scenarios, and which of them the others are measured against."""

    scenarios: Annotated[
        tuple[Scenario, ...],
        Meta(
            min_length=1,
            max_length=MOST,
            description=marked("What to set beside each other."),
            extra={
                "fault": marked("'scenarios' is a list of 1 to 4 scenarios."),
                "argument": True,
                "metavar": "FILE",
                "file": True,
            },
        ),
    ]
    against: Annotated[
        str | None,
        Meta(
            description=marked("The scenario that the others are measured against, by name. Default: the first."),
            extra={"metavar": "NAME", "fault": marked("'against' is the name of a scenario.")},
        ),
    ] = None


@lru_cache(maxsize=16)
def versions(plan: Plan) -> tuple[Version, ...]:
    """Return the regulations of scenarios, each by its scenario's name: first the one that others are measured against.

    Raises:
        PlacedError: a name that can't be or stands twice, or a regulation that can't be made.
    """
    _check_names(plan)
    found = [_version(scenario, ["scenarios", str(place)]) for place, scenario in enumerate(plan.scenarios)]
    first = plan.against or found[0].id
    return tuple(sorted(found, key=lambda version: version.id != first))


def _check_names(plan: Plan) -> None:
    for place, scenario in enumerate(plan.scenarios):
        path = ["scenarios", str(place), "name"]
        if fault := fault_of_name(scenario.name):
            raise PlacedError(fault, path)
        before = [other.name for other in plan.scenarios[:place]]
        if alike := [name for name in before if names.letters(name) == names.letters(scenario.name)]:
            message = _("The name '{name}' is taken by another scenario, '{other}'. Give each a name of its own.")
            raise PlacedError(message.format(name=scenario.name, other=alike[0]), path)
    known = [scenario.name for scenario in plan.scenarios]
    if plan.against is not None and plan.against not in known:
        raise PlacedError(str(names.UnknownNameError(NO_SCENARIO, plan.against[: names.LONGEST], known)), ["against"])


def fault_of_name(name: str) -> str:
    """Return what is wrong with a name; an empty text where nothing is."""
    if not name.strip():
        return _("A scenario has a name: letters, digits and spaces.")
    if len(name) > LONGEST_NAME:
        return _("The name of a scenario has at most {most} characters.").format(most=LONGEST_NAME)
    if not NAME.fullmatch(name) or unicodedata.normalize("NFC", name) != name:
        message = _("'{name}' is no name of a scenario: letters and digits, with single spaces between them.")
        return message.format(name=name)
    return ""


def _version(scenario: Scenario, path: Sequence[str]) -> Version:
    """Return the regulation of a scenario."""
    law = SYSTEMS.foundation()
    proposals: list[Proposal] = []
    for number, written in enumerate(scenario.proposals):
        with _at([*path, "proposals", str(number)]):
            proposals.append(_proposal(written, number, law))
            law = ProposalReform(law, proposals[-1])  # the next one builds on it
    if scenario.changes:
        places = ["/".join([*path, "changes", str(number)]) for number in range(len(scenario.changes))]
        with _at_place():
            proposals.append(changing("set", scenario.changes, law, places))
    baseline = next((proposal.baseline for proposal in proposals if proposal.baseline), in_force().id)
    with _at([*path, "regulation"]):
        (base,) = versions_named([scenario.regulation or baseline], scenario.without)
    with _at([*path, "readings"]):
        base = replace(base, readings=chosen_readings(scenario.readings))
    with _at([*path, "proposals"]):
        made = [base, *with_proposals(base, proposals)][-1]
    return replace(made, id=scenario.name, called=scenario.name)


def _proposal(written: str | Inline, number: int, law: Any) -> Proposal:
    """Return a proposal that is shipped by name, or stands in full."""
    if isinstance(written, str):
        return read_proposal(names.pick(shipped_proposals(), written, NO_PROPOSAL), law)
    if not (written.changes and written.title.strip()):
        raise ValueError(_("A proposal has a title, and changes at least one number."))
    if len(written.title) > names.LONGEST:
        raise ValueError(_("The title of a proposal has at most {most} characters.").format(most=names.LONGEST))
    for text in (written.title, written.author, written.reference, written.description):
        if any(unicodedata.category(letter)[0] == "C" or letter in "\u2028\u2029" for letter in text.replace("\n", "")):
            raise ValueError(_("A text of the proposal holds a control character or an invisible one. Take it out."))
    return checked(Proposal(f"forslag-{number + 1}", **structs.asdict(written)), law)


@contextmanager
def _at(path: Sequence[str]) -> Iterator[None]:
    """Say of what is refused within where it stands."""
    try:
        yield
    except ValueError as error:
        raise PlacedError(str(error), path) from None


@contextmanager
def _at_place() -> Iterator[None]:
    """Say the same of what says where itself."""
    try:
        yield
    except ValueError as error:
        place, _colon, message = str(error).partition(": ")
        raise PlacedError(message, place.split("/")) from None

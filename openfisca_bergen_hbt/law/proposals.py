"""A proposal: changed numbers in a small YAML file, checked strictly, and run as a reform without any Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
from msgspec import Meta
from openfisca_core.periods import Instant
from openfisca_core.reforms import Reform

from openfisca_bergen_hbt.grunnregelverk import OwnEntities
from openfisca_bergen_hbt.law.bounds import Disorder, disorder, refuse_out_of_bounds
from openfisca_bergen_hbt.law.values import read_value, written
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY, parse_date, regulation_ids
from openfisca_bergen_hbt.rules.derived import follow, leaf
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.digits import number_in
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.strict_yaml import Faults, Node, YamlError, parse

TEXTS = ("title", "author", "reference", "description")
KEYS = (*TEXTS, "baseline", "changes")
CHANGE_KEYS = ("parameter", "from", "to", "value")
#: How many changes a heading has room for.
SHOWN = 3
#: What is said of a date that is none.
DAY = marked("A date is a text: 2019-01-01.")
#: After this no date is meant.
LAST_DAY = date(2100, 12, 31)


class ProposalError(ValueError):
    """A fault in a proposal, with the file, line and column where it stands."""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "stop": "to"}):
    """A parameter's new value from a day, and to and including a day or for good."""

    parameter: Annotated[str, Meta(extra={"fault": marked("A parameter is named by a text.")})]
    start: Annotated[date, Meta(extra={"fault": DAY})]
    value: Annotated[float, Meta(extra={"fault": marked("A value is a number.")})]
    stop: Annotated[date | None, Meta(extra={"fault": DAY})] = None


class Proposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Changes to a regulation, with what they are called and who proposes them."""

    id: str
    title: str
    changes: tuple[Change, ...]
    author: str = ""
    reference: str = ""
    description: str = ""
    baseline: str = ""


class ProposalReform(OwnEntities, Reform):
    """A regulation with a proposal's numbers; every day of it is checked, whatever it is composed of.

    Raises:
        ProposalError: numbers that can't stand together on some day, at the change that brings it about.
    """

    def __init__(self, baseline: Any, proposal: Proposal, places: Sequence[str] = ()) -> None:
        self.proposal = proposal
        self.places = places or [f"{proposal.id}: {change.parameter}" for change in proposal.changes]
        super().__init__(baseline)

    def apply(self) -> None:
        """Put the proposal's numbers in place of the baseline's."""
        self.name = self.proposal.title
        self.open_api_config = self.baseline.open_api_config
        self.modify_parameters(self._changed)

    def _changed(self, parameters: Any) -> Any:
        for change in self.proposal.changes:
            parameter = leaf(parameters, change.parameter)
            if "fixed_by" in parameter.metadata:
                continue  # a reading fixes the number: the proposal's value does nothing
            stop = Instant(change.stop.timetuple()[:3]) if change.stop else None
            parameter.update(start=Instant(change.start.timetuple()[:3]), stop=stop, value=change.value)
            parameter.metadata.setdefault("proposals", []).append((change.start, change.stop, self.proposal.title))
        changed = [found.name for found in names.parameters(parameters) if "proposals" in found.metadata]
        try:
            follow(parameters, changed)
        except ValueError as error:
            raise ProposalError(f"{self.places[0]}: {error}") from None
        if wrong := disorder(parameters):
            raise ProposalError(f"{self._place(wrong)}: {wrong.message}")
        return parameters

    def _place(self, wrong: Disorder) -> str:
        """Return where the change stands that brings numbers out of order: the last by then of those concerned."""
        concerned = [
            (change.start.isoformat() <= wrong.day, change.start, place)
            for change, place in zip(self.proposal.changes, self.places, strict=True)
            if change.parameter in wrong.parameters
        ]
        return max(concerned, key=lambda found: found[:2])[2] if concerned else self.places[0]


def read_proposal(path: Path, system: Any) -> Proposal:
    """Read a proposal from a file, and check it against a regulation.

    Raises:
        ProposalError: the file is no proposal; the message says where and why.
        OSError: the file can't be read.
    """
    try:
        root = parse(path.read_text(encoding="utf-8"), str(path), for_core=False)
    except UnicodeDecodeError:
        raise ProposalError(_("{path}: it is not UTF-8 text. Save it as UTF-8.").format(path=path)) from None
    except YamlError as error:
        raise ProposalError(str(error)) from None
    if root.kind == "null":
        raise ProposalError(
            _("{path}: the file is empty. A proposal has the keys {keys}.").format(path=path, keys=", ".join(KEYS))
        )
    return _ProposalReader(path.name, system).proposal(root, path.stem)


def from_settings(settings: Iterable[str], system: Any, day: date) -> Proposal:
    """Read changes from a command line: ``parameter=value`` (which holds from ``day``), or ``parameter=value@date``.

    Raises:
        ProposalError: a text that is no change.
    """
    changes, places = [], []
    for text in settings:
        match = re.fullmatch(r"\s*([\w.]+)\s*=\s*([^@]+?)\s*(?:@\s*(\S+))?\s*", text)
        if not match:
            raise ProposalError(_("--set {text}: write PARAMETER=VALUE or PARAMETER=VALUE@DATE.").format(text=text))
        place = f"--set {text}"
        try:
            value = read_value(match[2], names.find_parameter(system, match[1]))
        except ValueError as error:
            raise ProposalError(f"{place}: {error}") from None
        start = _date(match[3], place) if match[3] else day
        changes.append(Change(match[1], start, value))
        places.append(place)
    return changing("set", changes, system, places)


def changing(
    name: str, changes: Sequence[Change], system: Any, places: Sequence[str], called: str = "Endret"
) -> Proposal:
    """Return changes as a proposal that is called by what it changes; the first three, where there are more."""
    proposal = checked(Proposal(name, called, tuple(changes)), system, places)
    parameters = [names.find_parameter(system, change.parameter) for change in changes]
    ends = [parameter.name.split(".", 1)[-1] for parameter in parameters]
    said = [
        f"{end if ends.count(end) == 1 else parameter.name} = {written(change.value, parameter.metadata['unit'])}"
        for change, parameter, end in zip(changes[:SHOWN], parameters, ends, strict=False)
    ]
    more = " …" if len(changes) > SHOWN else ""
    return msgspec.structs.replace(proposal, title=f"{called} {', '.join(said)}{more}")


def checked(proposal: Proposal, system: Any, places: Sequence[str] = ()) -> Proposal:
    """Return a proposal whose every change is one that the regulation can take (``on_top``)."""
    on_top(proposal, system, places)
    return proposal


def on_top(proposal: Proposal, system: Any, places: Sequence[str] = ()) -> ProposalReform:
    """Return a regulation with a proposal on top of it, every change of which it can take.

    Args:
        proposal: the proposal.
        system: the regulation.
        places: where each change stands, such as ``forslag.yaml:9:5``, for what is said of a fault.

    Raises:
        ProposalError: an unknown parameter, a value that its unit does not allow, a date outside the law, two changes
            of one value for the same time, or numbers that can't stand together on some day.
    """
    standing = list(zip(proposal.changes, places or [proposal.id] * len(proposal.changes), strict=True))
    for number, (change, place) in enumerate(standing):
        try:
            _check(change, system)
        except ValueError as error:
            raise ProposalError(f"{place}: {error}") from None
        for other, earlier in standing[:number]:
            if other.parameter == change.parameter and _overlap(other, change):
                raise ProposalError(
                    _("{place}: {parameter} is already changed for the same time at {earlier}.").format(
                        place=place, parameter=change.parameter, earlier=earlier
                    )
                )
    return ProposalReform(system, proposal, places)  # refuses numbers that can't stand together


def checked_in_order(proposals: Iterable[Proposal], system: Any) -> list[Proposal]:
    """Return proposals, each of them checked on top of the ones before."""
    found = []
    for proposal in proposals:
        found.append(proposal)
        system = on_top(proposal, system)
    return found


def _check(change: Change, system: Any) -> None:
    """Refuse a change that the regulation can't take, with a ``ValueError``."""
    parameter = names.find_parameter(system, change.parameter)
    refuse_out_of_bounds(parameter, change.value)
    first = date.fromisoformat(parameter.values_list[-1].instant_str)
    if not first <= change.start <= LAST_DAY:
        raise ValueError(
            _("{start} is outside the law: {parameter} holds from {first} (and no date is later than {last}).").format(
                start=change.start, parameter=change.parameter, first=first, last=LAST_DAY
            )
        )
    if change.stop and not change.start <= change.stop <= LAST_DAY:
        raise ValueError(
            _("'to' ({stop}) is before 'from' ({start}), or too late.").format(stop=change.stop, start=change.start)
        )


def _overlap(one: Change, other: Change) -> bool:
    return one.start <= (other.stop or LAST_DAY) and other.start <= (one.stop or LAST_DAY)


def _date(text: str, place: str) -> date:
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    raise ProposalError(
        _("{place}: '{text}' is not a date. Write YYYY-MM-DD, from {first} onwards.").format(
            place=place, text=text, first=FOUNDATION_DAY
        )
    )


class _ProposalReader(Faults):
    """Reads a proposal; the first fault ends it."""

    def __init__(self, file: str, system: Any) -> None:
        super().__init__(file)
        self.system = system

    def add(self, node: Node | None, message: str) -> NoReturn:
        """Refuse the proposal for a fault, with a ``ProposalError``."""
        super().add(node, message)
        raise ProposalError(str(self.found[-1]))

    def proposal(self, node: Node, name: str) -> Proposal:
        """Return the proposal that a file's root holds."""
        fields = self.mapping(node, KEYS, _("a proposal"))
        for key in ("title", "baseline", "changes"):
            if key not in fields:
                self.add(
                    node,
                    _("the key '{key}' is missing. A proposal has the keys {keys}.").format(
                        key=key, keys=", ".join(KEYS)
                    ),
                )
        texts = {key: self._text(fields[key], key) for key in TEXTS if key in fields}
        baseline = self._baseline(fields["baseline"])
        changes = fields["changes"]
        if not changes.items:
            self.add(changes, _("'changes' is a list of at least one change, each beginning with '- parameter:'."))
        found = tuple(self._change(change) for change in changes.items)
        places = [self._place(change.fields["value"]) for change in changes.items]
        return checked(Proposal(id=name, changes=found, baseline=baseline, **texts), self.system, places)

    def _text(self, node: Node, key: str) -> str:
        text = (self.words(node, f"'{key}'") or "").strip()
        if any(unicodedata.category(letter)[0] == "C" for letter in text if letter not in "\n\t"):
            self.add(node, _("'{key}' holds a control character or an invisible one. Take it out.").format(key=key))
        if key == "title" and len(text) > names.LONGEST:
            self.add(
                node,
                _("'{key}' has more than {most} letters. Say the rest in 'description'.").format(
                    key=key, most=names.LONGEST
                ),
            )
        return text

    def _change(self, node: Node) -> Change:
        fields = self.mapping(node, CHANGE_KEYS, _("a change"))
        for key in ("parameter", "from", "value"):
            if key not in fields:
                self.add(
                    node,
                    _("the change has no '{key}'. A change has {keys}.").format(key=key, keys=", ".join(CHANGE_KEYS)),
                )
        return Change(
            parameter=self._parameter(fields["parameter"]),
            start=self._date(fields["from"], "from"),
            stop=self._date(fields["to"], "to") if "to" in fields else None,
            value=self._number(fields["value"]),
        )

    def _baseline(self, node: Node) -> str:
        name, known = self._scalar(node, "baseline"), regulation_ids()
        try:
            if name not in known:
                parse_date(name)
        except ValueError:
            unknown = names.UnknownNameError(names.NO_REGULATION, name, known)
            by_date = _("A date will do, too: as adopted by then.")
            self.add(node, f"{unknown} {by_date}")
        return name

    def _parameter(self, node: Node) -> str:
        name = (self.words(node, "'parameter'") or "").strip()
        try:
            names.find_parameter(self.system, name)
        except names.UnknownNameError as error:
            self.add(node, str(error))
        return name

    def _date(self, node: Node, key: str) -> date:
        return _date(self._scalar(node, key), self._place(node))

    def _number(self, node: Node) -> float:
        text = self._scalar(node, "value")
        value = None if node.quoted else number_in(text)
        if value is None:
            self.add(node, _("'value' is a number, written like 0.05 or 12000, and not '{text}'.").format(text=text))
        return value

    def _scalar(self, node: Node, key: str) -> str:
        if not node.text.strip():
            self.add(node, _("'{key}' is empty or not a single value.").format(key=key))
        return node.text.strip()

    def _place(self, node: Node) -> str:
        return f"{self.file}:{node.line}:{node.column}"

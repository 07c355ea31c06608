"""A proposal: changed numbers in a small YAML file, checked strictly, and run as a reform without any Python."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from openfisca_core.periods import Instant
from openfisca_core.reforms import Reform

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.grunnregelverk import OwnEntities
from openfisca_bergen_hbt.regelverk import FOUNDATION, FOUNDATION_DAY, decisions, parse_date
from openfisca_bergen_hbt.text import names

TEXTS = ("title", "author", "reference", "description", "baseline")
KEYS = (*TEXTS, "changes")
CHANGE_KEYS = ("parameter", "from", "to", "value")
#: Parameters that must rise, in the order of their names.
ASCENDING = "kategorimodell.nedre_grense."
#: After this no date is meant.
LAST_DAY = date(2100, 12, 31)


class ProposalError(ValueError):
    """A fault in a proposal, with the file, line and column where it stands."""


@dataclass(frozen=True)
class Change:
    """A parameter's new value from a day, and to and including a day or for good."""

    parameter: str
    start: date
    stop: date | None
    value: float
    #: Where it stands, such as ``forslag.yaml:9:5``.
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class Proposal:
    """Changes to a regulation, with what they are called and who proposes them."""

    id: str
    title: str
    changes: tuple[Change, ...]
    author: str = ""
    reference: str = ""
    description: str = ""
    baseline: str = ""


class ProposalReform(OwnEntities, Reform):
    """A regulation with a proposal's numbers."""

    def __init__(self, baseline: Any, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(baseline)

    def apply(self) -> None:
        """Put the proposal's numbers in place of the baseline's."""
        self.name = self.proposal.title
        self.open_api_config = self.baseline.open_api_config
        self.modify_parameters(self._changed)

    def _changed(self, parameters: Any) -> Any:
        for change in self.proposal.changes:
            parameter = parameters
            for name in change.parameter.split("."):
                parameter = parameter.children[name]
            stop = Instant(change.stop.timetuple()[:3]) if change.stop else None
            parameter.update(start=Instant(change.start.timetuple()[:3]), stop=stop, value=change.value)
            parameter.metadata.setdefault("proposals", []).append((change.start, change.stop, self.proposal.title))
        _refuse_disorder(parameters, self.proposal.changes)
        return parameters


def read(path: Path, system: Any) -> Proposal:
    """Read a proposal from a file, and check it against a regulation.

    Raises:
        ProposalError: the file is no proposal; the message says where and why.
        OSError: the file can't be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ProposalError(f"{path}: the file is not UTF-8 text.") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ProposalError(f"{path}{where}: {error.problem}.") from None
    except yaml.YAMLError as error:
        raise ProposalError(f"{path}: {error}.") from None
    if node is None:
        raise ProposalError(f"{path}: the file is empty. A proposal has the keys {', '.join(KEYS)}.")
    return _Reader(path.name, system).proposal(node, path.stem)


def from_settings(settings: Iterable[str], system: Any, day: date) -> Proposal:
    """Read changes from a command line: ``parameter=value``, or ``parameter=value@date``.

    Args:
        settings: the texts.
        system: the regulation that they change.
        day: from when a change without a date holds.

    Raises:
        ProposalError: a text that is no change.
    """
    changes = []
    for text in settings:
        match = re.fullmatch(r"\s*([\w.]+)\s*=\s*([^@]+?)\s*(?:@\s*(\S+))?\s*", text)
        if not match:
            raise ProposalError(f"--set {text}: write PARAMETER=VALUE or PARAMETER=VALUE@DATE.")
        place = f"--set {text}"
        try:
            value = float(match[2])
        except ValueError:
            raise ProposalError(f"{place}: '{match[2]}' is not a number. Write it with a decimal point.") from None
        start = _date(match[3], place) if match[3] else day
        changes.append(Change(match[1], start, None, value, place))
    title = ", ".join(f"{change.parameter.split('.', 1)[-1]} = {change.value:g}" for change in changes)
    return checked(Proposal("set", f"Endret {title}", tuple(changes)), system)


def checked(proposal: Proposal, system: Any) -> Proposal:
    """Return a proposal whose every change is one that the regulation can take.

    Raises:
        ProposalError: an unknown parameter, a value that its unit does not allow, a date outside the law, two changes
            of one value for the same time, or bounds out of order.
    """
    for number, change in enumerate(proposal.changes):
        _check(change, system)
        for other in proposal.changes[:number]:
            if other.parameter == change.parameter and _overlap(other, change):
                raise ProposalError(
                    f"{change.place}: {change.parameter} is already changed for the same time at {other.place}.",
                )
    ProposalReform(system, proposal)  # refuses bounds out of order
    return proposal


def _check(change: Change, system: Any) -> None:
    try:
        parameter = names.find_parameter(system, change.parameter)
    except names.UnknownNameError as error:
        raise ProposalError(f"{change.place}: {error}") from None
    unit = data.units()[parameter.metadata["unit"]]
    low, high = unit.get("minimum", -math.inf), unit.get("maximum", math.inf)
    if not (math.isfinite(change.value) and low <= change.value <= high):
        bounds = (
            f"from {low:g} to {high:g}" if high < math.inf else f"from {low:g} upwards" if low > -math.inf else "finite"
        )
        raise ProposalError(f"{change.place}: {change.parameter} is {change.value:g}; it must be {bounds}.")
    first = date.fromisoformat(parameter.values_list[-1].instant_str)
    if not first <= change.start <= LAST_DAY:
        raise ProposalError(
            f"{change.place}: {change.start} is outside the law: {change.parameter} holds from {first} "
            f"(and no date is later than {LAST_DAY}).",
        )
    if change.stop and not change.start <= change.stop <= LAST_DAY:
        raise ProposalError(f"{change.place}: 'to' ({change.stop}) is before 'from' ({change.start}), or too late.")


def _overlap(one: Change, other: Change) -> bool:
    return one.start <= (other.stop or LAST_DAY) and other.start <= (one.stop or LAST_DAY)


def _refuse_disorder(parameters: Any, changes: Sequence[Change]) -> None:
    """Refuse bounds that do not rise, on any day from which something is changed."""
    bounds = parameters.kategorimodell.nedre_grense.children
    for change in changes:
        if not change.parameter.startswith(ASCENDING):
            continue
        values = [bounds[name].get_at_instant(Instant(change.start.timetuple()[:3])) for name in sorted(bounds)]
        if any(low >= high for low, high in pairwise(values)):
            in_words = " < ".join(f"{value:g}" for value in values)
            raise ProposalError(f"{change.place}: the lower bounds must rise; from {change.start} they are {in_words}.")


def _date(text: str, place: str) -> date:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        day = None
    if day is None:
        raise ProposalError(f"{place}: '{text}' is not a date. Write YYYY-MM-DD, from {FOUNDATION_DAY} onwards.")
    return day


class _Reader:
    """Reads a proposal from YAML nodes, which know their line and column."""

    def __init__(self, file: str, system: Any) -> None:
        self.file = file
        self.system = system

    def proposal(self, node: Any, name: str) -> Proposal:
        """Return the proposal that a file's root node holds."""
        fields = self._mapping(node, KEYS, "a proposal")
        for key in ("title", "baseline", "changes"):
            if key not in fields:
                raise self._error(node, f"the key '{key}' is missing. A proposal has the keys {', '.join(KEYS)}")
        texts = {key: self._text(fields[key], key) for key in TEXTS if key in fields}
        self._check_baseline(fields["baseline"], texts["baseline"])
        changes = fields["changes"]
        if not isinstance(changes, yaml.SequenceNode) or not changes.value:
            raise self._error(changes, "'changes' is a list of at least one change, each beginning with '- parameter:'")
        found = Proposal(id=name, changes=tuple(self._changes(changes.value)), **texts)
        return checked(found, self.system)

    def _changes(self, nodes: Iterable[Any]) -> Iterator[Change]:
        for node in nodes:
            fields = self._mapping(node, CHANGE_KEYS, "a change")
            for key in ("parameter", "from", "value"):
                if key not in fields:
                    raise self._error(node, f"the change has no '{key}'. A change has {', '.join(CHANGE_KEYS)}")
            yield Change(
                parameter=self._parameter(fields["parameter"]),
                start=_date(self._scalar(fields["from"], "from"), self._place(fields["from"])),
                stop=_date(self._scalar(fields["to"], "to"), self._place(fields["to"])) if "to" in fields else None,
                value=self._number(fields["value"]),
                place=self._place(fields["value"]),
            )

    def _check_baseline(self, node: Any, name: str) -> None:
        known = (FOUNDATION, *(decision.id() for decision in decisions()))
        if name in known:
            return
        try:
            parse_date(name)
        except ValueError:
            near = str(names.UnknownNameError("regulation", name, known)).rstrip(".")
            raise self._error(node, f"{near} (or a date, as adopted by then)") from None

    def _parameter(self, node: Any) -> str:
        name = self._text(node, "parameter")
        try:
            names.find_parameter(self.system, name)
        except names.UnknownNameError as error:
            raise self._error(node, str(error).rstrip(".")) from None
        return name

    def _mapping(self, node: Any, allowed: Sequence[str], what: str) -> dict[str, Any]:
        self._refuse_tag(node)
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{what} is written as keys and values: {', '.join(allowed)}")
        fields: dict[str, Any] = {}
        for key, value in node.value:
            self._refuse_tag(key)
            if key.value not in allowed:
                near = names.UnknownNameError("key", str(key.value), allowed)
                raise self._error(key, str(near).rstrip("."))
            if key.value in fields:
                raise self._error(key, f"the key '{key.value}' stands twice")
            fields[key.value] = value
        return fields

    def _scalar(self, node: Any, key: str) -> str:
        self._refuse_tag(node)
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self._error(node, f"'{key}' is empty or not a single value")
        return str(node.value).strip()

    def _text(self, node: Any, key: str) -> str:
        text = self._scalar(node, key)
        if node.tag != "tag:yaml.org,2002:str" and key != "baseline":
            raise self._error(node, f"'{key}' is text: put '{text}' in quotes")
        return text

    def _number(self, node: Any) -> float:
        text = self._scalar(node, "value")
        plain = node.style is None and re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", text)
        if not plain or re.match(r"-?0\d", text):
            raise self._error(node, f"'value' is a number, written like 0.05 or 12000, and not '{text}'")
        return float(text)

    def _refuse_tag(self, node: Any) -> None:
        if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
            raise self._error(node, f"the tag '{node.tag}' is not allowed: a proposal holds text and numbers only")

    def _place(self, node: Any) -> str:
        return f"{self.file}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def _error(self, node: Any, message: str) -> ProposalError:
        return ProposalError(f"{self._place(node)}: {message}.")

"""Parameter files, checked strictly: what core would load without a word, and take for another number or for none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from openfisca_core.parameters import ParameterNode

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.audit.discovery import ENDINGS, NoFilesError, files_in
from openfisca_bergen_hbt.audit.parameter_trees import of_tree
from openfisca_bergen_hbt.law.bounds import OFF_THE_TOP
from openfisca_bergen_hbt.law.proposals import LAST_DAY
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY, decisions
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.numbers import plain
from openfisca_bergen_hbt.text.strict_yaml import Fault, Faults, Node, YamlError, describe, parse, read_text

KEYS = ("description", "documentation", "metadata", "values")
INDEX = "index"
INDEX_KEYS = ("description", "documentation")
METADATA = (
    "unit",
    "bound",
    "basis",
    "interpretation",
    "decision",
    "range",
    "range_reason",
    "derived_from",
    "reference",
)
BASES = ("adopted", "published", "derived", "assumption")
#: The kinds of basis that need a range.
UNCERTAIN = ("derived", "assumption")
#: What a bound may be: a lower one that belongs to what lies above it, or does not; an upper one that belongs below.
BOUNDS = ("lower", "lower_open", "upper")
REFERENCE = ("title", "place")
#: Where numbers must rise from file to file, by the name of the folder.
ASCENDING = "nedre_grense"
#: What stands beside the files and is no parameter.
CODE = (".py", ".pyc")
#: What a parameter of the name would overwrite.
TAKEN = frozenset(dir(ParameterNode("", data={})))
#: How far ahead of today a value may begin.
YEARS_AHEAD = 5
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class FileNumber:
    """A number of a file, from a day on."""

    start: date
    value: float
    node: Node


def check(path: Path) -> tuple[list[Path], list[Fault]]:
    """Check a parameter file, or the files of a folder.

    Returns:
        The files that were checked, and what is wrong with them.

    Raises:
        NoFilesError: the path matches no file.
    """
    if not path.exists():
        raise NoFilesError(f"'{path}' matches no file. Give a parameter file, or a folder of them.")
    inside = list(files_in(path)) if path.is_dir() else [path]
    files = [file for file in inside if path.is_file() or not (file.suffix in CODE or file.name == "py.typed")]
    if not files:
        raise NoFilesError(f"'{path}' holds no parameter file.")
    found = list(_wrong_names(path, files))
    numbers: dict[Path, list[FileNumber]] = {}
    for file in files:
        if file.suffix in ENDINGS:
            faults, numbers[file] = _check_file(file)
            found += faults
    return files, found + list(_out_of_order(numbers)) + list(_above_the_whole(numbers)) + list(of_tree(path, files))


def _wrong_names(path: Path, files: Sequence[Path]) -> Iterator[Fault]:
    """Yield the files that core passes over, and those whose names it can't take for a parameter."""
    by_name: dict[Path, Path] = {}
    for file in files:
        if file.suffix not in ENDINGS:
            yield Fault(str(file), 0, 0, "core passes over it: its name does not end in .yaml or .yml.")
            continue
        if file.suffix != ENDINGS[0]:
            yield Fault(
                str(file), 0, 0, f"its name ends in {file.suffix}, which not all that reads it looks for: {ENDINGS[0]}."
            )
        inside = [
            file.stem,
            *(folder.name for folder in file.parents if folder != path and folder.is_relative_to(path)),
        ]
        if taken := next((part for part in inside if part in TAKEN), None):
            yield Fault(str(file), 0, 0, f"'{taken}' is what core calls a part of its own: give it another name.")
        if not NAME.fullmatch(file.stem):
            message = f"'{file.stem}' is no name of a parameter: write a-z, 0-9 and _, and begin with a letter."
            yield Fault(str(file), 0, 0, message)
        other = by_name.setdefault(file.with_suffix(""), file)
        if other is not file:
            yield Fault(str(file), 0, 0, f"'{other.name}' gives the same parameter; core keeps one of them.")
        if file.with_suffix("").is_dir():
            yield Fault(str(file), 0, 0, f"the folder '{file.stem}' has the same name; core keeps one of them.")


def _check_file(file: Path) -> tuple[list[Fault], list[FileNumber]]:
    """Return what is wrong with a file, and the numbers in it."""
    faults = Faults(str(file))
    try:
        root = parse(read_text(file, str(file)), str(file))
    except YamlError as error:
        return [error.fault], []
    if root.kind == "null":
        faults.add(None, f"the file is empty. A parameter has the keys {', '.join(KEYS)}.")
        return faults.found, []
    is_index = file.stem == INDEX
    fields = faults.mapping(root, INDEX_KEYS if is_index else KEYS, "an index" if is_index else "a parameter")
    if root.kind != "mapping":
        return faults.found, []
    for key in ("description",) if is_index else ("description", "metadata", "values"):
        if key not in fields:
            faults.add(root, f"the key '{key}' is missing.")
    for key in ("description", "documentation"):
        if key in fields:
            faults.words(fields[key], f"'{key}'")
    if is_index:
        return faults.found, []
    reader = _Metadata(faults, fields.get("metadata"))
    numbers = list(_values(fields["values"], faults)) if "values" in fields else []
    for number in numbers:
        reader.check(number)
    reader.check_first(numbers)
    return faults.found, numbers


class _Metadata:
    """What a file says of its numbers, which they are held against."""

    def __init__(self, faults: Faults, node: Node | None) -> None:
        self.faults = faults
        self.fields: Mapping[str, Node] = {}
        self.unit: Mapping[str, Any] = {}
        self.unit_name = ""
        self.range: tuple[float, float] | None = None
        self.adopted: date | None = None
        #: The first budget year of the decision.
        self.budgeted: date | None = None
        if node is None:
            return
        self.fields = faults.mapping(node, METADATA, "the metadata")
        for key in ("unit", "basis", "reference"):
            if key not in self.fields and node.kind == "mapping":
                faults.add(node, f"the metadata lack '{key}'.")
        self._names()
        self._range()
        self._references()

    def _names(self) -> None:
        units, texts = data.units(), data.interpretations()
        ids = {decision.id(): decision for decision in decisions()}
        self.unit_name = self._one_of("unit", units, "no unit of the registry")
        self.unit = units.get(self.unit_name, {})
        basis = self._one_of("basis", BASES, "no basis")
        self._one_of("bound", BOUNDS, "no kind of bound")
        self._one_of("interpretation", texts, "no interpretation")
        decision = self._one_of("decision", ids, "no decision")
        if decision in ids:
            self.adopted, in_force = ids[decision].adopted_by(), ids[decision].in_force
            self.budgeted = date(in_force.year + (in_force > date(in_force.year, 1, 1)), 1, 1)
        if basis == "adopted" and "decision" not in self.fields:
            self.faults.add(self.fields["basis"], "an adopted number names its decision: add 'decision'.")
        if basis in UNCERTAIN and not {"range", "derived_from"} & {*self.fields}:
            message = f"a number that is {'derived' if basis == 'derived' else 'assumed'} has a range: add 'range'."
            self.faults.add(self.fields["basis"], message)
        if "range" in self.fields and "derived_from" in self.fields:
            message = "a number that follows others has the range that they give it: leave 'range' out."
            self.faults.add(self.fields["range"], message)
        elif "range" in self.fields and "range_reason" not in self.fields:
            self.faults.add(self.fields["range"], "a range has a reason: add 'range_reason'.")
        for key in {"range_reason", "derived_from"} & {*self.fields}:
            for node in self.fields[key].items or [self.fields[key]]:
                self.faults.words(node, f"'{key}'")

    def _one_of(self, key: str, known: Any, what: str) -> str:
        if key not in self.fields:
            return ""
        node = self.fields[key]
        name = self.faults.words(node, f"'{key}'")
        if name is not None and name not in known:
            self.faults.add(node, f"'{name}' is {what}. {nearest(name, known)}")
        return name if name is not None and name in known else ""

    def _range(self) -> None:
        given = self.fields.get("range")
        if given is None:
            return
        limits = [self.faults.number(item, "a limit of the range") for item in given.items]
        if given.kind != "list" or len(limits) != 2:  # noqa: PLR2004 (low and high)
            self.faults.add(given, "'range' is a list of two numbers, [low, high].")
        elif None not in limits:
            low, high = (limit for limit in limits if limit is not None)
            if low > high:
                self.faults.add(given, f"the range falls: {plain(low)} is above {plain(high)}.")
            for item in given.items:
                self._within_unit(item, "a limit of the range")
            self.range = (low, high)

    def _references(self) -> None:
        node = self.fields.get("reference")
        if node is None:
            return
        if node.kind != "list" or not node.items:
            self.faults.add(node, "'reference' is a list of at least one source, each with title and place.")
        for item in node.items:
            fields = self.faults.mapping(item, REFERENCE, "a reference")
            for key in REFERENCE:
                if key not in fields:
                    self.faults.add(item, f"the reference has no '{key}'.")
                    continue
                text = self.faults.words(fields[key], f"'{key}'")
                if key == "title" and text and text not in (*data.sources(), *(found.title for found in decisions())):
                    self.faults.add(fields[key], f"there is no source '{text}'. {nearest(text, data.sources())}")

    def check(self, number: FileNumber) -> None:
        """Hold a number against its unit, its range and its decision."""
        self._within_unit(number.node, "the value")
        if self.range and not self.range[0] <= number.value <= self.range[1]:
            low, high = self.range
            self.faults.add(
                number.node, f"the value {number.node.text} lies outside its range, {plain(low)} to {plain(high)}."
            )
        if self.adopted and number.start < self.adopted:
            message = f"the value begins on {number.start}, before its decision was adopted ({self.adopted:%Y-%m})."
            self.faults.add(number.node, message)

    def check_first(self, numbers: Sequence[FileNumber]) -> None:
        """Hold the first of the numbers against the decision: from its first budget year on, rules read it."""
        first = min(numbers, key=lambda number: number.start, default=None)
        if first and self.budgeted and first.start > self.budgeted:
            message = f"the first value begins on {first.start}, after its decision's first budget year began"
            self.faults.add(first.node, f"{message} ({self.budgeted}).")

    def _within_unit(self, node: Node, what: str) -> None:
        if node.kind not in ("int", "float"):
            return
        low, high = self.unit.get("minimum", -math.inf), self.unit.get("maximum", math.inf)
        if not low <= node.value <= high:
            allowed = f"{plain(low)} to {plain(high)}" if high < math.inf else f"{plain(low)} upwards"
            self.faults.add(node, f"{what} {node.text} is outside what the unit '{self.unit_name}' allows: {allowed}.")
        if self.unit.get("whole") and not float(node.value).is_integer():
            self.faults.add(node, f"{what} {node.text} has decimals, and the unit '{self.unit_name}' is whole.")


def _values(node: Node, faults: Faults) -> Iterator[FileNumber]:
    if node.kind != "mapping" or not node.fields:
        faults.add(node, "'values' is written as dates, each with its value.")
        return
    for text, dated in node.fields.items():
        start = _day(node.keys[text], faults)
        if dated.kind != "mapping":
            faults.add(dated, f"under {text} stands {describe(dated)}: write 'value:' and the number below the date.")
            continue
        fields = faults.mapping(dated, ("value",), "a dated value")
        if "value" not in fields:
            faults.add(dated, f"under {text} there is no 'value'.")
            continue
        value = faults.number(fields["value"], "the value")
        if start and value is not None:
            yield FileNumber(start, value, fields["value"])


def _day(node: Node, faults: Faults) -> date | None:
    """Return the date that a value holds from; None, and a fault, where it is none."""
    advice = f"Write YYYY-MM-DD, from {FOUNDATION_DAY} to {LAST_DAY}."
    wrong, day = f"{describe(node)} is no date", None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.text):
            day = date.fromisoformat(node.text)
    except ValueError:
        wrong = f"'{node.text}' is no day of the calendar"
    if day and not node.quoted:
        if FOUNDATION_DAY <= day <= LAST_DAY:
            today = datetime.now(tz=UTC).date()
            if (day.year - YEARS_AHEAD, day.month, day.day) > (today.year, today.month, today.day):
                faults.add(node, f"{day} lies more than {YEARS_AHEAD} years ahead. {advice}")
            return day
        wrong = f"{day} is outside the law"
    faults.add(node, f"{wrong}. {advice}")
    return None


def _out_of_order(numbers: dict[Path, list[FileNumber]]) -> Iterator[Fault]:
    """Yield the bounds that do not rise from file to file, on any day from which one holds."""
    for folder in dict.fromkeys(file.parent for file in numbers if file.parent.name == ASCENDING):
        inside = sorted(file for file in folder.iterdir() if file.suffix in ENDINGS and file.stem != INDEX)
        by_file = {file: numbers[file] if file in numbers else _check_file(file)[1] for file in inside}
        first = next(iter(by_file))
        for number in by_file[first] if first in numbers else ():
            if number.value != 0:
                message = "the first bound is 0, or who has fewer hours has no category"
                yield Fault(
                    str(first), number.node.line, number.node.column, f"{message}; it is {plain(number.value)}."
                )
        days = sorted({number.start for found in by_file.values() for number in found})
        for day in days:
            known = _held(by_file, day)
            for (_, low), (file, high) in pairwise(known):
                if low.value >= high.value and file in numbers:
                    message = (
                        f"the lower bounds must rise; on {day} {plain(high.value)} comes after {plain(low.value)}."
                    )
                    yield Fault(str(file), high.node.line, high.node.column, message)
            begun = {file for file, _ in known}
            for file in by_file:
                if file not in begun and file in numbers:
                    yield Fault(str(file), 0, 0, f"it has no value on {day}, when other bounds have begun.")


def _above_the_whole(numbers: dict[Path, list[FileNumber]]) -> Iterator[Fault]:
    """Yield where the shares that are taken off the top of the frame make more than the whole of it on some day."""
    for root in dict.fromkeys(file.parent.parent for file in numbers):
        shares = {file: numbers[file] for file in numbers if _name_in(root, file) in OFF_THE_TOP}
        for day in sorted({number.start for found in shares.values() for number in found}):
            held = _held(shares, day)
            if sum(number.value for _, number in held) > 1:
                file, number = max(held, key=lambda found: found[1].start)
                parts = " + ".join(plain(number.value) for _, number in held)
                message = f"{' + '.join(OFF_THE_TOP)} must be at most 1; on {day} it is {parts}."
                yield Fault(str(file), number.node.line, number.node.column, message)


def _name_in(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts) if file.is_relative_to(root) else ""


def _held(numbers: Mapping[Path, Sequence[FileNumber]], day: date) -> list[tuple[Path, FileNumber]]:
    """Return the number of each file that holds on a day, for those that have begun."""
    begun = {file: [number for number in found if number.start <= day] for file, found in numbers.items()}
    return [(file, max(found, key=lambda number: number.start)) for file, found in begun.items() if found]

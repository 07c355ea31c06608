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
from openfisca_bergen_hbt.text.language import _
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
        raise NoFilesError(_("'{path}' matches no file. Give a parameter file, or a folder of them.").format(path=path))
    inside = list(files_in(path)) if path.is_dir() else [path]
    files = [file for file in inside if path.is_file() or not (file.suffix in CODE or file.name == "py.typed")]
    if not files:
        raise NoFilesError(_("'{path}' holds no parameter file.").format(path=path))
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
            yield Fault(str(file), 0, 0, _("core passes over it: its name does not end in .yaml or .yml."))
            continue
        if file.suffix != ENDINGS[0]:
            yield Fault(
                str(file),
                0,
                0,
                _("its name ends in {ending}, which not all that reads it looks for: {usual}.").format(
                    ending=file.suffix, usual=ENDINGS[0]
                ),
            )
        inside = [
            file.stem,
            *(folder.name for folder in file.parents if folder != path and folder.is_relative_to(path)),
        ]
        if taken := next((part for part in inside if part in TAKEN), None):
            yield Fault(
                str(file),
                0,
                0,
                _("'{taken}' is what core calls a part of its own: give it another name.").format(taken=taken),
            )
        if not NAME.fullmatch(file.stem):
            message = _("'{name}' is no name of a parameter: write a-z, 0-9 and _, and begin with a letter.").format(
                name=file.stem
            )
            yield Fault(str(file), 0, 0, message)
        other = by_name.setdefault(file.with_suffix(""), file)
        if other is not file:
            yield Fault(
                str(file), 0, 0, _("'{name}' gives the same parameter; core keeps one of them.").format(name=other.name)
            )
        if file.with_suffix("").is_dir():
            yield Fault(
                str(file),
                0,
                0,
                _("the folder '{name}' has the same name; core keeps one of them.").format(name=file.stem),
            )


def _check_file(file: Path) -> tuple[list[Fault], list[FileNumber]]:
    """Return what is wrong with a file, and the numbers in it."""
    faults = Faults(str(file))
    try:
        root = parse(read_text(file, str(file)), str(file))
    except YamlError as error:
        return [error.fault], []
    if root.kind == "null":
        faults.add(None, _("the file is empty. A parameter has the keys {keys}.").format(keys=", ".join(KEYS)))
        return faults.found, []
    is_index = file.stem == INDEX
    fields = faults.mapping(root, INDEX_KEYS if is_index else KEYS, _("an index") if is_index else _("a parameter"))
    if root.kind != "mapping":
        return faults.found, []
    for key in ("description",) if is_index else ("description", "metadata", "values"):
        if key not in fields:
            faults.add(root, _("the key '{key}' is missing.").format(key=key))
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
        self.fields = faults.mapping(node, METADATA, _("the metadata"))
        for key in ("unit", "basis", "reference"):
            if key not in self.fields and node.kind == "mapping":
                faults.add(node, _("the metadata lack '{key}'.").format(key=key))
        self._names()
        self._range()
        self._references()

    def _names(self) -> None:
        units, texts = data.units(), data.interpretations()
        ids = {decision.id(): decision for decision in decisions()}
        self.unit_name = self._one_of("unit", units, _("'{name}' is no unit of the registry. {hint}"))
        self.unit = units.get(self.unit_name, {})
        basis = self._one_of("basis", BASES, _("'{name}' is no basis. {hint}"))
        self._one_of("bound", BOUNDS, _("'{name}' is no kind of bound. {hint}"))
        self._one_of("interpretation", texts, _("'{name}' is no interpretation. {hint}"))
        decision = self._one_of("decision", ids, _("'{name}' is no decision. {hint}"))
        if decision in ids:
            self.adopted, in_force = ids[decision].adopted_by(), ids[decision].in_force
            self.budgeted = date(in_force.year + (in_force > date(in_force.year, 1, 1)), 1, 1)
        if basis == "adopted" and "decision" not in self.fields:
            self.faults.add(self.fields["basis"], _("an adopted number names its decision: add 'decision'."))
        if basis in UNCERTAIN and not {"range", "derived_from"} & {*self.fields}:
            derived = _("a number that is derived has a range: add 'range'.")
            assumed = _("a number that is assumed has a range: add 'range'.")
            self.faults.add(self.fields["basis"], derived if basis == "derived" else assumed)
        if "range" in self.fields and "derived_from" in self.fields:
            message = _("a number that follows others has the range that they give it: leave 'range' out.")
            self.faults.add(self.fields["range"], message)
        elif "range" in self.fields and "range_reason" not in self.fields:
            self.faults.add(self.fields["range"], _("a range has a reason: add 'range_reason'."))
        for key in {"range_reason", "derived_from"} & {*self.fields}:
            for node in self.fields[key].items or [self.fields[key]]:
                self.faults.words(node, f"'{key}'")

    def _one_of(self, key: str, known: Any, unknown: str) -> str:
        if key not in self.fields:
            return ""
        node = self.fields[key]
        name = self.faults.words(node, f"'{key}'")
        if name is not None and name not in known:
            self.faults.add(node, unknown.format(name=name, hint=nearest(name, known)))
        return name if name is not None and name in known else ""

    def _range(self) -> None:
        given = self.fields.get("range")
        if given is None:
            return
        limits = [self.faults.number(item, _("a limit of the range")) for item in given.items]
        if given.kind != "list" or len(limits) != 2:  # noqa: PLR2004 (low and high)
            self.faults.add(given, _("'range' is a list of two numbers, [low, high]."))
        elif None not in limits:
            low, high = (limit for limit in limits if limit is not None)
            if low > high:
                self.faults.add(
                    given, _("the range falls: {low} is above {high}.").format(low=plain(low), high=plain(high))
                )
            for item in given.items:
                self._within_unit(item, _("a limit of the range"))
            self.range = (low, high)

    def _references(self) -> None:
        node = self.fields.get("reference")
        if node is None:
            return
        if node.kind != "list" or not node.items:
            self.faults.add(node, _("'reference' is a list of at least one source, each with title and place."))
        for item in node.items:
            fields = self.faults.mapping(item, REFERENCE, _("a reference"))
            for key in REFERENCE:
                if key not in fields:
                    self.faults.add(item, _("the reference has no '{key}'.").format(key=key))
                    continue
                text = self.faults.words(fields[key], f"'{key}'")
                if key == "title" and text and text not in (*data.sources(), *(found.title for found in decisions())):
                    self.faults.add(
                        fields[key],
                        _("there is no source '{text}'. {hint}").format(text=text, hint=nearest(text, data.sources())),
                    )

    def check(self, number: FileNumber) -> None:
        """Hold a number against its unit, its range and its decision."""
        self._within_unit(number.node, _("the value"))
        if self.range and not self.range[0] <= number.value <= self.range[1]:
            low, high = self.range
            self.faults.add(
                number.node,
                _("the value {value} lies outside its range, {low} to {high}.").format(
                    value=number.node.text, low=plain(low), high=plain(high)
                ),
            )
        if self.adopted and number.start < self.adopted:
            message = _("the value begins on {start}, before its decision was adopted ({adopted:%Y-%m}).").format(
                start=number.start, adopted=self.adopted
            )
            self.faults.add(number.node, message)

    def check_first(self, numbers: Sequence[FileNumber]) -> None:
        """Hold the first of the numbers against the decision: from its first budget year on, rules read it."""
        first = min(numbers, key=lambda number: number.start, default=None)
        if first and self.budgeted and first.start > self.budgeted:
            message = _(
                "the first value begins on {start}, after its decision's first budget year began ({budgeted})."
            ).format(start=first.start, budgeted=self.budgeted)
            self.faults.add(first.node, message)

    def _within_unit(self, node: Node, what: str) -> None:
        if node.kind not in ("int", "float"):
            return
        low, high = self.unit.get("minimum", -math.inf), self.unit.get("maximum", math.inf)
        if not low <= node.value <= high:
            said = _("{low} to {high}") if high < math.inf else _("{low} upwards")
            allowed = said.format(low=plain(low), high=plain(high))
            self.faults.add(
                node,
                _("{what} {text} is outside what the unit '{unit}' allows: {allowed}.").format(
                    what=what, text=node.text, unit=self.unit_name, allowed=allowed
                ),
            )
        if self.unit.get("whole") and not float(node.value).is_integer():
            self.faults.add(
                node,
                _("{what} {text} has decimals, and the unit '{unit}' is whole.").format(
                    what=what, text=node.text, unit=self.unit_name
                ),
            )


def _values(node: Node, faults: Faults) -> Iterator[FileNumber]:
    if node.kind != "mapping" or not node.fields:
        faults.add(node, _("'values' is written as dates, each with its value."))
        return
    for text, dated in node.fields.items():
        start = _day(node.keys[text], faults)
        if dated.kind != "mapping":
            faults.add(
                dated,
                _("under {text} stands {found}: write 'value:' and the number below the date.").format(
                    text=text, found=describe(dated)
                ),
            )
            continue
        fields = faults.mapping(dated, ("value",), _("a dated value"))
        if "value" not in fields:
            faults.add(dated, _("under {text} there is no 'value'.").format(text=text))
            continue
        value = faults.number(fields["value"], _("the value"))
        if start and value is not None:
            yield FileNumber(start, value, fields["value"])


def _day(node: Node, faults: Faults) -> date | None:
    """Return the date that a value holds from; None, and a fault, where it is none."""
    advice = _("Write YYYY-MM-DD, from {first} to {last}.").format(first=FOUNDATION_DAY, last=LAST_DAY)
    wrong, day = _("{found} is no date. {advice}").format(found=describe(node), advice=advice), None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.text):
            day = date.fromisoformat(node.text)
    except ValueError:
        wrong = _("'{text}' is no day of the calendar. {advice}").format(text=node.text, advice=advice)
    if day and not node.quoted:
        if FOUNDATION_DAY <= day <= LAST_DAY:
            today = datetime.now(tz=UTC).date()
            if (day.year - YEARS_AHEAD, day.month, day.day) > (today.year, today.month, today.day):
                faults.add(
                    node,
                    _("{day} lies more than {years} years ahead. {advice}").format(
                        day=day, years=YEARS_AHEAD, advice=advice
                    ),
                )
            return day
        wrong = _("{day} is outside the law. {advice}").format(day=day, advice=advice)
    faults.add(node, wrong)
    return None


def _out_of_order(numbers: dict[Path, list[FileNumber]]) -> Iterator[Fault]:
    """Yield the bounds that do not rise from file to file, on any day from which one holds."""
    for folder in dict.fromkeys(file.parent for file in numbers if file.parent.name == ASCENDING):
        inside = sorted(file for file in folder.iterdir() if file.suffix in ENDINGS and file.stem != INDEX)
        by_file = {file: numbers[file] if file in numbers else _check_file(file)[1] for file in inside}
        first = next(iter(by_file))
        for number in by_file[first] if first in numbers else ():
            if number.value != 0:
                message = _("the first bound is 0, or who has fewer hours has no category; it is {value}.").format(
                    value=plain(number.value)
                )
                yield Fault(str(first), number.node.line, number.node.column, message)
        days = sorted({number.start for found in by_file.values() for number in found})
        for day in days:
            known = _held(by_file, day)
            for (_file, low), (file, high) in pairwise(known):
                if low.value >= high.value and file in numbers:
                    message = _("the lower bounds must rise; on {day} {high} comes after {low}.").format(
                        day=day, high=plain(high.value), low=plain(low.value)
                    )
                    yield Fault(str(file), high.node.line, high.node.column, message)
            begun = {file for file, _ in known}
            for file in by_file:
                if file not in begun and file in numbers:
                    yield Fault(
                        str(file), 0, 0, _("it has no value on {day}, when other bounds have begun.").format(day=day)
                    )


def _above_the_whole(numbers: dict[Path, list[FileNumber]]) -> Iterator[Fault]:
    """Yield where the shares that are taken off the top of the frame make more than the whole of it on some day."""
    for root in dict.fromkeys(file.parent.parent for file in numbers):
        shares = {file: numbers[file] for file in numbers if _name_in(root, file) in OFF_THE_TOP}
        for day in sorted({number.start for found in shares.values() for number in found}):
            held = _held(shares, day)
            if sum(number.value for _, number in held) > 1:
                file, number = max(held, key=lambda found: found[1].start)
                parts = " + ".join(plain(number.value) for _, number in held)
                message = _("{parameters} must be at most 1; on {day} it is {sum}.").format(
                    parameters=" + ".join(OFF_THE_TOP), day=day, sum=parts
                )
                yield Fault(str(file), number.node.line, number.node.column, message)


def _name_in(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts) if file.is_relative_to(root) else ""


def _held(numbers: Mapping[Path, Sequence[FileNumber]], day: date) -> list[tuple[Path, FileNumber]]:
    """Return the number of each file that holds on a day, for those that have begun."""
    begun = {file: [number for number in found if number.start <= day] for file, found in numbers.items()}
    return [(file, max(found, key=lambda number: number.start)) for file, found in begun.items() if found]

"""YAML read strictly: no tags, no key twice, no scalar that YAML 1.1 reads as something else than it looks like.

Core loads its files with a loader that runs code, keeps the last of two equal keys, and takes ``010`` for 8, ``1:30``
for 90 and ``yes`` for true. Here each value keeps the line and column where it stands, and what could surprise is
refused. A file that core does not read holds no surprise of core's: there the reader is told what YAML 1.1 takes each
value for, beside how it is written, and judges by that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from openfisca_bergen_hbt.text.digits import number_in
from openfisca_bergen_hbt.text.language import _, marked, of_system
from openfisca_bergen_hbt.text.names import nearest

#: The most values that a file comes to with its aliases written out, and the most levels.
MOST_VALUES, MOST_LEVELS = 500_000, 50
#: How a number is written: whole, with no more digits than a 64-bit float tells apart, or with decimals after a point.
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
#: The texts for yes and no.
BOOLEANS = {"true": True, "True": True, "false": False, "False": False}
#: The plain scalars that are what they look like, by what YAML 1.1 takes them for: their kind, how they are written,
#: and what they are.
PLAIN: dict[str, tuple[str, Callable[[str], object], Callable[[str], object]]] = {
    "null": ("null", lambda _: True, lambda _: None),
    "int": ("int", INTEGER.fullmatch, int),
    "float": ("float", DECIMAL.fullmatch, float),
    "bool": ("bool", BOOLEANS.__contains__, BOOLEANS.__getitem__),
    "timestamp": ("date", re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch, str),
    "str": ("text", lambda _: True, str),
    "merge": ("text", lambda _: True, str),
}
MERGE = "<<"
#: What YAML's parsers say is wrong, as often happens: these in Norwegian, too, and anything else as they say it.
OF_PARSERS = (
    marked("block sequence entries are not allowed in this context"),
    marked("control characters are not allowed"),
    marked("could not find expected ':'"),
    marked("did not find expected ',' or ']'"),
    marked("did not find expected '-' indicator"),
    marked("did not find expected alphabetic or numeric character"),
    marked("did not find expected key"),
    marked("did not find expected node content"),
    marked("found character that cannot start any token"),
    marked("found undefined tag handle"),
    marked("found unexpected document indicator"),
    marked("found unexpected end of stream"),
    marked("found unknown escape character"),
    marked("mapping values are not allowed in this context"),
)
_PREFIX = "tag:yaml.org,2002:"
_RESOLVER = yaml.resolver.Resolver()
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # only its parser is used; the first is ten times faster


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file, and where; line 0 is the file as a whole."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return the fault on one line."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.message}"


class YamlError(ValueError):
    """A file that can't be read as strict YAML."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


@dataclass(frozen=True)
class Node:
    """A value of a file: what it is, as it is written, and where it stands."""

    #: ``null``, ``bool``, ``int``, ``float``, ``date``, ``text``, ``list`` or ``mapping``.
    kind: str
    line: int
    column: int
    #: A scalar as it is written; a date is kept as text.
    text: str = ""
    value: Any = None
    quoted: bool = False
    items: Sequence[Node] = ()
    fields: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Node] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands here: null, an empty text, an empty list or no keys."""
        return self.kind == "null" or (
            not self.text.strip() and not self.items and not self.fields and self.kind in ("text", "list", "mapping")
        )


class Source(Protocol):
    """What a text is read from: a path, or a file that was sent."""

    def read_bytes(self) -> bytes:
        """Return what is in it."""


def read_text(path: Source, shown_as: str) -> str:
    """Return the text of a file, which faults give by the name ``shown_as``.

    Raises:
        YamlError: it can't be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise YamlError(
            Fault(shown_as, 0, 0, _("it can't be read: {reason}.").format(reason=of_system(error)))
        ) from None
    except UnicodeDecodeError:
        raise YamlError(Fault(shown_as, 0, 0, _("it is not UTF-8 text. Save it as UTF-8."))) from None


def parse(text: str, file: str, *, for_core: bool = True) -> Node:
    """Return the root of the text of a file, which faults give by its name.

    Where core does not read the file, too, directives and YAML's own tags are allowed, ``<<`` is no key, and a scalar
    is of the kind that YAML takes it for, and keeps its text.

    Raises:
        YamlError: the text is no YAML, or YAML that could surprise.
    """
    return _Parser(file, for_core=for_core).root(text)


def content(node: Node, file: str) -> Any:
    """Return what a file holds that core does not read, as JSON has it: dates are texts.

    Raises:
        YamlError: a number that is not written as numbers are.
    """
    match node.kind:
        case "mapping":
            return {key: content(value, file) for key, value in node.fields.items()}
        case "list":
            return [content(item, file) for item in node.items]
        case "int" | "float":
            number = number_in(node.text)
            if number is None:
                message = _("'{text}' is not written as a number. {how}")
                how = how_to_write(node.text)
                raise YamlError(Fault(file, node.line, node.column, message.format(text=node.text, how=how)))
            return int(number) if node.kind == "int" else number
        case "bool":
            return node.text.lower() in ("true", "yes", "on")
        case "null":
            return None
    return node.text


def node_at(root: Node, path: Sequence[str]) -> Node:
    """Return what stands at the end of a path of keys and places, as far as it leads."""
    node = root
    for step in path:
        if step in node.fields:
            node = node.fields[step]
        elif step.isdigit() and int(step) < len(node.items):
            node = node.items[int(step)]
        else:
            break
    return node


class Faults:
    """The faults of a file, as they are found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(self, node: Node | None, message: str) -> None:
        """Add a fault where a value stands; None for the file as a whole."""
        line, column = (node.line, node.column) if node else (0, 0)
        fault = Fault(self.file, line, column, message)
        if fault not in self.found:  # what an alias repeats is wrong once
            self.found.append(fault)

    def mapping(self, node: Node, allowed: Sequence[str], what: str) -> dict[str, Node]:
        """Return the fields of a mapping that are allowed; another kind of value, or another key, is a fault."""
        if node.kind != "mapping":
            self.add(
                node, _("{what} is written as keys and values: {keys}.").format(what=what, keys=", ".join(allowed))
            )
            return {}
        for key in node.fields:
            if key not in allowed:
                self.add(
                    node.keys[key],
                    _("{what} has no key '{key}'. {hint}").format(what=what, key=key, hint=nearest(key, allowed)),
                )
        return {key: value for key, value in node.fields.items() if key in allowed}

    def words(self, node: Node, what: str) -> str | None:
        """Return a text; None, and a fault, where there is none."""
        if node.kind == "text" and node.text.strip():
            return node.text
        if node.kind in ("null", "text", "list", "mapping"):
            self.add(node, _("{what} is empty or not a text.").format(what=what))
        else:
            self.add(node, _("{what} is a text: put '{text}' in quotes.").format(what=what, text=node.text))
        return None

    def number(self, node: Node, what: str) -> float | None:
        """Return a number; None, and a fault, where there is none."""
        if node.kind in ("int", "float"):
            return float(node.value)
        self.add(
            node,
            _("{what} is a number, and not {found}. {advice}").format(
                what=what, found=describe(node), advice=how_to_write(node.text)
            ),
        )
        return None


#: What stands somewhere, in words, by its kind.
IN_WORDS = {
    "quoted": marked("the quoted text '{text}'"),
    "text": marked("the text '{text}'"),
    "int": marked("the int '{text}'"),
    "float": marked("the float '{text}'"),
    "bool": marked("the bool '{text}'"),
    "date": marked("the date '{text}'"),
    "list": marked("a list"),
    "mapping": marked("keys and values"),
    "null": marked("empty"),
}
#: A scalar of a kind that YAML has, and core does not read.
OF_OTHER_KIND = marked("the {kind} '{text}'")
#: What YAML 1.1 reads a text as that looks like another thing.
READ_AS = {
    "int": marked("'{text}' looks like one thing and YAML 1.1 reads it as a whole number."),
    "float": marked("'{text}' looks like one thing and YAML 1.1 reads it as a number."),
    "bool": marked("'{text}' looks like one thing and YAML 1.1 reads it as true or false."),
    "timestamp": marked("'{text}' looks like one thing and YAML 1.1 reads it as a moment."),
    "null": marked("'{text}' looks like one thing and YAML 1.1 reads it as null."),
}
OTHERWISE = marked("'{text}' looks like one thing and YAML 1.1 reads it as another.")


def describe(node: Node) -> str:
    """Return in words what stands somewhere where something else is asked for."""
    kind = "quoted" if node.quoted and node.kind not in ("list", "mapping", "null") else node.kind
    return _(IN_WORDS.get(kind, OF_OTHER_KIND)).format(text=node.text, kind=kind)


def how_to_write(text: str) -> str:
    """Return how a number that is written in another way is written here."""
    plain = re.sub(r"[\s_\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", "", text)
    if share := re.fullmatch(r"(-?\d+(?:[.,]\d+)?)%", plain):
        return _("Write {number:.12g}.").format(number=float(share[1].replace(",", ".")) / 100)
    if re.fullmatch(r"-?\d+(,\d+)?", plain) or DECIMAL.fullmatch(plain):
        return _("Write {number}.").format(number=plain.replace(",", "."))
    return _("Write digits, with a point before decimals: 12000 or 0.05.")


class _Parser:
    """Makes nodes of the events of YAML's parser."""

    def __init__(self, file: str, *, for_core: bool) -> None:
        self.file = file
        self.for_core = for_core
        #: What each anchor stands for, and how many values that is; None while it is read.
        self.anchors: dict[str, tuple[Node, int] | None] = {}
        self.count = 0

    def root(self, text: str) -> Node:
        try:
            # what is not for core is short, and Python's own parser refuses tabs
            events = iter(list(yaml.parse(text, Loader=_LOADER if self.for_core else yaml.SafeLoader)))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)  # characters that YAML does not have come without one
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            problem = _(getattr(error, "problem", " ".join(str(error).split())))
            raise YamlError(
                Fault(self.file, line, column, _("this is no YAML: {problem}.").format(problem=problem))
            ) from None
        found: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found:
                    second = _("a second document begins here.")
                    for_core = _("a second document begins here; core reads the first only.")
                    raise self._error(event, for_core if self.for_core else second)
                if self.for_core and (event.version or event.tags):
                    raise self._error(event, _("directives (%YAML, %TAG) are not allowed."))
                found = self._node(next(events), events, 0)
        return found or Node("null", 0, 0)

    def _node(self, event: Any, events: Iterator[Any], level: int) -> Node:
        if level > MOST_LEVELS:
            raise self._error(event, _("values are nested more than {most} levels deep.").format(most=MOST_LEVELS))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None and (self.for_core or not _is_plain_tag(event.tag)):
            message = _("the tag '{tag}' is not allowed: a file holds text, numbers and lists only.").format(
                tag=event.tag
            )
            raise self._error(event, message)
        self._counted(event, 1)
        if event.anchor:
            if event.anchor in self.anchors:
                raise self._error(event, _("the anchor '&{name}' stands twice.").format(name=event.anchor))
            self.anchors[event.anchor] = None
        before = self.count
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event) if self.for_core else _as_tagged(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            items = [self._node(inner, events, level + 1) for inner in _until(events, yaml.SequenceEndEvent)]
            node = Node("list", *_place(event), items=items)
        else:
            node = self._mapping(event, events, level)
        if event.anchor:
            self.anchors[event.anchor] = node, self.count - before + 1
        return node

    def _alias(self, event: Any) -> Node:
        found = self.anchors.get(event.anchor)
        if found is None:
            known = event.anchor in self.anchors
            message = _("the alias '*{name}' contains itself.") if known else _("the alias '*{name}' has no anchor.")
            raise self._error(event, message.format(name=event.anchor))
        node, size = found
        self._counted(event, size)
        return node

    def _counted(self, event: Any, values: int) -> None:
        self.count += values
        if self.count > MOST_VALUES:
            raise self._error(
                event, _("with its aliases written out the file has more than {most} values.").format(most=MOST_VALUES)
            )

    def _mapping(self, event: Any, events: Iterator[Any], level: int) -> Node:
        fields: dict[str, Node] = {}
        keys: dict[str, Node] = {}
        merged: list[tuple[Node, Node]] = []
        for inner in _until(events, yaml.MappingEndEvent):
            key = self._node(inner, events, level + 1)
            value = self._node(next(events), events, level + 1)
            if key.kind not in ("text", "int", "date"):
                raise self._error(
                    key,
                    _("a key is a name, a date or a period, and not {found}. Put it in quotes.").format(
                        found=describe(key)
                    ),
                )
            if key.text == MERGE and not key.quoted:
                merged.append((key, value))
                continue
            if key.text in fields:
                twice = _("the key '{key}' stands twice.")
                for_core = _("the key '{key}' stands twice; core keeps the last only.")
                raise self._error(key, (for_core if self.for_core else twice).format(key=key.text))
            fields[key.text], keys[key.text] = value, key
        for key, value in merged:
            for other in value.items if value.kind == "list" else [value]:
                if other.kind != "mapping":
                    raise self._error(key, _("'<<' takes in keys and values, and nothing else."))
                for name in other.fields:
                    if name in fields:
                        message = _(
                            "'<<' brings the key '{name}' a second time; one of them overrides the other."
                        ).format(name=name)
                        raise self._error(key, message)
                    fields[name], keys[name] = other.fields[name], other.keys[name]
        return Node("mapping", *_place(event), fields=fields, keys=keys)

    def _scalar(self, event: Any) -> Node:
        text, where = str(event.value), _place(event)
        if event.style:  # C's parser gives an empty text for a plain scalar, Python's None
            return Node("text", *where, text=text, value=text, quoted=event.style in "'\"")
        tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
        taken_for = tag.removeprefix(_PREFIX)
        if taken_for in PLAIN:
            kind, is_plain, value_of = PLAIN[taken_for]
            if is_plain(text):
                return Node(kind, *where, text=text, value=value_of(text))
        if re.fullmatch(r"-?[1-9]\d{16,}", text):
            digits = len(text.lstrip("-"))
            raise self._error(
                event, _("a number of {digits} digits is more than a 64-bit float tells apart.").format(digits=digits)
            )
        message = _(READ_AS.get(taken_for, OTHERWISE)).format(text=text)
        advice = _("Write true or false, or put a name in quotes.") if taken_for == "bool" else how_to_write(text)
        raise self._error(event, f"{message} {advice}")

    def _error(self, at: Any, message: str) -> YamlError:
        place = (at.line, at.column) if isinstance(at, Node) else _place(at)
        return YamlError(Fault(self.file, *place, message))


def _is_plain_tag(tag: str) -> bool:
    """Return whether a tag is ``!`` or one of YAML's own, which runs no code."""
    return tag == "!" or (tag.startswith(_PREFIX) and "python" not in tag)


def _as_tagged(event: Any) -> Node:
    """Return a scalar of the kind that its tag says, or that YAML 1.1 takes it for; what is not plain as quoted."""
    own = event.tag if event.tag != "!" else None
    tag: str = own or _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
    kind = {"str": "text", "timestamp": "date"}.get(name := tag.removeprefix(_PREFIX), name)
    return Node(kind, *_place(event), text=event.value, value=event.value, quoted=bool(event.style))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _until(events: Iterable[Any], end: type) -> Iterator[Any]:
    """Yield events until one that ends a list or mapping; who gets one takes what belongs to it."""
    for event in events:
        if isinstance(event, end):
            return
        yield event

"""The form of a question, made from the type of its body; and the body that a form which was sent makes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from openfisca_bergen_hbt.analysis.asking import LAST_YEAR, Question
from openfisca_bergen_hbt.law import versions
from openfisca_bergen_hbt.law.proposals import from_settings
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.regelverk import decisions, readings
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked, say, spoken
from openfisca_bergen_hbt.text.numerals import possible_numbers
from openfisca_bergen_hbt.web.api.controls import CALLED
from openfisca_bergen_hbt.web.api.questions import NAMED, body_of
from openfisca_bergen_hbt.web.page.language import KEY
from openfisca_bergen_hbt.web.page.sent_files import COLUMN, FIELDS, OF_FILES

#: Keys of bodies that are for programs: users come as files, small counts are always held back, and an earlier run's
#: record is an object.
FOR_PROGRAMS = ("users", "units", "etater", "frames", "suppression", "since")
#: What a form says of itself beside the question's fields: that it was sent.
SENT = "spoer"
TWO_NUMBERS = marked("The number can be read in two ways. Write it with more decimals.")
NO_NUMBER = marked("No number stands here.")


@dataclass(frozen=True)
class Field:
    """A field of a form."""

    name: str
    label: str
    #: How it is filled in: a ``number``, a line of ``text``, ``lines``, ``yes`` or not, ``one`` of some, ``several``.
    kind: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    #: What may be chosen, or is suggested: values, each with what it is called.
    choices: Sequence[tuple[str, str]] = ()
    #: What stands in it, and what is wrong with that.
    values: Sequence[str] = ()
    fault: str = ""


@dataclass
class Form:
    """A form as it was sent, or as it is before; with the body that it makes."""

    fields: list[Field]
    body: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def with_errors(self) -> list[Field]:
        """Return the fields, each with what is wrong with it."""
        return [replace(one, fault=self.errors.get(one.name, "")) for one in self.fields]


def form_of(question: Question, sent: Any, in_files: Collection[str] = ()) -> Form:
    """Return a question's form with what was sent of it (``werkzeug.MultiDict``); with nothing, as it is before.

    Args:
        question: whose form it is.
        sent: what stands in its fields.
        in_files: the options whose values files hold instead.
    """
    found = Form([])
    types = {one.encode_name: one for one in inspect.type_info(body_of(question)).fields}  # type: ignore[attr-defined]
    for_programs = (*FOR_PROGRAMS, *([] if question.public else ["public"]))
    shown = [name for name in types if name not in for_programs]
    for name, one in types.items():
        if name not in shown:
            continue
        made = _field(name, one)
        given = [text.strip() for text in sent.getlist(name)] if SENT in sent else _usual(one)
        found.fields.append(replace(made, values=given))
        if SENT in sent and name in in_files and any(given):
            found.errors[name] = _("This stands in the field, and in a file. Give one of them.")
        elif SENT in sent and name not in in_files:
            _read(found, made, one.type, given)
    for name in sent:
        if name not in (*shown, SENT, KEY, *FIELDS, *OF_FILES) and not name.startswith(COLUMN):
            found.errors[name] = _("There is no field '{name}'.").format(name=name[:60])
    if "years" in found.body:  # the year that stands in its field beforehand is not asked for besides
        found.body.pop("year", None)
    return found


def _bare(kind: Any) -> tuple[Any, str]:
    """Return a type without what is said of it, and its description."""
    about = ""
    while True:
        if isinstance(kind, inspect.Metadata):
            about = (kind.extra_json_schema or {}).get("description", about)
            kind = kind.type
        elif isinstance(kind, inspect.UnionType):
            some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            kind = next((one for one in some if isinstance(one, inspect.VarTupleType)), some[0])
        else:
            return kind, about


def _field(name: str, declared: Any) -> Field:
    kind, about = _bare(declared.type)
    label = say(CALLED.get(name, "")) or (_(about) if about else name)
    known = _names(NAMED[name], spoken()) if name in NAMED else ()
    found = Field(name, label, "text", declared.required, choices=known)
    match kind:
        case inspect.BoolType():
            return replace(found, kind="yes")
        case inspect.IntType() | inspect.FloatType():
            return replace(found, kind="number", low=kind.ge, high=kind.le)
        case inspect.LiteralType():
            return replace(found, kind="one", choices=[(str(value), str(value)) for value in kind.values])
        case inspect.ListType(item_type=inner) | inspect.VarTupleType(item_type=inner):
            some = _bare(inner)[0]
            if isinstance(some, inspect.LiteralType):
                known = [(str(value), str(value)) for value in some.values]
            return replace(found, kind="several" if known else "lines", choices=known)
        case inspect.DictType() | inspect.AnyType():
            return replace(found, kind="lines")
    return found


def _usual(declared: Any) -> list[str]:
    """Return what stands in a field beforehand."""
    usual = declared.default
    if usual in (msgspec.NODEFAULT, msgspec.UNSET, None, False) or declared.required:
        return []
    if isinstance(usual, tuple | list):
        return list(map(str, usual))
    return ["1" if usual is True else str(usual)]


def _read(found: Form, made: Field, declared: Any, given: Sequence[str]) -> None:
    """Put what stands in a field in the body, or what is wrong with it among the errors."""
    kind = _bare(declared)[0]
    texts = [line.strip() for text in given for line in text.splitlines() if line.strip()]
    if not texts:
        if made.required:
            found.errors[made.name] = _("Fill in this field.")
        return
    try:
        found.body[made.name] = _value(kind, texts, found.body)
    except ValueError as error:
        found.errors[made.name] = str(error).removeprefix("--set ")


def _value(kind: Any, texts: Sequence[str], body: Mapping[str, Any]) -> Any:
    """Return what stands in a field as a body has it.

    Raises:
        ValueError: it is not of the field's type.
    """
    value: Any = texts[0]
    match kind:
        case inspect.BoolType():
            value = True
        case inspect.IntType():
            value = _whole(texts[0])
        case inspect.FloatType():
            value = _number(texts[0])
        case inspect.TupleType():
            value = [_number(text) for text in texts[0].replace(";", " ").split()]
        case inspect.DictType():
            value = (_nested if isinstance(kind.value_type, inspect.DictType) else _amounts)(texts)
        case inspect.AnyType():  # changes of numbers
            day = date(body.get("year", LAST_YEAR), 1, 1)
            value = msgspec.to_builtins(from_settings(texts, SYSTEMS.foundation(), day).changes)
        case inspect.ListType() | inspect.VarTupleType():
            value = list(texts)
    return value


def _amounts(lines: Sequence[str]) -> dict[str, int]:
    """Return the amounts that lines have, each with a name.

    Raises:
        ValueError: a line has not both, or a name stands twice.
    """
    pairs = [line.replace("\t", ";").rpartition(";") for line in lines]
    if any(not name.strip() for name, _mark, _amount in pairs):
        raise ValueError(_("Write a name and an amount on each line, with a semicolon between."))
    found = {name.strip(): _whole(amount) for name, _mark, amount in pairs}
    if len(found) < len(pairs):
        raise ValueError(_("A name stands on several lines. Write it once."))
    return found


def _nested(lines: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the amounts that lines have, each with a name and a month or year.

    Raises:
        ValueError: a line has not all three, or one of them stands twice.
    """
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        name, *when = (part.strip() for part in line.replace("\t", ";").rsplit(";", 2))
        if len(when) < 2 or not name or not when[0]:  # noqa: PLR2004 (when, and an amount)
            raise ValueError(_("Write a name, a month or a year, and an amount on each line, with semicolons between."))
        if when[0] in found.setdefault(name, {}):
            raise ValueError(_("'{name}' stands twice for {when}. Write it once.").format(name=name[:60], when=when[0]))
        found[name][when[0]] = _whole(when[1])
    return found


def _whole(text: str) -> int:
    digits = "".join(text.split())
    if not (digits.isascii() and digits.removeprefix("-").isdigit()):
        raise ValueError(_("Write a whole number."))
    return int(digits)


def _number(text: str) -> float:
    found = possible_numbers(text)
    if len(found) != 1:  # 7,575 may be 7575
        raise ValueError(_(TWO_NUMBERS if found else NO_NUMBER))
    return found[0]


@cache
def _names(of: str, _language: str) -> Sequence[tuple[str, str]]:
    """Return the names of a kind, each with what it is called."""
    law = SYSTEMS.system(in_force())
    match of:
        case "RegulationId":
            return [(version.id, version.title) for version in versions.versions()]
        case "Decision":
            return [(decision.id(), say(decision.title)) for decision in decisions()]
        case "ReadingId":
            return [(reading.id(), say(reading.title)) for reading in readings()]
        case "NumberId":
            return [(one.name, say(str(one.description))) for one in names.parameters(law.parameters)]
    return [(name, say(str(variable.label))) for name, variable in sorted(law.variables.items())]

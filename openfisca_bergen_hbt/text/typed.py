"""What a body or a file holds, read by its type; what is wrong is said in the type's own words, with the way to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import inspect

from openfisca_bergen_hbt.text.language import _, marked

#: What msgspec says is wrong, where a type says nothing of it.
OF_MSGSPEC = (
    marked("Expected {expected}, got {given}."),
    marked("Expected {expected} of length {sign} {number}."),
    marked("Expected {expected} matching regex {pattern}."),
    marked("Expected {expected} {sign} {number}."),
    marked("Invalid enum value {value}."),
    marked("Object missing required field `{field}`."),
    marked("Object contains unknown field `{field}`."),
)
#: What msgspec calls the types.
TYPES = {
    "object": marked("keys with values"),
    "array": marked("a list"),
    "str": marked("a text"),
    "int": marked("a whole number"),
    "float": marked("a number"),
    "bool": marked("true or false"),
    "null": marked("nothing"),
}
#: What is wrong with the keys of an object, where its type says nothing of it.
UNKNOWN, MISSING = marked("There is no '{name}'. It has {keys}."), marked("There is no '{name}'.")


class PlacedError(ValueError):
    """What is wrong with content, and the way to it: keys, and the places of items."""

    def __init__(self, message: str, path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.path = [str(step) for step in path]


def read(content: object, kind: Any) -> Any:
    """Return content as a type has it.

    A type says in its ``extra`` what is wrong where something else is sent (``fault``, and what stands in its
    ``places``); one of objects also what is wrong with another key (``unknown``) or a missing one (``missing``).

    Raises:
        PlacedError: content that the type does not have.
    """
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        text, _at, place = str(error).partition(" - at `$")
    inner = re.findall(r"[^.\[\]`]+", place)
    said = _said(inspect.type_info(kind), inner)
    field = re.search(r"field `(.*)`", text, flags=re.DOTALL)
    if field and "unknown field" in text:
        message = _(said.get("unknown", UNKNOWN))
        raise PlacedError(message.format(name=field[1][:60], keys=said["keys"]), [*inner, field[1]])
    if field:
        message = _(said.get("missing", MISSING))
        raise PlacedError(message.format(name=field[1]), inner)
    fault = _(said["fault"]).format(**said.get("places", {})) if "fault" in said else _translated(f"{text}.")
    raise PlacedError(fault, inner)


def of_msgspec(error: msgspec.ValidationError) -> str:
    """Return what msgspec says is wrong, and where, in the language that is spoken, as part of a sentence."""
    text, _at, place = str(error).partition(" - at ")
    fault = _translated(f"{text}.").removesuffix(".")
    return _("{fault} - at {place}").format(fault=fault, place=place) if place else fault


def _translated(text: str) -> str:
    """Return what msgspec says in the language that is spoken."""
    for message in OF_MSGSPEC:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(message))
        if found := re.fullmatch(pattern, text, flags=re.DOTALL):
            return _(message).format(**{name: _types(said) for name, said in found.groupdict().items()})
    return text


def _types(said: str) -> str:
    """Return a type, or one of several, in words; what is none as it is."""
    kinds = said.strip("`").split(" | ")
    words = [_(TYPES[kind]) for kind in kinds if kind in TYPES]
    return _(" or ").join(words) if said.startswith("`") and len(words) == len(kinds) else said


def _said(kind: Any, path: Sequence[str]) -> dict[str, Any]:
    """Return what the types on the way to a fault say of it, the innermost last."""
    said: dict[str, Any] = {}
    steps = list(path)
    while True:
        match kind:
            case inspect.Metadata():
                said |= kind.extra or {}
                kind = kind.type
            case inspect.UnionType():
                some = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
                # an object alone has keys of which one can be wrong
                kind = next((one for one in some if isinstance(one, inspect.StructType)), some[0])
            case inspect.StructType() if not steps:
                return {**said, "keys": ", ".join(field.encode_name for field in kind.fields)}
            case inspect.StructType():
                name = steps.pop(0)
                kind = next(field.type for field in kind.fields if field.encode_name == name)
            case inspect.ListType() | inspect.VarTupleType() if steps:
                steps.pop(0)
                kind = kind.item_type
            case inspect.DictType() if steps:
                steps.pop(0)
                kind = kind.value_type
            case _:
                return said

"""What a body or a file holds, read by its type; what is wrong is said in the type's own words, with the way to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import inspect

from openfisca_bergen_hbt.text.language import _


class PlacedError(ValueError):
    """What is wrong with content, and the way to it: keys, and the places of items."""

    def __init__(self, message: str, path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.path = [str(step) for step in path]


def read(content: object, kind: Any) -> Any:
    """Return content as a type has it.

    A type says in its ``extra`` what is wrong where something else is sent (``fault``); one of objects also what is
    wrong with another key (``unknown``) or a missing one (``missing``).

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
        name = field[1]
        raise PlacedError(f"{said.get('unknown', 'There is no')} '{name[:60]}'. {said['keys']}", [*inner, name])
    if field:
        raise PlacedError(f"{said.get('missing', 'There is no')} '{field[1]}'.", inner)
    raise PlacedError(_(said["fault"]) if "fault" in said else f"{text}.", inner)


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
                kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
            case inspect.StructType() if not steps:
                return {**said, "keys": f"It has {', '.join(field.encode_name for field in kind.fields)}."}
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

"""Bodies of requests: JSON read strictly, so that nothing sent is lost or guessed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from openfisca_bergen_hbt.web.api.errors import TOO_LARGE, WRONG_TYPE, RequestError

#: How many digits a whole number may have: so many a 64-bit float tells apart.
MOST_DIGITS = 17


class _Doubled(dict[str, Any]):
    """An object in which a key stands twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.name = next(name for name in names if names.count(name) > 1)


def body_in(content: bytes, content_type: str | None, most_bytes: int) -> dict[str, Any]:
    """Return the object that a body holds.

    Args:
        content: the body.
        content_type: what the request says that it is.
        most_bytes: how long it may be.

    Raises:
        RequestError: the body is too long, not JSON, or JSON that could lose something: a key twice, numbers that are
            not finite.
    """
    if (content_type or "").split(";")[0].strip().lower() != "application/json":
        raise RequestError("Send JSON, with the header Content-Type: application/json.", status=WRONG_TYPE)
    if len(content) > most_bytes:
        raise RequestError(f"The body has more than {most_bytes} bytes.", status=TOO_LARGE)
    found, doubled = _parsed(content)
    for path, value in _walk(found) if doubled else ():
        if isinstance(value, _Doubled):
            raise RequestError(f"The key '{value.name}' stands twice.", [*path, value.name])
    if not isinstance(found, dict):
        raise RequestError('The body is an object: {"brukere": …}.')
    return found


def _parsed(content: bytes) -> tuple[Any, bool]:
    """Return what a body holds, and whether a key stands twice in it."""
    doubled = False

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal doubled
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        doubled = True
        return _Doubled(pairs)

    try:
        text = content.decode("utf-8-sig")
        found = json.loads(text, object_pairs_hook=object_of, parse_constant=_not_finite, parse_int=_whole)
    except UnicodeDecodeError as error:
        raise RequestError(f"The body is not UTF-8: byte {error.start}.") from None
    except json.JSONDecodeError as error:
        raise RequestError(f"Invalid JSON: {error.msg}, line {error.lineno} column {error.colno}.") from None
    except RecursionError:
        raise RequestError("The body has more levels than a situation.") from None
    return found, doubled


def _not_finite(text: str) -> NoReturn:
    raise RequestError(f"{text} is no number: send finite numbers.")


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise RequestError(f"A whole number of {len(text)} digits is more than a 64-bit float tells apart.")
    return int(text)


def _walk(found: Any) -> Iterator[tuple[list[str], Any]]:
    """Yield the objects and lists of a body, each with its path."""
    waiting: list[tuple[list[str], Any]] = [([], found)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend(([*path, str(key)], inner) for key, inner in inside if isinstance(inner, dict | list))

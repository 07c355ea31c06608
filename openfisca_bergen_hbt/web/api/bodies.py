"""Bodies of requests: JSON read strictly, so that nothing sent is lost or guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from openfisca_bergen_hbt.rules.money import MOST_KRONER
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.web.api.errors import TOO_LARGE, WRONG_TYPE, RequestError

#: How long a number may be written: longer than any that a 64-bit float holds.
LONGEST_NUMBER = 320
#: An escaped half of a character outside the first plane; two make one.
HALF = re.compile(r"\\u[dD][89a-fA-F]")

#: What Python's reader of JSON says is wrong.
OF_JSON = (
    marked("Expecting value"),
    marked("Expecting ',' delimiter"),
    marked("Expecting ':' delimiter"),
    marked("Expecting property name enclosed in double quotes"),
    marked("Illegal trailing comma before end of object"),
    marked("Illegal trailing comma before end of array"),
    marked("Extra data"),
    marked("Unterminated string starting at"),
    marked("Invalid control character at"),
    marked("Invalid \\escape"),
    marked("Invalid \\uXXXX escape"),
)


@dataclass(frozen=True)
class _Wrong:
    """What stands in place of a value that would lose something; it is refused when its path is known."""

    message: str
    #: The key that is meant, where it is one.
    key: str | None = None


def body_in(content: bytes, content_type: str | None, most_bytes: int) -> dict[str, Any]:
    """Return the object that a body holds.

    Raises:
        RequestError: the body is too long, not JSON, or JSON that could lose something: a key twice, numbers that are
            not finite.
    """
    if (content_type or "").split(";")[0].strip().lower() != "application/json":
        raise RequestError(_("Send JSON, with the header Content-Type: application/json."), status=WRONG_TYPE)
    if len(content) > most_bytes:
        raise RequestError(_("The body has more than {most} bytes.").format(most=most_bytes), status=TOO_LARGE)
    found, suspect = _parsed(content)
    for path, value in _walk(found) if suspect else ():
        if isinstance(value, _Wrong):
            raise RequestError(value.message, path if value.key is None else [*path, value.key])
        if isinstance(value, str) and _holds_half(value):
            raise RequestError(_("A text holds half a character (\\ud800 to \\udfff): send whole ones."), path)
    if not isinstance(found, dict):
        raise RequestError(_("The body is an object: {example}.").format(example='{"brukere": …}'))
    return found


def _parsed(content: bytes) -> tuple[Any, bool]:
    """Return what a body holds, and whether something in it may have to be refused."""
    values = _Values()
    try:
        text = content.decode("utf-8-sig")
        found = json.loads(
            text,
            object_pairs_hook=values.object_of,
            parse_constant=values.not_finite,
            parse_int=values.whole,
            parse_float=values.decimal,
        )
    except UnicodeDecodeError as error:
        raise RequestError(_("The body is not UTF-8: byte {place}.").format(place=error.start)) from None
    except json.JSONDecodeError as error:
        message = _("Invalid JSON: {fault}, line {line} column {column}.")
        raise RequestError(message.format(fault=_(error.msg), line=error.lineno, column=error.colno)) from None
    except RecursionError:
        raise RequestError(_("The body has more levels than a situation.")) from None
    return found, values.any_wrong or HALF.search(text) is not None


class _Values:
    """Makes values of what stands in JSON, and marks what would lose something."""

    any_wrong = False

    def object_of(self, pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Wrong:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        names = [name for name, _value in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        return self._wrong(_("The key '{key}' stands twice.").format(key=doubled), doubled)

    def not_finite(self, name: str) -> _Wrong:
        return self._wrong(_("{name} is no number: send finite numbers.").format(name=name))

    def whole(self, text: str) -> int | _Wrong:
        number = int(text) if len(text) <= LONGEST_NUMBER else None
        if number is not None and (abs(number) <= MOST_KRONER or _is_exact(number)):
            return number
        return self._too_many_digits(text)

    def decimal(self, text: str) -> float | _Wrong:
        number = float(text)
        try:
            if number.is_integer() and abs(number) <= MOST_KRONER and Decimal(text) != Decimal(number):
                return self._too_many_digits(text)  # kroner with decimals would pass for whole ones
        except InvalidOperation:
            return self._wrong(_("A number has an exponent that no number needs."))
        return number

    def _too_many_digits(self, text: str) -> _Wrong:
        digits = sum(map(str.isdigit, text))
        message = _("A number of {digits} digits is more than a 64-bit float tells apart.")
        return self._wrong(message.format(digits=digits))

    def _wrong(self, message: str, key: str | None = None) -> _Wrong:
        self.any_wrong = True
        return _Wrong(message, key)


def _is_exact(number: int) -> bool:
    """Return whether a 64-bit float holds a whole number as it is."""
    try:
        return float(number) == number
    except OverflowError:
        return False


def _holds_half(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _walk(found: Any) -> Iterator[tuple[list[str], Any]]:
    """Yield what a body holds, keys too, each with its path."""
    waiting: list[tuple[list[str], Any]] = [([], found)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, dict):
            yield from (([*path, key], key) for key in value)
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend(([*path, str(key)], inner) for key, inner in inside)

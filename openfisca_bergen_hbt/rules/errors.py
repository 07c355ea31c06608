"""Input errors, in the form that core's web API answers with 400."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openfisca_core.errors import SituationParsingError


class SituationError(SituationParsingError):
    """An error in a situation: where it is, what is wrong and what to send.

    Core builds its error body with a path library that reads a numeric name (a year, a user "7") as a position in a
    list; this one keeps names as names. The path is the way to the fault, such as ``["enheter", "Bergenhus"]``.
    """

    def __init__(self, path: Sequence[str], message: str) -> None:
        super().__init__(["error"], message)
        body: str | dict[str, object] = message
        for name in reversed(path):
            body = {str(name): body}
        self.error = body
        self.args = (str(body),)
        self._made_of = path, message

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes it again."""
        return type(self), self._made_of


def reason(error: SituationParsingError) -> str:
    """Return what is wrong, without the way to it."""
    found = error.error
    while isinstance(found, dict) and len(found) == 1:
        (found,) = found.values()
    return " ".join(str(found).split())

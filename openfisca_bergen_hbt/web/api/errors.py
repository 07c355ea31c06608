"""What is wrong with a request: where in it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BAD, NOT_FOUND, TOO_LARGE, WRONG_TYPE, BUSY = 400, 404, 413, 415, 503


#: How much of what was sent an error repeats.
LONGEST_MESSAGE, LONGEST_NAME = 1000, 200


def _shortened(text: str, most: int) -> str:
    text = text.encode("utf-8", "replace").decode()  # half a character can't be sent back
    return text if len(text) <= most else f"{text[:most]}…"


class RequestError(ValueError):
    """A request that is answered with a status from 400 to 499; with 503 where another is worked on.

    Args:
        message: what is wrong and what to send.
        path: the way to the fault in the body.
        status: the HTTP status.
    """

    def __init__(self, message: str, path: Sequence[str] = (), status: int = BAD) -> None:
        super().__init__(message)
        self.message = _shortened(message, LONGEST_MESSAGE)
        self.path = [_shortened(str(name), LONGEST_NAME) for name in path]
        self.status = status


def of_situation(error: Any) -> RequestError:
    """Return the error of a situation that core or the law refuses: its body is a message at the end of a path."""
    path: list[str] = []
    found = error.error
    while isinstance(found, dict) and len(found) == 1:
        ((key, found),) = found.items()
        if key != "error":
            path.append(str(key))
    return RequestError(str(found), path)

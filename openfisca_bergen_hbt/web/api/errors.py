"""What is wrong with a request: where in it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.text.typed import PlacedError

BAD, NOT_FOUND, TOO_LARGE, WRONG_TYPE, BUSY = 400, 404, 413, 415, 503
#: How much of what was sent an error repeats.
LONGEST_MESSAGE, LONGEST_NAME = 1000, 200


def _shortened(text: str, most: int) -> str:
    text = text.encode("utf-8", "replace").decode()  # half a character can't be sent back
    return text if len(text) <= most else f"{text[:most]}…"


class RequestError(ValueError):
    """A request that is answered with a status from 400 to 499: what is wrong, and the way to it in the body.

    With 503 where another is worked on.
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


@contextmanager
def refusals(path: Sequence[str] = (), status: int = BAD) -> Iterator[None]:
    """Make what the law, or who asks it, refuses an answer to the request, with the way to the fault."""
    try:
        yield
    except RequestError:
        raise
    except PlacedError as error:
        raise RequestError(str(error), [*path, *error.path], status) from None
    except SituationParsingError as error:
        raise of_situation(error) from None
    except ValueError as error:
        raise RequestError(str(error), path, status) from None

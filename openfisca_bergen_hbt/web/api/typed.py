"""What a body holds, read by its type; what is wrong is an answer to the request, with the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openfisca_bergen_hbt.text import typed
from openfisca_bergen_hbt.web.api.errors import RequestError


def read(content: object, kind: Any, path: Sequence[str] = ()) -> Any:
    """Return content as a type has it (``text.typed``).

    Raises:
        RequestError: content that the type does not have.
    """
    try:
        return typed.read(content, kind)
    except typed.PlacedError as error:
        raise RequestError(str(error), [*path, *error.path]) from None

"""Numbers as machines write them: plain digits, and a point before decimals.

Python itself also takes ``5_0``, ``nan`` and the digits of other scripts, which may be slips of the keyboard.
"""

from __future__ import annotations

import re

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(?!0[0-9])[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def number_in(text: str) -> float | None:
    """Return the number that a text is; None where it is none, or so near 0 that a float makes it 0."""
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    is_lost = number == 0 and re.search("[1-9]", re.split("[eE]", text)[0])
    return None if is_lost else number

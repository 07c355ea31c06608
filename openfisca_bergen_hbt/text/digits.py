"""Numbers as machines write them: plain digits, and a point before decimals.

Python itself also takes ``5_0``, ``nan`` and the digits of other scripts, which may be slips of the keyboard.
"""

from __future__ import annotations

import re
from math import isinf

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(?!0[0-9])[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def number_in(text: str) -> float | None:
    """Return the number that a text is; None where it is none, or one that a float loses."""
    if not NUMBER.fullmatch(text):
        return None
    return None if is_lost(text) else float(text)


def is_lost(text: str) -> bool:
    """Return whether a number is so near 0 that a float makes it 0, or so large that it makes it infinite."""
    number = float(text)
    return isinf(number) or (number == 0 and bool(re.search("[1-9]", re.split("[eE]", text)[0])))

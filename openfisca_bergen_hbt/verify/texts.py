"""Where two texts differ, each place with what stands there in both."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

from openfisca_bergen_hbt.text.language import _

#: How many characters are shown before and after what differs, and how many of that at most.
AROUND, MOST = 24, 60
#: The most lines that are laid beside each other to find which were put in or taken out.
ALIGNED = 4_000


def differences(in_hand: str, again: str) -> Iterator[str]:
    """Yield each place where a file in hand is another than the same file made again: its line, and both texts."""
    mine, made = in_hand.splitlines(), again.splitlines()
    if mine == made:
        if in_hand != again:
            yield _("the ends of lines, or of the file, are others")
        return
    start = next((n for n, both in enumerate(zip(mine, made, strict=False)) if both[0] != both[1]), None)
    start = min(len(mine), len(made)) if start is None else start
    end = 0
    while end < min(len(mine), len(made)) - start and mine[-1 - end] == made[-1 - end]:
        end += 1
    for line, one, other in _pairs(mine[start : len(mine) - end], made[start : len(made) - end]):
        yield _("line {line}: {both}").format(line=start + line + 1, both=beside(one, other))


def _pairs(mine: list[str], made: list[str]) -> Iterator[tuple[int, str | None, str | None]]:
    """Yield the lines that differ, by their number in the file in hand; None where one of the two has no such line."""
    if len(mine) == len(made) or max(len(mine), len(made)) > ALIGNED:
        rows = enumerate(zip_longest(mine, made))
        yield from ((line, one, other) for line, (one, other) in rows if one != other)
        return
    for tag, first, last, other_first, other_last in SequenceMatcher(None, mine, made, autojunk=False).get_opcodes():
        if tag != "equal":
            both = zip_longest(mine[first:last], made[other_first:other_last])
            yield from ((first + line, one, other) for line, (one, other) in enumerate(both))


def beside(one: str | None, other: str | None) -> str:
    """Return what stands in a file, and what does when it is made again, with a little before and after."""
    if one is None or other is None:
        return _("{held} in the file, {made} made again").format(held=_said(one), made=_said(other))
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    return _("{held} in the file, {made} made again").format(held=_said(one, start, end), made=_said(other, start, end))


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _said(text: str | None, start: int = 0, end: int = 0) -> str:
    if text is None:
        return _("nothing")
    first, last = max(0, start - AROUND), len(text) - max(0, end - AROUND)
    if last - first > MOST + 2 * AROUND:
        return f"'{text[first : first + AROUND + MOST]}…'"
    return f"'{text[first:last]}'"

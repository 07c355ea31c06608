"""A tree as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from openfisca_bergen_hbt.report.paper import Branch

#: Where a line of the text is folded.
WIDTH = 96


def tree_lines(root: Branch) -> str:
    """Return a tree as lines, each indented below what it explains, and folded."""
    return "\n".join(
        textwrap.fill(line, WIDTH, initial_indent="  " * depth, subsequent_indent="  " * (depth + 2))
        for depth, line in _lines(root, 0)
    )


def _lines(branch: Branch, depth: int) -> Iterator[tuple[int, str]]:
    ending = "; den første måneden:" if branch.months else f"{branch.value}{branch.remark}"
    yield depth, f"{branch.text}{ending}"
    yield from _below(branch.below[0] if branch.months else branch, depth + 1)


def _below(branch: Branch, depth: int) -> Iterator[tuple[int, str]]:
    yield depth, branch.about
    for part in branch.below:
        yield from _lines(part, depth)

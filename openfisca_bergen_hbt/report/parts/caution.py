"""What every answer about own data says first: how many figures that are held back are unsafe, or that none is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from openfisca_bergen_hbt.analysis.asking import Asked
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.paper import Branch, Paper, Table, Tree
from openfisca_bergen_hbt.report.parts.about import EXACT, NOT_HELD_BACK, UNSAFE, held_back
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say


def said_first(made: Any, asked: Asked, subject: Any, result: Any) -> Any:
    """Return what is made of an answer (a paper, or what JSON holds) with what is to be read before its figures.

    A subject with ``COUNTS_UNSAFE`` says that itself: it has looked for witnesses. For the figures of the others none
    is looked for, and a figure without one counts as unsafe.
    """
    if not isinstance(made, Paper | dict) or hasattr(subject, "COUNTS_UNSAFE"):
        return made
    said = _lines(asked, subject, result)
    if not said:
        return made
    if isinstance(made, dict):
        return {"first_lines": said, **made}
    return replace(made, headlines=[*said, *made.headlines])


def _lines(asked: Asked, subject: Any, result: Any) -> list[str]:
    if not asked.question.is_of_users or not asked.population.personal:
        return []
    if not asked.suppression:
        return [say(NOT_HELD_BACK)]
    paper = subject.paper(result)
    held = numbers.whole(sum(_held_back(paper)))
    if held != "0":
        return [say(UNSAFE).format(unsafe=held, held=held)]
    exact = held_back(EXACT)
    return [] if any(exact in line for line in paper.headlines) else [exact]  # of what is left out, none is counted


def _held_back(paper: Paper) -> Iterator[int]:
    """Yield how many figures each part of a paper marks as held back."""
    for block in paper.blocks:
        if isinstance(block, Table):
            yield sum(cell is None for row in block.rows for cell in row)
        elif isinstance(block, Tree):
            yield from _in_tree(block.root)


def _in_tree(branch: Branch) -> Iterator[int]:
    yield int(branch.value == MARK)
    for below in branch.below:
        yield from _in_tree(below)

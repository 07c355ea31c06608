"""The regulation that a test case is about: the law in force, the foundation, or what the file or the case names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from openfisca_bergen_hbt.law.versions import Version, in_force, named
from openfisca_bergen_hbt.regelverk import FOUNDATION, decisions
from openfisca_bergen_hbt.text.strict_yaml import Faults, Node
from openfisca_bergen_hbt.vedtak import Vedtak

#: A comment among the first lines of a file that names its regulation.
COMMENT = re.compile(r"#\s*regulation:\s*(.*?)\s*")
#: The folder whose tests are about the foundation, and the decisions that they name on top of it.
FOLDER = "reforms"
DECISIONS_ONLY = "Name decisions by module and class; nothing else is imported."


def named_in(text: str, path: Path, faults: Faults) -> Version | None:
    """Return the regulation that a file names in a comment, else the one that its folder stands for.

    Returns:
        None, and a fault, for a name that no regulation has.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        match = COMMENT.fullmatch(line.strip())
        if match:
            try:
                return named(match[1])
            except ValueError as error:
                faults.add(Node("text", number, 1), str(error))
                return None
    return named(FOUNDATION) if path.resolve().parent.name == FOLDER else in_force()


@lru_cache(maxsize=1)
def decisions_by_path() -> dict[str, type[Vedtak]]:
    """Return the decisions by the dotted path that a case names them by."""
    return {f"{decision.__module__}.{decision.__name__}": decision for decision in decisions()}


def on_top_of(base: Version, decided: Sequence[type[Vedtak]]) -> Version:
    """Return a regulation with the decisions that a case names.

    They are applied to the foundation where the law in force would be meant, which holds every decision already.
    """
    start = () if base.decisions == decisions() else base.decisions
    return Version(decided[-1].id(), (*start, *decided))

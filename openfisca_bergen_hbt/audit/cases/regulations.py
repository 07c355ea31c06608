"""The regulation that a test case is about: the law in force, the foundation, or what the file or the case names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from openfisca_bergen_hbt.law.versions import Version, in_force, named
from openfisca_bergen_hbt.regelverk import FOUNDATION, decisions, readings
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.strict_yaml import Faults, Node
from openfisca_bergen_hbt.vedtak import Reading, Vedtak

#: A comment among the first lines of a file that names its regulation.
COMMENT = re.compile(r"#\s*regulation:\s*(.*?)\s*")
#: The folders whose tests are about the foundation, and the decisions and readings that they name on top of it.
FOLDERS = ("reforms", "readings")
DECISIONS_ONLY = marked("Name decisions and readings by module and class; nothing else is imported.")


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
    return named(FOUNDATION) if path.resolve().parent.name in FOLDERS else in_force()


@lru_cache(maxsize=1)
def reforms_by_path() -> dict[str, type[Vedtak | Reading]]:
    """Return the decisions and readings by the dotted path that a case names them by."""
    return {f"{reform.__module__}.{reform.__name__}": reform for reform in (*decisions(), *readings())}


def on_top_of(base: Version, named: Sequence[type[Vedtak | Reading]]) -> Version:
    """Return a regulation with the decisions and readings that a case names.

    They are applied to the foundation where the law in force would be meant, which holds every decision already.

    Raises:
        ValueError: a reading that does not stand directly after the decision whose rule it reads.
    """
    start = () if base.decisions == decisions() else base.decisions
    decided = tuple(reform for reform in named if issubclass(reform, Vedtak))
    read = tuple(reform for reform in named if issubclass(reform, Reading))
    last = decided or start
    found = Version(last[-1].id() if last else FOUNDATION, (*start, *decided), readings=read)
    if found.reforms != (*start, *named) and len(found.reforms) == len(start) + len(named):
        order = " → ".join(reform.id() for reform in found.reforms)
        raise ValueError(
            _("A reading is applied directly after the decision that it reads. The order is: {order}.").format(
                order=order
            )
        )
    return found

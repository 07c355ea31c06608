"""Names of variables, parameters, units and regulations, with the nearest ones where a name is unknown."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from openfisca_bergen_hbt.text.language import _, marked

Item = TypeVar("Item")
#: How long a name may be to be compared with others; what is longer is no name.
LONGEST = 200


#: What is said of a name that nothing of a kind has.
NO_VARIABLE = marked("There is no variable '{name}'.")
NO_PARAMETER = marked("There is no parameter '{name}'.")
NEITHER = marked("There is no variable or parameter '{name}'.")
NO_UNIT = marked("There is no unit '{name}'.")
NO_AREA = marked("There is no area '{name}'.")
NO_AGENCY = marked("There is no agency '{name}'.")
NO_REGULATION = marked("There is no regulation '{name}'.")
NO_READING = marked("There is no reading '{name}'.")


class UnknownNameError(ValueError):
    """A name that nothing has: what is said of it is a message with the place ``name``, such as ``NO_UNIT``."""

    def __init__(self, said: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"{_(said).format(name=name)} {nearest(name, known)}")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known names that come nearest to one, as a question; what is known, where none comes near."""
    known = list(known)
    near = nearest_names(name, known)
    if len(name) <= LONGEST:
        near += [other for other in known if name and name.lower() in other.lower() and other not in near][:3]
    if near:
        return _("Did you mean {names}?").format(names=_(" or ").join(near[:4]))
    return _("Known: {names}.").format(names=", ".join(known[:12]))


def nearest_names(name: str, known: Iterable[str], cutoff: float = 0.5) -> list[str]:
    """Return up to three known names that are spelled as one by a share of ``cutoff``, the nearest first."""
    return difflib.get_close_matches(name, list(known), n=3, cutoff=cutoff) if len(name) <= LONGEST else []


def pick(by_name: Mapping[str, Item], name: str, unknown: str) -> Item:
    """Return what has a name; a name that nothing has is an ``UnknownNameError``, which says ``unknown`` of it."""
    if name not in by_name:
        raise UnknownNameError(unknown, name, by_name)
    return by_name[name]


def parameters(tree: Any) -> list[Any]:
    """Return the parameters of a tree in the order of their names."""
    leaves = [found for found in tree.get_descendants() if not hasattr(found, "children")]
    return sorted(leaves, key=lambda parameter: str(parameter.name))


def find_parameter(system: Any, name: str) -> Any:
    """Return a parameter by its path."""
    return pick({parameter.name: parameter for parameter in parameters(system.parameters)}, name, NO_PARAMETER)


def find(system: Any, name: str) -> Any:
    """Return a variable or a parameter by its name."""
    by_name = {parameter.name: parameter for parameter in parameters(system.parameters)} | system.variables
    return pick(by_name, name, NEITHER)


def position(names: Iterable[str], name: str, unknown: str) -> int:
    """Return where a name stands among names."""
    return pick({other: place for place, other in enumerate(names)}, name, unknown)


def letters(name: str) -> str:
    """Return what is left of a name without capitals, spaces and what is invisible: the same of names for one thing."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return "".join(letter for letter in folded if not letter.isspace() and unicodedata.category(letter) != "Cf")


def spelled_alike(names: Iterable[str]) -> list[list[str]]:
    """Return the names that differ in nothing but capitals, spaces and what is invisible, together."""
    by_letters: dict[str, list[str]] = {}
    for name in names:
        by_letters.setdefault(letters(name), []).append(name)
    return [spellings for spellings in by_letters.values() if len(spellings) > 1]

"""Names of variables, parameters, units and regulations, with the nearest ones where a name is unknown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

#: How long a name may be to be compared with others; what is longer is no name.
LONGEST = 200


class UnknownNameError(ValueError):
    """A name that nothing has."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no {what} '{name}'. {nearest(name, known)}")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known names that come nearest to one, as a question; what is known, where none comes near."""
    known = list(known)
    if len(name) > LONGEST:
        return f"Known: {', '.join(known[:12])}."
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    near += [other for other in known if name and name.lower() in other.lower() and other not in near][:3]
    return f"Did you mean {' or '.join(near[:4])}?" if near else f"Known: {', '.join(known[:12])}."


def parameters(system: Any) -> Iterator[Any]:
    """Yield the parameters of a tax-benefit system in the order of their names."""
    leaves = [found for found in system.parameters.get_descendants() if not hasattr(found, "children")]
    yield from sorted(leaves, key=lambda parameter: str(parameter.name))


def find_parameter(system: Any, name: str) -> Any:
    """Return a parameter by its path.

    Raises:
        UnknownNameError: no parameter has the name.
    """
    by_name = {parameter.name: parameter for parameter in parameters(system)}
    if name not in by_name:
        raise UnknownNameError("parameter", name, by_name)
    return by_name[name]


def find(system: Any, name: str) -> Any:
    """Return a variable or a parameter by its name.

    Raises:
        UnknownNameError: neither a variable nor a parameter has the name.
    """
    by_name = {parameter.name: parameter for parameter in parameters(system)} | system.variables
    if name not in by_name:
        raise UnknownNameError("variable or parameter", name, by_name)
    return by_name[name]


def position(names: Iterable[str], name: str, what: str) -> int:
    """Return where a name stands among names.

    Raises:
        UnknownNameError: it does not stand there.
    """
    names = list(names)
    if name not in names:
        raise UnknownNameError(what, name, names)
    return names.index(name)

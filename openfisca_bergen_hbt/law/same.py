"""Which regulations come to the same figures in a year, so that they need be run only once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from inspect import unwrap
from types import CodeType, FunctionType
from typing import Any

from openfisca_bergen_hbt.rules import entities
from openfisca_bergen_hbt.rules.stages.sums import FOLLOWS_USERS

#: The room that formulas are written with: what its functions read, formulas read.
RULES = f"{entities.__name__.rpartition('.')[0]}."


def same_figures(system: Any, other: Any, year: int) -> bool:
    """Return whether two regulations have the same numbers and, for all figures of a year, the same rules.

    What is no figure (who decides, which plan holds) may differ, as long as no rule reads it.
    """
    if system.parameters is not other.parameters:
        return False
    differing = [
        name
        for name, variable in system.variables.items()
        if variable is not other.variables[name] and _formulas(variable, year) != _formulas(other.variables[name], year)
    ]
    return not any(name in _counted(system) for name in differing)


def same_sums(system: Any, other: Any, year: int) -> bool:
    """Return whether two regulations have the same numbers, embedded users, and rules for users, all year.

    The rules of which sums are asked for, too (``FOLLOWS_USERS``).
    """
    if system.parameters is not other.parameters or _of_population(system) != _of_population(other):
        return False
    of_users = [name for name, variable in system.variables.items() if variable.entity.is_person] + [FOLLOWS_USERS]
    return all(_formulas(system.variables[name], year) == _formulas(other.variables[name], year) for name in of_users)


def _of_population(system: Any) -> list[Any]:
    return [reading for reading in system.lesninger if reading.of_population]


def _formulas(variable: Any, year: int) -> list[tuple[str, Any]]:
    """Return the formulas that hold on some day of a year, each with the day from which it does."""
    until = [(start, formula) for start, formula in variable.formulas.items() if start <= f"{year}-12-31"]
    earlier = [start for start, _ in until if start <= f"{year}-01-01"]
    return [(start, formula) for start, formula in until if start >= max(earlier, default="")]


@lru_cache(maxsize=8)
def _counted(system: Any) -> frozenset[str]:
    """Return the variables that are figures, and those that rules of such read: the names in their formulas' text."""
    rules = [module for name, module in list(sys.modules.items()) if name.startswith(RULES)]
    helpers = [found for module in rules for found in vars(module).values() if isinstance(found, FunctionType)]
    found = {text for helper in helpers for text in _constants(unwrap(helper).__code__)}
    found |= {text for module in rules for text in vars(module).values() if isinstance(text, str)}
    found |= {name for name, variable in system.variables.items() if variable.value_type in (int, float)}
    waiting = list(found)
    while waiting:
        variable = system.variables.get(waiting.pop())
        formulas = variable.formulas.values() if variable else ()
        new = {text for formula in formulas for text in _constants(formula.__code__)} - found
        found |= new
        waiting += new
    return frozenset(found)


def _constants(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _constants(constant)

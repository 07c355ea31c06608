"""Which regulations come to the same figures in a year, so that they need be run only once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from openfisca_bergen_hbt.rules import entities

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
    return not any(system.variables[name].value_type in (int, float) or name in _texts(system) for name in differing)


def _formulas(variable: Any, year: int) -> list[tuple[str, Any]]:
    """Return the formulas that hold on some day of a year, each with the day from which it does."""
    until = [(start, formula) for start, formula in variable.formulas.items() if start <= f"{year}-12-31"]
    earlier = [start for start, _ in until if start <= f"{year}-01-01"]
    return [(start, formula) for start, formula in until if start >= max(earlier, default="")]


@lru_cache(maxsize=8)
def _texts(system: Any) -> frozenset[str]:
    """Return every text in formulas and the functions they are written with: the names that they read among them."""
    formulas = [formula for variable in system.variables.values() for formula in variable.formulas.values()]
    rules = [module for name, module in list(sys.modules.items()) if name.startswith(RULES)]
    helpers = [found for module in rules for found in vars(module).values() if isinstance(found, FunctionType)]
    return frozenset(text for function in (*formulas, *helpers) for text in _constants(function.__code__))


def _constants(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _constants(constant)

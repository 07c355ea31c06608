"""What is to come out: sums and differences of amounts, such as ``change[Laksevåg] - change[Årstad] = 0``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import HeldBack
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.simulate import Results
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked

#: What each unit is given more than without the changes, as an expression calls it.
CHANGE = "change"
OF_ALL: Mapping[str, Callable[[FloatArray], Any]] = {"sum": numpy.sum, "min": numpy.min, "max": numpy.max}
TERM = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?:(?P<all>sum|min|max)\s*\(\s*(?P<of_all>\w+)\s*\)"
    r"|(?P<of_one>\w+)\s*\[\s*(?P<member>.+?)\s*\])(?=\s*(?:[+-]|$))",
)
WRITE = marked(
    "write VARIABLE[NAME] = AMOUNT, such as enhet_samlet_tildeling[Bergenhus] = 190000000; sums and differences of "
    "such; sum(VARIABLE), min(VARIABLE) or max(VARIABLE); and change for what a unit is given more or less."
)


@dataclass(frozen=True)
class Term:
    """An amount of one member, or of all of them together (``sum``, ``min`` or ``max``)."""

    sign: int
    variable: str
    #: The name of the member, or what is made of all.
    of: str
    of_all: bool


@dataclass(frozen=True)
class Target:
    """What amounts are to come to together."""

    terms: tuple[Term, ...]
    amount: float
    #: The left side as it was written.
    text: str

    def unit(self, system: Any) -> str:
        """Return the unit of the amount, in Norwegian; nothing where the terms have different ones."""
        found = {system.get_variable(_variable(term)).unit for term in self.terms}
        return data.unit_label(found.pop()) if len(found) == 1 else ""

    def refuse_held_back(self, held: HeldBack, system: Any, population: Population) -> None:
        """Refuse a target with a term that few users make: as the value found gives the amount, it would tell of them.

        The least and the most of all are those of one member, which may be any.

        Raises:
            ValueError: there is one.
        """
        for term in self.terms:
            variable = system.get_variable(_variable(term))
            level = variable.entity.key
            mask = held.mask(variable, "sum" if term.of == "sum" and term.of_all else level)
            if mask is None:
                continue
            members, unknown = _members(population)[level]
            if mask.any() if term.of_all else mask[names.position(members, term.of, unknown)]:
                message = _(
                    "'{target}' holds an amount that is held back: few users make it. Ask for one of more users; "
                    "or, for internal use alone, give --no-suppression."
                )
                raise ValueError(message.format(target=self.text))

    def value(self, results: Results, before: FloatArray) -> float:
        """Return what the terms come to, ``before`` being what each unit is given without the changes."""
        return sum(term.sign * _amount(term, results, before) for term in self.terms)


def parse_target(text: str) -> Target:
    """Read ``EXPRESSION = AMOUNT``.

    Raises:
        ValueError: the text is not written so.
    """
    sides = re.fullmatch(r"\s*(.+?)\s*={1,2}\s*(-?[0-9\s]+(?:\.[0-9]+)?)\s*", text)
    terms, end = list[Term](), 0
    while sides and end < len(sides[1]):
        found = TERM.match(sides[1], end)
        if not found or (terms and not found["sign"]):
            break
        variable, of = found["of_all"] or found["of_one"], found["all"] or found["member"]
        terms.append(Term(-1 if found["sign"] == "-" else 1, variable, of, of_all=bool(found["all"])))
        end = found.end()
    if not sides or end < len(sides[1]):
        raise ValueError(f"'{text}': {_(WRITE)}")
    return Target(tuple(terms), float(re.sub(r"\s", "", sides[2])), sides[1])


def checked_target(target: Target, system: Any, population: Population) -> Target:
    """Return a target whose every term is one that the regulation and the population have.

    Raises:
        ValueError: a name that nothing has, a monthly variable or one of users.
    """
    for term in target.terms:
        variable = names.pick({CHANGE: system.variables[GIVEN]} | system.variables, term.variable, names.NO_VARIABLE)
        members = _members(population).get(variable.entity.key)
        if not members or variable.definition_period != "year" or variable.value_type not in (float, int):
            message = _("'{variable}' can't be solved for: give a yearly amount of a unit, an area or the agency.")
            raise ValueError(message.format(variable=term.variable))
        if not term.of_all:
            names.position(*members[:1], term.of, members[1])
    return target


def _members(population: Population) -> dict[str, tuple[Any, str]]:
    return {
        "enhet": (population.unit_names, names.NO_UNIT),
        "byomraade": (population.area_names, names.NO_AREA),
        "etat": (population.agency_names, names.NO_AGENCY),
    }


def _variable(term: Term) -> str:
    return GIVEN if term.variable == CHANGE else term.variable


def _amount(term: Term, results: Results, before: FloatArray) -> float:
    name = _variable(term)
    values = results.value(name).astype(numpy.float64)
    if term.variable == CHANGE:
        values = values - before
    if term.of_all:
        return float(OF_ALL[term.of](values)) if len(values) else 0.0
    members, unknown = _members(results.population)[results.system.get_variable(name).entity.key]
    return float(values[names.position(members, term.of, unknown)])

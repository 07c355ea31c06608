"""Which value of a number gives a unit, an area or the agency a wished-for amount."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import Asked, Question, require_scipy
from openfisca_bergen_hbt.law.bounds import refuse_out_of_bounds
from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalReform, checked
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.money import krone
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.numbers import plain

#: At how many places in the range a change of sign is looked for: an amount need not rise or fall all the way.
PLACES = 33
#: How far from the target an amount may be: the krone that rounding moves.
NEAR = 1.0


@dataclass(frozen=True)
class Target:
    """An amount that a variable of a unit, an area or the agency is to have."""

    variable: str
    member: str
    amount: float


@dataclass(frozen=True)
class Solution:
    """What was found: the value, or that there is none, and what the ends of the range give."""

    #: None where no value in the range gives the amount.
    value: float | None
    #: What the value gives; where there is none, the nearest of the amounts tried and the value that gives it.
    amount: float
    nearest: float
    low: float
    high: float
    amount_at_low: float
    amount_at_high: float


def parse_target(text: str) -> Target:
    """Read ``variable[name] = amount``.

    Raises:
        ValueError: the text is not written so.
    """
    match = re.fullmatch(r"\s*(\w+)\s*\[\s*(.+?)\s*\]\s*={1,2}\s*(-?[0-9\s]+(?:\.[0-9]+)?)\s*", text)
    if not match:
        raise ValueError(
            f"'{text}': write VARIABLE[NAME] = AMOUNT, such as enhet_samlet_tildeling[Bergenhus] = 190000000."
        )
    return Target(match[1], match[2], float(re.sub(r"\s", "", match[3])))


def limits(system: Any, parameter: str, between: tuple[float, float] | None) -> tuple[float, float]:
    """Return the range to search: the given one, or the parameter's own.

    Raises:
        ValueError: the parameter has no range and none is given, or the given one is empty or not all allowed.
    """
    found = names.find_parameter(system, parameter)
    if between is None:
        if "range" not in found.metadata:
            raise ValueError(f"'{parameter}' has no range of its own: give one with --between LOW HIGH.")
        low, high = found.metadata["range"]
        return float(low), float(high)
    if not between[0] < between[1]:
        raise ValueError(f"--between {plain(between[0])} {plain(between[1])}: the first must be the smaller.")
    for limit in between:
        refuse_out_of_bounds(found, limit)
    return between


def solve(
    system: Any,
    population: Population,
    year: int,
    *,
    parameter: str,
    target: Target,
    between: tuple[float, float],
    done: Callable[[], object] = lambda: None,
) -> Solution:
    """Find the value of a parameter, within a range, that gives the target's amount.

    Args:
        system: the regulation.
        population: whom it is run on.
        year: the year; the value holds from its first day.
        parameter: the path of the number to change.
        target: what is to come out.
        between: the least and the greatest value to try.
        done: called for each place of the range that is tried, for a progress bar.

    Raises:
        ValueError: a name that nothing has, a monthly variable or one of users, or a value that the law can't take.
    """
    from scipy.optimize import brentq  # takes its time to import

    position = _position(system, population, target)
    whole = data.units()[names.find_parameter(system, parameter).metadata["unit"]].get("whole")
    allowed: Callable[[float], float] = krone if whole else float

    def amount(value: float) -> float:
        change = Change(parameter, date(year, 1, 1), allowed(value))
        proposal = Proposal("solve", parameter, (change,))
        reform = ProposalReform(system, checked(proposal, system, [f"{parameter} = {plain(value)}"]))
        return float(simulate(population, reform, year).value(target.variable)[position])

    low, high = between
    places = [allowed(low + (high - low) * step / (PLACES - 1)) for step in range(PLACES)]
    amounts = []
    for place in places:
        amounts.append(amount(place))
        done()
    tried = dict(zip(places, amounts, strict=True))
    for left, right in pairwise(places):
        gap_left, gap_right = tried[left] - target.amount, tried[right] - target.amount
        if gap_left * gap_right < 0:
            found = allowed(brentq(lambda value: amount(value) - target.amount, left, right, xtol=1e-12, rtol=1e-14))
            tried[found] = amount(found)
    nearest = min(tried, key=lambda value: abs(tried[value] - target.amount))
    hit = abs(tried[nearest] - target.amount) <= NEAR
    return Solution(nearest if hit else None, tried[nearest], nearest, low, high, amounts[0], amounts[-1])


def _position(system: Any, population: Population, target: Target) -> int:
    variable = names.pick(system.variables, target.variable, "variable")
    members = {
        "enhet": (population.unit_names, "enhet"),
        "byomraade": (population.area_names, "byområde"),
        "etat": (population.agency_names, "etat"),
    }
    if (
        variable.entity.key not in members
        or variable.definition_period != "year"
        or variable.value_type not in (float, int)
    ):
        raise ValueError(
            f"'{target.variable}' can't be solved for: give a yearly amount of a unit, an area or the agency."
        )
    return names.position(members[variable.entity.key][0], target.member, members[variable.entity.key][1])


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which number may change, and what is to come out."""

    parameter: Annotated[
        str, Meta(description="The number to change, from the year's first day.", extra={"metavar": "PATH"})
    ]
    until: Annotated[str, Meta(description="What is to come out.", extra={"metavar": '"VARIABLE[NAME] = AMOUNT"'})]
    between: Annotated[
        tuple[float, float] | None,
        Meta(description="Range to search. Default: the number's own.", extra={"metavar": "LOW HIGH"}),
    ] = None


@dataclass(frozen=True)
class Solved:
    """What was asked for, and what was found."""

    parameter: str
    unit: str
    until: str
    target: Target
    solution: Solution
    population: Population


def _run(asked: Asked) -> Solved:
    require_scipy()
    wanted, system = asked.options, asked.system
    target = parse_target(wanted.until)
    between = limits(system, wanted.parameter, wanted.between)
    found = solve(
        system,
        asked.population,
        asked.year,
        parameter=wanted.parameter,
        target=target,
        between=between,
        done=asked.begin(PLACES),
    )
    unit = names.find_parameter(system, wanted.parameter).metadata["unit"]
    return Solved(wanted.parameter, unit, wanted.until, target, found, asked.population)


QUESTION = Question(
    name="solve",
    about="""Find the value of a number that gives a unit, an area or the agency an amount, or say that none does.

    The value is sought within the number's own range, with SciPy's root finding.
    """,
    examples=(
        'solve --parameter kategorimodell.vekt.kategori_5 --until "enhet_samlet_tildeling[Bergenhus] = 163000000"',
        'solve --parameter avstand.andel --until "enhet_avstandstilskudd[Arna Åsane] = 9000000" --example bevegelse',
    ),
    run=_run,
    bodies=({"parameter": "reserve.andel", "until": "enhet_samlet_tildeling[Bergenhus] = 163000000"},),
    options=Options,
    takes=("population", "year", "regulation"),
    forms=("text", "json"),
)

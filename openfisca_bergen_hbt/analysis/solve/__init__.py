"""Which values of numbers give wished-for amounts: of units, areas and agencies, their sums and differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

import msgspec
import numpy
from msgspec import Meta

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.asking import Asked, Done, Figures, Question
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.analysis.solve.target import Target, checked_target, parse_target
from openfisca_bergen_hbt.law.bounds import refuse_out_of_bounds
from openfisca_bergen_hbt.law.proposals import Change, Proposal, ProposalReform, checked
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import held_back
from openfisca_bergen_hbt.rules.money import FloatArray, krone
from openfisca_bergen_hbt.simulate import Results, simulate
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.numbers import plain

#: At how many places in the range a change of sign is looked for: an amount need not rise or fall all the way.
PLACES = 33
#: How far from the target an amount may be: the krone that rounding moves.
NEAR = 1.0
#: How far a number is moved to see what that does, as a share of its range: far enough that kroner are small beside it.
STEP = 1e-4
#: How often several numbers are tried at most.
TRIES = 60


@dataclass(frozen=True)
class Solution:
    """What was found for one number: the value, or that there is none, and what the ends of the range give."""

    #: None where no value in the range gives the amount; of several, the one nearest to what the number is.
    value: float | None
    #: What the value gives; where there is none, the nearest of the amounts tried and the value that gives it.
    amount: float
    nearest: float
    low: float
    high: float
    amount_at_low: float
    amount_at_high: float
    #: Other values that give the amount.
    also: tuple[float, ...] = ()


@dataclass(frozen=True)
class Together:
    """What was found for several numbers, or several targets: the values nearest to what is wished for."""

    #: Whether they give every amount.
    solved: bool
    values: dict[str, float]
    amounts: list[float]


def limits(system: Any, parameter: str, between: tuple[float, float] | None) -> tuple[float, float]:
    """Return the range to search: the given one, or the parameter's own.

    Raises:
        ValueError: the parameter has no range and none is given, or the given one is empty or not all allowed.
    """
    found = names.find_parameter(system, parameter)
    if between is None:
        if "range" not in found.metadata:
            message = _("'{parameter}' has no range of its own: give one with --between LOW HIGH.")
            raise ValueError(message.format(parameter=parameter))
        low, high = found.metadata["range"]
        return float(low), float(high)
    if not between[0] < between[1]:
        message = _("--between {low} {high}: the first must be the smaller.")
        raise ValueError(message.format(low=plain(between[0]), high=plain(between[1])))
    for limit in between:
        refuse_out_of_bounds(found, limit)
    return between


class Trial:
    """What targets come to where numbers have other values from the first day of a year."""

    def __init__(self, system: Any, population: Population, year: int, parameters: Sequence[str]) -> None:
        self.system, self.population, self.year = system, population, year
        self.parameters = [names.find_parameter(system, parameter) for parameter in parameters]
        self.before = simulate(population, system, year).value(GIVEN)
        #: What the numbers are on the year's first day; of one that begins later, its first value.
        self.now = [found.get_at_instant(f"{year}-01-01") or found.values_list[-1].value for found in self.parameters]

    def allowed(self, values: Sequence[float] | FloatArray) -> FloatArray:
        """Return the values that the numbers' units allow, whole where those are; the last axis is the numbers'."""
        whole = [data.units()[found.metadata["unit"]].get("whole", False) for found in self.parameters]
        return numpy.where(whole, krone(numpy.asarray(values, dtype=numpy.float64)), values)

    def unit(self, number: int) -> str:
        """Return the unit of one of the numbers, in Norwegian."""
        return data.unit_label(self.parameters[number].metadata["unit"])

    def amounts(self, values: Sequence[float], targets: Sequence[Target]) -> list[float]:
        """Return what each target comes to."""
        results = self.run(values)
        return [target.value(results, self.before) for target in targets]

    def run(self, values: Sequence[float]) -> Results:
        """Return the results where the numbers have some values."""
        pairs = list(zip([found.name for found in self.parameters], self.allowed(values).tolist(), strict=True))
        changes = tuple(Change(name, date(self.year, 1, 1), value) for name, value in pairs)
        places = [f"{name} = {plain(value)}" for name, value in pairs]
        reform = ProposalReform(self.system, checked(Proposal("solve", "solve", changes), self.system, places))
        return simulate(self.population, reform, self.year)


def solve(
    trial: Trial, target: Target, between: tuple[float, float], done: Callable[[], object] = lambda: None
) -> Solution:
    """Find the value of one number, within a range, that gives the target's amount.

    Raises:
        ValueError: a value that the law can't take.
    """
    from scipy.optimize import brentq  # takes its time to import

    def amount(value: float) -> float:
        return trial.amounts([value], [target])[0]

    def allowed(value: float) -> float:
        return float(trial.allowed([value])[0])

    low, high = between
    places = [allowed(low + (high - low) * step / (PLACES - 1)) for step in range(PLACES)]
    amounts = []
    for place in places:
        amounts.append(amount(place))
        done()
    tried, roots = dict(zip(places, amounts, strict=True)), []
    for left, right in pairwise(places):
        gap_left, gap_right = tried[left] - target.amount, tried[right] - target.amount
        if gap_left * gap_right < 0:
            found = allowed(brentq(lambda value: amount(value) - target.amount, left, right, xtol=1e-12, rtol=1e-14))
            tried[found] = amount(found)
            roots.append(found)
    now = trial.now[0]
    off = {value: abs(amount - target.amount) for value, amount in tried.items()}
    hits = [value for value in tried if off[value] <= NEAR]
    nearest = min(hits, key=lambda value: abs(value - now)) if hits else min(off, key=off.__getitem__)
    also = tuple(value for value in roots if value != nearest and value in hits)
    value = nearest if hits else None
    return Solution(value, tried[nearest], nearest, low, high, amounts[0], amounts[-1], also)


def solve_together(
    trial: Trial, targets: Sequence[Target], ranges: Sequence[tuple[float, float]], done: Callable[[], object]
) -> Together:
    """Find values of several numbers, each within its range, that give every target's amount.

    The search (least squares) begins at the values in force, or the nearest in the range; of several answers it gives
    one near them.

    Raises:
        ValueError: values that the law can't take together.
    """
    from scipy.optimize import least_squares  # takes its time to import

    low, high = numpy.array(ranges).T
    wanted = numpy.array([target.amount for target in targets])

    def gaps(places: Any) -> Any:
        done()
        return numpy.array(trial.amounts(low + places * (high - low), targets)) - wanted

    start = numpy.clip((numpy.array(trial.now) - low) / (high - low), 0.0, 1.0)
    found = least_squares(
        gaps, start, bounds=(0, 1), diff_step=STEP, max_nfev=TRIES, xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    values = trial.allowed(low + found.x * (high - low)).tolist()
    amounts = trial.amounts(values, targets)
    solved = bool((numpy.abs(numpy.array(amounts) - wanted) <= NEAR).all())
    return Together(solved, dict(zip([one.name for one in trial.parameters], values, strict=True)), amounts)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which number may change, and what is to come out."""

    parameter: Annotated[
        str | tuple[str, ...],
        Meta(
            description=marked("The number to change, from the year's first day. Repeatable."),
            extra={"metavar": "PATH", "fault": marked("'parameter' is the path of a number, or a list of such.")},
        ),
    ]
    until: Annotated[
        str | tuple[str, ...],
        Meta(
            description=marked(
                "What is to come out: VARIABLE[NAME], sum(VARIABLE), min or max, and change; added and "
                "subtracted. Repeatable."
            ),
            extra={
                "metavar": '"EXPRESSION = AMOUNT"',
                "fault": marked("'until' is EXPRESSION = AMOUNT, or a list of such."),
            },
        ),
    ]
    between: Annotated[
        tuple[float, float] | None,
        Meta(description=marked("Range to search. Default: the number's own."), extra={"metavar": "LOW HIGH"}),
    ] = None


@dataclass(frozen=True)
class Solved:
    """What was asked for, and what was found."""

    #: The numbers, each with its unit; and the targets, each with its own.
    parameters: dict[str, str]
    targets: tuple[tuple[Target, str], ...]
    until: tuple[str, ...]
    solution: Solution | Together
    population: Population


def _run(asked: Asked) -> Solved:
    wanted, system = asked.options, asked.system
    parameters = (wanted.parameter,) if isinstance(wanted.parameter, str) else tuple(dict.fromkeys(wanted.parameter))
    until = (wanted.until,) if isinstance(wanted.until, str) else wanted.until
    if not parameters or not until:
        raise ValueError(_("Give a number to change (--parameter), and what is to come out (--until)."))
    if wanted.between and len(parameters) > 1:
        raise ValueError(_("--between is the range of one number. Several are searched within their own ranges."))
    ranges = [limits(system, parameter, wanted.between) for parameter in parameters]
    targets = [checked_target(parse_target(text), system, asked.population) for text in until]
    trial = Trial(system, asked.population, asked.year, parameters)
    if asked.suppression:
        held = held_back([simulate(asked.population, system, asked.year)])
        for target in targets:
            target.refuse_held_back(held, system, asked.population)
    done = asked.begin(PLACES)
    found = (
        solve(trial, targets[0], ranges[0], done)
        if len(parameters) == len(targets) == 1
        else solve_together(trial, targets, ranges, done)
    )
    units = {one.name: trial.unit(number) for number, one in enumerate(trial.parameters)}
    with_units = tuple((target, target.unit(system)) for target in targets)
    return Solved(units, with_units, until, found, asked.population)


#: The five weights, of an example.
WEIGHTS = " ".join(f"--parameter kategorimodell.vekt.kategori_{number}" for number in range(1, 6))


def _recorded(solved: Solved, _done: Done) -> Figures:
    asked = {"parameters": list(solved.parameters), "until": solved.until}
    return Figures(msgspec.to_builtins({**asked, **asdict(solved.solution)}), {})


QUESTION = Question(
    name="solve",
    about=marked(
        """Find the value of a number that gives a unit, an area or the agency an amount, or say that none does.

    The value is sought within the number's own range, with SciPy's root finding. Several numbers, or several amounts,
    are sought together, from the values in force on.
    """
    ),
    examples=(
        'solve --parameter kategorimodell.vekt.kategori_5 --until "enhet_samlet_tildeling[Bergenhus] = 163000000"',
        'solve --parameter kategorimodell.vekt.kategori_5 --until "min(change) = -1000000"',
        f'solve {WEIGHTS} --until "enhet_samlet_tildeling[Laksevåg] = 130000000" --until "sum(change) = 0"',
        'solve --parameter avstand.andel --until "enhet_avstandstilskudd[Arna Åsane] = 9000000" --example bevegelse',
    ),
    run=_run,
    bodies=({"parameter": "reserve.andel", "until": "enhet_samlet_tildeling[Bergenhus] = 163000000"},),
    options=Options,
    takes=("population", "parts", "year", "regulation", "suppression"),
    not_public=marked("The number that it finds tells an amount to the krone."),
    forms=("text", "json"),
    recorded=_recorded,
)

"""Several regulations run on one population, each set beside the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray
from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt import data, grunnregelverk
from openfisca_bergen_hbt.analysis.assumptions import Foundations, foundations
from openfisca_bergen_hbt.law.proposals import Proposal, ProposalReform
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.suppression import HeldBack, held_back
from openfisca_bergen_hbt.regelverk import FOUNDATION, chosen, decisions
from openfisca_bergen_hbt.rules.money import FloatArray, ratio
from openfisca_bergen_hbt.simulate import Results, lacking_inputs, simulate
from openfisca_bergen_hbt.vedtak import Vedtak

#: How the names of the agencies' published figures, and of what is made of them, begin; the areas have no others.
OF_PUBLISHED = ("publisert_", "avvik_", "lmh_")
#: Variables of the units that are a ratio of two others; for an area, the ratio of the sums.
RATIOS = {
    "enhet_tildeling_per_bruker": ("enhet_samlet_tildeling", "enhet_antall_brukere"),
    "enhet_tildeling_per_time": ("enhet_samlet_tildeling", "enhet_vedtakstimer"),
}


@dataclass(frozen=True)
class Version:
    """A regulation to run: the name that it was asked for by, and the decisions that it contains."""

    id: str
    decisions: tuple[type[Vedtak], ...]
    #: Proposals on top of the decisions, in order; the version is named after the last.
    proposals: tuple[Proposal, ...] = ()

    @property
    def latest(self) -> type[Vedtak] | None:
        """The decision that the regulation is named after; None for the foundation and for a date."""
        return next((decision for decision in decisions() if decision.id() == self.id), None)

    @property
    def title(self) -> str:
        """What the regulation is called in a report."""
        if self.proposals:
            return self.proposals[-1].title
        if self.id == FOUNDATION:
            return "Grunnregelverket"
        return self.latest.title if self.latest else f"Vedtatt innen {self.id}"

    @property
    def short_title(self) -> str:
        """What the regulation is called in the head of a column."""
        return self.latest.short_title if self.latest else self.title

    def build(self, built: dict[tuple[Any, ...], Any] | None = None) -> Any:
        """Return the tax-benefit system.

        Args:
            built: systems by the decisions and proposals that they contain, to build on and to add to.
        """
        built = {} if built is None else built
        if () not in built:
            built[()] = grunnregelverk.CountryTaxBenefitSystem()
        contained: tuple[Any, ...] = ()
        changes: tuple[Any, ...] = (*self.decisions, *self.proposals)
        for change in changes:
            before, contained = contained, (*contained, change)
            if contained not in built:
                earlier = built[before]
                built[contained] = ProposalReform(earlier, change) if change in self.proposals else change(earlier)
        return built[contained]


@dataclass(frozen=True)
class Run:
    """A version and its results."""

    version: Version
    results: Results


class Row(NamedTuple):
    """One figure: which regulation, at which level and for whom, which variable and period, and the value."""

    regulation: str
    level: str
    id: str
    variable: str
    period: str
    #: None for a figure that is held back (see ``suppression``).
    value: float | None


class Block(NamedTuple):
    """The figures of a variable and period for all members of a level, in the order of their ids."""

    regulation: str
    level: str
    variable: str
    period: str
    ids: Sequence[str]
    values: NDArray[Any]
    #: Whether they are whole numbers: kroner, or counts.
    whole: bool
    #: Which of them are held back; None for none.
    hidden: NDArray[numpy.bool_] | None = None


def in_force() -> Version:
    """Return the law in force: all decisions."""
    return Version(decisions()[-1].id(), decisions())


def versions(regulations: Sequence[str] = (), without: Sequence[str] = ()) -> list[Version]:
    """Return the regulations to run.

    Args:
        regulations: each ``grunnregelverk``, a decision's id (that decision on top of all before it), or a date or
            month (as adopted by then). None: the foundation, and then each decision on top of the one before.
        without: ids of decisions to leave out of every regulation.

    Raises:
        ValueError: a name that is none of these, a regulation asked for twice, or one that is also left out.
    """
    kept = chosen(uten=without)
    ids = [decision.id() for decision in decisions()]
    found = []
    for name in regulations or (FOUNDATION, *(decision.id() for decision in kept)):
        if name == FOUNDATION:
            found.append(Version(name, ()))
        elif name in without:
            raise ValueError(f"'{name}' is asked for and left out at once.")
        elif name in ids:
            upto = ids[: ids.index(name) + 1]
            found.append(Version(name, tuple(d for d in kept if d.id() in upto)))
        elif name[:1].isdigit():
            found.append(Version(name, chosen(name, without)))
        else:
            raise ValueError(
                f"There is no regulation '{name}'. Give {FOUNDATION}, a date, or one of: {', '.join(ids)}."
            )
    for version in found:
        if [other.id for other in found].count(version.id) > 1:
            raise ValueError(f"The regulation '{version.id}' is asked for twice.")
    return found


def with_proposals(base: Version, proposals: Sequence[Proposal]) -> list[Version]:
    """Return a version for each proposal, each on top of the ones before.

    Raises:
        ValueError: two proposals of one name, or proposals for different baselines.
    """
    found = []
    for number, proposal in enumerate(proposals):
        if proposal.id in [other.id for other in proposals[:number]]:
            raise ValueError(f"The proposal '{proposal.id}' is given twice.")
        if proposal.baseline and proposal.baseline != base.id:
            raise ValueError(
                f"The proposal '{proposal.id}' builds on '{proposal.baseline}', and not on '{base.id}': proposals that "
                "are run together build on one baseline.",
            )
        found.append(Version(proposal.id, base.decisions, tuple(proposals[: number + 1])))
    return found


def runnable(
    asked_for: Sequence[Version], population: Population, year: int, built: dict[tuple[Any, ...], Any] | None = None
) -> tuple[list[Version], dict[str, str]]:
    """Return the regulations that the population's inputs are enough for, and what the others lack.

    A regulation that counts hours by visits would find none where only assessed hours are given, and pay nothing.

    Args:
        asked_for: the regulations.
        population: whom they are to be run on.
        year: the calendar year.
        built: systems by what they contain, to build on and to add to (see ``Version.build``).

    Returns:
        The regulations that can be run, and the titles of the others with the input that each lacks.
    """
    can, lack = [], {}
    built = {} if built is None else built
    for version in asked_for:
        lacking = lacking_inputs(population, version.build(built), year)
        if lacking:
            lack[version.title] = ", ".join(lacking)
        else:
            can.append(version)
    return can, lack


class Comparison:
    """Regulations run on one population for a year, in the order asked for."""

    def __init__(
        self,
        population: Population,
        year: int,
        asked_for: Sequence[Version],
        *,
        suppression: bool = True,
        left_out: Mapping[str, str] | None = None,
        built: dict[tuple[Any, ...], Any] | None = None,
    ) -> None:
        """Prepare the runs; what they come to is computed when it is asked for.

        Args:
            population: whom the regulations are run on.
            year: the calendar year.
            asked_for: the regulations, in order.
            suppression: whether small counts are held back where the population is about real users.
            left_out: the titles of regulations that could not be run, each with the inputs that it lacks.
            built: systems by what they contain, to build on and to add to (see ``Version.build``).
        """
        self.population = population
        self.year = year
        self.suppression = suppression and population.personal
        self.left_out = dict(left_out or {})
        built = {} if built is None else built
        self.runs = [
            Run(version, simulate(population, version.build(built), year, trace=True)) for version in asked_for
        ]

    def compute(self, done: Callable[[], object] = lambda: None) -> None:
        """Compute what each unit is given, which is most of the work.

        Args:
            done: called when a regulation is finished, for a progress bar.
        """
        for run in self.runs:
            run.results.value("enhet_samlet_tildeling")
            done()

    @cached_property
    def held_back(self) -> HeldBack | None:
        """The counts that are held back; None where nothing is."""
        return held_back([run.results for run in self.runs]) if self.suppression else None

    def hides(self, name: str, level: str) -> NDArray[numpy.bool_] | None:
        """Return which figures of a variable of the units are held back; None for none of them.

        Args:
            name: the variable.
            level: ``enhet``, ``byomraade``, or ``sum`` for all units together.
        """
        if self.held_back is None:
            return None
        return self.held_back.of(self.runs[0].results.system.get_variable(name), level)

    def foundations(self) -> Foundations:
        """Return the assumptions and interpretations that the figures asked for so far rest on."""
        return foundations(run.results for run in self.runs)

    def blocks(self, done: Callable[[], object] = lambda: None) -> Iterator[Block]:
        """Yield every figure by unit, area and agency, yearly and monthly, those of a variable and period together.

        Args:
            done: called when a regulation is finished, for a progress bar.
        """
        for run in self.runs:
            for block in _blocks(run):
                of_users = block.level in ("enhet", "byomraade")
                yield block._replace(hidden=self.hides(block.variable, block.level) if of_users else None)
            done()

    def rows(self) -> Iterator[Row]:
        """Yield every figure by unit, area and agency, yearly and monthly; None for those that are held back."""
        for block in self.blocks():
            values: list[float | None] = block.values.tolist()
            if block.whole:
                values = [int(value) for value in block.values.tolist()]
            if block.hidden is not None:
                hidden = block.hidden.tolist()
                values = [None if held_back else value for value, held_back in zip(values, hidden, strict=True)]
            for member, value in zip(block.ids, values, strict=True):
                yield Row(block.regulation, block.level, member, block.variable, block.period, value)

    def published_overspend(self) -> int | None:
        """Return the published overspend, in kroner; None where the population or the year has none."""
        if not self.population.matches_published:
            return None
        return next((int(r["merforbruk"]) for r in data.rows("merforbruk") if int(r["aar"]) == self.year), None)


def _blocks(run: Run) -> Iterator[Block]:
    results, population = run.results, run.results.population
    members = {
        "enhet": population.unit_names,
        "byomraade": population.area_names,
        "etat": population.agency_names,
    }
    for name, variable in sorted(results.system.variables.items()):
        level = variable.entity.key
        if level not in members or variable.value_type not in (float, int):
            continue
        if not population.areas and (level == "byomraade" or name.startswith(OF_PUBLISHED)):
            continue  # published figures that the population does not give: they would all be 0
        whole = is_whole(variable)
        months: Iterable[int | None] = range(1, 13) if variable.definition_period == DateUnit.MONTH else [None]
        for month in months:
            period = str(results.year) if month is None else f"{results.year}-{month:02}"
            figures = [(level, members[level], results.value(name, month))]
            if level == "enhet" and (areas := by_area(results, name, month)) is not None:
                figures.append(("byomraade", population.area_names, areas))
            for of_level, ids, values in figures:
                yield Block(run.version.id, of_level, name, period, ids, values, whole)


def is_whole(variable: Any) -> bool:
    """Return whether a variable is in whole kroner, or counts."""
    return bool(variable.unit == "kr" or variable.value_type is int)


def by_area(results: Results, name: str, month: int | None = None) -> FloatArray | None:
    """Return a variable of the units by area: the sum, a ratio of sums, or None for what can't be added up."""
    if name in RATIOS:
        part, whole = RATIOS[name]
        return ratio(results.by_area(part, month), results.by_area(whole, month))
    additive = data.units()[results.system.get_variable(name).unit].get("additive")
    return results.by_area(name, month) if additive else None


__all__ = [
    "Comparison",
    "Row",
    "Run",
    "Version",
    "by_area",
    "in_force",
    "is_whole",
    "runnable",
    "versions",
    "with_proposals",
]

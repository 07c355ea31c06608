"""Several years, each under its own law, and what the decisions of a day change in the year that they begin in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from msgspec import structs
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.analysis.asking import Asked
from openfisca_bergen_hbt.analysis.asking.preparing import LackingInputsError
from openfisca_bergen_hbt.analysis.comparison import Comparison, Row, Run, Wanted, knows_frame
from openfisca_bergen_hbt.law.systems import SYSTEMS, runnable
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population, embedded
from openfisca_bergen_hbt.rules.errors import reason
from openfisca_bergen_hbt.simulate import Results, simulate
from openfisca_bergen_hbt.vedtak import Vedtak

#: The agencies' figures of a year.
AMOUNTS = ("etat_aktivitetskostnad", "etat_ramme_i_alt", "etat_samlet_tildeling", "etat_igjen_sentralt")


@dataclass(frozen=True)
class Effect:
    """What the decisions that take effect on one day change in that year: the year with them, less the year without."""

    day: date
    decisions: tuple[str, ...]
    #: By variable, in kroner; none where the year can't be run without the decisions.
    changes: dict[str, int]
    #: The year from which the decisions act on money; None where the sources give no amount.
    acts_from: int | None
    #: Why the year can't be run without them; empty where it can.
    not_computable: str = ""


@dataclass(frozen=True)
class OneYear:
    """A year under its own law."""

    year: int
    regulation: str
    amounts: dict[str, int]
    #: What the activity costs beyond the frame; None for a year whose frame nobody has published or given (T-21).
    overspend: int | None
    #: Whether the users are those of an earlier year (T-25).
    carried_forward: bool
    #: Whether the frame, and for an embedded population the price, is another year's (T-21).
    frame_of_another_year: bool
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Years:
    """Several years, each with every figure of its own law."""

    years: tuple[OneYear, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def runs(self) -> list[Run]:
        """The run of each year."""
        return [run for compared in self.comparisons for run in compared.runs]

    @property
    def population(self) -> Population:
        """The population of the last year, which is described as the others are."""
        return self.comparisons[-1].population

    @property
    def suppression(self) -> bool:
        """Whether small counts are held back."""
        return self.comparisons[-1].suppression

    def rows(self) -> Iterator[Row]:
        """Yield every figure of every year, as those of one comparison."""
        for compared in self.comparisons:
            yield from compared.rows()


def run(asked: Asked, wanted: Wanted) -> Years:
    """Run each of the years that are asked for; of their figures those that are wanted are given.

    Raises:
        LackingInputsError: users of a year that its law has nothing to count hours from.
        SituationParsingError: an input that the law of its year refuses.
    """
    done = asked.begin(len(asked.versions))
    years, comparisons = [], []
    for year, law in zip(asked.request.years, asked.versions, strict=True):
        people = asked.people(year)
        for title, lacking in runnable([law], people, year)[1].items():
            raise LackingInputsError(title, lacking, year)
        compared = Comparison(people, year, [law], suppression=asked.request.suppression, wanted=wanted)
        compared.compute()
        years.append(_year(compared, law))
        comparisons.append(compared)
        done()
    wanted.check_found(comparisons)
    if asked.options.samples:
        _draw_each(asked, comparisons)
    return Years(tuple(years), tuple(comparisons))


def draw(asked: Asked, compared: Comparison) -> None:
    """Find out how sure the figures of a comparison are."""
    from openfisca_bergen_hbt.analysis.sensitivity import how_sure  # SciPy, which it draws with, takes its time

    hides = compared.hides if compared.suppression else None
    compared.sureness = how_sure(asked, [one.version for one in compared.runs], asked.options.samples, hides)


def _draw_each(asked: Asked, comparisons: Sequence[Comparison]) -> None:
    """Find out how sure each year's figures are; where somebody interrupts, the years after are left as they are."""
    for compared in comparisons:
        request = structs.replace(asked.request, year=compared.year, years=())
        draw(replace(asked, request=request, population=compared.population), compared)
        if compared.sureness.done < compared.sureness.samples:
            return


def _year(compared: Comparison, law: Version) -> OneYear:
    year, people, results = compared.year, compared.population, compared.runs[-1].results
    frame_known = knows_frame(people, year)
    return OneYear(
        year=year,
        regulation=law.last,
        amounts=_amounts(results),
        overspend=int(results.value("etat_merforbruk").sum()) if frame_known else None,
        carried_forward=not people.personal and year not in embedded.PUBLISHED_YEARS,
        frame_of_another_year=not frame_known,
        effects=tuple(_effect(people, law, year, day, results) for day in _days(law, year)),
    )


def _days(law: Version, year: int) -> Sequence[date]:
    """Return the days of the year on which decisions take effect.

    A decision that is named from a day of the year before is in force with its money from the year's first day.
    """
    begins = [date(year, 1, 1) for decision in law.decisions if decision.innfoerer and _acts(decision).year == year]
    days = sorted({decision.in_force for decision in law.decisions if decision.in_force.year == year})
    return list(dict.fromkeys([*begins, *days]))


def _acts(decision: type[Vedtak]) -> date:
    """Return the first day of the budget year from which a decision's money counts (T-2, T-11)."""
    day = decision.in_force
    return day if (day.month, day.day) == (1, 1) else date(day.year + 1, 1, 1)


def _effect(people: Population, law: Version, year: int, day: date, results: Results) -> Effect:
    of_day = [
        decision
        for decision in law.decisions
        if decision.in_force == day or (decision.innfoerer and _acts(decision) == day)
    ]
    without = replace(law, decisions=tuple(decision for decision in law.decisions if decision not in of_day))
    acts = min((_acts(decision).year for decision in of_day if decision.innfoerer), default=None)
    found = Effect(day, tuple(decision.id() for decision in of_day), {}, acts)
    if lacking := list(runnable([without], people, year)[1].values()):
        return replace(found, not_computable=lacking[0])
    try:
        before = _amounts(simulate(people, SYSTEMS.system(without), year))
    except SituationParsingError as error:
        return replace(found, not_computable=reason(error))
    return replace(found, changes={name: amount - before[name] for name, amount in _amounts(results).items()})


def _amounts(results: Results) -> dict[str, int]:
    return {name: int(results.value(name).sum()) for name in AMOUNTS}

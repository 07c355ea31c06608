"""The numbers that have a range, and what regulations come to when they are drawn from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.analysis import shown
from openfisca_bergen_hbt.analysis.asking import SEED
from openfisca_bergen_hbt.analysis.comparison import GIVEN
from openfisca_bergen_hbt.law.same import same_figures, same_sums
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.rules.derived import AS_OF, DERIVED, leaf, value_followed
from openfisca_bergen_hbt.rules.errors import reason
from openfisca_bergen_hbt.rules.groups import BLOCK
from openfisca_bergen_hbt.rules.money import FloatArray
from openfisca_bergen_hbt.rules.stages.sums import Sums, hours_of_months, of_draws
from openfisca_bergen_hbt.rules.stages.sums import joined as joined_sums
from openfisca_bergen_hbt.simulate import Results, simulate, simulate_units, sums_of_units, year_period
from openfisca_bergen_hbt.text.language import _

#: The amounts of the agencies, summed over them; what moves the frame that is shared out moves the frame in all alike.
HEADLINES = tuple(name for name in shown.OF_ALL if name not in (shown.HOURS_OF_ALL, shown.FRAME_IN_ALL))
#: The numbers that sums over users depend on; all others act on the units alone.
OF_SUMS = ("befolkning.", "tid.", "normtid.", "kategorimodell.nedre_grense.")
WEEKS = "tid.uker_per_aar"
#: Of these, those that embedded users alone are made by.
OF_MADE = "befolkning."
#: How many units are worked on at once, and so what memory is used.
UNITS_AT_ONCE = 3000
#: How many users become sums at once.
USERS_AT_ONCE = 4 * BLOCK

#: Values of numbers by their name, one for each draw.
Draws = Mapping[str, FloatArray]


@dataclass(frozen=True)
class Ranged:
    """A number that can lie within a range."""

    parameter: str
    description: str
    unit: str
    interpretation: str
    value: float
    low: float
    high: float


#: Figures by their name, one row for each draw.
ByName = Mapping[str, FloatArray]


class Figures(NamedTuple):
    """What a regulation comes to in each draw."""

    #: By the figure's name, in kroner, shape (draws,).
    headlines: ByName
    #: What each unit is given, shape (draws, units).
    given: FloatArray
    #: What is shown of each agency, shape (draws, agencies), and of each unit besides, shape (draws, units).
    of_agencies: ByName = MappingProxyType({})
    of_units: ByName = MappingProxyType({})

    def of(self, draws: slice) -> Figures:
        """Return the figures of some draws."""
        headlines, agencies, units = (
            {name: values[draws] for name, values in of.items()}
            for of in (self.headlines, self.of_agencies, self.of_units)
        )
        return Figures(headlines, self.given[draws], agencies, units)


def ranged(system: Any, year: int) -> list[Ranged]:
    """Return the numbers of a regulation that have a range, as of the year's first day."""
    followed = {source for name in DERIVED for source in leaf(system.parameters, name).metadata["derived_from"]}
    found = []
    for parameter in system.parameters.get_descendants():
        low, high = getattr(parameter, "metadata", {}).get("range") or (0, 0)
        if low == high or "fixed_by" in parameter.metadata:
            continue
        value = parameter.get_at_instant(f"{year}-01-01")
        if value is None and parameter.name in followed:
            value = parameter.get_at_instant(AS_OF)
        if value is not None:
            about = parameter.metadata
            numbers = map(float, (value, low, high))
            said = (parameter.description, about["unit"], about.get("interpretation", ""))
            found.append(Ranged(parameter.name, *said, *numbers))
    return sorted(found, key=lambda number: number.parameter)


def sampled(numbers: Sequence[Ranged], samples: int) -> Draws:
    """Return draws of all numbers at once, evenly spread over their ranges: scrambled Sobol points of a fixed seed."""
    from scipy.stats import qmc  # takes its time to import

    sampler = qmc.Sobol(len(numbers), scramble=True, seed=numpy.random.default_rng(SEED))
    points = sampler.random_base2(max(0, samples - 1).bit_length())[:samples]
    return {
        number.parameter: number.low + points[:, place] * (number.high - number.low)
        for place, number in enumerate(numbers)
    }


@dataclass(frozen=True)
class _Regulation:
    version: Version
    system: Any
    #: The numbers that its proposals set: they are not drawn.
    fixed: frozenset[str]
    #: Which of the regulations has the same figures, and which the same sums over users, as the first of those alike.
    figures_of: int
    sums_of: int

    def own(self, draws: Draws) -> dict[str, FloatArray]:
        """Return the draws of the numbers that its proposals do not set."""
        return {name: values for name, values in draws.items() if name not in self.fixed}


class Model:
    """Regulations on one population, whose numbers can be drawn."""

    def __init__(self, population: Population, year: int, versions: Sequence[Version]) -> None:
        self.population = population
        self.year = year
        self._regulations: list[_Regulation] = []
        for version in versions:
            self._regulations.append(self._regulation(version))

    def numbers(self) -> list[Ranged]:
        """Return the numbers that have a range, and that the last regulation's proposals do not set."""
        last = self._regulations[-1]
        return [number for number in ranged(last.system, self.year) if number.parameter not in last.fixed]

    def figures(self, draws: Draws, done: Callable[[], object] = lambda: None) -> list[Figures]:
        """Return what each regulation comes to in each draw.

        Args:
            draws: the numbers that are drawn; the others are the regulation's own.
            done: called for each chunk of draws that is finished.

        Raises:
            SituationError: an input that a regulation refuses in some draw.
        """
        parts = []
        for part in self.in_chunks(draws):
            parts.append(part)
            done()
        return joined(parts)

    def distinct(self) -> list[int]:
        """Return the places of the regulations that differ in some figure from those before."""
        return [number for number, one in enumerate(self._regulations) if one.figures_of == number]

    def alike(self, place: int) -> int:
        """Return the place of the first regulation that comes to the same as one."""
        return self._regulations[place].figures_of

    def chunks(self, draws: int) -> list[slice]:
        """Return so many draws in chunks that are worked on at once."""
        return chunks(draws, len(self.population.unit_names))

    def in_chunks(self, draws: Draws) -> Iterator[list[Figures]]:
        """Yield what each regulation comes to in the draws of each chunk."""
        for chunk in self.chunks(len(next(iter(draws.values())))):
            yield self._figures({name: values[chunk] for name, values in draws.items()})

    def _regulation(self, version: Version) -> _Regulation:
        system = SYSTEMS.system(version)
        fixed = frozenset(change.parameter for proposal in version.proposals for change in proposal.changes)
        known = self._regulations
        like = (number for number, one in enumerate(known) if same_figures(one.system, system, self.year))
        sums = (number for number, one in enumerate(known) if same_sums(one.system, system, self.year))
        return _Regulation(version, system, fixed, next(like, len(known)), next(sums, len(known)))

    def _figures(self, draws: Draws) -> list[Figures]:
        """Return what each regulation comes to in draws that are worked on at once."""
        count = len(next(iter(draws.values())))
        found = {number: _figures(results, count) for number, results in self.runs(draws)}
        return [found[one.figures_of] for one in self._regulations]

    def runs(self, draws: Draws) -> Iterator[tuple[int, Results]]:
        """Yield each distinct regulation, by its place, run on draws that are worked on at once."""
        sums = self._sums(draws)
        for number in self.distinct():
            one = self._regulations[number]
            own = one.own(draws)
            own |= _followed(one, own)
            yield number, simulate_units(self.population, sums[one.sums_of], one.system, self.year, own)

    def _sums(self, draws: Draws) -> dict[int, Sums]:
        """Return the sums over users in each draw, by the regulation that they are of; made once where draws agree."""
        of_sums = {name: values for name, values in draws.items() if self._acts_on_sums(name)}
        count, units = len(next(iter(draws.values()))), len(self.population.unit_names)
        if not of_sums:
            return {kind: of_draws(sums, numpy.zeros(count, int), units) for kind, sums in self._own_sums.items()}
        distinct, draw = numpy.unique(numpy.stack([*of_sums.values()]), axis=1, return_inverse=True)
        size = max(1, USERS_AT_ONCE // max(1, len(self.population.unit_of_user)))
        made: dict[int, list[Sums]] = {kind: [] for kind in self._kinds}
        for start in range(0, distinct.shape[1], size):
            numbers = dict(zip(of_sums, distinct[:, start : start + size], strict=True))
            for kind, one in self._kinds.items():
                made[kind].append(self._sums_of(one, one.own(numbers)))
        return {kind: of_draws(joined_sums(parts), draw.ravel(), units) for kind, parts in made.items()}

    def _sums_of(self, one: _Regulation, numbers: Draws) -> Sums:
        """Return the sums over users under a regulation in draws of numbers that they depend on.

        Raises:
            ValueError: hours that can't be in some draw, though they can under the law's own numbers.
        """
        try:
            return sums_of_units(self.population, one.system, self.year, numbers)
        except SituationParsingError as error:
            raise ValueError(
                _(
                    "{reason} So it is where {numbers} lie elsewhere in their ranges, under '{title}'. Ask for other "
                    "regulations (--regulation), or set the number (--set)."
                ).format(reason=reason(error), numbers=", ".join(numbers), title=one.version.title)
            ) from None

    def _acts_on_sums(self, name: str) -> bool:
        """Return whether sums over users depend on a number.

        The weeks of a year do so only where users are made by them, or hours of a year are given for users: else they
        multiply the units' sums of the months.
        """
        if self.population.made_for:
            return name.startswith(OF_SUMS)
        if name != WEEKS:
            return name.startswith(OF_SUMS) and not name.startswith(OF_MADE)
        year = year_period(self.year)
        return any((hours_of_months.__name__, year) not in sums for sums in self._own_sums.values())

    @cached_property
    def _own_sums(self) -> dict[int, Sums]:
        """The sums over users at the regulations' own numbers."""
        return {kind: sums_of_units(self.population, one.system, self.year) for kind, one in self._kinds.items()}

    @cached_property
    def _kinds(self) -> dict[int, _Regulation]:
        """A regulation for each kind of sums, by its place."""
        return {one.sums_of: one for one in reversed(self._regulations)}


def chunks(draws: int, units: int) -> list[slice]:
    """Return draws of so many units each, in chunks that are worked on at once."""
    size = max(1, UNITS_AT_ONCE // units)
    return [slice(start, min(start + size, draws)) for start in range(0, draws, size)]


def alone(population: Population, year: int, version: Version) -> Figures:
    """Return what a regulation comes to as it stands, as the figures of one draw."""
    return _figures(simulate(population, SYSTEMS.system(version), year), 1)


def _figures(results: Results, draws: int) -> Figures:
    def of_draws(name: str) -> FloatArray:
        return shown.in_year(results, name).astype(numpy.float64).reshape(draws, -1)

    of_agencies = {name: of_draws(name) for name in shown.OF_ALL}
    headlines = {name: of_agencies[name].sum(axis=1) for name in HEADLINES}
    return Figures(headlines, of_draws(GIVEN), of_agencies, {name: of_draws(name) for name in shown.of_units()})


def joined(parts: Sequence[list[Figures]]) -> list[Figures]:
    """Return the figures of chunks, by regulation, as those of all draws."""
    return [
        Figures(
            _joined([one.headlines for one in chunks]),
            numpy.concatenate([one.given for one in chunks]),
            _joined([one.of_agencies for one in chunks]),
            _joined([one.of_units for one in chunks]),
        )
        for chunks in zip(*parts, strict=True)
    ]


def _joined(chunks: Sequence[ByName]) -> ByName:
    return {name: numpy.concatenate([one[name] for one in chunks]) for name in chunks[0]}


def _followed(one: _Regulation, draws: Draws) -> dict[str, FloatArray]:
    """Return what is derived from drawn numbers, where the regulation derives it and nobody has set it."""
    parameters = one.system.parameters
    own = partial(value_followed, parameters)
    found = {}
    for name, compute in DERIVED.items():
        follows = not draws.keys().isdisjoint(leaf(parameters, name).metadata["derived_from"])
        if follows and name not in one.fixed and own(name) == compute(own):
            count = len(next(iter(draws.values())))
            found[name] = numpy.array([compute(partial(_of_draw, draws, own, draw)) for draw in range(count)])
    return found


def _of_draw(draws: Draws, otherwise: Callable[[str], float], draw: int, name: str) -> float:
    return float(draws[name][draw]) if name in draws else otherwise(name)

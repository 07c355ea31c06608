"""Several regulations run on one population, each set beside the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray
from openfisca_core.errors import SituationParsingError
from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.assumptions import Foundations, foundations
from openfisca_bergen_hbt.law.same import same_figures
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.privacy.public import FRAME, OF_ETAT, ROUNDING, USERS, NotPublicError, Published, published
from openfisca_bergen_hbt.privacy.suppression import COUNTS, HeldBack, held_back
from openfisca_bergen_hbt.privacy.unsafe import Unsafe, unsafe
from openfisca_bergen_hbt.rules.errors import reason
from openfisca_bergen_hbt.rules.money import FloatArray, ratio
from openfisca_bergen_hbt.simulate import Results, simulate
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.vedtak import Reading

#: How the names of the agencies' published figures, and of what is made of them, begin; the areas have no others.
OF_PUBLISHED = ("publisert_", "avvik_", "lmh_")
#: The first year that has categories.
CATEGORIES_FROM = 2018
#: What a unit is given.
GIVEN = "enhet_samlet_tildeling"
#: Variables of the units that are a ratio of two others; for an area, the ratio of the sums.
RATIOS = {
    "enhet_tildeling_per_bruker": (GIVEN, "enhet_antall_brukere"),
    "enhet_tildeling_per_time": (GIVEN, "enhet_vedtakstimer"),
}


@dataclass(frozen=True)
class Run:
    """A version and its results: its figures (what is no figure may be another version's, see ``law.same``)."""

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


class Wanted(NamedTuple):
    """Which figures are asked for; every one where nothing is said."""

    variables: Sequence[str] = ()
    levels: Sequence[str] = ()

    def takes(self, variable: str) -> bool:
        """Return whether a variable is asked for."""
        return not self.variables or variable in self.variables

    def check_public(self) -> None:
        """Check that what is asked for can be published.

        Raises:
            ValueError: a figure or a level that is not among what is.
        """
        for asked_for, public in ((self.variables, (USERS, GIVEN, *OF_ETAT, FRAME)), (self.levels, ("enhet", "etat"))):
            if hidden := [name for name in asked_for if name not in public]:
                message = _("'{name}' is not published with --public. Ask for {names}.")
                raise ValueError(message.format(name=hidden[0], names=", ".join(public)))

    def check(self, versions: Sequence[Version]) -> None:
        """Check that each variable asked for has figures in some of the regulations.

        Raises:
            ValueError: one has none.
        """
        known = {name: of for version in versions for name, of in SYSTEMS.system(version).variables.items()}
        for name in self.variables:
            if names.pick(known, name, names.NO_VARIABLE).entity.is_person:
                message = _("'{name}' is about single users, who are never shown. Ask for one of the units.")
                raise ValueError(message.format(name=name))
            if known[name].value_type not in (float, int):
                raise ValueError(_("'{name}' is no number, and is not among the figures.").format(name=name))
            if all(name in version.not_brought for version in versions):
                message = _("'{name}' is brought by a decision that none of the regulations contains.")
                raise ValueError(message.format(name=name))

    def check_found(self, compared: Sequence[Comparison]) -> None:
        """Check that what is asked for is there: each variable at one of the levels, and each level of some of them.

        Raises:
            ValueError: there is nothing of one.
        """
        every = [run for one in compared for run in one.runs]
        for name in self.variables:
            known = {block.level for run in every for block in _blocks(run, Wanted((name,)))}
            if self.levels and known.isdisjoint(self.levels):
                said = _("There are no figures of '{variable}' by {asked}. It has figures by {known}.")
                asked = ", ".join(self.levels)
                raise ValueError(said.format(variable=name, asked=asked, known=", ".join(sorted(known)) or "-"))
        for level in self.levels:
            if not any(True for run in every for _block in _blocks(run, Wanted(self.variables, (level,)))):
                message = _(
                    "There are no figures by {level} of what is asked for. Leave it out, or ask for another level."
                )
                raise ValueError(message.format(level=level))


class FigureBlock(NamedTuple):
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

    def shown(self) -> list[float | None]:
        """Return the figures, whole numbers without decimals; None for those that are held back.

        Raises:
            ValueError: a figure that is not finite.
        """
        if not numpy.isfinite(self.values).all():
            message = _(
                "{variable} is not finite in {period} under {regulation}: some hours are next to nothing. Correct them."
            ).format(variable=self.variable, period=self.period, regulation=self.regulation)
            raise ValueError(message)
        shown: list[float | None] = (
            self.values.astype(numpy.int64) if self.whole else _noiseless(self.values)
        ).tolist()
        if self.hidden is not None:
            for place in numpy.flatnonzero(self.hidden).tolist():
                shown[place] = None
        return shown

    def as_column(self) -> dict[str, Any]:
        """Return the block as JSON holds it: what tells it from others, and its figures."""
        return {name: getattr(self, name) for name in COLUMN} | {"values": self.shown()}


def _noiseless(values: NDArray[Any]) -> FloatArray:
    """Return numbers to twelve significant digits: sums of hours end in the noise of floats after those."""
    size = numpy.abs(values)
    power = numpy.floor(numpy.log10(size, where=size > 0, out=numpy.zeros(len(size))))
    scale = 10.0 ** (11 - numpy.maximum(power, -290))
    found: FloatArray = numpy.rint(values * scale) / scale
    return found


#: What tells the figures of a block from others.
COLUMN = ("regulation", "level", "variable", "period")


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
        max_loss: Fraction | None = None,
        wanted: Wanted = Wanted(),  # noqa: B008 (nothing of it changes)
        public: bool = False,
    ) -> None:
        """Prepare the runs; what they come to is computed when it is asked for.

        Args:
            population: whom the regulations are run on.
            year: the calendar year.
            asked_for: the regulations, in order.
            suppression: whether small counts are held back where the population is about real users.
            left_out: the titles of regulations that could not be run, each with the inputs that it lacks.
            max_loss: the most that a unit is to lose from the first regulation to the last, as a share.
            wanted: which of the figures ``blocks`` and ``rows`` are to give.
            public: whether they are those that can be published of own data.
        """
        self.population = population
        self.year = year
        self.suppression = suppression and population.personal
        self.left_out = dict(left_out or {})
        self.max_loss = max_loss
        self.wanted = wanted
        self.public = public
        #: How the figures are published, where they are and have been computed.
        self.published: Published | None = None
        #: How sure it all is (``sensitivity.Sensitivity``), where draws were asked for.
        self.sureness: Any = None
        #: The titles of regulations that refuse an input, each with the reason.
        self.not_computable: dict[str, str] = {}
        self.runs: list[Run] = []
        for version in asked_for:
            self.runs.append(Run(version, self._results(SYSTEMS.system(version))))

    def _results(self, system: Any) -> Results:
        """Return the results of a regulation; those of an earlier one where it comes to the same."""
        same = (run.results for run in self.runs if same_figures(run.results.system, system, self.year))
        if found := next(same, None):
            return found.as_figures_of(system)
        return simulate(self.population, system, self.year, trace=True)

    def compute(self, done: Callable[[], object] = lambda: None) -> None:
        """Compute what each unit is given, which is most of the work.

        A regulation that refuses an input, as one under which the director takes more from a unit than it is given, is
        not computable: it is left out, with the reason, where others are left.

        Raises:
            SituationParsingError: an input that every regulation refuses.
            NotPublicError: figures that are to be published, and can't be.
        """
        computed: list[Run] = []
        for run in self.runs:
            try:
                run.results.value(GIVEN)
            except SituationParsingError as error:
                if run is self.runs[-1] and not computed:
                    raise
                self.not_computable[run.version.title] = reason(error)
            else:
                computed.append(run)
            done()
        self.runs = computed
        if self.public:
            if self.population.in_parts and any(run.version.readings for run in self.runs):
                raise NotPublicError(
                    _(
                        "It can't be told whether figures under a reading are safe where the users are read from many "
                        "files. Put them in one file, or leave the readings out."
                    )
                )
            without = self._without_categories
            with_categories = [run for run in self._results_of_runs if not any(run is other for other in without)]
            self.published = published(self._results_of_runs, with_categories)

    def first_under(self, reading: type[Reading]) -> Results:
        """Return the results of the first regulation, read in another way."""
        version = replace(self.runs[0].version, readings=(reading,))
        return simulate(self.population, SYSTEMS.system(version), self.year)

    @cached_property
    def held_back(self) -> HeldBack | None:
        """The counts that are held back; None where nothing is."""
        return held_back(self._results_of_runs, self._without_categories) if self.suppression else None

    @property
    def _results_of_runs(self) -> list[Results]:
        return [run.results for run in self.runs]

    @property
    def _without_categories(self) -> list[Results]:
        """The results of regulations that have not brought the categories, or not yet in the year."""
        before = self.year < CATEGORIES_FROM
        return [run.results for run in self.runs if before or COUNTS[0] in run.version.not_brought]

    @cached_property
    def unsafe(self) -> Unsafe:
        """How many of the figures that are held back can be reckoned back."""
        assert self.held_back is not None  # noqa: S101 (who asks knows)
        return unsafe(self._results_of_runs, self._without_categories, self.held_back)

    def hides(self, name: str, level: str) -> NDArray[numpy.bool_] | None:
        """Return which of a variable's figures are held back at a level (``sum``: all units); None for none."""
        if self.held_back is None:
            return None
        return self.held_back.mask(self.runs[0].results.system.get_variable(name), level)

    def foundations(self) -> Foundations:
        """Return the assumptions and interpretations that the figures asked for so far rest on."""
        return foundations(run.results for run in self.runs)

    def blocks(self, done: Callable[[], object] = lambda: None) -> Iterator[FigureBlock]:
        """Yield the figures by unit, area and agency, yearly and monthly, those of a variable and period together.

        Every one, or those that are wanted.
        """
        for run in self.runs:
            for block in public_blocks(self, run) if self.public else _blocks(run, self.wanted):
                yield block if self.public else block._replace(hidden=self.hides(block.variable, block.level))
            done()

    def rows(self) -> Iterator[Row]:
        """Yield the same figures one by one; None for those that are held back."""
        for block in self.blocks():
            for member, value in zip(block.ids, block.shown(), strict=True):
                yield Row(block.regulation, block.level, member, block.variable, block.period, value)

    def published_overspend(self) -> int | None:
        """Return the published overspend, in kroner; None where the population or the year has none."""
        if not self.population.matches_published:
            return None
        return next((int(r["merforbruk"]) for r in data.rows("merforbruk") if int(r["aar"]) == self.year), None)


def public_blocks(compared: Comparison, run: Run) -> Iterator[FigureBlock]:
    """Yield the figures of a regulation that can be published."""
    found, results, wanted = compared.published, run.results, compared.wanted
    assert found  # noqa: S101 (they have been computed)
    etater = results.population.agency_names
    amounts = {name: found.of_etat(results, name) for name in OF_ETAT}
    amounts |= {FRAME: results.value(FRAME).astype(numpy.float64), ROUNDING: found.rounding(results)}
    figures = [("enhet", found.names, USERS, found.users(compared.runs[-1].results))]
    figures.append(("enhet", found.names, GIVEN, found.given(results)))
    figures += [("etat", etater, name, values) for name, values in amounts.items()]
    for level, ids, name, values in figures:
        if wanted.takes(name) and (not wanted.levels or level in wanted.levels):
            yield FigureBlock(run.version.id, level, name, str(results.year), ids, values, whole=True)


def _blocks(run: Run, wanted: Wanted) -> Iterator[FigureBlock]:
    results, population = run.results, run.results.population
    members = {
        "enhet": population.unit_names,
        "byomraade": population.area_names,
        "etat": population.agency_names,
    }
    not_brought = run.version.not_brought
    #: What the units' figures are added up by; the only etat has sums of its own.
    groups = [group for group in ("byomraade", "etat") if len(members[group]) > (group == "etat")]
    for name, variable in sorted(results.system.variables.items()):
        level = variable.entity.key
        if name in not_brought or not wanted.takes(name):
            continue
        if level not in members or variable.value_type not in (float, int):
            continue
        if not population.areas and (level == "byomraade" or name.startswith(OF_PUBLISHED)):
            continue  # published figures that the population does not give: they would all be 0
        whole = is_whole(variable)
        months: Iterable[int | None] = range(1, 13) if variable.definition_period == DateUnit.MONTH else [None]
        for month in months:
            period = str(results.year) if month is None else f"{results.year}-{month:02}"
            figures = [(level, members[level], results.value(name, month))]
            if level == "enhet":
                summed = {group: by_group(results, group, name, month) for group in groups}
                figures += [(group, members[group], found) for group, found in summed.items() if found is not None]
            for of_level, ids, values in figures:
                if wanted.levels and of_level not in wanted.levels:
                    continue
                yield FigureBlock(run.version.id, of_level, name, period, ids, values, whole)


def knows_frame(population: Population, year: int) -> bool:
    """Return whether the year's frame is published or given, so that an overspend of it means something (T-21)."""
    published = min(int(row["aar"]) for row in data.rows("merforbruk"))
    return "etat_budsjettramme" in population.agencies or year == published


def is_whole(variable: Any) -> bool:
    """Return whether a variable is in whole kroner, or counts."""
    return bool(variable.unit == "kr" or variable.value_type is int)


def by_group(results: Results, group: str, name: str, month: int | None = None) -> FloatArray | None:
    """Return a variable of the units by area (``byomraade``) or agency (``etat``): the sum, or a ratio of sums.

    None for what can't be added up.
    """
    if name in RATIOS:
        part, whole = RATIOS[name]
        return ratio(results.by_group(group, part, month), results.by_group(group, whole, month))
    additive = data.unit(results.system.get_variable(name).unit).get("additive")
    return results.by_group(group, name, month) if additive else None

"""The small changes of the law that a test suite should notice, and how each is made and undone.

A number in force by the end of the last decision's first year is nudged both ways; a bound is opened, or closed; a
decision is left out, or moved by a month; a hinge is left out of its decision; a formula gives another answer, and each
branch in it is forced.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy
from openfisca_core.indexed_enums import EnumArray

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis import history
from openfisca_bergen_hbt.audit.branches import branches, forced
from openfisca_bergen_hbt.audit.runner import Reads
from openfisca_bergen_hbt.grunnregelverk import folder
from openfisca_bergen_hbt.law.systems import Systems
from openfisca_bergen_hbt.law.versions import Version, in_force
from openfisca_bergen_hbt.provenance import hashes
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY, decisions, readings
from openfisca_bergen_hbt.rules.core import forget_parameters, takes_parameters
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.vedtak import Vedtak

FIRST_DAY, LAST_DAY = FOUNDATION_DAY.isoformat(), history.last_day_of_the_decisions().isoformat()
#: By how much a number is nudged: a hundredth of it, or so much where it is 0.
NUDGE, NUDGE_OF_ZERO = 0.01, 0.05
KINDS = ("parameter", "bound", "decision", "hinge", "reading", "formula", "branch")
#: The kinds in words.
KINDS_IN_WORDS = {
    "parameter": marked("parameter"),
    "bound": marked("bound"),
    "decision": marked("decision"),
    "hinge": marked("hinge"),
    "reading": marked("reading"),
    "formula": marked("formula"),
    "branch": marked("branch"),
}
#: The kinds that the project's own tests cover in full.
REQUIRED = KINDS[:5]


@dataclass(frozen=True)
class LawChange:
    """A change of the law."""

    kind: str
    #: The parameter, decision, reading or variable that is changed; a hinge is ``decision/variable``.
    name: str
    #: What is changed, in words.
    what: str
    #: From when the changed value or formula holds.
    start: str
    #: The changed value; how many months a decision is moved by (None to leave it out); which branch, forced how.
    to: Any = None

    @property
    def variable(self) -> str:
        """The variable of a hinge, formula or branch."""
        return self.name.rsplit("/", 1)[-1]

    @property
    def decision(self) -> str:
        """The id of the decision or reading, of one or of a hinge."""
        return self.name.split("/", 1)[0]

    def may_show(self, reads: Reads, regulation: Version) -> bool:
        """Return whether a test that read so much under a regulation could notice the change."""
        if self.kind in ("parameter", "bound"):
            return any(name == self.name and day >= self.start for name, day in reads.parameters)
        if self.kind in ("formula", "branch"):
            return (self.name, self.start) in reads.formulas
        held = {reform.id(): reform for reform in regulation.reforms}.get(self.decision)
        if self.kind == "reading":
            return held is not None
        if held is None:
            return False
        hinges = {self.variable} if self.kind == "hinge" else {hinge.__name__ for hinge in held.hinges}
        return any(name in hinges for name, _ in reads.formulas)


def all_changes(systems: Systems) -> list[LawChange]:
    """Return every change, in the order of its kind and name."""
    found = chain(_numbers(systems.system(in_force())), _decisions(), _readings(), _formulas(systems))
    return sorted(found, key=lambda change: (KINDS.index(change.kind), change.name, change.start))


@lru_cache
def _rule_sources() -> str:
    return "\n".join(hashes.source(path) for path in [*hashes.rule_files(), *folder("reforms").glob("*.py")])


def is_read(parameter: str) -> bool:
    """Return whether some rule can read a parameter; the published KOSTRA table is read by none."""
    return all(re.search(rf"\.{part}\b", _rule_sources()) for part in parameter.split(".")[:2])


def unread(systems: Systems) -> list[str]:
    """Return the parameters that no rule reads, so that no test case could notice them."""
    parameters = names.parameters(systems.system(in_force()).parameters)
    return [parameter.name for parameter in parameters if not is_read(parameter.name)]


def _numbers(system: Any) -> Iterator[LawChange]:
    """Yield the nudges of each number in force, and the opening or closing of each bound."""
    for parameter in names.parameters(system.parameters):
        if not is_read(parameter.name):
            continue
        ends = [LAST_DAY, *(dated.instant_str for dated in parameter.values_list)]
        for dated, end in zip(parameter.values_list, ends, strict=False):
            if dated.instant_str > LAST_DAY or end < FIRST_DAY or dated.value is None:
                continue
            unit = data.units()[parameter.metadata["unit"]]
            for nudged in _nudged(float(dated.value), unit):
                what = f"{dated.value:.10g} → {nudged:.10g}"
                yield LawChange("parameter", parameter.name, what, dated.instant_str, nudged)
            bound = parameter.metadata.get("bound")
            if bound:
                towards = math.inf if bound == "lower" else -math.inf
                closed = _("closed: {value:g} itself belongs to it")
                opened = _("opened: {value:g} itself no longer belongs to it")
                what = (closed if bound == "lower_open" else opened).format(value=dated.value)
                yield LawChange("bound", parameter.name, what, dated.instant_str, math.nextafter(dated.value, towards))


def _nudged(value: float, unit: Mapping[str, Any]) -> Iterator[float]:
    """Yield a number a little higher and a little lower, where its unit allows it."""
    size = abs(value) * NUDGE or NUDGE_OF_ZERO
    for nudged in (value + size, value - size):
        kept = float(round(nudged)) if unit.get("whole") else nudged
        if unit.get("minimum", -math.inf) <= kept <= unit.get("maximum", math.inf):
            yield kept


def _decisions() -> Iterator[LawChange]:
    """Yield each decision left out or moved, and each of its hinges left out."""
    for decision in decisions():
        start = decision.in_force.isoformat()
        yield LawChange("decision", decision.id(), _("left out"), start)
        yield LawChange("decision", decision.id(), _("a month later"), start, 1)
        yield LawChange("decision", decision.id(), _("a month earlier"), start, -1)
        for hinge in decision.hinges:
            yield LawChange("hinge", f"{decision.id()}/{hinge.__name__}", _("left out"), min(history.starts(hinge)))


def _readings() -> Iterator[LawChange]:
    """Yield each reading of a rule left out."""
    for reading in readings():
        if not reading.of_population:
            yield LawChange("reading", reading.id(), _("left out"), FIRST_DAY)


def _formulas(systems: Systems) -> Iterator[LawChange]:
    """Yield another answer of each formula that can be reached by LAST_DAY, and each branch in it forced."""
    for (name, start), formula in sorted(_reachable(systems).items()):
        yield LawChange("formula", name, _("gives one more, or another answer"), start)
        for number, branch in enumerate(branches(formula)):
            for way, what in enumerate(branch.ways):
                yield LawChange("branch", name, what, start, (number, way))


@lru_cache(maxsize=1)
def _reachable(systems: Systems) -> dict[tuple[str, str], Any]:
    """Return the formulas that compute something by LAST_DAY, by variable and start, as they are before any change."""
    found = {}
    for count in range(len(decisions()) + 1):
        system = systems.system(Version("", decisions()[:count]))
        for name, variable in system.variables.items():
            starts = list(variable.formulas)
            for start, until in zip(starts, [*starts[1:], "9999"], strict=False):
                if start <= LAST_DAY and until > FIRST_DAY:
                    found[name, start] = variable.formulas[start]
    return found


@contextmanager
def made(change: LawChange, systems: Systems) -> Iterator[Any]:
    """Make a change in place, yield a function from a regulation to its changed system, and undo the change."""
    if change.kind == "reading":
        yield lambda version: systems.system(
            replace(version, readings=tuple(read for read in version.readings if read.id() != change.name))
        )
    elif change.kind in ("decision", "hinge"):
        yield from _other_decision(change, systems)
    elif change.kind in ("parameter", "bound"):
        yield from _other_number(change, systems)
    else:
        yield from _other_formula(change, systems)


def _other_number(change: LawChange, systems: Systems) -> Iterator[Any]:
    every = [
        dated
        for system in systems.without_proposals()
        for dated in names.find_parameter(system, change.name).values_list
        if dated.instant_str == change.start
    ]
    original = [(dated, dated.value) for dated in every]
    for dated in every:
        dated.value = change.to
    forget_parameters()
    try:
        yield systems.system
    finally:
        for dated, value in original:
            dated.value = value
        forget_parameters()


def _other_formula(change: LawChange, systems: Systems) -> Iterator[Any]:
    original = _reachable(systems)[change.name, change.start]
    every = [system.variables[change.name] for system in systems.without_proposals()]
    changed = [variable for variable in every if variable.formulas.get(change.start) is original]
    other = forced(original, *change.to) if change.kind == "branch" else _another(original, changed[0])
    for variable in changed:
        variable.formulas[change.start] = other
    try:
        yield systems.system
    finally:
        for variable in changed:
            variable.formulas[change.start] = original


def _another(formula: Any, variable: Any) -> Any:
    """Return a formula that gives each member another answer, or one more."""

    def other(values: Any) -> Any:
        if hasattr(variable, "possible_values"):
            answers = list(variable.possible_values)
            index = [getattr(value, "index", value) for value in numpy.asarray(values)]
            return EnumArray((numpy.array(index, dtype=numpy.int16) + 1) % len(answers), variable.possible_values)
        return ~numpy.asarray(values) if variable.value_type is bool else values + 1

    if takes_parameters(formula):
        return lambda population, period, parameters: other(formula(population, period, parameters))
    return lambda population, period: other(formula(population, period))


def _other_decision(change: LawChange, systems: Systems) -> Iterator[Any]:
    original = next(decision for decision in decisions() if decision.id() == change.decision)
    other = None
    if change.kind == "hinge":
        other = _with_hinges(original, [hinge for hinge in original.hinges if hinge.__name__ != change.variable])
    elif change.to is not None:
        other = _with_hinges(original, [_moved_hinge(hinge, change.to) for hinge in original.hinges])
    apart = systems.apart()

    def changed(version: Version) -> Any:
        replaced = [other if decision is original else decision for decision in version.decisions]
        return apart.system(replace(version, decisions=tuple(filter(None, replaced))))

    yield changed


def _with_hinges(decision: type[Vedtak], hinges: list[Any]) -> type[Vedtak]:
    return type(decision.__name__, (decision,), {"hinges": tuple(hinges), "__module__": decision.__module__})


def _moved_hinge(hinge: Any, by: int) -> Any:
    """Return a hinge whose every formula begins some months later."""
    own = {}
    for name, value in vars(hinge).items():
        if name.startswith("formula_"):
            year, month = (int(part) for part in name.split("_")[1:3])
            months = year * 12 + month - 1 + by
            own[f"formula_{months // 12}_{months % 12 + 1:02}"] = value
        elif name not in ("__dict__", "__weakref__"):
            own[name] = value
    return type(hinge.__name__, hinge.__bases__, own)

"""An audit: the test cases of some files run, what came of them by decision and by theme, and its record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from openfisca_bergen_hbt.audit.cases.model import CaseFile
from openfisca_bergen_hbt.audit.cases.reader import read_file
from openfisca_bergen_hbt.audit.discovery import find, shown
from openfisca_bergen_hbt.audit.runner import FAILED, HELD, REFUSED, Outcome, run
from openfisca_bergen_hbt.grunnregelverk import folder
from openfisca_bergen_hbt.law.systems import Systems
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.provenance import hashes, record
from openfisca_bergen_hbt.regelverk import brought_by, decisions, regulation_ids
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.strict_yaml import Fault

#: Exit codes: all held; something did not; something is no test, or can't be read.
ALL_HELD, SOMETHING_FAILED, SOMETHING_REFUSED = 0, 1, 2
#: What stands for a theme where a test expects nothing.
NO_THEME = marked("(no output)")


@dataclass(frozen=True)
class Tally:
    """How many tests held, failed and were refused, of a decision or a theme."""

    name: str
    held: int
    failed: int
    refused: int

    @property
    def tests(self) -> int:
        """How many tests there are."""
        return self.held + self.failed + self.refused

    def counts(self) -> dict[str, int]:
        """Return each number by what it counts."""
        return {"tests": self.tests, "held": self.held, "failed": self.failed, "refused": self.refused}


@dataclass(frozen=True)
class CitedSource:
    """Where a rule or a number that a test rests on stands."""

    name: str
    label: str
    #: The number, for a parameter.
    value: float | None
    unit: str
    reference: str


@dataclass(frozen=True)
class Audit:
    """What came of the test cases of some files."""

    files: Sequence[CaseFile]
    outcomes: Sequence[Outcome]
    passed_over: Sequence[Fault]
    systems: Systems

    @property
    def faults(self) -> list[Fault]:
        """What is wrong with files as a whole."""
        return [*self.passed_over, *(fault for file in self.files for fault in file.faults)]

    @property
    def exit_code(self) -> int:
        """0 only where something was tested and all of it held."""
        if self.faults or not self.outcomes or self.total.refused:
            return SOMETHING_REFUSED
        return SOMETHING_FAILED if self.total.failed else ALL_HELD

    @cached_property
    def total(self) -> Tally:
        """How many tests held, failed and were refused."""
        return _tally("", self.outcomes)

    @property
    def values(self) -> int:
        """How many values were held against what is expected of them."""
        return sum(len(outcome.checks) for outcome in self.outcomes)

    def by_decision(self) -> list[Tally]:
        """Return the tests that ran a rule of each decision, and of the foundation."""
        return self._tallies(regulation_ids(), self._brought)

    def _brought(self, outcome: Outcome) -> set[str]:
        """Return who brought what a test ran: the decision that brings a variable, else that of its formula.

        Of a test that was not run, the last decision of its regulation.
        """
        version = outcome.case.regulation
        if version is None:
            return set()
        if not outcome.reads.formulas:
            return {version.last}
        variables = self.systems.system(version).variables
        return {
            self._brings.get(name) or brought_by(variables[name].formulas[start])
            for name, start in outcome.reads.formulas
        }

    @cached_property
    def _brings(self) -> dict[str, str]:
        """The decision that brings each variable that one brings."""
        return {name: decision.id() for decision in decisions() for name in decision.innfoerer}

    def by_theme(self) -> list[Tally]:
        """Return the tests that expect something of each theme: a file of variables."""
        themes = theme_by_variable()

        def asked(outcome: Outcome) -> set[str]:
            return {themes[expected.variable] for expected in outcome.case.expectations} or {_(NO_THEME)}

        found = self._tallies([*sorted({*themes.values()}), _(NO_THEME)], asked)
        return found if found[-1].tests else found[:-1]

    def _tallies(self, named: Sequence[str], names_of: Callable[[Outcome], set[str]]) -> list[Tally]:
        """Return the tests by name, each of them under every name that it goes by."""
        belongs = [(outcome, names_of(outcome)) for outcome in self.outcomes]
        return [_tally(name, [outcome for outcome, inside in belongs if name in inside]) for name in named]

    def sources(self, outcome: Outcome) -> list[CitedSource]:
        """Return where the rules that a test asks for, and the numbers that it read, stand."""
        version = outcome.case.regulation
        if version is None:
            return []
        system = self.systems.system(version)
        found = []
        for name in dict.fromkeys(expected.variable for expected in outcome.case.expectations):
            variable = system.variables[name]
            found.append(CitedSource(name, variable.label, None, variable.unit, "; ".join(variable.reference)))
        for name, day in sorted(outcome.reads.parameters):
            parameter = names.find_parameter(system, name)
            value = parameter.get_at_instant(day)
            places = "; ".join(f"{place['title']}, {place['place']}" for place in parameter.metadata["reference"])
            source = CitedSource(name, parameter.description, value, parameter.metadata["unit"], places)
            if source not in found:
                found.append(source)
        return found

    def versions(self) -> list[Version]:
        """Return the regulations that the tests are about, each once."""
        found: dict[tuple[Any, ...], Version] = {}
        for version in filter(None, (outcome.case.regulation for outcome in self.outcomes)):
            found.setdefault(version.reforms, version)
        return list(found.values())


def _tally(name: str, outcomes: Iterable[Outcome]) -> Tally:
    statuses = [outcome.status for outcome in outcomes]
    return Tally(name, *map(statuses.count, (HELD, FAILED, REFUSED)))


@lru_cache
def theme_by_variable() -> dict[str, str]:
    """Return the theme of each variable: the file that it stands in."""
    return {
        name: path.stem
        for path in sorted(folder("variables").glob("*.py"))
        for name in re.findall(r"^class (\w+)\(", hashes.source(path), flags=re.MULTILINE)
    }


def record_of(
    found: Audit, paths: Sequence[Path], coverage: Mapping[str, Any] | None = None, depth: int | None = None
) -> dict[str, Any]:
    """Return the record of an audit of paths, which ``verify`` runs again.

    With coverage, it says how many changes of each kind are noticed, and how many there are; with a depth, how many
    levels of explanations are shown.
    """
    inputs = record.Paths({shown(file.path): file.hash for file in found.files}, [shown(path) for path in paths])
    covered: dict[str, Any] = {"coverage": dict(coverage)} if coverage else {}
    covered |= {} if depth is None else {"depth": depth}
    result = [_result(outcome) for outcome in found.outcomes]
    return record.of_audit(found.versions(), inputs, result, {**found.total.counts(), **covered})


def _result(outcome: Outcome) -> list[Any]:
    checks = [[check.variable, check.member, check.period, check.expected, check.came] for check in outcome.checks]
    return [outcome.case.file, outcome.case.name, outcome.status, checks]


def audit(paths: Sequence[Path], begin: Callable[[int], Callable[[], object]] = lambda _: lambda: None) -> Audit:
    """Run the test cases of files, or of folders that hold them.

    Raises:
        NoFilesError: a path that matches no file.
    """
    systems = Systems()  # its own: coverage changes them
    found, passed_over = find(paths)
    files = [read_file(path, shown(path), systems) for path in found]
    done = begin(sum(len(file.cases) for file in files))
    outcomes = []
    for case in (case for file in files for case in file.cases):
        outcomes.append(run(case, systems))
        done()
    return Audit(files, outcomes, passed_over, systems)

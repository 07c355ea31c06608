"""An audit: the test cases of some files run, what came of them by decision and by theme, and its record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from openfisca_bergen_hbt.regelverk import brought_by, regulation_ids
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.strict_yaml import Fault

#: Exit codes: all held; something did not; something is no test, or can't be read.
ALL_HELD, SOMETHING_FAILED, SOMETHING_REFUSED = 0, 1, 2
STATUSES = (HELD, FAILED, REFUSED)


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


@dataclass(frozen=True)
class Source:
    """Where a rule or a number that a test rests on stands."""

    name: str
    label: str
    #: The number, for a parameter.
    value: float | None
    unit: str
    reference: str


class Audit:
    """What came of the test cases of some files."""

    def __init__(
        self,
        files: Sequence[CaseFile],
        outcomes: Sequence[Outcome],
        passed_over: Sequence[Fault],
        systems: Systems,
    ) -> None:
        self.files = files
        self.outcomes = outcomes
        #: What is wrong with files as a whole.
        self.faults = [*passed_over, *(fault for file in files for fault in file.faults)]
        self.systems = systems

    @property
    def exit_code(self) -> int:
        """0 only where something was tested and all of it held."""
        if self.faults or not self.outcomes or any(outcome.status == REFUSED for outcome in self.outcomes):
            return SOMETHING_REFUSED
        return SOMETHING_FAILED if any(outcome.status == FAILED for outcome in self.outcomes) else ALL_HELD

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
        ids = regulation_ids()
        brought = {id(outcome): self._brought(outcome) for outcome in self.outcomes}
        return [_tally(name, [o for o in self.outcomes if name in brought[id(o)]]) for name in ids]

    def _brought(self, outcome: Outcome) -> set[str]:
        """Return who brought the formulas that a test ran; of one that was not run, those of its regulation."""
        version = outcome.case.regulation
        if version is None:
            return set()
        if not outcome.reads.formulas:
            return {version.last}
        variables = self.systems.system(version).variables
        return {brought_by(variables[name].formulas[start]) for name, start in outcome.reads.formulas}

    def by_theme(self) -> list[Tally]:
        """Return the tests that expect something of each theme: a file of variables."""
        themes = themes_of_variables()
        asked = {
            id(outcome): {themes[expected.variable] for expected in outcome.case.expectations}
            for outcome in self.outcomes
        }
        found = [
            _tally(name, [o for o in self.outcomes if name in asked[id(o)]]) for name in sorted({*themes.values()})
        ]
        nowhere = [outcome for outcome in self.outcomes if not asked[id(outcome)]]
        return [*found, *([_tally("(no output)", nowhere)] if nowhere else [])]

    def sources(self, outcome: Outcome) -> list[Source]:
        """Return where the rules that a test asks for, and the numbers that it read, stand."""
        version = outcome.case.regulation
        if version is None:
            return []
        system = self.systems.system(version)
        found = []
        for name in dict.fromkeys(expected.variable for expected in outcome.case.expectations):
            variable = system.variables[name]
            found.append(Source(name, variable.label, None, variable.unit, "; ".join(variable.reference)))
        for name, day in sorted(outcome.reads.parameters):
            parameter = names.find_parameter(system, name)
            value = parameter.get_at_instant(day)
            source = Source(name, parameter.description, value, parameter.metadata["unit"], _reference(parameter))
            if source not in found:
                found.append(source)
        return found

    def versions(self) -> list[Version]:
        """Return the regulations that the tests are about, each once."""
        found: dict[tuple[Any, ...], Version] = {}
        for outcome in self.outcomes:
            if outcome.case.regulation:
                found.setdefault(outcome.case.regulation.decisions, outcome.case.regulation)
        return list(found.values())


def _tally(name: str, outcomes: Iterable[Outcome]) -> Tally:
    statuses = [outcome.status for outcome in outcomes]
    return Tally(name, *(statuses.count(status) for status in STATUSES))


def _reference(parameter: Any) -> str:
    return "; ".join(f"{found['title']}, {found['place']}" for found in parameter.metadata["reference"])


@lru_cache
def themes_of_variables() -> dict[str, str]:
    """Return the theme of each variable: the file that it stands in."""
    return {
        name: path.stem
        for path in sorted(folder("variables").glob("*.py"))
        for name in re.findall(r"^class (\w+)\(", hashes.source(path), flags=re.MULTILINE)
    }


def record_of(found: Audit, paths: Sequence[Path], coverage: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the record of an audit, which ``verify`` runs again.

    Args:
        found: the audit.
        paths: what was audited.
        coverage: how many changes of each kind are noticed, and how many there are, where that was asked for.
    """
    total = found.total
    inputs = record.Paths({shown(file.path): file.hash for file in found.files}, [shown(path) for path in paths])
    counts = {"tests": total.tests, "held": total.held, "failed": total.failed, "refused": total.refused}
    covered = {"coverage": dict(coverage)} if coverage else {}
    result = [_result(outcome) for outcome in found.outcomes]
    return record.of_audit(found.versions(), inputs, result, {**counts, **covered})


def _result(outcome: Outcome) -> list[Any]:
    checks = [[check.variable, check.member, check.period, check.expected, check.came] for check in outcome.checks]
    return [outcome.case.file, outcome.case.name, outcome.status, checks]


def audit(paths: Sequence[Path], begin: Callable[[int], Callable[[], object]] = lambda _: lambda: None) -> Audit:
    """Run the test cases of files.

    Args:
        paths: files, or folders that hold them.
        begin: called with the number of tests, returns what is called when one is finished.

    Raises:
        NoFilesError: a path that matches no file.
    """
    systems = Systems()  # its own: coverage changes them
    found, passed_over = find(paths)
    files = [read_file(path, shown(path), systems) for path in found]
    done = begin(sum(len(file.cases) for file in files))
    return Audit(files, list(_run(files, systems, done)), passed_over, systems)


def _run(files: Sequence[CaseFile], systems: Systems, done: Callable[[], object]) -> Iterator[Outcome]:
    for file in files:
        for case in file.cases:
            yield run(case, systems)
            done()

"""Legislative coverage: which small changes of the law the tests would notice, and which none of them does."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openfisca_bergen_hbt.audit.cases.model import CaseFile
from openfisca_bergen_hbt.audit.cases.reader import read_file
from openfisca_bergen_hbt.audit.changes import LawChange, all_changes, made, unread
from openfisca_bergen_hbt.audit.discovery import shown
from openfisca_bergen_hbt.audit.runner import HELD, Outcome, holds
from openfisca_bergen_hbt.audit.session import Audit
from openfisca_bergen_hbt.law.systems import Systems

#: What coverage is reported by, and the kinds of change that belong to each.
SUBJECTS = {
    "parameter": ("parameter", "bound"),
    "decision": ("decision", "hinge", "reading"),
    "variable": ("formula", "branch"),
}
#: All cores are used from so many runs of a test on: fewer take less time than starting a process does.
RUNS_IN_ONE_PROCESS = 6_000


@dataclass(frozen=True)
class Tried:
    """A change, and the first test that noticed it; None for a hole."""

    change: LawChange
    noticed_by: str | None
    #: How many tests read what is changed.
    read_by: int


@dataclass(frozen=True)
class Coverage:
    """What came of every change."""

    tried: Sequence[Tried]
    #: The parameters that no rule reads.
    unread: Sequence[str]

    @property
    def holes(self) -> list[Tried]:
        """The changes that no test notices."""
        return [found for found in self.tried if found.noticed_by is None]

    def noticed_of(self, kind: str) -> tuple[int, int]:
        """Return how many changes of a kind are noticed, and how many there are."""
        inside = [found for found in self.tried if found.change.kind == kind]
        return sum(found.noticed_by is not None for found in inside), len(inside)

    def by_name(self, subject: str) -> list[tuple[str, int, int]]:
        """Return how many changes of each of a subject of ``SUBJECTS`` are noticed, and how many there are."""
        counted: dict[str, list[bool]] = {}
        for found in self.tried:
            if found.change.kind in SUBJECTS[subject]:
                name = found.change.decision if subject == "decision" else found.change.name
                counted.setdefault(name, []).append(found.noticed_by is not None)
        return [(name, sum(noticed), len(noticed)) for name, noticed in sorted(counted.items())]

    def percent(self, kind: str) -> float:
        """Return the percentage of a kind that is noticed."""
        noticed, all_of_it = self.noticed_of(kind)
        return 100.0 * noticed / all_of_it if all_of_it else 100.0

    def lowest(self, kinds: Iterable[str]) -> float:
        """Return the lowest percentage of some kinds."""
        return min(self.percent(kind) for kind in kinds)


def survey(
    found: Audit,
    begin: Callable[[int], Callable[[], object]] = lambda _: lambda: None,
    processes: int | None = None,
) -> Coverage:
    """Try every change on the tests that read what it changes.

    Args:
        found: what came of the tests; only those that held are tried.
        begin: called with the number of changes, returns what is called when one has been tried.
        processes: how many to use; None for one for each core, where there is enough to do.
    """
    changes = all_changes(found.systems)
    done = begin(len(changes))
    readers = [_readers(change, found.outcomes) for change in changes]
    if processes is None:
        processes = (os.cpu_count() or 1) if sum(map(len, readers)) > RUNS_IN_ONE_PROCESS else 1
    tried = []
    with ExitStack() as stack:
        if processes == 1:
            trying: Iterator[Tried] = map(_Bench(found.files, found.systems).tried, changes, readers)
        else:
            # a fresh interpreter: what is forked from a process with threads of its own can hang
            fresh = multiprocessing.get_context("spawn")
            paths = [file.path for file in found.files]
            pool = ProcessPoolExecutor(processes, fresh, initializer=_begin, initargs=(paths,))
            trying = stack.enter_context(pool).map(_try, changes, readers, chunksize=4)
        for one in trying:
            tried.append(one)
            done()
    return Coverage(tried, unread(found.systems))


def _readers(change: LawChange, outcomes: Sequence[Outcome]) -> list[tuple[str, int]]:
    """Return the tests that read what is changed, the smallest first, by file and line."""
    found = [
        outcome
        for outcome in outcomes
        if outcome.status == HELD
        and outcome.case.regulation
        and change.may_show(outcome.reads, outcome.case.regulation)
    ]
    return [(o.case.file, o.case.line) for o in sorted(found, key=lambda o: len(o.reads.formulas))]


class _Bench:
    """Where changes are tried: the cases, and systems that may be changed."""

    def __init__(self, files: Iterable[CaseFile], systems: Systems) -> None:
        self.systems = systems
        self.cases = {(case.file, case.line): case for file in files for case in file.cases}

    def tried(self, change: LawChange, readers: Sequence[tuple[str, int]]) -> Tried:
        """Return the first test that notices a change."""
        with made(change, self.systems) as system_of:
            for key in readers:
                case = self.cases[key]
                if not holds(case, system_of(case.regulation)):
                    return Tried(change, f"{case.place} {case.name}", len(readers))
        return Tried(change, None, len(readers))


_bench: Any = None


def _begin(paths: Sequence[Path]) -> None:
    global _bench  # noqa: PLW0603 (a worker's own, set once: systems can't be sent between processes)
    systems = Systems()
    _bench = _Bench([read_file(path, shown(path), systems) for path in paths], systems)


def _try(change: LawChange, readers: Sequence[tuple[str, int]]) -> Tried:
    found: Tried = _bench.tried(change, readers)
    return found

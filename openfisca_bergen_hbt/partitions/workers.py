"""Who reads files of users: this process, one after the other, or several processes of this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Protocol

from openfisca_bergen_hbt.text.language import _, speaking, spoken

#: What installs what machines besides this one are read by.
EXTRA = "pip install 'openfisca-bergen-hbt[cluster]'"
#: A function of a module, and what it is called with: both can be sent to other processes.
Work = Callable[..., Any]
Jobs = Iterable[tuple[Any, ...]]


class Workers(Protocol):
    """What does the same work for many files."""

    #: Whether what they are told and return is sent to other processes.
    elsewhere: bool
    #: Whether hashes of users may be returned to this process.
    users_may_leave: bool

    def results(self, work: Work, jobs: Jobs) -> Iterator[tuple[int, Any]]:
        """Yield what the work comes to for each job, with the number of the job, as they are done: each once."""

    def close(self) -> None:
        """End what was started for it."""


class ThisProcess:
    """One after the other."""

    elsewhere = False
    users_may_leave = True

    def results(self, work: Work, jobs: Jobs) -> Iterator[tuple[int, Any]]:
        """Yield what the work comes to for each job, in their order."""
        for number, job in enumerate(jobs):
            yield number, work(*job)

    def close(self) -> None:
        """End nothing."""


class Processes:
    """Several processes of this machine, started when there is work."""

    elsewhere = True
    users_may_leave = True

    def __init__(self, number: int) -> None:
        threads = max(1, (os.cpu_count() or 1) // number)
        self.pool = ProcessPoolExecutor(number, get_context("spawn"), _begin, (threads,))

    def results(self, work: Work, jobs: Jobs) -> Iterator[tuple[int, Any]]:
        """Yield what the work comes to for each job, as they are done.

        Raises:
            ValueError: a process has died.
        """
        numbers: dict[Any, int] = {}
        try:
            language = spoken()
            numbers |= {self.pool.submit(in_language, language, work, *job): number for number, job in enumerate(jobs)}
            for done in as_completed(list(numbers)):
                yield numbers.pop(done), done.result()
        except BrokenProcessPool:
            raise ValueError(
                _("a process that read files has died, for lack of memory perhaps. Ask for fewer with --workers.")
            ) from None
        finally:
            for waiting in numbers:
                waiting.cancel()

    def close(self) -> None:
        """End the processes."""
        self.pool.shutdown()


def in_language(language: str, work: Work, *job: Any) -> Any:
    """Do some work in a language: what a process says of its files is for who asked it."""
    with speaking(language):
        return work(*job)


def _begin(threads: int) -> None:
    """Begin a process: it ends with the one that started it, and shares the machine with the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["POLARS_MAX_THREADS"] = str(threads)  # before polars is imported

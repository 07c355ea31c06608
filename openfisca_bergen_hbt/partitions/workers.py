"""Who reads files of users: this process, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

#: A function of a module, and what it is called with, which can be sent to other processes.
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


class ThisProcess:
    """One after the other."""

    elsewhere = False
    users_may_leave = True

    def results(self, work: Work, jobs: Jobs) -> Iterator[tuple[int, Any]]:
        """Yield what the work comes to for each job, in their order."""
        for number, job in enumerate(jobs):
            yield number, work(*job)

"""Files of users that are read where Dask's workers are: nothing of a user leaves them but counts and hours by unit.

A worker that dies is no more than time: what it had not finished is done by another, and each file counts once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from uuid import uuid4

from openfisca_bergen_hbt.partitions.workers import EXTRA, Jobs, Work, in_language
from openfisca_bergen_hbt.text.language import _, speaking, spoken

#: How long a scheduler may take to answer, and to have a worker: seconds.
PATIENCE = 20
#: How many times a file that workers die of is tried again, after the times that the scheduler itself tries it.
LIVES = 2
#: The versions and hashes of what comes to a result, by name; ``LAW`` is that of the law.
Identity = Mapping[str, str]
LAW = "law"


class OtherVersionError(ValueError):
    """A worker that may come to other figures than this process would."""


class Cluster:
    """Dask's workers."""

    elsewhere = True
    users_may_leave = False

    def __init__(self, scheduler: str, identity: Callable[[], Identity], patience: float = PATIENCE) -> None:
        """Connect with a scheduler, by its address or the file that it writes, as Dask's settings say (TLS, too).

        Args:
            scheduler: ``tcp://…``, ``tls://…``, or the path of a file.
            identity: a function of a module that tells what the process that calls it comes to results with.
            patience: how long to wait for an answer, and for a worker: seconds.

        Raises:
            ValueError: Dask is not installed; there is no scheduler, or no worker.
            OtherVersionError: a worker has other versions, or another law, than this process.
        """
        try:
            from distributed import Client  # an extra
        except ImportError:
            raise ValueError(_("--scheduler needs Dask: {command}").format(command=EXTRA)) from None
        for name in ("distributed", "distributed.client"):  # what ends the run is said once, and by us
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.identity, self.mine = identity, identity()
        address = scheduler if "://" in scheduler else _address_in(Path(scheduler))
        try:
            asyncio.run(_reach(address, patience))  # a client that fails to connect can't be closed
            self.client = Client(address, timeout=patience, set_as_default=False)
        except Exception as error:  # noqa: BLE001 (what answers may be no scheduler, and anything may come of it)
            message = _("--scheduler {scheduler}: there is no answer ({error}). Is it running, and reached?").format(
                scheduler=scheduler, error=type(error).__name__
            )
            raise ValueError(message) from None
        try:
            self.client.wait_for_workers(1, timeout=patience)
            self.refuse_others()
        except TimeoutError:
            self.close()
            raise ValueError(
                _("--scheduler {scheduler}: no worker within {seconds:g} seconds. Start some.").format(
                    scheduler=scheduler, seconds=patience
                )
            ) from None
        except OtherVersionError:
            self.close()
            raise

    def close(self) -> None:
        """Leave the cluster as it is."""
        self.client.close()

    def refuse_others(self) -> None:
        """Refuse workers that have other versions of what figures depend on, or another law.

        Raises:
            OtherVersionError: there are some.
        """
        for name in self.mine.keys() - {LAW}:  # asked by the standard library alone, which any worker has
            self._compare(name, self.client.run(version, name, on_error="return"))
        found = self.client.run(self.identity, on_error="return")
        self._compare(LAW, {at: one.get(LAW) if isinstance(one, Mapping) else one for at, one in found.items()})

    def _compare(self, name: str, found: Mapping[str, Any]) -> None:
        for worker, theirs in found.items():
            if isinstance(theirs, OSError):
                continue  # it has died meanwhile
            if theirs != self.mine[name]:
                raise OtherVersionError(_other(worker, name, theirs, self.mine[name]))

    def results(self, work: Work, jobs: Jobs) -> Iterator[tuple[int, Any]]:
        """Yield what the work comes to for each job, as they are done.

        Raises:
            OtherVersionError: a worker that has come meanwhile has other versions, or another law.
            ValueError: workers die again and again of the same job; the scheduler is gone.
        """
        from distributed import CancelledError, as_completed
        from distributed.scheduler import KilledWorker

        run, every = uuid4().hex, [*jobs]

        def submit(number: int, attempt: int) -> Any:
            key = f"{work.__name__}-{run}-{number}-{attempt}"
            sent = pickle.dumps(_Sent((self.identity, self.mine, spoken(), work, *every[number])))
            return self.client.submit(pickle.loads, sent, key=key, pure=False)

        futures = {submit(number, 0): (number, 0) for number in range(len(every))}
        waiting = as_completed(list(futures), loop=self.client.loop)
        try:
            for future in waiting:
                number, attempt = futures.pop(future)
                try:
                    found = future.result()
                except KilledWorker:
                    if attempt == LIVES:
                        message = _("workers died again and again of the same file, for lack of memory perhaps: {file}")
                        raise ValueError(message.format(file=every[number][0])) from None
                    again = submit(number, attempt + 1)
                    futures[again] = number, attempt + 1
                    waiting.add(again)
                    continue
                except CancelledError:
                    raise ValueError(_("the scheduler is gone, or has let go of the work. Start again.")) from None
                except (ImportError, AttributeError):
                    self.refuse_others()  # what a worker of another version does not know
                    raise
                yield number, found
        finally:
            self.client.cancel(list(futures))


def _address_in(file: Path) -> str:
    """Return the address that a scheduler has written to a file.

    Raises:
        ValueError: there is none.
    """
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        message = _(
            "--scheduler {file}: neither the file of a scheduler, nor an address such as tcp://10.0.0.1:8786."
        ).format(file=file)
        raise ValueError(message) from None


async def _reach(address: str, patience: float) -> None:
    from distributed import Security
    from distributed.comm import connect

    connection = await connect(address, timeout=patience, **Security().get_connection_args("client"))
    await connection.close()


class _Sent:
    """Work that is done where it is unpickled, by a task: a worker that can't, for lack of the package, says so.

    One that is sent what it can't unpickle outside a task would leave the cluster, and say nothing.
    """

    def __init__(self, given: tuple[Any, ...]) -> None:
        self.given = given

    def __reduce__(self) -> tuple[Any, ...]:
        return _work, self.given


def _work(identity: Callable[[], Identity], expected: Identity, language: str, work: Work, *job: Any) -> Any:
    """Do some work on a worker, in a language, if it comes to what others come to."""
    mine = identity()
    for name, theirs in expected.items():
        if mine.get(name) != theirs:
            from distributed import get_worker

            with speaking(language):
                raise OtherVersionError(_other(get_worker().address, name, mine.get(name), theirs))
    return in_language(language, work, *job)


def _other(worker: str, name: str, theirs: Any, mine: str) -> str:
    if theirs is None or isinstance(theirs, PackageNotFoundError):
        has = _("none")
    else:
        has = theirs if isinstance(theirs, str) else type(theirs).__name__
    if name == LAW:
        has, mine = has[:12], mine[:12]
        said = _(
            "the worker {worker} has another law ({theirs}, and here {mine}). Give all workers what runs here, and "
            "start them again."
        )
    else:
        said = _(
            "the worker {worker} has {name} {theirs}, and here it is {mine}. Give all workers what runs here, and "
            "start them again."
        )
    return said.format(worker=worker, name=name, theirs=has, mine=mine)

"""Several processes that answer from one socket: built once, forked, and replaced when they end."""

from __future__ import annotations

import gc
import json
import logging
import mmap
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from waitress import wasyncore

from openfisca_bergen_hbt.web.api import turns
from openfisca_bergen_hbt.web.server import Processes, Server, create
from openfisca_bergen_hbt.web.settings import Settings

LOG = logging.getLogger("bergen-hbt.workers")
#: How often a worker looks whether it is to end, in seconds, and how long a quiet connection of one that ends is kept.
GLANCE, QUIET = 0.25, 1
#: How long what workers are at may take when all end, and how old a worker is that is replaced at once, in seconds.
PATIENCE, YOUNG = 20, 1
#: What the parent waits for.
AWAITED = (signal.SIGTERM, signal.SIGINT, *([signal.SIGCHLD] if hasattr(signal, "SIGCHLD") else []))
#: Of a place where nobody works: more than any worker has at hand.
NOBODY = 255
#: After how many new objects, and how many collections of the younger ones, Python looks for what holds itself.
USUAL_COLLECTION = (700, 10, 10)
#: Asked before the fork, so that what each answer needs is there, and shared.
FIRST = {
    "brukere": {"a": {"vurdert_timer_per_uke": {"2019": 1}}},
    "enheter": {"A": {"brukere": ["a"], "enhet_samlet_tildeling": {"2019": None}}},
    "etater": {"T": {"brukere": ["a"], "etat_budsjettramme": {"2019": 1_000_000}}},
}


def possible() -> bool:
    """Return whether processes can be forked here."""
    return turns.SHARED and hasattr(os, "fork")


class _Worker(Server):
    """One of several servers on a socket: a new connection is for whoever has least at hand."""

    at_hand: mmap.mmap
    place = 0

    def readable(self) -> bool:
        """Return whether it takes a connection."""
        if not self.accepting:
            return False
        channels = list(self.active_channels.values())
        self.at_hand[self.place] = min(sum(len(channel.requests) for channel in channels), NOBODY - 1)
        return bool(super().readable()) and self.at_hand[self.place] <= min(self.at_hand[:])


def run(app: Flask, listening: Sequence[socket.socket], settings: Settings, processes: Processes) -> None:
    """Serve until this process is asked to stop; a worker that ends is replaced.

    Args:
        app: the application, built.
        listening: the sockets, which all workers share.
        settings: of the application.
        processes: how many workers, and how large they may grow.
    """
    at_hand = mmap.mmap(-1, processes.workers)
    at_hand[:] = bytes([NOBODY]) * processes.workers
    signals = _Signals()
    places: dict[int, tuple[int, float]] = {}

    def begin(place: int) -> None:
        def made() -> list[Any]:
            servers = create(app, listening, settings, processes, _Worker)
            for server in servers:
                server.at_hand, server.place = at_hand, place
            return servers

        parent = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)  # until the worker knows what it does with them
        if child := os.fork():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
            places[child] = place, time.monotonic()
            return
        _work(made, processes.memory, parent)

    for place in range(processes.workers):
        begin(place)
    while signals.next() == signal.SIGCHLD:
        for child, status in _ended():
            place, since = places.pop(child)
            at_hand[place] = NOBODY
            LOG.warning(json.dumps({"worker": child, "ended": os.waitstatus_to_exitcode(status), "replaced": True}))
            if time.monotonic() - since < YOUNG:
                time.sleep(YOUNG)  # one that can't live is not begun again and again
            begin(place)
    _end(places, signals)


class _Signals:
    """The signals that come, one after the other, whichever thread of the process they came to."""

    def __init__(self) -> None:
        self._came, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        for one in AWAITED:
            signal.signal(one, lambda *_: None)

    def next(self, seconds: float | None = None) -> int:
        """Return the next signal; 0 where none comes in time."""
        ready = select.select([self._came], [], [], seconds)[0]
        return os.read(self._came, 1)[0] if ready else 0


def warm(app: Flask) -> None:
    """Answer a situation and the page, without a line in the log; what is there is kept out of the collector's way.

    What requests leave behind is collected as Python usually does, and not as seldom as a command does
    (``cli/__init__.py``): simulations hold themselves, and would pile up by the thousand.
    """
    access = logging.getLogger("bergen-hbt.access")
    level = access.level
    access.setLevel(logging.ERROR)
    client = app.test_client()
    answers = [client.post("/calculate", json=FIRST), client.get("/")]
    access.setLevel(level)
    for answer in answers:
        if answer.status_code != 200:  # noqa: PLR2004 (answered)
            raise RuntimeError(f"the first request was answered with {answer.status_code}")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*USUAL_COLLECTION)


def _ended() -> list[tuple[int, int]]:
    found = []
    with suppress(ChildProcessError):
        while (one := os.waitpid(-1, os.WNOHANG))[0]:
            found.append(one)
    return found


def _end(places: dict[int, tuple[int, float]], signals: _Signals) -> None:
    """Let each worker finish what it is at; a second signal, or too long a time, ends them at once."""
    _tell(places, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while True:
        for child, _ in _ended():
            places.pop(child, None)
        if not places:
            return
        if signals.next(max(until - time.monotonic(), 0)) != signal.SIGCHLD:
            _tell(places, signal.SIGKILL)
            until = time.monotonic() + PATIENCE


def _tell(places: dict[int, tuple[int, float]], what: signal.Signals) -> None:
    for child in places:
        with suppress(ProcessLookupError):
            os.kill(child, what)


def _work(made: Callable[[], list[Any]], memory: int, parent: int) -> NoReturn:
    """Answer, in a process of its own, until it is to end; then finish what it is at."""
    code = 1
    try:
        asked: list[int] = []
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is told to all; the parent tells when to end
        signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
        servers = made()
        most = _resident() + memory
        while not asked and os.getppid() == parent and (not memory or _resident() <= most):
            _glance(servers)
        _finish(servers, 0 if asked else QUIET)
        code = 0
    except BaseException as error:  # noqa: BLE001 (no frame of the parent's may go on in a worker)
        failed = {"worker": os.getpid(), "failed": type(error).__name__}
        LOG.error(json.dumps(failed))  # noqa: TRY400 (its message may hold what was sent)
    finally:
        sys.stderr.flush()
        os._exit(code)


def _glance(servers: Sequence[Any]) -> None:
    wasyncore.loop(timeout=GLANCE, use_poll=servers[0].adj.asyncore_use_poll, map=servers[0].awaited, count=1)


def _finish(servers: Sequence[Any], quiet: float) -> None:
    """Take no more connections, answer what has come, and close each connection that has been quiet."""
    for server in servers:
        server.ending, server.accepting = True, False
        server.at_hand[server.place] = NOBODY
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        open_ones = [channel for server in servers for channel in server.active_channels.values()]
        for channel in open_ones:
            if channel.at_rest and time.time() - channel.last_activity >= quiet:
                channel.handle_close()
        if not any(server.active_channels for server in servers):
            return
        _glance(servers)


def _resident() -> int:
    """Return how much memory this process holds, in bytes; 0 where that can't be read."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0

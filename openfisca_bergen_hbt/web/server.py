"""The server: buffering, so that slow and half-open requests wait outside, with a bounded number of threads."""

from __future__ import annotations

import select
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.compression import compress
from openfisca_bergen_hbt.web.connections import Connection
from openfisca_bergen_hbt.web.settings import Settings

#: How long a connection may be silent, in seconds, and how many there may be in all.
SILENCE, CONNECTIONS = 30, 2000
#: How many files a process has open beside its connections, at most.
OTHER_FILES = 100
#: How long an answer may be that waits for a slow caller, in bytes, before it would be kept elsewhere than in memory.
IN_MEMORY = 2**30


class Server(TcpWSGIServer):
    """A server on a socket that listens; it may be told to end."""

    channel_class = Connection
    #: Whether each connection is closed after the answer that it is at.
    ending = False
    #: What its loop waits for: itself, its connections, and the other sockets that it listens on.
    awaited: dict[int, Any]


@dataclass(frozen=True)
class Processes:
    """Who answers: how many workers, and how many requests each of them works on at once."""

    workers: int = 1
    threads: int = 4
    #: How much each of several may grow by, in bytes, before another takes its place; 0 for any.
    memory: int = 0


def listen(host: str, port: int) -> list[socket.socket]:
    """Return a socket that listens for each address of a host.

    Raises:
        OSError: an address can't be listened on.
    """
    found = []
    for family, kind, protocol, address in Adjustments(host=host, port=port).listen:
        one = socket.socket(family, kind, protocol)
        found.append(one)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
        one.listen(1024)
        one.setblocking(False)  # noqa: FBT003 (a socket's own)
    return found


def application(settings: Settings) -> Flask:
    """Return the application as it is served: its answers compressed for those who take that."""
    app = create_app(settings)
    app.after_request(compress)
    return app


def create(
    app: Flask,
    listening: Sequence[socket.socket],
    settings: Settings,
    processes: Processes,
    kind: type[Server] = Server,
) -> list[Any]:
    """Return a server for each socket, with the same threads: to run one is to run all."""
    adjustments = Adjustments(
        sockets=list(listening),
        threads=processes.threads,
        ident="",
        channel_timeout=SILENCE,
        connection_limit=_connections() // processes.workers,
        asyncore_use_poll=hasattr(select, "poll"),  # select knows no more than 1 024 connections
        max_request_body_size=settings.most_bytes + 1,  # the first length that is refused
        max_request_header_size=16 * 1024,
        # what is longer than these would be written to temporary files; requests are about people
        inbuf_overflow=settings.most_bytes + 1,
        outbuf_overflow=IN_MEMORY,
        url_prefix=settings.prefix,
        # whether the proxy before it speaks TLS, which only changes the addresses in answers; the other headers go
        trusted_proxy="*",
        trusted_proxy_headers={"x-forwarded-proto"},
        clear_untrusted_proxy_headers=True,
        expose_tracebacks=False,
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(processes.threads)
    awaited: dict[int, Any] = {}
    servers: list[Any] = [
        kind(
            app,
            awaited,
            _sock=one,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=(one.family, one.type, one.proto, one.getsockname()),
            bind_socket=False,
        )
        for one in listening
    ]
    for server in servers:
        server.awaited = awaited
    return servers


def _connections() -> int:
    """Return how many connections a process can have, with as many files open as the system lets it have."""
    try:
        import resource
    except ImportError:  # Windows
        return 400
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(min(CONNECTIONS, soft - OTHER_FILES), 50)

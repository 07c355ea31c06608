"""Connections on which a request that is too long is answered by the application, in its own words.

Waitress answers such a request itself and closes the connection while its caller still sends; the answer is then lost
on the way, and a browser says that the connection was reset.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

#: How much of bodies that are too long is let by, in bytes, before the connection is closed.
MOST_LET_BY = 2**30


class _Request(HTTPRequestParser):
    """A request; of one that is too long, only its head, whose Content-Length the application refuses."""

    error: Any
    expect_continue: bool
    #: How much of a body that is not kept is still to come, in bytes.
    left = 0

    def __init__(self, adj: Any, server: Any) -> None:
        super().__init__(adj)
        self.server = server

    def received(self, data: bytes) -> int:
        """Take what came of the request, and return how much of it."""
        consumed: int = super().received(data)
        if self.completed and getattr(self.server, "ending", False):
            self.headers["CONNECTION"] = "close"
        if isinstance(self.error, RequestEntityTooLarge):
            self.close()
            self.error = self.body_rcv = None
            self.headers["CONTENT_LENGTH"] = str(self.content_length or self.body_bytes_received)
            self.left = min(self.content_length or MOST_LET_BY, MOST_LET_BY)
            if self.chunked or self.expect_continue or self.left == MOST_LET_BY:  # nobody knows how much will come
                self.headers["CONNECTION"] = "close"
            self.expect_continue = False
        return consumed


class _Rest(HTTPRequestParser):
    """What is left of a body that is too long: let by, as if it were an empty request."""

    def __init__(self, adj: Any, left: int) -> None:
        super().__init__(adj)
        self.left = left

    def received(self, data: bytes) -> int:
        """Let by what came of the body, and return how much of it."""
        consumed = min(len(data), self.left)
        self.left -= consumed
        self.empty = self.completed = not self.left
        return consumed


class Connection(HTTPChannel):
    """A connection: requests one after the other, and the rest of one that was too long after its answer."""

    latest: _Request | _Rest | None = None
    #: Whether all is answered, and what its caller still sends is only let by.
    ending = False

    def parser_class(self, adj: Any) -> _Request | _Rest:
        """Return what reads what comes next."""
        left = self.latest.left if self.latest else 0
        self.latest = _Rest(adj, left) if left else _Request(adj, self.server)
        return self.latest

    @property
    def at_rest(self) -> bool:
        """Whether nothing has come of a request, and all that was asked is answered and sent."""
        return not (self.requests or self.request or self.total_outbufs_len or self.close_when_flushed)

    def handle_close(self) -> None:
        """Close the connection; while a body is still being sent, only our side of it.

        A caller that still sends when both are closed is told of a broken connection, and loses the answer.
        """
        if self.connected and not self.ending and self.latest and self.latest.left:
            self.ending, self.will_close = True, False
            with suppress(OSError):  # its caller is gone
                self.socket.shutdown(socket.SHUT_WR)
                return
        super().handle_close()

    def received(self, data: bytes) -> bool:
        """Take what came."""
        if not (self.ending and self.latest):
            return bool(super().received(data))
        self.latest.left -= len(data)
        if self.latest.left <= 0:
            self.handle_close()
        return True

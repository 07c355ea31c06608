"""The server: buffering, so that slow and half-open requests wait outside, with a bounded number of threads."""

from __future__ import annotations

import logging
import signal
import sys
from typing import Any, NoReturn

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.compression import compress
from openfisca_bergen_hbt.web.settings import Settings

#: How long a connection may be silent, in seconds, and how many there may be.
SILENCE, CONNECTIONS = 30, 500
#: How long an answer may be that waits for a slow caller, in bytes, before it would be kept elsewhere than in memory.
IN_MEMORY = 2**30


def create(host: str, port: int, threads: int, settings: Settings) -> Any:
    """Return a server of the application, listening.

    Raises:
        OSError: the address can't be listened on.
    """
    import waitress

    from openfisca_bergen_hbt.web.connections import Connection

    app = create_app(settings)
    app.after_request(compress)
    server = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        ident="",
        channel_timeout=SILENCE,
        connection_limit=CONNECTIONS,
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
    server.channel_class = Connection
    return server


def serve(host: str, port: int, threads: int, settings: Settings) -> None:
    """Serve the application until the process is asked to stop."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("bergen-hbt.access").setLevel(logging.INFO if settings.access_log else logging.ERROR)
    server = create(host, port, threads, settings)
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    finally:
        server.close()


def _stop(_signal: int, _frame: Any) -> NoReturn:
    raise SystemExit(0)

"""The server: buffering, so that slow and half-open requests wait outside, with a bounded number of threads."""

from __future__ import annotations

import logging
import signal
import sys
from typing import Any, NoReturn

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings

#: How long a connection may be silent, in seconds, and how many there may be.
SILENCE, CONNECTIONS = 30, 500


def serve(host: str, port: int, threads: int, settings: Settings) -> None:
    """Serve the application until the process is asked to stop.

    Raises:
        OSError: the address can't be listened on.
    """
    import waitress

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("bergen-hbt.access").setLevel(logging.INFO if settings.access_log else logging.ERROR)
    server = waitress.create_server(
        create_app(settings),
        host=host,
        port=port,
        threads=threads,
        ident="",
        channel_timeout=SILENCE,
        connection_limit=CONNECTIONS,
        max_request_body_size=settings.most_bytes,
        max_request_header_size=16 * 1024,
        clear_untrusted_proxy_headers=True,
        expose_tracebacks=False,
    )
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    finally:
        server.close()


def _stop(_signal: int, _frame: Any) -> NoReturn:
    raise SystemExit(0)

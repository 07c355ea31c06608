"""Serving until asked to stop: in this process, or in workers."""

from __future__ import annotations

import logging
import signal
import sys
from typing import Any, NoReturn

from openfisca_bergen_hbt.web import workers
from openfisca_bergen_hbt.web.server import Processes, application, create, listen
from openfisca_bergen_hbt.web.settings import Settings


def serve(host: str, port: int, settings: Settings, processes: Processes) -> None:
    """Serve the application until the process is asked to stop; one worker is this process.

    Raises:
        OSError: the address can't be listened on.
    """
    signal.signal(signal.SIGTERM, _stop)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait is no fault
    logging.getLogger("bergen-hbt.access").setLevel(logging.INFO if settings.access_log else logging.ERROR)
    listening = listen(host, port)
    app = application(settings)
    workers.warm(app)
    if processes.workers > 1:
        workers.run(app, listening, settings, processes)
        return
    servers = create(app, listening, settings, processes)
    try:
        servers[0].run()
    finally:
        for server in servers:
            server.close()


def _stop(_signal: int, _frame: Any) -> NoReturn:
    raise SystemExit(0)

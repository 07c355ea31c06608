"""Our server on a port of its own while tests ask it."""

import threading
from contextlib import contextmanager
from unittest import mock

from openfisca_bergen_hbt.web.page import choice
from openfisca_bergen_hbt.web.server import Processes, application, create, listen
from openfisca_bergen_hbt.web.settings import Settings


@contextmanager
def served(threads, **settings):
    """Yield the address of a server that is closed afterwards."""
    with mock.patch.object(choice, "SAMPLES", 8):  # bands in the background of every page
        yield from _served(threads, **settings)


def _served(threads, **settings):
    kept = Settings(access_log=False, **settings)
    (server,) = create(application(kept), listen("127.0.0.1", 0), kept, Processes(threads=threads))
    closing = threading.Event()

    def run():
        try:
            server.run()
        except OSError:  # a connection that a browser left open is closed under the loop that waits for it
            if not closing.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    closing.set()
    server.close()
    thread.join(timeout=10)

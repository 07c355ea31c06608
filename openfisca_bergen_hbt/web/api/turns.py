"""What only one request at a time may do, in all of the server's processes."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import suppress

#: Whether locks can be shared with forked processes: a file of no folder, which each of them locks for itself.
SHARED = hasattr(os, "memfd_create")
if SHARED:
    import fcntl


class Turn:
    """A lock that threads and forked processes share; whoever holds it and dies has given it back.

    To be made before the processes are forked.
    """

    def __init__(self) -> None:
        self._thread = threading.Lock()
        if SHARED:
            self._file = os.memfd_create("turn")
            weakref.finalize(self, os.close, self._file)

    def acquire(self) -> bool:
        """Take it, and return whether it was free."""
        if not self._thread.acquire(blocking=False):
            return False
        with suppress(BlockingIOError):
            if SHARED:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        self._thread.release()
        return False

    def release(self) -> None:
        """Give it back."""
        if SHARED:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._thread.release()

"""Writing files so that they are complete or absent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


def exists_already(path: Path) -> str:
    """Return what to say of a file that is there."""
    return f"'{path}' exists. Give another name, or --force to overwrite it."


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write files beside their places, and when all of them are complete, move them there.

    Raises:
        OSError: a file can't be written; what was there before is left as it was.
    """
    mask = os.umask(0)
    os.umask(mask)
    with ExitStack() as undo:
        ready = []
        for path, content in contents.items():
            try:
                handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
                beside = Path(name)
                undo.callback(beside.unlink, missing_ok=True)
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(handle)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(path)) from None
            beside.chmod(0o666 & ~mask)  # what a file made in the ordinary way would get
            ready.append((beside, path))
        for beside, path in ready:
            beside.replace(path)

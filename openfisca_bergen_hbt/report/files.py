"""Writing a file so that it is complete or absent, and nothing is overwritten unasked."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def exists_already(path: Path) -> str:
    """Return what to say of a file that is there."""
    return f"'{path}' exists. Give another name, or --force to overwrite it."


def write(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file beside its place, then move it there.

    Raises:
        FileExistsError: the file exists and ``force`` is off.
        OSError: the file can't be written; what was there before is left as it was.
    """
    if path.exists() and not force:
        raise FileExistsError(exists_already(path))
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(beside).chmod(0o666 & ~mask)  # what a file made in the ordinary way would get
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise

"""Writing files so that they are complete or absent."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path


def mode_of(path: Path) -> int | None:
    """Return the mode of what a path leads to; None where there is nothing.

    Raises:
        OSError: there can be nothing, or none that may be looked at.
    """
    with suppress(FileNotFoundError):
        return path.stat().st_mode
    return None


def is_stream(mode: int | None) -> bool:
    """Return whether a mode is that of a device or a pipe, which takes what is written and keeps nothing."""
    return mode is not None and (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode))


def _is_replaced(mode: int | None) -> bool:
    """Return whether a whole file is moved to where there is this mode: not onto what is no file, such as a disk."""
    return mode is None or stat.S_ISREG(mode)


def write_all(contents: Mapping[Path, bytes], *, force: bool = True) -> None:
    """Write files beside their places, and when all of them are complete, move them there.

    A file that is replaced keeps its mode, its owner and the links to it; a device or a pipe is written to.

    Raises:
        FileExistsError: ``force`` is off, and another program has written a file there meanwhile.
        OSError: a file can't be written; what was there before is left as it was.
    """
    with ExitStack() as undo:
        ready = []
        for path, content in contents.items():
            try:
                if not _is_replaced(mode_of(path)):
                    path.write_bytes(content)
                    continue
                target = Path(os.path.realpath(path))
                handle, name = tempfile.mkstemp(dir=target.parent, prefix=".bergen-hbt.")
                beside = Path(name)
                undo.callback(beside.unlink, missing_ok=True)
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(handle)
                _give_rights(beside, target)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(path)) from None
            ready.append((beside, target))
        with ExitStack() as unless_all:
            for beside, target in ready:
                if force:
                    beside.replace(target)
                else:
                    _put_where_nothing_is(beside, target)
                    unless_all.callback(target.unlink)
            unless_all.pop_all()


def _put_where_nothing_is(beside: Path, target: Path) -> None:
    """Give a whole file its name, in one step that fails where the name is taken."""
    try:
        target.hardlink_to(beside)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        beside.replace(target)


def _give_rights(made: Path, target: Path) -> None:
    """Give a file the mode and the owner of the one that it replaces; else those of a file made in the ordinary way."""
    mask = os.umask(0)
    os.umask(mask)
    mode = mode_of(target)
    if mode is not None and hasattr(os, "chown"):
        with suppress(PermissionError):  # only root may give a file away
            os.chown(made, target.stat().st_uid, target.stat().st_gid)
    made.chmod(0o666 & ~mask if mode is None else stat.S_IMODE(mode))

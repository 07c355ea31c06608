"""Files in object storage, or wherever else fsspec finds them by an address: ``s3://bucket/brukere/``.

Who may read them is said in the environment or in the settings of fsspec, on each machine, and never in an address.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from glob import has_magic
from pathlib import PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.partitions.workers import EXTRA
from openfisca_bergen_hbt.text.language import _

Found = TypeVar("Found")


@dataclass(frozen=True)
class Stored:
    """A file, a folder or a pattern of files, by its address."""

    address: str

    def __str__(self) -> str:
        """Return the address, without what may be a secret."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    @property
    def name(self) -> str:
        """The last part of the address."""
        return PurePosixPath(urlsplit(self.address).path).name

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for all files that it fits."""
        return has_magic(self.address)

    def path(self) -> PurePosixPath:
        """Return the path, with the bucket.

        Raises:
            DataError: it can't be reached; so, too, the others.
        """
        return PurePosixPath(self._reached(lambda _, path: path))

    def files(self) -> list[Stored]:
        """Return the files in a folder, at any depth, or those that a pattern fits; of a file, itself."""

        def find(system: Any, path: str) -> list[str]:
            system.invalidate_cache()
            found = system.glob(path, detail=True) if self.is_pattern else system.find(path, detail=True)
            return [system.unstrip_protocol(name) for name, of in found.items() if of["type"] == "file"]

        return [Stored(address) for address in self._reached(find)]

    def read_bytes(self) -> bytes:
        """Return what is in a file."""
        found: bytes = self._reached(lambda system, path: system.cat_file(path))
        return found

    def _reached(self, work: Callable[[Any, str], Found]) -> Found:
        """Return what some work finds in the file system at the path; a library's own words are never shown."""
        if "@" in urlsplit(self.address).netloc:
            message = _(
                "an address holds no name and password. Say them in the environment, or in the settings of fsspec."
            )
            raise DataError(Problem(message, file=str(self)))
        try:
            from fsspec.core import url_to_fs  # an extra

            return work(*url_to_fs(self.address))
        except ImportError:
            message = _("what reads such addresses is not installed: {command}").format(command=EXTRA)
        except FileNotFoundError:
            message = _("there is no such bucket, folder or file.")
        except PermissionError:
            message = _("it may not be read with these credentials. Say others in the environment, or ask for access.")
        except Exception as error:  # noqa: BLE001 (the many ways in which a network and a store fail)
            message = _("it can't be reached ({error}). Look at the address, and at the credentials.").format(
                error=type(error).__name__
            )
        raise DataError(Problem(message, file=str(self)))


@dataclass(frozen=True)
class Held:
    """A file that was fetched."""

    name: str
    content: bytes

    def read_bytes(self) -> bytes:
        """Return what is in it."""
        return self.content

    def open(self, _mode: str) -> io.BytesIO:
        """Return it as an open file."""
        return io.BytesIO(self.content)

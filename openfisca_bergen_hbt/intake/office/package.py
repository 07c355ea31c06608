"""A workbook's file: a zip of parts in XML, guarded before anything of it is unfolded."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from xml.parsers import expat

from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.text.language import _, marked

#: How much a workbook may unfold into, in bytes, and what is said of what unfolds into more.
MOST_UNFOLDED = 400 * 2**20
TOO_MUCH = marked("the file unfolds into more than any table of users. Give the rows and the columns that are needed.")
DAMAGED = marked(
    "the file can't be read as Excel or OpenDocument: damaged, or cut off. Save it anew from a spreadsheet."
)


def unfolded_bytes(content: bytes) -> int:
    """Return what the parts of a zip come to, unfolded."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return sum(part.file_size for part in parts.infolist())


class EnoughError(Exception):
    """What stops the walk through a part: what was looked for is found."""


class Package:
    """The parts of a workbook, by name.

    Raises:
        DataError: no whole zip, or one that unfolds into more than ``MOST_UNFOLDED``.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._parts = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise DataError(Problem(_(DAMAGED))) from None
        # no part is ever read beyond the size that is declared here
        if unfolded_bytes(content) > MOST_UNFOLDED:
            raise DataError(Problem(_(TOO_MUCH)))
        self.names = frozenset(self._parts.namelist())

    def walk(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Call functions for each element of a part as it begins and ends, and for the text between.

        Raises:
            DataError: the part is damaged, or declares entities: no office's program does.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_entities
        try:
            with self._parts.open(part) as file, suppress(EnoughError):
                parser.ParseFile(file)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError):
            raise DataError(Problem(_(DAMAGED))) from None


@contextmanager
def damaged_otherwise() -> Iterator[None]:
    """Say of a workbook that is not made as workbooks are that it is damaged, and nothing of what stands in it."""
    try:
        yield
    except DataError:
        raise
    except (LookupError, ValueError, TypeError, AttributeError):
        raise DataError(Problem(_(DAMAGED))) from None


def _refuse_entities(*_declared: object) -> None:
    message = _(
        "the workbook declares a document type, which can fetch or multiply text. Save it anew from a spreadsheet."
    )
    raise DataError(Problem(message))


def local(name: str) -> str:
    """Return the name of an element or an attribute without its prefix."""
    return name[name.rfind(":") + 1 :]


class Local(dict[str, str]):
    """The names of elements without their prefixes, each found out once."""

    def __missing__(self, name: str) -> str:
        """Return the name that was not asked for before, and keep it."""
        self[name] = found = local(name)
        return found

"""The files of a folder or a pattern, what their folders say (``aar=2019/maaned=01``), and parts of their rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from glob import has_magic
from io import BufferedReader, BytesIO
from operator import itemgetter
from pathlib import Path, PurePath
from urllib.parse import unquote

import numpy
import polars

from openfisca_bergen_hbt.intake.checks import RowRule
from openfisca_bergen_hbt.intake.columns import FileColumn, columns_named
from openfisca_bergen_hbt.intake.problems import DataError, Problem, in_file
from openfisca_bergen_hbt.intake.reading import DAMAGED, PARQUET, file_content, parquet_sheet, sheet_of
from openfisca_bergen_hbt.intake.sheet import Sheet, Written
from openfisca_bergen_hbt.partitions.paths import paths_in
from openfisca_bergen_hbt.partitions.row_groups import row_groups
from openfisca_bergen_hbt.partitions.stored import Held, Stored
from openfisca_bergen_hbt.text.language import _, of_system

#: How many rows of a Parquet file are read at a time, where its row groups are smaller.
ROWS_AT_ONCE = 400_000
ENDINGS = (".parquet", ".csv")
#: The columns that folders' names may say.
OF_FOLDERS = ("aar", "maaned", "enhet", "etat", "byomraade")


@dataclass(frozen=True)
class Partition:
    """A file of users."""

    file: Path | Stored | Held
    #: Its name below the folder that was given.
    name: str
    #: What the names of its folders say, by column.
    says: dict[str, str]

    def __str__(self) -> str:
        """Return its name, as it is told."""
        return self.name

    def held(self) -> Partition:
        """Return it as it is read many times: one in object storage is fetched once.

        Raises:
            DataError: it can't be fetched.
        """
        if not isinstance(self.file, Stored):
            return self
        try:
            return replace(self, file=Held(self.name, self.file.read_bytes()))
        except DataError as error:
            raise DataError(*in_file(self.name, error.problems)) from None

    def content(self) -> str:
        """Return the hash of what is in a file that is held, and of what its folders say of it.

        Raises:
            DataError: the file can't be read.
        """
        try:
            with self._opened() as opened:
                found = hashlib.file_digest(opened, "sha256")
        except OSError as error:
            raise DataError(
                Problem(_("the file can't be read: {reason}.").format(reason=of_system(error)), file=self.name)
            ) from None
        return hashlib.sha256(f"{found.hexdigest()} {sorted(self.says.items())}".encode()).hexdigest()

    def _opened(self) -> BufferedReader | BytesIO:
        assert not isinstance(self.file, Stored)  # noqa: S101 (who calls has it held)
        return self.file.open("rb")

    def rows(self) -> polars.LazyFrame:
        """Return the rows of a file of Parquet that is held."""
        assert not isinstance(self.file, Stored)  # noqa: S101 (who calls has it held)
        source = self.file if isinstance(self.file, Path) else self.file.open("rb")
        return polars.scan_parquet(source, glob=False, hive_partitioning=False)

    def parts(self) -> Iterator[Part]:
        """Yield the parts of its rows: row groups of Parquet, several where they are small; a file of CSV as a whole.

        Raises:
            DataError: the file can't be read.
        """
        try:
            with self._opened() as opened:
                is_parquet = opened.read(len(PARQUET)) == PARQUET
                groups = row_groups(opened) if is_parquet else []
        except OSError as error:
            raise DataError(
                Problem(_("the file can't be read: {reason}.").format(reason=of_system(error)), file=self.name)
            ) from None
        except ValueError:
            raise DataError(Problem(_(DAMAGED), file=self.name)) from None
        if not is_parquet:
            yield Part(self, None, ())
            return
        ends = numpy.cumsum(groups, dtype=numpy.int64).tolist()
        start = 0
        for number, end in enumerate(ends):
            if end - start >= ROWS_AT_ONCE or (number == len(groups) - 1 and end > start):
                yield Part(self, (start, end), ends)
                start = end


@dataclass(frozen=True)
class Part:
    """Rows of a file that are read at a time."""

    of: Partition
    #: The first row and the one after the last; None for all.
    rows: tuple[int, int] | None
    #: Where the row groups end.
    ends: Sequence[int]

    def sheet(self, columns: Sequence[FileColumn], written: Written, *, narrow: bool = False) -> Sheet:
        """Return the cells, with what the folders say as columns where the file lacks them.

        Those of other columns stand there, too, and are not looked at; unless narrow, which is quicker.

        Raises:
            DataError: the file can't be read.
        """
        if self.rows is None:
            found = sheet_of(file_content(self.of.file), columns, written)
        else:
            first, end = self.rows
            try:
                rows = self.of.rows()
                if narrow:
                    headings = rows.collect_schema().names()
                    rows = rows.select(
                        name for name, column in zip(headings, columns_named(headings, columns), strict=True) if column
                    )
                cells = rows.slice(first, end - first).collect()
            except (polars.exceptions.PolarsError, OSError, ValueError):
                raise DataError(Problem(_(DAMAGED))) from None
            found = parquet_sheet(cells, columns, first + 2)
        said = {name: text for name, text in self.of.says.items() if name not in found.headings}
        if "maaned" in self.of.says or "maaned" in found.headings:
            said.pop("aar", None)
        return replace(
            found,
            cells=found.cells.with_columns(
                polars.lit(int(text) if name == "aar" else text).alias(name) for name, text in said.items()
            ),
            headings=found.headings | {name: name for name in said},
        )

    def rules(self, columns: Sequence[str]) -> Iterator[RowRule]:
        """Yield that rows are of what the names of their folders say."""
        for name, text in self.of.says.items():
            if name in columns:
                cell = polars.col(name)
                if name == "maaned":
                    holds = cell == date.fromisoformat(f"{text}-01")
                else:
                    holds = cell == int(text) if name == "aar" else cell.cast(polars.String) == text
                yield RowRule(
                    "folder",
                    name,
                    holds,
                    _("is not what the folder says ({name}={text}). Correct one.").format(name=name, text=text),
                )

    def where(self, row: int) -> str:
        """Return the file, and the row group of Parquet, that a row stands in."""
        group = int(numpy.searchsorted(self.ends, row - 2, "right")) + 1
        return _("{file}, row group {group}").format(file=self.of.name, group=group) if len(self.ends) else self.of.name

    def placed(self, problem: Problem) -> Iterator[Problem]:
        """Yield a fault in the file's rows with the row group that each row stands in."""
        if not len(self.ends) or not problem.rows:
            yield replace(problem, file=self.of.name)
            return
        group = numpy.searchsorted(self.ends, numpy.asarray(problem.rows) - 2, "right")
        for number in [int(group[0])] if problem.is_one else numpy.unique(group).tolist():
            at = [place for place, of in enumerate(group.tolist()) if of == number or problem.is_one]
            rows = [problem.rows[place] for place in at]
            values, advice = (
                [given[place] for place in at if place < len(given)] for given in (problem.values, problem.advice)
            )
            yield replace(problem, file=self.where(rows[0]), rows=rows, values=values, advice=advice)


def partitions(data: Path | Stored) -> list[Partition]:
    """Return the files of a folder, or those that a pattern is of, in the order of their names.

    Raises:
        DataError: there are none; a file of another kind; a folder that says no month or year; it can't be reached.
    """
    where: PurePath
    every: Iterable[tuple[PurePath, Path | Stored]]
    if isinstance(data, Stored):
        where, every = data.path(), [(file.path(), file) for file in data.files()]
        is_folder = not data.is_pattern and where not in [path for path, _ in every]
    else:
        where, every = data, [(file, file.absolute()) for file in paths_in(data) if file.is_file()]
        is_folder = data.is_dir()
    base = where if is_folder else type(where)(*_without_pattern(where.parts))
    inside = sorted((found for found in every if not _is_hidden(found[0].relative_to(base))), key=itemgetter(0))
    problems = [
        Problem(_("a folder of users holds files of Parquet and CSV alone. Take it out."), file=_name(path, base))
        for path, _stored in inside
        if path.suffix.lower() not in ENDINGS
    ]
    if not inside:
        problems.append(Problem(_("there are no files of Parquet or CSV."), file=str(data)))
    start = where.parent if is_folder else type(where)()
    found = [Partition(file, _name(path, base), _said(path, start)) for path, file in inside if not problems]
    for one in found:
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", one.says.get("maaned", "2019-01")):
            problems.append(
                Problem(_("the folder says no month: aar=2019/maaned=01, or maaned=2019-01."), file=one.name)
            )
        if not re.fullmatch(r"\d{4}", one.says.get("aar", "2019")):
            problems.append(Problem(_("the folder says no year, such as aar=2019."), file=one.name))
    if problems:
        raise DataError(*problems)
    return found


def _without_pattern(parts: Sequence[str]) -> Iterator[str]:
    for part in parts[:-1]:
        if has_magic(part):
            return
        yield part


def _is_hidden(name: PurePath) -> bool:
    """Return whether a file is none of the data: those that tools put beside them, such as ``_SUCCESS``."""
    return any(part.startswith((".", "_")) for part in name.parts)


def _name(file: PurePath, base: PurePath) -> str:
    return file.relative_to(base).as_posix()


def _said(file: PurePath, start: PurePath) -> dict[str, str]:
    """Return what the names of a file's folders say, also above a pattern and in the name of the folder given."""
    folders = file.relative_to(start).parent.parts if file.is_relative_to(start) else file.parent.parts
    pairs = [part.split("=", 1) for part in folders if "=" in part]
    said = {name.lower(): unquote(text) for name, text in pairs if name.lower() in OF_FOLDERS}
    if "aar" in said and re.fullmatch(r"\d{1,2}", said.get("maaned", "")):
        said["maaned"] = f"{said['aar']}-{int(said['maaned']):02}"
    return said

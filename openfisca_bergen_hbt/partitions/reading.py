"""Users in many files: each part of rows is read, checked as a small file is, turned into sums, and forgotten.

What must be known of all parts is kept in few bytes: where each unit lies, which months there are, and a hash of each
pseudonym (``seen``). So a population comes of it that has units and sums, and no user.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy
import polars

from openfisca_bergen_hbt.intake.checks import problems_of
from openfisca_bergen_hbt.intake.columns import USERS
from openfisca_bergen_hbt.intake.microdata import (
    NEEDED,
    Files,
    Microdata,
    beside_users,
    broken_by_users,
    microdata,
    of_year,
    refuse_lacking_months,
    rows_of,
)
from openfisca_bergen_hbt.intake.names import alphabetical, names_in, shown
from openfisca_bergen_hbt.intake.people import users_in
from openfisca_bergen_hbt.intake.problems import ROW, SHOWN, DataError, Problem
from openfisca_bergen_hbt.intake.sheet import FileRows
from openfisca_bergen_hbt.law.same import same_sums
from openfisca_bergen_hbt.partitions.files import Part as Rows
from openfisca_bergen_hbt.partitions.files import Partition, partitions
from openfisca_bergen_hbt.partitions.kept import FileSums, Kept
from openfisca_bergen_hbt.partitions.seen import Seen
from openfisca_bergen_hbt.population import InParts, Population
from openfisca_bergen_hbt.population.table import ONE_AGENCY, USER_INPUTS
from openfisca_bergen_hbt.rules.stages.drawn import Numbers
from openfisca_bergen_hbt.rules.stages.sums import FOLLOWS_USERS, Part, Sums, aligned, merged
from openfisca_bergen_hbt.simulate import lacking_inputs, simulate, sums_of_units
from openfisca_bergen_hbt.text.names import spelled_alike

Done = Callable[[], object]
#: The columns that say who users are, when and where.
NAMES = tuple(column for column in USERS if column.name not in USER_INPUTS)
#: The groups that a unit lies in one of.
GROUPS = ("etat", "byomraade")
FOLLOWED = (
    "a rule follows users from one month to another (T-15), and the months of a user stand in several parts. "
    "Put all months of a user in one file, such as by kommune or etat; or leave the reading out."
)


@dataclass
class _Found:
    """What is known of all parts that have been read."""

    columns: list[str] = field(default_factory=list)
    first: str = ""
    #: Where each unit lies by group, and the file that says so.
    groups: dict[str, dict[str, tuple[str, str]]] = field(default_factory=lambda: {group: {} for group in GROUPS})
    #: By year: the units that have users, the months, and the users.
    units: dict[int, dict[str, None]] = field(default_factory=dict)
    months: dict[int, set[int]] = field(default_factory=dict)
    seen: dict[int, Seen] = field(default_factory=dict)
    #: The hash of what each file holds.
    contents: dict[str, str] = field(default_factory=dict)


class Reader:
    """Reads the parts of users in files."""

    def __init__(
        self,
        files: Files,
        years: Sequence[int],
        begin: Callable[[int], Done] = lambda _: lambda: None,
        kept: Kept | None = None,
    ) -> None:
        """Find the files; of those that an interrupted run has finished the sums may be kept.

        Raises:
            DataError: there are none, or some that are no users.
        """
        assert isinstance(files.users, Path)  # noqa: S101 (who calls knows)
        self.files, self.years, self.begin = files, years, begin
        every = partitions(files.users)
        self.partitions = [one for one in every if int(one.says.get("aar", years[0])) in years]
        self.notes = [f"{len(every)} files of users"]
        if left_out := len(every) - len(self.partitions):
            self.notes.append(f"{left_out} files of other years: not read")
        if files.control:
            raise DataError(Problem("--control is held against one file, and not against a folder of files."))
        self.units, self.agencies, problems = beside_users(files)
        if problems:
            raise DataError(*problems)
        self.found = _Found()
        #: By year the laws that sums are made of, and the sums by year and place of the law.
        self.laws: dict[int, list[Any]] = {}
        self.sums: FileSums = {}
        #: Where the sums of finished files are kept; and those of the file that is being read.
        self.kept = kept
        self.of_file: FileSums = {}
        self.finished: set[str] = set()

    def read(self, laws: Mapping[int, Sequence[Any]]) -> dict[int, Microdata]:
        """Read and check all parts, add up their sums under the laws of each year, and return each year's population.

        Raises:
            DataError: some file can't be used; the message says what is wrong, each with its file, row group and row.
        """
        problems: list[Problem] = []
        for rows, part in self._rows(problems, first=True):
            if not self.laws:
                self.laws = {year: _distinct(laws.get(year, ()), rows, year) for year in self.years}
            if not problems:
                self._across(part, rows, problems)
            if problems:
                if sum(len(one.rows) or 1 for one in problems) > SHOWN:
                    break
                continue
            if part.of.name not in self.finished:
                own = {year: self._sums_of(rows, year, systems) for year, systems in self.laws.items()}
                _add(self.of_file, {(year, n): one for year, of in own.items() for n, one in of.items()})
        problems += self._spelled_alike()
        if problems or not self.found.columns:
            raise DataError(*(problems or [Problem("there are no rows.", file=str(self.files.users))]))
        return {year: self._population(year) for year in self.years}

    def _spelled_alike(self) -> Iterator[Problem]:
        named = {"enhet": [name for units in self.found.units.values() for name in units]}
        named |= {group: [name for name, _ in by_unit.values()] for group, by_unit in self.found.groups.items()}
        for group, names in named.items():
            for alike in spelled_alike(list(dict.fromkeys(names))):
                told = " and ".join(repr(shown(name)) for name in alike)
                message = f"names differ in capitals or spaces alone: {told}. Write them in one way."
                yield Problem(message, group, file=str(self.files.users))

    def _rows(self, problems: list[Problem], *, first: bool = False) -> Iterator[tuple[FileRows, Rows]]:
        """Yield the rows of each part that is as it should be by itself; what is wrong is added to the problems.

        The first time, the sums of finished files are looked up, and those of others kept.
        """
        done = self.begin(len(self.partitions))
        for partition in self.partitions:
            try:
                if first:
                    self._start(partition)
                for part in partition.parts():
                    rows, wrong = self._checked(part)
                    if rows and not wrong:
                        yield rows, part
                    problems += [placed for problem in wrong for placed in part.placed(problem)]
            except DataError as error:
                problems += error.problems
            if first and not problems:
                self._finish(partition)
            gc.collect()  # core's objects hold each other, and some of the users' arrays, until then
            done()

    def _start(self, partition: Partition) -> None:
        content = self.found.contents[partition.name] = partition.content()
        kept = self.kept.load(content) if self.kept else None
        self.of_file = kept or {}
        if kept is not None:
            self.finished.add(partition.name)

    def _finish(self, partition: Partition) -> None:
        _add(self.sums, self.of_file)
        if self.kept and partition.name not in self.finished:
            self.kept.save(self.found.contents[partition.name], self.of_file)

    def _checked(self, part: Rows) -> tuple[FileRows | None, list[Problem]]:
        """Return the rows of a part, and what is wrong with them; of a finished file, who and where they are alone."""
        written = self.files.written
        if part.of.name in self.finished:
            return rows_of(part.of.name, lambda: part.sheet(USERS, written), NAMES, (), written)
        rows, wrong = rows_of(part.of.name, lambda: part.sheet(USERS, written), USERS, NEEDED, written)
        if rows is None or wrong:
            return None, wrong
        wrong = [*broken_by_users(rows, self.units, self.years, wrong)]
        return rows, [*wrong, *problems_of(rows.rows, part.rules(rows.rows.columns))]

    def _across(self, part: Rows, rows: FileRows, problems: list[Problem]) -> None:
        """Note what is to be known of all parts, and what of a part contradicts those before."""
        found, table = self.found, rows.rows
        columns = sorted(name for name in table.columns if name in {column.name for column in USERS})
        if not found.columns:
            found.columns, found.first = columns, rows.file
            self.notes += rows.notes
        if columns != found.columns:
            other = ", ".join(sorted({*columns} ^ {*found.columns}))
            message = f"the columns are not those of {found.first}: {other}. Make all files with the same columns."
            problems.append(Problem(message, file=rows.file))
            return
        for group in (group for group in GROUPS if group in table.columns):
            named = table.group_by("enhet").agg(polars.col(group).first().cast(polars.String), polars.col(ROW).first())
            for unit, name, row in named.with_columns(polars.col("enhet").cast(polars.String)).iter_rows():
                known, file = found.groups[group].setdefault(unit, (name, rows.file))
                if known != name:
                    message = f"the unit lies in another {group} in {file}. A unit lies in one: correct the rows."
                    problems += part.placed(Problem(message, "enhet", [row], [shown(unit)]))
        if len(self.years) > 1 and not {"aar", "maaned"} & {*columns}:
            message = "several years are asked for, and no column says which a row is of. Add aar, or maaned."
            problems.append(Problem(message, "aar", file=rows.file))
            return
        for year in self.years:
            mine = _of(table, year)
            units = mine["enhet"].unique().cast(polars.String).to_list()
            found.units.setdefault(year, {}).update(dict.fromkeys(units))
            months = mine["maaned"].dt.month() if "maaned" in columns else None
            found.months.setdefault(year, set()).update([] if months is None else months.unique())
            if "bruker" in columns:
                bits = numpy.ones(mine.height) if months is None else 2.0 ** (months.to_numpy() - 1)
                seen = found.seen.setdefault(year, Seen())
                again = seen.add(mine["bruker"].hash().to_numpy(), bits.astype(numpy.uint16))
                if len(again):
                    twice = mine.filter(mine["bruker"].hash().is_in(polars.Series(again)))
                    problems += self._stands_before(part, twice)

    def _stands_before(self, part: Rows, twice: polars.DataFrame) -> Iterator[Problem]:
        """Yield the users who stand in rows of an earlier part, too, for the same month: their names are looked at."""
        key = [name for name in ("bruker", "maaned", "aar") if name in twice.columns]
        when = " for a month" if "maaned" in key else " for a year" if "aar" in key else ""
        for partition in self.partitions:
            for earlier in partition.parts():
                if earlier.of == part.of and earlier.rows == part.rows:
                    return
                rows, _ = self._checked(earlier)
                if rows is None:
                    continue
                both = twice.select(ROW, *key).join(rows.rows.select(*key, polars.col(ROW).alias("there")), on=key)
                for here, there in both.sort(ROW).select(ROW, "there").iter_rows():
                    (place,) = earlier.placed(Problem("", "", [there]))
                    message = f"the same user stands also in {place.file}, row {there}{when}. Keep one row."
                    yield from part.placed(Problem(message, "bruker", [here]))

    def _sums_of(
        self, rows: FileRows, year: int, laws: Sequence[Any], numbers: Numbers | None = None
    ) -> dict[int, Part]:
        """Return the sums of rows under laws, by the place of the law; none where no row is of the year."""
        table = _of(rows.rows, year)
        if table.is_empty():
            return {}
        names = names_in(table["enhet"])
        unit_of_user, inputs, _, _ = users_in(table, names, in_order=False)
        people = Population(
            unit_names=names,
            unit_of_user=unit_of_user,
            agency_names=[ONE_AGENCY],
            agency_of_unit=numpy.zeros(len(names), dtype=numpy.intp),
            users=inputs,
            personal=True,
        )
        return {n: Part(sums_of_units(people, law, year, numbers), names) for n, law in enumerate(laws)}

    def _population(self, year: int) -> Microdata:
        """Return the units of a year, with what gives their sums.

        Raises:
            DataError: the files do not go together; no rows of the year, or of a month of it.
        """
        found, file = self.found, str(self.files.users)
        names = sorted(found.units.get(year, ()), key=alphabetical)
        groups = {group: [found.groups[group][name][0] for name in names] for group in GROUPS if found.groups[group]}
        kinds = {
            group: polars.Enum(sorted({*of}, key=alphabetical)) for group, of in {"enhet": names, **groups}.items()
        }
        table = polars.DataFrame({"enhet": names, **groups}, schema=kinds).with_row_index(ROW)
        users = FileRows(file, table, [f"{file}: {note}" for note in self.notes])
        if not names:
            raise DataError(Problem(f"no rows of {year}. Add them, or ask for other years.", "aar", file=file))
        refuse_lacking_months(found.months[year], year, file)
        made = microdata(users, self.units and of_year(self.units, year), self.agencies, self.files, year)
        units = made.population.unit_names
        in_parts = InParts(
            partial(self._sums_in_order, year, units),
            made.population.has_users,
            sha256(" ".join(sorted(found.contents.values())).encode()).hexdigest(),
        )
        people = replace(
            made.population,
            unit_of_user=numpy.zeros(0, dtype=numpy.intp),
            users={name: numpy.zeros(0) for name in USER_INPUTS if name in found.columns},
            in_parts=in_parts,
        )
        return replace(made, population=people, has_months=bool(found.months[year]))

    def _sums_in_order(self, year: int, units: Sequence[str], law: Any, numbers: Numbers | None = None) -> Sums:
        return aligned(self._sums(year, law, numbers), units)

    def _sums(self, year: int, law: Any, numbers: Numbers | None) -> Part:
        """Return the sums of a year under a law: those that are known, or those of another reading of the files.

        Raises:
            ValueError: a law that follows users, of whom the months stand in several parts.
        """
        if year in self.found.seen and self.found.seen[year].spread and _follows(law, year):
            raise ValueError(FOLLOWED)
        known = self.laws.setdefault(year, [])
        same = next((number for number, other in enumerate(known) if same_sums(other, law, year)), len(known))
        if (year, same) in self.sums and not numbers:
            return self.sums[year, same]
        problems: list[Problem] = []
        self.finished.clear()
        read = (self._sums_of(rows, year, [law], numbers) for rows, _ in self._rows(problems))
        part = merged(sums[0] for sums in read if sums)
        if problems:
            raise DataError(*problems)
        if not numbers:
            known.append(law)
            self.sums[year, same] = part
        return part


def _add(sums: FileSums, others: FileSums) -> None:
    for key, one in others.items():
        sums[key] = merged([sums[key], one]) if key in sums else one


def _of(rows: polars.DataFrame, year: int) -> polars.DataFrame:
    if "aar" in rows.columns:
        rows = rows.filter(polars.col("aar") == year)
    return rows.filter(polars.col("maaned").dt.year() == year) if "maaned" in rows.columns else rows


def _distinct(laws: Sequence[Any], rows: FileRows, year: int) -> list[Any]:
    """Return the laws whose sums differ, of those that the columns are enough for."""
    one = _one_user(name for name in USER_INPUTS if name in rows.rows.columns)
    found: list[Any] = []
    for law in laws:
        if not any(same_sums(law, other, year) for other in found) and not lacking_inputs(one, law, year):
            found.append(law)
    return found


def _follows(law: Any, year: int) -> bool:
    return bool(simulate(_one_user(["timer_per_uke"]), law, year).value(FOLLOWS_USERS).any())


def _one_user(inputs: Iterable[str]) -> Population:
    """Return a user with some inputs, and no hours."""
    given = {name: numpy.zeros(1) for name in inputs}
    return Population(["enhet"], numpy.zeros(1, numpy.intp), ["etat"], numpy.zeros(1, numpy.intp), given)

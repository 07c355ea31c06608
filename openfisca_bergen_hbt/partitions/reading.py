"""Users in many files: each is read, checked and turned into sums by itself, and what they come to is put together.

What must be known of all files is kept in few bytes (``known``): where each unit lies, which months there are, and a
hash of each pseudonym (``seen``). So a population comes of it that has units and sums, and no user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy
import polars

from openfisca_bergen_hbt.intake.microdata import (
    Files,
    Microdata,
    beside_users,
    microdata,
    of_year,
    refuse_lacking_months,
)
from openfisca_bergen_hbt.intake.names import alphabetical
from openfisca_bergen_hbt.intake.problems import ROW, SHOWN, DataError, Problem
from openfisca_bergen_hbt.intake.sheet import FileRows
from openfisca_bergen_hbt.law.same import same_sums
from openfisca_bergen_hbt.law.systems import version_of
from openfisca_bergen_hbt.partitions.files import partitions
from openfisca_bergen_hbt.partitions.followed import Followed, in_place_of
from openfisca_bergen_hbt.partitions.kept import Kept
from openfisca_bergen_hbt.partitions.known import Known, Total
from openfisca_bergen_hbt.partitions.partition_sums import (
    Instructions,
    PartitionSums,
    content_of,
    follow_users,
    one_user,
    read_partition,
)
from openfisca_bergen_hbt.partitions.stored import Stored
from openfisca_bergen_hbt.partitions.twice import standing_twice, users_twice
from openfisca_bergen_hbt.partitions.workers import ThisProcess, Workers
from openfisca_bergen_hbt.population import InParts
from openfisca_bergen_hbt.population.table import USER_INPUTS
from openfisca_bergen_hbt.rules.stages.drawn import Numbers
from openfisca_bergen_hbt.rules.stages.sums import FOLLOWS_USERS, Part, Sums, aligned, merged
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import _, marked

Done = Callable[[], object]
#: How many rows are looked through at a time for users in several files, where that is done elsewhere.
ROWS_OF_USERS = 25_000_000
CHANGED = marked("the file is not what it was when it was read first. Let it be while it is read, and start again.")


class Reader:
    """Reads users in many files."""

    def __init__(
        self,
        files: Files,
        years: Sequence[int],
        begin: Callable[[int], Done] = lambda _: lambda: None,
        kept: Kept | None = None,
        workers: Workers | None = None,
    ) -> None:
        """Find the files; of those that an interrupted run has finished the sums may be kept.

        Raises:
            DataError: there are none, or some that are no users.
        """
        assert isinstance(files.users, Path | Stored)  # noqa: S101 (who calls knows)
        self.files, self.years, self.begin = files, years, begin
        self.workers = workers or ThisProcess()
        every = partitions(files.users)
        self.partitions = [one for one in every if int(one.says.get("aar", years[0])) in years]
        self.notes = [_("{number} files of users").format(number=len(every))]
        if left_out := len(every) - len(self.partitions):
            self.notes.append(_("{number} files of other years: not read").format(number=left_out))
        if files.control:
            raise DataError(Problem(_("--control is held against one file, and not against a folder of files.")))
        self.units, self.agencies, problems = beside_users(files)
        if problems:
            raise DataError(*problems)
        self.known = Known()
        #: By year the laws that sums are made of; ``known`` has their sums by year and place of the law.
        self.laws: dict[int, list[Any]] = {}
        #: Of these sums, those for which users have been followed across files.
        self.followed: set[tuple[int, int]] = set()
        self.kept = kept

    def read(self, laws: Mapping[int, Sequence[Any]]) -> dict[int, Microdata]:
        """Read and check all files, add up their sums under the laws of each year, and return each year's population.

        Raises:
            DataError: some file can't be used; the message says what is wrong, each with its file, row group and row.
        """
        self.laws = {year: _distinct(laws.get(year, ()), year) for year in self.years}
        finished = self._finished()
        problems: list[Problem] = []

        def jobs() -> Iterator[tuple[Any, ...]]:
            how = self._instructions(self.laws, leaves_out=True)
            for one in self.partitions:  # after the first fault it is faults alone that are looked for
                yield one, replace(how, laws={} if problems else how.laws, finished=one.name in finished)

        for number, one in self._results(jobs()):
            if finished.get(one.name, one.content) != one.content:
                problems.append(Problem(_(CHANGED), file=one.name))
            self.known.add(number, one)
            problems += one.problems
            if self.kept and not problems and one.name not in finished:
                self.kept.save(one.content, one.sums)
            if sum(len(problem.rows) or 1 for problem in problems) > SHOWN:
                break
        problems += self.known.problems(str(self.files.users))
        problems = problems or self._standing_twice()
        if problems or not self.known.columns:
            raise DataError(*(problems or [Problem(_("there are no rows."), file=str(self.files.users))]))
        return {year: self._population(year) for year in self.years}

    def _results(self, jobs: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, PartitionSums]]:
        """Yield what each file comes to, as they are read, with its number."""
        done = self.begin(len(self.partitions))
        for result in self.workers.results(read_partition, jobs):
            yield result
            done()

    def _standing_twice(self) -> list[Problem]:
        """Return the users who stand in several files for the same month."""
        if self.workers.users_may_leave:
            return standing_twice(self.partitions, self.files.written, self.known.again)
        return [problem for problems, _ in self._looked_through(self.known.sharing_months()) for problem in problems]

    def _is_spread(self, year: int) -> bool:
        """Return whether some user of a year stands in several parts."""
        if not self.workers.users_may_leave and year not in self.known.spread:
            files = self.known.of_file[year]
            rows = sum(rows for _, rows in files.values())
            self.known.spread |= {of for _, years in self._looked_through([(year, [*files], rows)]) for of in years}
        return year in self.known.spread

    def _looked_through(
        self, together: Iterable[tuple[int, list[int], int]]
    ) -> Iterator[tuple[list[Problem], set[int]]]:
        """Yield what is found of the users of files, in buckets that fit in the memory of who reads them."""
        if "bruker" not in self.known.columns:
            return
        jobs = []
        for year, numbers, rows in together:
            files, buckets = [self.partitions[number] for number in numbers], -(-rows // ROWS_OF_USERS)
            jobs += [(files, self.files.written, [year], bucket, buckets) for bucket in range(buckets)]
        for _job, found in self.workers.results(users_twice, jobs):
            yield found

    def _finished(self) -> dict[str, str]:
        """Add the sums of files that an interrupted run has finished, and return the hash of what each holds."""
        found = {}
        if self.kept and self.kept.has_some():
            for number, content in self.workers.results(content_of, ((one,) for one in self.partitions)):
                if (sums := self.kept.load(content)) is not None:
                    self.known.add_sums(sums)
                    found[self.partitions[number].name] = content
        return found

    def _instructions(
        self, laws: Mapping[int, Sequence[Any]], numbers: Numbers | None = None, *, leaves_out: bool = False
    ) -> Instructions:
        if self.workers.elsewhere:
            laws = {year: [version_of(law) for law in of] for year, of in laws.items()}
        tells = self.workers.users_may_leave
        return Instructions(self.years, self.files.written, self.units, laws, numbers, leaves_out, tells)

    def _population(self, year: int) -> Microdata:
        """Return the units of a year, with what gives their sums.

        Raises:
            DataError: the files do not go together; no rows of the year, or of a month of it.
        """
        known, file = self.known, str(self.files.users)
        names = sorted(known.units.get(year, ()), key=alphabetical)
        groups = {group: [of[name] for name in names] for group, of in known.groups().items() if of}
        kinds = {
            group: polars.Enum(sorted({*of}, key=alphabetical)) for group, of in {"enhet": names, **groups}.items()
        }
        table = polars.DataFrame({"enhet": names, **groups}, schema=kinds).with_row_index(ROW)
        users = FileRows(file, table, [f"{file}: {note}" for note in [*self.notes, *known.notes]])
        if not names:
            raise DataError(
                Problem(_("no rows of {year}. Add them, or ask for other years.").format(year=year), "aar", file=file)
            )
        refuse_lacking_months(known.months[year], year, file)
        made = microdata(users, self.units and of_year(self.units, year), self.agencies, self.files, year)
        units = made.population.unit_names
        in_parts = InParts(
            partial(self._sums_in_order, year, units),
            made.population.has_users,
            sha256(" ".join(sorted(known.contents.values())).encode()).hexdigest(),
        )
        people = replace(
            made.population,
            unit_of_user=numpy.zeros(0, dtype=numpy.intp),
            users={name: numpy.zeros(0) for name in USER_INPUTS if name in known.columns},
            in_parts=in_parts,
        )
        return replace(made, population=people, has_months=bool(known.months[year]))

    def _sums_in_order(self, year: int, units: Sequence[str], law: Any, numbers: Numbers | None = None) -> Sums:
        return aligned(self._sums(year, law, numbers), units)

    def _sums(self, year: int, law: Any, numbers: Numbers | None) -> Part:
        """Return the sums of a year under a law: those that are known, or those of another reading of the files."""
        follows = _follows(law, year) and self._is_spread(year)
        laws = self.laws.setdefault(year, [])
        same = next((number for number, other in enumerate(laws) if same_sums(other, law, year)), len(laws))
        if (year, same) in self.known.sums and not numbers and (not follows or (year, same) in self.followed):
            return self.known.sums[year, same].all()
        how = replace(self._instructions({year: [law]}, numbers), follows=follows and self.workers.users_may_leave)
        total = Total()
        followed = Followed()
        for _job, one in self._results((each, how) for each in self.partitions):
            self._refuse(one.problems, {one.name: one.content})
            for part in one.sums.values():
                total.add(part)
            followed.add_all(one.followed)
        if follows:
            counted = followed.sums(year) if self.workers.users_may_leave else self._followed_elsewhere(year, how)
            in_place = in_place_of(total.all(), counted)
            total = Total()
            total.add(in_place)
            self.followed.add((year, same))
        if not numbers:
            if same == len(laws):
                laws.append(law)
            self.known.sums[year, same] = total
        return total.all()

    def _followed_elsewhere(self, year: int, how: Instructions) -> Part:
        """Return the counts of users by their categories in two months, where no hash of a user may come here.

        Each worker reads all files of the year, and follows the users of its bucket.
        """
        files = self.known.of_file[year]
        buckets = -(-sum(rows for _months, rows in files.values()) // ROWS_OF_USERS)
        jobs = (([self.partitions[number] for number in files], how, bucket, buckets) for bucket in range(buckets))
        found = []
        for _job, (part, contents, problems) in self.workers.results(follow_users, jobs):
            self._refuse(problems, contents)
            found.append(part)
        return merged(found)

    def _refuse(self, problems: Sequence[Problem], contents: Mapping[str, str]) -> None:
        """Refuse files that are wrong, or are not what they were.

        Raises:
            DataError: there are some.
        """
        changed = [Problem(_(CHANGED), file=name) for name, of in contents.items() if self.known.contents[name] != of]
        if problems or changed:
            raise DataError(*problems, *changed)


def _distinct(laws: Sequence[Any], year: int) -> list[Any]:
    """Return the laws whose sums differ."""
    found: list[Any] = []
    for law in laws:
        if not any(same_sums(law, other, year) for other in found):
            found.append(law)
    return found


def _follows(law: Any, year: int) -> bool:
    return bool(simulate(one_user(["timer_per_uke"]), law, year).value(FOLLOWS_USERS).any())

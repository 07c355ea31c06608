"""A file of users: its parts are read, checked as a small file is, turned into sums, and forgotten.

One function does it, in this process, in others of this machine (``workers``) and on other machines (``cluster``). What
it is told and what it returns can be sent there: regulations go as what they are made of, and who runs them makes them.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy
import polars

from openfisca_bergen_hbt.intake.checks import problems_of
from openfisca_bergen_hbt.intake.columns import USERS
from openfisca_bergen_hbt.intake.microdata import NEEDED, broken_by_users, rows_of
from openfisca_bergen_hbt.intake.names import names_in
from openfisca_bergen_hbt.intake.people import users_in
from openfisca_bergen_hbt.intake.problems import ROW, DataError, Problem
from openfisca_bergen_hbt.intake.sheet import FileRows, Written
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.partitions.files import Part as Rows
from openfisca_bergen_hbt.partitions.files import Partition
from openfisca_bergen_hbt.partitions.followed import Followed
from openfisca_bergen_hbt.partitions.kept import FileSums
from openfisca_bergen_hbt.partitions.seen import Seen, Users
from openfisca_bergen_hbt.partitions.twice import hashes_and_months, of_year, standing_twice
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.population.table import ONE_AGENCY, USER_INPUTS
from openfisca_bergen_hbt.rules.stages.drawn import Numbers
from openfisca_bergen_hbt.rules.stages.sums import Part, merged
from openfisca_bergen_hbt.simulate import lacking_inputs, simulate, sums_of_units
from openfisca_bergen_hbt.text.language import _, marked

#: The columns that say who users are, when and where.
NAMES = tuple(column for column in USERS if column.name not in USER_INPUTS)
#: The groups that a unit lies in one of.
GROUPS = ("etat", "byomraade")
MONTHS = range(1, 13)
NO_YEAR = marked("several years are asked for, and no column says which a row is of. Add aar, or maaned.")


#: After how many rows what is left of them is let go of, which takes its time however few they were; and those since.
COLLECTED_AFTER = 200_000
_read_since = [0]


@dataclass(frozen=True)
class Instructions:
    """What is done with each file."""

    years: Sequence[int]
    written: Written
    #: The file of units, of which users' units are.
    units: FileRows | None
    #: By year the regulations that sums are made under: systems, or what they are made of.
    laws: Mapping[int, Sequence[Any]]
    numbers: Numbers | None = None
    #: Whether a regulation that the columns are not enough for is left out, and not refused.
    leaves_out: bool = False
    #: Whether hashes of users may be returned: not where users may not leave the machine that reads them.
    tells_users: bool = True
    #: Whether the file's sums are known, and who, where and when its users are is all that is asked.
    finished: bool = False
    #: Whether users are followed from month to month, under the only regulation.
    follows: bool = False


class Place(NamedTuple):
    """A row of a file."""

    #: The file, with the row group of Parquet.
    where: str
    row: int


@dataclass
class PartitionSums:
    """What a file comes to, and what has to be known of all: nothing of a single user but a hash, where told."""

    name: str
    #: The hash of what it holds.
    content: str = ""
    #: The columns that are used; none where no row is.
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: By group and unit, where the unit lies and the first row that says so.
    groups: dict[str, dict[str, dict[str, Place]]] = field(default_factory=lambda: {group: {} for group in GROUPS})
    #: By year: the units that have users, the months, how many rows there are, and who has them.
    units: dict[int, set[str]] = field(default_factory=dict)
    months: dict[int, set[int]] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    users: dict[int, Users] = field(default_factory=dict)
    #: The years in which some user stands in several parts of the file.
    spread: set[int] = field(default_factory=set)
    #: By year and place of the regulation; of a finished file, none.
    sums: FileSums = field(default_factory=dict)
    #: Users followed from month to month, where that is asked for.
    followed: Followed = field(default_factory=Followed)


def content_of(partition: Partition) -> str:
    """Return the hash of what a file holds; nothing where it can't be read, which is said when it is read."""
    try:
        return partition.held().content()
    except DataError:
        return ""


def read_partition(partition: Partition, how: Instructions) -> PartitionSums:
    """Read and check a file, and return its sums.

    What is wrong with it is returned, and not raised.
    """
    found = PartitionSums(partition.name)
    seen = {year: Seen() for year in how.years}
    try:
        held = partition.held()
        found.content = held.content()
        again = [_read(found, part, how, seen) for part in held.parts()]
        found.problems += standing_twice([held], how.written, [hashes for of in again for hashes in of])
    except DataError as error:
        found.problems += error.problems
    found.spread = {year for year, of in seen.items() if of.spread}
    if how.tells_users:
        found.users = {year: of.users() for year, of in seen.items()}
    _collect(sum(found.rows.values()))
    return found


def _collect(rows: int) -> None:
    """Let go of what is left of users: core's objects hold each other, and some of the arrays, until then."""
    _read_since[0] += rows
    if _read_since[0] >= COLLECTED_AFTER:
        gc.collect()
        _read_since[0] = 0


def _read(found: PartitionSums, part: Rows, how: Instructions, seen: Mapping[int, Seen]) -> Any:
    """Add a part of a file to what is known of it, and return the hashes of users who stand in it once more."""
    rows, wrong = _finished(part, how) if how.finished else _checked(part, how)
    found.problems += [placed for problem in wrong for placed in part.placed(problem)]
    if rows is None or wrong:
        return []
    table = rows.rows
    if len(how.years) > 1 and not {"aar", "maaned"} & {*table.columns}:
        found.problems.append(Problem(_(NO_YEAR), "aar", file=rows.file))
        return []
    found.notes = found.notes or rows.notes
    found.columns = tuple(sorted({column.name for column in USERS} & {*table.columns}))
    _note_groups(found, part, table)
    again = []
    for year in how.years:
        mine = of_year(table, year)
        found.units.setdefault(year, set()).update(mine["enhet"].unique().cast(polars.String))
        months = mine["maaned"].dt.month().unique() if "maaned" in mine.columns else ()
        found.months.setdefault(year, set()).update(months)
        found.rows[year] = found.rows.get(year, 0) + mine.height
        if "bruker" in mine.columns:
            again.append(seen[year].add(*hashes_and_months(mine)))
        if not how.finished and not found.problems:
            _add_up(found.sums, _sums_of(mine, year, how, tuple(found.columns)))
            if how.follows:
                _follow(found.followed, mine, year, how)
    return again


def _finished(part: Rows, how: Instructions) -> tuple[FileRows | None, list[Problem]]:
    return rows_of(part.of.name, lambda: part.sheet(USERS, how.written), NAMES, (), how.written)


def _checked(part: Rows, how: Instructions) -> tuple[FileRows | None, list[Problem]]:
    """Return the rows of a part, and what is wrong with them."""
    rows, wrong = rows_of(part.of.name, lambda: part.sheet(USERS, how.written), USERS, NEEDED, how.written)
    if rows is None or wrong:
        return None, wrong
    wrong = [*broken_by_users(rows, how.units, how.years, wrong)]
    return rows, [*wrong, *problems_of(rows.rows, part.rules(rows.rows.columns))]


def _note_groups(found: PartitionSums, part: Rows, table: polars.DataFrame) -> None:
    for group in (group for group in GROUPS if group in table.columns):
        named = table.group_by("enhet", group).agg(polars.col(ROW).min())
        for unit, name, row in named.cast({"enhet": polars.String, group: polars.String}).iter_rows():
            by_name = found.groups[group].setdefault(unit, {})
            if name not in by_name:
                by_name[name] = Place(part.where(row), row)


def _sums_of(rows: polars.DataFrame, year: int, how: Instructions, columns: tuple[str, ...]) -> FileSums:
    """Return the sums of a year's rows under its laws, by the place of the law; none where there are no rows."""
    if rows.is_empty():
        return {}
    people = _people(rows)
    found = {}
    for place, law in enumerate(how.laws.get(year, ())):
        system = _system(law)
        if not (how.leaves_out and _lacks(system, year, columns)):
            sums = sums_of_units(people, system, year, how.numbers, real_users=True)
            found[year, place] = Part(sums, people.unit_names)
    return found


def _people(rows: polars.DataFrame) -> Population:
    names = names_in(rows["enhet"])
    unit_of_user, inputs, _months, _moved = users_in(rows, names)
    return Population(
        unit_names=names,
        unit_of_user=unit_of_user,
        agency_names=[ONE_AGENCY],
        agency_of_unit=numpy.zeros(len(names), dtype=numpy.intp),
        users=inputs,
        personal=True,
    )


def _system(law: Any) -> Any:
    return SYSTEMS.system(law) if isinstance(law, Version) else law


def follow_users(
    files: Sequence[Partition], how: Instructions, bucket: int, buckets: int
) -> tuple[Part, dict[str, str], list[Problem]]:
    """Follow the users of files from month to month under a year's law, of those whose hash falls in a bucket.

    Returns:
        Counts of users by unit and category in two months, and nothing else of them; the hash of what each file holds;
        what is wrong with the files.
    """
    (year,) = how.laws
    followed, contents = Followed(), {}
    try:
        for one in files:
            held = one.held()
            contents[one.name] = held.content()
            for part in held.parts():
                rows, wrong = _checked(part, how)
                if rows is None or wrong:
                    return Part({}, ()), contents, [placed for problem in wrong for placed in part.placed(problem)]
                table = of_year(rows.rows, year)
                _follow(followed, table.filter(_followed_as(table) % buckets == bucket), year, how)
    except DataError as error:
        return Part({}, ()), contents, [*error.problems]
    return followed.sums(year), contents, []


def _followed_as(rows: polars.DataFrame) -> polars.Series:
    """Return the hash of each row's user and unit together: who is in two units is followed in each."""
    return rows.select(polars.struct("bruker", polars.col("enhet").cast(polars.String)).hash()).to_series()


def _follow(followed: Followed, rows: polars.DataFrame, year: int, how: Instructions) -> None:
    """Add a year's rows to the users who are followed under its law: each row as a user of its month alone."""
    if rows.is_empty():
        return
    people = _people(rows.drop("bruker"))
    (law,) = how.laws[year]
    results = simulate(people, _system(law), year)
    # Of category and unknown hours the sums have been made, and what is wrong with them been said.
    category = numpy.stack([results.value("loepende_kategori", month).view(numpy.ndarray) for month in MONTHS], axis=1)
    followed.add(_followed_as(rows).to_numpy(), people.unit_of_user, people.unit_names, category.astype(numpy.int8))


@lru_cache(maxsize=64)
def _lacks(system: Any, year: int, columns: tuple[str, ...]) -> bool:
    """Return whether the columns lack an input that a regulation counts hours from."""
    return bool(lacking_inputs(one_user(name for name in USER_INPUTS if name in columns), system, year))


def _add_up(sums: FileSums, others: FileSums) -> None:
    for key, one in others.items():
        sums[key] = merged([sums[key], one]) if key in sums else one


def one_user(inputs: Iterable[str]) -> Population:
    """Return a user with some inputs, and no hours."""
    given = {name: numpy.zeros(1) for name in inputs}
    return Population(["enhet"], numpy.zeros(1, numpy.intp), ["etat"], numpy.zeros(1, numpy.intp), given)

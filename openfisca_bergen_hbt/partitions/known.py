"""What is known of all files that have been read: it comes to the same in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openfisca_bergen_hbt.intake.names import shown
from openfisca_bergen_hbt.intake.problems import Problem
from openfisca_bergen_hbt.partitions.kept import FileSums
from openfisca_bergen_hbt.partitions.partition_sums import GROUPS, PartitionSums, Place
from openfisca_bergen_hbt.partitions.seen import Hashes, Seen
from openfisca_bergen_hbt.rules.stages.sums import Part, merged
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.names import spelled_alike

#: A file's number in the order of their names, and a row of it.
Numbered = tuple[int, Place]


class Total:
    """Sums of files, added up as they come: those of as many files at a time, so that each is copied few times."""

    def __init__(self) -> None:
        #: At each place nothing, or the sums of so many files as the power of two says.
        self._parts: list[Part | None] = []

    def add(self, part: Part) -> None:
        """Add the sums of a file."""
        for place, other in enumerate(self._parts):
            if other is None:
                self._parts[place] = part
                return
            part, self._parts[place] = merged([other, part]), None
        self._parts.append(part)

    def all(self) -> Part:
        """Return the sums of all files; there is one."""
        found = merged(part for part in self._parts if part)
        self._parts = [found]
        return found


class Known:
    """Sums of files, and what one file alone does not tell; each is added once."""

    def __init__(self) -> None:
        #: The hash of what each file holds.
        self.contents: dict[str, str] = {}
        self.sums: dict[tuple[int, int], Total] = {}
        #: By year: the units that have users, and the months.
        self.units: dict[int, set[str]] = {}
        self.months: dict[int, set[int]] = {}
        #: By year, the months and the number of rows of each file.
        self.of_file: dict[int, dict[int, tuple[set[int], int]]] = {}
        self.seen: dict[int, Seen] = {}
        #: The years in which some user stands in several parts, and hashes of those who may stand there twice.
        self.spread: set[int] = set()
        self.again: list[Hashes] = []
        self._groups: dict[str, dict[str, dict[str, Numbered]]] = {group: {} for group in GROUPS}
        self._columns: dict[tuple[str, ...], dict[int, str]] = {}
        self._notes: tuple[int, list[str]] | None = None

    def add(self, number: int, one: PartitionSums) -> None:
        """Add what a file comes to, of which the number says the place in the order of their names."""
        self.contents[one.name] = one.content
        if not one.columns:
            return
        self._columns.setdefault(one.columns, {})[number] = one.name
        if self._notes is None or number < self._notes[0]:
            self._notes = number, one.notes
        for group, by_unit in one.groups.items():
            for unit, by_name in by_unit.items():
                mine = self._groups[group].setdefault(unit, {})
                for name, place in by_name.items():
                    mine[name] = min(mine.get(name, (number, place)), (number, place))
        for year, units in one.units.items():
            self.units.setdefault(year, set()).update(units)
            self.months.setdefault(year, set()).update(one.months[year])
            if one.rows[year]:
                self.of_file.setdefault(year, {})[number] = one.months[year], one.rows[year]
        for year, users in one.users.items():
            seen = self.seen.setdefault(year, Seen())
            again = seen.add(*users)
            self.again += [again] if len(again) else []
            self.spread |= {year} if seen.spread else set()
        self.spread |= one.spread
        self.add_sums(one.sums)

    def add_sums(self, sums: FileSums) -> None:
        """Add a file's sums."""
        for key, one in sums.items():
            self.sums.setdefault(key, Total()).add(one)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the first file has; none where no file has rows."""
        return min(self._columns, key=lambda columns: min(self._columns[columns]), default=())

    @property
    def notes(self) -> list[str]:
        """How the first file was read."""
        return self._notes[1] if self._notes else []

    def sharing_months(self) -> Iterator[tuple[int, list[int], int]]:
        """Yield the files that may have the same users in the same month: a year, the files, and how many rows."""
        for year, files in self.of_file.items():
            of_month: dict[int, set[int]] = {}
            for number, (months, _rows) in files.items():
                for month in months or {0}:
                    of_month.setdefault(month, set()).add(number)
            every = sorted({frozenset(numbers) for numbers in of_month.values()}, key=len, reverse=True)
            for at, numbers in enumerate(every):
                if len(numbers) > 1 and not any(numbers < other for other in every[:at]):
                    yield year, sorted(numbers), sum(files[number][1] for number in numbers)

    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """Return where each unit lies, by group."""
        return {
            group: {unit: min(by_name, key=by_name.__getitem__) for unit, by_name in by_unit.items()}
            for group, by_unit in self._groups.items()
        }

    def problems(self, file: str) -> Iterator[Problem]:
        """Yield where files contradict each other; the folder is called so."""
        first = min(self._columns.get(self.columns, {}).items(), default=(0, ""))[1]
        for columns, files in self._columns.items():
            for name in files.values() if columns != self.columns else ():
                other = ", ".join(sorted({*columns} ^ {*self.columns}))
                message = _(
                    "the columns are not those of {first}: {other}. Make all files with the same columns."
                ).format(first=first, other=other)
                yield Problem(message, file=name)
        for group, by_unit in self._groups.items():
            for unit, by_name in by_unit.items():
                (_file, there), *others = sorted(by_name.values())
                message = _("the unit lies in another '{group}' in {where}, row {row}. Correct one of them.").format(
                    group=group, where=there.where, row=there.row
                )
                for _file, here in others:
                    yield Problem(message, "enhet", [here.row], [shown(unit)], file=here.where)
        named = {"enhet": [name for units in self.units.values() for name in units]}
        named |= {group: [name for by_name in of.values() for name in by_name] for group, of in self._groups.items()}
        for group, names in named.items():
            for alike in spelled_alike(sorted({*names})):
                told = _(" and ").join(repr(shown(name)) for name in alike)
                message = _("names differ in capitals or spaces alone: {told}. Write them in one way.").format(
                    told=told
                )
                yield Problem(message, group, file=file)

"""Users, units and frames from files, as a population: read, checked, and put in an order of their own.

The order of the rows, the names of the users and the way the files are written leave no trace: units come in
Norwegian alphabetical order, and the users of a unit by their inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import polars
from numpy.typing import NDArray

from openfisca_bergen_hbt.grunnregelverk import first_value
from openfisca_bergen_hbt.intake import checks
from openfisca_bergen_hbt.intake.cells import at, read_keys, read_months, read_names, read_numbers
from openfisca_bergen_hbt.intake.columns import AGENCIES, UNITS, USERS, Column
from openfisca_bergen_hbt.intake.file_table import ROW, Table, Written
from openfisca_bergen_hbt.intake.findings import DataError, Findings
from openfisca_bergen_hbt.intake.frames import from_file, given
from openfisca_bergen_hbt.intake.identity import refuse_identity_numbers
from openfisca_bergen_hbt.intake.order import alphabetical, canonical
from openfisca_bergen_hbt.intake.reading import Source, read
from openfisca_bergen_hbt.intake.unit_inputs import unit_inputs
from openfisca_bergen_hbt.population import MonthlyInput, Population, arrays
from openfisca_bergen_hbt.population.table import ONE_AGENCY, USER_INPUTS
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.text.names import nearest

MONTHS = 12


@dataclass(frozen=True)
class Files:
    """What the analyst gives: files, how they are written, and a frame in whole kroner."""

    users: Source
    units: Source | None = None
    agencies: Source | None = None
    frame: int | None = None
    written: Written = field(default_factory=Written)


@dataclass(frozen=True)
class Microdata:
    """A population from files, and what is to be said of how they were read."""

    population: Population
    notes: list[str]
    #: The months (1-12) that no row is about, where the file has months.
    months_without_rows: tuple[int, ...] = ()
    has_months: bool = False


def read_population(files: Files, year: int) -> Microdata:
    """Read and check files.

    Raises:
        DataError: some file can't be used; the message says everything that is wrong, each with its row and column.
    """
    findings = Findings()
    users = _prepared(files.users, USERS, files.written, findings)
    units = _prepared(files.units, UNITS, files.written, findings) if files.units else None
    agencies = _prepared(files.agencies, AGENCIES, files.written, findings) if files.agencies else None
    unit_names = units.frame["enhet"].drop_nulls().to_list() if units else None
    if users:
        checks.users(users, year, first_value("tid.timer_per_uke_maks"), unit_names, findings)
    if units:
        checks.units(units, findings)
    if agencies:
        checks.agencies(agencies, findings)
    findings.refuse()
    assert users  # noqa: S101 (or it would have been refused)
    found = _Builder(users, units, agencies, files.frame, year).microdata(findings)
    findings.refuse()
    return found


def _prepared(path: Source, columns: Sequence[Column], written: Written, findings: Findings) -> Table | None:
    """Return a file with its cells read; None where its columns are not what they must be, with the reasons found."""
    try:
        table = read(path, columns, written)
    except DataError as error:
        findings.take_in(error.findings)
        return None
    amounts = [column.name for column in columns if column.numeric and column.name in table.frame.columns]
    others = table.frame.drop([ROW, *amounts]).iter_columns()
    refuse_identity_numbers(table.file, others, table.frame[ROW], findings)
    if table.unused:
        table.notes += [f"not used: {', '.join(table.unused_headings)}"] if table.unused_headings else []
        table.frame = table.frame.drop(table.unused)
    _require_columns(table, columns, findings)
    read_numbers(table, amounts, findings)
    read_names(table, [name for name in ("enhet", "byomraade", "etat") if name in table.frame.columns], findings)
    if "bruker" in table.frame.columns:
        read_keys(table, "bruker", findings)
    if "maaned" in table.frame.columns:
        read_months(table, "maaned", findings)
    return None if findings.about_whole(table.file) else table


def _require_columns(table: Table, columns: Sequence[Column], findings: Findings) -> None:
    needed: list[Sequence[str]] = [["budsjettramme"]] if columns is AGENCIES else [["enhet"]]
    if columns is USERS:
        needed.append(USER_INPUTS)
    present = [name for name in table.frame.columns if name != ROW]
    for names in needed:
        if not set(names) & set(present):
            which = f"no column '{names[0]}'" if len(names) == 1 else f"none of the columns {', '.join(names)}"
            hint = nearest(names[0], [*table.headings.values(), *table.unused_headings])
            findings.add(table.file, "", f"the file has {which}. {hint} The first row holds the headings.")


class _Builder:
    """Makes a population of checked tables."""

    def __init__(self, users: Table, units: Table | None, agencies: Table | None, frame: int | None, year: int) -> None:
        self.users, self.units, self.agencies, self.frame, self.year = users, units, agencies, frame, year
        of_units = units.frame["enhet"].to_list() if units else []
        self.unit_names = sorted({*_present(users.frame["enhet"]), *of_units}, key=alphabetical)
        self.notes = [f"{table.file}: {note}" for table in (users, units, agencies) if table for note in table.notes]

    def microdata(self, findings: Findings) -> Microdata:
        """Return the population; what can't be put together goes among the findings."""
        unit_of_row = _positions(self.users.frame["enhet"], self.unit_names)
        unit_of_user, inputs, without_rows = self._inputs(unit_of_row)
        agency_names, agency_of_unit = self._groups("etat", unit_of_row, findings)
        area_names, area_of_unit = self._groups("byomraade", unit_of_row, findings)
        self._refuse_shared_areas(area_names, area_of_unit, agency_of_unit, findings)
        has_users = numpy.bincount(unit_of_user, minlength=len(self.unit_names)) > 0
        frames: FloatArray | None = None
        if self.frame is not None:
            frames = given(self.frame, agency_names, self.users.file, self.agencies, findings)
        elif self.agencies:
            agency_names, frames = from_file(self.agencies, agency_names, self.year, self.notes, findings)
        elif len(agency_names) > 1:
            message = f"there are {len(agency_names)} etater: give the frame of each with --agency FILE."
            findings.add(self.users.file, "etat", message)
        else:
            self.notes.append("no frame given (--frame or --agency): the frame of Bergen kommune is used")
        inputs_of_units: dict[str, NDArray[Any]] = {}
        if self.units:
            position = _positions(self.units.frame["enhet"], self.unit_names)
            inputs_of_units = unit_inputs(self.units, position, has_users, findings)
        if without_rows and len(without_rows) < MONTHS:
            names = ", ".join(f"{self.year}-{month:02}" for month in without_rows)
            self.notes.append(f"{self.users.file}: no rows for {names}: counted as months without hours")
        order = canonical(unit_of_user, [array for given in inputs.values() for array in arrays(given)])
        population = Population(
            unit_names=self.unit_names,
            unit_of_user=unit_of_user[order],
            agency_names=agency_names,
            agency_of_unit=agency_of_unit,
            area_names=area_names,
            area_of_unit=area_of_unit if area_names else None,
            users={name: _reordered(given, order) for name, given in inputs.items()},
            units=inputs_of_units,
            agencies={"etat_budsjettramme": frames} if frames is not None else {},
            description=self._description(without_rows, given_frame=frames is not None),
            personal=True,
        )
        return Microdata(population, self.notes, tuple(without_rows), "maaned" in self.users.frame.columns)

    def _inputs(self, unit_of_row: IndexArray) -> tuple[IndexArray, dict[str, MonthlyInput], list[int]]:
        """Return the unit of each user, the users' inputs, and the months without rows."""
        frame = self.users.frame
        columns = {name: frame[name].to_numpy() for name in USER_INPUTS if name in frame.columns}
        if "maaned" not in frame.columns:
            return unit_of_row, dict(columns), []
        month = frame["maaned"].dt.month().to_numpy().astype(numpy.intp) - 1
        if "bruker" in frame.columns:
            user = frame["bruker"].cast(polars.Categorical).to_physical().to_numpy().astype(numpy.intp)
            _, user = numpy.unique(user, return_inverse=True)
        else:
            user = numpy.arange(len(month))
            self.notes.append(f"{self.users.file}: no column 'bruker', so each row counts as a user of its own")
        users = int(user.max()) + 1
        unit_of_user = numpy.zeros(users, dtype=numpy.intp)
        unit_of_user[user] = unit_of_row
        inputs: dict[str, MonthlyInput] = {}
        for name, values in columns.items():
            by_month = numpy.zeros((MONTHS, users))
            by_month[month, user] = values
            inputs[name] = list(by_month)
        with_rows = set((month + 1).tolist())
        return unit_of_user, inputs, [number for number in range(1, MONTHS + 1) if number not in with_rows]

    def _groups(self, group: str, unit_of_row: IndexArray, findings: Findings) -> tuple[list[str], IndexArray]:
        """Return the names of areas or agencies, and that of each unit: -1 where none is given."""
        frame = self.users.frame
        units = self.units
        by_users = frame[group] if group in frame.columns else None
        by_file = units.frame[group] if units and group in units.frame.columns else None
        given = {name for series in (by_users, by_file) if series is not None for name in _present(series)}
        names = sorted(given, key=alphabetical)
        of_unit = numpy.full(len(self.unit_names), -1, dtype=numpy.intp)
        if by_users is not None:
            of_unit[unit_of_row] = _positions(by_users, names)
        if units and by_file is not None:
            unit = _positions(units.frame["enhet"], self.unit_names)
            said = _positions(by_file, names)
            differ = (said >= 0) & (of_unit[unit] >= 0) & (of_unit[unit] != said)
            rows, cells = at(units, polars.Series(differ))
            if rows:
                message = f"is another {group} than the users' file has for the unit. Correct one of them."
                findings.add(units.file, group, message, rows, cells[group].to_list())
            of_unit[unit] = numpy.where(said >= 0, said, of_unit[unit])
        without = [name for name, found in zip(self.unit_names, of_unit.tolist(), strict=True) if found < 0]
        if names and without:
            message = f"units without {group}: {', '.join(without[:3])}. Say for each unit where it lies, or for none."
            findings.add((units or self.users).file, group, message)
        if group == "etat" and not names:
            return [ONE_AGENCY], numpy.zeros(len(self.unit_names), dtype=numpy.intp)
        return names, of_unit

    def _refuse_shared_areas(
        self, areas: Sequence[str], area_of_unit: IndexArray, agency_of_unit: IndexArray, findings: Findings
    ) -> None:
        """Find areas that units of two agencies lie in: no sum crosses an agency."""
        pairs = {pair for pair in zip(area_of_unit.tolist(), agency_of_unit.tolist(), strict=True) if min(pair) >= 0}
        found = [area for area, _ in pairs]
        shared = sorted({areas[area] for area in found if found.count(area) > 1}, key=alphabetical)
        if shared:
            message = (
                f"lie in more than one etat: {', '.join(shared[:3])}. Give each etat areas with names of their own."
            )
            findings.add(self.users.file, "byomraade", f"areas that {message}")

    def _description(self, without_rows: Sequence[int], *, given_frame: bool) -> str:
        """Return what the population is, in Norwegian."""
        units = "1 enhet" if len(self.unit_names) == 1 else f"{len(self.unit_names)} enheter"
        parts = [f"Egne data: brukere i {units}, {self.year}."]
        if without_rows:
            months = ", ".join(f"{self.year}-{month:02}" for month in without_rows)
            parts.append(f"Filen har ingen rader for {months}; de er regnet som måneder uten timer.")
        if not given_frame:
            parts.append("Ingen ramme er oppgitt: rammen til Bergen kommune er brukt.")
        return " ".join(parts)


def _reordered(given: MonthlyInput, order: IndexArray) -> MonthlyInput:
    return given[order] if isinstance(given, numpy.ndarray) else [array[order] for array in given]


def _present(names: polars.Series) -> list[str]:
    """Return the names that a column holds."""
    assert isinstance(names.dtype, polars.Enum)  # noqa: S101 (read_names makes it so)
    return names.dtype.categories.to_list()


def _positions(names: polars.Series, known: Sequence[str]) -> IndexArray:
    """Return where each name of a column stands among the known ones; -1 for none."""
    of_category = numpy.array([known.index(name) for name in _present(names)], dtype=numpy.intp)
    codes = names.to_physical().fill_null(len(of_category)).to_numpy().astype(numpy.intp)
    found: IndexArray = numpy.append(of_category, -1)[codes]
    return found

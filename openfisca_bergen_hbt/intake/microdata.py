"""Users, units and frames from files, as a population: read and checked.

A file goes from bytes (``reading``) to a sheet of cells as they stand there (``sheet``), to columns as what they mean
(``cells``), to rows that pass the rules (``checks``), to arrays (``people``). Each step returns what it has made and
the problems that it found.

The order of the rows, the names of the users and the way the files are written leave no trace in what is computed:
units come in Norwegian alphabetical order, sums over users are exact, and the hash of a record is of users in an order
of their own (``provenance.hashes``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy
import polars

from openfisca_bergen_hbt.intake import checks
from openfisca_bergen_hbt.intake.beside.budget_frames import frames_by_agency, grants_by_agency
from openfisca_bergen_hbt.intake.beside.control import CONTROL, COUNTS, differences
from openfisca_bergen_hbt.intake.beside.expected import followed_by
from openfisca_bergen_hbt.intake.cells import typed_cells
from openfisca_bergen_hbt.intake.columns import AGENCIES, ALLOCATIONS, UNITS, USERS, FileColumn, also_called, folded
from openfisca_bergen_hbt.intake.identity import identity_numbers
from openfisca_bergen_hbt.intake.names import alphabetical, names_in, shown
from openfisca_bergen_hbt.intake.people import MONTHS, group_by_unit, unit_inputs, users_in
from openfisca_bergen_hbt.intake.problems import SHOWN_ROWS, DataError, Problem, in_file
from openfisca_bergen_hbt.intake.reading import InputFile, file_content, sheet_of
from openfisca_bergen_hbt.intake.sheet import FileRows, Sheet, Written
from openfisca_bergen_hbt.population import Population, held_after
from openfisca_bergen_hbt.population.table import ONE_AGENCY, USER_INPUTS
from openfisca_bergen_hbt.rules.derived import first_value
from openfisca_bergen_hbt.text.language import Told, _, to_say
from openfisca_bergen_hbt.text.names import nearest_names

#: Of the columns of users, those of which one of each is needed.
NEEDED: Sequence[Sequence[str]] = (["enhet"], USER_INPUTS)


@dataclass(frozen=True)
class Files:
    """What the analyst gives: files, how they are written, and frames in whole kroner, for any year or for some."""

    users: InputFile
    units: InputFile | None = None
    agencies: InputFile | None = None
    frame: int | Literal["bergen"] | None = None
    frames: Mapping[int, int] = field(default_factory=dict)
    written: Written = field(default_factory=Written)
    #: What the hours are, where they are not the assessed ones (T-31).
    hours: str | None = None
    #: Users and hours by unit as the source system counts them.
    control: InputFile | None = None
    #: Expected users, of the months after those of the users.
    expected: InputFile | None = None
    #: Whether the last months of the year may lack.
    may_end_early: bool = False


@dataclass(frozen=True)
class Microdata:
    """A population from files, and what is to be said of how they were read."""

    population: Population
    notes: list[str]
    has_months: bool = False
    #: The sheet that the users stand on, where they come in a workbook.
    sheet: str | None = None
    #: How many months of the year have rows (those after them are as the last), and how many are not expected ones.
    months: int = MONTHS
    given: int = MONTHS


def read_populations(files: Files, years: Sequence[int]) -> dict[int, Microdata]:
    """Read and check files of several years in a row, and return the population of each.

    Raises:
        DataError: some file can't be used; the message says everything that is wrong, each with its row and column.
    """
    users, problems = _rows_in(files.users, USERS, NEEDED, files.written)
    units, agencies, in_beside = beside_users(files)
    control, in_control = _rows_in(
        files.control, CONTROL, [["enhet"], COUNTS], replace(files.written, is_of_users=False)
    )
    expected, in_expected = _rows_in(files.expected, USERS, NEEDED, files.written)
    broken = broken_by_users(users, units, years, problems) if users else []
    broken += broken_by_users(expected, units, years, in_expected) if expected else []
    if not users or problems or in_beside or in_control or in_expected or broken:
        raise DataError(*problems, *in_beside, *in_control, *in_expected, *broken)
    if control and (other := list(differences(users, control))):
        raise DataError(*other)
    if len(years) > 1 and not {"aar", "maaned"} & {*users.rows.columns}:
        message = _("several years are asked for, and no column says which a row is of. Add aar, or maaned.")
        raise DataError(Problem(message, "aar", file=users.file))
    given = MONTHS
    if expected:
        given = users.rows["maaned"].max().month if "maaned" in users.rows.columns else MONTHS  # type: ignore[union-attr] # a day
        users = followed_by(users, expected)
    found = {
        year: microdata(of_year(users, year), units and of_year(units, year), agencies, files, year) for year in years
    }
    return {year: replace(one, given=min(one.months, given)) for year, one in found.items()}


def beside_users(files: Files) -> tuple[FileRows | None, FileRows | None, list[Problem]]:
    """Return the rows of the files of units and of agencies, where they are given, and all that is wrong with them."""
    written = replace(files.written, is_of_users=False)
    units, in_units = _rows_in(files.units, UNITS, [["enhet"]], written)
    agencies, in_agencies = _rows_in(files.agencies, AGENCIES, [["budsjettramme"]], written)
    broken = [
        *(_broken(units, checks.rules_of_units(units.rows.columns), in_units) if units else []),
        *(_broken(agencies, checks.rules_of_agencies(agencies.rows.columns), in_agencies) if agencies else []),
    ]
    return units, agencies, [*in_units, *in_agencies, *broken]


def broken_by_users(
    users: FileRows, units: FileRows | None, years: Sequence[int], known: Sequence[Problem]
) -> list[Problem]:
    """Return what rows of users break of the rules, beside what is known of them."""
    names = units.rows["enhet"].drop_nulls().to_list() if units else None
    most_hours = first_value("tid.timer_per_uke_maks")
    return _broken(users, checks.rules_of_users(users.rows, years, most_hours, names), known)


def read_allocations(file: InputFile, written: Written, year: int) -> dict[str, int]:
    """Read and check what each unit got in a year, in whole kroner.

    Raises:
        DataError: the file can't be used; the message says everything that is wrong, each with its row and column.
    """
    rows, problems = _rows_in(file, ALLOCATIONS, [["enhet"], ["kroner"]], replace(written, is_of_users=False))
    broken = _broken(rows, checks.rules_of_allocations(rows.rows.columns), problems) if rows else []
    if not rows or problems or broken:
        raise DataError(*problems, *broken)
    found = of_year(rows, year).rows
    return dict(zip(found["enhet"].cast(polars.String).to_list(), map(int, found["kroner"]), strict=True))


def of_year(file: FileRows, year: int) -> FileRows:
    """Return the rows of a year, of a file that says which year each is of.

    Raises:
        DataError: there are none.
    """
    rows = file.rows
    if "aar" in rows.columns:
        rows = rows.filter(polars.col("aar") == year)
    if "maaned" in rows.columns:
        rows = rows.filter(polars.col("maaned").dt.year() == year)
    if rows.is_empty():
        raise DataError(
            Problem(_("no rows of {year}. Add them, or ask for other years.").format(year=year), "aar", file=file.file)
        )
    return replace(file, rows=rows)


def _rows_in(
    file: InputFile | None, columns: Sequence[FileColumn], needed: Sequence[Sequence[str]], written: Written
) -> tuple[FileRows | None, list[Problem]]:
    """Return the rows of a file, None where it or a column of it can't be used, and what is wrong with it.

    The file may have some columns, and must have one of each sequence of those needed.
    """
    if file is None:
        return None, []
    try:
        columns = also_called(columns, written.columns)
    except DataError as error:
        return None, in_file(file.name, error.problems)
    return rows_of(file.name, lambda: sheet_of(file_content(file), columns, written, needed), columns, needed, written)


def rows_of(
    name: str,
    read: Callable[[], Sheet],
    columns: Sequence[FileColumn],
    needed: Sequence[Sequence[str]],
    written: Written,
) -> tuple[FileRows | None, list[Problem]]:
    """Return the rows of a sheet, None where it or a column of it can't be used, and what is wrong with it."""
    try:
        sheet = replace(read(), keep=written.keep)
        typed, how, unread = typed_cells(sheet, columns)
    except DataError as error:
        return None, in_file(name, error.problems)
    except Exception as error:  # noqa: BLE001 (a library's own words may repeat a cell: they are never shown)
        return None, [
            Problem(_("the file can't be read ({error}). Save it anew.").format(error=type(error).__name__), file=name)
        ]
    amounts = [column.name for column in columns if column.cells == "numbers"]
    found = [*identity_numbers(sheet.cells, amounts), *_missing_columns(sheet, needed), *unread]
    found += [*_missing_headings(sheet, columns)] if written.is_of_users else []
    problems = in_file(name, found)
    if not all(problem.rows for problem in problems):
        return None, problems
    notes = [
        *how,
        *([_("not used: {names}").format(names=", ".join(map(shown, sheet.unused)))] if sheet.unused else []),
    ]
    return FileRows(name, typed, [f"{name}: {note}" for note in notes], sheet.name), problems


def _missing_columns(sheet: Sheet, needed: Sequence[Sequence[str]]) -> Iterator[Problem]:
    for names in needed:
        if not sheet.headings.keys() & set(names):
            one = _("the file has no column '{names}'.")
            lacking = one if len(names) == 1 else _("the file has none of the columns {names}.")
            near = [shown(heading) for heading in nearest_names(names[0], sheet.unused)]
            said = [lacking.format(names=", ".join(names)), _("The first row holds the headings.")]
            said[1:1] = [_("Did you mean {names}?").format(names=_(" or ").join(near))] if near else []
            yield Problem(" ".join(said))


def _missing_headings(sheet: Sheet, columns: Sequence[FileColumn]) -> Iterator[Problem]:
    """Yield the headings that were said to stand for a column, and are not there."""
    there = {folded(heading) for heading in sheet.headings.values()}
    for heading in (heading for column in columns for heading in column.also):
        if folded(heading) not in there:
            yield Problem(_("The file has no heading '{heading}'.").format(heading=heading))


def _broken(file: FileRows, rules: Iterable[checks.RowRule], known: Sequence[Problem] = ()) -> list[Problem]:
    return in_file(file.file, checks.problems_of(file.rows, rules, known))


def microdata(users: FileRows, units: FileRows | None, agencies: FileRows | None, files: Files, year: int) -> Microdata:
    """Return the population that checked files make.

    Raises:
        DataError: the files do not go together.
    """
    with_users = names_in(users.rows["enhet"])
    unit_names = sorted({*with_users, *(units.rows["enhet"] if units else ())}, key=alphabetical)
    by_users = {group: group_by_unit(users.rows, group) for group in ("etat", "byomraade")}
    etat, area = (given | group_by_unit(units.rows if units else None, group) for group, given in by_users.items())
    etater = sorted({*by_users["etat"].values(), *etat.values()}, key=alphabetical) or [ONE_AGENCY]
    areas = sorted({*by_users["byomraade"].values(), *area.values()}, key=alphabetical)
    frame = files.frames.get(year, files.frame)
    frames, about_frames, in_frames = frames_by_agency(frame, agencies, etater, year, users.file)
    grants, in_grants = grants_by_agency(agencies, list(frames) or etater, year, users.file)
    by_variable = {"etat_budsjettramme": frames, "etat_tillitsreform_styrking": grants}
    problems = [
        *(_broken(units, checks.rules_beside_users(units.rows, by_users, with_users)) if units else []),
        *in_file((units or users).file, checks.units_without(unit_names, {"etat": etat, "byomraade": area})),
        *in_file(users.file, checks.shared_areas(areas, area, etat)),
        *(in_frames or in_grants),
    ]
    if problems:
        raise DataError(*problems)
    unit_of_user, inputs, months, moved = users_in(users.rows, unit_names)
    last = max(months) if months and files.may_end_early else MONTHS
    refuse_lacking_months(months and months | {*range(last + 1, MONTHS + 1)}, year, users.file)
    if last < MONTHS:
        inputs = {name: held_after(of, last) for name, of in inputs.items()}
    population = Population(
        unit_names=unit_names,
        unit_of_user=unit_of_user,
        agency_names=list(frames) or etater,
        agency_of_unit=numpy.array([etater.index(etat[name]) if etat else 0 for name in unit_names], dtype=numpy.intp),
        area_names=areas,
        area_of_unit=numpy.array([areas.index(area[name]) for name in unit_names], dtype=numpy.intp) if areas else None,
        users=inputs,
        units=unit_inputs(units.rows, unit_names) if units else {},
        agencies={
            variable: numpy.array(list(given.values()), dtype=numpy.float64)
            for variable, given in by_variable.items()
            if given
        },
        description=_description(len(unit_names), year, given_frame=bool(frames), hours=files.hours, sheet=users.sheet),
        personal=True,
    )
    notes = [note for file in (users, units, agencies) if file for note in file.notes]
    if units and (empty := [name for name in unit_names if name not in with_users]):
        others = (
            _("{file}: no users in {names} and others") if len(empty) > SHOWN_ROWS else _("{file}: no users in {names}")
        )
        notes.append(others.format(file=units.file, names=", ".join(empty[:SHOWN_ROWS])))
    if months and "bruker" not in users.rows.columns:
        notes.append(_("{file}: no column 'bruker', so each row counts as a user of its own").format(file=users.file))
    if months:
        notes += _partly_without_users(users, unit_names, year, last)
    if moved:
        notes.append(
            _(
                "{file}: {moved} users are in several units during {year}: each is read as a user of "
                "each unit in its months, and counted where they are in January"
            ).format(file=users.file, moved=moved, year=year)
        )
    notes += about_frames
    return Microdata(population, notes, bool(months), users.sheet or None, last)


def _partly_without_users(users: FileRows, names: Sequence[str], year: int, last: int) -> Iterator[str]:
    """Yield which units have rows in some months and none in others.

    A unit may open or close in the year. But where one unit's extract lacks a month, its users leave and come back, and
    a redistribution is seen that there is none of: it can't be told from the file, so it is said.
    """
    by_unit = users.rows.group_by("enhet").agg(polars.col("maaned").dt.month().unique())
    there = {str(name): set(months) for name, months in by_unit.iter_rows()}
    lacking = {
        name: ", ".join(f"{year}-{month:02}" for month in range(1, last + 1) if month not in there[name])
        for name in names
        if name in there
    }
    found = [f"{name} ({months})" for name, months in lacking.items() if months]
    if found:
        said = _("{file}: no rows for {names}: an extract cut short would look like this, too, and moves money")
        others = _(
            "{file}: no rows for {names}, and other units: an extract cut short would look like this, too, and "
            "moves money"
        )
        names_said = ", ".join(found[:SHOWN_ROWS])
        yield (others if len(found) > SHOWN_ROWS else said).format(file=users.file, names=names_said)


def refuse_lacking_months(months: AbstractSet[int], year: int, file: str) -> None:
    """Refuse users by month of whom no row is about some month.

    Raises:
        DataError: there is such a month.
    """
    if without := [f"{year}-{month:02}" for month in range(1, MONTHS + 1) if months and month not in months]:
        message = _(
            "no rows for {names}: an extract cut short would look like this. Add the months; for one "
            "in which nobody has hours, a row of 0 hours."
        ).format(names=", ".join(without))
        raise DataError(Problem(message, "maaned", file=file))


def _description(units: int, year: int, *, given_frame: bool, hours: str | None, sheet: str) -> str:
    """Return what the population is."""
    one = to_say("Egne data (arket «{sheet}»): brukere i 1 enhet, {year}.")
    several = to_say("Egne data (arket «{sheet}»): brukere i {units} enheter, {year}.")
    if not sheet:
        one, several = (
            to_say("Egne data: brukere i 1 enhet, {year}."),
            to_say("Egne data: brukere i {units} enheter, {year}."),
        )
    return Told(
        (one if units == 1 else several, {"sheet": sheet, "units": units, "year": year}),
        "" if given_frame else to_say("Rammen er den til Bergen kommune."),
        to_say("Timene er utførte, ikke vurdert behov (T-31).") if hours else "",
    )

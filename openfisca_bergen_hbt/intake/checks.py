"""What users, units and frames must be like, as rules, and what to say where they are broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.grunnregelverk import inputs
from openfisca_bergen_hbt.intake.columns import CHOICES, UNITS, folded
from openfisca_bergen_hbt.intake.names import alike, shown
from openfisca_bergen_hbt.intake.problems import ROW, Problem, excerpt, problems_where, rows_said
from openfisca_bergen_hbt.population.table import GROUPS, OF_SOME, USER_INPUTS
from openfisca_bergen_hbt.rules.derived import first_value
from openfisca_bergen_hbt.rules.money import MOST_KRONER
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.numbers import plain

#: Rules of which nothing is shown of what stands there, and the column of which nothing is ever shown.
MISSING, ONCE = "missing", "once"
PSEUDONYM = "bruker"


#: What is said of a user who stands in several rows: by what tells rows of a user apart.
TWICE = {
    "maaned": marked("the same user stands here twice for a month. Keep one row."),
    "aar": marked("the same user stands here twice for a year. Keep one row."),
    "": marked("the same user stands here twice. Keep one row."),
}


@dataclass(frozen=True)
class RowRule:
    """What holds of every row."""

    name: str
    #: The column that is wrong where it does not hold.
    column: str
    #: Whether it holds; null where there is nothing to be wrong.
    expression: polars.Expr
    #: What to say where it does not.
    message: str
    #: What to add for each cell.
    advice: Callable[[str], str] | None = None
    #: The column that says which rows they are, where it is another.
    shows: str = ""
    #: Whether a value is wrong once, in however many rows it stands.
    by_value: bool = False


def problems_of(rows: polars.DataFrame, rules: Iterable[RowRule], known: Sequence[Problem] = ()) -> list[Problem]:
    """Return the rules that rows break, as problems; those about columns that the rows lack are left out.

    A cell of which something is known to be wrong is not called missing.
    """
    about = {
        f"{rule.name} {rule.column}": rule for rule in rules if {*rule.expression.meta.root_names()} <= {*rows.columns}
    }
    each = rows.lazy().with_columns(rule.expression.alias(name) for name, rule in about.items())
    holds = each.select(polars.col(name).all() for name in about).collect()  # lazy, it shares what rules have in common
    problems = list(known)
    for rule in (rule for name, rule in about.items() if not holds[name].item()):
        said = rows_said(rule.column, problems) if rule.name == MISSING else []
        broken = ~rule.expression.fill_null(value=True) & ~polars.col(ROW).is_in(said)
        of_name = (rule.shows or rule.column) in GROUPS
        untold = rule.name in (MISSING, ONCE) or rule.column == PSEUDONYM
        show: Callable[[Any], str] | None = None if untold else shown if of_name else _shown
        parts = rows.filter(broken).partition_by(rule.column, maintain_order=True) if rule.by_value else [rows]
        for part in parts:
            for problem in problems_where(broken, part, rule.column, rule.message, show=show, shows=rule.shows):
                values = part.filter(broken)[rule.column].head(len(problem.values)) if rule.advice else ()
                advice = [rule.advice(str(value)) for value in values] if rule.advice else ()
                problems.append(replace(problem, advice=advice, is_one=rule.by_value))
    return problems[len(known) :]


def _shown(value: object) -> str:
    """Return a cell that breaks a rule, for a message: a month, a number, or an answer that is none."""
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return excerpt(plain(value) if isinstance(value, float) else value)


def _given(column: str) -> RowRule:
    return RowRule(MISSING, column, polars.col(column).is_not_null(), _("is missing. Fill it in, or take the row out."))


def _number(column: str, low: float | None = None, high: float | None = None) -> Iterator[RowRule]:
    """Yield the rules of a number, where there is one."""
    cell = polars.col(column)
    if low is not None:
        yield RowRule("low", column, cell >= low, _("is below {least:g}. Correct it.").format(least=low))
    if high is not None:
        yield RowRule("high", column, cell <= high, _("is above {most:g}. Correct it.").format(most=high))
    yield RowRule("finite", column, ~cell.is_infinite(), _("is not a finite number. Correct it."))
    yield RowRule("number", column, ~cell.is_nan(), _("is not a number. Write one; 0 for nothing."))


def _whole(column: str) -> RowRule:
    cell = polars.col(column)
    return RowRule("whole", column, cell.round() == cell, _("is not whole kroner. Round it."))


def rules_of_users(
    rows: polars.DataFrame, years: Sequence[int], most_hours: float, units: Sequence[str] | None
) -> Iterator[RowRule]:
    """Yield what users must be like, their rows of the years and their hours within those of a week.

    The units are None where no file says which there are.
    """
    cell, columns = polars.col, set(rows.columns)
    if "besoek_per_uke" in columns and "timer_per_uke" not in columns:  # hours given directly take their place
        own = "normtid_minutter_per_besoek"
        minutes = cell(own) if own in columns else polars.lit(first_value("normtid.minutter_per_besoek"))
        hours = cell("besoek_per_uke") * minutes / 60
        message = _("visits times minutes per visit make more than {most:g} hours a week. Correct one.").format(
            most=most_hours
        )
        yield RowRule("visits", "besoek_per_uke", hours <= most_hours, message)
    if units is not None:
        message = _("is no unit of the file of units. Add it there, or correct the name.")
        is_known = cell("enhet").cast(polars.String).is_in(list(units))
        yield RowRule("known", "enhet", is_known, message, lambda name: _nearest_unit(name, units), by_value=True)
    if PSEUDONYM in columns and _may_repeat(rows[PSEUDONYM]):
        key = [name for name in (PSEUDONYM, "maaned", "aar") if name in columns]
        message = _(TWICE["maaned" if "maaned" in columns else "aar" if "aar" in columns else ""])
        is_known = polars.all_horizontal(cell(name).is_not_null() for name in key)  # what is missing is said as that
        yield RowRule(ONCE, PSEUDONYM, ~is_known | (polars.len().over(key) == 1), message)
    for group in ("byomraade", "etat"):
        message = _("stands with more than one '{group}'. A unit lies in one: correct the rows.").format(group=group)
        yield RowRule(group, "enhet", cell(group).n_unique().over("enhet") == 1, message)
    for column in rows.columns[1:]:
        if column not in OF_SOME:
            yield _given(column)
        if column in ("aar", "maaned"):
            of_one = _("lies outside {first}. Give its year with --year or --years, or take the row out.")
            of_some = _("lies outside {first} to {last}. Give its year with --year or --years, or take the row out.")
            message = (of_one if len(years) == 1 else of_some).format(first=years[0], last=years[-1])
            of_row = (cell(column).dt.year() if column == "maaned" else cell(column)).cast(polars.Float64)
            yield RowRule("year", column, of_row.is_in([float(year) for year in years]), message)
        elif column in USER_INPUTS:
            yield from _number(column, 0, most_hours if "timer_per_uke" in column else None)


def _nearest_unit(name: str, units: Sequence[str]) -> str:
    """Return the unit that may be meant; with its spaces to be seen, where these are all that differs."""
    same = alike(name, units)
    if not same:
        return nearest(name, units)
    return _("It is written {there!r} there, and {here!r} here.").format(there=shown(same[0]), here=shown(name))


def _may_repeat(names: polars.Series) -> bool:
    """Return whether some name may stand there twice: quicker than to count the different ones, never no by error."""
    found = names.hash().to_numpy().copy()
    found.sort()
    return bool((found[1:] == found[:-1]).any())


def rules_of_units(columns: Sequence[str]) -> list[RowRule]:
    """Return what units must be like: each stands once a year, and its numbers are as their units of measure allow."""
    key = [name for name in ("enhet", "aar") if name in columns]
    amounts = [column for column in UNITS if column.variable and column.cells == "numbers"]
    numbers = [(column.name, inputs("enhet")[column.variable].unit) for column in amounts]
    measures = {name: data.units()[unit] for name, unit in numbers}
    return [
        RowRule(ONCE, "enhet", polars.len().over(key) == 1, _("the unit stands here twice. Keep one row.")),
        *(_whole(name) for name, measure in measures.items() if measure.get("whole")),
        _given("enhet"),
        *(rule for name, measure in measures.items() for rule in _number(name, measure.get("minimum"))),
    ]


def rules_of_agencies(columns: Sequence[str]) -> list[RowRule]:
    """Return what frames must be like: whole kroner, once for each agency and year that the columns tell apart."""
    key = [name for name in ("etat", "aar") if name in columns]
    of_each = _("a frame stands here twice. Keep one row for each {columns}.")
    columns_of_key = _(" and ").join(f"'{name}'" for name in key)
    twice = of_each.format(columns=columns_of_key) if key else _("a frame stands here twice. Keep one row.")
    return [
        *map(_whole, ("budsjettramme", "tillitsreform_styrking")),
        RowRule(ONCE, key[0] if key else "", polars.len().over(key) == 1 if key else polars.len() == 1, twice),
        *map(_given, ("budsjettramme", "tillitsreform_styrking")),
        *_number("budsjettramme", 0),
        *_number("tillitsreform_styrking", 0),
        *map(_given, key),
        *_number("aar"),
    ]


def rules_of_allocations(columns: Sequence[str]) -> list[RowRule]:
    """Return what the amounts that units got must be like: whole kroner, once for each unit and year."""
    key = [name for name in ("enhet", "aar") if name in columns]
    return [
        RowRule(ONCE, "enhet", polars.len().over(key) == 1, _("the unit stands here twice. Keep one row.")),
        _whole("kroner"),
        *map(_given, (*key, "kroner")),
        *_number("kroner", 0, MOST_KRONER),
        *_number("aar"),
    ]


def rules_of_amounts(of: str, years: Sequence[int], least: float | None) -> Iterator[RowRule]:
    """Yield what amounts by month must be like: whole kroner, once for each name and month of some years.

    Args:
        of: the column of the names.
        years: the years that the months lie in.
        least: the least that an amount may be; None for any.
    """
    yield RowRule(ONCE, of, polars.len().over(of, "maaned") == 1, _("stands here twice for a month. Keep one row."))
    yield _whole("kroner")
    yield from map(_given, (of, "maaned", "kroner"))
    yield from _number("kroner", -MOST_KRONER if least is None else least, MOST_KRONER)
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
    message = _("lies outside {year}. Give its year with --year, or take the row out.").format(year=span)
    yield RowRule("year", "maaned", polars.col("maaned").dt.year().is_in(list(years)), message)


def rules_beside_users(
    units: polars.DataFrame, groups: Mapping[str, Mapping[str, str]], with_users: Sequence[str]
) -> Iterator[RowRule]:
    """Yield what units must be like beside the users.

    The users' file says, by ``etat`` and ``byomraade``, in which of the groups each unit lies, and which have users.
    """
    for group, by_unit in groups.items():
        if by_unit:
            theirs = polars.col("enhet").cast(polars.String).replace_strict(by_unit, default=None)
            message = _("is another '{group}' than the users' file has for the unit. Correct one of them.").format(
                group=group
            )
            yield RowRule("group", group, theirs == polars.col(group).cast(polars.String), message)
    for column in (column for column in UNITS if column.variable and column.name in units.columns):
        cell = polars.col(column.name)
        if column.cells == "numbers":
            used = polars.col("enhet").cast(polars.String).is_in(list(with_users))
            message = _("has no users in the users' file, and so can be given nothing. Check its name.")
            yield RowRule("used", column.name, used | (cell == 0), message, shows="enhet")
        else:
            choices, _default, told = CHOICES[column.name]
            unknown = [word for word in units[column.name].unique().drop_nulls() if folded(word) not in choices]
            yield RowRule("choice", column.name, ~cell.is_in(unknown), _("is not one of: {told}.").format(told=told))


def units_without(units: Sequence[str], groups: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """Yield the groups (``etat``, ``byomraade``) that some units lie in and others do not."""
    for group, by_unit in groups.items():
        without = [unit for unit in units if by_unit and unit not in by_unit][:3]
        if without:
            message = _("units without '{group}': {names}. Say for each unit where it lies, or for none.").format(
                group=group, names=", ".join(without)
            )
            yield Problem(message, group)


def shared_areas(areas: Sequence[str], area: Mapping[str, str], etat: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the areas that units of two agencies lie in: no sum crosses an agency."""
    pairs = {(area[unit], etat[unit]) for unit in area if unit in etat}
    shared = ", ".join([name for name in areas if sum(name == of for of, _ in pairs) > 1][:3])
    if shared:
        message = _(
            "areas that lie in more than one agency: {shared}. Give each agency areas with names of their own."
        ).format(shared=shared)
        yield Problem(message, "byomraade")

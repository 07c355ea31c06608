"""A table of users as a population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy
from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt.grunnregelverk import inputs
from openfisca_bergen_hbt.population import MONTHS, Population
from openfisca_bergen_hbt.population.columns import Column, columns_of, names_in, numbers_in
from openfisca_bergen_hbt.rules.entities import ENTITIES
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.rules.inputs import DefaultFromParameter, hours_of_some, keep, kroner_by_month
from openfisca_bergen_hbt.rules.money import IndexArray
from openfisca_bergen_hbt.situation.reader import filled, fits, not_given_for, refusal, shown
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.names import NO_AGENCY, NO_UNIT, UnknownNameError, nearest, spelled_alike
from openfisca_bergen_hbt.text.periods import IN_WORDS

#: The inputs of users that a table can hold: hours first, given directly or assessed, and then all others.
USER_INPUTS = tuple(dict.fromkeys(("timer_per_uke", "vurdert_timer_per_uke", *inputs("bruker"))))
#: Those that only some users have: an empty cell says that a user has none.
OF_SOME = tuple(name for name, given in inputs("bruker").items() if given.set_input is hours_of_some)
#: Those that a user may be without: the law has a default, or another's hours hold.
MAY_LACK = tuple(name for name, given in inputs("bruker").items() if issubclass(given, DefaultFromParameter))
GROUPS = ("enhet", "byomraade", "etat")
PLURALS = {entity.key: entity.plural for entity in ENTITIES}
#: The agency of a table that names none.
ONE_AGENCY = "etat"


def from_table(
    table: Any,
    regulation: Any,
    units: Mapping[str, Mapping[str, Any]] | None = None,
    agencies: Mapping[str, Mapping[str, Any]] | None = None,
) -> Population:
    """Read a table with one row for each user.

    Args:
        table: a data frame (polars, pandas, Arrow, DuckDB) or a mapping from column names to arrays. Columns:
            ``enhet``; optionally ``etat`` and ``byomraade`` (one for each unit); one or more of ``USER_INPUTS``, each
            hours, visits or minutes that hold all year, or (in a mapping) an array of shape (12, users) by month. A
            null says that a user has none, which only the inputs of ``MAY_LACK`` allow.
        regulation: the tax-benefit system whose inputs are given.
        units: yearly inputs by unit, such as ``{"Bergenhus": {"enhet_kjoeretid_per_uke": 12}}``. A unit that has no
            users may stand here too. Who has no value has the variable's default, as in a request.
        agencies: yearly inputs by agency, such as ``{"Bergen": {"etat_budsjettramme": 1_021_686_820}}``; what is given
            by month alone (``etat_tilleggsbevilgning``) as twelve amounts. The one agency of a table that names none is
            called so.

    Returns:
        The population. Units, areas and agencies come in the order in which the table first names them.

    Raises:
        ValueError: no table; a missing or unknown column; columns of unequal length; a row without a name or a number;
            a unit in two agencies or areas; names that differ in capitals or spaces alone.
        SituationError: an unknown agency or input; a value that is none; an input that some have, and others would
            have 0 for.
    """
    columns = columns_of(table)
    _check_columns(columns)
    unit_names, unit_of_user = names_in("enhet", columns["enhet"])
    units, agencies = _by_name("units", units), _by_name("agencies", agencies)
    unit_names += [name for name in units if name not in unit_names]
    agency_names, agency_of_unit = _groups_by_unit(columns, "etat", unit_names, unit_of_user)
    if "etat" not in columns and agencies:
        if len(agencies) > 1:
            raise ValueError(
                _("{number} agencies are given: say which each user belongs to, in a column 'etat'.").format(
                    number=len(agencies)
                )
            )
        agency_names = list(agencies)
    area_names, area_of_unit = _groups_by_unit(columns, "byomraade", unit_names, unit_of_user)
    for spellings in (*spelled_alike(unit_names), *spelled_alike(area_names), *spelled_alike(agency_names)):
        told = _(" and ").join(map(repr, spellings))
        raise ValueError(
            _("Names differ in capitals or spaces alone: {told}. Write them in one way.").format(told=told)
        )
    return Population(
        unit_names=unit_names,
        unit_of_user=unit_of_user,
        agency_names=agency_names,
        agency_of_unit=agency_of_unit,
        area_names=area_names,
        area_of_unit=area_of_unit if area_names else None,
        users={
            name: numbers_in(name, column, may_lack=name in MAY_LACK)
            for name, column in columns.items()
            if name in USER_INPUTS
        },
        units=_inputs(units, unit_names, "enhet", regulation),
        agencies=_inputs(agencies, agency_names, "etat", regulation),
    )


def _by_name(what: str, given: Any) -> dict[str, Mapping[str, Any]]:
    if not isinstance(given, Mapping | None) or not all(isinstance(own, Mapping) for own in (given or {}).values()):
        raise ValueError(
            _("'{what}' is a mapping from names to inputs, such as {{'A': {{'an_input': 12}}}}.").format(what=what)
        )
    return dict(given or {})


def _check_columns(columns: Mapping[str, Column]) -> None:
    known = (*GROUPS, *USER_INPUTS)
    if unknown := [name for name in columns if name not in known]:
        raise ValueError(
            _("The table has the unknown column '{name}'. {hint}").format(
                name=unknown[0], hint=nearest(str(unknown[0]), known)
            )
        )
    if "enhet" not in columns:
        raise ValueError(_("The table has no column 'enhet': say which unit each user belongs to."))
    if not any(name in columns for name in USER_INPUTS):
        raise ValueError(
            _("The table has no input of the users. Give at least one of: {names}.").format(
                names=", ".join(USER_INPUTS)
            )
        )
    users = columns["enhet"].values.shape[-1]
    if users == 0:
        raise ValueError(_("The table has no rows: there are no users."))
    for name, column in columns.items():
        if (rows := column.values.shape[-1]) != users:
            raise ValueError(
                _("The column '{name}' has {rows} rows where 'enhet' has {users}.").format(
                    name=name, rows=rows, users=users
                )
            )


#: What is said of a unit in two groups.
ASTRAY = {
    "etat": marked(
        "Row {row} of the table: the unit '{unit}' lies in more than one agency ('{other}' here). A unit lies in one "
        "agency."
    ),
    "byomraade": marked(
        "Row {row} of the table: the unit '{unit}' lies in more than one area ('{other}' here). A unit lies in one "
        "area."
    ),
}


def _groups_by_unit(
    columns: Mapping[str, Column], group: str, unit_names: list[str], unit_of_user: IndexArray
) -> tuple[list[str], IndexArray]:
    """Return the names of the groups and the group of each unit; a unit without users is counted to the first."""
    of_unit = numpy.zeros(len(unit_names), dtype=numpy.intp)
    if group not in columns:
        return ([ONE_AGENCY] if group == "etat" else []), of_unit
    names, group_of_user = names_in(group, columns[group])
    of_unit[unit_of_user] = group_of_user
    astray = of_unit[unit_of_user] != group_of_user
    if astray.any():
        row = int(astray.argmax())
        raise ValueError(
            _(ASTRAY[group]).format(row=row + 1, unit=unit_names[unit_of_user[row]], other=names[group_of_user[row]])
        )
    return names, of_unit


def _inputs(given: Mapping[str, Mapping[str, Any]], names: list[str], entity: str, regulation: Any) -> dict[str, Any]:
    """Return yearly inputs by variable, its default for who has no value; of what is given by month one array each."""
    variables = {name: found for name, found in regulation.variables.items() if found.entity.key == entity}
    position = {name: number for number, name in enumerate(names)}
    columns: dict[str, dict[int, Any]] = {}
    for name, inputs_of_one in given.items():
        if name not in position:
            unknown = UnknownNameError(NO_UNIT if entity == "enhet" else NO_AGENCY, name, names)
            raise SituationError([PLURALS[entity], name], str(unknown))
        for variable, given_value in inputs_of_one.items():
            value = given_value.item() if isinstance(given_value, numpy.generic) else given_value
            found, amounts = variables.get(variable), None
            if found is None:
                message = _("'{variable}' is no variable of the '{plural}'. {hint}").format(
                    variable=variable, plural=PLURALS[entity], hint=nearest(variable, variables)
                )
            elif found.set_input is keep and found.definition_period != DateUnit.YEAR:
                message = _("{variable} is given by {unit}, and not by year.").format(
                    variable=variable, unit=_(IN_WORDS[found.definition_period])
                )
            elif found.set_input is kroner_by_month and (amounts := _of_months(value)) is None:
                message = _("{variable} is given by month: twelve amounts, one for each.").format(variable=variable)
            elif unfit := [one for one in amounts or [value] if not fits(found, one)]:
                message = refusal(found, unfit[0], shown(unfit[0]))
            else:
                columns.setdefault(variable, {})[position[name]] = value
                continue
            raise SituationError([PLURALS[entity], name, variable], message)
    arrays = {}
    for variable, values in columns.items():
        found, positions = variables[variable], list(values)
        if lacking := not_given_for(found, names, positions, _("the year")):
            missing, message = lacking
            raise SituationError([PLURALS[entity], missing, variable], message)
        rows = list(zip(*values.values(), strict=True)) if found.set_input is kroner_by_month else [values.values()]
        filled_in = [filled(found, len(names), positions, list(row)) for row in rows]
        arrays[variable] = filled_in if found.set_input is kroner_by_month else filled_in[0]
    return arrays


def _of_months(value: object) -> Sequence[Any] | None:
    """Return a value as one for each month; None where it is none."""
    own = value.tolist() if isinstance(value, numpy.ndarray) else value
    return own if isinstance(own, list | tuple) and len(own) == MONTHS else None

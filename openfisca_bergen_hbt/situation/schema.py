"""The JSON Schema of situations, made from the law: what may stand under an entity, and under a variable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from openfisca_core.periods import DateUnit

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.situation import ROLE
from openfisca_bergen_hbt.text.periods import MONTH, YEAR

#: How periods are written: a year, a month, or either.
PATTERNS = {DateUnit.YEAR: f"^{YEAR}$", DateUnit.MONTH: f"^{MONTH}$"}
EITHER = f"^({YEAR}|{MONTH})$"


def variables(system: Any) -> list[Any]:
    """Return the variables of a tax-benefit system by name."""
    return [variable for _, variable in sorted(system.variables.items())]


def properties_of(
    entity: Any, known: Iterable[Any], of_variable: Callable[[Any], dict[str, Any]], name: object = None
) -> dict[str, Any]:
    """Return what may stand under a member of an entity: of the known variables its own, as ``of_variable`` has them.

    ``name`` is the schema of a user's name; None where groups list no users.
    """
    found = {variable.name: of_variable(variable) for variable in known if variable.entity.key == entity.key}
    if name and not entity.is_person:
        found[ROLE] = {"anyOf": [{"type": "array", "items": name}, name], "description": "Its users, by name."}
    return found


def by_period(variable: Any, kind: dict[str, Any], *, given: bool, **more: object) -> dict[str, Any]:
    """Return the schema of values by period; what is given for a year holds for each of its months."""
    unit = variable.definition_period
    pattern = EITHER if given and unit == DateUnit.MONTH else PATTERNS[unit]
    # generators of clients know no patternProperties, and would send empty objects
    names = {"propertyNames": {"pattern": pattern}, "additionalProperties": kind}
    return {"type": "object", **more, **names, "minProperties": 1}


def value(variable: Any) -> dict[str, Any]:
    """Return the schema of a variable's value."""
    if hasattr(variable, "possible_values"):
        return {"type": "string", "enum": list(variable.possible_values.names)}
    return {"type": {bool: "boolean", int: "integer"}.get(variable.value_type, "number")}


def title(variable: Any) -> str:
    """Return what a variable is called, with its unit."""
    return f"{variable.label} ({data.unit(variable.unit)['label']})"

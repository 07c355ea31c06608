"""What users, units and frames must be like, as schemas of dataframely, and what to say where they are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dataframely
import polars

from openfisca_bergen_hbt.grunnregelverk import first_value
from openfisca_bergen_hbt.intake.file_table import ROW, Table
from openfisca_bergen_hbt.intake.findings import SHOWN, Findings
from openfisca_bergen_hbt.text.names import nearest

#: What to say of a rule that every column has, by the end of its name in dataframely.
SAID = {
    "nullability": "is missing. Fill it in, or take the row out.",
    "nan": "is not a number. Write one; 0 for nothing.",
    "inf": "is not a finite number. Correct it.",
    "min": "is below {min}. Correct it.",
    "max": "is above {max}. Correct it.",
}


#: Rules that look at several columns or rows, by name, each with what to say where it is broken.
Rules = dict[str, tuple[polars.Expr, str]]


def users(table: Table, year: int, most_hours: float, units: Sequence[str] | None, findings: Findings) -> None:
    """Check a table of users.

    Args:
        table: the table, its cells read.
        year: the year that its months lie in.
        most_hours: the most hours that a week has.
        units: the units that there are; None where no file says.
        findings: where to add what is wrong.
    """
    frame = table.frame
    said: dict[str, str] = {}
    rules: dict[str, Any] = {}
    for name in frame.columns:
        if name in ("timer_per_uke", "vurdert_timer_per_uke"):
            rules[name] = _number(0, most_hours)
        elif name in ("besoek_per_uke", "normtid_minutter_per_besoek"):
            rules[name] = _number(0, None)
        elif name != ROW:
            rules[name] = _given(frame[name])
    if "maaned" in frame.columns:
        rules["maaned"] = dataframely.Date(nullable=False, min=date(year, 1, 1), max=date(year, 12, 31))
        outside = f"lies outside {year}. Give its year with --year, or take the row out."
        said |= {"maaned|min": outside, "maaned|max": outside}
    for found in (_of_visits(frame, most_hours), _of_units(units), _of_users(frame), _of_groups(frame)):
        for name, (rule, message) in found.items():
            rules[name], said[name] = _rule(rule), message
    columns = {
        "visits": "besoek_per_uke",
        "known": "enhet",
        "once": "bruker",
        "one_unit": "bruker",
        "one_byomraade": "enhet",
        "one_etat": "enhet",
    }
    _check(table, rules, said, columns, findings, known_units=units or ())


def _of_visits(frame: polars.DataFrame, most_hours: float) -> Rules:
    """Return the rule that visits take no more hours than a week has; hours given directly take their place."""
    if "besoek_per_uke" not in frame.columns or "timer_per_uke" in frame.columns:
        return {}
    own = "normtid_minutter_per_besoek"
    minutes = polars.col(own) if own in frame.columns else polars.lit(first_value("normtid.minutter_per_besoek"))
    message = f"visits times minutes per visit make more than {most_hours:g} hours a week. Correct one."
    return {"visits": (polars.col("besoek_per_uke") * minutes / 60 <= most_hours, message)}


def _of_units(units: Sequence[str] | None) -> Rules:
    """Return the rule that units are known, where a file says which there are."""
    if units is None:
        return {}
    known = polars.col("enhet").cast(polars.String).is_in(list(units))
    return {"known": (known, "is no unit of the file of units. Add it there, or correct the name.")}


def _of_users(frame: polars.DataFrame) -> Rules:
    """Return the rules that a user stands once (in a month), and in one unit."""
    if "bruker" not in frame.columns or not _may_repeat(frame["bruker"]):
        return {}
    monthly = "maaned" in frame.columns
    once = polars.len().over(["bruker", "maaned"] if monthly else ["bruker"]) == 1
    said = "the same user stands here twice" + (" for a month." if monthly else ". Keep one row.")
    one_unit = polars.col("enhet").n_unique().over("bruker") == 1
    two_units = "the same user stands in two units. Give the user a pseudonym for each, or keep one."
    return {"once": (once, said), "one_unit": (one_unit, two_units)}


def _of_groups(frame: polars.DataFrame) -> Rules:
    """Return the rules that a unit lies in one area and one agency."""
    return {
        f"one_{group}": (
            polars.col(group).n_unique().over("enhet") == 1,
            f"stands with more than one {group}. A unit lies in one: correct the rows.",
        )
        for group in ("byomraade", "etat")
        if group in frame.columns
    }


def units(table: Table, findings: Findings) -> None:
    """Check a table of units: each stands once, has driving hours of 0 or more, and whole kroner."""
    rules: dict[str, Any] = {
        "enhet": _given(table.frame["enhet"]),
        "kjoeretid_per_uke": dataframely.Float64(nullable=True, min=0, allow_inf=False, allow_nan=False),
        "etatsdirektoer_omfordeling": dataframely.Float64(nullable=True, allow_inf=False, allow_nan=False),
        "once": _rule(polars.len().over("enhet") == 1),
        "whole": _rule(polars.col("etatsdirektoer_omfordeling").round() == polars.col("etatsdirektoer_omfordeling")),
    }
    rules = {name: rule for name, rule in rules.items() if name in (*table.frame.columns, "once", "whole")}
    if "etatsdirektoer_omfordeling" not in table.frame.columns:
        del rules["whole"]
    said = {"once": "the unit stands here twice. Keep one row.", "whole": "is not whole kroner. Round it."}
    _check(table, rules, said, {"once": "enhet", "whole": "etatsdirektoer_omfordeling"}, findings)


def agencies(table: Table, findings: Findings) -> None:
    """Check a table of frames: whole kroner, once for each agency and year."""
    key = [name for name in ("etat", "aar") if name in table.frame.columns]
    rules: dict[str, Any] = {
        "budsjettramme": _number(0, None),
        "whole": _rule(polars.col("budsjettramme").round() == polars.col("budsjettramme")),
        "once": _rule(polars.len().over(key) == 1 if key else polars.len() == 1),
        **{name: _given(table.frame[name]) for name in key},
    }
    said = {
        "once": f"a frame stands here twice. Keep one row for each {' and '.join(key) or 'file'}.",
        "whole": "is not whole kroner. Round it.",
    }
    _check(table, rules, said, {"once": key[0] if key else "", "whole": "budsjettramme"}, findings)


def _may_repeat(names: polars.Series) -> bool:
    """Return whether some name may stand there twice: quicker than to count the different ones, never no by error."""
    found = names.hash().to_numpy().copy()
    found.sort()
    return bool((found[1:] == found[:-1]).any())


def _number(low: float | None, high: float | None) -> dataframely.Float64:
    return dataframely.Float64(nullable=False, min=low, max=high, allow_inf=False, allow_nan=False)


def _given(column: polars.Series) -> Any:
    """Return the rule of a column that has something in each row."""
    kinds: dict[Any, Any] = {polars.String: dataframely.String, polars.Date: dataframely.Date}
    if isinstance(column.dtype, polars.Enum):
        return dataframely.Enum(column.dtype.categories, nullable=False)
    return kinds.get(column.dtype, dataframely.Float64)(nullable=False)


def _rule(expression: polars.Expr) -> Any:
    return dataframely.rule()(lambda cls: expression)  # noqa: ARG005 (dataframely gives the schema)


def _check(
    table: Table,
    rules: dict[str, Any],
    said: Mapping[str, str],
    column_of: Mapping[str, str],
    findings: Findings,
    *,
    known_units: Sequence[str] = (),
) -> None:
    """Check a table against rules, and add what is broken."""
    schema: Any = type("Schema", (dataframely.Schema,), {ROW: dataframely.Int64(nullable=False), **rules})
    if schema.is_valid(table.frame):
        return
    _, failure = schema.filter(table.frame)
    details = failure.details()
    for rule in failure.counts():
        column, _, kind = rule.partition("|") if "|" in rule else (column_of[rule], "", rule)
        broken = details.filter(polars.col(rule) == "invalid")
        if kind == "nullability":  # what could not be read is null too
            broken = broken.filter(~polars.col(ROW).is_in(list(findings.rows_of(table.file, column))))
            if broken.is_empty():
                continue
        limits = {end: f"{getattr(rules[column], end):g}" for end in ("min", "max") if kind == end and rule not in said}
        message = said[rule] if rule in said else SAID[kind].format(**limits)
        first = broken.head(SHOWN)
        values = [] if column == "bruker" or kind in ("nullability", "once") else _shown(first, column)
        advice = [nearest(str(name), known_units) for name in first[column]] if rule == "known" else []
        findings.add(table.file, column, message, broken[ROW].to_list(), values, advice=advice)


def _shown(rows: polars.DataFrame, column: str) -> list[str]:
    if not column:
        return []
    if column == "maaned":
        return [f"{day:%Y-%m}" for day in rows[column].to_list()]
    if rows[column].dtype.is_float():
        return [f"{value:g}" for value in rows[column].to_list()]
    return [str(value) for value in rows[column].to_list()]

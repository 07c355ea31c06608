"""Expected users: the months that follow those in the users' file, in a file of their own with the same columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars

from openfisca_bergen_hbt.intake.names import alphabetical
from openfisca_bergen_hbt.intake.problems import ROW, DataError, Problem
from openfisca_bergen_hbt.intake.sheet import FileRows
from openfisca_bergen_hbt.text.language import _


def followed_by(users: FileRows, expected: FileRows) -> FileRows:
    """Return the rows of users and those of expected users as one file's.

    Raises:
        DataError: they have other columns, or months that do not follow each other.
    """
    if problems := list(_problems(users, expected)):
        raise DataError(*problems)
    columns = users.rows.columns
    parts = [file.rows.select(columns) for file in (users, expected)]
    kinds: dict[str, polars.DataType] = {}
    for name in columns:
        if isinstance(parts[0][name].dtype, polars.Enum):
            known = {other for part in parts for other in part[name].dtype.categories.to_list()}  # type: ignore[attr-defined] # an Enum
            kinds[name] = polars.Enum(sorted(known, key=alphabetical))
        elif parts[0][name].dtype == polars.Categorical:
            kinds[name] = polars.String()
    rows = polars.concat(
        [
            part.with_columns(polars.col(name).cast(polars.String).cast(kind) for name, kind in kinds.items())
            for part in parts
        ]
    )
    return replace(users, rows=rows, notes=[*users.notes, *expected.notes])


def _problems(users: FileRows, expected: FileRows) -> Iterator[Problem]:
    for file in (users, expected):
        if "maaned" not in file.rows.columns:
            message = _("expected users follow those of the months given: say the month of each row, in 'maaned'.")
            yield Problem(message, "maaned", file=file.file)
            return
    if other := {*users.rows.columns} ^ {*expected.rows.columns}:
        message = _("{columns}: in one of the files only. Give the users and the expected users the same columns.")
        yield Problem(message.format(columns=", ".join(sorted(other))), file=expected.file)
    last = users.rows["maaned"].max()
    early = expected.rows.filter(polars.col("maaned") <= last)
    if early.height:
        message = _("the month stands in the users' file, or comes before its last one. Expected users come after it.")
        yield Problem(message, "maaned", early[ROW].to_list(), file=expected.file, is_one=True)

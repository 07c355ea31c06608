"""Columns of a table of users, by whatever library made it: their values, and where there is none.

Data frames are read through narwhals, which knows of each library what is missing: ``numpy.asarray`` makes a missing
name the unit "nan", and of a masked array's NULL the hours that lie beneath the mask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from openfisca_bergen_hbt.population import MonthlyInput
from openfisca_bergen_hbt.rules.inputs import NOT_GIVEN
from openfisca_bergen_hbt.rules.money import FloatArray, IndexArray
from openfisca_bergen_hbt.situation.reader import MOST_BITS, shown
from openfisca_bergen_hbt.text.language import _

#: The kinds of NumPy's numbers: whole, without sign, with decimals.
NUMBERS = "iuf"
#: From here on a float does not tell one whole number from the next, nor which of them it was.
EXACT = 2**53


class Column(NamedTuple):
    """A column: its values, and which are missing (None: none is); shape (users,), or (12, users) by month."""

    values: NDArray[Any]
    missing: NDArray[numpy.bool_] | None


def columns_of(table: Any) -> dict[str, Column]:
    """Return the columns of a table: a data frame (polars, pandas, Arrow, DuckDB), or a mapping of columns.

    Raises:
        ValueError: something that is no table, or a column that is none.
    """
    import narwhals  # takes a while, and who reads files needs none of it

    if isinstance(table, Mapping):
        return {str(name): _column(str(name), given) for name, given in table.items()}
    frames = (narwhals.DataFrame, narwhals.LazyFrame)
    try:
        frame = narwhals.from_native(table, pass_through=True)
        if not isinstance(frame, frames) and hasattr(table, "__arrow_c_stream__") and hasattr(table, "schema"):
            import polars  # reads what is Arrow's and no whole table: a batch, or the stream of DuckDB's ``arrow()``

            frame = narwhals.from_native(polars.DataFrame(table))
        if isinstance(frame, narwhals.LazyFrame):
            frame = frame.collect("polars")
    except Exception as error:  # whatever a library raises while it computes
        raise ValueError(_("The table can't be read: {reason}").format(reason=error)) from error
    if not isinstance(frame, frames):
        message = _(
            "A table of users is a data frame (polars, pandas, Arrow or DuckDB) or a mapping from "
            "the names of columns to arrays, and not a '{kind}'."
        ).format(kind=type(table).__name__)
        raise ValueError(message)  # noqa: TRY004 (doors answer a ValueError)
    if odd := [name for name in frame.columns if not isinstance(name, str)]:
        raise ValueError(
            _("The table has the unknown column {name!r}: the name of a column is a text.").format(name=odd[0])
        )
    return {name: _series(frame[name]) for name in frame.columns}


def _column(name: str, given: Any) -> Column:
    import narwhals

    series = narwhals.from_native(given, series_only=True, pass_through=True)
    if isinstance(series, narwhals.Series):
        return _series(series)
    try:
        values = given if isinstance(given, numpy.ndarray) else numpy.array(given, object)
    except ValueError:
        values = numpy.zeros(())  # lists of several lengths
    if values.ndim not in (1, 2):
        raise ValueError(
            _("The column '{name}' is no list: give a value for each user, or twelve such lists by month.").format(
                name=name
            )
        )
    masked = isinstance(values, numpy.ma.MaskedArray)
    return Column(numpy.asarray(values), numpy.ma.getmaskarray(values) if masked else None)


def _series(series: Any) -> Column:
    import narwhals

    missing = series.is_null().to_numpy() if series.is_null().any() else None
    whole = series.dtype.is_integer()
    if not series.dtype.is_numeric():
        values = numpy.empty(len(series), object)
        values[:] = series.to_list()
        return Column(values, missing)
    if not (whole or series.dtype.is_float()):  # decimals of a database
        series = series.cast(narwhals.Float64)
    return Column((series if missing is None else series.fill_null(0)).to_numpy(), missing)  # whole numbers stay whole


def names_in(name: str, column: Column) -> tuple[list[str], IndexArray]:
    """Return the names in a column in order of appearance, and each row's index among them.

    A name is a text or a whole number: 7 is "7", however a library keeps it.

    Raises:
        ValueError: a row without a name.
    """
    if column.values.ndim != 1:
        raise ValueError(
            _("The column '{name}' is given by month, and a user has one '{name}' all year.").format(name=name)
        )
    values = column.values.tolist()
    if column.missing is not None:
        values = [None if missing else value for value, missing in zip(values, column.missing.tolist(), strict=True)]
    if bool in set(map(type, values)):
        values = [None if type(value) is bool else value for value in values]  # in a dict, true is 1
    names: dict[str, int] = {}
    index_of: dict[Any, int] = {}
    for value in _unique(values):
        spelled = _spelled(value)
        if spelled is None:
            row = next(row for row, other in enumerate(values) if other is value)
            raise ValueError(
                _("Row {row} of the table names no '{name}': a name is a text or a whole number.").format(
                    row=row + 1, name=name
                )
            )
        index_of[value] = names.setdefault(spelled, len(names))
    return list(names), numpy.fromiter(map(index_of.__getitem__, values), numpy.intp, len(values))


def _unique(values: list[Any]) -> Iterable[Any]:
    try:
        return dict.fromkeys(values)
    except TypeError:  # a list, say
        return values


def _spelled(value: Any) -> str | None:
    """Return a name as it is spelled; None for what is no name."""
    if isinstance(value, str):
        return str(value) if value.strip() and value.encode(errors="ignore").decode() == value else None  # no halves
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        value = int(value)
    if isinstance(value, int | numpy.integer) and int(value).bit_length() < MOST_BITS:
        return str(value)
    return None


def numbers_in(name: str, column: Column, *, may_lack: bool) -> MonthlyInput:
    """Return the numbers of a column, by month where it has two dimensions; ``NOT_GIVEN`` for who may lack one.

    Raises:
        ValueError: something that is no number, or nothing where a number must be.
    """
    values, missing = column
    if values.dtype.kind not in NUMBERS:
        cells = values.astype(object)
        nothing = numpy.vectorize(lambda cell: cell is None, [bool])(cells)
        missing = nothing if missing is None else missing | nothing
        wrong = ~missing & numpy.vectorize(lambda cell: not _is_number(cell), [bool])(cells)
        if wrong.any():
            where = numpy.unravel_index(wrong.argmax(), wrong.shape)
            message = _("Row {row} of the table, the column '{name}': {found} is not a number.").format(
                row=where[-1] + 1, name=name, found=shown(cells[where])
            )
            raise ValueError(message)
        values = numpy.where(missing, 0, cells)
    numbers: FloatArray = values.astype(numpy.float64, copy=False)
    if missing is not None and missing.any():
        if not may_lack:
            row = numpy.unravel_index(missing.argmax(), missing.shape)[-1]
            raise ValueError(
                _("Row {row} of the table has no {name}. Give it for each user, 0 where it is 0.").format(
                    row=row + 1, name=name
                )
            )
        numbers = numpy.where(missing, NOT_GIVEN, numbers)
    return numbers if numbers.ndim == 1 else list(numbers)


def _is_number(cell: Any) -> bool:
    if isinstance(cell, int):
        return not isinstance(cell, bool) and cell.bit_length() < MOST_BITS
    return isinstance(cell, float | numpy.integer | numpy.floating)

"""JSON-stat 2, as statistics banks save tables: figures in a row, and the values of each dimension they are of."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import polars

from openfisca_bergen_hbt.intake.columns import FileColumn, columns_by_heading
from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.intake.sheet import Sheet, named_cells
from openfisca_bergen_hbt.text.language import _

#: How many figures a table may have: as many as Statistics Norway gives at once.
MOST_FIGURES = 800_000


def json_stat_sheet(content: bytes, columns: Sequence[FileColumn], figures: str) -> Sheet:
    """Return the table of a JSON-stat file as a sheet, a row for each figure, each dimension's values as texts.

    Args:
        content: the file's.
        columns: those that it may have.
        figures: what the column of figures is called.

    Raises:
        DataError: the content is no such table.
    """
    try:
        table = json.loads(content)
        names = [str(table["dimension"][name].get("label") or name) for name in table["id"]]
        values = [_texts(table["dimension"][name]["category"]) for name in table["id"]]
        count = math.prod(map(len, values))
        if [len(of) for of in values] != table["size"] or not 0 < count <= MOST_FIGURES:
            raise ValueError  # noqa: TRY301 (it is said below)
        numbers = [None if number is None else str(number) for number in _figures(table["value"], count)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = _("this is JSON, and no table as JSON-stat 2 has it. Save it as JSON-stat 2, or as CSV.")
        raise DataError(Problem(message)) from None
    cells = {}
    each = count
    for name, texts in zip(names, values, strict=True):
        each //= len(texts)
        cells[name] = [text for text in texts for _each in range(each)] * (count // each // len(texts))
    frame = polars.DataFrame({**cells, figures: numbers}, schema=dict.fromkeys((*cells, figures), polars.String))
    found = columns_by_heading(frame.columns, columns)
    how = _("JSON-stat, {rows} rows").format(rows=frame.height)
    return Sheet(*named_cells(frame, frame.columns, found, first_row=1), how=how)


def _texts(category: dict[str, Any]) -> list[str]:
    """Return what the values of a dimension are called, in order."""
    labels = category.get("label", {})
    index = category.get("index", list(labels))
    codes = index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    return [str(labels.get(code, code)) for code in codes]


def _figures(given: Any, count: int) -> list[Any]:
    """Return the figures in order, None where there is none."""
    found = [given.get(str(place)) for place in range(count)] if isinstance(given, dict) else list(given)
    if len(found) != count or any(isinstance(one, bool | str) for one in found):
        raise ValueError
    return found

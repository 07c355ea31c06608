"""Columns of text that are numbers as Norwegian offices write them: apart, as polars takes its time to import."""

from __future__ import annotations

from collections.abc import Sequence

import polars

from openfisca_bergen_hbt.text.numerals import CLEARLY, NUMBER, OTHER, SPACES


def marks(columns: Sequence[polars.Series]) -> set[str]:
    """Return the decimal marks that columns of text show beyond doubt."""
    return {mark for mark, pattern in CLEARLY.items() if any(matching(column, pattern).any() for column in columns)}


def numbers(column: polars.Series, mark: str) -> polars.Series:
    """Return text as numbers; null for what is none (or empty)."""
    text = _plain(column)
    is_number = text.str.contains(NUMBER[mark]) & text.str.contains(r"\d")
    plain = text.str.replace_all(rf"[\{OTHER[mark]}{SPACES}]", "").str.replace(mark, ".", literal=True)
    return plain.set(~is_number, None).cast(polars.Float64, strict=False)


def matching(column: polars.Series, pattern: str) -> polars.Series:
    """Return which cells are written as a pattern of numbers has it (``AMBIGUOUS``, or one of ``CLEARLY``)."""
    return _plain(column).str.contains(pattern).fill_null(value=False)


def _plain(column: polars.Series) -> polars.Series:
    return column.str.strip_chars().str.replace("\u2212", "-", literal=True)

"""Norwegian identity numbers: told by their two control digits, and refused wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy
import polars
from numpy.typing import NDArray

from openfisca_bergen_hbt.intake.problems import ROW, Problem, problems_where
from openfisca_bergen_hbt.text.language import _, marked

#: Eleven digits on their own, with or without a space or hyphen after the date.
ELEVEN_DIGITS = r"(?:^|[^\w-])(\d{6}[ \u00a0-]?\d{5})(?:[^\w-]|$)"
#: Weights of the digits for the two control digits; each weighted sum is a multiple of 11.
WEIGHTS = numpy.array([[3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]])
#: How many digits an identity number has.
DIGITS = 11
ADVICE = marked(
    "a Norwegian identity number stands here. Take it out of the file, here and in every row: give each user a "
    "pseudonym of another form, or none."
)


def are_identity_numbers(numbers: NDArray[numpy.int64]) -> NDArray[numpy.bool_]:
    """Return whether the control digits of eleven-digit numbers are right.

    That holds for birth numbers, D-numbers, emergency numbers (FH, H) and those of synthetic test persons; and by
    chance for one in 121 other numbers.
    """
    digits = numbers[:, None] // 10 ** numpy.arange(10, -1, -1) % 10
    right: NDArray[numpy.bool_] = (digits @ WEIGHTS.T % 11 == 0).all(axis=1) & (numbers > 0)
    return right


def identity_numbers(cells: polars.DataFrame, amounts: Sequence[str]) -> Iterator[Problem]:
    """Yield the columns that hold identity numbers, used or not, as problems. The numbers themselves are not kept.

    The columns of amounts may have eleven digits.
    """
    for column in cells.select(polars.exclude(ROW, *amounts)):
        candidates = _candidates(column)
        if candidates is None:
            continue
        right = numpy.zeros(len(column), dtype=bool)
        right[candidates.is_not_null().to_numpy()] = are_identity_numbers(candidates.drop_nulls().to_numpy())
        short = (candidates < 10**10).fill_null(value=False).to_numpy()
        if (right & short).sum() < short.sum() / 2:  # ten digits by nature, and right by chance
            right &= ~short
        yield from problems_where(polars.Series(right), cells, column.name, _(ADVICE))


def _candidates(column: polars.Series) -> polars.Series | None:
    """Return the numbers of eleven digits (or ten: a spreadsheet drops a leading 0); None where there are none."""
    if column.dtype.is_integer() or column.dtype.is_float():
        found = column.cast(polars.Int64, strict=False)
        found = found.set((found < 10**9) | (found >= 10**11), None)
    elif column.dtype in (polars.String, polars.Categorical, polars.Enum):
        text = column.cast(polars.String)
        if not (text.str.len_bytes() >= DIGITS).any():
            return None
        found = text.str.extract(ELEVEN_DIGITS).str.replace_all(r"\D", "").cast(polars.Int64, strict=False)
    else:
        return None
    return None if found.null_count() == len(found) else found

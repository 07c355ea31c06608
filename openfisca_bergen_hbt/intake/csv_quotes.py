"""Quotation marks in CSV: each opens a cell or closes one, so that none swallows rows unseen."""

from __future__ import annotations

import re

from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.text.language import _, marked

ALONE = marked(
    "a quotation mark stands within a cell, or is not closed. Take it out; or put the cell in quotation marks, and "
    "double those within it."
)


def refuse_stray_quotes(text: str, delimiter: str, width: int, first_row: int) -> None:
    """Refuse quotation marks that do not stand around a cell, and cells that hold what looks like whole rows.

    Args:
        text: the rows, each ending with a line feed.
        delimiter: what stands between the cells.
        width: how many cells a row has.
        first_row: the number of the first row of the text, as a spreadsheet counts.

    Raises:
        DataError: such a mark, with its row.
    """
    edge = re.escape(delimiter)
    quoted = re.compile(rf'(?<![^{edge}\n])"[^"]*+(?:""[^"]*+)*+"(?=[{edge}\n]|\Z)')
    end = within = 0

    def row(place: int) -> int:
        return first_row + text.count("\n", 0, place) - within

    for cell in quoted.finditer(text):
        if (stray := text.find('"', end, cell.start())) >= 0:
            raise DataError(Problem(_(ALONE), rows=[row(stray)]))
        end, lines = cell.end(), cell[0].count("\n")
        if lines and cell[0].count(delimiter) >= lines * (width - 1) > 0:
            one = _("a quotation mark opens a cell that swallows {number} row. Take it out.")
            several = _("a quotation mark opens a cell that swallows {number} rows. Take it out.")
            message = (several if lines > 1 else one).format(number=lines)
            raise DataError(Problem(message, rows=[row(cell.start())]))
        within += lines
    if (stray := text.find('"', end)) >= 0:
        raise DataError(Problem(_(ALONE), rows=[row(stray)]))

"""A paper as an Excel workbook: real numbers with formats, one table to a sheet, a native chart."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.provenance.record import KEY, as_text
from openfisca_bergen_hbt.report.forms.provenance import facts, mark
from openfisca_bergen_hbt.report.paper import TEXT, Answer, Cell, Day, Marked, Paper, Table
from openfisca_bergen_hbt.report.writing import KINDS, spread
from openfisca_bergen_hbt.text.language import say

#: The most characters that a cell holds.
LONGEST_CELL = 32_000
BLUE, LIGHT, RED = "#03396c", "#e8eef4", "#9c1c1c"
#: The height of a line of text.
LINE = 15.0
#: The number of a size of paper.
A4 = 9
#: The digits of a number that every program keeps; those beyond are noise.
DIGITS = 15
#: How near a sum of what is written must be to the sum in the table.
TOLERANCE = 1e-11
#: How a day is shown.
DAY = "dd.mm.yyyy"
#: How many rows a chart covers.
ROWS_OF_CHART = 20
#: The widest a column of words gets; longer text is wrapped.
WIDEST = 60


def write(paper: Paper, recorded: Mapping[str, Any]) -> bytes:
    """Return a paper as a workbook, with the record of its run on the last sheet, which ``verify`` reads."""
    file = io.BytesIO()
    # text is text: no formula, and no address, is made of what a file's cells say
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(file, options) as book:
        day = datetime.fromisoformat(recorded["date"])
        book.set_properties({"title": paper.title, "created": day, "comments": "openfisca-bergen-hbt"})
        writer = _Writer(book)
        first, *others = map(spread, paper.tables)
        writer.front(paper, first)
        for table in others:
            writer.table(book.add_worksheet(table.name), table, 0)
            if table.id == "change" and not table.is_long:
                writer.chart(table)
        writer.provenance(recorded)
        if said := mark(recorded):
            for sheet in book.worksheets():
                sheet.set_header(f"&C&B{said}")
    return file.getvalue()


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """Return how high a row must be for its text, folded at the widths of its columns."""
    words = [(text, width) for text, width in zip(row, widths, strict=True) if isinstance(text, str)]
    return LINE * max([1, *(len(textwrap.wrap(text, width - 1)) for text, width in words)])


def _widths(table: Table) -> list[int]:
    """Return how many characters each column is wide."""
    return [min(c.width, WIDEST) if c.kind == TEXT else KINDS[c.kind].width for c in table.columns]


def _clean(value: float) -> float:
    """Return a number without the digits that are noise: 235116 for 235116.0000000001."""
    return float(f"{value:.{DIGITS}g}")


def _sum_of_rows(table: Table, place: int) -> float | None:
    """Return the sum of what a column's cells hold, where the last row has that; None where it has something else."""
    *parts, last = (row[place] for row in table.rows)
    if not table.has_sum or not parts or not isinstance(last, int | float):
        return None
    numbers = [_clean(part) for part in parts if isinstance(part, int | float)]
    total = _clean(math.fsum(numbers))
    is_sum = len(numbers) == len(parts) and math.isclose(total, last, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return total if is_sum else None


class _Writer:
    """Writes tables into a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": BLUE})
        look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": LIGHT, "bottom": 1, "border_color": BLUE}
        self.answer = book.add_format({"bold": True, "font_size": 12, "text_wrap": True, "valign": "top"})
        self.warning = book.add_format({"bold": True, "font_color": RED, "text_wrap": True, "valign": "top"})
        self.heading = book.add_format(look)
        self.heading_of_numbers = book.add_format({**look, "align": "right"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.note = book.add_format({"italic": True, "text_wrap": True, "valign": "top", "font_color": "#555555"})
        self.note_of_figure = book.add_format({"italic": True, "font_color": "#555555"})
        self.day = book.add_format({"num_format": DAY, "valign": "top", "align": "left"})
        self.formats: dict[tuple[str, bool, str], Any] = {}

    def _format(self, kind: str, *, is_sum: bool, mark: str = "") -> Any:
        """Return the format of a cell; one for each kind and mark, in the row of sums or not."""
        if (kind, is_sum, mark) not in self.formats:
            look: dict[str, Any] = {"valign": "top", "text_wrap": kind == TEXT}
            if kind != TEXT:
                marked = f'" ({mark})"' if mark else ""
                look |= {"num_format": KINDS[kind].excel + marked, "align": "right"}
            if is_sum:
                look |= {"bold": True, "top": 1}
            self.formats[kind, is_sum, mark] = self.book.add_format(look)
        return self.formats[kind, is_sum, mark]

    def front(self, paper: Paper, first: Table) -> None:
        """Write the summary: the answer, headlines in words, the first table, and what the figures are about."""
        sheet = self.book.add_worksheet(first.name)
        sheet.write_string(0, 0, paper.title, self.title)
        widths = _widths(first)
        row = 2 if paper.answer is None else self._answer(sheet, paper.answer, widths)
        for headline in paper.headlines:
            self._running(sheet, row, headline, widths, self.words)
            row += 1
        below = self.table(sheet, first, row + 1, freeze=False) + 1
        if paper.answer and len(widths) > 1:
            sheet.set_column(1, 1, max(widths[1], KINDS["kr"].width))
        for row, (heading, text) in enumerate(paper.about, below):
            self._running(sheet, row, f"{heading}: {text}", widths, self.words)
        sheet.print_area(0, 0, below + len(paper.about) - 1, len(first.columns) - 1)

    def _answer(self, sheet: Any, answer: Answer, widths: Sequence[int]) -> int:
        """Write what is read first, and its figures as numbers; return the row after, with one free."""
        row = 2
        said = [(line, self.warning) for line in (*answer.broken, *answer.lacking)]
        for text, look in (*said, (answer.sentence, self.answer)):
            self._running(sheet, row, text, widths, look)
            row += 1
        for figure in answer.figures:
            sheet.write_string(row, 0, f"{figure.heading}, kr", self.words)
            self._cell(sheet, row, 1, figure.value, self._format("kr", is_sum=False))
            if figure.band:
                sheet.write_string(row, 2, figure.band, self.note_of_figure)
            row += 1
        for text in (answer.doubt, *answer.rests_on):
            self._running(sheet, row, text, widths, self.note)
            row += 1
        return row + 1

    def _running(self, sheet: Any, row: int, text: str, widths: Sequence[int], look: Any) -> None:
        """Write running text over all columns of a table, as high as it needs."""
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", look)
        sheet.write_string(row, 0, text, look)
        sheet.set_row(row, _height([text], [sum(widths)]))

    def _cell(self, sheet: Any, row: int, place: int, value: Cell, look: Any) -> None:
        if isinstance(value, Day):
            sheet.write_datetime(row, place, value.day, self.day)
        elif isinstance(value, int | float):
            sheet.write_number(row, place, _clean(value), look)
        else:
            sheet.write_string(row, place, MARK if value is None else value, look)

    def table(self, sheet: Any, table: Table, top: int, *, freeze: bool = True) -> int:
        """Write a table with its title above and its notes below; return the row after."""
        sheet.write_string(top, 0, table.title, self.title)
        head = top + 1
        widths = _widths(table)
        sums = [_sum_of_rows(table, place) if table.rows else None for place in range(len(widths))]
        for number, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
            look = self.heading if column.kind == TEXT else self.heading_of_numbers
            sheet.write_string(head, number, column.heading, look)
            sheet.set_column(number, number, width)
        sheet.set_row(head, _height([column.heading for column in table.columns], widths))
        for number, row in enumerate(table.rows, head + 1):
            sheet.set_row(number, _height(row, widths))
            is_sum = table.has_sum and number == head + len(table.rows)
            for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                mark = value.mark if isinstance(value, Marked) else ""
                look = self._format(column.kind, is_sum=is_sum, mark=mark)
                if is_sum and (total := sums[place]) is not None:
                    summed = xl_range(head + 1, place, number - 1, place)
                    sheet.write_formula(number, place, f"=SUM({summed})", look, total)
                else:
                    self._cell(sheet, number, place, value, look)
        last = head + len(table.rows)
        if freeze:
            sheet.freeze_panes(head + 1, 1)
            end = last - 1 if table.has_sum else last
            sheet.autofilter(head, 0, max(end, head), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        for number, note in enumerate(table.notes, last + 1):
            self._running(sheet, number, note, widths, self.note)
        sheet.print_area(0, 0, last + len(table.notes), len(table.columns) - 1)
        return last + 1 + len(table.notes)

    def chart(self, areas: Table) -> None:
        """Draw what each area gets under each regulation, beside the areas' table."""
        sheet = self.book.get_worksheet_by_name(areas.name)
        chart = self.book.add_chart({"type": "column"})
        first, last = 2, 1 + len(areas.rows) - 1
        amounts = [n for n, column in enumerate(areas.columns) if column.kind == "kr" and column.part == areas.title]
        shades = ("#b3cde3", "#6497b1", "#03396c", "#555555", "#9aa5b1", "#1b7837", "#762a83")
        for shade, number in zip(shades, amounts, strict=False):
            chart.add_series(
                {
                    "name": [areas.name, 1, number],
                    "categories": [areas.name, first, 0, last, 0],
                    "values": [areas.name, first, number, last, number],
                    "fill": {"color": shade},
                    "border": {"color": "#000000", "width": 0.25},
                }
            )
        chart.set_title({"name": areas.title, "name_font": {"size": 12}})
        lines = {"visible": True, "line": {"color": "#dddddd"}}
        chart.set_y_axis({"num_format": "#,##0,,", "name": say("millioner kroner"), "major_gridlines": lines})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 960, "height": 400})
        top = len(areas.rows) + len(areas.notes) + 3
        sheet.insert_chart(top, 0, chart, {"description": areas.title})
        sheet.print_area(0, 0, top + ROWS_OF_CHART, len(areas.columns) - 1)

    def provenance(self, recorded: Mapping[str, Any]) -> None:
        """Write where the figures come from in words, and the record itself on a sheet of its own."""
        sheet = self.book.add_worksheet(say("Proveniens"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 110)
        sheet.write_string(0, 0, say("Hvor tallene kommer fra"), self.title)
        day = Day(date.fromisoformat(recorded["date"]))
        for row, (name, value) in enumerate(facts(recorded), 2):
            sheet.write_string(row, 0, name, self.words)
            self._cell(sheet, row, 1, day if value == recorded["date"] else value, self.words)
            sheet.set_row(row, _height([name, value], [34, 110]))
            sheet.print_area(0, 0, row, 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        kept = self.book.add_worksheet(KEY)
        kept.hide()
        text = as_text(recorded)
        for row, start in enumerate(range(0, len(text), LONGEST_CELL)):
            kept.write_string(row, 0, text[start : start + LONGEST_CELL])

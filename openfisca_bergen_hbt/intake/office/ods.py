"""OpenDocument's workbooks (.ods) as grids."""

from __future__ import annotations

import re

from openfisca_bergen_hbt.intake.office.grid import Area, Grid, Odd, Value, clock
from openfisca_bergen_hbt.intake.office.package import Package
from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.text.language import _

CONTENT = "content.xml"
CELLS = ("table:table-cell", "table:covered-table-cell")
#: The most rows that a sheet has.
MOST_ROWS = 1_048_576
#: What says in the text of a cell that its formula has failed.
ERROR = re.compile(r"#[A-Z/0]+[!?]?|#N/A|Err:\d+")


class Ods:
    """A workbook of LibreOffice's: its sheets by name, with whether each is visible."""

    program = "OpenDocument"

    def __init__(self, package: Package) -> None:
        self.sheets: dict[str, bool] = {}
        self._grids: dict[str, Grid] = {}
        self._hidden_styles: set[str] = set()
        self._long_times: set[str] = set()  # formats of time that goes beyond 24 hours
        self._formats: dict[str, str] = {}  # of styles of cells
        self._grid, self._style = Grid(""), ""
        self._row = self._column = self._annotation = 0
        self._repeated, self._cell = 1, dict[str, str]()
        self._values: list[tuple[int, int, Value]] = []
        self._paragraphs: list[str] = []
        self._is_text = False
        package.walk(CONTENT, self._start, self._end, self._add)

    def grid(self, sheet: str, *, heading_only: bool = False) -> Grid:  # noqa: ARG002 (all is read at once)
        """Return what a sheet holds."""
        return self._grids[sheet]

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name in CELLS:
            self._cell, self._paragraphs = given, []
        elif name == "text:p" and not self._annotation:
            self._paragraphs.append("")
            self._is_text = True
        elif name == "text:s":
            self._add(" " * int(given.get("text:c", 1)))
        elif name == "office:annotation":
            self._annotation += 1
        elif name == "table:table-row":
            self._repeated, self._column = int(given.get("table:number-rows-repeated", 1)), 0
            self._values = []
            if given.get("table:visibility", "visible") != "visible":
                self._grid.hidden += range(self._row + 1, self._row + 1 + min(self._repeated, MOST_ROWS - self._row))
        elif name == "table:table":
            self._grid = self._grids[given["table:name"]] = Grid(given["table:name"])
            self.sheets[self._grid.name] = given.get("table:style-name") not in self._hidden_styles
            self._row = 0
        else:
            self._format(name, given)

    def _format(self, name: str, given: dict[str, str]) -> None:
        if name == "style:style":
            self._style = given.get("style:name", "")
            self._formats[self._style] = given.get("style:data-style-name", "")
        elif name == "style:table-properties" and given.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "number:time-style" and given.get("number:truncate-on-overflow") == "false":
            self._long_times.add(given.get("style:name", ""))

    def _add(self, text: str) -> None:
        if self._is_text:
            self._paragraphs[-1] += text

    def _end(self, name: str) -> None:
        if name == "text:p":
            self._is_text = False
        elif name == "office:annotation":
            self._annotation -= 1
        elif name in CELLS:
            first, repeated = self._column + 1, int(self._cell.get("table:number-columns-repeated", 1))
            self._column += repeated
            value = self._value(self._cell, "\n".join(self._paragraphs))
            if value is not None:
                self._values.append((first, repeated, value))
            self._merge(first)
        elif name == "table:table-row":
            if self._values and self._row + self._repeated > MOST_ROWS:
                message = _("the sheet has more rows than a spreadsheet. Delete what is outside the table.")
                raise DataError(Problem(message))
            for row in range(self._row + 1, self._row + 1 + self._repeated if self._values else 0):
                for first, repeated, value in self._values:
                    for column in range(first, first + repeated):
                        self._grid.put(row, column, value)
            self._row += self._repeated

    def _merge(self, column: int) -> None:
        """Note the cells that are merged with this one."""
        rows, columns = (int(self._cell.get(f"table:number-{of}-spanned", 1)) for of in ("rows", "columns"))
        if rows * columns > 1:
            self._grid.merged.append(Area(self._row + 1, self._row + rows, column, column + columns - 1))

    def _value(self, cell: dict[str, str], text: str) -> Value | None:
        """Return what a cell holds; None where it is empty."""
        kind = cell.get("office:value-type", "")
        is_formula = "table:formula" in cell
        if cell.get("calcext:value-type") == "error" or (is_formula and ERROR.fullmatch(text)):
            return Odd("error", text)
        if is_formula and not kind:
            return Odd("formula", "")
        if kind in ("float", "percentage", "currency"):
            return float(cell["office:value"])
        if kind == "boolean":
            return Odd("true or false", cell["office:boolean-value"])
        if kind == "date":
            return Odd("date", cell["office:date-value"])
        return self._time(cell) if kind == "time" else cell.get("office:string-value", text) or None

    def _time(self, cell: dict[str, str]) -> Odd:
        """Return a time, ``PT05H30M00S``, as its format shows it: a length of time goes beyond 24 hours."""
        hours, minutes, seconds = re.findall(r"[\d.]+", cell["office:time-value"])
        is_long = self._formats.get(cell.get("table:style-name", ""), "") in self._long_times
        shown = clock(int(hours) * 3600 + int(minutes) * 60 + float(seconds))
        return Odd("duration", shown) if is_long else Odd("time", shown)

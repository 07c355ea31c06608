"""Excel's workbooks (.xlsx) as grids."""

from __future__ import annotations

import posixpath
import re
from datetime import datetime, timedelta
from typing import Any

from openfisca_bergen_hbt.intake.office.grid import Grid, Odd, Value, area, clock, column_number
from openfisca_bergen_hbt.intake.office.package import EnoughError, Local, Package, local

#: The day that serial numbers count from, and how much later Mac's old calendar begins.
DAY_0, DAYS_TO_1904 = datetime(1899, 12, 30), 1462  # noqa: DTZ001 (a spreadsheet knows no time zones)
SECONDS_A_DAY = 86_400
#: What the formats that have numbers and no text show: dates, times of day, lengths of time.
BUILT_IN = {
    **dict.fromkeys(map(str, [*range(14, 18), 22, *range(27, 37), *range(50, 59)]), "date"),
    **dict.fromkeys(map(str, [*range(18, 22), 45, 47]), "time"),
    "46": "duration",
}
TRUE = ("1", "true")


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the name of the parts that a part goes with, by their ids."""
    folder, name = posixpath.split(part)
    found = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))[1:]
            found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], target

    package.walk(posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return found


def format_codes(package: Package, part: str) -> list[str]:
    """Return the code of each format of cells, in their order; of one that is built in, its number."""
    codes: dict[str, str] = {}
    found: list[str] = []
    is_of_cells = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_of_cells
        tag = local(name)
        if tag == "numFmt":
            codes[attributes["numFmtId"]] = attributes["formatCode"]
        elif tag in ("cellXfs", "cellStyleXfs"):
            is_of_cells = tag == "cellXfs"
        elif tag == "xf" and is_of_cells:
            number = attributes.get("numFmtId", "0")
            found.append(codes.get(number, number))

    package.walk(part, start)
    return found


class Xlsx:
    """A workbook of Excel's: its sheets by name, with whether each is visible."""

    program = "Excel"

    def __init__(self, package: Package) -> None:
        self.package = package
        self.sheets: dict[str, bool] = {}
        self._parts: dict[str, str] = {}
        self._shared: list[str] = []
        self._kinds: list[str] = []
        self._days_off, self._is_uncalculated = 0, False
        main = [target for kind, target in relations(package, "").values() if kind == "officeDocument"][0]  # noqa: RUF015
        related = relations(package, main)

        def start(name: str, attributes: dict[str, str]) -> None:
            given = {local(key): value for key, value in attributes.items()}
            if local(name) == "sheet" and related[given["id"]][0] == "worksheet":
                self.sheets[given["name"]] = given.get("state", "visible") == "visible"
                self._parts[given["name"]] = related[given["id"]][1]
            elif local(name) == "workbookPr" and given.get("date1904") in TRUE:
                self._days_off = DAYS_TO_1904
            elif local(name) == "calcPr":  # who writes so has not calculated the formulas
                self._is_uncalculated = given.get("fullCalcOnLoad") in TRUE

        package.walk(main, start)
        for kind, target in related.values():
            if kind == "sharedStrings":
                self._shared = self._texts(target)
            elif kind == "styles":
                self._kinds = [BUILT_IN.get(code) or _shown_by(code) for code in format_codes(package, target)]

    def _texts(self, part: str) -> list[str]:
        """Return the texts that cells share."""
        found: list[str] = []
        texts: list[str] = []
        is_text = is_reading_aid = False

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal is_text, is_reading_aid
            tag = local(name)
            if tag == "si":
                texts.clear()
            elif tag == "rPh":
                is_reading_aid = True
            is_text = tag == "t" and not is_reading_aid

        def end(name: str) -> None:
            nonlocal is_text, is_reading_aid
            is_text, tag = False, local(name)
            if tag == "si":
                found.append(_unescaped("".join(texts)))
            elif tag == "rPh":
                is_reading_aid = False

        self.package.walk(part, start, end, lambda text: texts.append(text) if is_text else None)
        return found

    def grid(self, sheet: str, *, heading_only: bool = False) -> Grid:  # noqa: C901 (called for every cell)
        """Return what a sheet holds; of its first row that holds anything, where no more is asked for."""
        found, tags = Grid(sheet), Local()
        row = column = 0
        cell: dict[str, str] = {}
        is_formula = False
        texts: list[str] = []  # of the cell so far, with those of its formula
        written = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, column, cell, is_formula, written
            tag = tags[name]
            if tag == "c":
                place = attributes.get("r")
                column = column_number(place.rstrip("0123456789")) if place else column + 1
                cell, is_formula, written = attributes, False, ""
            elif tag in ("v", "t"):
                texts.clear()
            elif tag == "f":
                is_formula = True
            elif tag == "row":
                if heading_only and found.columns:
                    raise EnoughError
                row, column = int(attributes.get("r", row + 1)), 0
                if attributes.get("hidden") in TRUE:
                    found.hidden.append(row)
            elif tag == "mergeCell":
                found.merged.append(area(attributes["ref"]))

        def end(name: str) -> None:
            nonlocal written
            tag = tags[name]
            if tag in ("v", "t"):
                written += "".join(texts)
            elif tag == "c":
                value = self._value(cell, written, is_formula=is_formula)
                if value is not None:
                    found.put(row, column, value)

        self.package.walk(self._parts[sheet], start, end, texts.append)
        return found

    def _value(self, cell: dict[str, Any], text: str, *, is_formula: bool) -> Value | None:
        """Return what a cell holds; None where it is empty."""
        kind = cell.get("t", "n")
        if is_formula and (self._is_uncalculated or (not text and kind != "str")):
            return Odd("formula", "")
        if not text:
            return None
        if kind == "s":
            return self._shared[int(text)]
        if kind == "n":
            number = float(text)
            shows = self._kinds[int(cell["s"])] if "s" in cell and self._kinds else ""
            return self._timed(number, shows) if shows else number
        odd: dict[str, Odd] = {
            "b": Odd("true or false", "true" if text in TRUE else "false"),
            "e": Odd("error", text),
            "d": Odd("date", text),
        }
        return odd.get(kind) or _unescaped(text)

    def _timed(self, number: float, shows: str) -> Odd:
        """Return a serial number as the date or the time that its format shows."""
        if shows == "date":
            try:
                day = DAY_0 + timedelta(days=number + self._days_off)
            except OverflowError:
                return Odd("date", "")
            return Odd("date", str(day) if day.time() != DAY_0.time() else str(day.date()))
        text = clock(number * SECONDS_A_DAY)
        return Odd("duration", text) if shows == "duration" else Odd("time", text)


def _shown_by(code: str) -> str:
    """Return what a format shows, told by its letters: those in quotes, colours and conditions are none of them."""
    plain = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', "", code.lower()).partition(";")[0]
    if re.search(r"\[[hms]+\]", plain):
        return "duration"
    if plain in ("general", "standard") or not re.search("[ymdhs]", plain):
        return ""
    return "date" if re.search("[yd]", plain) or not re.search("[hs]", plain) else "time"


def _unescaped(text: str) -> str:
    """Return a text with the characters that Excel writes as ``_x000D_``."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text) if "_x" in text else text

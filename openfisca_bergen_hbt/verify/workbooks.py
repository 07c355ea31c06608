"""Where two workbooks differ: part by part, and of sheets cell by cell.

A workbook that another program has saved again has other parts that say the same: of it are compared what a reader is
told, and what is hidden from one: sheets and their state, cells with formula and format, hidden rows and columns, the
data and the texts of charts, notes, and whether there are pictures, macros or links that were not there.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openfisca_bergen_hbt.intake.office.package import Package, local
from openfisca_bergen_hbt.intake.office.xlsx import format_codes, relations
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.numbers import plain
from openfisca_bergen_hbt.verify.texts import beside

#: What says which program saved a workbook, and what xlsxwriter says there.
PROGRAM, OURS = "docProps/app.xml", "Microsoft Excel"
#: Parts that a workbook of ours has none of: what they hold is not looked into.
FOREIGN = re.compile(r"vbaProject|externalLinks|media/|embeddings|ctrlProps|activeX|queryTables|connections")
#: The digits of a number that every program keeps.
DIGITS = 15
#: The height of a row and the width of a column, in their units, that can be seen.
SEEN = 1.0


@dataclass
class _Book:
    """What is compared of a workbook: things told, each by its place."""

    program: str = ""
    told: dict[str, str] = field(default_factory=dict)


def differences(in_hand: bytes, again: bytes) -> Iterator[str]:
    """Yield each place where a workbook in hand is another than the same workbook made again, with both values.

    Raises:
        DataError: the file in hand is damaged.
    """
    mine, made = _read(in_hand), _read(again)
    found = [
        f"{place}: {beside(mine.told.get(place), made.told.get(place))}"
        for place in dict.fromkeys([*made.told, *mine.told])
        if mine.told.get(place) != made.told.get(place)
    ]
    yield from found
    if mine.program == made.program and not found:  # not saved again: then every byte is to be the same
        yield from _parts(in_hand, again)


def program_of(content: bytes) -> str:
    """Return the name of the program that a workbook was saved by again; none for one of ours."""
    program = _program(Package(content))
    return "" if program == OURS else program or _("another program")


def _parts(in_hand: bytes, again: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(in_hand)) as mine, zipfile.ZipFile(BytesIO(again)) as made:
        names = [*mine.namelist(), *made.namelist()]
        for name in dict.fromkeys(names):
            held = [of.read(name) if name in of.namelist() else None for of in (mine, made)]
            if held[0] != held[1]:
                yield _("the part {name} is another (how something looks, or is placed)").format(name=name)
        if any(count != 2 for count in Counter(names).values()):  # noqa: PLR2004 (once in each)
            yield _("a part stands there twice, or is lacking")


def _read(content: bytes) -> _Book:
    package, book = Package(content), _Book()
    book.program = _program(package)
    shared = _shared(package)
    styles = "xl/styles.xml"
    formats = [_format(code) for code in format_codes(package, styles)] if styles in package.names else []
    sheets = list(_sheets(package))
    book.told[_("the order of the sheets")] = ", ".join(sheet for sheet, _state, _part in sheets)
    for sheet, state, part in sheets:
        book.told[_("sheet {sheet}").format(sheet=sheet)] = state
        for place, told in _cells(package, part, shared, formats):
            before = book.told.get(f"{sheet}!{place}", "")  # a cell that stands there twice
            book.told[f"{sheet}!{place}"] = before + told
        for kind, of in _related(package, part):
            if kind == "drawing":
                told = " ".join(text for name, text in _texts(package, of) if name == "t")
                book.told |= {_("the text boxes of {sheet}").format(sheet=sheet): told} if told else {}
                for number, chart in enumerate(of for kind, of in _related(package, of) if kind == "chart"):
                    texts = [text for name, text in _texts(package, chart) if name in ("f", "v", "t")]
                    book.told[_("chart {number} of {sheet}").format(number=number + 1, sheet=sheet)] = " ".join(
                        _number(text) for text in texts
                    )
            elif kind == "comments":
                texts = [text for name, text in _texts(package, of) if name == "t"]
                book.told[_("the notes of {sheet}").format(sheet=sheet)] = "".join(texts)
    book.told |= {_("the part {name}").format(name=name): _("there") for name in package.names if FOREIGN.search(name)}
    return book


def _program(package: Package) -> str:
    if PROGRAM not in package.names:
        return ""
    return "".join(text for name, text in _texts(package, PROGRAM) if name == "Application").split("/")[0]


def _sheets(package: Package) -> Iterator[tuple[str, str, str]]:
    """Yield each sheet's name, state and part, in their order."""
    parts = {key: part for key, (_, part) in relations(package, "xl/workbook.xml").items()}
    found: list[tuple[str, str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            given = {local(key): value for key, value in attributes.items()}
            found.append((given["name"], given.get("state", "visible"), parts[given["id"]]))

    package.walk("xl/workbook.xml", start)
    yield from found


def _related(package: Package, part: str) -> list[tuple[str, str]]:
    """Return the kind and the name of the parts that a part goes with, where it says so."""
    folder, name = posixpath.split(part)
    says = posixpath.join(folder, "_rels", f"{name}.rels") in package.names
    return [of for of in relations(package, part).values() if of[1] in package.names] if says else []


def _texts(package: Package, part: str) -> list[tuple[str, str]]:
    """Return the texts of a part, each with the name of the element that it stands in."""
    found: list[tuple[str, str]] = []
    within: list[str] = []

    def text(written: str) -> None:
        if written.strip():
            found.append((within[-1], written))

    def end(_: str) -> None:
        within.pop()

    package.walk(part, lambda name, _: within.append(local(name)), end, text)
    return found


def _shared(package: Package) -> list[str]:
    """Return the texts that cells share."""
    found: list[str] = []
    texts: list[str] = []

    def end(name: str) -> None:
        if local(name) == "si":
            found.append("".join(texts))
            texts.clear()

    if "xl/sharedStrings.xml" in package.names:
        package.walk("xl/sharedStrings.xml", lambda *_: None, end, texts.append)
    return found


#: The codes of formats that are built in, as programs write them out.
BUILT_IN = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "49": "@"}


def _format(code: str) -> str:
    """Return the code of a format without what programs write in different ways: quotes, escapes and the locale."""
    code = re.sub(r"\[\$[^\]]*\]", "", BUILT_IN.get(code, code))
    return re.sub(r'"([^"0#?@]*)"|\\(.)', r"\1\2", code)  # digits and signs of their place are quoted to be shown


def _cells(package: Package, part: str, shared: list[str], formats: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what each cell of a sheet shows and is made by, and which rows and columns are hidden."""
    found: list[tuple[str, str]] = []
    cell: dict[str, Any] = {}
    texts: dict[str, list[str]] = {}
    tag = ""

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal cell, texts, tag
        tag = local(name)
        if tag == "c":
            cell, texts = given, {"v": [], "f": [], "t": []}
        elif tag in ("row", "col") and (given.get("hidden") in ("1", "true") or _is_nothing(given)):
            found.append((f"{tag} {given.get('r') or given.get('min')}", _("hidden")))

    def text(written: str) -> None:
        if tag in texts:
            texts[tag].append(written)

    def end(name: str) -> None:
        nonlocal tag, texts
        tag = ""
        if local(name) == "c" and (told := _told(cell, {of: "".join(parts) for of, parts in texts.items()})):
            found.append((cell.get("r", ""), told))
            texts = {}

    def _told(cell: Mapping[str, str], texts: Mapping[str, str]) -> str:
        value, kind = texts["v"] or texts["t"], cell.get("t", "n")
        if not value and not texts["f"]:
            return ""
        code = formats[int(cell["s"])] if "s" in cell and formats else "General"
        value = shared[int(value)] if kind == "s" else _number(value) if kind == "n" else value
        made_by = f" = {texts['f']}" if texts["f"] else ""
        return f"{value}{made_by}" + (f" ({code})" if kind == "n" else "")

    package.walk(part, start, end, text)
    yield from found


def _is_nothing(given: Mapping[str, str]) -> bool:
    """Return whether a row or a column is too low or too narrow to be seen."""
    return any(name in given and float(given[name]) < SEEN for name in ("ht", "width"))


def _number(text: str) -> str:
    """Return a number as programs agree on it; another text as it is."""
    try:
        return plain(float(f"{float(text):.{DIGITS}g}"))
    except ValueError:
        return text

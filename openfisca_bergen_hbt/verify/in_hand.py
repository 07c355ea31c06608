"""A file in hand beside the same file made again: all that a reader of it sees, and not its record alone."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.provenance.record import BESIDE
from openfisca_bergen_hbt.report.forms.outputs import CSV_FOR_EXCEL, FORMS
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.verify import texts

#: Makes a file in a form again, with a record.
Make = Callable[[str, Mapping[str, Any]], bytes]
NOT_WHOLE = marked("it is no whole file of its kind")


def forms_of(path: Path, offered: Sequence[str]) -> list[str]:
    """Return the forms that a file may be in, of those that are offered; none for a record alone.

    A file whose record stands beside it is a text, whatever its name ends in.
    """
    ending = path.suffix.lower()
    if path.with_name(path.name + BESIDE).exists():
        forms = [name for name in offered if not (FORMS[name].carries_record or FORMS[name].binary)]
        return [*forms, CSV_FOR_EXCEL] if "csv" in forms else forms
    forms = [name for name in offered if ending in FORMS[name].endings]
    if ending == ".json":
        content = json.loads(path.read_text(encoding="utf-8"))
        return forms if isinstance(content, dict) and "record" in content else []
    return forms


def as_then(again: Mapping[str, Any], recorded: Mapping[str, Any], *, law_is_another: bool) -> dict[str, Any]:
    """Return the record of a run made again as it stands in the file in hand, if that is what it says it is.

    When it was run, with what software, and what the law was then are as recorded: they are compared by themselves.
    """
    then = ["date", "software", *(["law", "regulations"] if law_is_another else [])]
    found = {**again, **{name: recorded[name] for name in then}}
    return found if "language" in recorded else {name: value for name, value in found.items() if name != "language"}


def differences(path: Path, forms: Sequence[str], make: Make, record: Mapping[str, Any]) -> list[str]:
    """Return where a file is another than the same made again: in the form that comes nearest."""
    content = path.read_bytes()
    found: list[list[str]] = []
    for form in forms:
        again = make(form, record)
        if content == again:
            return []
        found.append(list(_places(path.suffix.lower(), content, again)))
    return min(found, key=len, default=[])


def differences_of_record(text: str, again: Mapping[str, Any]) -> list[str]:
    """Return where a record alone is another than the same made again; of another version's, nothing can be told."""
    held = json.loads(text)
    if held.get("format") != again["format"]:
        return []
    mine, made = (dict(_leaves(of)) for of in (held, json.loads(json.dumps(again))))
    return [
        f"{place}: {texts.beside(mine.get(place), made.get(place))}"
        for place in dict.fromkeys([*made, *mine])
        if mine.get(place) != made.get(place)
    ]


def _leaves(content: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Yield each value that JSON holds, as text, with the way to it; of what is empty that it is."""
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    if not inside:
        yield path, json.dumps(content, ensure_ascii=False)
    for name, value in inside:
        yield from _leaves(value, f"{path}.{name}")


def saved_again_by(path: Path) -> str:
    """Return the name of the program that a workbook was saved by again; none for another file, or one of ours."""
    from openfisca_bergen_hbt.verify import workbooks

    return workbooks.program_of(path.read_bytes()) if path.suffix.lower() == ".xlsx" else ""


def _places(ending: str, content: bytes, again: bytes) -> Iterator[str]:
    if ending == ".xlsx":
        from openfisca_bergen_hbt.verify import workbooks

        try:
            yield from workbooks.differences(content, again)
        except (DataError, LookupError, ValueError, zipfile.BadZipFile, zlib.error):
            yield _(NOT_WHOLE)
    elif ending == ".parquet":
        import polars

        try:
            yield from _of_tables(content, again)
        except polars.exceptions.PolarsError:
            yield _(NOT_WHOLE)
    else:
        try:
            yield from texts.differences(content.decode(), again.decode())
        except UnicodeDecodeError:
            yield _(NOT_WHOLE)


def _of_tables(content: bytes, again: bytes) -> Iterator[str]:
    """Yield where two files of Parquet differ: columns, rows, what is said of them, or how they are written."""
    import io

    import polars

    mine, made = (polars.read_parquet(io.BytesIO(of)) for of in (content, again))
    said, said_again = (polars.read_parquet_metadata(io.BytesIO(of)) for of in (content, again))
    found = False
    for name in dict.fromkeys([*said_again, *said]):
        if name != "ARROW:schema" and said.get(name) != said_again.get(name):
            found = True
            yield _("metadata {name}: {both}").format(
                name=name, both=texts.beside(said.get(name), said_again.get(name))
            )
    if mine.schema != made.schema or mine.height != made.height:
        yield _("{rows} rows of {columns} in the file, {made_rows} of {made_columns}").format(
            rows=mine.height,
            columns=", ".join(mine.columns),
            made_rows=made.height,
            made_columns=", ".join(made.columns),
        )
        return
    for name in made.columns:
        for row in mine.select(polars.col(name).ne_missing(made[name]).arg_true()).to_series().to_list():
            found = True
            yield _("row {row}, column {name}: {both}").format(
                row=row + 1, name=name, both=texts.beside(str(mine[name][row]), str(made[name][row]))
            )
    if not found:
        yield _("the bytes are others: another program has written it, or something stands in it that no table shows")

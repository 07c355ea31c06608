"""The forms in which something can be written: how files end, what writes them, and where the record of a run is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from openfisca_bergen_hbt.analysis.asking import Asked
from openfisca_bergen_hbt.report.paper import Lines


@dataclass(frozen=True)
class Form:
    """A form."""

    endings: tuple[str, ...]
    #: The module and the function that write it, imported when they are asked for; empty where only audits have it.
    writer: str = ""
    #: The function of a subject that makes of a result what is written; where it has none, the result itself.
    made_by: str = "paper"
    binary: bool = False
    #: Whether it holds the record of the run; else a file beside it does.
    carries_record: bool = True
    #: Where in its text the record stands: a pattern, with the record's key left out; empty where it is read otherwise.
    record: str = ""
    #: Whether it says what population it is about.
    says_what_it_is: bool = True


#: CSV as a Norwegian Excel opens it: a form that is asked for by an option of its own.
CSV_FOR_EXCEL = "csv-for-excel"
FORMS = {
    "table": Form((".txt",), "screen.write", made_by="brief", carries_record=False),
    "text": Form((".txt",), "terminal.write", carries_record=False),
    "csv": Form((".csv",), "tidy.as_csv", made_by="as_figures", carries_record=False, says_what_it_is=False),
    CSV_FOR_EXCEL: Form((), "tidy.as_csv_for_excel", made_by="as_figures", carries_record=False, says_what_it_is=False),
    "json": Form((".json",), "outputs.as_json", made_by="as_json"),
    "parquet": Form((".parquet",), "tidy.as_parquet", made_by="as_tidy", binary=True),
    "markdown": Form((".md",), "markdown.write", record=r"```json {key}\n(.*?)\n```"),
    "yaml": Form((".yaml", ".yml"), "outputs.as_text", made_by="as_proposal", carries_record=False),
    "html": Form((".html", ".htm"), "html.write", record=r'<script type="application/json" id="{key}">(.*?)</script>'),
    "xlsx": Form((".xlsx",), "workbook.write", binary=True),
    "junit": Form((".xml",), record=r'<property name="{key}" value="(.*?)"'),
}
#: The forms in which an audit is written (``audit_forms``).
AUDIT_FORMS = ("text", "junit", "json", "markdown", "html")


def by_ending(names: Iterable[str]) -> dict[str, str]:
    """Return forms' names by the endings of their files."""
    return {ending: name for name in names for ending in FORMS[name].endings}


def content(name: str, subject: Any, asked: Asked, result: Any) -> Any:
    """Return what a form writes of a result: what its subject makes of it, else the result as JSON holds it.

    What is to be read first of an answer about own data stands first in it.
    """
    from openfisca_bergen_hbt.report.parts.caution import said_first  # takes its time to import

    made_by = FORMS[name].made_by
    if hasattr(subject, made_by):
        made = getattr(subject, made_by)(result)
    else:
        made = msgspec.to_builtins(result, str_keys=True) if made_by == "as_json" else result
    return said_first(made, asked, subject, result)


def as_json(content: Any, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return content that JSON can hold, with the record of the run where there is one."""
    if recorded:
        from openfisca_bergen_hbt.report.forms.provenance import mark

        marked = {"mark": said} if (said := mark(recorded)) else {}
        content = {**marked, **content, "record": recorded}
    by_name = content if isinstance(content, dict) else {}
    long = {name: value for name, value in by_name.items() if isinstance(value, Lines)}
    rest = {name: value for name, value in by_name.items() if name not in long} or content
    text = json.dumps(rest, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"
    for name, lines in long.items():
        text = b'{\n "%s": [\n  %s\n ],%s' % (name.encode(), b",\n  ".join(lines), text[1:])
    return text


def as_text(content: str, _recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return a text, whose record stands beside it."""
    return content.encode()


def write(name: str, content: Any, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return content (of ``content``, or a paper) in a form, with the record of its run where there is one."""
    module, function = FORMS[name].writer.split(".")
    written: bytes = getattr(import_module(f"{__package__}.{module}"), function)(content, recorded)
    return written


def beside(name: str, output: Path | None) -> list[Path]:
    """Return the file beside an output that holds its record, where the form can't."""
    from openfisca_bergen_hbt.provenance.record import BESIDE

    return [] if output is None or FORMS[name].carries_record else [output.with_name(output.name + BESIDE)]


def with_record(
    content: bytes, output: Path | None, records: Iterable[Path], recorded: Mapping[str, Any]
) -> dict[Path | None, bytes]:
    """Return what to write to each file, under None what goes to standard output: the content, and the record."""
    from openfisca_bergen_hbt.provenance.record import as_text

    return {output: content, **dict.fromkeys(records, as_text(recorded).encode())}

"""The forms in which something can be written: how files end, what writes them, and where the record of a run is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openfisca_bergen_hbt.analysis.comparison import Comparison
    from openfisca_bergen_hbt.report.paper import Paper


@dataclass(frozen=True)
class Form:
    """A form."""

    endings: tuple[str, ...]
    #: The module and the function that write it, imported when they are asked for; empty where only audits have it.
    writer: str = ""
    #: Whether it is every figure of a comparison, and not a paper.
    tidy: bool = False
    binary: bool = False
    #: Whether it holds the record of the run; else a file beside it does.
    carries_record: bool = True
    #: Where in its text the record stands: a pattern, with the record's key left out; empty where it is read otherwise.
    record: str = ""
    #: Whether it says what population it is about.
    says_what_it_is: bool = True


FORMS = {
    "table": Form((".txt",), "screen.write", carries_record=False),
    "text": Form((".txt",), "terminal.write", carries_record=False),
    "csv": Form((".csv",), "tidy.as_csv", tidy=True, carries_record=False, says_what_it_is=False),
    "json": Form((".json",), "tidy.as_json", tidy=True),
    "parquet": Form((".parquet",), "tidy.as_parquet", tidy=True, binary=True),
    "markdown": Form((".md",), "markdown.write", record=r"```json {key}\n(.*?)\n```"),
    "html": Form((".html", ".htm"), "html.write", record=r'<script type="application/json" id="{key}">(.*?)</script>'),
    "xlsx": Form((".xlsx",), "workbook.write", binary=True),
    "junit": Form((".xml",), record=r'<property name="{key}" value="(.*?)"'),
}


def by_ending(names: Iterable[str]) -> dict[str, str]:
    """Return forms' names by the endings of their files."""
    return {ending: name for name in names for ending in FORMS[name].endings}


def write(name: str, content: Paper | Comparison, recorded: Mapping[str, Any] | None = None) -> bytes:
    """Return a paper, or a comparison for a form of figures, with the record of its run where there is one."""
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

"""The forms in which a comparison can be written, by the ending of the file; each carries the record of its run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openfisca_bergen_hbt.analysis.comparison import Comparison


@dataclass(frozen=True)
class Form:
    """A form: the endings of its files, and what it can and can't do."""

    endings: tuple[str, ...]
    binary: bool = False
    #: Whether it holds the record of the run; else a file beside it does.
    carries_record: bool = True
    #: Whether it says what population it is about.
    says_what_it_is: bool = True


FORMATS = {
    "table": Form((".txt",), carries_record=False),
    "csv": Form((".csv",), carries_record=False, says_what_it_is=False),
    "json": Form((".json",)),
    "parquet": Form((".parquet",), binary=True),
    "markdown": Form((".md",)),
    "html": Form((".html", ".htm")),
    "xlsx": Form((".xlsx",), binary=True),
}


def by_ending(output: Path | None) -> str:
    """Return the form that a file's ending asks for; a table for none.

    Raises:
        ValueError: no form has the ending.
    """
    ending = output.suffix.lower() if output else ""
    if not ending:
        return "table"
    endings = {known: name for name, form in FORMATS.items() for known in form.endings}
    if ending not in endings:
        raise ValueError(f"'{output}': no form ends in {ending}. Give one of {', '.join(endings)}, or --format.")
    return endings[ending]


def files(form: Form, output: Path | None, record: Path | None) -> list[Path]:
    """Return the files that will be written: the output, the record asked for, and the record beside the output."""
    return [file for file in (output, _beside(form, output), record) if file]


def _beside(form: Form, output: Path | None) -> Path | None:
    from openfisca_bergen_hbt.provenance.record import BESIDE

    return None if output is None or form.carries_record else output.with_name(output.name + BESIDE)


def contents(
    compared: Comparison,
    form: Form,
    output: Path | None,
    record_file: Path | None,
    *,
    inputs: Mapping[str, Any],
    done: Callable[[], object] = lambda: None,
) -> dict[Path | None, bytes]:
    """Return what to write to each file; under None what goes to standard output.

    Args:
        compared: the comparison.
        form: how to write it.
        output: the file, None for standard output.
        record_file: where the record goes, if it was asked for.
        inputs: what the record says of the inputs (``record.inputs_of``).
        done: called when a regulation is finished, for a progress bar.
    """
    from openfisca_bergen_hbt.provenance import record

    report = _reporter(form)(compared)  # first: it rests on what it asks for, and not on all that the record holds
    recorded = record.record(compared, inputs, done)
    text = record.as_text(recorded).encode()
    written = {output: report(recorded)}
    for file in (record_file, _beside(form, output)):
        if file:
            written[file] = text
    return written


def _reporter(form: Form) -> Callable[[Comparison], Callable[[dict[str, Any]], bytes]]:
    """Return what prepares a report of a comparison, and then writes it with the run's record."""
    if form in (FORMATS["csv"], FORMATS["json"], FORMATS["parquet"]):
        from openfisca_bergen_hbt.report.forms import tidy

        write = {FORMATS["csv"]: tidy.as_csv, FORMATS["json"]: tidy.as_json, FORMATS["parquet"]: tidy.as_parquet}[form]
        return lambda compared: lambda recorded: write(compared, recorded)
    if form is FORMATS["table"]:
        from openfisca_bergen_hbt.report.forms import terminal

        return terminal.as_text
    from openfisca_bergen_hbt.report.subjects import comparison

    if form is FORMATS["markdown"]:
        from openfisca_bergen_hbt.report.forms import markdown

        return lambda compared: _with_content(comparison.report(compared), markdown.write)
    if form is FORMATS["html"]:
        from openfisca_bergen_hbt.report.forms import html

        return lambda compared: _with_content(comparison.report(compared), html.write)
    from openfisca_bergen_hbt.report.forms import workbook

    return lambda compared: _with_content(comparison.report(compared), workbook.write)


def _with_content(report: Any, write: Callable[[Any, dict[str, Any]], bytes]) -> Callable[[dict[str, Any]], bytes]:
    return lambda recorded: write(report, recorded)

"""``bergen-hbt verify``: a recorded run, run again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from openfisca_bergen_hbt.analysis.asking import written_frames
from openfisca_bergen_hbt.cli.console import progress, version_option
from openfisca_bergen_hbt.cli.data import (
    FILE,
    OPTIONS,
    READ_BY,
    DataOptions,
    data_in_files,
    data_options,
    expected_option,
)
from openfisca_bergen_hbt.cli.options import known
from openfisca_bergen_hbt.cli.writing import OutputFile, deliver, force_option, may_write
from openfisca_bergen_hbt.text.language import _, made_in, marked, speaking

if TYPE_CHECKING:
    from openfisca_bergen_hbt.provenance.record import AuditRecord, Record
    from openfisca_bergen_hbt.verify.rerun import Again

EXAMPLES = """
Examples:

\b
  bergen-hbt verify kjoering.json
  bergen-hbt verify rapport.html --data brukere.csv --units enheter.csv
  bergen-hbt verify arbeidspapir.html
  bergen-hbt verify rapport.html --requirements krav.txt
"""
#: How many amounts that differ are listed; the rest are counted.
LISTED = 20
DIFFERS = 1
#: How what differs of the run itself is said, by what it is of.
OF_THE_RUN = {
    "input": marked("input: {text}"),
    "law": marked("law: {text}"),
    "software": marked("software: {text}"),
}
PYTHON = "python"


@click.command(
    epilog=EXAMPLES,
    help=marked(
        "Run a recorded question or audit again, and say whether it comes out the same to the krone.\n\n"
        "FILE is a record (--record), or an output that carries one: this is made again, and every figure, text and "
        "picture in it is compared. A run on data of your own needs the same data (--data); an audit is run where its "
        "test files are found by the recorded paths. Exit code 0: the same. 1: the population, the result or the file "
        "is another. 2: it can't be run."
    ),
)
@click.argument("file", type=FILE)
@partial(data_options, options=(*OPTIONS, expected_option))
@click.option(
    "--requirements",
    type=OutputFile(),
    metavar="FILE",
    help=marked("Write for pip what the run was made with, and run nothing: pip install --requirement FILE."),
)
@force_option
@version_option
@click.pass_context
def verify(context: click.Context, file: Path, *, given: DataOptions, requirements: Path | None, force: bool) -> None:
    """Run a recorded question or audit again."""
    import msgspec

    from openfisca_bergen_hbt.provenance.record import AuditRecord  # what they need takes its time to import
    from openfisca_bergen_hbt.verify import rerun

    recorded = known(lambda: rerun.record_in(file))
    if requirements:
        may_write(read=[file])
        deliver(known(lambda: _requirements(recorded.software)), requirements, force=force)
        return
    if isinstance(recorded, AuditRecord):
        again, same = _audited_again(recorded, given, file), _("The same as recorded {date}: result {hash}")
    else:
        again, same = _asked_again(recorded, given, file), _("Same to the krone as recorded {date}: result {hash}")
    then = msgspec.to_builtins(recorded)
    by_kind: dict[str, list[str]] = {}
    found = rerun.differences(then, again.record)
    if not any(difference.kind in ("input", "result") for difference in found):  # which would stand in the file, too
        found += rerun.of_file(file, again, then, found)
    for difference in found:
        by_kind.setdefault(difference.kind, []).append(difference.text)
    for kind, message in OF_THE_RUN.items():
        for text in by_kind.get(kind, ()):
            click.echo(_(message).format(text=text))
    _list(_("The result is another:"), by_kind.get("result", []), _("… and {number} more amounts"))
    _list(_("The file is not what the run writes:"), by_kind.get("file", []), _("… and {number} more places"))
    if not by_kind.keys() & {"result", "file"}:
        click.echo(same.format(date=recorded.date, hash=again.record["result"]["hash"]))
        click.echo(_not_compared(file, again), err=True, nl=False)
    if by_kind.keys() & {"input", "result", "file"}:
        context.exit(DIFFERS)


def _not_compared(file: Path, again: Again) -> str:
    """Return what of a file that is the same could not be held against anything."""
    from openfisca_bergen_hbt.verify import in_hand

    if not again.forms:
        return _("This is a record alone: there is no report that could be compared.") + "\n"
    program = in_hand.saved_again_by(file)
    message = _(
        "Saved again by {program}: how it looks (colours, fonts, widths, kinds of charts, headers and prompts) was not "
        "compared."
    )
    return message.format(program=program) + "\n" if program else ""


def _requirements(software: Mapping[str, str]) -> str:
    """Return the packages of a record as pip reads them; Python itself, which pip does not install, as a comment.

    Raises:
        ValueError: what is no name or no version, and might tell pip something else.
    """
    for name, number in software.items():
        if not (re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) and re.fullmatch(r"[A-Za-z0-9.+!_-]+", number)):
            message = _("The record's software holds '{name}', which is no package with a version.")
            raise ValueError(message.format(name=name[:40]))
    lines = [f"{name}=={number}" for name, number in software.items() if name != PYTHON]
    return "\n".join([f"# python {software.get(PYTHON, '')}".rstrip(), *lines, ""])


def _list(heading: str, texts: Sequence[str], more: str) -> None:
    """List what differs, the first of many, under a heading; nothing where nothing does."""
    if texts:
        click.echo(heading)
    for text in texts[:LISTED]:
        click.echo(f"  {text}")
    if len(texts) > LISTED:
        click.echo("  " + more.format(number=len(texts) - LISTED))


def _audited_again(recorded: AuditRecord, given: DataOptions, file: Path) -> Again:
    """Return an audit of the recorded paths, made again."""
    from openfisca_bergen_hbt.audit import session
    from openfisca_bergen_hbt.report.forms import audit_forms, outputs
    from openfisca_bergen_hbt.report.subjects.audit import audited
    from openfisca_bergen_hbt.verify import in_hand, rerun

    if given != DataOptions():
        raise click.UsageError(_("An audit is of test files: give no data."))
    paths = [Path(path) for path in recorded.inputs.paths]
    with progress(_("Running the tests again")) as begin:
        found = known(lambda: made_in(recorded.spoken(), lambda: session.audit(paths, begin)))
    coverage = None
    if "coverage" in recorded.result:
        from openfisca_bergen_hbt.audit.coverage import survey

        with progress(_("Trying changes of the law again")) as begin, speaking(recorded.spoken()):
            coverage = survey(found, begin)
    with speaking(recorded.spoken()):
        report = audited(found, paths, coverage, recorded.result.get("depth"))
    forms = in_hand.forms_of(file, outputs.AUDIT_FORMS)

    def make(form: str, held: Mapping[str, Any]) -> bytes:
        with speaking(recorded.spoken()):
            return audit_forms.write(form, replace(report, record=dict(held)))

    return rerun.Again(dict(report.record), forms, make)


def _asked_again(recorded: Record, given: DataOptions, file: Path) -> Again:
    """Return a question, asked again; own files are read as they were, where nothing else is said."""
    from openfisca_bergen_hbt.report import questions
    from openfisca_bergen_hbt.verify import rerun

    request = recorded.request
    question = known(lambda: questions.question(request.question))
    of_users = question.is_of_users
    if not of_users and given != DataOptions():
        raise click.UsageError(_("{question} is not asked of users: give no data.").format(question=request.question))
    if request.population is not None and given != DataOptions():
        message = _("The run was on the embedded example '{name}': give no data.")
        raise click.UsageError(message.format(name=request.population))
    if of_users and request.population is None and given.data is None:
        raise click.UsageError(_("The run was on data of your own: give them with --data FILE (--units, --agency)."))
    said = {name: getattr(given, name) for name in ("frame", *READ_BY) if getattr(given, name) not in (None, ())}
    as_then = {name: getattr(request, name) for name in READ_BY}
    frames = () if given.agency else written_frames(request)
    files = replace(given, **{**as_then, "frame": frames, **said})
    takes_parts = "parts" in question.takes
    years = request.years or [request.year]
    users = (
        None
        if given.data is None
        else data_in_files(files, years, takes_parts=takes_parts, may_end_early="months" in question.takes)
    )
    with progress(_("Computing again")) as begin:
        return known(lambda: rerun.ask_again(recorded, file, users, begin))

"""``bergen-hbt audit``: test cases that test, what they would notice, parameter files, skeletons and a schema."""

from __future__ import annotations

import json
from pathlib import Path

import click

from openfisca_bergen_hbt.cli.console import progress
from openfisca_bergen_hbt.cli.numbers import number, whole
from openfisca_bergen_hbt.cli.options import known, regulation_option
from openfisca_bergen_hbt.cli.speech import without_language
from openfisca_bergen_hbt.cli.writing import (
    deliver,
    deliver_all,
    force_option,
    keeps_nothing,
    may_write,
    output_option,
)
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force, named
from openfisca_bergen_hbt.report.forms.outputs import AUDIT_FORMS
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.numbers import exact_percent, percent

EXAMPLES = """
Examples:

\b
  bergen-hbt audit tests
  bergen-hbt audit tests --format html --output arbeidspapir.html
  bergen-hbt audit --coverage tests
  bergen-hbt audit new enhet_kategoritildeling --output min_test.yaml
  bergen-hbt audit parameters
  bergen-hbt audit schema --output test-schema.json
"""
DEPTH = 2


class PathsOrCommand(click.Group):
    """A group that takes paths where no command is named: ``audit tests`` is ``audit run tests``."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Put ``run`` before paths and their options."""
        rest = without_language(arguments)
        if rest and rest[0] not in (*self.commands, "--help"):
            arguments = ["run", *arguments]
        return super().parse_args(context, arguments)

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of paths, too."""
        with formatter.section(_("Options of audit PATH…")):
            of_paths = self.commands["run"].get_params(context)
            formatter.write_dl([row for option in of_paths if (row := option.get_help_record(context))])
        super().format_options(context, formatter)


@click.group(
    cls=PathsOrCommand,
    no_args_is_help=True,
    epilog=EXAMPLES,
    help=marked(
        "Run test cases, and refuse those that could not fail, with audit PATH….\n\n"
        "PATH is a file of test cases in OpenFisca's own YAML, or a folder of such files; a folder or file of the name "
        "of a command is written ./new."
    ),
)
def audit() -> None:
    """Take a command, or paths."""


@audit.command(
    epilog=EXAMPLES,
    help=marked(
        "Run test cases in 64-bit floats, each against the regulation that it names.\n\n"
        "Exit code 0: something was tested, and all of it held. 1: a test did not hold, or too little is covered. "
        "2: a test was refused, a file can't be read, or a path matches no file."
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--coverage", "covers", is_flag=True, help=marked("Try small changes of the law: which would no test notice?")
)
@click.option(
    "--fail-under",
    type=number(0, 100),
    metavar="PERCENT",
    help=marked("With --coverage: end with 1 where less of the parameters, bounds, decisions or hinges is covered."),
)
@click.option(
    "--format",
    "written_as",
    type=click.Choice(AUDIT_FORMS),
    help=marked("How to write it. Default: by the ending of --output, else text."),
)
@click.option("--depth", type=whole(0), help=marked("Levels of an explanation. Default: 2 in text, else all."))
@output_option
@force_option
@click.pass_context
def run(
    context: click.Context,
    paths: tuple[Path, ...],
    *,
    covers: bool,
    fail_under: float | None,
    written_as: str | None,
    depth: int | None,
    output: Path | None,
    force: bool,
) -> None:
    """Run test cases."""
    from openfisca_bergen_hbt.audit import discovery, session
    from openfisca_bergen_hbt.audit.changes import REQUIRED
    from openfisca_bergen_hbt.report.forms import audit_forms, outputs
    from openfisca_bergen_hbt.report.subjects.audit import audited

    may_write(read=known(lambda: discovery.find(paths))[0])
    if fail_under is not None and not covers:
        raise click.UsageError(_("--fail-under is about --coverage: give both."))
    written_as = written_as or outputs.by_ending(AUDIT_FORMS).get(output.suffix.lower() if output else "", "text")
    with progress(_("Running the tests")) as begin:
        found = known(lambda: session.audit(list(paths), begin))
    coverage = None
    if covers:
        from openfisca_bergen_hbt.audit.coverage import survey

        with progress(_("Trying changes of the law")) as begin:
            coverage = survey(found, begin)
    levels = DEPTH if depth is None and written_as == "text" else depth
    content = audit_forms.write(written_as, audited(found, list(paths), coverage, levels))
    deliver_all({output: content}, force=force)
    code = found.exit_code
    if coverage and fail_under is not None:
        lowest = coverage.lowest(REQUIRED)
        if lowest < fail_under:
            message = _("Covered: {lowest}, and {asked} is asked for.")
            click.echo(message.format(lowest=percent(lowest / 100), asked=exact_percent(fail_under / 100)), err=True)
            code = code or session.SOMETHING_FAILED
    context.exit(code)


@audit.command(
    epilog="Examples:\n\n\b\n  bergen-hbt audit new enhet_kategoritildeling --output min_test.yaml\n",
    help=marked(
        "Write a commented test case of a variable, to complete: it runs, and does not hold before you have.\n\n"
        "The expected values are placeholders that are never right: an expected value is worked out by hand or from "
        "the sources, and not copied from the model."
    ),
)
@click.argument("variable")
@regulation_option
@click.option(
    "--period", metavar="PERIOD", help=marked("Year or month that it is asked for. Default: 2019, or its first after.")
)
@output_option
@force_option
def new(variable: str, *, regulation: str | None, period: str | None, output: Path | None, force: bool) -> None:
    """Write a test case to complete."""
    from openfisca_bergen_hbt.audit import skeleton
    from openfisca_bergen_hbt.text.periods import WRITE, period_in

    asked = period_in(period) if period else None
    if period and asked is None:
        message = _("--period: the text '{text}' is no period. {write}")
        raise click.UsageError(message.format(text=period, write=_(WRITE)))
    version = known(lambda: named(regulation)) if regulation else in_force()
    text = known(lambda: skeleton.new(variable, SYSTEMS, version, [asked] if asked else []))
    deliver(text, output, force=force)
    if not keeps_nothing(output):
        click.echo(_("{file}: complete it, and run it with bergen-hbt audit {file}").format(file=output), err=True)


@audit.command(
    epilog="Examples:\n\n\b\n  bergen-hbt audit parameters\n",
    help=marked(
        "Check parameter files: the law's own, or those of PATH.\n\n"
        "Exit code 0: nothing is wrong. 2: something is, or PATH matches no file."
    ),
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.pass_context
def parameters(context: click.Context, path: Path | None) -> None:
    """Check parameter files."""
    from openfisca_bergen_hbt.audit.parameter_files import check
    from openfisca_bergen_hbt.grunnregelverk import folder

    files, faults = known(lambda: check(path or folder("parameters")))
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        message = _("{faults} faults in {faulty} of {files} files.")
        faulty = len({fault.file for fault in faults})
        click.echo(message.format(faults=len(faults), faulty=faulty, files=len(files)), err=True)
        context.exit(2)
    click.echo(_("{files} parameter files are in order.").format(files=len(files)))


@audit.command(
    epilog="Examples:\n\n\b\n  bergen-hbt audit schema --output test-schema.json\n",
    help=marked(
        "Write a JSON Schema of test cases, by which an editor completes names and marks mistakes.\n\n"
        "Editors with a YAML language server take it from a file's first line: # yaml-language-server: $schema=FILE"
    ),
)
@output_option
@force_option
def schema(*, output: Path | None, force: bool) -> None:
    """Write a JSON Schema of test cases."""
    from openfisca_bergen_hbt.audit import schema as generated

    text = json.dumps(generated.schema_of_cases(), ensure_ascii=False, indent=1) + "\n"
    deliver(text, output, force=force)

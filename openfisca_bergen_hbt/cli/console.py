"""What commands share: the terminal, progress, files and errors."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from openfisca_bergen_hbt.grunnregelverk import DISTRIBUTION
from openfisca_bergen_hbt.report import document
from openfisca_bergen_hbt.report.document import WIDTH, rendered
from openfisca_bergen_hbt.report.forms import files

if TYPE_CHECKING:
    from rich.console import RenderableType

    from openfisca_bergen_hbt.report.document import Document

force_option = click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write to.",
)
version_option = click.version_option(package_name=DISTRIBUTION, message="%(version)s")


def show(content: RenderableType) -> None:
    """Print to the terminal, with colour and at its width (but no narrower than a table); to a pipe, as plain text."""
    from rich.console import Console

    if sys.stdout.isatty():
        colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
        Console(width=max(WIDTH, Console().width), color_system=colours).print(content)
    else:
        click.echo(rendered(content).encode(), nl=False)


def document_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that writes a document its options."""
    for option in (
        force_option,
        output_option,
        click.option(
            "--format",
            "written_as",
            type=click.Choice(["text", "json", "markdown"]),
            default="text",
            show_default=True,
            help="How to write it.",
        ),
    ):
        command = option(command)
    return command


def emit(report: Document, content: object, written_as: str, output: Path | None, *, force: bool) -> None:
    """Write a document as text or Markdown, or its content as JSON, to the terminal or a file."""
    if written_as == "json":
        deliver(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", output, force=force)
    elif written_as == "markdown":
        deliver(document.to_markdown(report), output, force=force)
    elif output:
        deliver(rendered(document.to_rich(report)), output, force=force)
    else:
        show(document.to_rich(report))


def needs(library: str, installed: bool) -> None:  # noqa: FBT001 (said at the call)
    """Refuse a command whose library is not installed.

    Raises:
        click.UsageError: it is not.
    """
    if not installed:
        raise click.UsageError(f"This needs {library}. Install it: pip install '{DISTRIBUTION}[analysis]'")


def may_write(output: Path | None, *, force: bool) -> None:
    """Refuse a file that exists, before any work is done.

    Raises:
        click.BadParameter: the file exists and ``force`` is off.
    """
    if output and output.exists() and not force:
        raise click.BadParameter(files.exists_already(output), param_hint="--output")


def deliver(text: str, output: Path | None, *, force: bool) -> None:
    """Write text to a file, or to standard output where none is given; in UTF-8 either way.

    Raises:
        click.BadParameter: the file exists and ``force`` is off, or it can't be written.
    """
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    deliver_bytes(text.encode(), output, force=force)


def deliver_bytes(content: bytes, output: Path, *, force: bool) -> None:
    """Write a file.

    Raises:
        click.BadParameter: the file exists and ``force`` is off, or it can't be written.
    """
    deliver_all({output: content}, force=force)


def deliver_all(contents: Mapping[Path, bytes], *, force: bool) -> None:
    """Write files, all of them or none.

    Raises:
        click.BadParameter: a file exists and ``force`` is off, or can't be written.
    """
    for output in contents:
        may_write(output, force=force)
    try:
        files.write_all(contents)
    except OSError as error:
        name = error.filename2 or error.filename or next(iter(contents))
        raise click.BadParameter(f"'{name}' can't be written: {error.strerror}.", param_hint="--output") from None


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], object]]:
    """Show a progress bar on a terminal, and none in a pipe.

    Yields:
        What to call for each finished part.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)

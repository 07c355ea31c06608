"""What commands share: the terminal, progress, files and errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from openfisca_bergen_hbt.grunnregelverk import DISTRIBUTION
from openfisca_bergen_hbt.report.forms import files

if TYPE_CHECKING:
    from rich.console import RenderableType

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

    from openfisca_bergen_hbt.report.forms.terminal import LEAST_WIDTH, plain

    if sys.stdout.isatty():
        colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
        Console(width=max(LEAST_WIDTH, Console().width), color_system=colours).print(content)
    else:
        click.echo(plain(content), nl=False)


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
    deliver_all({output: text.encode()}, force=force)


def deliver_all(contents: Mapping[Path | None, bytes], *, force: bool) -> None:
    """Write files, all of them or none; what stands under None goes to standard output.

    Raises:
        click.BadParameter: a file exists and ``force`` is off, or can't be written.
    """
    to_files = {output: content for output, content in contents.items() if output}
    for output in to_files:
        may_write(output, force=force)
    if None in contents:
        click.echo(contents[None], nl=False)
    try:
        files.write_all(to_files)
    except OSError as error:
        name = error.filename2 or error.filename or next(iter(to_files))
        raise click.BadParameter(f"'{name}' can't be written: {error.strerror}.", param_hint="--output") from None


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], Callable[[], object]]]:
    """Show a progress bar on a terminal, and none in a pipe.

    Yields:
        What to call with the number of parts; it returns what to call for each finished part.
    """
    if not sys.stderr.isatty():
        yield lambda _parts: lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with ExitStack() as shown:
        bars: list[Progress] = []

        def begin(parts: int) -> Callable[[], object]:
            if not bars:  # what is done at once shows none
                bars.append(shown.enter_context(Progress(console=Console(stderr=True), transient=True)))
            task = bars[0].add_task(what, total=parts)
            return lambda: bars[0].advance(task)

        yield begin

"""What commands share: the terminal and progress."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from openfisca_bergen_hbt.grunnregelverk import DISTRIBUTION
from openfisca_bergen_hbt.text.language import _, marked, of_system

if TYPE_CHECKING:
    from rich.console import RenderableType

version_option = click.version_option(package_name=DISTRIBUTION, message="%(version)s")
#: The exit code where something can't be done.
USAGE = 2


class _Closed(io.RawIOBase):
    """A stream that the caller has closed: writing to it is an error, where Python's own says nothing."""

    def writable(self) -> bool:
        """Return that writing can be tried."""
        return True

    def write(self, _content: Any) -> int:
        """Refuse what is written."""
        raise OSError(errno.EBADF, marked("it is closed"))


@contextmanager
def standard_streams() -> Iterator[None]:
    """Write UTF-8 whatever the locale, and say in a line, with exit code 2, when standard output is full or closed.

    Raises:
        SystemExit: something was not written.
    """
    nowhere = Path(os.devnull)
    sys.stdout = sys.stdout or io.TextIOWrapper(_Closed(), write_through=True)
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # also a file's name that is not UTF-8
    try:
        yield
    except OSError as error:
        told = {"file": error.filename, "why": of_system(error)}
        of_file, of_output = _("'{file}' can't be written: {why}."), _("standard output can't be written: {why}.")
        message = (of_file if error.filename else of_output).format(**told)
        sys.stdout = nowhere.open("w", encoding="utf-8")  # what it holds is not tried again at the end
        with suppress(OSError):
            click.echo(_("Error: {message}").format(message=message), err=True)
        sys.exit(USAGE)


def show(content: RenderableType) -> None:
    """Print to the terminal, with colour and at its width (but no narrower than a table); to a pipe, as plain text."""
    from openfisca_bergen_hbt.report.forms.terminal import LEAST_WIDTH, TextConsole, plain

    if sys.stdout.isatty():
        colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
        TextConsole(width=max(LEAST_WIDTH, TextConsole().width), color_system=colours).print(content)
    else:
        click.echo(plain(content), nl=False)


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

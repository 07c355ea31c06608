"""``bergen-hbt serve``: the API and the page."""

from __future__ import annotations

import re
from dataclasses import replace

import click

from openfisca_bergen_hbt.cli.numbers import whole
from openfisca_bergen_hbt.cli.options import known
from openfisca_bergen_hbt.text.language import _, marked, of_system

MEBIBYTE = 2**20
OK = 200
#: What is looked at with --check: a page, its style and script, a chart, the specification and the page to read it.
CHECKED = (
    "/",
    "/fil/page.css",
    "/fil/page.js",
    "/diagram/change.svg",
    "/spec",
    "/docs",
    "/docs/swagger-ui.css",
    "/health",
)


def _path(_context: click.Context, _option: click.Parameter, text: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", text):
        message = _("'{text}' is no path. Write it as /hbt, without a slash at its end.")
        raise click.BadParameter(message.format(text=text))
    return text


def _names(_context: click.Context, _option: click.Parameter, names: tuple[str, ...]) -> frozenset[str]:
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", name):
            message = _("'{name}' is no name of a host. Write it as hbt.example.kommune.no, without a port.")
            raise click.BadParameter(message.format(name=name))
    return frozenset(map(str.lower, names))


@click.command(
    epilog="Examples:\n\n\b\n  bergen-hbt serve --check\n",
    help=marked(
        "Serve the API and the page, on this machine alone unless told otherwise.\n\n"
        "It has no sign-in: put it behind a reverse proxy that has one before others can reach it (see "
        "docs/server.md)."
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=marked("Address to listen on."))
@click.option("--port", type=whole(1, 65535), default=5000, show_default=True, help=marked("Port to listen on."))
@click.option("--workers", type=whole(1, 64), default=1, show_default=True, help=marked("Processes that answer."))
@click.option(
    "--threads",
    type=whole(1, 64),
    help=marked("Requests that each works on at once. Default: 4; 1 with several workers."),
)
@click.option(
    "--worker-memory",
    type=whole(16, 1_048_576),
    default=1024,
    show_default=True,
    help=marked("How much each of several workers may grow by, in MiB, before another takes its place."),
)
@click.option("--max-body", type=whole(1, 1024), default=16, show_default=True, help=marked("Longest body, in MiB."))
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help=marked("Another site whose pages may call the API (https://other.example); may be repeated."),
)
@click.option(
    "--host-name",
    "host_names",
    multiple=True,
    callback=_names,
    metavar="NAME",
    help=marked("A name under which others call it (hbt.example.kommune.no), beside localhost; may be repeated."),
)
@click.option(
    "--prefix", default="", callback=_path, metavar="PATH", help=marked("Path under which a proxy serves it: /hbt.")
)
@click.option("--no-access-log", is_flag=True, help=marked("Write no line for each request."))
@click.option("--check", is_flag=True, help=marked("Only see that everything is in place, and stop."))
def serve(
    *,
    host: str,
    port: int,
    workers: int,
    threads: int | None,
    worker_memory: int,
    max_body: int,
    origins: tuple[str, ...],
    host_names: frozenset[str],
    prefix: str,
    no_access_log: bool,
    check: bool,
) -> None:
    """Serve the API and the page."""
    from openfisca_bergen_hbt.web import workers as several
    from openfisca_bergen_hbt.web.serve import serve as run
    from openfisca_bergen_hbt.web.server import Processes
    from openfisca_bergen_hbt.web.settings import Settings, origin_in

    named = known(lambda: frozenset(map(origin_in, origins)))
    listened = frozenset({host.lower()})
    settings = Settings(
        max_body * MEBIBYTE,
        origins=named,
        host_names=host_names | listened,
        prefix=prefix,
        access_log=not no_access_log,
    )
    if check:
        from openfisca_bergen_hbt.web.app import create_app

        client = create_app(replace(settings, access_log=False)).test_client()
        for route in CHECKED:
            status = client.get(route).status_code
            if status != OK:
                message = _("{route} is answered with {status}: the installation is not whole.")
                raise click.ClickException(message.format(route=route, status=status))
        click.echo(client.get("/health").get_data(as_text=True))
        return
    if workers > 1 and not several.possible():
        click.echo(_("Processes can't be forked on this system: one answers alone."), err=True)
        workers = 1
    processes = Processes(workers, threads or (4 if workers == 1 else 1), worker_memory * MEBIBYTE)
    click.echo(_("{address} – stop it with Ctrl-C").format(address=f"http://{host}:{port}{prefix}/"), err=True)
    try:
        run(host, port, settings, processes)
    except OSError as error:
        message = _("{host}:{port} can't be listened on: {why}.")
        raise click.UsageError(message.format(host=host, port=port, why=of_system(error))) from None

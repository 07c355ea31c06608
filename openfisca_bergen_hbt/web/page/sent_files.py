"""Files that were sent: kept in memory, and refused where they would unfold into far more than was sent."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Request

from openfisca_bergen_hbt.intake.reading import unfolds_too_far
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api.errors import RequestError

#: The files of the form, by the name of their field.
FIELDS = ("brukere", "enheter", "etater")
#: How many rows a Parquet file may have here: fewer than on a machine of one's own.
MOST_ROWS = 2_000_000


@dataclass(frozen=True)
class Sent:
    """A file that was sent."""

    name: str
    content: bytes

    def read_bytes(self) -> bytes:
        """Return what is in it."""
        return self.content


class InMemory(Request):
    """A request whose files are kept in memory, and never written to the disk."""

    def make_form_data_parser(self) -> Any:
        """Return Werkzeug's parser, with a place in memory for each file."""
        parser = super().make_form_data_parser()
        parser.stream_factory = lambda *_arguments, **_named: io.BytesIO()
        return parser


def users_with(request: Request) -> dict[str, Sent]:
    """Return the users that a form sends, with the files that go with them, by the name of their field.

    Raises:
        RequestError: no users, a file that would not be used, or one that unfolds into more than the server takes.
    """
    found: dict[str, Sent] = {}
    for name, field in request.files.items(multi=True):
        sent = Sent(field.filename or "", field.read())
        if not (sent.name or sent.content):  # a field in which none is chosen
            continue
        if name not in FIELDS:
            raise RequestError(_("There is no field '{name}' for files.").format(name=name[:60]))
        if name in found:
            raise RequestError(_("The field '{name}' has several files. Send one.").format(name=name))
        found[name] = sent
    if "brukere" not in found:
        lacking = _("The file of users is missing. Attach it, and choose anew.")
        unused = _("'{file}' is not used without them.")
        raise RequestError(" ".join([lacking, *(unused.format(file=file.name[:60]) for file in found.values())]))
    for file in found.values():
        if unfolds_too_far(file.content, MOST_ROWS):
            message = _("{file}: the file unfolds into more than the server takes. Send the columns that are needed.")
            raise RequestError(message.format(file=file.name))
    return found

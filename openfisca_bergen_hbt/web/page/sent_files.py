"""Files that were sent: kept in memory, and refused where they would unfold into far more than was sent."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Request

from openfisca_bergen_hbt.analysis.asking import read_frames
from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.reading import unfolds_too_far
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api.errors import RequestError

#: The files of the form, by the name of their field.
FIELDS = ("brukere", "enheter", "etater")
#: Those that the pages of questions take besides: extra money by month; and expected users, where a question does.
EXTRA, EXPECTED = "tillegg", "ventet"
#: How the fields of files begin that hold the value of an option.
OF_OPTION = "fil."
#: How many rows a Parquet file may have here: fewer than on a machine of one's own.
MOST_ROWS = 2_000_000


#: A field that is ticked where what can be published is all that is to be shown.
PUBLIC = "offentlig"
#: Fields that say how the files are to be read, and their frame; how those begin that say what a heading stands for.
OF_FILES = ("ramme", "ark", "behold", "koding", "desimal", PUBLIC)
COLUMN = "kolonne."
#: What may be said of the decimal mark; nothing is as found.
DECIMALS = (None, "comma", "point")


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


def files_with(sent: Mapping[str, Sent], told: Mapping[str, str]) -> tuple[Files, dict[str, Any]]:
    """Return files that were sent with what a form says of them, and what a request says of these.

    Args:
        sent: the files, by the name of their field.
        told: the fields that are about them (``OF_FILES``, and those that begin with ``COLUMN``).

    Raises:
        RequestError: a frame that is no amount, or something that is no decimal mark.
    """
    frame = told.get("ramme", "")
    try:
        frames = read_frames([frame] if frame else [])
    except ValueError:
        message = _("The frame '{text}' is no amount. Write whole kroner, such as 1021686820.")
        raise RequestError(message.format(text=frame)) from None
    if (decimal := told.get("desimal") or None) not in DECIMALS:
        raise RequestError(_("'{text}' is no decimal mark. Choose one of the list.").format(text=str(decimal)[:20]))
    called = {name.removeprefix(COLUMN): column for name, column in told.items() if name.startswith(COLUMN) and column}
    how: dict[str, Any] = {
        "encoding": told.get("koding") or None,
        "decimal": decimal,
        "sheet": told.get("ark") or None,
        "keep": tuple(filter(None, (name.strip() for name in told.get("behold", "").split(";")))),
        "columns": tuple(f"{heading}={column}" for heading, column in called.items()),
    }
    users, units, agencies, expected = (sent.get(name) for name in (*FIELDS, EXPECTED))
    assert users  # noqa: S101 (users_with refuses other files without them)
    said = {**frames, **how, **({"public": True} if told.get(PUBLIC) else {})}
    return Files(users, units, agencies, **frames, written=Written(**how), expected=expected), said


def told_in(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form that are about its files."""
    about = (name for name in fields if name in OF_FILES or name.startswith(COLUMN))
    return {name: fields[name].strip() for name in about}


def users_with(request: Request) -> dict[str, Sent]:
    """Return the users that a form sends, with the files that go with them, by the name of their field.

    Raises:
        RequestError: no users, a file that would not be used, or one that unfolds into more than the server takes.
    """
    found = files_of(request, FIELDS)
    refuse_without_users(found)
    return found


def refuse_without_users(found: Mapping[str, Sent]) -> None:
    """Refuse files that go with users, without them.

    Raises:
        RequestError: there are no users.
    """
    if "brukere" not in found:
        lacking = _("The file of users is missing. Attach it, and choose anew.")
        unused = _("'{file}' is not used without them.")
        raise RequestError(" ".join([lacking, *(unused.format(file=file.name[:60]) for file in found.values())]))


def files_of(request: Request, fields: Collection[str]) -> dict[str, Sent]:
    """Return the files that a form sends, by the name of their field.

    Raises:
        RequestError: a file in another field, several in one, or one that unfolds into more than the server takes.
    """
    found: dict[str, Sent] = {}
    for name, field in request.files.items(multi=True):
        sent = Sent(field.filename or "", field.read())
        if not (sent.name or sent.content):  # a field in which none is chosen
            continue
        if name not in fields:
            raise RequestError(_("There is no field '{name}' for files.").format(name=name[:60]))
        if name in found:
            raise RequestError(_("The field '{name}' has several files. Send one.").format(name=name))
        found[name] = sent
    for file in found.values():
        if unfolds_too_far(file.content, MOST_ROWS):
            message = _("{file}: the file unfolds into more than the server takes. Send the columns that are needed.")
            raise RequestError(message.format(file=file.name))
    return found

"""How the server is set: limits that a request can't pass, and who may call it from another site."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api.situations import Limits

MEBIBYTE = 2**20
#: The ports that a browser leaves out.
USUAL_PORTS = {"http": 80, "https": 443}


def origin_in(text: str) -> str:
    """Return the origin that an address names, as browsers send it: in small letters, without a usual port or a slash.

    Raises:
        ValueError: a text that names no origin, or names all of them.
    """
    try:
        found = urlsplit(text)
        port, host = found.port, (found.hostname or "").encode("idna").decode()
    except ValueError:  # a port beyond ports, a bracket that is not closed, a host that has no name
        found, port, host = urlsplit(""), None, ""
    rest = f"{found.path.removeprefix('/')}{found.query}{found.fragment}"
    of_browsers = re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", host)
    if found.scheme not in USUAL_PORTS or not of_browsers or rest or "@" in found.netloc or text != text.strip():
        message = _("'{text}' is no origin: give the scheme and the host of one site, https://other.example.")
        raise ValueError(message.format(text=text))
    host = f"[{host}]" if ":" in host else host
    return f"{found.scheme}://{host}" + (f":{port}" if port not in (None, USUAL_PORTS[found.scheme]) else "")


@dataclass(frozen=True)
class Settings:
    """The settings of a server."""

    #: How long a body may be, in bytes.
    most_bytes: int = 16 * MEBIBYTE
    limits: Limits = field(default_factory=Limits)
    #: The origins of other sites whose pages may call the API, as browsers send them (``origin_in``); none by default.
    origins: frozenset[str] = frozenset()
    #: The names, beside localhost and addresses in numbers, under which it may be called, in small letters.
    host_names: frozenset[str] = frozenset()
    #: The path under which a proxy serves it to others, such as ``/hbt``; none by default.
    prefix: str = ""
    #: Whether each request is written to standard error, without its body and without names.
    access_log: bool = True

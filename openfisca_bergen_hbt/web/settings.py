"""How the server is set: limits that a request can't pass, and who may call it from another site."""

from __future__ import annotations

from dataclasses import dataclass, field

from openfisca_bergen_hbt.web.api.situations import Limits

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Settings:
    """The settings of a server."""

    #: How long a body may be, in bytes.
    most_bytes: int = 16 * MEBIBYTE
    limits: Limits = field(default_factory=Limits)
    #: The origin of another site whose pages may call the API; none by default.
    origin: str = ""
    #: Whether each request is written to standard error, without its body and without names.
    access_log: bool = True

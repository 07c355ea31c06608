"""Who may call: pages of our own, those of sites that are named, and programs; under names that are ours."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, request

from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api.errors import RequestError
from openfisca_bergen_hbt.web.settings import USUAL_PORTS, Settings

FORBIDDEN, MISDIRECTED = 403, 421


def refuse_strangers(app: Flask, settings: Settings) -> None:
    """Refuse requests under a name that is not ours, and those that pages of other sites make.

    A page of another site in the same browser may send what it likes to this machine, and reads the answers where its
    own name leads here.
    """

    @app.before_request
    def checked() -> None:
        # a request without the header is of no browser
        if (sent := request.headers.get("Host")) is not None and not _is_ours(sent, settings.host_names):
            raise RequestError(
                _(
                    "This server is not known under the name in 'Host'. Start it with --host-name NAME where it should "
                    "be."
                ),
                status=MISDIRECTED,
            )
        if _is_foreign(sent or "") and request.headers.get("Origin") not in settings.origins:
            raise RequestError(
                _("Pages of other sites may not call this server. Start it with --origin SITE where one should."),
                status=FORBIDDEN,
            )


def _host_in(netloc: str) -> str:
    """Return the host of an address, without its port; an empty text for what is none."""
    try:
        found = urlsplit(f"//{netloc}")
        whole = found.netloc == netloc and "@" not in netloc and found.port != 0
    except ValueError:  # a port or a bracket that is none
        return ""
    return found.hostname or "" if whole else ""


def _is_ours(netloc: str, named: frozenset[str]) -> bool:
    """Return whether it is this machine, an address in numbers, which no name can lead to, or a name that was given."""
    host = _host_in(netloc)
    if host in {"localhost", *named}:
        return True
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _is_foreign(own: str) -> bool:
    """Return whether a page of another site makes the request; to follow a link from one is no such thing."""
    origin = request.headers.get("Origin")
    if origin is None:
        told = request.headers.get("Sec-Fetch-Site", "none")
        return told not in {"none", "same-origin"} and request.headers.get("Sec-Fetch-Mode") != "navigate"
    scheme, _, netloc = origin.partition("://")
    # the scheme is the proxy's, and may not have been passed on
    usual = f":{USUAL_PORTS.get(scheme, 0)}"
    return not netloc or netloc.removesuffix(usual) != own.lower().removesuffix(usual)

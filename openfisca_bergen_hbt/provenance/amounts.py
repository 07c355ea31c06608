"""The amounts in a record: as they are where they are few, packed where they would be most of a report."""

from __future__ import annotations

import base64
import json
import zlib

import msgspec

from openfisca_bergen_hbt.analysis.asking import Kroner
from openfisca_bergen_hbt.text.language import _

#: More amounts than these are packed; some thousand are read as they are.
MOST_UNPACKED = 5_000
#: How large an unpacked text may be, in bytes: a small file can't fill the memory of who verifies it.
LARGEST = 2**30


def packed(kroner: Kroner) -> Kroner | str:
    """Return amounts as a record holds them: as they are, or as text where they are many.

    The text is base64 of zlib of JSON, in which the amounts of a name stand together, by variable and regulation: they
    are alike, and so take little.
    """
    if sum(len(by_name) for by_name in kroner.values()) <= MOST_UNPACKED:
        return kroner
    by_name: dict[str, dict[str, dict[str, int]]] = {}
    for regulation, amounts in kroner.items():
        for name, of_variables in amounts.items():
            for variable, amount in of_variables.items():
                by_name.setdefault(name, {}).setdefault(variable, {})[regulation] = amount
    # a regulation without amounts has no place among the names
    text = json.dumps([list(kroner), by_name], ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode())).decode()


def unpacked(held: Kroner | str) -> Kroner:
    """Return amounts that a record holds, whichever way.

    Raises:
        msgspec.ValidationError: a text that ``packed`` did not make.
    """
    if not isinstance(held, str):
        return held
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(base64.b64decode(held, validate=True), LARGEST)
        regulations, by_name = msgspec.json.decode(text if reader.eof else b"", type=tuple[list[str], Kroner])
    except (ValueError, zlib.error, msgspec.DecodeError):
        raise msgspec.ValidationError(_("the packed amounts are damaged - at `$.result.kroner`")) from None
    kroner: Kroner = {regulation: {} for regulation in regulations}
    for name, of_variables in by_name.items():
        for variable, amounts in of_variables.items():
            for regulation, amount in amounts.items():
                kroner.setdefault(regulation, {}).setdefault(name, {})[variable] = amount
    return kroner

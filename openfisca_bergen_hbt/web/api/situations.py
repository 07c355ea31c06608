"""The situation of a request: its names and size checked, and faults told with the way to them in the body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openfisca_bergen_hbt.situation import Situation, reader
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api.errors import BAD, NOT_FOUND, RequestError

#: The characters that no name may hold: they divide the paths of answers and logs.
FORBIDDEN = frozenset("/\\") | {chr(code) for code in range(32)} | {chr(127)}
LONGEST_NAME = 200


@dataclass(frozen=True)
class Limits:
    """How much a request may ask for."""

    users: int = 100_000
    groups: int = 20_000
    #: Different variables and periods, given or asked for.
    values: int = 2_000
    years: int = 40
    #: Values in a trace.
    traced: int = 2_000_000
    #: Units times regulations in a comparison: each is some two hundred figures.
    compared: int = 2_000
    #: Units times regulations times draws: some seconds.
    drawn: int = 200_000


def situation_in(body: dict[str, Any], system: Any, limits: Limits) -> Situation:
    """Return a request's situation.

    Raises:
        RequestError: something that is no situation, or one that core would fill in or lose a part of.
    """
    for plural, instances in body.items():
        if isinstance(instances, dict):
            most = limits.users if plural == system.person_entity.plural else limits.groups
            if len(instances) > most:
                message = _("There are {number} {plural}, and at most {most} may be sent.")
                raise RequestError(message.format(number=len(instances), plural=plural, most=most), [plural])
            _refuse_names(plural, instances)
    return reader.read_situation(body, system, _Door(limits))


class _Door(reader.Door):
    """Raises the first fault as the answer to a request."""

    asks = True

    def __init__(self, limits: Limits) -> None:
        self.values, self.years = limits.values, limits.years

    def fault(self, path: Sequence[str], message: str, kind: str = reader.VALUE) -> None:
        raise RequestError(message, path, NOT_FOUND if kind == reader.UNKNOWN else BAD)


def _refuse_names(plural: str, names: Iterable[str]) -> None:
    for name in names:
        if not name.strip() or len(name) > LONGEST_NAME or not FORBIDDEN.isdisjoint(name):
            message = _(
                "'{name}': a name is not empty, holds no slashes or control characters, and at most {most} characters."
            )
            raise RequestError(message.format(name=name[:40], most=LONGEST_NAME), [plural, name[:40]])

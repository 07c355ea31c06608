"""What two records differ in beside their amounts: what was asked, what it was run on, the law, and the software."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """Something that is otherwise in another record; None where one of them has none."""

    #: ``input``, ``parameters``, ``rules``, ``decision``, ``software``, ``request`` or ``option``.
    kind: str
    #: The part of the inputs, the decision, the package, or the key of the request or of its options.
    part: str
    then: Any
    now: Any


def of_inputs(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the parts of what two runs were run on that are others."""
    yield from _of_keys("input", then["inputs"]["hashes"], now["inputs"]["hashes"])


def of_law(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield which of the law's numbers, rules and decisions are others."""
    before, after = then["law"], now["law"]
    yield from (Difference(part, "", None, None) for part in ("parameters", "rules") if before[part] != after[part])
    yield from _of_keys("decision", before["decisions"], after["decisions"])


def of_software(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield the packages that the first was run with, and the second with another version of, or without."""
    before, after = then["software"], now["software"]
    yield from _of_keys("software", before, {name: number for name, number in after.items() if name in before})


def of_requests(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what was asked for otherwise, of what all questions share and of the question's own options."""
    before, after = dict(then["request"]), dict(now["request"])
    options = [request.pop("options") for request in (before, after)]
    yield from _of_keys("option", *options)
    yield from _of_keys("request", before, after)


def _of_keys(kind: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for part in dict.fromkeys([*then, *now]):
        if then.get(part) != now.get(part):
            yield Difference(kind, part, then.get(part), now.get(part))

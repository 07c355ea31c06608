"""Scenarios in an address: each a name, and after it what its regulation is, with a ``~`` between the parts.

``Større reserve~2021-12~lesning_t05_skjoenn~uten.vedtak_2019_09_politisk_plattform~reserve.andel=0.04@2019-01-01``: the
parts are a regulation, readings, decisions left out, numbers with the day that each holds from (and, after ``..``, to),
shipped proposals (``forslag.stoerre_reserve``), and other proposals as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.scenarios import Inline, Scenario
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.values import beyond_doubt, read_value
from openfisca_bergen_hbt.regelverk import applied_like_readings
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.typed import of_msgspec

#: What stands between the parts; how the parts begin that are no readings, numbers or regulations.
BETWEEN, LEFT_OUT, SHIPPED, INLINE = "~", "uten.", "forslag.", "{"
#: How the ids of readings, and of alternatives, begin.
READING = re.compile(r"(lesning|alternativ)_")
#: A number of a scenario.
NUMBER = re.compile(r"(?P<name>[\w.]+)=(?P<value>[^@]+)@(?P<start>[\d-]+)(?:\.\.(?P<stop>[\d-]+))?", re.ASCII)
#: The most scenarios that are read of an address, so that those beyond what there is room for can be taken away.
MOST_READ = 12


def written(scenario: Scenario) -> str:
    """Return a scenario as an address has it; ``scenario_in`` reads the same from it."""
    return BETWEEN.join([scenario.name, *_parts(scenario)])


def _parts(scenario: Scenario) -> Iterator[str]:
    if scenario.regulation is not None:
        yield scenario.regulation
    yield from (f"{LEFT_OUT}{name}" for name in scenario.without)
    yield from scenario.readings
    for proposal in scenario.proposals:
        yield f"{SHIPPED}{proposal}" if isinstance(proposal, str) else _as_json(proposal)
    for change in scenario.changes:
        stop = f"..{change.stop.isoformat()}" if change.stop else ""
        yield f"{change.parameter}={beyond_doubt(change.value)}@{change.start.isoformat()}{stop}"


def _as_json(proposal: Inline) -> str:
    """Return a proposal as JSON in which nothing stands that stands between parts."""
    text = json.dumps(msgspec.to_builtins(proposal), ensure_ascii=False, separators=(",", ":"))
    return text.replace(BETWEEN, "\\u007e")


def scenario_in(text: str) -> Scenario:
    """Return the scenario that an address has; whether its regulation can be made is not looked at.

    Raises:
        ValueError: a part that says nothing.
    """
    name, *parts = text.split(BETWEEN)
    name, regulation = " ".join(name.split()), None
    several: dict[str, list[Any]] = {"without": [], "readings": [], "proposals": [], "changes": []}
    for part in filter(None, parts):
        if part.startswith(LEFT_OUT):
            several["without"].append(part.removeprefix(LEFT_OUT))
        elif part.startswith(SHIPPED):
            several["proposals"].append(part.removeprefix(SHIPPED))
        elif part.startswith(INLINE):
            several["proposals"].append(_inline(part))
        elif READING.match(part) or part in applied_like_readings():
            several["readings"].append(part)
        elif "=" in part:
            several["changes"].append(_change(part))
        elif regulation:
            message = _("The scenario '{name}' has two regulations, {one} and {other}.")
            raise ValueError(message.format(name=name[:60], one=regulation[:60], other=part[:60]))
        else:
            regulation = part
    found = {key: tuple(values) for key, values in several.items()}
    return Scenario(name, regulation, found["without"], found["readings"], found["proposals"], found["changes"])


def _inline(text: str) -> Inline:
    try:
        return msgspec.json.decode(text, type=Inline)
    except msgspec.ValidationError as error:
        raise ValueError(_("A proposal in the address can't be read: {why}.").format(why=of_msgspec(error))) from None
    except msgspec.DecodeError:
        raise ValueError(_("A proposal in the address can't be read: it is no JSON.")) from None


def _change(text: str) -> Change:
    found = NUMBER.fullmatch(text)
    if not found:
        message = _("'{text}' is no number of a scenario. Write it as reserve.andel=0.04@2019-01-01.")
        raise ValueError(message.format(text=text[:80]))
    value = read_value(found["value"].strip(), names.find_parameter(SYSTEMS.foundation(), found["name"]))
    try:
        days = [date.fromisoformat(day) if day else None for day in (found["start"], found["stop"])]
    except ValueError:
        raise ValueError(_("'{text}': a date is written 2019-01-01.").format(text=text[:80])) from None
    start, stop = days
    assert start  # noqa: S101 (the pattern has one)
    return Change(found["name"], start, value, stop)


def scenarios_in(texts: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that an address has, in order.

    Raises:
        ValueError: a part that says nothing, or far too many scenarios.
    """
    if len(texts) > MOST_READ:
        raise ValueError(_("The address has {count} scenarios.").format(count=len(texts)))
    return [scenario_in(text) for text in texts]

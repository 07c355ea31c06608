"""Scenario files: scenarios as strict YAML, read and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.scenarios import Plan, versions
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.numbers import plain
from openfisca_bergen_hbt.text.strict_yaml import Fault, YamlError, content, node_at, parse
from openfisca_bergen_hbt.text.typed import PlacedError, read

#: The most characters of a scenario file.
LONGEST = 100_000


def read_plan(text: str, file: str) -> Plan:
    """Return the scenarios of a file's text, which faults call by a name.

    Raises:
        YamlError: it holds no scenarios, or some that can't be run; the message says where and why.
    """
    if len(text) > LONGEST:
        message = _("The file has more than {most} characters: a scenario file is short.")
        raise YamlError(Fault(file, 0, 0, message.format(most=LONGEST)))
    root = parse(text, file, for_core=False)
    if root.is_empty:
        raise YamlError(Fault(file, 0, 0, _("The file is empty. It has a key 'scenarios', a list of scenarios.")))
    if root.kind != "mapping":
        message = _("The file has a key 'scenarios', a list of scenarios, and no list or text of its own.")
        raise YamlError(Fault(file, root.line, root.column, message))
    try:
        plan: Plan = read(content(root, file), Plan)
        versions(plan)
    except PlacedError as error:
        node = node_at(root, error.path)
        raise YamlError(Fault(file, node.line, node.column, str(error))) from None
    return plan


def options_in(text: str, file: str) -> dict[str, Any]:
    """Return the scenarios of a file's text as JSON has them (``read_plan``)."""
    found: dict[str, Any] = msgspec.to_builtins(read_plan(text, file))
    return found


def written(plan: Plan, said: Sequence[str] = ()) -> str:
    """Return scenarios as a file, with comments at its top; ``read_plan`` reads the same from it."""
    lines = [f"# {line}" for line in said]
    if plan.against is not None:
        lines.append(f"against: {_text(plan.against)}")
    return "\n".join([*lines, "scenarios:", *_list(msgspec.to_builtins(plan.scenarios), "  ")]) + "\n"


def _list(items: Sequence[Any], indent: str) -> Iterator[str]:
    """Yield the lines of a list: items that have keys with each key on a line, changes on one."""
    for item in items:
        if not isinstance(item, dict):
            yield f"{indent}- {_text(item)}"
        elif "parameter" in item:
            yield f"{indent}- {_change(msgspec.convert(item, Change))}"
        else:
            dash = "- "
            for key, value in item.items():
                if isinstance(value, list | tuple):
                    yield f"{indent}{dash}{key}:"
                    yield from _list(value, f"{indent}    ")
                else:
                    yield f"{indent}{dash}{key}: {_text(value)}"
                dash = "  "


def _change(change: Change) -> str:
    fields = {"parameter": _text(change.parameter), "from": change.start.isoformat()}
    if change.stop:
        fields["to"] = change.stop.isoformat()
    fields["value"] = plain(change.value)
    return f"{{{', '.join(f'{key}: {value}' for key, value in fields.items())}}}"


def _text(text: str) -> str:
    """Return a text in quotes: JSON's are YAML's."""
    return json.dumps(text, ensure_ascii=False)

"""A record read again, from the file that is or carries it; the regulations that it names; and what differs now."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openfisca_bergen_hbt.law.proposals import Change, Proposal, checked
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import Version, with_proposals
from openfisca_bergen_hbt.provenance.record import BESIDE, FORMAT, KEY
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.report.forms.outputs import FORMS

#: The commands whose runs are recorded.
COMMANDS = ("compare", "explain", "audit")
#: What a record must have: a kind of value for each key, and for those of a dictionary what it must have in turn.
KEYS: dict[str, Any] = {
    "format": int,
    "command": str,
    "regulations": list,
    "law": {"parameters": str, "rules": str, "decisions": dict},
    "inputs": {"hashes": dict},
    "software": dict,
    "result": {"hash": str},
    "date": str,
}
OF_FIGURES: dict[str, Any] = {"year": int, "result": {"kroner": dict}}
#: What the record of a command has besides.
KEYS_OF: dict[str, dict[str, Any]] = {
    "compare": OF_FIGURES,
    "explain": {**OF_FIGURES, "question": {"variable": str, "member": str}},
    "audit": {"inputs": {"paths": list}},
}


class RecordError(ValueError):
    """A file that is no record, or one that can't be run again."""


@dataclass(frozen=True)
class Difference:
    """Something that is otherwise than recorded."""

    #: ``input``, ``law``, ``software`` or ``result``.
    kind: str
    text: str


def read(path: Path) -> dict[str, Any]:
    """Return the record that a file is or carries: JSON, HTML, Excel, Parquet, Markdown, XML, or beside it.

    Raises:
        RecordError: the file can't be read, or carries no record.
    """
    beside = path.with_name(path.name + BESIDE)
    try:
        text = _text(beside if beside.exists() else path)
        content = json.loads(text)
    except OSError as error:
        raise RecordError(f"'{path}' can't be read: {error.strerror}.") from None
    except ValueError:
        raise RecordError(f"'{path}' is not a record, and carries none.") from None
    found: dict[str, Any] = content.get("record", content) if isinstance(content, dict) else content
    if fault := _malformed(found, KEYS):
        raise RecordError(f"'{path}' is not a record, and carries none: {fault}.")
    if found["format"] != FORMAT or found["command"] not in COMMANDS:
        raise RecordError(f"'{path}': this version reads records of {', '.join(COMMANDS)} in format {FORMAT}.")
    if fault := _malformed(found, KEYS_OF[found["command"]]):
        raise RecordError(f"'{path}' is not a record, and carries none: {fault}.")
    return found


def _malformed(found: Any, keys: Mapping[str, Any], where: str = "") -> str:
    """Return what is wrong with the form of a record; an empty text for nothing."""
    if not isinstance(found, dict):
        return f"{where or 'it'} holds no keys and values; a record has {', '.join(KEYS)}"
    for key, kind in keys.items():
        if key not in found:
            return f"it lacks {where}{key}"
        if isinstance(kind, dict):
            if fault := _malformed(found[key], kind, f"{where}{key}."):
                return fault
        elif not isinstance(found[key], kind):
            return f"{where}{key} is no {kind.__name__}"
    return ""


def _text(path: Path) -> str:
    """Return the text of a record within a file, or the whole text."""
    ending = path.suffix.lower()
    if ending == ".parquet":
        import polars

        try:
            return str(polars.read_parquet_metadata(path).get(KEY, ""))
        except polars.exceptions.PolarsError as error:
            raise ValueError(error) from None
    if ending == ".xlsx":
        import fastexcel

        try:
            cells = fastexcel.read_excel(path).load_sheet(KEY, header_row=None, dtypes="string").to_polars()
        except fastexcel.FastExcelError as error:
            raise ValueError(error) from None
        return "".join(cells.to_series(0).drop_nulls().to_list())
    text = path.read_text(encoding="utf-8")
    pattern = next((form.record for form in FORMS.values() if ending in form.endings), "").format(key=KEY)
    match = re.search(pattern, text, flags=re.DOTALL) if pattern else None
    found = match[1] if match else text
    return html.unescape(found) if ending == ".xml" else found


def recorded_versions(recorded: Mapping[str, Any]) -> list[Version]:
    """Return the regulations of a record, made of the decisions and proposals that it names.

    Raises:
        RecordError: a decision or a number that this version of the law does not have.
    """
    found = []
    for given in recorded["regulations"]:
        try:
            base = _base(given)
            proposals = [_proposal(proposal) for proposal in given["proposals"]]
            found.append(with_proposals(base, proposals)[-1] if proposals else base)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            name = given.get("id") if isinstance(given, dict) else given
            raise RecordError(f"The regulation '{name}' can't be made again: {error}") from None
    return found


def _base(regulation: Mapping[str, Any]) -> Version:
    known = {decision.id(): decision for decision in decisions()}
    lacking = [name for name in regulation["decisions"] if name not in known]
    if lacking:
        raise ValueError(f"there is no decision '{lacking[0]}'.")
    name = regulation["proposals"][0]["baseline"] or regulation["id"] if regulation["proposals"] else regulation["id"]
    return Version(name, tuple(known[decision] for decision in regulation["decisions"]))


def _proposal(given: Mapping[str, Any]) -> Proposal:
    changes = tuple(
        Change(
            change["parameter"],
            date.fromisoformat(change["from"]),
            date.fromisoformat(change["to"]) if change["to"] else None,
            float(change["value"]),
            f"{given['id']}: {change['parameter']}",
        )
        for change in given["changes"]
    )
    return checked(Proposal(**{**given, "changes": changes}), SYSTEMS.foundation())


def differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Return what is otherwise than recorded: inputs, law, software, and each amount with how much it differs by."""
    then, given = recorded["inputs"]["hashes"], now["inputs"]["hashes"]
    changed = [part for part in dict.fromkeys([*then, *given]) if then.get(part) != given.get(part)]
    found = [Difference("input", f"{_part(part)} other than recorded") for part in changed]
    found += _law(recorded["law"], now["law"])
    before, after = recorded["software"], now["software"]
    found += [
        Difference("software", f"{name} {before.get(name, 'none')} then, {after.get(name, 'none')} now")
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]
    if recorded["command"] == "audit" and recorded["result"] != now["result"]:
        found += _counts(recorded["result"], now["result"])
    elif recorded["result"]["hash"] != now["result"]["hash"]:
        amounts = list(_amounts(recorded["result"]["kroner"], now["result"]["kroner"]))
        other = Difference(
            "result", "a figure that is not in kroner, or a monthly one, differs; no amount of the year does"
        )
        found += amounts or [other]
    return found


def _part(name: str) -> str:
    """Return a part of the inputs as the subject of a sentence: a word for it, or the name of a file."""
    if name.endswith((".yaml", ".yml")):
        return f"the file {name} is"
    return f"the {name} {'is' if name == 'example' else 'are'}"


def _counts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what came of the tests, where it is another."""
    changed = [key for key in ("held", "failed", "refused") if before.get(key) != after.get(key)]
    found = [Difference("result", f"{after.get(key)} tests {key}, and {before.get(key)} then") for key in changed]
    other = Difference("result", "a value of a test is another; as many tests held")
    return found or ([other] if before["hash"] != after["hash"] else [])


def _law(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    found = [
        Difference("law", f"the {part} have changed") for part in ("parameters", "rules") if before[part] != after[part]
    ]
    names = dict.fromkeys([*before["decisions"], *after["decisions"]])
    changed = [name for name in names if before["decisions"].get(name) != after["decisions"].get(name)]
    return found + [Difference("law", f"the decision {name} has changed, come or gone") for name in changed]


def _amounts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return the amounts that differ, the largest differences first."""
    found = []
    for regulation in dict.fromkeys([*before, *after]):
        then, now = _flat(before.get(regulation, {})), _flat(after.get(regulation, {}))
        for key in dict.fromkeys([*then, *now]):
            one, other = then.get(key), now.get(key)
            if one != other:
                change = "" if one is None or other is None else f" ({other - one:+,})".replace(",", " ")
                text = f"{regulation}, {key[0]}, {key[1]}: {_kr(one)} then, {_kr(other)} now{change}"
                found.append((abs((other or 0) - (one or 0)), Difference("result", text)))
    return [difference for _, difference in sorted(found, key=lambda pair: -pair[0])]


def _flat(by_name: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    return {(name, variable): value for name, values in by_name.items() for variable, value in values.items()}


def _kr(amount: int | None) -> str:
    return "nothing" if amount is None else f"{amount:,} kr".replace(",", " ")

"""Where the figures of a report come from, in words: what the record of its run says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.values import written
from openfisca_bergen_hbt.report.parts.figures import NOT_HELD_BACK
from openfisca_bergen_hbt.report.questions import question
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.numbers import exact

#: What the fields that say how files are written are called.
READING = {
    "frame": "ramme (kr)",
    "encoding": "tegnkoding",
    "delimiter": "skilletegn",
    "decimal": "desimaltegn",
    "sheet": "ark",
    "keep": "beholdte navn",
}
#: What the parts of the inputs are called.
PARTS = {"example": "Eksempelet", "users": "Brukerne", "units": "Enhetene", "frames": "Rammene"}


def mark(recorded: Mapping[str, Any] | None) -> str:
    """Return what each page of own data is marked with where nothing is held back of it; else nothing."""
    request = recorded.get("request") if recorded else None
    if not request or request.get("suppression", True) or request.get("population"):
        return ""
    return NOT_HELD_BACK if question(request["question"]).is_of_users else ""


def facts(recorded: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the facts of a record, each with its name."""
    inputs, law, request = recorded["inputs"], recorded["law"], recorded.get("request")
    yield "Kjørt", recorded["date"]
    yield "Kommando", f"bergen-hbt {request['question']}, {request['year']}" if request else "bergen-hbt audit"
    if not request:
        yield "Testfiler", ", ".join(inputs["paths"])
    elif request["population"]:
        yield "Inndata", f"innebygd eksempel «{request['population']}» (syntetisk)"
    elif inputs["hashes"]:
        said = {name: request[key] for key, name in READING.items() if request[key] not in (None, [], ())}
        told = ", ".join(
            f"{name} {', '.join(value) if isinstance(value, list | tuple) else value}" for name, value in said.items()
        )
        yield "Inndata", f"egne filer{f' ({told})' if told else ''}"
    for part, found in inputs["hashes"].items():
        yield f"{PARTS.get(part, part)}, SHA-256", found
    for regulation in recorded["regulations"]:
        yield f"Regelverk «{regulation['title']}»", f"{regulation['id']}, SHA-256 {regulation['hash']}"
        for proposal in regulation["proposals"]:
            for change in proposal["changes"]:
                until = f" til {change['to']}" if change["to"] else ""
                yield "  endring", f"{change['parameter']} = {_value(change)} fra {change['from']}{until}"
    yield "Parametre, SHA-256", law["parameters"]
    yield "Regler, SHA-256", law["rules"]
    yield "Resultat, SHA-256", recorded["result"]["hash"]
    yield "Programvare", ", ".join(f"{name} {number}" for name, number in recorded["software"].items())
    yield "Etterprøving", "bergen-hbt verify FIL kjører på nytt og sier om resultatet er likt på kronen"


def _value(change: Mapping[str, Any]) -> str:
    """Write a changed number with its unit; without, where the law of today has no such number."""
    units = {found.name: found.metadata["unit"] for found in names.parameters(SYSTEMS.foundation().parameters)}
    known = units.get(change["parameter"])
    return written(change["value"], known) if known else exact(change["value"])

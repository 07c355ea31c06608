"""Where the figures of a report come from, in words: what the record of its run says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.values import written
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.regelverk import applied_like_readings, decisions
from openfisca_bergen_hbt.report.parts.about import NOT_HELD_BACK
from openfisca_bergen_hbt.report.questions import question
from openfisca_bergen_hbt.text import names
from openfisca_bergen_hbt.text.language import AS_WRITTEN, say, speaking, to_say
from openfisca_bergen_hbt.text.numbers import exact

#: What the fields that say how files are written are called.
READING = {
    "frame": to_say("ramme (kr)"),
    "encoding": to_say("tegnkoding"),
    "delimiter": to_say("skilletegn"),
    "decimal": to_say("desimaltegn"),
    "sheet": to_say("ark"),
    "keep": to_say("beholdte navn"),
}
#: What the parts of the inputs are called.
PARTS = {
    "example": to_say("Eksempelet"),
    "users": to_say("Brukerne"),
    "units": to_say("Enhetene"),
    "frames": to_say("Rammene"),
}


def mark(recorded: Mapping[str, Any] | None) -> str:
    """Return what each page of own data is marked with where nothing is held back of it; else nothing."""
    request = recorded.get("request") if recorded else None
    if not request or request.get("suppression", True) or request.get("population"):
        return ""
    return say(NOT_HELD_BACK) if question(request["question"]).is_of_users else ""


def facts(recorded: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the facts of a record, each with its name."""
    inputs, law, request = recorded["inputs"], recorded["law"], recorded.get("request")
    yield say("Kjørt"), recorded["date"]
    yield (
        say("Kommando"),
        f"bergen-hbt {request['question']}, {request['year']}" if request else "bergen-hbt audit",
    )
    if not request:
        yield say("Testfiler"), ", ".join(inputs["paths"])
    elif request["population"]:
        yield say("Inndata"), say("innebygd eksempel «{example}» (syntetisk)").format(example=request["population"])
    elif inputs["hashes"]:
        said = {name: request[key] for key, name in READING.items() if request[key] not in (None, [], ())}
        told = ", ".join(
            f"{say(name)} {', '.join(value) if isinstance(value, list | tuple) else value}"
            for name, value in said.items()
        )
        yield say("Inndata"), f"{say('egne filer')} ({told})" if told else say("egne filer")
    for part, found in inputs["hashes"].items():
        yield f"{say(PARTS.get(part, part))}, SHA-256", found
    for regulation in recorded["regulations"]:
        yield (
            say("Regelverk «{title}»").format(title=_title(regulation)),
            f"{regulation['id']}, SHA-256 {regulation['hash']}",
        )
        for proposal in regulation["proposals"]:
            for change in proposal["changes"]:
                ends = say("{parameter} = {value} fra {start} til {end}")
                line = ends if change["to"] else say("{parameter} = {value} fra {start}")
                what = {"parameter": change["parameter"], "value": _value(change)}
                yield f"  {say('endring')}", line.format(**what, start=change["from"], end=change["to"])
    yield say("Parametre, SHA-256"), law["parameters"]
    yield say("Regler, SHA-256"), law["rules"]
    yield say("Resultat, SHA-256"), recorded["result"]["hash"]
    yield say("Programvare"), ", ".join(f"{name} {number}" for name, number in recorded["software"].items())
    yield say("Etterprøving"), say("bergen-hbt verify FIL kjører på nytt og sier om resultatet er likt på kronen")


def _title(regulation: Mapping[str, Any]) -> str:
    """Return what a recorded regulation is called in the language that is spoken; as recorded, where none knows it."""
    decided = tuple(one for one in decisions() if one.id() in regulation["decisions"])
    read = tuple(one for one in applied_like_readings().values() if one.id() in regulation["readings"])
    known = Version(regulation["id"], decided, readings=read)
    with speaking(AS_WRITTEN):
        is_it = known.title == regulation["title"]
    return known.title if is_it else say(regulation["title"])


def _value(change: Mapping[str, Any]) -> str:
    """Write a changed number with its unit; without, where the law of today has no such number."""
    units = {found.name: found.metadata["unit"] for found in names.parameters(SYSTEMS.foundation().parameters)}
    known = units.get(change["parameter"])
    return written(change["value"], known) if known else exact(change["value"])

"""The record of a run: what was run on what, and what came out, so that anyone can run it again and compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from openfisca_bergen_hbt.analysis.comparison import Block, Comparison
from openfisca_bergen_hbt.analysis.explain import Step
from openfisca_bergen_hbt.law.proposals import Proposal
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.provenance import hashes

FORMAT = 1
#: The name of what holds the record: an element of a page, a sheet, a key of Parquet's metadata, a block of Markdown.
KEY = "run-record"
#: What is added to the name of a file that can't hold a record itself, for the file beside it that does.
BESIDE = ".record.json"


def proposal_as_json(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as JSON holds it: dates as text."""
    changes = [
        {
            "parameter": change.parameter,
            "from": change.start.isoformat(),
            "to": change.stop.isoformat() if change.stop else None,
            "value": change.value,
        }
        for change in proposal.changes
    ]
    return {**asdict(proposal), "changes": changes}


def inputs_of(
    population: Population, year: int, example: str, reading: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what a run was on: the name of an embedded example, or how files were read; and hashes.

    Args:
        population: the population.
        year: its year.
        example: the name of the embedded population, where it is one.
        reading: the frame and how files are written, where they were given; no names of files.
    """
    if population.personal:
        given = {name: value for name, value in (reading or {}).items() if value is not None}
        return {"files": given, "hashes": hashes.population(population)}
    return {"example": example, "hashes": {"example": hashes.embedded(example, year)}}


def record(
    compared: Comparison,
    inputs: Mapping[str, Any],
    done: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """Return the record of a comparison.

    Args:
        compared: the comparison.
        inputs: of ``inputs_of``.
        done: called when a regulation is finished, for a progress bar.
    """
    blocks = list(compared.blocks(done))
    return {
        "format": FORMAT,
        "command": "compare",
        "year": compared.year,
        "regulations": [regulation(run.version) for run in compared.runs],
        **_circumstances(inputs, suppression=compared.suppression),
        "result": {"hash": hashes.results(blocks), "kroner": _kroner(blocks)},
    }


def of_explanation(
    step: Step,
    question: Mapping[str, Any],
    version: Version,
    year: int,
    inputs: Mapping[str, Any],
    *,
    suppression: bool,
) -> dict[str, Any]:
    """Return the record of an explanation.

    Args:
        step: the explanation.
        question: what was asked: the variable, the member, the month and the depth.
        version: the regulation.
        year: the calendar year.
        inputs: of ``inputs_of``.
        suppression: whether small counts are held back.
    """
    amount = {step.variable: int(step.value)} if step.unit == "kr" and isinstance(step.value, float) else {}
    return {
        "format": FORMAT,
        "command": "explain",
        "year": year,
        "question": dict(question),
        "regulations": [regulation(version)],
        **_circumstances(inputs, suppression=suppression),
        "result": {"hash": hashes.of(_rounded(asdict(step))), "kroner": {version.id: {question["member"]: amount}}},
    }


def of_audit(
    versions: Iterable[Version], inputs: Mapping[str, Any], result: object, counts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the record of an audit of test cases.

    Args:
        versions: the regulations that the tests are about.
        inputs: the paths that were audited, and a hash of each file.
        result: what came of every test.
        counts: how many tests held, failed and were refused, and what of the law they cover.
    """
    return {
        "format": FORMAT,
        "command": "audit",
        "regulations": [regulation(version) for version in versions],
        **_circumstances(inputs, suppression=False),
        "result": {"hash": hashes.of(_rounded(result)), **counts},
    }


def _circumstances(inputs: Mapping[str, Any], *, suppression: bool) -> dict[str, Any]:
    """Return what a record says beside what was run and what came out."""
    return {
        "law": hashes.law(),
        "inputs": dict(inputs),
        "suppression": suppression,
        "software": hashes.software(),
        "date": datetime.now(tz=UTC).date().isoformat(),
    }


def _rounded(content: Any) -> Any:
    """Return content with its numbers to nine digits, as sums can differ in the last ones between machines."""
    if isinstance(content, dict):
        return {key: _rounded(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_rounded(value) for value in content]
    return f"{content + 0.0:.9g}" if isinstance(content, float) else content


def regulation(version: Version) -> dict[str, Any]:
    """Return what a record says of a regulation: its decisions and proposals, and the hash of all that it is."""
    return {"id": version.id, "title": version.title, **_contained(version), "hash": hash_of(version)}


def hash_of(version: Version) -> str:
    """Return the hash of all that a regulation is."""
    return hashes.regulation(*_contained(version).values())


def _contained(version: Version) -> dict[str, list[Any]]:
    """Return the decisions of a version, and then its proposals, as a record holds them."""
    return {
        "decisions": [decision.id() for decision in version.decisions],
        "proposals": [proposal_as_json(proposal) for proposal in version.proposals],
    }


def _kroner(blocks: Iterable[Block]) -> dict[str, dict[str, dict[str, int]]]:
    """Return the year's amounts of the agencies, and what each unit is given, by regulation and name."""
    kept: dict[str, dict[str, dict[str, int]]] = {}
    for block in blocks:
        of_agency = block.level == "etat" and block.whole and block.variable.startswith("etat_")
        of_unit = block.level == "enhet" and block.variable == "enhet_samlet_tildeling"
        if (of_agency or of_unit) and len(block.period) == len("2019"):
            by_name = kept.setdefault(block.regulation, {})
            for name, value in zip(block.ids, block.values.tolist(), strict=True):
                by_name.setdefault(name, {})[block.variable] = int(value)
    return kept


def within_page(content: Mapping[str, Any]) -> str:
    """Return a record as it stands within an element of a page, which ends at the first ``</script``."""
    return as_text(content).replace("<", "\\u003c")


def as_text(content: Mapping[str, Any]) -> str:
    """Return a record as the text of a JSON file."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

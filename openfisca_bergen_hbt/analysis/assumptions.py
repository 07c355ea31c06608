"""What a result rests on: the assumed and derived numbers, and the interpretations, that were really read for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.rules.derived import leaf
from openfisca_bergen_hbt.simulate import Results

INTERPRETATION = re.compile(r"T-\d+")
#: The kinds of basis that make a number an assumption to be shown.
SHOWN = ("assumption", "derived", "proposal")
#: What the spread of the embedded populations is called among the interpretations.
SPREAD = "T-12"
#: How the embedded population has its norm times, for results that count hours by them.
NORM_TIMES, NORM_HOURS = {"T-22"}, "normtid_timer_per_uke"


@dataclass(frozen=True)
class Assumption:
    """A number that is assumed, derived or proposed: the sources do not state it as it is."""

    parameter: str
    description: str
    value: float
    unit: str
    basis: str
    range: tuple[float, float] | None
    interpretation: str | None
    #: The documents and places that it stands in, or follows from.
    source: str = ""


@dataclass(frozen=True)
class Foundations:
    """What results rest on: numbers in order of their name, and interpretations by id (``short`` and ``text``)."""

    assumptions: tuple[Assumption, ...]
    interpretations: dict[str, dict[str, str]]
    #: Every number of the law that was read, also those that the sources state as they are.
    numbers: tuple[Assumption, ...] = ()


def foundations(runs: Iterable[Results]) -> Foundations:
    """Return what results rest on that were traced: what was read for the variables that have been asked for."""
    assumptions: dict[str, Assumption] = {}
    numbers: dict[str, Assumption] = {}
    read: set[str] = set()
    for run in runs:
        variables, parameters = _read(run)
        for variable in variables:
            read |= _interpretations(run.system.get_variable(variable).reference)
        for name, (value, day) in parameters.items():
            parameter = leaf(run.system.parameters, name)
            read |= _interpretations(parameter.metadata.get("interpretation"))
            found = numbers[f"{name} {value}"] = _assumption(parameter, value, day)
            if found.basis in SHOWN and (found.range is None or found.range[0] < found.range[1]):
                assumptions[f"{name} {found.basis} {value}"] = found
        for decision in run.system.vedtak:
            read |= set(decision.interpretations)
        if run.population.synthetic:
            read.add(SPREAD)
            read |= NORM_TIMES if NORM_HOURS in variables else set()
    texts = data.interpretations()
    return Foundations(
        tuple(assumptions[name] for name in sorted(assumptions)),
        {name: texts[name] for name in texts if name in read},
        tuple(numbers[name] for name in sorted(numbers)),
    )


def _read(run: Results) -> tuple[set[str], dict[str, tuple[float, date]]]:
    """Return the variables of a trace, and the parameters that they read with a value and the day that it holds."""
    variables: set[str] = set()
    parameters: dict[str, tuple[float, date]] = {}
    for node in run.traced():
        variables.add(node.name)
        day = date(*node.period.start)
        parameters.update((parameter.name, (parameter.value, day)) for parameter in node.parameters)
    return variables, parameters


def _interpretations(reference: Any) -> set[str]:
    return set(INTERPRETATION.findall(" ".join(reference) if isinstance(reference, list) else str(reference)))


def _assumption(parameter: Any, value: float, day: date) -> Assumption:
    metadata = parameter.metadata
    limits = metadata.get("range")
    proposed = [title for start, stop, title in metadata.get("proposals", ()) if start <= day <= (stop or day)]
    sources = [f"{reference['title']}, {reference['place']}" for reference in metadata["reference"]]
    return Assumption(
        parameter.name,
        parameter.description,
        value,
        metadata["unit"],
        "proposal" if proposed else metadata["basis"],
        tuple(limits) if limits else None,
        metadata.get("interpretation"),
        f"Forslaget «{proposed[-1]}»" if proposed else "; ".join(sources),
    )

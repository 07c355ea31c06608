"""``/calculate`` and ``/trace``: a situation's questions answered in place, as core's API answers them."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.rules.core import QuickSimulation
from openfisca_bergen_hbt.web.api import situations
from openfisca_bergen_hbt.web.api.errors import RequestError, of_situation
from openfisca_bergen_hbt.web.api.situations import Column, Limits, Situation


def calculate(body: dict[str, Any], system: Any, limits: Limits) -> dict[str, Any]:
    """Return a request with its questions answered: each null replaced by what comes.

    Raises:
        RequestError: a request that the law, or what a request may be, refuses.
    """
    situation = situations.read(body, system, limits)
    try:
        with numpy.errstate(all="ignore"):  # what is no number is refused below
            simulation = _simulation(situation, system)
            for question in situation.questions:
                _answer(question, simulation.calculate(question.variable.name, question.period))
    except SituationParsingError as error:
        raise of_situation(error) from None
    return body


def trace(body: dict[str, Any], system: Any, limits: Limits) -> dict[str, Any]:
    """Return the trace of a request's questions, as core's API gives it.

    Raises:
        RequestError: a request that the law, or what a request may be, refuses.
    """
    situation = situations.read(body, system, limits)
    try:
        with numpy.errstate(all="ignore"):
            simulation = _simulation(situation, system)
            simulation.trace = True
            for question in situation.questions:
                _finite(question, simulation.calculate(question.variable.name, question.period))
    except SituationParsingError as error:
        raise of_situation(error) from None
    steps = sum(len(node.value) for node in simulation.tracer.browse_trace() if node.value is not None)
    if steps > limits.traced:
        raise RequestError(f"The trace holds {steps} values, and at most {limits.traced} are sent. Ask for less.")
    users = situation.members[system.person_entity.key]
    return {
        "trace": simulation.tracer.get_serialized_flat_trace(),
        "entitiesDescription": {entity.plural: situation.members.get(entity.key, users) for entity in system.entities},
        "requestedCalculations": _requested(body),
    }


def _requested(body: dict[str, Any]) -> list[str]:
    """Return the questions in the order of the request, each as often as it is asked."""
    return [
        f"{variable}<{spelled}>"
        for members in body.values()
        for instance in members.values()
        for variable, periods in instance.items()
        if isinstance(periods, dict)
        for spelled, value in periods.items()
        if value is None
    ]


def _simulation(situation: Situation, system: Any) -> Any:
    """Return a simulation with the users in their groups and the inputs set."""
    populations = system.instantiate_entities()
    users = situation.members[system.person_entity.key]
    for key, population in populations.items():
        if key == system.person_entity.key:
            population.count, population.ids = len(users), users
            continue
        population.ids = situation.members.get(key, [])
        population.count = len(population.ids)
        population.members_entity_id = situation.groups.get(key, numpy.zeros(0, dtype=numpy.intp))
    simulation = QuickSimulation(system, populations)
    for variable, period, array in situation.inputs:
        simulation.set_input(variable, period, array)
    return simulation


def _answer(question: Column, values: Any) -> None:
    """Write what comes of a question into the request."""
    _finite(question, values)
    found = values.decode_to_str().tolist() if hasattr(values, "decode_to_str") else values.tolist()
    spelled = question.spelled
    for position, place in zip(question.positions, question.places, strict=True):
        place[spelled] = found[position]


def _finite(question: Column, values: Any) -> None:
    """Refuse an answer that is no number.

    Raises:
        RequestError: the numbers of the request are too large to compute with.
    """
    if values.dtype.kind == "f" and not numpy.isfinite(values).all():
        name = question.variable.name
        raise RequestError(f"{name} in {question.spelled} is no finite number: the numbers sent are too large.")

"""``/calculate`` and ``/trace``: a situation's questions answered in place, as core's API answers them."""

from __future__ import annotations

from typing import Any

import numpy
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.simulate import simulation_of
from openfisca_bergen_hbt.situation import InputColumn, Situation
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.web.api import situations
from openfisca_bergen_hbt.web.api.errors import RequestError, of_situation
from openfisca_bergen_hbt.web.api.situations import Limits


def calculate(body: dict[str, Any], system: Any, limits: Limits) -> dict[str, Any]:
    """Return a request with its questions answered: each null replaced by what comes."""
    situation = situations.situation_in(body, system, limits)
    try:
        with numpy.errstate(all="ignore"):  # what is no number is refused below
            simulation = simulation_of(situation, system)
            for question in situation.questions:
                values = simulation.calculate(question.variable.name, question.period)
                _finite(situation, question, values)
                _answer(body, question, values)
    except SituationParsingError as error:
        raise of_situation(error) from None
    return body


def trace(body: dict[str, Any], system: Any, limits: Limits) -> dict[str, Any]:
    """Return the trace of a request's questions, as core's API gives it."""
    situation = situations.situation_in(body, system, limits)
    try:
        with numpy.errstate(all="ignore"):
            simulation = simulation_of(situation, system)
            simulation.trace = True
            for question in situation.questions:
                _finite(situation, question, simulation.calculate(question.variable.name, question.period))
    except SituationParsingError as error:
        raise of_situation(error) from None
    nodes = [node for node in simulation.tracer.browse_trace() if node.value is not None]
    for node in nodes:
        if not _is_finite(node.value):
            message = _("{name} in {period} is no finite number: the numbers sent are too large, or too small.")
            told = {"name": node.name, "period": node.period}
            raise RequestError(message.format(**told), _path(situation, situation.questions[0]))
    steps = sum(len(node.value) for node in nodes)
    if steps > limits.traced:
        message = _("The trace holds {number} values, and at most {most} are sent. Ask for less.")
        raise RequestError(message.format(number=steps, most=limits.traced))
    return {
        "trace": simulation.tracer.get_serialized_flat_trace(),
        "entitiesDescription": {entity.plural: situation.names(entity.key) for entity in system.entities},
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


def _answer(body: dict[str, Any], question: InputColumn, values: Any) -> None:
    """Write what comes of a question into the request."""
    found = values.decode_to_str().tolist() if hasattr(values, "decode_to_str") else values.tolist()
    name, spelled = question.variable.name, question.spelled
    members = list(body[question.variable.entity.plural].values())
    for position in question.positions:
        members[position][name][spelled] = found[position]


def _finite(situation: Situation, question: InputColumn, values: Any) -> None:
    """Refuse an answer that is no number."""
    if not _is_finite(values):
        message = _("{name} in {period} is no finite number: the numbers sent are too large.")
        told = {"name": question.variable.name, "period": question.spelled}
        raise RequestError(message.format(**told), _path(situation, question))


def _is_finite(values: Any) -> bool:
    return values.dtype.kind != "f" or bool(numpy.isfinite(values).all())


def _path(situation: Situation, question: InputColumn) -> list[str]:
    """Return the way to a question, where it is first asked."""
    entity = question.variable.entity
    return [entity.plural, situation.names(entity.key)[question.positions[0]], question.variable.name, question.spelled]

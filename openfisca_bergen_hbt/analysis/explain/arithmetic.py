"""The arithmetic of a line: its rule once more, with numbers that write what is made of them.

The rule itself is run, so nothing stands beside it that could differ; and what it wrote is shown only if it comes to
the value that the line has. Of a rule that does more than arithmetic nothing is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy
from openfisca_core.periods import Period

from openfisca_bergen_hbt.analysis.explain import term
from openfisca_bergen_hbt.analysis.explain.term import Term
from openfisca_bergen_hbt.analysis.explain.view import View
from openfisca_bergen_hbt.rules import course, groups, inputs, memory, money
from openfisca_bergen_hbt.rules.months import year_of
from openfisca_bergen_hbt.rules.stages.drawn import asked_by


def arithmetic(view: View, variable: Any, node: Any, value: Any) -> str:
    """Return a line's arithmetic; nothing where its rule does more than that, or a part of it is held back.

    Args:
        view: from where the line is seen.
        variable: the line's variable.
        node: its calculation, as core traced it.
        value: its value, as seen from there.
    """
    if not isinstance(value, float) or variable.entity.key not in ("enhet", "etat"):
        return ""
    within = view.of_agency if variable.entity.key == "etat" else view
    try:
        made = _run(within, variable, node)
    except Exception:  # noqa: BLE001 (rules do what they like; these numbers can do arithmetic alone)
        return ""
    return term.written(made, value, variable.unit)


def _run(view: View, variable: Any, node: Any) -> Any:
    system, simulation = view.results.system, view.results.simulation
    if any(_hides(view, system.get_variable(part.name)) for part in node.children):
        raise TypeError("a part is held back")
    parts = {(part.name, str(part.period)): part.value for part in node.children}
    asked = SimpleNamespace()
    for key in ("enhet", "etat"):
        setattr(asked, key, _Population(view, parts, getattr(simulation, key), asked))
    formula = variable.get_formula(node.period)
    words = {name: STAND_INS[id(word)] for name, word in formula.__globals__.items() if id(word) in STAND_INS}
    names = {"sum": term.total, **formula.__globals__, **words}
    rule = FunctionType(formula.__code__, names, closure=formula.__closure__)
    given = (getattr(asked, variable.entity.key), node.period, _numbers_of(system))
    return rule(*given[: formula.__code__.co_argcount])


def _hides(view: View, part: Any) -> bool:
    """Return whether a part is held back, of who is seen or in the sum; where any is, users are not reckoned with."""
    if view.held_back is None:
        return False
    return part.entity.key == "bruker" or view.hides(part) or view.of_agency.hides(part)


@dataclass(frozen=True)
class _Population:
    """The units or the agencies, as a rule asks them for values."""

    view: View
    parts: Mapping[tuple[str, str], Any]
    real: Any
    simulation: Any

    def __call__(self, name: str, period: Period) -> Term:
        values = self.parts[name, str(period)]
        if hasattr(values, "possible_values"):
            raise TypeError("answers are not numbers")
        return self.seen(values)

    def seen(self, values: Any) -> Term:
        """Return values as they are seen from the view."""
        view = self.view
        if self.real.entity.key == "etat":
            return replace(term.term(float(values[view.agency])), is_yes=values.dtype == bool)
        of_units = values[view.units]
        if values.dtype == bool:
            return self._condition(values, of_units)
        seen = of_units.sum() if view.unit is None else values[view.unit]
        return replace(term.term(float(seen)), of_units=of_units.astype(numpy.float64), summed=view.unit is None)

    def _condition(self, values: Any, of_units: Any) -> Term:
        view = self.view
        if not of_units.all() and (view.unit is None or view.held_back is not None):
            raise TypeError("of some units alone, beside the sum of all, the others could be told")
        holds = True if view.unit is None else values[view.unit]
        return Term("", float(holds), of_units, is_yes=True)

    def get_holder(self, name: str) -> Any:
        """Return what is known of an input."""
        return self.real.get_holder(name)

    def filled_array(self, value: Any) -> Term:
        """Return a value that is the same for all."""
        return term.of_agency(value)


@dataclass(frozen=True)
class _Numbers:
    """The parameters of a day."""

    real: Any

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.real, name)
        return replace(term.term(found), is_parameter=True) if isinstance(found, int | float) else _Numbers(found)


def _numbers_of(system: Any) -> Any:
    return lambda period: _Numbers(system.get_parameters_at_instant(period))


def _sum_home_care(agencies: Any, values: Any, period: Period) -> Term:
    return term.summed_up(values * agencies.simulation.enhet("enhet_i_hjemmetjenestene", year_of(period)))


def _shared_out(units: Any, month: Period) -> Any:
    found = course.shared_out(units.real, month)
    return SimpleNamespace(shares=units.seen(found.shares), months=units.simulation.etat.seen(found.months))


def _paid_over_80(agencies: Any, month: Period) -> Any:
    found = course.paid_over_80(agencies.real, month)
    return SimpleNamespace(from_pool=agencies.seen(found.from_pool), from_reserve=agencies.seen(found.from_reserve))


#: What rules are written with, and what stands for it here, by the identity of the real one.
STAND_INS = {
    id(real): stand_in
    for real, stand_in in [
        (money.krone, term.krone),
        (money.ratio, lambda part, whole: term.term(part) / whole),
        (groups.sum_units, lambda _, values: term.summed_up(values)),
        (groups.sum_home_care, _sum_home_care),
        (groups.agency_value, lambda _, values: term.of_agency(values)),
        (groups.share_of_agency, lambda _, values: term.term(values) / term.summed_up(values)),
        (groups.split_among_units, lambda _, pot, weights: term.split(pot, weights)),
        (course.shared_out, _shared_out),
        (course.paid_over_80, _paid_over_80),
        (course.paid_in, lambda agencies, month: agencies.seen(course.paid_in(agencies.real, month))),
        (memory.shared, lambda _, work, arrays, *constants: work(*arrays, *constants)),
        (asked_by, lambda _, parameters: parameters),
        (inputs.only_grant, lambda _agencies, _period, amount: term.krone(amount)),
        (inputs.sum_of_frame, lambda _agencies, _year, *parts: term.total(parts)),
        (inputs.refuse_other_services, lambda *_: None),
        (inputs.refuse_less_than_nothing, lambda *_: None),
    ]
}

"""What a test case expects, read strictly: values in the right shape, of variables that can be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openfisca_core.periods import Period

from openfisca_bergen_hbt.audit.cases.margins import Margins
from openfisca_bergen_hbt.audit.cases.model import Expectation
from openfisca_bergen_hbt.audit.cases.situations import period_of
from openfisca_bergen_hbt.regelverk import FOUNDATION_DAY
from openfisca_bergen_hbt.situation import Situation
from openfisca_bergen_hbt.situation.reader import fits, refusal
from openfisca_bergen_hbt.text import periods
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.strict_yaml import Node, describe


class OutputReader:
    """Reads what a case expects."""

    def __init__(self, system: Any, situation: Situation, period: Period | None, margins: Margins) -> None:
        self.system = system
        self.situation = situation
        self.period = period
        self.margins = margins
        self.faults = margins.faults
        self.used: set[str] = set()

    def expectations(self, node: Node | None, case: Node) -> list[Expectation]:
        """Return what is expected, in the order in which it is written."""
        if node is None or node.kind != "mapping" or not node.fields:
            if node is None:
                message = _("the test has no 'output', and so can't fail.")
            elif node.kind in ("mapping", "null"):
                message = _("the test expects nothing: 'output' is empty, and so can't fail.")
            else:
                message = _(
                    "the test has {found} as its 'output', which is written as keys and values, and so can't fail."
                ).format(found=describe(node))
            self.faults.add(node or case, message)
            return []
        found = [
            expectation for key, value in node.fields.items() for expectation in self._under(node.keys[key], value)
        ]
        self.margins.refuse_unused(self.used)
        return found

    def _under(self, key: Node, node: Node) -> Iterator[Expectation]:
        """Yield what stands under a key of the output: a variable, an entity, or the name for several of it."""
        by_name = {entity.key: entity for entity in self.system.entities}
        by_plural = {entity.plural: entity for entity in self.system.entities}
        if key.text in self.system.variables:
            yield from self._variable(key, node, None)
        elif key.text in by_name or key.text in by_plural:
            if node.kind != "mapping" or not node.fields:
                self.faults.add(
                    node,
                    _("nothing is expected under '{key}': it is {found}.").format(key=key.text, found=_empty(node)),
                )
                return
            entity = by_name.get(key.text) or by_plural[key.text]
            if key.text in by_name:
                yield from self._under_entity(entity, node, None)
                return
            members = self.situation.members.get(entity.key, [])
            for name, inner in node.fields.items():
                if name not in members:
                    near = nearest(name, members)
                    self.faults.add(
                        node.keys[name],
                        _("there is no '{name}' among the '{plural}' of the input. {hint}").format(
                            name=name, plural=entity.plural, hint=near
                        ),
                    )
                elif inner.kind != "mapping" or not inner.fields:
                    self.faults.add(
                        inner,
                        _("nothing is expected of '{name}': it is {found}.").format(name=name, found=_empty(inner)),
                    )
                else:
                    yield from self._under_entity(entity, inner, members.index(name))
        else:
            known = [*self.system.variables, *by_plural]
            self.faults.add(
                key, _("there is no variable '{key}'. {hint}").format(key=key.text, hint=nearest(key.text, known))
            )

    def _under_entity(self, entity: Any, node: Node, member: int | None) -> Iterator[Expectation]:
        for name, value in node.fields.items():
            key = node.keys[name]
            variable = self.system.variables.get(name)
            if variable is None:
                self.faults.add(
                    key,
                    _("there is no variable '{name}'. {hint}").format(
                        name=name, hint=nearest(name, self.system.variables)
                    ),
                )
            elif variable.entity.key != entity.key:
                message = _(
                    "'{name}' belongs to '{own}', and not to '{plural}'; core's runner does not see it."
                ).format(name=name, own=variable.entity.plural, plural=entity.plural)
                self.faults.add(key, message)
            else:
                yield from self._variable(key, value, member)

    def _variable(self, key: Node, node: Node, member: int | None) -> Iterator[Expectation]:
        """Yield what is expected of a variable, period by period."""
        variable = self.system.variables[key.text]
        self.used.add(key.text)
        if not variable.entity.is_person and variable.entity.key not in self.situation.members:
            plural = variable.entity.plural
            self.faults.add(
                key,
                _("{key} is about '{plural}', and the input names none. Add '{plural}'.").format(
                    key=key.text, plural=plural
                ),
            )
            return
        if node.kind == "mapping":
            if not node.fields:
                self.faults.add(
                    node, _("nothing is expected of {variable}: it is empty.").format(variable=variable.name)
                )
            dated = [
                (node.keys[text], period_of(node.keys[text], self.faults), inner) for text, inner in node.fields.items()
            ]
        else:
            if self.period is None:
                self.faults.add(
                    node,
                    _("{variable}: the test has no 'period', and the value none of its own.").format(
                        variable=variable.name
                    ),
                )
            dated = [(key, self.period, node)]
        seen = set()
        for where, period, inner in dated:
            if period is None:
                continue
            if period in seen:
                self.faults.add(
                    where,
                    _("{variable} is expected twice for {period}, in two spellings of the period.").format(
                        variable=variable.name, period=period
                    ),
                )
            seen.add(period)
            wrong = _no_period_of(variable, period)
            if wrong:
                self.faults.add(where, wrong)
                continue
            expectation = self._values(variable, period, inner, member)
            if expectation:
                yield expectation

    def _values(self, variable: Any, period: Period, node: Node, member: int | None) -> Expectation | None:
        """Return what is expected in a period, one value for each member, or for the one."""
        members = self.situation.members.get(variable.entity.key, [])
        count = 1 if member is not None else len(members)
        if node.is_empty:
            self.faults.add(
                node,
                _("nothing is expected of {variable} in {period}: it is empty.").format(
                    variable=variable.name, period=period
                ),
            )
            return None
        nodes = list(node.items) if node.kind == "list" else [node]
        if member is not None and node.kind == "list":
            self.faults.add(
                node,
                _("{variable} of '{member}' is one value, and not a list.").format(
                    variable=variable.name, member=members[member]
                ),
            )
            return None
        if len(nodes) != count:
            several = _(
                "{number} values are expected of {variable}, and there are {count} '{plural}': give one for each of "
                "them."
            )
            one = _("one value is expected of {variable}, and there are {count} '{plural}': give one for each of them.")
            message = (several if node.kind == "list" else one).format(
                number=len(nodes), variable=variable.name, count=count, plural=variable.entity.plural
            )
            self.faults.add(node, message)
            return None
        before = len(self.faults.found)
        values: list[Any] = [[] if inner.kind in ("list", "mapping") else inner.value for inner in nodes]
        for inner, value in zip(nodes, values, strict=True):
            if not fits(variable, value):
                self.faults.add(inner, refusal(variable, value, describe(inner)))
        if len(self.faults.found) > before:
            return None
        margin = self.margins.margin(variable, nodes, values)
        position = [member] if member is not None else list(range(count))
        return Expectation(variable.name, period, position, values, margin, node.line, node.column)


def _empty(node: Node) -> str:
    """Return in words what stands where variables should."""
    return _("empty") if node.is_empty or node.kind == "mapping" else describe(node)


def _no_period_of(variable: Any, period: Period) -> str:
    """Return why a variable has no value in a period; an empty text where it has one."""
    if period.start.year < FOUNDATION_DAY.year:
        return _("{variable} is expected in {period}: nothing is defined before {first}.").format(
            variable=variable.name, period=period, first=FOUNDATION_DAY.year
        )
    if period.unit != variable.definition_period:
        return _("{variable} is asked for by {unit}, and not for {period}.").format(
            variable=variable.name, unit=_(periods.IN_WORDS[variable.definition_period]), period=period
        )
    return ""

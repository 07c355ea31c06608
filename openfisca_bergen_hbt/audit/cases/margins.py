"""Margins of a test case: how far a value may lie from the expected one, and when that is too far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from openfisca_bergen_hbt.analysis.comparison import is_whole
from openfisca_bergen_hbt.audit.cases.model import MONEY, NINE_DIGITS, Margin
from openfisca_bergen_hbt.text.language import _
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.strict_yaml import Faults, Node

MARGINS = ("absolute_error_margin", "relative_error_margin")
#: The widest margins without a waiver: in kroner (and counts), and as a share of the value.
WIDEST_KRONER, WIDEST_SHARE = 0.5, 0.001


class Margins:
    """The margins that a case gives."""

    def __init__(self, fields: Mapping[str, Node], system: Any, waiver: str, faults: Faults) -> None:
        self.waiver = waiver
        self.faults = faults
        #: The nodes of the margins, by kind and by variable or ``default``.
        self.nodes: dict[str, dict[str, Node]] = {}
        for kind in MARGINS:
            node = fields.get(kind)
            if node is None:
                continue
            by_variable = node.fields if node.kind == "mapping" else {"default": node}
            if node.kind == "mapping" and "default" not in by_variable:
                faults.add(
                    node, _("'{kind}' has no 'default', without which core ends with an error.").format(kind=kind)
                )
            for name, value in by_variable.items():
                if name != "default" and name not in system.variables:
                    near = nearest(name, system.variables)
                    faults.add(node.keys[name], _("there is no variable '{name}'. {hint}").format(name=name, hint=near))
                size = faults.number(value, _("a margin"))
                if size is not None and size < 0:
                    faults.add(value, _("a margin is 0 or more, and not {text}.").format(text=value.text))
            self.nodes[kind] = dict(by_variable)

    def refuse_unused(self, used: set[str]) -> None:
        """Refuse margins of variables that are not expected."""
        for by_variable in self.nodes.values():
            for name, margin in by_variable.items():
                if name not in ("default", *used):
                    self.faults.add(
                        margin, _("there is a margin for '{name}', which the test does not expect.").format(name=name)
                    )

    def margin(self, variable: Any, nodes: Sequence[Node], values: Sequence[Any]) -> Margin:
        """Return the margin of a variable; one that swallows a value is a fault."""
        sizes: dict[str, float | None] = {}
        for kind in MARGINS:
            by_variable = self.nodes.get(kind, {})
            node = by_variable.get(variable.name) or by_variable.get("default")
            if node is None or node.kind not in ("int", "float"):
                sizes[kind] = None
                continue
            sizes[kind] = float(node.value)
            if variable.value_type in (int, float):
                for at, value in zip(nodes, values, strict=True):
                    self._refuse_wide(variable, kind, node, float(value), at)
        if is_whole(variable):
            for at, value in zip(nodes, values, strict=True):
                if not float(value).is_integer():
                    self.faults.add(
                        at,
                        _("{variable} is whole, and never {expected}.").format(
                            variable=variable.name, expected=at.text
                        ),
                    )
        return Margin(*sizes.values())

    def _refuse_wide(self, variable: Any, kind: str, node: Node, value: float, at: Node) -> None:
        size = float(node.value)
        absolute = kind == MARGINS[0]
        whole = variable.unit in MONEY or variable.value_type is int
        of_value = WIDEST_SHARE * (abs(value) or 1.0)
        widest = (WIDEST_KRONER if whole else of_value) if absolute else WIDEST_SHARE
        reach = size if absolute else size * abs(value)
        if reach >= abs(value) > NINE_DIGITS and size > 0:
            message = _(
                "the margin {text} swallows the value: with {expected} expected of {variable}, 0 would pass."
            ).format(text=node.text, expected=at.text, variable=variable.name)
            self.faults.add(node, message)
        elif size > widest and not math.isclose(size, widest) and not self.waiver:
            in_kroner = _(
                "the margin {margin} of {variable} is wider than {kroner:g} krone. Narrow it, or say why in a comment: "
                "# waiver: reason"
            )
            as_share = _(
                "the margin {margin} of {variable} is wider than {share:.1%} of the value. Narrow it, or say why in a "
                "comment: # waiver: reason"
            )
            message = (in_kroner if whole and absolute else as_share).format(
                margin=node.text, variable=variable.name, kroner=WIDEST_KRONER, share=WIDEST_SHARE
            )
            self.faults.add(node, message)

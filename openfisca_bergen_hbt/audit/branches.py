"""The branches of a formula: conditions, the smaller or larger of two, one or the other; and each of them forced."""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from openfisca_bergen_hbt.text.language import _

#: Which of its arguments a function of NumPy chooses between, by its name.
CHOICES = {"minimum": (0, 1), "maximum": (0, 1), "where": (1, 2)}
#: A comparison, and the same with its bound opened or closed.
OTHER_SIDE = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}


@dataclass(frozen=True)
class CodeBranch:
    """A place where a formula goes one way or another."""

    #: What forcing it each way means, in words, with the expression that stands for it then.
    ways: Mapping[str, ast.AST]
    #: Where it stands: a node of the formula's source.
    node: ast.AST
    source: ast.Module


def branches(formula: Callable[..., Any]) -> list[CodeBranch]:
    """Return the branches of a formula, in the order of a walk through its source."""
    source = ast.parse(textwrap.dedent(inspect.getsource(formula)))
    return [CodeBranch(ways, node, source) for node in ast.walk(source) if (ways := _ways(node))]


def forced(formula: Callable[..., Any], branch: int, way: int) -> Any:
    """Return a formula with one of its branches forced one of its ways, each given by its position."""
    found = branches(formula)[branch]
    replaced = _Replace(found.node, list(found.ways.values())[way]).visit(found.source)
    code = compile(ast.fix_missing_locations(replaced), "<forced>", "exec")
    names: dict[str, Any] = {}
    exec(code, formula.__globals__, names)  # noqa: S102 (the formula's own source, with one branch forced)
    return names[formula.__name__]


def _ways(node: ast.AST) -> dict[str, ast.AST]:
    """Return what forcing a node each way means, with what stands for it then; nothing where it is no branch."""
    if isinstance(node, ast.If | ast.IfExp):
        test = ast.unparse(node.test)
        forced = ((_("«{test}» always"), True), (_("«{test}» never"), False))
        return {said.format(test=test): _with_test(node, value=value) for said, value in forced}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHOICES:
        one, other = (node.args[position] for position in CHOICES[node.func.attr])
        return {
            _("«{test}» always «{other}»").format(
                test=ast.unparse(node), other=ast.unparse(kept)
            ): _in_the_shape_of_both(kept, left)
            for kept, left in ((one, other), (other, one))
        }
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER_SIDE:
        turned = copy.deepcopy(node)
        turned.ops[0] = OTHER_SIDE[type(node.ops[0])]()
        return {_("«{test}» as «{other}»").format(test=ast.unparse(node), other=ast.unparse(turned)): turned}
    return {}


def _with_test(node: ast.If | ast.IfExp, *, value: bool) -> ast.AST:
    kept = copy.deepcopy(node)
    kept.test = ast.Constant(value)
    return kept


def _in_the_shape_of_both(kept: ast.expr, other: ast.expr) -> ast.AST:
    """Return an expression that has the value of one and the shape of both."""
    nothing = ast.BinOp(copy.deepcopy(other), ast.Mult(), ast.Constant(0))
    return ast.BinOp(copy.deepcopy(kept), ast.Add(), nothing)


@dataclass
class _Replace(ast.NodeTransformer):
    """Puts a node in another's place."""

    old: ast.AST
    new: ast.AST

    def visit(self, node: ast.AST) -> Any:
        """Return the new node for the old one."""
        return self.new if node is self.old else self.generic_visit(node)

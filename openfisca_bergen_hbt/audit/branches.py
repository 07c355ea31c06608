"""The branches of a formula: conditions, the smaller or larger of two, one or the other; and each of them forced."""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: Which of its arguments a function of NumPy chooses between, by its name.
CHOICES = {"minimum": (0, 1), "maximum": (0, 1), "where": (1, 2)}
#: A comparison, and the same with its bound opened or closed.
OTHER_SIDE = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}


@dataclass(frozen=True)
class Branch:
    """A place where a formula goes one way or another."""

    #: What forcing it each way means, in words.
    ways: Sequence[str]
    #: The expressions that stand for it when it is forced, in the order of the ways.
    instead: Sequence[ast.AST]
    #: Where it stands: the number of the node in the order of a walk through the formula.
    node: int


def branches(formula: Callable[..., Any]) -> list[Branch]:
    """Return the branches of a formula, in the order of a walk through its source."""
    return [branch for number, node in enumerate(ast.walk(_tree(formula))) for branch in _of(node, number)]


def forced(formula: Callable[..., Any], branch: int, way: int) -> Any:
    """Return a formula with a branch forced one way.

    Args:
        formula: the formula.
        branch: which of its branches.
        way: which of the branch's ways.
    """
    found = branches(formula)[branch]
    tree = _tree(formula)
    nodes = list(ast.walk(tree))
    replaced = _Replace(nodes[found.node], copy.deepcopy(found.instead[way])).visit(tree)
    code = compile(ast.fix_missing_locations(replaced), "<forced>", "exec")
    names: dict[str, Any] = {}
    exec(code, formula.__globals__, names)  # noqa: S102 (the formula's own source, with one branch forced)
    return names[formula.__name__]


def _tree(formula: Callable[..., Any]) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(formula)))


def _of(node: ast.AST, number: int) -> Iterator[Branch]:
    if isinstance(node, ast.If | ast.IfExp):
        test = ast.unparse(node.test)
        instead = [_with_test(node, value=value) for value in (True, False)]
        yield Branch([f"«{test}» always", f"«{test}» never"], instead, number)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHOICES:
        one, other = (node.args[position] for position in CHOICES[node.func.attr])
        ways = [f"«{ast.unparse(node)}» always «{ast.unparse(kept)}»" for kept in (one, other)]
        yield Branch(ways, [_of_the_same_shape(one, other), _of_the_same_shape(other, one)], number)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER_SIDE:
        turned = copy.deepcopy(node)
        turned.ops[0] = OTHER_SIDE[type(node.ops[0])]()
        yield Branch([f"«{ast.unparse(node)}» as «{ast.unparse(turned)}»"], [turned], number)


def _with_test(node: ast.If | ast.IfExp, *, value: bool) -> ast.AST:
    kept = copy.deepcopy(node)
    kept.test = ast.Constant(value)
    return kept


def _of_the_same_shape(kept: ast.expr, other: ast.expr) -> ast.AST:
    """Return an expression that has the value of one and the shape of both."""
    nothing = ast.BinOp(copy.deepcopy(other), ast.Mult(), ast.Constant(0))
    return ast.BinOp(copy.deepcopy(kept), ast.Add(), nothing)


class _Replace(ast.NodeTransformer):
    """Puts a node in another's place."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old = old
        self.new = new

    def visit(self, node: ast.AST) -> Any:
        """Return the new node for the old one."""
        return self.new if node is self.old else self.generic_visit(node)

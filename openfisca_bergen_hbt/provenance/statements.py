"""What a module of Python says, whatever its layout: the same on each version of Python, and without its imports."""

from __future__ import annotations

import ast
from typing import Any


def statements(source: str) -> list[Any]:
    """Return the statements of a module, each as JSON can hold it.

    Imports say where something stands, docstrings and comments what it is for, and layout nothing: none of them is
    here. Python's own ``ast.dump`` and ``ast.unparse`` write the same tree differently from one version to the next.
    """
    return _parts(ast.parse(source).body)


def _parts(found: list[Any]) -> list[Any]:
    return [_said(part) for part in found if not _says_nothing(part)]


def _said(part: Any) -> Any:
    """Return a part of a syntax tree: a node by its kind and fields, those that are empty left out."""
    if isinstance(part, list):
        return _parts(part)
    if isinstance(part, ast.Constant):
        # Python's own repr of text depends on its version of Unicode.
        return [type(part.value).__name__, part.value if isinstance(part.value, str) else repr(part.value)]
    if isinstance(part, ast.JoinedStr):  # 3.12 ends the format of an f-string with an empty text
        return ["JoinedStr", _parts([piece for piece in part.values if getattr(piece, "value", None) != ""])]
    if isinstance(part, ast.AST):
        fields = [(name, _said(getattr(part, name))) for name in part._fields if name != "ctx"]
        return [type(part).__name__, *([name, value] for name, value in fields if value not in (None, []))]
    return part


def _says_nothing(statement: Any) -> bool:
    """Return whether a statement is an import, a text that stands alone, or ``pass``, which stands where they stood."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass)

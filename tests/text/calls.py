"""Finds the texts that functions of the catalogues are called with: within f-strings, too, where Babel finds none."""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import BinaryIO


def of_python(
    fileobj: BinaryIO,
    keywords: Collection[str],
    comment_tags: Collection[str],  # noqa: ARG001 (Babel names it)
    options: Mapping[str, object],  # noqa: ARG001 (Babel names it)
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Yield each call of a keyword with its texts, as Babel asks an extractor for."""
    for node in ast.walk(ast.parse(fileobj.read())):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in keywords:
            texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if texts:
                yield node.lineno, name, texts[0] if len(texts) == 1 else tuple(texts), []

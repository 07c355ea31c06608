"""Private parts of others' objects are touched in ``rules/core.py`` alone, where a test tells what a new core changed.

They once stood in eight modules, in half of which lint did not see them: behind ``self`` of a class of core's, in
``__dict__``, or as a method of another's that ours takes the place of.
"""

import ast
import importlib
import inspect

import pytest

from tests.house.rooms import MODULES, PACKAGE, REGULATION, ROOT

THE_ONE = "rules.core"
#: What Python documents of named tuples and of processes, in spite of the underscore.
DOCUMENTED = {"_exit", "_asdict", "_fields", "_make", "_replace"}
FILES = [path for module, path in MODULES.items() if module != THE_ONE]
FILES += [path for folder in REGULATION for path in (ROOT / folder).glob("*.py")]


def is_private(name: str) -> bool:
    """Return whether a name is marked as private, and is none that Python documents."""
    return name.startswith("_") and not name.endswith("_") and name not in DOCUMENTED


def own(tree: ast.AST) -> set[str]:
    """Return the private names that a module gives to something of its own."""
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return functions | assigned


def touched(source: str) -> list[tuple[int, str]]:
    """Return the private parts of others' objects that a module touches, each with its line."""
    tree = ast.parse(source)
    names = own(tree)
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        of_self = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        private = is_private(node.attr) and not (of_self and node.attr in names)
        swapped = node.attr in ("__dict__", "__class__")
        if private or swapped:
            found.append((node.lineno, ast.unparse(node)))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_touches_a_private_part(path):
    source = path.read_text(encoding="utf-8")
    assert [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in touched(source)] == []
    assert "SLF001" not in source


def test_no_class_takes_the_place_of_a_private_method():
    modules = [importlib.import_module(f"{PACKAGE}.{module}".rstrip(".")) for module in MODULES if module != THE_ONE]
    taken = [
        f"{module.__name__}: {found.__name__}.{part} takes the place of a part of {base.__module__}.{base.__name__}"
        for module in modules
        for found in vars(module).values()
        if inspect.isclass(found) and found.__module__ == module.__name__
        for base in found.__mro__
        if not base.__module__.startswith(PACKAGE)
        for part in vars(found).keys() & vars(base).keys()
        if is_private(part) and inspect.isroutine(vars(found)[part])
    ]
    assert taken == []


def test_what_would_be_found():
    said = touched("class A(B):\n def f(self): self._x = 1; self._x; self._y; b._x; b.__dict__; b._replace(); b.c")
    assert [what for _, what in said] == ["self._y", "b._x", "b.__dict__"]
    assert touched(MODULES[THE_ONE].read_text(encoding="utf-8"))

"""The rooms of the house, from the ground up, and what their modules import."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = "openfisca_bergen_hbt"
#: The rooms from the ground up: each imports only from those before it. A folder or module inside a room, with its own
#: place here, is a room of its own; the rest of the room stands where the room's name stands.
ROOMS = (
    "text",
    "data",
    "rules",
    "grunnregelverk",
    "vedtak",
    "regelverk",
    "situation",
    "population",
    "simulate",
    "intake",
    "law",
    "partitions",
    "privacy",
    "analysis",
    "provenance",
    "audit.cases",
    "audit",
    "report",
    "report.parts",
    "report.subjects",
    "report.questions",
    "report.forms",
    "verify",
    "web.api",
    "web.page",
    "web",
    "cli",
)
#: The folders of the regulation, and what they are written with.
REGULATION = ("variables", "reforms", "readings", "proposals")
WRITTEN_WITH = ("rules", "vedtak")

MODULES = {
    ".".join(path.relative_to(ROOT / PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip("."): path
    for path in (ROOT / PACKAGE).rglob("*.py")
}


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the package's modules that a file imports, each with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == PACKAGE:
            base = node.module.removeprefix(PACKAGE).lstrip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".lstrip(".")
                yield inner if inner in MODULES else base, node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] == PACKAGE:
                    yield alias.name.removeprefix(PACKAGE).lstrip("."), node.lineno


def room_of(module: str) -> str:
    """Return the room that a module lies in: the longest name among the rooms that it begins with."""
    while module not in ROOMS:
        module, _, last = module.rpartition(".")
        assert last, "a module outside all rooms"
    return module

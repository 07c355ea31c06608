"""The rooms of the house: what each imports lies below it, and none is too full to be known by heart.

Nine modules once looked the law in force up for themselves, because nobody saw that another had it.
"""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

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
    "population",
    "situation",
    "simulate",
    "intake",
    "law",
    "privacy",
    "analysis",
    "provenance",
    "audit.cases",
    "audit",
    "report",
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
REGULATION = ("variables", "reforms")
WRITTEN_WITH = ("rules", "vedtak")
#: The most files of Python in a room.
MOST = 15

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


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {""}))
def test_a_room_imports_from_rooms_below_it(module):
    mine = room_of(module)
    upwards = [
        f"{MODULES[module].relative_to(ROOT)}:{line}: {mine} imports {name}, which lies above it"
        for name, line in imported(MODULES[module])
        if ROOMS.index(room_of(name)) > ROOMS.index(mine)
    ]
    assert upwards == []


@pytest.mark.parametrize("folder", REGULATION)
def test_the_regulation_is_written_with_the_rules_alone(folder):
    others = [
        f"{path.relative_to(ROOT)}:{line}: imports {name}"
        for path in sorted((ROOT / folder).glob("*.py"))
        for name, line in imported(path)
        if room_of(name) not in WRITTEN_WITH
    ]
    assert others == []


def test_no_import_leads_back():
    graph = {module: {name for name, _ in imported(path)} - {module} for module, path in MODULES.items()}
    TopologicalSorter(graph).prepare()  # raises with the modules of a circle


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES.values()}))
def test_no_room_is_too_full(folder):
    files = sorted(path.name for path in folder.glob("*.py"))
    assert len(files) <= MOST, f"{folder.relative_to(ROOT)} holds {len(files)}: make a room of a theme in it"


def test_tests_mirror_the_rooms():
    """Each folder of tests is named after a room, a folder of the regulation, or what lies outside the package."""
    rooms = {room.partition(".")[0] for room in ROOMS} | {*REGULATION, "parameters"}
    rooms |= {"front_doors", "house", "docs", "survey_manager"}
    tests = ROOT / "tests"
    assert {path.name for path in tests.iterdir() if path.is_dir() and path.name[0].isalpha()} <= rooms
    assert [path.name for path in tests.glob("test_*.py")] == []

"""The rooms of the house: what each imports lies below it, and none is too full to be known by heart.

Nine modules once looked the law in force up for themselves, because nobody saw that another had it.
"""

from graphlib import TopologicalSorter

import pytest

from tests.house import picture
from tests.house.rooms import MODULES, REGULATION, ROOMS, ROOT, WRITTEN_WITH, imported, room_of

#: The most files of Python in a room.
MOST = 15


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


def test_the_picture_is_current():
    """``python -m tests.house.picture`` draws it anew."""
    shown = picture.shown(picture.PICTURE.read_text(encoding="utf-8"))
    assert len(shown) == len(picture.marks())
    assert shown == picture.shown(picture.drawn())

"""A test case that could not fail, or that tests nothing, is refused, and the message says where and why."""

import sys

import pytest

from openfisca_bergen_hbt.audit.cases.reader import read_file
from openfisca_bergen_hbt.audit.runner import HELD, REFUSED, run
from openfisca_bergen_hbt.audit.session import Audit
from openfisca_bergen_hbt.law.systems import Systems
from tests.audit.faulty import ALL, PERSON, UNITS


@pytest.fixture(scope="module")
def systems():
    return Systems()


def audited(text, folder, systems):
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    file = read_file(path, "case.yaml", systems)
    return Audit([file], [run(case, systems) for case in file.cases], [], systems)


@pytest.mark.parametrize("name", ALL)
def test_refused(name, tmp_path, systems):
    text, *fragments = ALL[name]
    found = audited(text, tmp_path, systems)
    messages = [str(fault) for fault in found.faults]
    messages += [str(fault) for outcome in found.outcomes for fault in outcome.faults]
    assert messages, "nothing was found"
    assert any(all(fragment in message for fragment in fragments) for message in messages), messages
    assert all(message.startswith("case.yaml") for message in messages)
    assert found.exit_code == 2
    assert all("Traceback" not in message and "\n" not in message for message in messages)


def test_there_are_more_than_a_hundred():
    assert len(ALL) >= 150


@pytest.mark.parametrize("text", [PERSON, UNITS], ids=["a user", "two units"])
def test_the_tests_that_the_faulty_ones_are_made_of_hold(text, tmp_path, systems):
    found = audited(text, tmp_path, systems)
    assert [outcome.status for outcome in found.outcomes] == [HELD]
    assert found.exit_code == 0


def test_no_code_is_run(tmp_path, systems):
    trace = tmp_path / "run"
    text = PERSON.replace(
        "10", f"!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{trace}']]"
    )
    assert audited(text, tmp_path, systems).exit_code == 2
    audited(PERSON + "  reforms: [antigravity.Reform]\n", tmp_path, systems)
    assert not trace.exists()
    assert "antigravity" not in sys.modules


def test_a_file_that_is_not_utf_8(tmp_path, systems):
    path = tmp_path / "case.yaml"
    path.write_bytes(PERSON.replace("en bruker", "én bruker").encode("latin-1"))
    (fault,) = read_file(path, "case.yaml", systems).faults
    assert str(fault) == "case.yaml: it is not UTF-8 text. Save it as UTF-8."


def test_a_refused_test_is_not_counted_as_held(tmp_path, systems):
    found = audited(PERSON + UNITS.replace("490]", "490, 0]"), tmp_path, systems)
    assert [outcome.status for outcome in found.outcomes] == [HELD, REFUSED]
    assert (found.total.held, found.total.refused) == (1, 1)

"""A test case that could not fail, or that tests nothing, is refused, and the message says where and why."""

import sys

import pytest

from openfisca_bergen_hbt.audit.cases.reader import read_file
from openfisca_bergen_hbt.audit.cases.regulations import Regulations
from openfisca_bergen_hbt.audit.runner import HELD, REFUSED, run
from openfisca_bergen_hbt.audit.session import Audit
from tests.audit.faulty import ALL, PERSON, UNITS


@pytest.fixture(scope="module")
def regulations():
    return Regulations()


def audited(text, folder, regulations):
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    file = read_file(path, "case.yaml", regulations)
    return Audit([file], [run(case, regulations) for case in file.cases], [], regulations)


@pytest.mark.parametrize("name", ALL)
def test_refused(name, tmp_path, regulations):
    text, *fragments = ALL[name]
    found = audited(text, tmp_path, regulations)
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
def test_the_tests_that_the_faulty_ones_are_made_of_hold(text, tmp_path, regulations):
    found = audited(text, tmp_path, regulations)
    assert [outcome.status for outcome in found.outcomes] == [HELD]
    assert found.exit_code == 0


def test_no_code_is_run(tmp_path, regulations):
    trace = tmp_path / "run"
    text = PERSON.replace(
        "10", f"!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{trace}']]"
    )
    assert audited(text, tmp_path, regulations).exit_code == 2
    audited(PERSON + "  reforms: [antigravity.Reform]\n", tmp_path, regulations)
    assert not trace.exists()
    assert "antigravity" not in sys.modules


def test_a_file_that_is_not_utf_8(tmp_path, regulations):
    path = tmp_path / "case.yaml"
    path.write_bytes(PERSON.replace("en bruker", "én bruker").encode("latin-1"))
    (fault,) = read_file(path, "case.yaml", regulations).faults
    assert str(fault) == "case.yaml: it is not UTF-8 text. Save it as UTF-8."


def test_a_refused_test_is_not_counted_as_held(tmp_path, regulations):
    found = audited(PERSON + UNITS.replace("490]", "490, 0]"), tmp_path, regulations)
    assert [outcome.status for outcome in found.outcomes] == [HELD, REFUSED]
    assert (found.total.held, found.total.refused) == (1, 1)

"""A test case that could not fail, or that tests nothing, is refused, and the message says where and why."""

import sys

import pytest

from openfisca_bergen_hbt.audit.cases.reader import read_file
from openfisca_bergen_hbt.audit.runner import FAILED, HELD, REFUSED, run
from openfisca_bergen_hbt.audit.session import Audit
from openfisca_bergen_hbt.law.systems import Systems
from openfisca_bergen_hbt.report.forms.audit_lines import lines
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


def described(text, tmp_path, systems):
    """Return what is said of the only test of a file: its status, its faults and its notes."""
    (outcome,) = audited(text, tmp_path, systems).outcomes
    return outcome.status, [fault.message for fault in outcome.faults], [note.message for note in outcome.notes]


OTHER_PERIODS = {
    "hours of 2018, results of 2019": (
        PERSON.replace("besoek_per_uke: 10", "besoek_per_uke: {2018: 10}").replace("4.5", "0"),
        "besoek_per_uke is given for 2018, and what is expected reads it in 2019-01, where none is given.",
    ),
    "hours of a month, results of another": (
        PERSON.replace("besoek_per_uke: 10", "besoek_per_uke: {2019-02: 10}").replace("4.5", "0"),
        "besoek_per_uke is given for 2019-02, and what is expected reads it in 2019-01, where none is given.",
    ),
    "driving time of another year": (
        UNITS.replace("A: {brukere: [a]}", "A: {brukere: [a], enhet_kjoeretid_per_uke: {2018: 5}}"),
        "enhet_kjoeretid_per_uke is given for 2018, and what is expected reads it in 2019, where none is given.",
    ),
    "minutes of another year beside visits of this": (
        PERSON.replace("    besoek_per_uke: 10", "    besoek_per_uke: 10\n    normtid_minutter_per_besoek: {2018: 20}"),
        "normtid_minutter_per_besoek is given for 2018, and what is expected reads it in 2019-01, where none is given.",
    ),
}


@pytest.mark.parametrize("name", OTHER_PERIODS)
def test_an_input_of_another_period_than_the_one_that_is_read_is_refused(name, tmp_path, systems):
    text, message = OTHER_PERIODS[name]
    if name.startswith("driving"):
        text = text.replace("etat_sentral_reserve: 20", "etat_avstandspott: 0")
    status, faults, notes = described(text, tmp_path, systems)
    assert (status, notes) == (REFUSED, [])
    assert message in faults


def test_an_input_that_nothing_reads_is_named(tmp_path, systems):
    text = PERSON.replace("    besoek_per_uke: 10", "    besoek_per_uke: 10\n    vurdert_timer_per_uke: {2018: 3}")
    status, faults, notes = described(text, tmp_path, systems)
    assert (status, faults) == (HELD, [])
    assert notes == ["vurdert_timer_per_uke of 2018: nothing that is expected reads it."]
    found = audited(text, tmp_path, systems)
    assert f"        note: {notes[0]}" in list(lines(found.outcomes[0]))


def test_months_that_an_expected_month_does_not_read_are_not_named(tmp_path, systems):
    text = PERSON.replace("besoek_per_uke: 10", "besoek_per_uke: {2019-01: 10, 2019-02: 20}")
    assert described(text, tmp_path, systems) == (HELD, [], [])


def test_hours_of_some_users_are_refused_whatever_is_asked(tmp_path, systems):
    text = UNITS.replace("b: {vurdert_timer_per_uke: 5}", "b: {}").replace(
        "    enhet_kategoritildeling: [490, 490]\n", ""
    )
    status, faults, _ = described(text, tmp_path, systems)
    assert status == REFUSED
    assert "is given for 1 of 2 'brukere', and not for 'b'" in faults[0]


def test_a_unit_in_two_etater_is_refused_whatever_is_asked(tmp_path, systems):
    text = UNITS.replace("B: {brukere: [b]}", "B: {}").replace("A: {brukere: [a]}", "A: {brukere: [a, b]}")
    text = text.replace(
        "etater: {t: {brukere: [a, b], etat_disponibel_ramme: 1000}}",
        "etater: {t: {brukere: [a], etat_disponibel_ramme: 1000}, u: {brukere: [b], etat_disponibel_ramme: 500}}",
    )
    text = text.replace("etat_sentral_reserve: 20", "etat_sentral_reserve: [20, 10]")
    text = text.replace("    enhet_kategoritildeling: [490, 490]\n", "")
    status, (fault,), _ = described(text, tmp_path, systems)
    assert status == REFUSED
    assert "lie in more than one agency: t and u" in fault


def test_an_expected_0_of_what_is_not_given_passes_beside_what_tests(tmp_path, systems):
    # no unit drives: no distance money, though a share of the frame of 1000 would be 10
    text = UNITS.replace("etat_sentral_reserve: 20", "etat_sentral_reserve: 20\n    etat_avstandspott: 0")
    assert described(text, tmp_path, systems) == (HELD, [], [])
    assert described(text.replace("pott: 0", "pott: 10"), tmp_path, systems)[0] == FAILED
    alone = PERSON.replace("    besoek_per_uke: 10\n", "    vurdert_timer_per_uke: 1\n").replace("4.5", "0")
    assert described(alone, tmp_path, systems)[0] == REFUSED

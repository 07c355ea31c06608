"""What the tests would notice: small changes of the law are made one by one, noticed or not, and undone."""

import math
import re
from pathlib import Path

import numpy
import pytest

from openfisca_bergen_hbt.audit import branches, coverage, session
from openfisca_bergen_hbt.audit.changes import KINDS, REQUIRED, all_changes, made
from openfisca_bergen_hbt.law.systems import SYSTEMS, Systems
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.population.embedded import moving
from openfisca_bergen_hbt.regelverk import decisions
from openfisca_bergen_hbt.simulate import simulate
from tests.audit.faulty import PERSON, UNITS
from tests.audit.own import OWN, ROOT
from tests.commands import as_json, run

VARIABLES = ROOT / "tests" / "variables"


@pytest.fixture(scope="module")
def changes():
    return all_changes(Systems())


def survey(*texts, processes=1):
    paths = []
    for number, text in enumerate(texts):
        paths.append(Path(f"t{number}.yaml"))
        paths[-1].write_text(text, encoding="utf-8")
    return coverage.survey(session.audit(paths), processes=processes)


def noticed(found, kind, name):
    return [
        tried.noticed_by is not None for tried in found.tried if (tried.change.kind, tried.change.name) == (kind, name)
    ]


def test_every_number_bound_decision_hinge_and_formula_is_tried(changes):
    by_kind = {kind: [change for change in changes if change.kind == kind] for kind in KINDS}
    assert {change.name for change in by_kind["bound"]} == {
        *(f"kategorimodell.nedre_grense.kategori_{number}" for number in range(1, 7)),
        "omfordeling.terskel",
        "tid.timer_per_uke_maks",
    }
    assert len(by_kind["decision"]) == 3 * len(decisions())
    assert len(by_kind["hinge"]) == sum(len(decision.hinges) for decision in decisions())
    weights = [change for change in by_kind["parameter"] if change.name == "kategorimodell.vekt.kategori_2"]
    assert [change.to for change in weights] == pytest.approx([4.545, 4.455])  # 4.5, a hundredth up and down
    most = [change.to for change in by_kind["parameter"] if change.name == "tid.timer_per_uke_maks"]
    assert most == pytest.approx([166.32])  # no week has more than 168 hours
    formulas = {(change.name, change.start) for change in by_kind["formula"]}
    assert {("timer_per_uke", "2017-01-01"), ("timer_per_uke", "2018-01-01")} <= formulas
    assert ("etat_plan_hjemmeboende_eldre_gjelder", "2030-01-01") not in formulas  # after 2021


@pytest.mark.usefixtures("folder")
def test_a_test_notices_what_it_depends_on_and_nothing_else():
    found = survey(PERSON)
    assert noticed(found, "parameter", "normtid.minutter_per_besoek") == [True, True]
    assert noticed(found, "formula", "normtid_timer_per_uke") == [True]
    assert noticed(found, "parameter", "reserve.andel") == [False, False]
    assert noticed(found, "bound", "tid.timer_per_uke_maks") == [False]
    assert noticed(found, "decision", decisions()[0].id()) == [False, False, False]
    assert {tried.read_by for tried in found.tried if tried.change.name == "reserve.andel"} == {0}
    assert {tried.read_by for tried in found.tried if tried.change.name == "tid.timer_per_uke_maks"} == {1}


#: A user at each bound, at the limit of a week, and without hours.
AT_BOUNDS = """\
- period: 2019-01
  input: {vurdert_timer_per_uke: [0, 1.5, 7.5, 15, 30, 80, 168]}
  output:
    loepende_kategori: [INGEN, KATEGORI_2, KATEGORI_3, KATEGORI_4, KATEGORI_5, KATEGORI_6, KATEGORI_6]
"""


@pytest.mark.usefixtures("folder")
def test_a_bound_is_noticed_by_a_value_that_lies_at_it():
    at = survey(AT_BOUNDS)
    beside = survey(AT_BOUNDS.replace("[0, 1.5, 7.5, 15, 30, 80, 168]", "[0, 1.6, 7.6, 16, 31, 81, 100]"))
    for number in range(2, 7):
        name = f"kategorimodell.nedre_grense.kategori_{number}"
        assert noticed(at, "bound", name) == [True]
        assert noticed(beside, "bound", name) == [False]
    assert noticed(at, "bound", "tid.timer_per_uke_maks") == [True]
    assert noticed(at, "bound", "kategorimodell.nedre_grense.kategori_1") == [True]  # 0 hours would be category 1


@pytest.mark.usefixtures("folder")
def test_a_decision_is_noticed_by_the_months_around_it():
    text = "- input: {brukere: {a: {}}, enhet: {brukere: a}, etat: {brukere: a}}\n"
    text += "  output:\n    etat_statusrapport_vedtatt: "
    name, hinge = "vedtak_2021_06_statusrapport", "vedtak_2021_06_statusrapport/etat_statusrapport_vedtatt"
    around = survey(text + "{2021-05: false, 2021-06: true}\n")
    assert (noticed(around, "decision", name), noticed(around, "hinge", hinge)) == ([True, True, True], [True])
    after = survey(text + "{2021-07: true}\n")
    assert noticed(after, "decision", name) == [True, False, False]  # left out, a month later, a month earlier
    before = survey("# regulation: 2020-12\n" + text + "{2021-07: false}\n")
    assert noticed(before, "decision", name) == [False, False, False]


@pytest.mark.usefixtures("folder")
def test_without_the_test_at_the_threshold_there_is_a_hole():
    text = (VARIABLES / "omfordeling.yaml").read_text(encoding="utf-8")
    cut = text[: text.index("# 20 hours in A (22.5 points)")]
    assert noticed(survey(text), "parameter", "omfordeling.terskel") == [True, True]
    assert noticed(survey(cut), "parameter", "omfordeling.terskel") == [True, False]


@pytest.mark.usefixtures("folder")
def test_several_processes_find_the_same():
    one, two = survey(UNITS, PERSON), survey(UNITS, PERSON, processes=2)
    assert one == two


@pytest.mark.usefixtures("folder")
def test_a_test_that_does_not_hold_covers_nothing():
    found = survey(PERSON.replace("4.5", "5"))
    assert len(found.holes) == len(found.tried)


def figures(system):
    results = simulate(moving(2019), system, 2019)
    names = ["enhet_samlet_tildeling", "etat_reserve_saldo", "etat_ufordelt", "enhet_aktivitetsbasert_inntekt"]
    return numpy.concatenate([results.value(name) for name in names])


def test_every_change_is_undone(changes):
    systems = Systems()
    before = figures(systems.system(in_force()))
    kept = len(systems.without_proposals())
    changed = 0
    for change in changes[::7]:
        with made(change, systems) as system_of:
            try:
                changed += not numpy.array_equal(figures(system_of(in_force())), before)
            except Exception:  # noqa: BLE001 (a forced branch may end with any error)
                changed += 1
        assert numpy.array_equal(figures(systems.system(in_force())), before), change
        assert len(systems.without_proposals()) == kept
    assert changed >= 10


def chosen(bruker, period):
    amount = 3 if period > 1 else 5
    return numpy.minimum(bruker, amount)


@pytest.mark.usefixtures("folder")
def test_an_audit_has_systems_of_its_own_to_change():
    Path("t.yaml").write_text(PERSON, encoding="utf-8")
    systems = session.audit([Path("t.yaml")]).systems
    assert systems is not SYSTEMS
    assert systems.foundation() is not SYSTEMS.foundation()


def test_branches_are_forced_each_way():
    found = branches.branches(chosen)
    assert [list(branch.ways) for branch in found] == [
        ["«period > 1» always", "«period > 1» never"],
        ["«numpy.minimum(bruker, amount)» always «bruker»", "«numpy.minimum(bruker, amount)» always «amount»"],
        ["«period > 1» as «period >= 1»"],
    ]
    assert [chosen(4, 1), chosen(4, 2)] == [4, 3]
    assert branches.forced(chosen, 0, 0)(4, 1) == 3
    assert branches.forced(chosen, 0, 1)(4, 2) == 4
    assert branches.forced(chosen, 1, 0)(4, 2) == 4
    assert branches.forced(chosen, 1, 1)(2, 2) == 3
    assert branches.forced(chosen, 2, 0)(4, 1) == 3


def test_a_bound_is_opened_by_the_next_number(changes):
    (opened,) = [c for c in changes if (c.kind, c.name) == ("bound", "kategorimodell.nedre_grense.kategori_6")]
    assert opened.to == math.nextafter(80, math.inf)
    assert opened.what == "opened: 80 itself no longer belongs to it"


@pytest.mark.usefixtures("folder")
def test_holes_come_with_a_test_to_complete():
    Path("t.yaml").write_text(PERSON, encoding="utf-8")
    content = as_json("audit", "t.yaml", "--coverage")
    holes = [change for change in content["coverage"]["changes"] if change["noticed_by"] is None]
    assert len(holes) > 100
    for number, hole in enumerate(holes[::9]):
        Path(f"hole{number}.yaml").write_text(hole["skeleton"], encoding="utf-8")
        result = run("audit", f"hole{number}.yaml")
        assert result.exit_code == 1, (hole, result.text)  # it runs, and does not hold before it is completed


@pytest.mark.usefixtures("folder")
def test_too_little_covered_ends_with_1():
    Path("t.yaml").write_text(PERSON, encoding="utf-8")
    assert run("audit", "t.yaml", "--coverage").exit_code == 0
    result = run("audit", "t.yaml", "--coverage", "--fail-under", "50")
    assert result.exit_code == 1
    assert "50 % is asked for" in result.stderr
    assert "Hole: bound kategorimodell.nedre_grense.kategori_1" in result.text


def test_our_own_tests_notice_every_change_but_one():
    result = run("audit", "--coverage", "--fail-under", "100", *OWN)
    assert result.exit_code == 0, result.text
    holes = [line for line in result.text.splitlines() if line.startswith("Hole: ")]
    # branches that only save work: without them a pot of 0 is shared out, or each multiplied by whether its etat drives
    assert [re.search(r"branch (\w+) \(.*?\), «(.*?)» ", hole).groups() for hole in holes] == [
        ("enhet_reserve_ved_aarets_slutt", "not numpy.any(share)"),
        ("enhet_tilleggsramme", "not extra.any()"),
        ("etat_avstandspott", "not driving.any()"),
    ]
    assert set(REQUIRED) == {"parameter", "bound", "decision", "hinge", "reading"}


def test_as_json_of_our_own_has_no_hole_in_what_is_required():
    content = as_json("audit", *OWN, "--coverage")
    coverage = content["coverage"]
    assert {kind: coverage["percent"][kind] for kind in ("parameter", "bound", "decision", "hinge", "formula")} == {
        "parameter": 100, "bound": 100, "decision": 100, "hinge": 100, "formula": 100,
    }  # fmt: skip
    assert {name for name in coverage["read_by_no_rule"] if not name.startswith("kostra.")} == {
        "befolkning.spredning",
        "legemiddelhaandtering.andel_pasienter",
        "merforbruk.andel",
        "merforbruk.kroner",
    }

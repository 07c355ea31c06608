"""Scenarios as a file has them, and as an address does: the same in and out, and what is refused."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.law.proposals import Change
from openfisca_bergen_hbt.law.scenario_files import read_plan, written
from openfisca_bergen_hbt.law.scenarios import Inline, Plan, Scenario, versions
from openfisca_bergen_hbt.web.page.scenarios import address

DOCS = (Path(__file__).parent.parent.parent / "docs" / "scenarioer.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(.*?)```", DOCS, re.DOTALL)[1]
#: A scenario with one change, to be put wrong.
CHANGED = "scenarios:\n  - name: A\n    changes:\n      - {parameter: reserve.andel, from: 2019-01-01, value: 0.04}\n"


def test_the_example_of_the_docs():
    found = versions(read_plan(EXAMPLE, "plan.yaml"))
    assert [version.title for version in found] == ["I dag", "Større reserve", "Reserven deles ut", "Uten planen"]
    assert [len(version.decisions) for version in found] == [6, 6, 6, 5]
    assert [proposal.id for proposal in found[2].proposals] == ["stoerre_reserve"]
    assert [reading.id() for reading in found[2].readings] == ["lesning_t05_reserven_deles_ut"]
    assert found[1].proposals[0].changes[0].value == 0.04


def test_the_first_is_the_one_that_the_others_are_measured_against():
    plan = read_plan("against: B\nscenarios: [{name: A}, {name: B}, {name: C}]", "plan.yaml")
    assert [version.id for version in versions(plan)] == ["B", "A", "C"]


def test_a_scenario_builds_on_what_its_proposal_builds_on():
    proposals = (Inline("Før planen", (Change("reserve.andel", date(2019, 1, 1), 0.03),), baseline="grunnregelverk"),)
    (version,) = versions(Plan((Scenario("A", proposals=proposals),)))
    assert (version.decisions, version.id, version.day) == ((), "A", None)
    (of_a_year,) = versions(Plan((Scenario("2019", regulation="2019-06"),)))
    assert (of_a_year.title, of_a_year.day, len(of_a_year.decisions)) == ("2019", None, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "plan.yaml: The file is empty."),
        ("[]", "plan.yaml: The file is empty."),
        ("- A", "plan.yaml:1:1: The file has a key 'scenarios', a list of scenarios"),
        ("scenarios: []", "plan.yaml:1:12: 'scenarios' is a list of 1 to 4 scenarios."),
        ("scenarios: A", "plan.yaml:1:12: 'scenarios' is a list of 1 to 4 scenarios."),
        ("scenarios: [{name: A}, {name: B}, {name: C}, {name: D}, {name: E}]", "a list of 1 to 4 scenarios."),
        ("scenarios:\n  - name: I dag\n  - name: i  dag", "plan.yaml:3:11: 'i  dag' is no name of a scenario"),
        (
            "scenarios:\n  - name: I dag\n  - name: i dag",
            "plan.yaml:3:11: The name 'i dag' is taken by another scenario",
        ),
        ("scenarios:\n  - name: ''", "plan.yaml:2:11: A scenario has a name"),
        ("scenarios:\n  - name: ~", "plan.yaml:2:11: A name is a text."),
        ("scenarios:\n  - name: 2019", "plan.yaml:2:11: A name is a text."),
        ("scenarios:\n  - name: no", "plan.yaml:2:11: A name is a text."),
        ("scenarios:\n  - name: <b>A</b>", "'<b>A</b>' is no name of a scenario"),
        (f"scenarios:\n  - name: {'A' * 41}", "at most 40 characters"),
        ("scenarios:\n  - nam: A", "There is no 'nam'. It has name, regulation"),
        ("scenarios:\n  - name: A\nagainst: B", "plan.yaml:3:10: There is no scenario 'B'."),
        ("scenarios:\n  - name: A\nsamples: 8", "There is no 'samples'. It has scenarios, against."),
        ("scenarios:\n  - name: A\n    readings: [lesning_x]", "plan.yaml:3:15: There is no reading 'lesning_x'."),
        ("scenarios:\n  - name: A\n    readings: lesning_x", "'readings' is a list of ids of readings."),
        ("scenarios:\n  - name: A\n    regulation: 2019", "'regulation' is an id or a date, as a text."),
        ("scenarios:\n  - name: A\n    regulation: 2016-01", "plan.yaml:3:17: '2016-01' is before 2017-01-01"),
        ("scenarios:\n  - name: A\n    without: [x]", "'x' is no decision."),
        ("scenarios:\n  - name: A\n    proposals: [x]", "plan.yaml:3:17: There is no proposal 'x'."),
        ("scenarios:\n  - name: A\n    proposals: [{title: X, changes: []}]", "changes at least one number"),
        (
            "scenarios:\n  - name: A\n    proposals: [stoerre_reserve]\n    regulation: grunnregelverk",
            "builds on 'vedtak_2021_06_statusrapport', and not on 'grunnregelverk'",
        ),
        (CHANGED.replace("0.04", "4"), "plan.yaml:4:9: reserve.andel is 4; it must be from 0 to 1 (andel)."),
        (CHANGED.replace("0.04", "'0.04'"), "plan.yaml:4:61: A value is a number."),
        (CHANGED.replace("0.04", "0_4"), "plan.yaml:4:61: '0_4' is not written as a number."),
        (CHANGED.replace("2019-01-01", "2019"), "A date is a text: 2019-01-01."),
        (CHANGED.replace("reserve.andel", "reserve"), "plan.yaml:4:9: There is no parameter 'reserve'."),
        (CHANGED.replace("name: A", "name: A\n    name: B"), "plan.yaml:3:5: the key 'name' stands twice."),
        ("scenarios: !!python/object/apply:os.system [ls]", "plan.yaml:1:12: the tag"),
        (
            "a: &a [1, 1]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(2)) + "c: *d",
            "the alias '*d' has no anchor",
        ),
        ("x: " + "[" * 60 + "]" * 60, "nested more than 50 levels deep"),
        ("scenarios:\n\t- name: A", "this is no YAML"),
        ("# " + "x" * 100_000, "The file has more than 100000 characters"),
    ],
)
def test_what_is_no_scenario_file_is_refused_where_it_is_wrong(text, message):
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        read_plan(text, "plan.yaml")
    assert str(error.value).startswith("plan.yaml")


def test_aliases_that_unfold_without_end_are_refused():
    bomb = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    with pytest.raises(ValueError, match="more than 500000 values"):
        read_plan(bomb, "plan.yaml")


LETTERS = st.characters(exclude_categories=("C", "Zl", "Zp"))
TEXTS = st.text(LETTERS | st.sampled_from("~{}=@|'\"\\#:&\n"), max_size=20)
NAMES = st.from_regex(r"[A-Za-zÆØÅæøå0-9]{1,8}( [A-Za-z0-9]{1,8}){0,2}", fullmatch=True)
CHANGES = st.builds(
    Change,
    st.sampled_from(["reserve.andel", "reserve.toleranse"]),
    st.dates(date(2018, 1, 1), date(2040, 1, 1)),
    st.integers(0, 10**7).map(lambda number: number / 10**7),
).map(lambda change: (change,))
SCENARIOS = st.builds(
    Scenario,
    NAMES,
    st.sampled_from([None, "2021-12", "vedtak_2021_06_statusrapport"]),
    st.sampled_from([(), ("vedtak_2019_09_politisk_plattform",)]),
    st.sampled_from([(), ("lesning_t13_tertial", "lesning_t05_skjoenn"), ("alternativ_timer_som_poeng",)]),
    st.sampled_from(["lavere_terskel"]).map(lambda name: (name,))
    | st.builds(Inline, TEXTS.map("F{}".format), CHANGES, TEXTS, TEXTS, TEXTS).map(lambda one: (one,)),
    st.just(()) | CHANGES,
)


@given(SCENARIOS)
@settings(max_examples=60, deadline=None)
def test_an_address_holds_a_scenario_as_it_is(scenario):
    assert address.scenario_in(address.written(scenario)) == scenario


@given(SCENARIOS)
@settings(max_examples=25, deadline=None)
def test_a_file_holds_scenarios_as_they_are(scenario):
    if isinstance(scenario.proposals[0], str):  # which builds on the law of a decision
        scenario = Scenario(scenario.name, proposals=scenario.proposals, readings=scenario.readings)
    plan = Plan((Scenario("Først"), Scenario(f"B{scenario.name}", *_rest(scenario))), "Først")
    assert read_plan(written(plan, ["En linje"]), "plan.yaml") == plan


def _rest(scenario):
    return scenario.regulation, scenario.without, scenario.readings, scenario.proposals, scenario.changes


def test_an_address_can_be_read():
    scenario = Scenario(
        "Større reserve",
        "2021-12",
        ("vedtak_2019_05_plan_hjemmeboende_eldre",),
        ("lesning_t05_skjoenn",),
        ("stoerre_reserve", Inline("Med ~", (Change("reserve.andel", date(2019, 1, 1), 0.125),))),
        (Change("kategorimodell.vekt.kategori_3", date(2019, 1, 1), 11.125, date(2020, 1, 1)),),
    )
    text = address.written(scenario)
    assert text == (
        "Større reserve~2021-12~uten.vedtak_2019_05_plan_hjemmeboende_eldre~lesning_t05_skjoenn~"
        "forslag.stoerre_reserve~"
        '{"title":"Med \\u007e","changes":[{"parameter":"reserve.andel","from":"2019-01-01","value":0.125,"to":null}]}~'
        "kategorimodell.vekt.kategori_3=11.1250@2019-01-01..2020-01-01"  # 11.125 may be 11 125
    )
    assert address.scenario_in(text) == scenario


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A~2019-06~2021-12", "has two regulations, 2019-06 and 2021-12"),
        ("A~reserve.andel=4", "is no number of a scenario"),
        ("A~reserve.andel=mye@2019-01-01", "is not a number"),
        ("A~reserve.andel=0.04@2019-13-01", "a date is written 2019-01-01"),
        ("A~reserve=0.04@2019-01-01", "There is no parameter 'reserve'"),
        ("A~{", "A proposal in the address can't be read"),
    ],
)
def test_an_address_that_says_nothing(text, message):
    with pytest.raises(ValueError, match=message):
        address.scenario_in(text)

"""Own proposals: read strictly with line and column, composed in order, and run as reforms."""

from datetime import date
from pathlib import Path

import pytest

from openfisca_bergen_hbt.analysis.assumptions import foundations
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.grunnregelverk import folder
from openfisca_bergen_hbt.law.proposals import ProposalError, ProposalReform, from_settings, read_proposal
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import versions, with_proposals
from openfisca_bergen_hbt.population.embedded import moving, published
from openfisca_bergen_hbt.simulate import simulate

LAW = "vedtak_2021_06_statusrapport"
NEW_YEAR = date(2019, 1, 1)
SHIPPED = sorted(folder("proposals").glob("*.yaml"))
HEAD = f"""\
title: Prøve
baseline: {LAW}
changes:
"""


def write(tmp_path, text):
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_proposal_changes_the_value_from_its_day_and_to_its_day(tmp_path, law):
    text = HEAD + "  - {parameter: reserve.andel, from: 2019-01-01, to: 2019-12-31, value: 0.04}\n"
    reform = ProposalReform(law, read_proposal(write(tmp_path, text), law))
    values = [reform.get_parameters_at_instant(f"{year}-06-01").reserve.andel for year in (2018, 2019, 2020)]
    assert values == [0.02, 0.04, 0.02]
    assert law.get_parameters_at_instant("2019-06-01").reserve.andel == 0.02  # the law itself stays
    reserve = simulate(published(2019), reform, 2019).value("etat_sentral_reserve")
    assert reserve.tolist() == [41_427_473]  # 1 035 686 820 * 0.04 = 41 427 472.8


def test_proposals_compose_in_order(tmp_path, law):
    text = HEAD + "  - {parameter: reserve.andel, from: 2018-01-01, value: 0.03}\n"
    first = read_proposal(write(tmp_path, text), law)
    second = from_settings(["reserve.andel=0.05@2019-01-01", "avstand.andel=0"], law, NEW_YEAR)
    (base,) = versions([LAW])
    one, both = with_proposals(base, [first, second])
    assert SYSTEMS.system(one).get_parameters_at_instant("2019-01-01").reserve.andel == 0.03
    system = SYSTEMS.system(both)
    assert [system.get_parameters_at_instant(f"{y}-01-01").reserve.andel for y in (2018, 2019)] == [0.03, 0.05]
    assert system.get_parameters_at_instant("2019-01-01").avstand.andel == 0


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_proposals_run_and_do_something(path, law):
    proposal = read_proposal(path, law)
    assert proposal.title
    assert proposal.author
    assert proposal.reference
    assert proposal.description
    (base,) = versions([proposal.baseline])
    compared = Comparison(moving(2019), 2019, [base, *with_proposals(base, [proposal])])
    before, after = (run.results.value("enhet_samlet_tildeling") for run in compared.runs)
    assert (before != after).any()
    for run in compared.runs:  # the envelope of a proposal closes to the krone too
        results = run.results
        total = sum(results.value(f"etat_{name}")[0] for name in ("samlet_tildeling", "reserve_saldo", "ufordelt"))
        assert total + results.value("etat_rest_pott_over_80", 12)[0] == results.value("etat_disponibel_ramme")[0]


def test_the_shipped_weights_are_the_mean_hours_of_the_embedded_population(law):
    hours = published(2019).users["vurdert_timer_per_uke"]
    proposal = read_proposal(folder("proposals") / "vekter_etter_gjennomsnitt.yaml", law)
    bounds = [0, 1.5, 7.5, 15, 30, 80]
    for change, low, high in zip(proposal.changes, bounds[:-1], bounds[1:], strict=True):
        assert change.value == pytest.approx(hours[(hours >= low) & (hours < high)].mean(), abs=0.005)


def test_results_say_that_they_rest_on_a_proposal(law):
    proposal = from_settings(["reserve.andel=0.04@2019-06-01"], law, NEW_YEAR)
    for year, basis in ((2019, "assumption"), (2020, "proposal")):  # in January 2019 it does not hold yet
        results = simulate(published(2019), ProposalReform(law, proposal), year, trace=True)
        results.value("etat_sentral_reserve")
        (share,) = [a for a in foundations([results]).assumptions if a.parameter == "reserve.andel"]
        assert share.basis == basis


CHANGE = "  - {parameter: reserve.andel, from: 2019-01-01, value: 0.03}\n"
WRONG = {
    "empty": ("", "p.yaml: the file is empty"),
    "not YAML": ("title: [", "p.yaml:1:9"),
    "a list": ("- title: x\n", "p.yaml:1:1: a proposal is written as keys and values"),
    "an unknown key": (f"titel: x\n{HEAD}{CHANGE}", "p.yaml:1:1: a proposal has no key 'titel'. Did you mean title?"),
    "a key twice": (f"title: x\n{HEAD}{CHANGE}", "p.yaml:2:1: the key 'title' stands twice"),
    "no title": (f"baseline: {LAW}\nchanges:\n{CHANGE}", "the key 'title' is missing"),
    "no baseline": (f"title: x\nchanges:\n{CHANGE}", "the key 'baseline' is missing"),
    "a baseline that is no regulation": (
        HEAD.replace(LAW, "vedtak_2021") + CHANGE,
        "p.yaml:2:11: There is no regulation 'vedtak_2021'. Did you mean vedtak_2021_06_statusrapport",
    ),
    "a title with a command of a terminal's": (
        HEAD.replace("Prøve", '"\\e[31mRød"') + CHANGE,
        "p.yaml:1:8: 'title' holds a control character",
    ),
    "an author who is turned around": (
        f'author: "snudd\\u202Etekst"\n{HEAD}{CHANGE}',
        "p.yaml:1:9: 'author' holds a control character or an invisible one",
    ),
    "a text with what is no letter": (
        f'description: "\\uFFFE"\n{HEAD}{CHANGE}',
        "p.yaml:1:14: 'description' holds a control character",
    ),
    "a title that is a page": (HEAD.replace("Prøve", "N" * 201) + CHANGE, "'title' has more than 200 letters"),
    "no changes": (HEAD, "p.yaml:3:9: 'changes' is a list"),
    "changes that are no list": (HEAD.rstrip() + " reserve.andel\n", "p.yaml:3:10: 'changes' is a list"),
    "a title that is a number": (f"title: 5\nbaseline: {LAW}\nchanges:\n{CHANGE}", "p.yaml:1:8: 'title' is a text"),
    "an unknown parameter": (
        HEAD + CHANGE.replace("andel", "andl"),
        "p.yaml:4:17: There is no parameter 'reserve.andl'. Did you mean reserve.andel",
    ),
    "an unknown key of a change": (HEAD + CHANGE.replace("from", "form"), "p.yaml:4:32: a change has no key 'form'"),
    "no value": (HEAD + "  - {parameter: reserve.andel, from: 2019-01-01}\n", "p.yaml:4:5: the change has no 'value'"),
    "a value in quotes": (HEAD + CHANGE.replace("0.03", '"0.03"'), "'value' is a number"),
    "a decimal comma": (HEAD + "  - parameter: reserve.andel\n    from: 2019-01-01\n    value: 0,03\n", "p.yaml:6:12"),
    "yes": (HEAD + CHANGE.replace("0.03", "yes"), "'value' is a number"),
    "an octal": (HEAD + CHANGE.replace("0.03", "010"), "'value' is a number"),
    "an underscore": (HEAD + CHANGE.replace("0.03", "0.0_3"), "'value' is a number"),
    "full-width digits": (HEAD + CHANGE.replace("0.03", "０.０３"), "'value' is a number"),
    "a sexagesimal": (HEAD + CHANGE.replace("0.03", "1:30"), "'value' is a number"),
    "not a number": (HEAD + CHANGE.replace("0.03", ".nan"), "'value' is a number"),
    "a percentage": (HEAD + CHANGE.replace("0.03", "3%"), "'value' is a number"),
    "a date that is none": (
        HEAD + CHANGE.replace("2019-01-01", "2019-02-30"),
        "p.yaml:4:38: '2019-02-30' is not a date",
    ),
    "a year alone": (HEAD + CHANGE.replace("2019-01-01", "2019"), "'2019' is not a date"),
    "before the law": (HEAD + CHANGE.replace("2019-01-01", "2017-12-31"), "reserve.andel holds from 2018-01-01"),
    "after all time": (HEAD + CHANGE.replace("2019-01-01", "2999-01-01"), "outside the law"),
    "to before from": (HEAD + CHANGE.replace(", value", ", to: 2018-12-31, value"), "is before 'from'"),
    "a share above 1": (HEAD + CHANGE.replace("0.03", "1.01"), "reserve.andel is 1.01; it must be from 0 to 1"),
    "a negative weight": (
        HEAD + "  - {parameter: kategorimodell.vekt.kategori_2, from: 2019-01-01, value: -1}\n",
        "it must be from 0 to 1000000 (poeng)",
    ),
    "two changes in conflict": (
        HEAD + CHANGE + "  - {parameter: reserve.andel, from: 2019-06-01, value: 0.04}\n",
        "p.yaml:5:57: reserve.andel is already changed for the same time at p.yaml:4:57",
    ),
    "bounds out of order": (
        HEAD + "  - {parameter: kategorimodell.nedre_grense.kategori_3, from: 2019-01-01, value: 20}\n",
        "p.yaml:4:82: the lower bounds must rise; from 2019-01-01 they are 0 < 1.5 < 20 < 15",
    ),
    "a tag that would run code": (
        HEAD + "  - !!python/object/apply:os.system ['echo x']\n",
        "the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed",
    ),
    "a tag on a value": (HEAD + CHANGE.replace("0.03", "!x 0.03"), "the tag '!x' is not allowed"),
    "an anchor twice": (f"author: &a x\nreference: &a y\n{HEAD}{CHANGE}", "the anchor '&a' stands twice"),
    "what another mapping holds": (
        HEAD + "  - &c {parameter: reserve.andel, from: 2019-01-01, value: 0.03}\n  - {<<: *c, from: 2020-01-01}\n",
        "p.yaml:5:6: a key is a name, a date or a period, and not the merge '<<'",
    ),
    "a title of two arrows": (HEAD.replace("Prøve", "<<") + CHANGE, "p.yaml:1:8: 'title' is a text"),
    "a title with a tag of numbers": (HEAD.replace("Prøve", '!!int "5"') + CHANGE, "p.yaml:1:8: 'title' is a text"),
    "a tab": (HEAD.replace("Prøve", "en\tto") + CHANGE, "cannot start any token"),
    "a value as a block": (
        HEAD + "  - parameter: reserve.andel\n    from: 2019-01-01\n    value: |-\n      5\n",
        "p.yaml:6:12: 'value' is a number",
    ),
    "two documents": (f"{HEAD}{CHANGE}---\n{HEAD}{CHANGE}", "a second document begins here"),
}


@pytest.mark.parametrize(
    ("text", "title", "value"),
    [
        (HEAD + CHANGE.replace("0.03", "3e-2"), "Prøve", 0.03),
        (HEAD + CHANGE.replace("0.03", "3.0e-2"), "Prøve", 0.03),
        (HEAD.replace("Prøve", "1e5") + CHANGE, "1e5", 0.03),
        (HEAD.replace("Prøve", "!!str 2019") + CHANGE.replace("0.03", "!!float 0.03"), "2019", 0.03),
        (HEAD.replace("Prøve", "' Prøve '").replace(LAW, f"' {LAW} '") + CHANGE, "Prøve", 0.03),
        (f"%YAML 1.1\n---\n{HEAD}{CHANGE}", "Prøve", 0.03),
        (f"\ufeffauthor: &a Hun\nreference: *a\n{HEAD}{CHANGE}", "Prøve", 0.03),
        (HEAD + CHANGE.replace("2019-01-01", "'2019-01-01'"), "Prøve", 0.03),
        (HEAD + CHANGE.replace("0.03", "0.03000000000000000000"), "Prøve", 0.03),
    ],
)
def test_what_core_does_not_read_may_be_written_in_any_way_that_yaml_has(tmp_path, law, text, title, value):
    found = read_proposal(write(tmp_path, text), law)
    assert (found.title, found.baseline, found.changes[0].start) == (title, LAW, NEW_YEAR)
    assert found.changes[0].value == value


def test_a_number_of_many_digits_is_read_as_it_stands(tmp_path, law):
    name, digits = "kategorimodell.vekt.kategori_2", "4.12345678901234567890"
    text = HEAD + f"  - {{parameter: {name}, from: 2019-01-01, value: {digits}}}\n"
    found = read_proposal(write(tmp_path, text), law)
    assert found.changes[0].value == float(digits)


@pytest.mark.parametrize("case", WRONG)
def test_a_faulty_file_is_refused_where_the_fault_is(tmp_path, law, case):
    text, message = WRONG[case]
    with pytest.raises(ProposalError) as caught:
        read_proposal(write(tmp_path, text), law)
    assert message in str(caught.value)


def test_two_changes_of_one_value_for_different_times_are_no_conflict(tmp_path, law):
    changes = CHANGE.replace(", value", ", to: 2019-12-31, value")
    text = HEAD + changes + "  - {parameter: reserve.andel, from: 2020-01-01, value: 0.04}\n"
    assert len(read_proposal(write(tmp_path, text), law).changes) == 2


def test_a_file_that_is_not_text_is_refused(tmp_path, law):
    path = tmp_path / "p.yaml"
    path.write_bytes(b"title: \xff\xfe")
    with pytest.raises(ProposalError, match="not UTF-8"):
        read_proposal(path, law)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("reserve.andel", "PARAMETER=VALUE"),
        ("reserve.andel=mye", "'mye' is not a number. Write it as 0.05 or 0,05"),
        ("reserve.andel=0,03,1", "is not a number"),
        ("reserve.andel=4 % av rammen", "is not a number"),
        ("reserve.andel=%", "'%' is not a number"),
        ("reserve.andel=4%%", "'4%%' is not a number"),
        ("reserve.andel=400 %", "reserve.andel is 4; it must be from 0 to 1"),
        ("budsjett.ramme=4 %", "budsjett.ramme is no share, but 'kr'. Leave out the '%'"),
        ("budsjett.ramme=10.000", "'10.000' can be 10 or 10000. Write the one that you mean so."),
        ("aktivitetsbasert.timepris=987,621", "can be 987621 or 987.6210"),
        ("budsjett.ramme=1 00 000", "is not a number"),
        ("reserve.andel=0.03@2019", "is not a date"),
        ("reserve.andl=0.03", "reserve.andel"),
        ("reserve.andel=2", "from 0 to 1"),
        ("reserve.andel=nan", "'nan' is not a number"),
        ("reserve.andel=0.0_3", "is not a number"),
        ("reserve.andel=٠,٣", "is not a number"),
    ],
)
def test_a_faulty_setting_is_refused(law, setting, message):
    with pytest.raises(ProposalError) as caught:
        from_settings([setting], law, NEW_YEAR)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("written", "value", "title"),
    [
        ("reserve.andel=0.04", 0.04, "andel = 4 %"),
        ("reserve.andel=0,04", 0.04, "andel = 4 %"),
        ("reserve.andel=4 %", 0.04, "andel = 4 %"),
        ("reserve.andel = 2,9%", 0.029, "andel = 2,9 %"),
        ("reserve.andel=0,035", 0.035, "andel = 3,5 %"),
        ("budsjett.ramme=927 533 000", 927_533_000, "ramme = 927 533 000 kr"),
        ("budsjett.ramme=927.533.000", 927_533_000, "ramme = 927 533 000 kr"),
        ("budsjett.ramme=1e9", 1_000_000_000, "ramme = 1 000 000 000 kr"),
        ("budsjett.ramme=10.500", 10_500, "ramme = 10 500 kr"),  # no half krone
        (
            "budsjett.tillitsreform_styrking=\N{MINUS SIGN}5 000 000",
            -5_000_000,
            "tillitsreform_styrking = -5 000 000 kr",
        ),
        ("kategorimodell.vekt.kategori_5=67.50376122", 67.50376122, "vekt.kategori_5 = 67,50376122 poeng"),
        ("kategorimodell.nedre_grense.kategori_2=1,125", 1.125, "nedre_grense.kategori_2 = 1,125 timer/uke"),
        ("tid.uker_per_aar=52,180", 52.18, "uker_per_aar = 52,18 uker/år"),  # a year has not 52 180 weeks
    ],
)
def test_numbers_are_set_as_norwegians_write_them(law, written, value, title):
    for text in (written, written.replace(" ", "\N{NO-BREAK SPACE}")):
        found = from_settings([text], law, NEW_YEAR)
        assert [change.value for change in found.changes] == [value]
        assert found.title.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-") == f"Endret {title}"


def test_every_shipped_proposal_stands_in_the_repository_s_folder():
    assert {path.name for path in (Path(__file__).parent.parent.parent / "proposals").glob("*.yaml")} == {
        path.name for path in SHIPPED
    }
    assert len(SHIPPED) == 3

"""Test cases are run exactly, in 64-bit floats, against the regulation that they name."""

import json
import os
from pathlib import Path

import pytest

from tests.audit.faulty import MODELL, NORMTID, PERSON, UNITS, margin
from tests.audit.own import OWN, audit
from tests.commands import run

#: 1 035 686 820 kr less 2 %, 20 713 736.4: a frame at which a 32-bit float counts in steps of 64 kroner.
BILLION = """\
- name: en milliard
  period: 2019
  input:
    brukere: {a: {vurdert_timer_per_uke: 5}}
    enheter: {A: {brukere: [a]}}
    byomraader: {o: {brukere: [a]}}
    etater: {t: {brukere: [a], etat_budsjettramme: 1021686820}}
  output:
    etat_disponibel_ramme: 1035686820
    etat_ramme_til_fordeling: 1014973084  # 1035686820 - 20713736
"""


@pytest.mark.usefixtures("folder")
def test_one_line_for_a_test_that_holds():
    result = audit(PERSON)
    assert result.exit_code == 0
    line, *rest = result.text.splitlines()
    assert line == (
        "held    t.yaml:1  en bruker: normtid_timer_per_uke (0, 2019-01) expected 4.5, came 4.5, difference 0"
    )
    assert "Tests: 1, files: 1, values: 1. 1 held, 0 failed, 0 refused." in rest


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("by", [1, 20, 50, -1])
def test_money_is_exact_where_core_s_runner_takes_what_is_near(by):
    assert audit(BILLION).exit_code == 0
    result = audit(BILLION.replace("1035686820\n", f"{1_035_686_820 + by}\n"))
    assert result.exit_code == 1
    assert f"expected {1_035_686_820 + by}, came 1035686820, difference {-by}" in result.text


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        (UNITS, 0),
        (UNITS.replace("490]", "491]"), 1),
        (margin("absolute_error_margin: 0.5"), 0),
        (margin("absolute_error_margin: 0.5").replace("490]", "491]"), 1),
        (margin("absolute_error_margin: 2").replace("490]", "491]"), 2),
        (margin("absolute_error_margin: 2  # waiver: avrundet i kilden").replace("490]", "491]"), 0),
        (margin("# waiver: avrundet i kilden\n  absolute_error_margin: 2").replace("490]", "491]"), 0),
        ("# waiver: avrundet i kilden\n" + margin("absolute_error_margin: 2").replace("490]", "491]"), 0),
        (margin("absolute_error_margin: 2\n  waiver: avrundet i kilden").replace("490]", "491]"), 0),
        (margin("absolute_error_margin: {default: 0, enhet_kategoritildeling: 0.5}").replace("490]", "491]"), 1),
        (margin("relative_error_margin: 0.001").replace("490]", "491]"), 1),
        (margin("relative_error_margin: 0.01  # waiver: avrundet").replace("490]", "491]"), 0),
        # both margins hold, as in core
        (margin("relative_error_margin: 0.01\n  absolute_error_margin: 0.1  # waiver: -").replace("490]", "491]"), 1),
        # a share is known to nine digits
        (UNITS + "    enhet_poengandel: {2019-01: [0.5, 0.5000000005]}\n", 0),
        (UNITS + "    enhet_poengandel: {2019-01: [0.5, 0.50000001]}\n", 1),
    ],
)
def test_margins(text, code):
    assert audit(text).exit_code == code


@pytest.mark.usefixtures("folder")
def test_a_comment_above_a_test_is_its_own():
    wide = margin("absolute_error_margin: 2")
    assert audit(wide + "# waiver: den neste\n" + PERSON).exit_code == 2
    assert audit(PERSON + "# waiver: denne\n" + wide).exit_code == 0


@pytest.mark.usefixtures("folder")
def test_names_of_files_and_of_tests_that_are_odd():
    Path("t.yaml").write_text(PERSON.replace("en bruker", '"to\\nlinjer <b>&|"'), encoding="utf-8-sig", newline="\r\n")
    result = run("audit", "t.yaml")
    assert result.text.splitlines()[0].startswith("held    t.yaml:1  to linjer <b>&|: normtid")
    assert run("audit", "t.yaml", "--output", "p.html").exit_code == 0
    assert "to linjer &lt;b&gt;&amp;|" in Path("p.html").read_text(encoding="utf-8")
    odd = os.fsdecode(b"\xe6.yaml")
    Path("t.yaml").rename(odd)
    assert run("audit", odd).exit_code == 0
    assert "?.yaml:1  to linjer" in run("audit", ".").text


@pytest.mark.usefixtures("folder")
def test_every_form_of_a_situation_and_of_an_output():
    for given in ("besoek_per_uke: [10]", "bruker: {besoek_per_uke: 10}", "brukere: {a: {besoek_per_uke: 10}}"):
        for expected in ("normtid_timer_per_uke: [4.5]", "bruker: {normtid_timer_per_uke: {month:2019-01: 4.5}}"):
            text = PERSON.replace("besoek_per_uke: 10", given).replace("normtid_timer_per_uke: 4.5", expected)
            assert audit(text).exit_code == 0, text
    assert audit(UNITS.replace("etat_sentral_reserve: 20", "etater: {t: {etat_sentral_reserve: 20}}")).exit_code == 0
    assert audit(PERSON.removeprefix("- ").replace("\n  ", "\n")).exit_code == 0  # one test, and no list


@pytest.mark.usefixtures("folder")
def test_an_enum_under_its_member_which_core_s_runner_can_t_compare():
    text = UNITS.replace("etat_sentral_reserve: 20", "brukere: {a: {brukerkategori: KATEGORI_2}}")
    assert audit(text).exit_code == 0
    assert "expected KATEGORI_3, came KATEGORI_2" in audit(text.replace("KATEGORI_2", "KATEGORI_3")).text


#: 10 visits of 27 minutes are 4.5 hours; assessed at 6.
REGIMES = """\
- name: timer
  period: 2019-01
  input: {besoek_per_uke: 10, vurdert_timer_per_uke: 6}
  output: {timer_per_uke: HOURS}
"""


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "first", "last", "hours"),
    [
        ("t.yaml", "", "", 6),
        ("reforms/t.yaml", "", "", 4.5),
        ("t.yaml", "", f"  reforms: {NORMTID}\n", 6),
        ("reforms/t.yaml", "", f"  reforms:\n    - {NORMTID}\n    - {MODELL}\n", 6),
        ("t.yaml", "", f"  reforms: [{MODELL}]\n", 4.5),
        ("t.yaml", "# regulation: grunnregelverk\n", "", 4.5),
        ("t.yaml", "# noe annet\n#regulation: grunnregelverk\n", "", 4.5),
        ("t.yaml", "# regulation: 2017-09\n", "", 4.5),
        ("t.yaml", "# regulation: 2017-10-01\n", "", 6),
        ("reforms/t.yaml", "# regulation: vedtak_2017_10_normtid_avviklet\n", "", 6),
        ("t.yaml", "# regulation: grunnregelverk\n", f"  reforms: [{NORMTID}]\n", 6),
        ("t.yaml", "# regulation: vedtak_2017_10_normtid_avviklet\n", f"  reforms: [{MODELL}]\n", 6),
    ],
)
def test_the_regulation_that_a_test_names(name, first, last, hours):
    text = first + REGIMES.replace("HOURS", str(hours)) + last
    assert audit(text, name=name).exit_code == 0
    other = 10.5 - hours
    assert audit(text.replace(f"{{timer_per_uke: {hours}}}", f"{{timer_per_uke: {other}}}"), name=name).exit_code == 1


#: One area, given in the form of one.
AREA = """\
- period: 2019
  input:
    brukere: {a: {}}
    enhet: {brukere: a}
    byomraade: {brukere: [a], publiserte_vedtakstimer: 10, publiserte_brukere: 4}
    etat: {brukere: a}
  output: {timer_per_bruker: 2}
"""
#: What does not hold, and what must be said of it.
FAILING = {
    "one krone": (
        UNITS.replace("490]", "491]"),
        "FAILED  t.yaml:1  to enheter: enhet_kategoritildeling (B, 2019) expected 491, came 490, difference -1",
        "Kategoritildeling ved inngangen av året (B, 2019): 490 kr (etaten: 980)",
        "Kategoripott (t, 2019): 980 kr",
    ),
    "an etat": (
        UNITS.replace("reserve: 20", "reserve: 21"),
        "Sentral reserve (t, 2019): 20 kr",
        "reserve.andel · antatt · T-5",
    ),
    "a user": (
        PERSON.replace("4.5", "5"),
        "Normert behov, timer per uke (0, 2019-01): 4,5 timer/uke",
        "Besøk per uke (0",
    ),
    "an answer": (
        UNITS.replace("etat_sentral_reserve: 20", "brukere: {b: {brukerkategori: KATEGORI_3}}"),
        "brukerkategori (b, 2019) expected KATEGORI_3, came KATEGORI_2",
        "Løpende kategori (b, 2019-01): KATEGORI_2",
    ),
    "yes or no": (
        UNITS.replace("etat_sentral_reserve: 20", "etat_vesentlig_endring: {2019-02: true}"),
        "expected true, came false",
        "Vesentlig endring i brukermassen (t, 2019-02): nei",
    ),
    "an area": (
        AREA,
        "FAILED  t.yaml:1  test 1: timer_per_bruker (byomraade, 2019) expected 2, came 2.5",
        "2,5 timer/bruker",
    ),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", FAILING)
def test_a_failure_says_by_how_much_and_why(name):
    text, *fragments = FAILING[name]
    result = audit(text)
    assert result.exit_code == 1
    for fragment in fragments:
        assert fragment in result.text
    assert "None" not in result.text


@pytest.mark.usefixtures("folder")
def test_many_values_that_differ_are_counted():
    hours = ", ".join(map(str, range(1, 21)))
    text = f"- period: 2019-01\n  input: {{timer_per_uke: [{hours}]}}\n"
    result = audit(f"{text}  output: {{loepende_kategori: [{', '.join(['INGEN'] * 20)}]}}\n")
    assert result.exit_code == 1
    assert result.text.count("expected INGEN") == 10
    assert "… and 10 more values" in result.text


def test_our_own_tests_hold():
    result = run("audit", *OWN)
    assert result.exit_code == 0
    assert " held, 0 failed, 0 refused." in result.text


@pytest.mark.usefixtures("folder")
def test_the_help_lists_the_options_of_paths():
    text = run("audit", "--help").stdout
    assert "--coverage" in text
    assert "--fail-under PERCENT" in text
    Path("t.yaml").write_text("", encoding="utf-8")
    assert "0 refused. Faults of files as a whole: 1." in run("audit", "t.yaml").text


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ingen.yaml"], "'ingen.yaml' matches no file"),
        (["tom"], "'tom' holds no file ending in .yaml or .yml"),
        ([], "Missing argument"),
        (["t.yaml", "--format", "pdf"], "'pdf' is not one of"),
        (["t.yaml", "--fail-under", "90"], "--fail-under is about --coverage"),
        (["t.yaml", "--coverage", "--fail-under", "101"], "101"),
        (["t.yaml", "--output", "finnes.html"], "exists"),
        (["new", "ingenting"], "There is no variable 'ingenting'"),
        (["new", "besoek_per_uke"], "is an input: no rule computes it"),
        (["new", "etat_sentral_reserve", "--period", "2017"], "is not computed in 2017: it begins on 2018-01-01"),
        (["new", "etat_sentral_reserve", "--period", "2019-01"], "is asked for by year (2019)"),
        (["new", "etat_sentral_reserve", "--period", "i fjor"], "is no period"),
        (["new", "etat_sentral_reserve", "--regulation", "forslaget"], "There is no regulation"),
        (["parameters", "ingen"], "'ingen' matches no file"),
        (["parameters", "tom"], "holds no parameter file"),
    ],
)
def test_what_can_t_be_run(arguments, message, folder):
    (folder / "tom").mkdir()
    (folder / "t.yaml").write_text(PERSON, encoding="utf-8")
    (folder / "finnes.html").write_text("", encoding="utf-8")
    result = run("audit", *(arguments or ["run"]))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["t.YAML", "t.yaml.txt", "t.yaml~", "t.yml.bak", ".t.yaml.swp"])
def test_no_file_is_passed_over_for_its_name(name, folder):
    (folder / "t.yaml").write_text(PERSON, encoding="utf-8")
    (folder / name).write_text(PERSON, encoding="utf-8")
    result = run("audit", str(folder))
    assert result.exit_code == 2
    assert f"{name}: its name does not end in .yaml or .yml, so that core's runner passes over it" in result.stdout


def test_files_that_pytest_passes_over_are_run(folder):
    for name in ("build", ".skjult", "node_modules", "venv"):
        (folder / name).mkdir()
        (folder / name / "t.yml").write_text(PERSON.replace("4.5", "5"), encoding="utf-8")
    result = run("audit", str(folder))
    assert result.stdout.count("FAILED") == 4


def test_a_file_named_twice_is_run_once(folder):
    (folder / "t.yaml").write_text(PERSON, encoding="utf-8")
    assert "Tests: 1, files: 1" in run("audit", "t.yaml", str(folder), "./t.yaml").stdout


def test_a_folder_of_the_name_of_a_command(folder):
    (folder / "parameters").mkdir()
    (folder / "parameters" / "t.yaml").write_text(PERSON, encoding="utf-8")
    assert run("audit", "./parameters").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_a_test_of_what_a_decision_brings_is_one_of_that_decision_even_on_the_foundation():
    text = "# regulation: grunnregelverk\n" + BILLION.split("    etat_ramme_til_fordeling", maxsplit=1)[0]
    asked = text.replace("etat_disponibel_ramme: 1035686820", "etat_sentral_reserve: 20433736")  # 2 % of 1021686820
    Path("t.yaml").write_text(asked, encoding="utf-8")
    found = json.loads(run("audit", "t.yaml", "--format", "json").text)["summary"]["by_decision"]
    assert found["vedtak_2018_01_kategorimodell"]["held"] == 1


def test_a_test_behind_a_link_is_a_test(folder):
    """OpenFisca runs it, too; the audit passed over it beside others."""
    case = "- {name: x, period: 2019, input: {vurdert_timer_per_uke: 5}, output: {vedtakstimer: 260}}\n"  # 5 * 52
    (folder / "mappe").mkdir()
    (folder / "mappe" / "a.yaml").write_text(case, encoding="utf-8")
    (folder / "andre").mkdir()
    (folder / "andre" / "b.yaml").write_text(case.replace("260", "261"), encoding="utf-8")
    (folder / "mappe" / "lenke").symlink_to("../andre")
    (folder / "mappe" / "rundt").symlink_to(".")
    result = run("audit", "mappe")
    assert result.exit_code == 1, result.output
    assert "FAILED  mappe/lenke/b.yaml:1" in result.stdout

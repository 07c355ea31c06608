"""Test cases are run exactly, in 64-bit floats, against the regulation that they name."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from commands import as_json, run
from faulty import MODELL, NORMTID, PERSON, UNITS, margin
from jsonschema import Draft7Validator

from openfisca_bergen_hbt.audit import skeleton
from openfisca_bergen_hbt.audit.regulations import Regulations
from openfisca_bergen_hbt.regelverk import regelverk

ROOT = Path(__file__).parent.parent.parent
OWN = [str(ROOT / "tests" / "variables"), str(ROOT / "tests" / "reforms")]
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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audit(text, *options, name="t.yaml"):
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return run("audit", *options, name)


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
        (["new", "etat_sentral_reserve", "--period", "2019-01"], "is asked for by a year"),
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
def test_json():
    Path("t.yaml").write_text(UNITS.replace("490]", "491]") + PERSON.replace("4.5", "*x"), encoding="utf-8")
    Path("u.yaml").write_text(UNITS.replace("490]", "491]") + PERSON.replace("4.5", "'4.5'"), encoding="utf-8")
    result = run("audit", "t.yaml", "u.yaml", "--format", "json")
    assert result.exit_code == 2
    content = json.loads(result.stdout)
    assert content["summary"]["total"] == {"tests": 2, "held": 0, "failed": 1, "refused": 1}
    (fault,) = content["faults"]
    assert (fault["file"], fault["line"]) == ("t.yaml", 20)
    failed, refused = content["tests"]
    assert [value["came"] for value in failed["values"]] == [20, 490, 490]
    assert [value["difference"] for value in failed["values"]] == [0, 0, -1]
    assert failed["explanations"][0]["variable"] == "enhet_kategoritildeling"
    sources = {source["name"]: source for source in failed["sources"]}
    assert sources["reserve.andel"]["value"] == 0.02
    assert "det settes av budsjettmidler" in sources["reserve.andel"]["reference"]
    assert "Tolkning T-5" in sources["etat_sentral_reserve"]["reference"]
    assert refused["faults"][0]["message"].startswith("normtid_timer_per_uke is a number")
    assert content["summary"]["by_theme"]["ramme"] == {"tests": 1, "held": 0, "failed": 1, "refused": 0}
    assert content["summary"]["by_decision"]["vedtak_2017_10_normtid_avviklet"]["failed"] == 1
    assert content["record"]["command"] == "audit"
    assert len(content["record"]["regulations"][0]["hash"]) == 64


@pytest.mark.usefixtures("folder")
def test_junit():
    Path("t.yaml").write_text(
        UNITS.replace("490]", "491]") + PERSON + PERSON.replace("en bruker", "ingen").replace("10", ""),
        encoding="utf-8",
    )
    result = run("audit", "t.yaml", "--output", "t.xml")
    assert result.exit_code == 2
    root = ElementTree.parse("t.xml").getroot()  # noqa: S314 (our own)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    failed, held, refused = root.iter("testcase")
    assert [child.tag for case in (failed, held, refused) for child in case if child.tag != "properties"] == [
        "failure",
        "error",
    ]
    assert "expected 491, came 490" in failed.find("failure").get("message")
    assert (failed.get("file"), held.get("line"), refused.get("name")) == ("t.yaml", "15", "ingen")
    told = {known.get("name"): known.get("value") for known in failed.iter("property")}
    assert told["regulation"] == "vedtak_2021_06_statusrapport"
    assert len(told["regulation-sha256"]) == 64
    assert "reserve.andel: Tillits- og faglighetsreformen" in told["sources"]
    result = run("verify", "t.xml")
    assert (result.exit_code, result.stdout[:8]) == (0, "The same")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("ending", ["md", "html"])
def test_a_working_paper(ending):
    Path("t.yaml").write_text(margin("absolute_error_margin: 2  # waiver: avrundet i kilden"), encoding="utf-8")
    assert run("audit", "t.yaml", "--coverage", "--output", f"p.{ending}").exit_code == 0
    paper = Path(f"p.{ending}").read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    for fragment in (
        "1 tester i 1 filer: 1 holder, 0 holder ikke, 0 er avvist.",
        "avrundet i kilden",
        "Gjeldende regelverk",
        "reserve.andel = 0,02 andel",
        "det settes av budsjettmidler sentralt hos etaten",
        "kategorimodell.nedre_grense.kategori_6",  # a hole
        "Never copy what the model says",
    ):
        assert fragment in paper
    assert "None" not in paper
    result = run("verify", f"p.{ending}")
    assert (result.exit_code, result.stdout[:8]) == (0, "The same")


@pytest.mark.usefixtures("folder")
def test_verify_says_what_differs():
    Path("t.yaml").write_text(UNITS, encoding="utf-8")
    run("audit", "t.yaml", "--output", "p.json")
    Path("t.yaml").write_text(UNITS.replace("490]", "491]"), encoding="utf-8")
    result = run("verify", "p.json")
    assert result.exit_code == 1
    assert "input: the file t.yaml is other than recorded" in result.stdout
    assert "0 tests held, and 1 then" in result.stdout
    Path("t.yaml").unlink()
    result = run("verify", "p.json")
    assert (result.exit_code, "'t.yaml' matches no file" in result.stderr) == (2, True)
    assert "give no data" in run("verify", "p.json", "--frame", "1").stderr


def variables():
    return sorted(name for name, variable in regelverk().variables.items() if variable.formulas)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("variable", variables())
def test_a_skeleton_runs_and_does_not_hold(variable):
    assert run("audit", "new", variable, "--output", "s.yaml").exit_code == 0
    text = Path("s.yaml").read_text(encoding="utf-8")
    assert "# Source: " in text
    assert all(len(line) < 400 for line in text.splitlines())
    outcome = as_json_of("s.yaml")
    assert outcome["status"] == "failed"
    assert not any(value["held"] for value in outcome["values"])  # no placeholder is right by accident


def as_json_of(path):
    (outcome,) = json.loads(run("audit", path, "--format", "json").stdout)["tests"]
    return outcome


@pytest.mark.usefixtures("folder")
def test_a_skeleton_of_another_regulation_and_period():
    result = run("audit", "new", "timer_per_uke", "--regulation", "grunnregelverk", "--period", "2018-03")
    assert result.stdout.startswith("# regulation: grunnregelverk\n")
    assert "besoek_per_uke" in result.stdout
    assert "vurdert_timer_per_uke" not in result.stdout
    Path("s.yaml").write_text(result.stdout.replace("[0, 0, 0]", "[4.5, 9, 90]"), encoding="utf-8")  # visits * 27 / 60
    assert run("audit", "s.yaml").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_the_example_of_the_page_for_auditors_completes_the_skeleton():
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    completed = page[page.index("```yaml\n") + len("```yaml\n") :].split("```")[0]
    skeleton_text = run("audit", "new", "enhet_kategoritildeling").stdout
    text = skeleton_text[: skeleton_text.index("  output:")] + completed
    assert audit(text).exit_code == 0
    assert audit(text.replace("776000", "776001")).exit_code == 1


@pytest.fixture(scope="module")
def validator():
    schema = as_schema()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def as_schema():
    return json.loads(run("audit", "schema").stdout)


def as_an_editor_sees_it(text):
    def named(value):
        if isinstance(value, dict):
            return {str(key): named(inner) for key, inner in value.items()}
        return [named(inner) for inner in value] if isinstance(value, list) else value

    return named(yaml.safe_load(text))


def test_the_schema_takes_our_own_tests(validator):
    for folder in OWN:
        for path in Path(folder).glob("*.yaml"):
            assert list(validator.iter_errors(as_an_editor_sees_it(path.read_text(encoding="utf-8")))) == [], path
    for variable in ("enhet_kategoritildeling", "brukerkategori", "etat_statusrapport_vedtatt", "lmh_timer"):
        assert validator.is_valid(as_an_editor_sees_it(skeleton.new(variable, Regulations())))


@pytest.mark.parametrize(
    "text",
    [
        PERSON.replace("output", "outputs"),
        PERSON.replace("normtid_timer_per_uke", "normtid_timer"),
        PERSON.replace("2019-01", "2019-13"),
        PERSON.replace("4.5", "'4.5'"),
        PERSON.replace("4.5", "{2019: 4.5}"),
        PERSON.replace("    normtid_timer_per_uke: 4.5", "    {}"),
        PERSON + "  reforms: [antigravity.Reform]\n",
        UNITS.replace("etat_sentral_reserve: 20", "enheter: {A: {etat_sentral_reserve: 20}}"),
        UNITS.replace("etat_sentral_reserve: 20", "brukerkategori: [KATEGORI_7, KATEGORI_2]"),
        UNITS.replace("etat_sentral_reserve: 20", "antall_kategori_1: [1.5, 0]"),
        UNITS.replace("etat_sentral_reserve: 20", "besoek_per_uke: 20"),
        "[]",
    ],
)
def test_the_schema_marks_mistakes(text, validator):
    assert not validator.is_valid(as_an_editor_sees_it(text))


def test_parameters_of_the_law_and_of_a_folder(folder):
    result = run("audit", "parameters")
    assert (result.exit_code, result.stdout) == (0, "82 parameter files are in order.\n")
    (folder / "x.yaml").write_text("values:\n  2018-01-01:\n    value: 5%\n", encoding="utf-8")
    result = run("audit", "parameters", "x.yaml")
    assert result.exit_code == 2
    assert "x.yaml:3:12: the value is a number, and not the text '5%'. Write 0.05." in result.stderr
    assert "3 faults in 1 of 1 files." in result.stderr


def test_as_json_of_our_own_has_no_hole_in_what_is_required():
    content = as_json("audit", *OWN, "--coverage")
    coverage = content["coverage"]
    assert {kind: coverage["percent"][kind] for kind in ("parameter", "bound", "decision", "hinge", "formula")} == {
        "parameter": 100, "bound": 100, "decision": 100, "hinge": 100, "formula": 100,
    }  # fmt: skip
    assert all(name.startswith("kostra.") for name in coverage["read_by_no_rule"])

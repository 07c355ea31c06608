"""The forms of an audit, and what `verify` says of them."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.audit.faulty import PERSON, UNITS, margin
from tests.commands import run


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
        "Tester: 1, filer: 1. 1 holder, 0 holder ikke, 0 er avvist.",
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
def test_the_working_paper_has_fields_for_who_audits():
    Path("t.yaml").write_text(PERSON, encoding="utf-8")
    for ending in ("md", "html"):
        assert run("audit", "t.yaml", "--output", f"p.{ending}").exit_code == 0
    page = Path("p.html").read_text(encoding="utf-8")
    start = page.index('<dl class="blanks">')
    page = ElementTree.fromstring(page[start : page.index("</dl>", start)] + "</dl>")  # noqa: S314 (our own)
    names = {name.get("id"): name.text for name in page.iter("dt")}
    assert list(names.values()) == ["Revisor", "Sak", "Konklusjon", "Dato og underskrift"]
    fields = list(page.iter("dd"))
    assert [field.get("aria-labelledby") for field in fields] == list(names)
    looks = {(field.get("contenteditable"), field.get("role"), field.text) for field in fields}
    assert looks == {("true", "textbox", None)}
    written = Path("p.md").read_text(encoding="utf-8")
    for name in names.values():
        assert f"**{name}:** \\_\\_" in written


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

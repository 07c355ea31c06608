"""What a paper says where English is spoken: no Norwegian is left but names, and what quotes the sources."""

import re
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from msgspec import Struct
from msgspec.structs import fields

from openfisca_bergen_hbt.report import questions
from openfisca_bergen_hbt.report.forms import audit_forms
from openfisca_bergen_hbt.report.forms.charts import WIDTH
from openfisca_bergen_hbt.report.forms.charts.rows import NARROW
from openfisca_bergen_hbt.report.forms.comparison_charts import charts_by_table
from openfisca_bergen_hbt.report.paper import Code, Column, Table
from openfisca_bergen_hbt.text.language import ENGLISH, speaking
from tests.audit.faulty import PERSON, UNITS
from tests.commands import run
from tests.text.norwegian import norwegian

USERS = "enhet;byomraade;timer_per_uke\n" + "A;Nord;5\n" * 6 + "B;Vest;10\n" * 6
OWN = ("--frame", "30 000 000", "--no-suppression")
PEOPLE = "alder;Personer 2019;Personer 2029\n0-66;250000;260000\n67-79;26000;32000\n80+;11000;15000\n"
PLAN = """scenarios:
  - name: Now
  - name: Larger
    changes:
      - {parameter: reserve.andel, from: 2019-01-01, value: 0.04}
  - name: Read
    readings: [lesning_t05_reserven_deles_ut]
    without: [vedtak_2019_05_plan_hjemmeboende_eldre]
"""
#: Small examples of each question, so that all that it says is said.
EXAMPLES = {
    "causes": ["causes"],
    "check-data": ["check-data", "brukere.csv", *OWN],
    "compare": ["compare", "--year", "2018", "--example", "bevegelse"],
    "diff": ["diff", "2017-12", "2018-01"],
    "explain": ["explain", "enhet_samlet_tildeling", "--id", "Bergenhus"],
    "fit": ["fit", "--data", "brukere.csv", *OWN[:2], "--allocations", "tildelt.csv"],
    "flows": ["flows", "--example", "bevegelse"],
    "forecast": ["forecast", "--example", "bevegelse", "--months", "5", "--samples", "20"],
    "incentives": ["incentives", "--years", "2018-2019"],
    "log": ["log"],
    "outlook": ["outlook", "--population", "befolkning.csv", "--rate", "0-66=7.5"],
    "published": ["published"],
    "readings": ["readings"],
    "scenarios": ["scenarios", "plan.yaml"],
    "sensitivity": ["sensitivity", "--samples", "0"],
    "show": ["show", "2019-06-01"],
    "solve": ["solve", "--parameter", "reserve.andel", "--until", "enhet_samlet_tildeling[Bergenhus] = 163000000"],
}
#: The fields of a paper that nobody reads, and the columns of sources, which stay as they are.
UNREAD = ("id", "kind", "look", "short_names", "pictures", "variable")


def texts(said):
    """Yield the texts of a paper, or of a part of it, that people read."""
    if isinstance(said, str):
        yield str(said)
    elif isinstance(said, Code):
        yield said.title
    elif isinstance(said, Table):
        yield from (text for column in said.columns for text in (column.heading, column.part, column.short))
        yield from (said.title, said.name, *said.notes)
        read = [number for number, column in enumerate(said.columns) if not column.sources]
        yield from (str(row[number]) for row in said.rows for number in read)
    elif isinstance(said, Struct) and not isinstance(said, Column):
        for field in fields(said):
            if field.name not in UNREAD:
                yield from texts(getattr(said, field.name))
    elif isinstance(said, list | tuple):
        for one in said:
            yield from texts(one)


@pytest.fixture
def paper_of(tmp_path, monkeypatch):
    """Ask as an example does, and return the paper of the answer."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    (tmp_path / "tildelt.csv").write_text("enhet;kroner\nA;13 000 000\nB;28 000 000\n", encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "befolkning.csv").write_text(PEOPLE, encoding="utf-8")

    def asked(name, language):
        subject, made = questions.subject(name), []
        write = subject.paper

        def paper(result):
            made.append(write(result))
            return made[-1]

        monkeypatch.setattr(subject, "paper", paper)
        form = "markdown" if "markdown" in questions.question(name).forms else "text"
        answer = run(*EXAMPLES[name], "--lang", language, "--format", form, "--output", f"ut.{form}", "--force")
        assert answer.exit_code == 0, answer.output
        return made[-1]

    return asked


def test_every_question_has_an_example():
    assert {*EXAMPLES} == {*questions.names()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_paper_in_english_has_no_norwegian_word(name, paper_of):
    said = paper_of(name, "en")
    found = [text for text in texts(said) if "def " not in text]
    assert found
    assert norwegian(found) == []


@pytest.mark.parametrize("name", ["causes", "compare", "forecast", "incentives", "outlook", "scenarios", "sensitivity"])
def test_a_picture_in_english_has_no_norwegian_word(name, paper_of):
    said = paper_of(name, "en")
    with speaking(ENGLISH):
        drawn = [str(one.svg) for width in (WIDTH, NARROW) for one in charts_by_table(said, width).values()]
    found = [text for one in drawn for text in re.findall(r">([^<>{}]+)<|aria-label=\"([^\"]+)\"", one)]
    words = [unescape(text) for both in found for text in both]
    assert len(words) > 10
    assert norwegian(words) == []


@pytest.mark.usefixtures("folder")
def test_what_is_printed_of_a_report_in_english_is_in_english():
    assert run("compare", "--years", "2018-2019", "--lang", "en", "--output", "ut.html").exit_code == 0
    report, _, _ = Path("ut.html").read_text(encoding="utf-8").partition("<script")
    assert '"page " counter(page) " of " counter(pages)' in report
    assert "Contents. The number of the part stands at the top of each page." in report
    assert "Regulation «Adopted by 2018-12»" in report
    assert "Innhold" not in report


@pytest.mark.usefixtures("folder")
def test_a_working_paper_in_english_has_no_norwegian_word(monkeypatch):
    """A test that holds, one that does not and one that is refused, and what of the law they would notice."""
    papers, write = [], audit_forms.paper
    monkeypatch.setattr(audit_forms, "paper", lambda found: papers.append(write(found)) or papers[-1])
    Path("t.yaml").write_text((UNITS.replace("490]", "491]") + PERSON).replace("to enheter", "A, B"), encoding="utf-8")
    Path("u.yaml").write_text(UNITS.replace("490]", "'x']").replace("to enheter", "C, D"), encoding="utf-8")
    assert run("audit", "t.yaml", "u.yaml", "--coverage", "--lang", "en", "--output", "ut.md").exit_code == 2
    found = list(texts(papers[-1]))
    assert any(" failed, " in text for text in found)
    assert norwegian(found) == []


@pytest.mark.usefixtures("folder")
def test_a_workbook_to_fill_in_has_no_norwegian_word():
    assert run("population", "--template", "--lang", "en", "--output", "mal.xlsx").exit_code == 0
    book = openpyxl.load_workbook("mal.xlsx")
    checks = [check for sheet in book for check in sheet.data_validations.dataValidation]
    said = [text for check in checks for text in (check.error, check.errorTitle, check.prompt)]
    assert len(said) == 3 * 7
    notes = [sheet["A1"].comment.text for sheet in book]
    assert all(note.startswith("Other columns can be added: ") for note in notes)
    assert norwegian(said) == []


@pytest.mark.usefixtures("folder")
def test_a_schema_of_tests_has_no_norwegian_word():
    assert run("audit", "schema", "--lang", "en", "--output", "schema.json").exit_code == 0
    said = re.findall(r'"(?:title|description)": "(.*?)"[,\n}]', Path("schema.json").read_text(encoding="utf-8"))
    assert len(said) > 100
    assert norwegian(said) == []

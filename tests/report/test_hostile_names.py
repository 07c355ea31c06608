"""Every text from data is text in every form: nothing of it is markup, a picture, a formula or a terminal's command."""

import csv
import io
import json
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import polars
import pytest
from markdown_it import MarkdownIt

from openfisca_bergen_hbt.audit import session
from openfisca_bergen_hbt.report.forms import audit_forms, outputs
from openfisca_bergen_hbt.report.paper import Code, Column, Heading, Items, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.report.subjects.audit import audited
from tests.commands import run
from tests.report.test_paper import RECORD

NAMES = [
    "Område [nord]", "Område [sør]", "[/x]", "[bold]x[/bold]", ":house: hus", "<script>alert(1)</script>", "<!-- x",
    "*fet* _kursiv_", "__init__", "a_b_c", "`kode`", "```", "# tittel", "| rør |", "$x$ ~~strek~~",
    "[lenke](http://x.no)", "![bilde](x.png)", "[x]: y", "&amp; og", "&#33;", "{=1+1}", "_x0041_",
    "{{ 7*7 }}", "1. først", "2) så", "> sitat", "~~~", "a\\b \\*c", "%s {x}", "'\";--",
]  # fmt: skip
COMMANDS = ["\x1b[31mRød", "klokke\a", "\x9b1mC1", "snudd\u202etekst", "\x7fslett"]

TEXTS = {"text", "strong_open", "strong_close", "softbreak"}


@pytest.fixture(scope="module")
def outputs_of_data(tmp_path_factory):
    """Return a folder with a comparison of units and areas of hostile names, in every form."""
    folder = tmp_path_factory.mktemp("hostile")
    with (folder / "d.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["enhet", "byomraade", "timer_per_uke"])
        writer.writerows([name, name, hours] for name in NAMES for hours in (5, 9, 12, 20, 35, 90))
    keep = [option for name in NAMES if name.startswith("*") for option in ("--keep", name)]
    for ending in ("txt", "md", "html", "xlsx", "csv", "json", "parquet"):
        made = run("compare", "--data", str(folder / "d.csv"), "--frame", "900000000", *keep, "--output", str(folder / f"ut.{ending}"))  # fmt: skip # noqa: E501
        assert made.exit_code == 0, made.stderr
    return folder


def test_machines_read_the_names_as_they_are(outputs_of_data):
    rows = list(csv.DictReader(io.StringIO((outputs_of_data / "ut.csv").read_text(encoding="utf-8"))))
    for level in ("enhet", "byomraade"):
        assert {row["id"] for row in rows if row["level"] == level} == set(NAMES)
    assert set(NAMES) < set(polars.read_parquet(outputs_of_data / "ut.parquet")["id"])
    assert json.dumps("# tittel") in (outputs_of_data / "ut.json").read_text(encoding="utf-8")


def test_a_screen_shows_the_names_as_they_are(outputs_of_data):
    data = ["--data", str(outputs_of_data / "d.csv"), "--frame", "900000000", "--keep", "*fet* _kursiv_"]
    text = run("compare", *data).stdout
    assert {name for name in NAMES if f"\n{name} " in text} == set(NAMES)
    explained = run("explain", "enhet_samlet_tildeling", "--id", "[/x]", *data)
    assert explained.exit_code == 0, explained.stderr
    assert explained.stdout.startswith("Samlet tildeling, [/x], 2019")


class Cells(HTMLParser):
    """The names of rows and of every element of a page."""

    def __init__(self):
        super().__init__()
        self.names, self.tags, self.inside = [], set(), False

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.inside = tag == "th" and ("scope", "row") in attrs
        if self.inside:
            self.names.append("")

    def handle_endtag(self, _tag):
        self.inside = False

    def handle_data(self, text):
        if self.inside:
            self.names[-1] += text


def test_a_page_shows_the_names_as_they_are(outputs_of_data):
    page = (outputs_of_data / "ut.html").read_text(encoding="utf-8")
    cells = Cells()
    cells.feed(page)
    assert set(NAMES) <= set(cells.names)
    assert page.count("<script") == 1  # the record's own
    assert not {"b", "img", "em"} & cells.tags


def markdown_names(text):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inline = [token for token in tokens if token.type == "inline"]
    kinds = {child.type for token in inline for child in token.children}
    return kinds, ["".join(child.content for child in token.children) for token in inline], tokens


def test_markdown_shows_the_names_as_they_are(outputs_of_data):
    text = (outputs_of_data / "ut.md").read_text(encoding="utf-8")
    kinds, texts, _ = markdown_names(text)
    assert set(NAMES) <= set(texts)
    assert kinds <= TEXTS
    assert "\\:house: hus" in text  # GitHub makes pictures of words between colons


def test_a_workbook_shows_the_names_as_they_are(outputs_of_data):
    book = openpyxl.load_workbook(outputs_of_data / "ut.xlsx")
    cells = [row[0] for row in book["Enheter"].iter_rows(min_row=3) if row[0].value is not None]
    assert set(NAMES) - {"_x0041_"} <= {cell.value for cell in cells if cell.data_type == "s"}
    strings = zipfile.ZipFile(outputs_of_data / "ut.xlsx").read("xl/sharedStrings.xml").decode()
    assert ">_x005F_x0041_<" in strings  # as Excel has it that it isn't an A


PAPER_NAMES = [*NAMES, *COMMANDS, "to\nlinjer"]


@pytest.mark.parametrize("name", PAPER_NAMES, ids=ascii)
def test_a_name_is_text_wherever_a_paper_has_it(name):
    blocks = [
        Heading(name), Paragraph(name), Items([name]), Code(name, name), Table([Column(name)], [[name]], name, name[:5])
    ]  # fmt: skip
    paper = Paper(name, [Section(blocks, "del", name)], [name], [(name, name)], [name])
    text = outputs.write("text", paper, RECORD).decode()
    assert not set(text) & set("\x1b\a\x9b\u202e\x7f")
    assert name not in NAMES or text.count(name) == 13
    kinds, texts, tokens = markdown_names(outputs.write("markdown", paper).decode())
    assert kinds <= {*TEXTS, *(["html_inline"] if "\n" in name else [])}  # our <br> in a cell
    shown = name.replace("\n", " ").strip()
    # the title, a headline, a heading, a paragraph, an item, the titles of code and of a table, and a note; two cells:
    # of these the paragraph, the note and the cells keep two lines
    assert [found.strip() for found in texts].count(shown) >= (6 if "\n" in name else 10)
    assert [token.content for token in tokens if token.type == "fence"] == [f"{name}\n"]
    assert [token.type for token in tokens].count("bullet_list_open") == 2
    assert outputs.write("html", paper, RECORD)


def test_the_name_of_a_test_is_text_in_junit(tmp_path):
    file = tmp_path / "t.yaml"
    names = [*NAMES, *COMMANDS, "\ufffe"]
    cases = [
        {"name": name, "period": "2019", "input": {"vurdert_timer_per_uke": 5}, "output": {"bruker_kategori": "x"}}
        for name in names
    ]
    file.write_text(json.dumps(cases), encoding="utf-8")
    found = session.audit([file])
    written = audit_forms.write("junit", audited(found, [file], None, None))
    root = ElementTree.fromstring(written)  # noqa: S314 (our own)
    told = [element.get("name") for element in root.iter("testcase")]
    assert [name for name in NAMES if name not in told] == []
    assert len(told) >= len(names)
    text = audit_forms.write("text", audited(found, [file], None, None)).decode()
    assert not set(text) & set("\x1b\a\x9b\u202e\x7f")

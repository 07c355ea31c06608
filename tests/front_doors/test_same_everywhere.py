"""The same figure is the same wherever it is read: what each unit is given, and the totals, under every regulation.

Each form is read by a parser of its own that knows nothing of how it was written.
"""

import csv
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import openpyxl
import pyarrow.parquet
import pytest

from openfisca_bergen_hbt.web.app import create_app
from tests.commands import REGULATIONS, run

AREAS = ("Arna Åsane", "Bergenhus", "Fana Ytrebygda", "Fyllingsdalen", "Laksevåg", "Årstad")
GIVEN = "enhet_samlet_tildeling"
#: The columns of the table of totals, and the figures of the etat that they show.
TOTALS = {
    "Aktiviteten koster": "etat_aktivitetskostnad",
    "Disponibel ramme": "etat_disponibel_ramme",
    "Delt ut": "etat_samlet_tildeling",
    "Merforbruk": "etat_merforbruk",
}
BY_AREA, BY_STEP = "Samlet tildeling etter byområde", "Regelverkene trinn for trinn"
ADDRESS = "&".join(f"regelverk={name}" for name in REGULATIONS)


def number(text):
    """Return a whole number as people write it, or nothing."""
    digits = re.sub(r"[\s\N{NO-BREAK SPACE}*]", "", str(text)).replace("\N{MINUS SIGN}", "-")
    return int(digits) if re.fullmatch(r"-?\d+", digits) else None


class Tables(HTMLParser):
    """The tables of a page: of each caption the rows, as texts."""

    def __init__(self, text):
        super().__init__()
        self.found, self.rows, self.text = {}, [], None
        self.feed(text)

    def handle_starttag(self, tag, _attributes):
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td", "caption"):
            self.text = ""

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "caption":
            self.caption = self.text
        elif tag in ("th", "td"):
            self.rows[-1].append(self.text.replace("\N{SOFT HYPHEN}", ""))
        elif tag == "table":
            self.found.setdefault(self.caption, self.rows)
        if tag in ("th", "td", "caption"):
            self.text = None


def of_tables(areas, steps):
    """Return the figures of two tables, each with its heading first; regulations that are alike share a column."""
    found = {}
    head, *rows = areas
    columns = [  # what stands before and after the amounts, and what they change by, is no regulation
        place
        for place, name in enumerate(head)
        if place and not re.match(r"Brukere|Vedtakstimer|Endring|Kr per|%", name.strip())
    ]
    alike = [int(re.search(r"likt i (\d) trinn", head[place] + " likt i 1 trinn")[1]) for place in columns]
    assert sum(alike) == len(REGULATIONS), head
    of_column = [place for place, times in zip(columns, alike, strict=True) for _ in range(times)]
    for row in (row for row in rows if row and row[0] in AREAS):
        for regulation, place in zip(REGULATIONS, of_column, strict=True):
            found[regulation, row[0]] = number(row[place])
    head, *rows = steps
    for row in (row for row in rows if row and re.match(r"\d\. ", str(row[0]))):
        for heading, figure in TOTALS.items():
            found[REGULATIONS[int(row[0][0])], figure] = number(row[head.index(heading)])
    return found


def of_rows(rows):
    """Return the figures of tidy rows."""
    found = {}
    for row in rows:
        if row["level"] == "enhet" and row["variable"] == GIVEN:
            found[row["regulation"], row["id"]] = float(row["value"])
        if row["level"] == "etat" and row["variable"] in TOTALS.values() and row["period"] == "2019":
            found[row["regulation"], row["variable"]] = float(row["value"])
    return found


def in_csv(_folder):
    text = run("compare", "--format", "csv").stdout
    return of_rows(csv.DictReader(io.StringIO(text)))


def in_csv_for_excel(_folder):
    text = run("compare", "--format", "csv", "--csv-for", "excel").stdout.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return of_rows(
        {**row, "regulation": name, "value": row[name].replace(",", ".")}
        for row in rows
        for name in REGULATIONS
        if row[name]
    )


def of_json(content):
    return of_rows(
        {**block, "id": member, "value": value}
        for block in content["figures"]
        for member, value in zip(content["ids"][block["level"]], block["values"], strict=True)
        if value is not None
    )


def in_json(_folder):
    return of_json(json.loads(run("compare", "--format", "json").stdout))


def in_parquet(folder):
    assert run("compare", "--output", str(folder / "ut.parquet")).exit_code == 0
    return of_rows(pyarrow.parquet.read_table(folder / "ut.parquet").to_pylist())


def in_markdown(_folder):
    text = run("compare", "--format", "markdown").stdout
    tables = {}
    for title, lines in re.findall(r"(?m)^(?:#+ |\*\*)([^\n*]+?)(?:\*\*)?\n\n((?:\|[^\n]*\n)+)", text):
        head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines.splitlines()]
        tables[title] = [head, *rows]
    return of_tables(tables[BY_AREA], tables[BY_STEP])


def in_html(folder):
    assert run("compare", "--output", str(folder / "ut.html")).exit_code == 0
    tables = Tables((folder / "ut.html").read_text(encoding="utf-8")).found
    return of_tables(tables[BY_AREA], tables[BY_STEP])


def in_workbook(folder):
    assert run("compare", "--output", str(folder / "ut.xlsx")).exit_code == 0
    tables = {}
    for sheet in openpyxl.load_workbook(folder / "ut.xlsx", data_only=True):
        rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
        tables |= {row[0]: rows[place + 1 :] for place, row in enumerate(rows) if row[0] in (BY_AREA, BY_STEP)}
    return of_tables(tables[BY_AREA], tables[BY_STEP])


def in_terminal(_folder):
    lines = run("compare").text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("Byområde "))
    above, head = re.split(r"\s{2,}", lines[start - 1].strip()), re.split(r"\s{2,}", lines[start].strip())
    # the headings of the last regulation and of the change are of two lines; the column after them is of per cent
    above = [*[""] * (len(head) - len(above) - 1), *above, ""]
    heads = [f"{first} {second}".strip() for first, second in zip(above, head, strict=True)]
    areas = [re.split(r"\s{2,}", line.strip()) for line in lines[start + 2 : start + 2 + len(AREAS)]]
    found = of_tables([heads, *areas], [["", *TOTALS]])
    latest = ()
    for line, below in pairwise(lines):
        if match := re.match(r"(\d)\. ", line):
            amounts = [number(text) for text in re.split(r"\s{2,}", below.strip())]
            latest = amounts if len(amounts) == 1 + len(TOTALS) and None not in amounts else latest
            for figure, amount in zip(TOTALS.values(), latest[1:], strict=True):
                found[REGULATIONS[int(match[1])], figure] = amount
    return found


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


def on_the_page(client):
    tables = Tables(client.get(f"/?{ADDRESS}").get_data(as_text=True)).found
    return of_tables(tables[BY_AREA], tables[BY_STEP])


def over_the_web(client):
    return of_json(client.post("/compare", json={"year": 2019, "regulations": REGULATIONS}).json)


def explained(client):
    found = {}
    for regulation in REGULATIONS:
        for area in AREAS:
            first = run("explain", GIVEN, "--id", area, "--regulation", regulation, "--depth", "0").text.splitlines()[0]
            found[regulation, area] = number(re.search(r"2019: ([\d ]+) kr", first)[1])
    for area in AREAS:
        page = client.get(f"/forklar?hvem={area}").get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
        assert f"{found[REGULATIONS[-1], area]:,} kr".replace(",", " ") in page
    return found


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory, client):
    folder = tmp_path_factory.mktemp("alle")
    of_files = (in_csv, in_csv_for_excel, in_json, in_parquet, in_markdown, in_html, in_workbook, in_terminal)
    found = {read.__name__: read(folder) for read in of_files}
    return found | {read.__name__: read(client) for read in (on_the_page, over_the_web, explained)}


def test_what_each_unit_is_given_is_the_same_everywhere(everywhere):
    wanted = [(regulation, area) for regulation in REGULATIONS for area in AREAS]
    for place in wanted:
        values = {name: found[place] for name, found in everywhere.items()}
        assert len(set(values.values())) == 1, (place, values)
    assert everywhere["explained"][REGULATIONS[-1], "Bergenhus"] == 162_200_268


def test_the_totals_are_the_same_everywhere(everywhere):
    for place in [(regulation, figure) for regulation in REGULATIONS for figure in TOTALS.values()]:
        values = {name: found[place] for name, found in everywhere.items() if name != "explained"}
        assert len(set(values.values())) == 1, (place, values)
    assert everywhere["in_workbook"][REGULATIONS[-1], "etat_merforbruk"] == 51_784_341  # as published

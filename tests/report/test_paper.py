"""A paper in its forms, and what it says of the law where a proposal has moved a bound."""

import re

import pytest

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population.embedded import published
from openfisca_bergen_hbt.report.forms import outputs
from openfisca_bergen_hbt.report.paper import (
    Branch,
    Code,
    Column,
    Heading,
    Items,
    Paper,
    Paragraph,
    Section,
    Table,
    Tree,
)
from openfisca_bergen_hbt.report.subjects import compare as comparison
from openfisca_bergen_hbt.rules.enums import Kategori
from tests.commands import run

SHARES = [Branch(f"Andel, {month}: ", "1", "", "om") for month in "123"]
MONTHS = Branch("Andel, januar til mars: 3", below=SHARES, months=True)
PAPER = Paper(
    "Et papir",
    [
        Section(
            [
                Paragraph("Det som er <sagt>.", "note"),
                Table(
                    [Column("Hvem"), Column("Kroner", "kr"), Column("Brukere", "count")],
                    [["A|B", 1234567, None], ["Sum", 1234567, 12]],
                    "Det de får",
                    notes=["En merknad."],
                    has_sum=True,
                ),
                Heading("Mer", "held"),
                Items(["en", "to"]),
                Code("x = 1", "Regelen"),
                Tree(Branch("Sum: ", "3", " (forklart over)", "var", [MONTHS])),
            ],
            "del",
            "En del",
        )
    ],
    ["Kort sagt."],
    [("Forbehold", "Bare et eksempel.")],
    ["Til slutt."],
)
RECORD = {
    "date": "2019-12-31",
    "command": "compare",
    "request": {"question": "compare", "year": 2019, "population": "publisert"},
    "inputs": {"hashes": {}},
    "regulations": [],
    "law": {"parameters": "p", "rules": "r"},
    "result": {"hash": "h"},
    "software": {},
}
SAID = {
    "markdown": (
        "# Et papir\n\n- Kort sagt.\n\n**Forbehold.** Bare et eksempel.\n",
        "## Det de får\n\n| Hvem | Kroner | Brukere |\n| --- | ---: | ---: |\n| A\\|B | 1 234 567 | : |\n",
        "## Mer\n\n- en\n- to\n\n### Regelen\n\n```\nx = 1\n```",
        "Sum: 3 (forklart over)\n  var\n  Andel, januar til mars: 3; den første måneden:\n    om\n```",
    ),
    "text": ("A|B   1 234 567        :", "\nMer\n- en\n- to\n\nRegelen\n  x = 1\n", "\nResultat, SHA-256: h\n"),
    "html": (
        '<p class="note">Det som er &lt;sagt&gt;.</p>',
        '<a href="#del">En del</a>',
        '<h3 class="held">Mer</h3>',
        '<tr class="sum">',
        '<span class="value">3</span> (forklart over)',
    ),
}


@pytest.mark.parametrize("form", SAID)
def test_every_form_says_all_of_a_paper(form):
    text = outputs.write(form, PAPER, RECORD).decode().replace("\N{NO-BREAK SPACE}", " ")
    for fragment in (*SAID[form], "Det de får", "En merknad.", "Til slutt."):
        assert fragment in text


def test_an_ending_has_one_form_among_those_of_a_command():
    assert outputs.by_ending(["table", "html"]) == {".txt": "table", ".html": "html", ".htm": "html"}


@pytest.mark.parametrize("ending", ["htm", "md", "xlsx"])
def test_a_record_is_found_in_what_carries_one(ending, tmp_path):
    output = str(tmp_path / f"r.{ending}")
    assert run("compare", "--regulation", "2019-06", "--output", output).exit_code == 0
    assert run("verify", output).exit_code == 0


@pytest.mark.parametrize(("bound", "hours"), [(None, "80"), ("60.5", "60,5")])
def test_labels_have_the_bounds_of_the_regulation_shown(bound, hours, tmp_path):
    output = tmp_path / "r.md"
    moved = ("--set", f"kategorimodell.nedre_grense.kategori_6={bound}@2019-01-01") if bound else ()
    assert run("compare", *moved, "--output", str(output)).exit_code == 0
    text = output.read_text(encoding="utf-8")
    assert f"Kategori 6 er {hours} timer i uken eller mer" in text
    assert f"| Brukere over {hours} timer |" in text


def test_what_a_regulation_has_not_brought_has_no_column():
    units = comparison.paper(Comparison(published(2019), 2019, versions(["grunnregelverk"]))).table("units")
    assert not [column.heading for column in units.columns if "Kategoriramme" in column.heading]


def test_the_names_of_categories_hold_no_bounds():
    assert all(re.fullmatch(r"Ingen kategori|Kategori \d", category.value) for category in Kategori)

"""What the forms of a report say beside its paper, where English is spoken: their own headings, pictures and sheets."""

import re
from pathlib import Path

import openpyxl
import pytest

from openfisca_bergen_hbt.provenance.record import KEY
from tests.commands import run
from tests.text.norwegian import norwegian

#: What is asked, each with why: areas and bands; years; and units of the moving example, with a transition.
ASKED = {
    "bands": ["compare", "--samples", "8"],
    "years": ["compare", "--years", "2017-2019"],
    "units": ["compare", "--example", "bevegelse", "--max-loss", "2%", "--year", "2018"],
    "causes": ["causes"],
    "incentives": ["incentives"],
}
#: What a page holds that nobody reads.
UNREAD = r"<style.*?</style>|<script.*?</script>|<code>.*?</code>|<[^>]*>"
SPOKEN = r'(?:aria-label|alt|data-label)="([^"]*)"'


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def written(name, ending, language="en"):
        path = tmp_path / f"{name}-{language}{ending}"
        done = run(*ASKED[name], "--lang", language, "--output", path.name)
        assert done.exit_code == 0, done.output
        return path

    return written


@pytest.mark.parametrize("name", ASKED)
def test_a_page_in_english_has_no_norwegian_word(name, made):
    page = made(name, ".html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Skip to the content" in page
    seen = re.split(UNREAD, re.sub(r"<style.*?</style>|<script.*?</script>", "", page, flags=re.DOTALL))
    sources = page[page.find('<section id="kilder">') :].partition("</section>")[0]
    assert norwegian([text for text in seen if text.strip() and text.strip() not in sources]) == []
    assert norwegian(re.findall(SPOKEN, page)) == []


@pytest.mark.parametrize("name", ASKED)
def test_a_workbook_in_english_has_sheets_that_a_spreadsheet_opens(name, made):
    """Names of sheets have at most 31 letters, each its own: that holds of the translations, too."""
    in_english, in_norwegian = (openpyxl.load_workbook(made(name, ".xlsx", one)) for one in ("en", "nb"))
    names = in_english.sheetnames
    assert len({name.lower() for name in names}) == len(in_norwegian.sheetnames)
    assert max(map(len, names)) <= 31
    assert {"Provenance", KEY} <= set(names)
    assert norwegian(names) == []
    cells = [row for sheet in in_english if sheet.title != KEY for row in sheet.iter_rows()]
    assert norwegian([cell.value for row in cells for cell in row if isinstance(cell.value, str)]) == []


@pytest.mark.parametrize(("ending", "last"), [(".md", "## The run"), (".txt", "Verification: ")])
def test_what_is_read_as_text_is_english(ending, last, made):
    said = made("units", ending).read_text(encoding="utf-8").partition(f"```json {KEY}")[0]
    assert last in said
    assert norwegian(said.splitlines()) == []


@pytest.mark.parametrize("ending", [".html", ".xlsx", ".md"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_verify_makes_a_file_again_in_its_own_language(language, ending, made):
    path: Path = made("units", ending, language)
    for asked_in in ("nb", "en"):
        assert run("verify", path.name, "--lang", asked_in).exit_code == 0

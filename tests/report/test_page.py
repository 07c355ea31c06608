"""The report as people see it: in Chromium, on a wide screen, on a telephone and on paper."""

import shutil
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from openfisca_bergen_hbt.cli import main
from tests.chromium import WCAG

SIZES = {"wide": (1280, 900), "narrow": (400, 800), "least": (320, 640)}


REPORTS = {
    "default": ["compare"],
    "every rule": ["compare", "--example", "bevegelse", "--regulation", "grunnregelverk", "--regulation", "2021-06"],
    "one regulation": ["compare", "--regulation", "2019-06"],
    "before the model": ["compare", "--year", "2017"],
    "proposal": ["compare", "--proposal", "stoerre_reserve"],
    "own data": ["compare", "--data", "brukere.csv", "--frame", "bergen"],
    "many etater": ["compare", "--data", "land.csv", "--agency", "etater.csv"],
    "a long name": ["compare", "--data", "lange.csv", "--frame", "bergen"],
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        users = [f"Enhet {unit};{hours}" for unit in range(40) for hours in (1, 2, 5, 9, 20, 40, 85 + unit % 3)]
        (folder / "brukere.csv").write_text("enhet;timer_per_uke\n" + "\n".join(users), encoding="utf-8")
        country = ["population", "--municipalities", "130", "--output", "land.csv", "--agency-output", "etater.csv"]
        assert CliRunner().invoke(main, country).exit_code == 0
        users = [f"{name};{name};{hours}" for name in ("x" * 200, "Kort") for hours in (5, 9, 12, 20, 35, 90)]
        (folder / "lange.csv").write_text("enhet;byomraade;timer_per_uke\n" + "\n".join(users), encoding="utf-8")
        for name, arguments in REPORTS.items():
            result = CliRunner().invoke(main, [*arguments, "--output", f"{name}.html"], catch_exceptions=False)
            assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture
def opened(browser, reports, request):
    """Return a page of the report and size asked for, and what it asked for and complained of."""
    name, size = request.param
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, locale="nb-NO")
    noted = []
    page.on("console", lambda message: noted.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noted.append(f"error: {error}"))
    address = (reports / f"{name}.html").as_uri()
    page.on("request", lambda asked: noted.append(asked.url) if asked.url.split("#")[0] != address else None)
    page.goto(address)
    yield page, noted
    page.close()


def every(*sizes):
    return pytest.mark.parametrize("opened", [(name, size) for name in REPORTS for size in sizes], indirect=True)


@every("wide", "narrow")
def test_anyone_can_use_it(opened):
    page, noted = opened
    found = Axe().run(page, options=WCAG)
    assert [violation["id"] for violation in found.response["violations"]] == []
    assert noted == []  # nothing is loaded, nothing complained of


@every("wide", "narrow", "least")
def test_only_tables_and_charts_scroll_sideways(opened):
    page, _ = opened
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("opened", [("default", "wide")], indirect=True)
def test_what_it_says(opened):
    page, _ = opened
    assert page.evaluate("document.documentElement.lang") == "nb"
    text = page.inner_text("body").replace("\N{NO-BREAK SPACE}", " ")
    for figure in ("1 087 471 161", "51 784 341", "97 043 608", "T-12", "Syntetisk", "kategorimodell.vekt.kategori_2"):
        assert figure in text
    assert "None" not in text
    assert page.locator("h1").count() == 1
    assert page.locator("figure:has(svg[aria-label] > desc)").count() == page.locator("figure").count() >= 4
    assert page.locator("figure svg:visible").count() == page.locator("figure").count()  # one of two widths
    assert all(
        page.locator("table").nth(n).locator("caption").count() == 1 for n in range(page.locator("table").count())
    )


@pytest.mark.parametrize("opened", [("default", "wide")], indirect=True)
def test_the_keyboard_gets_everywhere(opened):
    page, _ = opened
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Gå til innholdet"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#innhold"
    regions = page.locator("[role=region]")
    assert all(regions.nth(number).get_attribute("tabindex") == "0" for number in range(regions.count()))


#: The inside of a sheet of A4, upright and on its side, in pixels: 96 to the inch, and margins of 14 and 16 mm.
UPRIGHT, ON_ITS_SIDE = (688, 1001), (1016, 680)


@pytest.mark.parametrize("opened", [(name, "wide") for name in ("default", "own data", "a long name")], indirect=True)
def test_on_paper_no_table_is_cut(opened):
    page, _ = opened
    page.emulate_media(media="print")
    for (width, height), where in ((UPRIGHT, ":not(.turned)"), (ON_ITS_SIDE, ".turned")):
        page.set_viewport_size({"width": width, "height": height})
        cut = page.evaluate(
            f"[...document.querySelectorAll('section{where} :is(table, figure)')]"
            ".filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.textContent.trim().slice(0, 40))"
        )
        assert cut == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@every("wide")
def test_the_first_sheet_holds_the_answer_alone(opened):
    page, _ = opened
    page.emulate_media(media="print")
    page.set_viewport_size(dict(zip(("width", "height"), UPRIGHT, strict=True)))
    assert page.locator("header").bounding_box()["height"] < UPRIGHT[1]
    assert page.locator("header .answer, header .figures > div, header figure").count() >= 1 + 3
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).breakBefore") == "page"


def pages_of(page, tmp_path):
    """Return the words of each page that is printed."""
    (tmp_path / "ut.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "ut.pdf", "-"], check=True, capture_output=True).stdout
    return text.decode().split("\f")[:-1]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext on this machine")
@pytest.mark.parametrize("opened", [("default", "wide")], indirect=True)
def test_each_sheet_says_which_it_is_and_of_which_part(opened, tmp_path):
    page, _ = opened
    sheets = pages_of(page, tmp_path)
    headings = page.locator("main > section > h2").all_inner_texts()
    contents = [text.strip() for text in page.locator("nav li").all_inner_texts()]
    assert contents == headings
    assert "Innhold" in sheets[1]
    for number, sheet in enumerate(sheets, 1):
        assert sheet.rstrip().endswith(f"side {number} av {len(sheets)}")
        assert page.locator("h1").inner_text() in sheet.lstrip().splitlines()[0]
    heads = [sheet.lstrip().splitlines()[0].rstrip() for sheet in sheets[1:]]
    said = [next(n for n, name in enumerate(headings, 1) if head.endswith(f"{n} {name}")) for head in heads]
    assert sorted(said) == said
    assert set(said) == set(range(1, len(headings) + 1))


@pytest.mark.parametrize("opened", [("default", "wide")], indirect=True)
def test_sources_are_notes_that_lead_to_where_they_are_named_and_back(opened):
    page, _ = opened
    lost = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.querySelector(a.hash)).length"
    )
    assert lost == 0
    named = page.locator("td a[href^='#kilde-']")
    notes = page.locator(".notes > li")
    assert named.count() == page.locator(".notes .named a").count() >= notes.count() > 20
    for number in (0, named.count() - 1):
        link = named.nth(number)
        note = page.locator(link.get_attribute("href"))
        assert link.inner_text() == f"[{note.get_attribute('id').removeprefix('kilde-')}]"
        assert note.locator(f"a[href='#{link.get_attribute('id')}']").count() == 1


@pytest.mark.parametrize("opened", [("a long name", "wide")], indirect=True)
def test_a_long_name_pushes_no_figure_off_the_screen(opened):
    page, _ = opened
    pushed = page.evaluate(
        "[...document.querySelectorAll('table')].filter(table => table.querySelectorAll('thead th').length < 10)"
        ".filter(table => table.getBoundingClientRect().right > innerWidth).map(table => table.caption.textContent)"
    )
    assert pushed == []


@pytest.mark.parametrize("opened", [("many etater", size) for size in ("wide", "narrow")], indirect=True)
def test_the_reader_chooses_which_of_many_rows_to_see_without_a_script(opened):
    page, noted = opened
    rows = page.locator("table:has(caption:text-is('Samlet tildeling etter etat')) tbody tr")

    def seen():
        return sum(rows.nth(number).is_visible() for number in range(rows.count()))

    assert rows.count() == 130 + 1  # all of them, and their sum
    assert seen() == 10 + 10 + 1
    choices = page.get_by_role("group", name="Rader: Samlet tildeling etter etat")
    more, less = (choices.get_by_label(label, exact=True) for label in ("Får mer", "Får mindre"))
    more.check()
    gaining = seen() - 1
    less.check()
    assert 0 < gaining <= gaining + seen() - 1 <= 130
    choices.get_by_label("Alle 130").check()
    assert seen() == 131
    assert page.locator("script:not([type='application/json'])").count() == 0
    assert noted == []

"""Pictures of the page that can be asked: pointed at, reached with the keyboard, followed, and taken home."""

import csv
import re
from html import unescape

import pytest

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.web.test_page_of_analysts import SIZES, address, text, visit  # noqa: F401 (fixtures)

CHANGE = "#resultat figure:has(figcaption:text('Hvem som får mer')) > svg"


@pytest.mark.parametrize("size", SIZES)
def test_a_mark_says_its_figure_and_leads_to_how_it_is_computed(size, visit):  # noqa: F811
    page = visit("/", size)
    page.locator(".pictures").first.scroll_into_view_if_needed()
    mark = page.locator(f"{CHANGE} a.told").first
    words = mark.locator(".says")
    words.wait_for(state="attached")
    assert not words.is_visible()
    mark.locator("path").hover()
    assert words.is_visible()
    said = mark.get_attribute("aria-label").replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Laksevåg +33,3 % (+32 338 437 kr). Kilde: regelen enhet_samlet_tildeling"  # as the table says
    page.mouse.move(0, 0)
    assert not words.is_visible()
    mark.focus()
    assert words.is_visible()
    inside = page.locator(CHANGE).bounding_box()
    box = words.bounding_box()
    assert inside["x"] <= box["x"] and box["x"] + box["width"] <= inside["x"] + inside["width"] + 1  # noqa: PT018
    page.keyboard.press("Enter")
    page.wait_for_url("**/forklar?*")
    assert "Laksevåg" in page.inner_text("h1")
    assert page.noted == []


def test_a_step_of_the_ladder_is_explained_under_its_own_regulation(visit):  # noqa: F811
    page = visit("/")
    page.locator("#resultat figure > svg a.told[aria-label^='2. Kategorimodell']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/forklar?*")
    assert "51 784 341" in text(page, "main")
    assert "Etter «Kategorimodellen innføres»" in text(page, "header")


def test_no_mark_leads_astray():
    client = create_app(Settings(access_log=False)).test_client()
    leads = {}
    for name in ("ladder", "change", "bands", "units", "categories"):
        drawn = client.get(f"/diagram/{name}.svg?eksempel=bevegelse").text
        for there in map(unescape, re.findall(r'<a href="([^"]+)"', drawn)):
            leads.setdefault((name, re.search(r"variabel=(\w+)", there)[1]), there)
    assert {"etat_merforbruk", "etat_igjen_sentralt", "enhet_avstandstilskudd"} <= {variable for _, variable in leads}
    assert [there for there in leads.values() if client.get(there).status_code != 200] == []


CHANGED = "changes=reserve.andel%3D0,04&population=bevegelse"
READ = "readings=lesning_t05_skjoenn&without=vedtak_2019_09_politisk_plattform"
ANSWERS = {  # the pictures of each whose marks lead on
    "compare?spoer=1&year=2019": {"ladder", "change", "units", "by_area"},
    f"compare?spoer=1&year=2018&regulations=grunnregelverk&regulations=2019-12&{CHANGED}": {
        "ladder",
        "change",
        "units",
    },
    f"compare?spoer=1&year=2019&{READ}": {"ladder", "change", "units", "by_area"},
    f"compare?spoer=1&years=2018-2020&{READ}": {"years"},
    "sensitivity?spoer=1&year=2019&samples=4": {"unit_bands"},
}


def marks_of(drawn):
    """Return where each mark of a drawing leads, and what it says."""
    return {
        unescape(said): unescape(there)
        for there, said in re.findall(r'<a href="([^"]+)" class="told" aria-label="([^"]+)"', drawn)
    }


def astray(client, marks):
    """Return the marks that lead to no explanation, and those of an amount that lead to another."""
    found = []
    for said, there in marks.items():
        answer = client.get(there)
        amounts = re.findall(r"(?<![+\d\N{NO-BREAK SPACE}])-?\d[\d\N{NO-BREAK SPACE}]{3,}(?= kr)", said)
        is_change = re.search(r"[+%]|: -.* kr.*tildeling|spenn", said)
        if answer.status_code != 200 or not (is_change or all(amount in answer.text for amount in amounts)):
            found.append((said, there))
    return found


@pytest.mark.parametrize("asked", ANSWERS)
def test_a_mark_of_an_answer_leads_to_its_figure_under_what_was_asked(asked):
    client = create_app(Settings(access_log=False)).test_client()
    path, _, query = asked.partition("?")
    page = client.get(f"/sporsmaal/{asked}").text
    linked = {}
    for name in re.findall(rf'href="/sporsmaal/{path}\.([\w-]+)\.svg\?', page):
        if marks := marks_of(client.get(f"/sporsmaal/{path}.{name}.svg?{query}").text):
            linked[name] = marks
            assert astray(client, marks) == []
    assert linked.keys() >= ANSWERS[asked]
    assert linked.keys() <= ANSWERS[asked] | {"by_area"}
    assert all(there.replace("&", "&amp;") in page for marks in linked.values() for there in marks.values())


def test_no_mark_leads_where_users_are_others_than_an_address_can_say():
    client = create_app(Settings(access_log=False)).test_client()
    flow = {"spoer": "1", "population": "bevegelse", "flow": "kategori_4→kategori_5 +10%"}
    page = client.get("/sporsmaal/compare", query_string=flow).text
    assert "told" in page
    assert marks_of(page) == {}


@pytest.mark.parametrize(
    "changed",
    ["tall.reserve.andel=0,04", "lesning=lesning_t05_skjoenn", "uten=vedtak_2018_01_kategorimodell", "til=2020"],
)
def test_what_is_drawn_of_a_change_is_explained_without_it_and_with_it(changed):
    client = create_app(Settings(access_log=False)).test_client()
    for name in ("years",) if changed.startswith("til") else ("ladder", "change"):
        marks = marks_of(client.get(f"/diagram/{name}.svg?eksempel=bevegelse&{changed}").text)
        assert len(marks) >= 2
        assert astray(client, marks) == []


def test_without_scripts_a_picture_leads_to_itself_where_it_can_be_asked(visit):  # noqa: F811
    page = visit("/", java_script_enabled=False)
    page.locator("a.picture").first.click()
    assert page.locator("a.told").count() >= 6
    page.locator("a.told").first.focus()
    assert page.locator("a.told .says").first.is_visible()


def test_each_picture_is_taken_home_as_a_drawing_as_pixels_and_as_figures(visit, tmp_path):  # noqa: F811
    page = visit("/?regelverk=grunnregelverk&regelverk=vedtak_2018_01_kategorimodell")
    begins = {"SVG": b"<svg", "PNG": b"\x89PNG", "CSV": b"\xef\xbb\xbfEnhet;"}
    for ending, beginning in begins.items():
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Last ned {ending}: Pengene til hver enhet").click()
        kept = tmp_path / download.value.suggested_filename
        assert kept.name == f"kategorimodell-2019-units.{ending.lower()}"
        download.value.save_as(kept)
        assert kept.read_bytes().startswith(beginning)
    with kept.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert sum(int(row["Samlet tildeling"]) for row in rows[:-1]) == int(rows[-1]["Samlet tildeling"]) == 1_014_973_080


def test_bands_are_told_when_they_are_there(visit):  # noqa: F811
    page = visit("/?spenn=1")
    page.locator(".pictures figure").first.scroll_into_view_if_needed()
    said = page.locator("#resultat figure > svg .told[aria-label*='spenn']").first
    said.wait_for(state="attached")
    assert said.get_attribute("aria-label").startswith("0. Grunnregelverket: merforbruk")
    assert re.search(r"spenn -\d+,\d til -\d+,\d mill", said.get_attribute("aria-label"))

"""Bands on the analyst's page: worked out in the background, put in where the figures stand; or by a link."""

import io
import json
import threading

import pytest

from openfisca_bergen_hbt.web.api.situations import Limits
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.page import choice, comparisons
from tests.chromium import WCAG
from tests.commands import as_json
from tests.web.test_page_of_analysts import (  # noqa: F401 (fixtures)
    USERS,
    Axe,
    address,
    table,
    text,
    updated,
    visit,
)

CHOICE = "regelverk=grunnregelverk&regelverk=vedtak_2018_01_kategorimodell"
DONE, FAILED = "Under tallene som trekkene flytter", "Spennene ble ikke regnet ut."
PART = {"X-Del": "spenn"}


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(choice, "SAMPLES", 8)
    return create_app().test_client()


def waited(page, words=DONE):
    """Wait until the status says so."""
    page.locator("#om-spenn [role=status]", has_text=words).wait_for(timeout=60_000)


def bands_of(*more):
    """Return what the command says: the ends of a band by figure and area."""
    names = CHOICE.replace("regelverk=", "").split("&")
    asked = [part for name in names for part in ("--regulation", name)]
    found = as_json("compare", *asked, "--samples", "8", *more)["sureness"]["bands"]
    return {(one["regulation"], one["level"], one["id"], one["figure"]): (one["low"], one["high"]) for one in found}


def test_they_come_after_the_figures_and_are_those_of_the_command(visit):  # noqa: F811
    page = visit(f"/?{CHOICE}")
    caption = "Samlet tildeling etter byområde"
    at_once = table(page, caption)["Laksevåg"]
    assert "\n" not in at_once[3]
    waited(page)
    low, high = bands_of()["vedtak_2018_01_kategorimodell", "byomraade", "Laksevåg", "enhet_samlet_tildeling"]
    figure, band = table(page, caption)["Laksevåg"][3].split("\n")
    assert figure == at_once[3]
    assert band == f"{low / 1e6:.0f}–{high / 1e6:.0f} mill."
    assert "USIKKERT" in text(page, "#resultat section >> nth=0")
    assert "t22_27_minutter" in text(page)
    assert page.noted == []


def test_the_place_and_the_focus_stay(visit):  # noqa: F811
    page = visit(f"/?{CHOICE}")
    page.evaluate("document.querySelector('#resultat td').same = true")
    page.locator("#resultat table a", has_text="Bergenhus").first.focus()
    waited(page)
    assert page.evaluate("document.activeElement.textContent") == "Bergenhus"
    assert page.evaluate("document.querySelector('#resultat td').same")  # a count of users, which no draw moves


@pytest.mark.parametrize("width", [375, 1280])
def test_only_tables_scroll_sideways_and_anyone_can_use_it(width, visit):  # noqa: F811
    page = visit(f"/?{CHOICE}")
    page.set_viewport_size({"width": width, "height": 800})
    waited(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page, options=WCAG)
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []


def test_of_own_users_the_same_is_held_back(visit, tmp_path):  # noqa: F811
    file = tmp_path / "brukere.csv"
    file.write_text(USERS + "D;Sør;30\n" * 3, encoding="utf-8")
    page = visit("/")
    page.get_by_label("Ramme i hele kroner").fill("30000000")
    updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(file))
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    waited(page)
    assert "mill." in table(page, "Hver enhet etter")["A"][-2]  # what it gains
    counted = table(page, "Brukere etter kategori")
    assert ":" in counted["D"]
    assert not any("\n" in cell for cells in counted.values() for cell in cells)
    assert all((method, url.count("?")) == ("POST", 0) for method, url in asked)  # nothing of it in an address


def test_a_choice_that_was_left_does_not_come_back(visit):  # noqa: F811
    page = visit("/")
    page.locator("#om-spenn [role=status]", has_text="Spennene regnes ut").wait_for()
    updated(page, lambda: page.get_by_label("2021-06").uncheck())
    updated(page, lambda: page.get_by_label("2019-05").check())
    waited(page)
    assert "Plan for tjenester til hjemmeboende eldre 2019-2029 (2019)" in text(page)


def test_a_failure_is_said_and_the_figures_stay(visit):  # noqa: F811
    page = visit(f"/?{CHOICE}")
    page.route("**/*spenn=1*", lambda route: route.abort("connectionreset"))
    waited(page, FAILED)
    assert "Det kom ikke noe svar fra serveren" in text(page, "#om-spenn")
    assert "1 087 471 161 kr" in text(page)
    assert page.get_by_role("link", name="Regn ut spenn").is_visible()


def test_a_failure_of_the_server_is_said_in_its_words(visit):  # noqa: F811
    page = visit(f"/?{CHOICE}")
    page.route(
        "**/*spenn=1*",
        lambda route: route.fulfill(
            status=500, headers={"X-Del": "1"}, body='<div class="faults"><ul><li>Noe gikk galt.</li></ul></div>'
        ),
    )
    waited(page, FAILED)
    assert "Noe gikk galt. Tallene ellers står som før." in text(page, "#om-spenn")


def test_without_scripts_a_link_does_it(visit):  # noqa: F811
    page = visit(f"/?{CHOICE}", java_script_enabled=False)
    page.get_by_role("link", name="Regn ut spenn").click()
    waited(page)
    assert "mill." in table(page, "Samlet tildeling etter byområde")["Laksevåg"][3]
    assert "Hvilke utsagn som står seg" in text(page)


def test_a_report_of_a_page_with_bands_has_them(client):
    shown = client.get(f"/?{CHOICE}&spenn=1").get_data(as_text=True)
    assert f"/last-ned/rapport.html?{CHOICE}&spenn=1".replace("&", "&amp;") in shown
    record = json.loads(client.get(f"/last-ned/kjoering.json?{CHOICE}&spenn=1").data)
    assert record["request"]["options"] == {"samples": 8}


def test_of_a_change_it_is_said_which_reading_overturns_its_effect(client):
    """Twice the reserve is less to hand out; not where the reserve is handed out at the end of the year (T-5)."""
    shown = client.get("/?spenn=1&tall.reserve.andel=4+%").get_data(as_text=True)
    doubt = shown.partition('<p class="note doubt">')[2].partition("</p>")[0]
    assert "mindre delt ut (100 %, T-5)" in doubt.replace("\N{NO-BREAK SPACE}", " ")


def test_own_users_without_scripts(client):
    form = {"brukere": (io.BytesIO(USERS.encode()), "b.csv"), "ramme": "30000000", "spenn": "1"}
    answer = client.post("/", data=form)
    assert answer.status_code == 200
    assert DONE in answer.get_data(as_text=True)


def test_one_choice_is_worked_on_at_a_time(client, monkeypatch):
    begun, let_go = threading.Event(), threading.Event()
    compared = comparisons._compared  # noqa: SLF001 (the work)

    def slowly(*arguments):
        begun.set()
        assert let_go.wait(60)
        return compared(*arguments)

    first = threading.Thread(target=lambda: client.application.test_client().get(f"/?{CHOICE}&spenn=1"))
    monkeypatch.setattr(comparisons, "_compared", slowly)
    first.start()
    assert begun.wait(60)
    monkeypatch.setattr(comparisons, "_compared", compared)
    other = f"/?{CHOICE}&tall.reserve.andel=0.03"
    assert client.get(f"{other}&spenn=1").status_code == 503
    assert client.get(f"{other}&spenn=1", headers=PART).status_code == 202
    assert client.get(other).status_code == 200  # figures alone do not wait
    let_go.set()
    first.join()
    assert client.get(f"{other}&spenn=1", headers=PART).status_code == 200


@pytest.mark.parametrize("query", ["spenn=ja", "spenn=1&aar=2018&til=2019"])
def test_what_is_no_choice_is_refused(client, query):
    answer = client.get(f"/?{query}")
    assert answer.status_code == 400
    assert "Spenn regnes ut for ett år om gangen" in answer.get_data(as_text=True)


def test_too_many_units_are_refused_in_norwegian(client, monkeypatch):
    monkeypatch.setattr(comparisons, "Limits", lambda: Limits(drawn=6 * 2 * 7))
    answer = client.get(f"/?{CHOICE}&spenn=1", headers=PART)
    assert answer.status_code == 400
    assert "for mange til at spenn kan regnes ut her" in answer.get_data(as_text=True)

"""Scenarios on the page: held by the address, changed one by one, out and in as a file; everywhere the same figures."""

import json
import re
from html import unescape
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.chromium import WCAG
from tests.commands import as_json, rows, run
from tests.web.test_first_screen import OUTSIDE
from tests.web.test_page_of_analysts import address, table, text, visit  # noqa: F401 (fixtures)

#: Today's law, a larger reserve, another reading of the reserve, and the foundation.
LARGER = "Større reserve~vedtak_2021_06_statusrapport~reserve.andel=0.04@2019-01-01"
FOUR = f"/scenarioer?s=I dag&s={LARGER}&s=Delt ut~lesning_t05_reserven_deles_ut&s=Før~grunnregelverk"
USERS = "enhet;byomraade;timer_per_uke\n" + "A;Nord;5\n" * 9 + "B;Nord;20\n" * 8 + "C;Sør;90\n" * 3
FAULTS = {
    "s=A&s=a": "is taken by another scenario|er tatt av et annet scenario",
    "s=A&s=B&s=C&s=D&s=E": "Det er plass til 4 scenarioer side om side, og her er 5",
    "&".join(["s=A"] * 13): "Adressen har 13 scenarioer.",
    "s=A~lesning_x": "lesning_x['»]",
    "s=A~reserve.andel=4@2019-01-01": "reserve.andel (is|er) 4",
    "s=<b>A</b>": "is no name of a scenario|kan ikke være navnet på et scenario",
    "s=~2021-12": "A scenario has a name|Et scenario har et navn",
    "s=A~{": "Et forslag i adressen kan ikke leses",
    "s=A&mot=B": "['«]B['»]",
    "s=A&aar=2030": "Den innebygde befolkningen har årene",
    "s=A&aar=nå": "Året er et helt tall fra 2017 til 2100.",
    "s=A&hva=1": "Det er ikke noe felt «hva».",
    "s=A&lesning=lesning_t05_skjoenn": "Feltet «lesning» gjelder ikke scenarioer.",
    "s=A&ramme=1000": "Feltet «ramme» gjelder ikke scenarioer.",
    "s=A&endre=1&navn=B": "Scenarioet som skulle endres, er ikke i adressen.",
    "s=A&endre=0&navn=A&tall=reserve.andel": "Velg et tall, og skriv verdien",
}


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


def path_of(page, origin):
    return page.url.removeprefix(origin)


@pytest.mark.parametrize("path", [FOUR, "/scenarioer", "/scenarioer?s=A&s=A"])
def test_anyone_can_use_it_at_any_width(path, visit):  # noqa: F811
    page = visit(path)
    for width in (320, 1280, 2560):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OUTSIDE) == [], width
    page.set_viewport_size({"width": 1280, "height": 800})
    for scheme in ("light", "dark") if path == FOUR else ("light",):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=WCAG)
        assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]] == []
    boxes = [card.bounding_box() for card in page.locator(".scenario").all()]
    assert len({box["y"] for box in boxes}) <= 1  # beside each other


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_first_screen_to_four_and_back(scripts, visit, address, tmp_path):  # noqa: F811
    page = visit("/", java_script_enabled=scripts)
    page.get_by_label("Lagre som scenario", exact=True).fill("I dag")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.wait_for_url("**/scenarioer?*")
    assert path_of(page, address) == "/scenarioer?s=I+dag~vedtak_2021_06_statusrapport"
    # another, from the first screen, with a number of her own
    page.get_by_role("link", name="Lag et scenario på forsiden").click()
    page.goto(f"{page.url}&tall.reserve.andel=4+%25")
    page.get_by_label("Lagre som scenario", exact=True).fill("Større reserve")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.wait_for_url("**/scenarioer?*")
    two = path_of(page, address)
    assert two.endswith("~reserve.andel=0.04@2019-01-01")
    assert "«Større reserve» mot «I dag»: 20 713 736 kr mindre deles ut" in text(page, "main")
    # a number and a reading in one of them, and its name
    page.locator("summary", has_text="Endre «Større reserve»").click()
    form = page.get_by_role("form", name="Endre scenario 2")
    assert form.locator("[name=verdi]").input_value() == "4 %"
    form.locator("[name=verdi]").fill("3 %")
    form.locator("[name=navn]").fill("Reserve 3")
    form.locator("summary", has_text="Lesninger").click()
    form.get_by_label("Reserven er etatsdirektørens").or_(form.locator("[value=lesning_t05_skjoenn]")).first.check()
    form.get_by_role("button", name="Regn ut").click()
    page.get_by_role("heading", name="Reserve 3").wait_for()
    three = path_of(page, address)
    assert three.endswith("s=Reserve+3~vedtak_2021_06_statusrapport~lesning_t05_skjoenn~reserve.andel=0.03@2019-01-01")
    # back, forward, again, and in a second tab
    page.go_back()
    page.get_by_role("heading", name="Større reserve").wait_for()
    assert path_of(page, address) == two
    page.go_forward()
    page.get_by_role("heading", name="Reserve 3").wait_for()
    shown = text(page, "main")
    page.reload()
    assert text(page, "main") == shown
    assert text(visit(three, java_script_enabled=scripts), "main") == shown
    # out as a file, one taken away, and in again
    with page.expect_download() as started:
        page.get_by_role("link", name="Scenariofil").click()
    assert started.value.suggested_filename == "scenarioer.yaml"
    started.value.save_as(tmp_path / "scenarioer.yaml")
    page.get_by_role("link", name="Fjern «I dag»").click()
    page.wait_for_url(lambda url: "I+dag" not in url)
    assert page.locator(".scenario").count() == 1
    page.get_by_label("Åpne en scenariofil (YAML)").set_input_files(tmp_path / "scenarioer.yaml")
    page.get_by_role("button", name="Åpne filen").click()
    page.get_by_role("heading", name="I dag").wait_for()
    assert path_of(page, address) == three
    assert text(page, "main") == shown
    assert page.noted == []


def test_the_same_figures_on_the_page_the_command_line_and_the_api(visit, client, folder):  # noqa: F811
    page = visit(FOUR)
    shown = table(page, "Samlet tildeling etter byområde, forskjell fra «I dag»")
    (folder / "plan.yaml").write_bytes(client.get(FOUR.replace("?", "/last-ned/scenarioer.yaml?")).data)
    command = as_json("scenarios", "plan.yaml")
    body = {"scenarios": command["scenarios"]}
    api = client.post("/scenarios", json=body).json
    assert rows(api) == rows(command)
    assert api["record"]["result"] == command["record"]["result"]
    given = {
        (row["regulation"], row["id"]): row["value"]
        for row in rows(command)
        if (row["level"], row["variable"]) == ("byomraade", "enhet_samlet_tildeling")
    }
    for place, name in enumerate(("Større reserve", "Delt ut", "Før")):
        for area in ("Bergenhus", "Laksevåg", "Arna Åsane"):
            difference = given[name, area] - given["I dag", area]
            assert shown[area][2 * place].replace(" ", "").replace("−", "-") == f"{difference:+d}".replace("+0", "0")
    compared = {
        row["id"]: row["value"]
        for row in rows(as_json("compare", "--set", "reserve.andel=0.04"))
        if (row["regulation"], row["level"], row["variable"]) == ("set", "byomraade", "enhet_samlet_tildeling")
    }
    assert compared == {area: value for (name, area), value in given.items() if name == "Større reserve"}
    for name in ("scenarioer.xlsx", "kjoering.json"):
        (folder / name).write_bytes(client.get(FOUR.replace("?", f"/last-ned/{name}?")).data)
        assert run("verify", name).exit_code == 0


@pytest.mark.parametrize("query", FAULTS)
def test_what_cant_be_shown_is_said_and_can_be_mended(query, client):
    answer = client.get(f"/scenarioer?{query}")
    said = answer.get_data(as_text=True).replace("&#39;", "'")
    assert answer.status_code == 400
    assert re.search(FAULTS[query], said.partition('role="alert"')[2])
    assert "<b>A</b>" not in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"scenarios: [{name: A}, {name: A}]", "plan.yaml:1:31: "),
        (b"scenarios: [{name: A, readings: [x]}]", "plan.yaml:1:33: "),
        (b"\xff\xfe", "plan.yaml: .*UTF-8"),
        (b"", "plan.yaml: (The file is empty|Filen er tom)"),
        (b"# " + b"x" * 200_000, "(more than|mer enn) 100000 (characters|tegn)"),
        (
            b"scenarios: [{name: A, proposals: [{title: T, description: " + b"x" * 8000 + b", changes: "
            b"[{parameter: reserve.andel, from: 2019-01-01, value: 0.04}]}]}]",
            "Scenarioene er for lange til at en adresse kan holde dem.",
        ),
    ],
)
def test_a_file_that_cant_be_opened(content, message, client):
    answer = client.post("/scenarioer?", data={"s": "B", "fil": (BytesIO(content), "plan.yaml")})
    assert answer.status_code == 400
    assert re.search(message, answer.get_data(as_text=True))
    assert "Location" not in answer.headers


def test_on_her_own_users_nothing_is_kept_and_small_counts_are_held_back(visit, address, tmp_path):  # noqa: F811
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    page = visit(f"/scenarioer?s=I dag&s={LARGER}")
    page.get_by_label("Egne brukere").set_input_files(tmp_path / "brukere.csv")
    page.get_by_label("Ramme i hele kroner").fill("30 000 000")
    page.get_by_role("button", name="Regn ut på egne data").click()
    page.get_by_text("brukere i 3 enheter").first.wait_for()
    assert path_of(page, address) == "/scenarioer"
    assert "Bergenhus" not in text(page, "main")
    assert list(table(page, "Samlet tildeling etter enhet")) == ["A", "B", "C", "Sum"]
    assert page.get_by_role("link", name="Excel").count() == 0  # no address holds users
    with page.expect_download() as started:
        page.get_by_label("Egne brukere").set_input_files(tmp_path / "brukere.csv")
        page.get_by_role("button", name="Last ned Excel").click()
    started.value.save_as(tmp_path / "ut.xlsx")
    verified = run("verify", str(tmp_path / "ut.xlsx"), "--data", str(tmp_path / "brukere.csv"))
    assert verified.exit_code == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, []),
        ({"scenarios": []}, ["scenarios"]),
        ({"scenarios": [{"name": name} for name in "ABCDE"]}, ["scenarios"]),
        ({"scenarios": [{"name": "A"}, {"name": "a"}]}, ["scenarios", "1", "name"]),
        ({"scenarios": [{"name": "A", "readings": ["x"]}]}, ["scenarios", "0", "readings"]),
        ({"scenarios": [{"name": 5}]}, ["scenarios", "0", "name"]),
        ({"scenarios": [{"name": "A", "proposals": [5]}]}, ["scenarios", "0", "proposals", "0"]),
        (
            {"scenarios": [{"name": "A", "proposals": [{"title": "T", "changes": [], "x": 1}]}]},
            ["scenarios", "0", "proposals", "0", "x"],
        ),
        (
            {"scenarios": [{"name": "A", "proposals": [{"title": "T", "changes": [{"value": 1, "x": 1}]}]}]},
            ["scenarios", "0", "proposals", "0", "changes", "0", "x"],
        ),
        ({"scenarios": [{"name": "A"}], "against": "B"}, ["against"]),
        ({"scenarios": [{"name": "A"}], "readings": ["lesning_t05_skjoenn"]}, ["readings"]),
    ],
)
def test_what_the_api_refuses(body, path, client):
    answer = client.post("/scenarios", data=json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json["path"]) == (400, path)


def test_scenarios_are_drawn_and_each_mark_leads_to_how_its_figure_is_computed_under_its_scenario(visit):  # noqa: F811
    page = visit(FOUR)
    assert page.locator("figure > .wide svg:visible").count() == 2
    mark = page.locator(".wide a.told[aria-label^='Laksevåg, Delt ut:']")
    mark.focus()
    assert mark.locator(".says").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/forklar?*")
    assert "Etter «Delt ut»" in page.inner_text("header")
    assert "Laksevåg" in page.inner_text("h1")
    page.get_by_role("link", name="Tilbake til sammenligningen").click()
    assert page.locator(".scenario").count() == 4


def test_what_a_scenario_does_not_change_is_said_to_be_unchanged():
    client = create_app(Settings(access_log=False)).test_client()
    page = client.get(f"/scenarioer?s=I dag&s={LARGER}").text
    assert page.count("<small>uendret</small>") == 3  # the cost, the frame and the overspend
    assert "<small>0</small>" not in page


def test_every_mark_of_scenarios_leads_to_an_explanation_and_each_picture_comes_in_three_forms():
    client = create_app(Settings(access_log=False)).test_client()
    place, _, query = FOUR.partition("?")
    links = re.findall(r'<a href="([^"]+)"', client.get(f"{place}/diagram/scenarios.svg?{query}").text)
    assert len(links) == 8  # what the hours cost and what is left, of each of the four
    assert {client.get(unescape(there)).status_code for there in links} == {200}
    assert client.get(f"{place}/diagram/scenarios.png?{query}").data.startswith(b"\x89PNG")
    assert client.get(f"{place}/diagram/apart-byomraade.csv?{query}").text.startswith("\ufeffByområde;")
    for name in ("scenarios.gif", "differing.svg", "ingen.csv", "scenarios"):
        assert client.get(f"{place}/diagram/{name}?{query}").status_code == 404, name
    assert client.get(f"/forklar?{query}&hvem=Laksevåg&scenario=Ingen").status_code == 404
    assert client.get("/forklar?s=A&s=A&hvem=Laksevåg&scenario=A").status_code == 404


def test_bands_are_worked_out_when_asked_for_and_stand_below_the_figures(visit):  # noqa: F811
    page = visit(f"/scenarioer?s=I dag&s={LARGER}")
    page.get_by_role("link", name="Regn ut spenn").click()
    page.wait_for_url("**spenn=1**")
    assert "ni av ti trekk" in text(page, "main")
    assert page.locator(".wide .told[aria-label*='spenn']").count() > 0
    page.get_by_role("link", name="Uten spenn").click()
    assert "spenn=1" not in page.url

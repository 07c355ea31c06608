"""An error is a page to who uses a browser, and JSON to programs; a file is called after what it holds."""

import pytest

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings

#: What a browser sends, and what others do.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROGRAMS = ("*/*", "application/json", "application/json, text/html;q=0.5", None)
ERRORS = {
    "/finnes-ikke": (404, "Det er ingen side på adressen «/finnes-ikke»."),
    "/forklar?hvem=Oslo": (404, "Det er ikke noe «Oslo» å forklare. Disse finnes: Arna Åsane, Bergenhus"),
    "/forklar?hvem=Bergenhus&variabel=tull": (404, "Det er ikke noe tall som heter «tull»."),
    "/forklar?hvem=Bergenhus&under=tull": (404, "Det er ikke noe regelverk «tull» i valget."),
    "/forklar?hvem=Bergenhus&aar=x": (400, "Året er et helt tall fra 2017 til 2100."),
    "/last-ned/alt.zip": (404, "Det er ingen fil «alt.zip»."),
    "/diagram/alt.svg": (404, "Det er ikke noe diagram «alt.svg»."),
    "/calculate": (405, "Denne adressen er for programmer, og åpnes ikke i en nettleser."),
    "/variable/tull": (404, "Det finnes ingen variabel «tull»."),
}


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


@pytest.mark.parametrize("path", ERRORS)
def test_a_browser_gets_a_page(path, client):
    status, message = ERRORS[path]
    answer = client.get(path, headers={"Accept": BROWSER})
    text = answer.get_data(as_text=True).replace("&#39;", "'")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert message in text
    assert text.count("<h1>") == 1
    assert '<a href="/">Til forsiden</a>' in text


@pytest.mark.parametrize("accept", PROGRAMS)
@pytest.mark.parametrize("path", ERRORS)
def test_a_program_gets_json(path, accept, client):
    answer = client.get(path, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.mimetype) == (ERRORS[path][0], "application/json")
    assert set(answer.json) == {"error", "path"}


def test_what_a_program_posts_is_answered_in_json_whatever_it_accepts(client):
    answer = client.post("/calculate", data="{", headers={"Accept": BROWSER, "Content-Type": "application/json"})
    assert (answer.status_code, answer.mimetype) == (400, "application/json")


def test_an_address_is_not_run_as_html(client):
    answer = client.get("/<script>alert(1)</script>", headers={"Accept": BROWSER})
    assert "<script>alert" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "query", "called"),
    [
        ("rapport.xlsx", "regelverk=vedtak_2018_01_kategorimodell", "kategorimodell-2019.xlsx"),
        ("rapport.html", "", "statusrapport-2019.html"),
        ("kjoering.json", "aar=2018", "statusrapport-2018-protokoll.json"),
        ("kjoering.json", "aar=2018&til=2019", "aar-2018-2019-protokoll.json"),
        ("kjoering.json", "regelverk=grunnregelverk&aar=2017", "grunnregelverk-2017-protokoll.json"),
        ("kjoering.json", "regelverk=&dato=2018-06", "vedtatt-innen-2018-06-2019-protokoll.json"),
        ("kjoering.json", "eksempel=bevegelse", "bevegelse-statusrapport-2019-protokoll.json"),
        ("kjoering.json", "lesning=lesning_t22_27_minutter", "statusrapport-t22-27-minutter-2019-protokoll.json"),
        (
            "kjoering.json",
            "uten=vedtak_2018_01_kategorimodell",
            "statusrapport-uten-kategorimodell-2019-protokoll.json",
        ),
        ("forslag.yaml", "tall.reserve.andel=0.04", "statusrapport-egne-tall-2019-forslag.yaml"),
    ],
)
def test_a_file_is_called_after_what_it_holds(name, query, called, client):
    answer = client.get(f"/last-ned/{name}?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{called}"'

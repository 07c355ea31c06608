"""Several years on the analyst's page, each under its own law."""

import io
import json

import pytest

from openfisca_bergen_hbt.web.app import create_app


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


def text(response):
    return response.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


def test_the_years_stand_beside_each_other(client):
    answer = client.get("/?aar=2018&til=2019")
    assert answer.status_code == 200
    shown = text(answer)
    assert "Hvert år under sin egen lov" in shown
    assert "1 034 356 870" in shown  # 1 047 321 hours at 987.6216269
    assert "ingen publisert ramme" in shown
    assert 'href="/last-ned/rapport.xlsx?aar=2018&amp;til=2019"' in shown


def test_they_are_downloaded_as_they_are_shown(client):
    record = json.loads(client.get("/last-ned/kjoering.json?aar=2018&til=2019").data)
    assert record["request"]["years"] == [2018, 2019]
    assert set(record["inputs"]["hashes"]) == {"example 2018", "example 2019"}


def test_files_of_several_years(client):
    users = io.BytesIO(b"aar;enhet;timer_per_uke\n2018;A;10\n2019;A;20\n")
    answer = client.post("/", data={"aar": "2018", "til": "2019", "ramme": "1000000", "brukere": (users, "b.csv")})
    assert answer.status_code == 200
    assert "513 563" in text(answer)  # krone(10 x 52 x 987.6216269)


@pytest.mark.parametrize("query", ["aar=2019&til=2018", "aar=2019&til=2019", "aar=2018&til=20x9", "aar=2018&til=2023"])
def test_years_that_are_none_are_refused(client, query):
    assert client.get(f"/?{query}").status_code == 400

"""The page speaks Norwegian, or ``lang`` of its address; programs are answered in English, or what they accept."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from openfisca_bergen_hbt.text.language import AS_WRITTEN, spoken
from openfisca_bergen_hbt.web import app as application
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
UNKNOWN = ("/variable/tull", "There is no variable 'tull'.", "Det finnes ingen variabel «tull».")
#: What is sent, and whether the answer is in Norwegian.
ACCEPTED = {
    "": False,
    "nb": True,
    "nb-NO": True,
    "no": True,
    "nn-NO,nn;q=0.9": True,
    "nb-NO, en;q=0.5": True,
    "nb-NO,nb;q=0.9,no;q=0.8,nn;q=0.7,en-US;q=0.6,en;q=0.5": True,
    "en, nb;q=0.9": False,
    "en-GB;q=0.3, nb;q=0.4": True,
    "nb;q=0": False,
    "de, fr;q=0.5": False,
    "*": False,
    "tull;;q=x": False,
}


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


@pytest.mark.parametrize("accepted", ACCEPTED)
def test_a_program_is_answered_in_the_language_that_it_accepts(accepted, client):
    path, english, norwegian = UNKNOWN
    answer = client.get(path, headers={"Accept-Language": accepted} if accepted else {})
    assert answer.json["error"] == (norwegian if ACCEPTED[accepted] else english)
    assert answer.headers["Content-Language"] == ("nb" if ACCEPTED[accepted] else "en")
    assert "accept-language" in {name.lower() for name in answer.vary}
    assert spoken() == AS_WRITTEN


ERRORS = [
    ({"data": "[", "content_type": "application/json"}, "Ugyldig JSON: en verdi mangler, linje 1, kolonne 2."),
    ({"data": "{}", "content_type": "text/plain"}, "Send JSON, med hodet Content-Type: application/json."),
    ({"json": {"year": "2019"}}, "«year» er et helt tall fra 2017 til 2100."),
    ({"json": {"year": 2019, "years": "2018-2019"}}, "Send «year» eller «years», og ikke begge."),
    ({"json": {"tull": 1}}, "Det er ingen «tull». Det kan være "),
    ({"json": {"samples": 5000}}, "Her skal det stå et helt tall <= 4096."),
    ({"json": {"users": {"enhet": ["a"], "tull": [1]}}}, "Det er ingen kolonne «tull». Det kan være enhet"),
    (
        {"json": {"users": {"enhet": ["a"], "timer_per_uke": ["x"]}}},
        "timer_per_uke er et endelig tall for hver bruker.",
    ),
    ({"json": {"changes": [{"parameter": "reserve.andel"}]}}, "Endringen mangler «from»."),
    ({"json": {"regulations": ["tull"]}}, "Det finnes ikke noe regelverk «tull»."),
    ({"json": {"population": "tull"}}, "«population» er en av publisert, bevegelse."),
]


@pytest.mark.parametrize(("sent", "message"), ERRORS)
def test_errors_of_the_api_are_norwegian_where_that_is_asked_for(sent, message, client):
    answer = client.post("/compare", headers={"Accept-Language": "nb"}, **sent)
    assert answer.json["error"].startswith(message)
    english = client.post("/compare", **sent).json["error"]
    assert not re.search("[æøå«]", english), english


def test_answers_hang_on_the_language_and_the_page_on_none(client):
    assert "Accept-Language" in client.post("/compare", json={"regulations": ["grunnregelverk"]}).vary
    page = client.get("/", headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "nb"
    assert "Accept-Language" not in page.vary


PAGES = [
    (
        "/finnes-ikke",
        "Det er ingen side på adressen «/finnes-ikke».",
        "There is no page at the address '/finnes-ikke'.",
    ),
    ("/forklar?hvem=Oslo", "Det er ikke noe «Oslo» å forklare.", "There is no 'Oslo' to explain."),
    ("/last-ned/alt.zip", "Det er ingen fil «alt.zip».", "There is no file 'alt.zip'."),
    ("/calculate", "Denne adressen er for programmer", "This address is for programs"),
]


@pytest.mark.parametrize(("path", "norwegian", "english"), PAGES)
def test_error_pages_are_in_the_language_of_the_address(path, norwegian, english, client):
    more = "&lang=en" if "?" in path else "?lang=en"
    for address, message, language, heading in (
        (path, norwegian, "nb", "Til forsiden"),
        (path + more, english, "en", "To the front page"),
    ):
        answer = client.get(address, headers={"Accept": BROWSER, "Accept-Language": "de"})
        text = answer.get_data(as_text=True).replace("&#39;", "'")
        assert message in text
        assert heading in text
        assert f'<html lang="{language}">' in text
        assert answer.headers["Content-Language"] == language
    assert 'href="/?lang=en"' in text


def test_the_page_keeps_the_language_in_its_links_and_its_form(client):
    usual = client.get("/?aar=x").get_data(as_text=True)
    assert "Året er et helt tall fra 2017 til 2100." in usual
    (switch,) = re.findall(r'<a [^>]*lang=en"[^>]*>English</a>', usual)
    assert "lang=en" not in usual.replace(switch, "")
    english = client.get("/?aar=x&lang=en").get_data(as_text=True)
    assert "The year is a whole number from 2017 to 2100." in english
    assert "Året er et helt tall" not in english
    assert '<input type="hidden" name="lang" value="en">' in english
    assert "Something in the choice can" in english
    shown = client.get("/?lang=en").get_data(as_text=True)
    others = re.sub(r'<a [^>]*hreflang="nb"[^>]*>Norsk</a>', "", shown)
    addresses = re.findall(r'(?:href|src|srcset|formaction)="(/[^"]*)"', others)
    kept = [address for address in addresses if not address.startswith(("/fil/", "/docs"))]
    assert len(kept) > 10
    assert [address for address in kept if "lang=en" not in address] == []
    assert shown.count('<input type="hidden" name="lang" value="en">') == shown.count("<form ")


SENT = [
    ("/", "brukere", b"enhet;timer_per_uke\nA;5\nB;x\n", "er ikke et tall. Skriv et", "is not a number. Write one"),
    ("/scenarioer", "fil", b"a: [1\n", "dette er ikke YAML", "this is no YAML"),
]


@pytest.mark.parametrize("case", SENT)
def test_files_that_are_sent_are_spoken_of_in_the_language_of_the_form(case, client):
    path, field, content, norwegian, english = case
    for language, message in (("nb", norwegian), ("en", english)):
        page = client.get(f"{path}?lang={language}").get_data(as_text=True)
        addresses = re.findall(rf'<form[^>]* action="({path}(?:[?][^"]*)?)"', page)
        sent = {"lang": language, field: (BytesIO(content), "b.csv"), "ramme": "1000"}
        answer = client.post(addresses[-1], data=sent)
        assert message in answer.get_data(as_text=True).replace("&#39;", "'"), addresses


def test_the_script_is_given_its_messages(client):
    assert "Spennene regnes ut …" in client.get("/").get_data(as_text=True)
    assert "The bands are being worked out …" in client.get("/?lang=en").get_data(as_text=True)


def test_a_language_that_there_is_none_of_is_refused(client):
    answer = client.get("/?lang=svensk")
    assert answer.status_code == 400
    assert "Språket «svensk» finnes ikke: lang=nb eller lang=en." in answer.get_data(as_text=True)


def test_the_record_says_the_language_of_the_page(client):
    for query, language in (("", "nb"), ("?lang=en", "en")):
        assert client.get(f"/last-ned/kjoering.json{query}").json["language"] == language


def test_each_of_two_requests_at_once_is_answered_in_its_language(monkeypatch):
    """Both are being answered when either is: what one speaks is not what the other does, nor what comes after."""
    both = threading.Barrier(2, timeout=20)
    answered = application.answer

    def waiting(content, status=200):
        both.wait()
        return answered(content, status)

    app = create_app(Settings(access_log=False))
    monkeypatch.setattr(application, "answer", waiting)

    def ask(language):
        answer = app.test_client().get(UNKNOWN[0], headers={"Accept-Language": language})
        return answer.json["error"], spoken()

    with ThreadPoolExecutor(2) as threads:
        for _round in range(3):
            assert list(threads.map(ask, ["nb", "en"])) == [(UNKNOWN[2], AS_WRITTEN), (UNKNOWN[1], AS_WRITTEN)]


def test_the_specification_says_how_to_ask_for_a_language(client):
    specification = client.get("/spec").json
    assert "Accept-Language: nb" in specification["info"]["description"]
    refused = specification["paths"]["/compare"]["post"]["responses"]["400"]
    assert refused["headers"]["Content-Language"]["schema"]["enum"] == ["en", "nb"]

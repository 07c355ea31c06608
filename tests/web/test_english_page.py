"""The page where English is spoken: no Norwegian is left on it but names, and what quotes the sources."""

import re
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import pytest

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.report.test_english import USERS
from tests.text.norwegian import NAMES, norwegian, without_sources

#: The states of the page: addresses, each with what it is.
STATES = {
    "/": "the front page",
    "/?aar=2018&regelverk=grunnregelverket&regelverk=vedtak_2018_01_kategorimodell": "two regulations",
    "/?aar=2017&til=2019": "years",
    "/?tall.reserve.andel=0.04&lesning=lesning_t05_reserven_deles_ut": "a change and a reading",
    "/?eksempel=bevegelse": "the moving example",
    "/?aar=1999": "a choice that is refused",
    "/forklar?hvem=Bergenhus": "an explanation",
    "/sporsmaal": "the questions",
    "/sporsmaal/incentives": "a question before it is asked",
    "/sporsmaal/readings?spoer=1": "an answer",
    "/sporsmaal/flows?spoer=1&population=bevegelse": "an answer with months",
    "/scenarioer": "no scenario",
    "/scenarioer?s=Now&s=Larger~2021-12~reserve.andel=0.04@2019-01-01": "a number changed in one of two scenarios",
    "/tull": "no page",
}
#: Attributes that are read aloud, or seen.
READ = ("alt", "aria-label", "placeholder", "title", "data-range", "data-label", "data-said")
#: Names on the page that are the same in every language: the other language's own, and names of columns and files.
OF_THE_PAGE = rf"{NAMES}|Norsk|\((?:timer|enhet)\)|(?:enhet|etat)(?:, maaned)? and kroner"
#: What quotes the sources, or names columns of files and addresses.
QUOTING = ("code", "script", "style")


class Texts(HTMLParser):
    """Collects what a page says, and where it leads."""

    def __init__(self):
        super().__init__()
        self.said, self.links, self.language, self.quoting = [], [], "", 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.language = found["lang"] if tag == "html" else self.language
        self.quoting += tag in QUOTING
        self.said += [value for name, value in attrs if name in READ and value]
        self.links += [found[name] for name in ("href", "src", "srcset", "formaction") if found.get(name)]

    def handle_endtag(self, tag):
        self.quoting -= tag in QUOTING

    def handle_data(self, data):
        if not self.quoting and data.strip():
            self.said.append(data.strip())


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


def read(answer):
    found = Texts()
    found.feed(answer.get_data(as_text=True))
    return found


def in_english(address):
    return f"{address}{'&' if '?' in address else '?'}lang=en"


@pytest.mark.parametrize("address", STATES)
def test_no_norwegian_is_left_on_an_english_page(address, client):
    answer = client.get(in_english(address), headers={"Accept": "text/html"}, follow_redirects=True)
    page = read(answer)
    assert page.said
    assert page.language == answer.headers["Content-Language"] == "en"
    assert norwegian(page.said, OF_THE_PAGE) == []


@pytest.mark.parametrize("address", [*STATES, "/sporsmaal/sensitivity?spoer=1"])
def test_per_cent_is_written_one_way_on_an_english_page(address, client):
    page = read(client.get(in_english(address), follow_redirects=True))
    assert page.said
    assert [text for text in page.said if re.search(r"\d\s%", without_sources(text))] == []


def test_no_norwegian_is_left_of_files_that_were_sent(client):
    sent = {"brukere": (BytesIO(USERS.encode()), "brukere.csv"), "ramme": "30000000", "aar": "2019"}
    page = read(client.post("/?lang=en", data=sent, content_type="multipart/form-data"))
    assert "How the files were understood" in page.said
    assert norwegian(page.said, OF_THE_PAGE) == []


@pytest.mark.parametrize("address", [address for address in STATES if address != "/tull"])
def test_every_way_from_an_english_page_keeps_the_language(address, client):
    page = read(client.get(in_english(address), follow_redirects=True))
    leaving = [link for link in page.links if not re.match("#|data:|/fil|/docs", link)]
    without = [link for link in leaving if ("lang", "en") not in parse_qsl(urlsplit(link).query)]
    assert without == page.links[-1:]  # the way to Norwegian


@pytest.mark.parametrize("address", ["/", "/?aar=2018", "/sporsmaal/readings?spoer=1"])
def test_a_switch_leads_to_the_same_page_in_the_other_language_and_back(address, client):
    there = read(client.get(address)).links[-1]
    assert there == in_english(address)
    assert read(client.get(there)).links[-1] == address


def test_what_is_kept_of_one_language_is_not_said_in_the_other(client):
    """The same question and picture, in each language after the other: both are kept for the next caller."""
    for address, norwegian_text, english_text in (
        ("/sporsmaal/readings?spoer=1", "Lesning", "Reading"),
        ("/?aar=2019", "Kort sagt", "In short"),
        ("/diagram/ladder.svg?aar=2019", "millioner kroner", "millions of kroner"),
        ("/sporsmaal/incentives", "Endre spørsmålet", "Change the question"),
    ):
        for _time in range(2):
            in_nb, in_en = (client.get(one).get_data(as_text=True) for one in (address, in_english(address)))
            assert norwegian_text in in_nb
            assert english_text not in in_nb
            assert english_text in in_en
            assert norwegian_text not in in_en


@pytest.mark.parametrize("name", ["ladder", "change", "units", "categories"])
def test_a_picture_says_what_it_shows_in_english(name, client):
    drawn = client.get(f"/diagram/{name}.svg?aar=2018&lang=en").get_data(as_text=True)
    said = [text for pair in re.findall(r'aria-label="([^"]*)"|>([^<]+)<', drawn) for text in pair]
    assert norwegian([text for text in said if text and not text.startswith(".told")], OF_THE_PAGE) == []

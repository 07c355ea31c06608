"""What the page refuses: an address or a form of which some part would not be used gets 400, saying which."""

import io
import json

import pytest
from werkzeug.datastructures import MultiDict

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings

USERS = "enhet;timer_per_uke\n" + "A;5\n" * 9 + "B;20\n" * 8


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


def refusal(answer):
    """Return what a refused request is told, without the characters that HTML writes otherwise."""
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert "Kort sagt" not in text  # no figures beside it
    return text.replace("&#39;", "'")


DOORS = ["/", "/diagram/change.svg", "/forklar", "/last-ned/kjoering.json", "/last-ned/rapport.xlsx"]
FAULTS = {
    "aar=20x9": "Året er et helt tall fra 2017 til 2100.",
    "aar=": "Året er et helt tall fra 2017 til 2100.",
    "aar=0020190": "Året er et helt tall fra 2017 til 2100.",
    "aar=２０１９": "Året er et helt tall fra 2017 til 2100.",
    "aar=2101": "Året er et helt tall fra 2017 til 2100.",
    "aar=2018&aar=2019": "Feltet «aar» er sendt 2 ganger",
    "year=2018": "Det er ikke noe felt «year».",
    "eksempel=": "Det er ikke noe eksempel «».",
    "dato=2018-13": "«2018-13» er ingen dato",
    "dato=2018-06-01x": "«2018-06-01x» er ingen dato",
    "regelverk=tull": "Det finnes ikke noe regelverk «tull»",
    "regelverk=": "Velg fra 1 til 12 regelverk.",
    "regelverk=2018-01&regelverk=2018-01": "Regelverket «2018-01» er bedt om to ganger",
    "&".join(f"regelverk=2018-{month:02}&regelverk=2019-{month:02}" for month in range(1, 8)): "fra 1 til 12 regelverk",
    "uten=tull": "«tull» er ikke noe vedtak",
    "lesning=tull": "Det finnes ingen lesning «tull»",
    "tall.reserve.andel=abc": "«abc» er ikke et tall.",
    "tall.reserve.andel=nan": "«nan» er ikke et tall.",
    "tall.reserve.andel=1e999": "«1e999» er ikke et tall.",
    "tall.reserve.andel=0.0_3": "«0.0_3» er ikke et tall.",
    "tall.reserve.andel=０.０４": "«０.０４» er ikke et tall.",
    "tall.reserve.andel=0 03": "«0 03» er ikke et tall.",
    f"tall.reserve.andel=0.04{'0' * 40}x": "er ikke et tall.",
    "tall.reserve.andel=1e-400": "«1e-400» er ikke et tall.",
    "tall.reserve.tull=": "Det er ikke noe tall «reserve.tull».",
    "ramme=30000000": "Rammen gjelder egne data",
    "ark=Ark1": "Arket gjelder egne data",
    "behold=Sum": "Enheter som ser ut som summer, gjelder egne data",
    "brukere=brukere.csv": "«brukere.csv» ble ikke sendt.",
    "enheter=enheter.csv": "«enheter.csv» ble ikke sendt.",
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("query", FAULTS)
def test_an_address_with_a_fault(door, query, client):
    assert FAULTS[query] in refusal(client.get(f"{door}?{query}"))


def test_each_fault_of_an_address_is_said(client):
    told = refusal(client.get("/?aar=20x9&uten=tull&tall.reserve.andel=abc&tall.prisvekst=x&lesning=tull"))
    for part in ("Året er et helt", "«tull» er ikke noe vedtak", "«abc» er", "«prisvekst»", "lesning «tull»"):
        assert part in told


def moved(client, **numbers):
    fields = {f"tall.{name}": value for name, value in numbers.items()}
    text = client.get("/last-ned/forslag.yaml", query_string=fields)
    assert text.status_code == 200
    return text.get_data(as_text=True)


@pytest.mark.parametrize(
    ("written", "value"),
    [("0,04", "0.04"), ("0.04", "0.04"), ("4e-2", "0.04"), ("0,0412345678901234", "0.0412345678901234")],
)
def test_numbers_are_taken_as_they_are_written(written, value, client):
    assert f"    value: {value}\n" in moved(client, **{"reserve.andel": written})


def test_only_a_date(client):
    answer = client.get("/last-ned/kjoering.json?regelverk=&dato=2018-06")
    assert list(json.loads(answer.data)["result"]["kroner"]) == ["2018-06"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/last-ned/kjoering.json/?aar=2018", "/last-ned/kjoering.json?aar=2018"),  # and not those of another year
        ("/a%0Ab/", "/a%0Ab"),
        ("/a%C3%A5//", "/a%C3%A5"),
    ],
)
def test_a_slash_too_many(path, place, client):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, place)


@pytest.mark.parametrize("name", ["%0A", "%00.js", "a" * 300 + ".css"])
def test_odd_names_of_files(name, client):
    assert client.get(f"/fil/{name}").status_code == 404


def form(**files):
    return {name: (io.BytesIO(text.encode()), f"{name}.csv") for name, text in files.items()}


UNITS, AGENCIES = "enhet;kjøretid per uke\nA;10\nB;0\n", "etat;aar;budsjettramme\nBergen;2019;30000000\n"


@pytest.mark.parametrize("door", ["/", "/last-ned/rapport.xlsx", "/last-ned/rapport.html", "/last-ned/kjoering.json"])
@pytest.mark.parametrize("sent", [{}, {"enheter": UNITS}, {"etater": AGENCIES}, {"enheter": UNITS, "etater": AGENCIES}])
@pytest.mark.parametrize("frame", ["", "30000000"])
def test_nothing_is_computed_without_users(door, sent, frame, client):
    answer = client.post(door, data={**form(**sent), "ramme": frame})
    told = refusal(answer)
    assert "Filen med brukere mangler." in told
    for name in sent:
        assert f"«{name}.csv» brukes ikke uten dem." in told


def parts(*names):
    """Return files in fields of these names, one for each."""
    files = [(name, (io.BytesIO(USERS.encode()), f"{number}.csv")) for number, name in enumerate(names)]
    return MultiDict([*files, ("ramme", "30000000")])


@pytest.mark.parametrize("door", ["/", "/last-ned/kjoering.json"])
@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("brukere", "brukere"), "Feltet «brukere» har flere filer. Send én."),
        (("brukere", "enheter", "enheter"), "Feltet «enheter» har flere filer. Send én."),
        (("brukere", "rammer"), "Det er ikke noe felt «rammer» for filer."),
        (("aar", "brukere"), "Det er ikke noe felt «aar» for filer."),
    ],
)
def test_a_file_that_would_not_be_used(door, names, told, client):
    assert told in refusal(client.post(door, data=parts(*names)))


def test_fields_in_which_no_file_is_chosen(client):
    """A browser sends an empty file for each."""
    empty = [(name, (io.BytesIO(b""), "")) for name in ("brukere", "enheter", "etater")]
    sent = MultiDict([*parts("brukere").items(), *empty])
    assert client.post("/last-ned/kjoering.json", data=sent).status_code == 200


@pytest.mark.parametrize("fields", [{"regelverk": ["2018-06"] * 300}, {"dato": "0" * 505_000}])
def test_a_form_that_no_page_sends_is_not_said_to_be_a_file_that_is_too_long(fields, client):
    answer = client.post("/", data={**form(brukere=USERS), **fields})
    assert answer.status_code == 413
    assert "Skjemaet har flere felt, eller lengre, enn denne siden sender." in answer.get_data(as_text=True)


def test_an_explanation_of_a_year_without_figures(client):
    answer = client.get("/forklar?hvem=Bergenhus&aar=2030", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "Den innebygde befolkningen har årene 2017, 2018, 2019" in answer.get_data(as_text=True)


def test_a_form_and_its_address_are_one_choice(client):
    files = {**form(brukere=USERS), "ramme": "30000000"}
    answer = client.post("/last-ned/kjoering.json?aar=2018", data={**files, "aar": "2019"})
    assert "Feltet «aar» er sendt 2 ganger" in refusal(answer)


def test_her_users_are_computed(client):
    answer = client.post("/last-ned/kjoering.json", data={**form(brukere=USERS), "ramme": "30000000", "aar": "2019"})
    (*_, last) = json.loads(answer.data)["result"]["kroner"].values()
    # 30 000 000 and the agency's 14 000 000, all of which is given out
    assert sum(last[unit]["enhet_samlet_tildeling"] for unit in "AB") == 44_000_000

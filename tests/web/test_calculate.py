"""``/calculate`` and ``/trace``: the stock API's answers for what is right, and a reason for what is not."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator
from openfisca_web_api.app import create_app as create_stock

from openfisca_bergen_hbt.web.api.situations import Limits
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.web.bad_bodies import BAD, GOOD, put


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


@pytest.fixture(scope="module")
def stock(law):
    return create_stock(law).test_client()


@pytest.fixture(scope="module")
def schemas(client):
    spec = client.get("/spec").json

    def of(name):
        return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": spec["components"]})

    return of


@pytest.mark.parametrize("route", ["/calculate", "/trace"])
@pytest.mark.parametrize("name", BAD)
def test_bad(name, route, client, schemas):
    body, status, fragment, path = BAD[name]
    response = client.post(route, data=body, content_type="application/json")
    assert response.status_code == status, response.get_data(as_text=True)[:300]
    assert fragment in response.json["error"], response.json
    schemas("Error").validate(response.json)
    if path is not None:
        assert response.json["path"] == path
    assert len(response.json["error"]) < 1000


def test_there_are_more_than_a_hundred():
    assert len(BAD) >= 120


def asked(changes, body=GOOD):
    found = copy.deepcopy(body)
    for path, value in changes.items():
        found = json.loads(put(path, value, found))
    return found


JSON = "application/json"
#: The law in force: the last decision of the contract.
LATEST = "vedtak_2021_06_statusrapport"
MONTHS = {f"2019-{month:02}": None for month in range(1, 13)}
#: Requests that are right, in every shape.
RIGHT = {
    "as it is": GOOD,
    "every kind of answer": asked({
        "brukere/a/brukerkategori/2019": None, "brukere/b/loepende_kategori/2019-05": None,
        "brukere/a/vedtakstimer/2019": None, "enheter/A/enhet_kategoripoeng/2019-01": None,
        "enheter/B/antall_kategori_3/2019": None, "enheter/A/enhet_vurderende_instans/2021-01": None,
        "etater/T/etat_vesentlig_endring/2019-02": None, "etater/T/etat_normtid_gjelder/2017-12": None,
    }),
    "months": asked({"enheter/A/enhet_maanedsramme": MONTHS, "enheter/B/enhet_tildeling_over_80": MONTHS}),
    "other spellings": asked({"etater/T/etat_ufordelt/year:2019": None, "enheter/A/enhet_poengandel/month:2019-03": None}),
    "areas": asked({
        "byomraader/Årstad og Laksevåg": {"brukere": ["a", "b"], "publiserte_brukere": {"2019": 4},
                                        "publiserte_vedtakstimer": {"2019": 10}, "timer_per_bruker": {"2019": None}},
        "etater/T/avvik_brukere/2019": None,
    }),
    "units with driving and a director": asked({
        "enheter/A/enhet_kjoeretid_per_uke/2019": 10, "enheter/B/enhet_etatsdirektoer_omfordeling/2019": 500,
        "enheter/B/enhet_tjenesteomraade/2019": "ANDRE", "enheter/A/enhet_omfattet_av_tillitsreformen/2018-01": None,
        "enheter/B/enhet_omfattet_av_tillitsreformen/2018-01": None, "etater/T/etat_reserve_saldo/2019": None,
        "enheter/A/enhet_deltar_i_teamutproeving/2021": True, "enheter/A/enhet_teambasert_organisering/2021-03": None,
    }),
    "a unit without users": asked({"enheter/tom": {"enhet_samlet_tildeling": {"2019": None}}}),
    "users alone": {"brukere": {"a": {"besoek_per_uke": {"2017-03": 10}, "timer_per_uke": {"2017-03": None, "2017-04": None}}}},
    "the default frame": asked({"etater/T": {"brukere": ["a", "b"], "etat_disponibel_ramme": {"2019": None, "2017": None}}}),
    "several years": asked({"brukere/a/vurdert_timer_per_uke/2020": 9, "brukere/b/vurdert_timer_per_uke/2020": 7,
                            "etater/T/etat_disponibel_ramme/2020": 500, "enheter/A/enhet_samlet_tildeling/2020": None}),
    "hours by month": asked({"brukere": {name: {"timer_per_uke": {f"2019-{m:02}": 5 + m for m in range(1, 13)}} for name in "ab"}}),
    "norm minutes of one": asked({"brukere": {"a": {"besoek_per_uke": {"2019": 10}, "normtid_minutter_per_besoek": {"2019": 30}, "vurdert_timer_per_uke": {"2019": 5}},
                                           "b": {"besoek_per_uke": {"2019": 10}, "vurdert_timer_per_uke": {"2019": 5}, "normtid_timer_per_uke": {"2019-01": None}}}}),
    "names with spaces, numbers and letters": json.loads(json.dumps(GOOD).replace('"a"', '"Åse Øy 7"').replace('"b"', '"8"').replace('"T"', '"Etat for hjemme­tjenester"')),
    "nothing asked": {"brukere": {"a": {}}},
    "one user by name": {**GOOD, "enheter": {"A": {"brukere": "a"}, "B": {"brukere": "b", "enhet_vedtakstimer": {"2019": None}}}},
    "a user over 80 hours": asked({"brukere/b/vurdert_timer_per_uke/2019": 100, "etater/T/etat_rest_pott_over_80": MONTHS}),
    "two etater": {**GOOD, "etater": {"T": {"brukere": ["a"], "etat_budsjettramme": {"2019": 1000}, "etat_tillitsreform_styrking": {"2019": 9}, "etat_samlet_tildeling": {"2019": None}},
                                      "U": {"brukere": ["b"], "etat_budsjettramme": {"2019": 2000}, "etat_tillitsreform_styrking": {"2019": 0}, "etat_reserve_saldo": {"2019": None}}}},
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_the_stock_api_answers_the_same(name, client, stock, schemas):
    schemas("Situation").validate(RIGHT[name])
    ours, theirs = (c.post("/calculate", json=RIGHT[name]) for c in (client, stock))
    assert ours.status_code == theirs.status_code == 200
    schemas("Answer").validate(ours.json)
    answer = ours.json
    assert answer.pop("regulation") == LATEST
    assert answer == theirs.json


#: What the stock API takes and we refuse, as docs/client.md lists it.
TAKEN = [
    "a period twice",
    "an entity twice",
    "a krone that a float does not tell apart",
    "the same krone with a decimal",
    "decimals that a float loses",
    "an øre that a float loses",
    "less than a float holds",
    "1e300 hours of a unit, which nothing checks",
    "a number as text",
    "true for a number",
    "false for a number",
    "one for true",
    "true as text",
    "the number of an answer",
    "decimals of a count",
    "two spellings of a period",
    "several months",
    "digits of another script",
    "no period",
    "no period of a question",
    "hours before the law",
    "a result before the law",
    "hours of one user only",
    "a frame of one etat only",
    "a result of one unit only",
    "no units",
    "more periods than it takes",
]  # fmt: skipp


@pytest.mark.parametrize("name", TAKEN)
def test_what_the_stock_api_takes(name, stock):
    assert stock.post("/calculate", data=BAD[name][0], content_type="application/json").status_code == 200


def test_a_text_as_a_number_goes_wrong_in_the_stock_api(stock):
    answer = stock.post("/calculate", data=put("brukere/a/vurdert_timer_per_uke/2019", "2+3"), content_type=JSON)
    # 5 hours, as if they had been sent: category 2 with 4.5 points of 15.75, and the reserve of 20 000
    assert answer.json["enheter"]["A"]["enhet_samlet_tildeling"]["2019"] == 300000


def test_another_spelling_of_a_period_goes_wrong_in_the_stock_api(stock, client):
    years = {"a": {"year:2019": 5}, "b": {"year:2019": 10}}
    body = asked({f"brukere/{name}/vurdert_timer_per_uke": hours for name, hours in years.items()})
    ours, theirs = (c.post("/calculate", json=body).json["enheter"]["A"] for c in (client, stock))
    assert ours["enhet_samlet_tildeling"]["2019"] == 300000  # as under 2019
    assert theirs["enhet_samlet_tildeling"]["2019"] == 0  # the 5 hours are lost


@pytest.mark.parametrize("name", RIGHT)
def test_the_stock_api_traces_the_same(name, client, stock, schemas):
    ours, theirs = (c.post("/trace", json=RIGHT[name]) for c in (client, stock))
    assert ours.status_code == theirs.status_code == 200
    schemas("Trace").validate(ours.json)
    answers = [ours.json, theirs.json]
    assert answers[0].pop("regulation") == LATEST
    for answer in answers:
        for step in answer["trace"].values():
            del step["calculation_time"], step["formula_time"]
    assert answers[0] == answers[1]


def test_the_regulation_is_chosen_per_request(client):
    body = {
        "brukere": {
            "a": {
                "besoek_per_uke": {"2019": 10},
                "vurdert_timer_per_uke": {"2019": 6},
                "timer_per_uke": {"2019-01": None},
            }
        }
    }

    def hours(response):
        return response.json["brukere"]["a"]["timer_per_uke"]["2019-01"]

    assert hours(client.post("/calculate", json=body)) == 6
    assert hours(client.post("/calculate?regulation=grunnregelverk", json=body)) == 4.5  # 10 * 27 / 60
    assert hours(client.post("/calculate", json={**body, "regulation": "2017-09"})) == 4.5
    changes = [{"parameter": "normtid.minutter_per_besoek", "from": "2019-01-01", "to": "2019-12-31", "value": 30}]
    answer = client.post("/calculate", json={**body, "regulation": "grunnregelverk", "changes": changes})
    assert hours(answer) == 5
    assert answer.json["changes"] == changes
    assert answer.json["acts_from"] == {"normtid.minutter_per_besoek": "2019-01-01"}
    assert hours(client.post("/calculate", json=body)) == 6  # nothing is left behind


def test_the_answer_says_which_regulation_it_is(client):
    body = {"brukere": {"a": {}}}
    for route in ("/calculate", "/trace"):
        assert client.post(route, json=body).json["regulation"] == LATEST
        assert client.post(f"{route}?regulation=2018-06", json=body).json["regulation"] == "2018-06"
        chosen = {**body, "regulation": "grunnregelverk"}
        assert client.post(route, json=chosen).json["regulation"] == "grunnregelverk"
        assert client.post(f"{route}?regulation=grunnregelverk", json=chosen).json["regulation"] == "grunnregelverk"


@pytest.mark.parametrize(
    ("address", "fragment", "path"),
    [
        ("/calculate?regulation=2018-06", "names another regulation than the address", ["regulation"]),
        ("/trace?regulation=", "names another regulation than the address", ["regulation"]),
        ("/calculate?regulering=2018-06", "has the key 'regulering', which is not read here", []),
        ("/calculate?Regulation=2018-06", "It takes regulation", []),
        ("/calculate?regulation=2018-06&regulation=2018-06", "gives 'regulation' more than once", []),
        ("/compare?year=2019", "has the key 'year', which is not read here. It takes none", []),
    ],
)
def test_an_address_that_is_not_read(address, fragment, path, client):
    answer = client.post(address, json={**GOOD, "regulation": "grunnregelverk"})
    assert answer.status_code == 400
    assert fragment in answer.json["error"]
    assert answer.json["path"] == path


@pytest.mark.parametrize(
    "route", ["/variables", "/parameter/reserve.andel", "/regulations/2018-06", "/health", "/spec"]
)
def test_nothing_is_read_of_these_addresses(route, client):
    assert client.get(route).status_code == 200
    assert client.get(f"{route}?year=2019").status_code == 400


def test_hours_that_are_next_to_nothing(client, schemas):
    """A frame of 980 000 kr by 1e-323 hours is beyond floats; hours count to 2^-44, so there are users and no hours."""
    body = asked({f"brukere/{name}/vurdert_timer_per_uke/2019": 5e-324 for name in "ab"})
    answer = client.post("/trace", json=body)
    assert answer.status_code == 200
    assert not any(word in answer.text for word in ("NaN", "Infinity"))
    schemas("Trace").validate(answer.json)


def test_whole_characters_of_any_plane_are_names(client):
    body = json.dumps(GOOD).replace('"a"', '"\\ud83d\\ude00"')  # two halves of one
    answer = client.post("/calculate", data=body, content_type="application/json")
    assert list(answer.json["brukere"]) == ["\U0001f600", "b"]


def test_the_largest_krone_is_kept(client):
    body = json.dumps(GOOD).replace("1000000}", "9007199254740992}")  # 2 to the 53rd
    answer = client.post("/calculate", data=body, content_type="application/json").json
    # less 2 %, rounded: 2**53 - 180143985094820
    assert sum(unit["enhet_samlet_tildeling"]["2019"] for unit in answer["enheter"].values()) >= 2**53 - 180143985094820


def test_limits_and_content_types():
    small = create_app(Settings(most_bytes=1000, limits=Limits(users=2, groups=3))).test_client()
    assert small.post("/calculate", json=GOOD).status_code == 200
    response = small.post("/calculate", data=b" " * 1001, content_type="application/json")
    assert (response.status_code, response.json["error"]) == (413, "The body has more than 1000 bytes.")
    response = small.post("/calculate", json={"brukere": {name: {} for name in "abc"}})
    assert (response.status_code, "at most 2 may be sent" in response.json["error"]) == (400, True)
    response = small.post("/calculate", json={**GOOD, "enheter": {name: {} for name in "ABCD"}})
    assert "There are 4 enheter, and at most 3" in response.json["error"]
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"):
        response = small.post("/calculate", data=json.dumps(GOOD), content_type=content_type)
        assert response.status_code == 415
    assert (
        small.post("/calculate", data=json.dumps(GOOD), content_type="application/json; charset=utf-8").status_code
        == 200
    )


@pytest.mark.parametrize("place", ["kommuner", "brukere/a/x", "brukere/a/vurdert_timer_per_uke/x", "enheter/B/brukere"])
def test_what_is_sent_is_not_sent_back_in_full(place, client):
    name = "å" * 1_000_000
    body = put(place, [name]) if place.endswith("/brukere") else put(f"{place}/{name}" if "/" in place else name, None)
    answer = client.post("/calculate", data=body, content_type="application/json")
    assert answer.status_code in (400, 404)
    assert len(answer.data) < 10_000


def test_no_proxy_header_is_trusted(client):
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    for route in ("/variables", "/parameters", "/spec"):
        assert "evil.example" not in client.get(route, headers=headers).get_data(as_text=True)

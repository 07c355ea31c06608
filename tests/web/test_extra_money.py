"""Extra money by month, and what units carried over, in the body of a question: as the contract has them, or refused.

Of 33.75 points A has 11.25 and B 22.5, so a third of what comes in a month is A's.
"""

import pytest

from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.web.app import create_app

USERS = {"enhet": ["A", "B"], "etat": ["E", "E"], "vurdert_timer_per_uke": [10, 20]}
#: With the reform's 14 million, of which 2 % are set aside.
FRAME, SHARED_OUT = 86_000_000, 98_000_000
EXTRA, CARRIED = "etat_tilleggsbevilgning", "enhet_overfoert_fra_i_fjor"


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


def body(extra=None, carried=None, **beside):
    agency = {"etat_budsjettramme": FRAME, **({} if extra is None else {EXTRA: extra})}
    units = {} if carried is None else {"units": {name: {CARRIED: amount} for name, amount in carried.items()}}
    return {"users": USERS, "etater": {"E": agency}, "suppression": False, **units, **beside}


def figures(answer):
    return {(one["level"], one["variable"], one["period"]): one["values"] for one in answer.json["figures"]}


def test_compare_shares_it_out_in_its_month(client):
    asked = body({"2019-05": 1000}, {"A": -100, "B": 50}, regulations=["2021-12"])
    found = figures(client.post("/compare", json=asked))
    assert found["enhet", "enhet_tilleggsramme", "2019-05"] == [333, 667]
    assert found["enhet", "enhet_tilleggsramme", "2019-04"] == [0, 0]
    plain = figures(client.post("/compare", json=body(regulations=["2021-12"])))
    given, before = (of["enhet", "enhet_samlet_tildeling", "2019"] for of in (found, plain))
    assert [after - then for after, then in zip(given, before, strict=True)] == [333 - 100, 667 + 50]
    assert found["etat", "etat_ramme_i_alt", "2019"] == [100_000_000 + 1000 - 50]


def test_forecast_takes_it(client):
    asked = body({"2019-05": 1000, "2019-11": 6}, {"A": -100, "B": 50}, months=5, method="held")
    assert client.post("/forecast", json=asked).json["in_all"]["value"] == SHARED_OUT + 1000 + 6 - 100 + 50


def test_each_of_several_years_has_its_own(client):
    users = {name: values * 2 for name, values in USERS.items()} | {"aar": [2018, 2018, 2019, 2019]}
    asked = {**body({"2018-02": 7, "2019-05": 1000}), "users": users, "years": "2018-2019"}
    found = figures(client.post("/compare", json=asked))
    assert found["etat", "etat_ramme_i_alt", "2018"] == [100_000_007]
    assert found["etat", "etat_ramme_i_alt", "2019"] == [100_001_000]
    asked["etater"]["E"][EXTRA] = {"2020-05": 1}
    assert client.post("/compare", json=asked).json["path"] == ["etater", "E", EXTRA, "2020-05"]


def test_python_takes_twelve_amounts():
    table = {name: values for name, values in USERS.items() if name != "etat"}
    given = {"E": {"etat_budsjettramme": FRAME, EXTRA: [0, 0, 0, 0, 1000, *[0] * 7]}}
    results = simulate(table, regelverk(), 2019, agencies=given)
    assert results.value("enhet_tilleggsramme", 5).tolist() == [333, 667]
    assert results.value("etat_ramme_i_alt").tolist() == [100_001_000]


@pytest.mark.parametrize("question", ["compare", "forecast"])
@pytest.mark.parametrize(
    ("extra", "way", "message"),
    [
        (1000, [], "is given by month"),
        ([1000], [], "is given by month"),
        ({"2019": 1000}, ["2019"], "no month of 2019"),
        ({"2018-05": 1000}, ["2018-05"], "no month of 2019"),
        ({"2019-13": 1000}, ["2019-13"], "no month of 2019"),
        ({"2019-05": -5}, ["2019-05"], "0 kroner or more"),
        ({"2019-05": 5.5}, ["2019-05"], "whole kroner"),
        ({"2019-05": "5"}, ["2019-05"], "finite number"),
        ({"2019-05": True}, ["2019-05"], "finite number"),
        ({"2019-05": 2**54}, [], "at most 9007199254740992"),
    ],
)
def test_extra_money_that_can_t_be_is_refused_where_it_stands(client, question, extra, way, message):
    refused = client.post(f"/{question}", json=body(extra))
    assert refused.status_code == 400
    assert message in refused.json["error"]
    assert refused.json["path"] == ["etater", "E", EXTRA, *way]


@pytest.mark.parametrize("question", ["compare", "forecast"])
@pytest.mark.parametrize(
    ("carried", "unit", "message"),
    [
        ({"A": -(10**9), "B": 0}, "A", "takes more from the unit than this regulation gives it"),
        ({"A": 5.5, "B": 0}, "A", "whole kroner"),
        ({"A": 0, "B": 0, "C": 5}, "C", "has no users"),
        ({"A": {"2019": 5}, "B": 0}, "A", "finite number"),
    ],
)
def test_carry_over_that_can_t_be_is_refused_where_it_stands(client, question, carried, unit, message):
    law = {"regulations": ["2021-12"]} if question == "compare" else {}
    refused = client.post(f"/{question}", json=body(carried=carried, **law))
    assert refused.status_code == 400
    assert message in refused.json["error"]
    assert refused.json["path"] == ["units", unit, CARRIED]


@pytest.mark.parametrize("question", ["compare", "forecast"])
@pytest.mark.parametrize(("key", "given"), [("etater", {EXTRA: {"2019-05": 1}}), ("units", {CARRIED: 1})])
def test_without_own_data_there_is_none(client, question, key, given):
    """The sources hold nothing of them: an embedded population has none."""
    refused = client.post(f"/{question}", json={"population": "bevegelse", key: {"Bergenhus": given}})
    assert refused.status_code == 400
    assert refused.json["path"] == [key]


def test_a_user_s_fault_is_led_to(client):
    asked = {**body(), "users": {**USERS, "vurdert_timer_per_uke": [10, 200]}}
    refused = client.post("/compare", json=asked)
    assert refused.status_code == 400
    assert refused.json["path"] == ["users", "vurdert_timer_per_uke"]

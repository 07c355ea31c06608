"""Users by month in columns: a row for each user and month."""

import numpy
import pytest

from openfisca_bergen_hbt.population.by_month import by_month
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.web.app import create_app


def rows(months=range(1, 13), **changed):
    found = {
        "bruker": [name for month in months for name in ("b", "a")],
        "enhet": [unit for month in months for unit in ("B", "A" if month < 3 else "C")],
        "maaned": [month for month in months for _ in range(2)],
        "timer_per_uke": [hours for month in months for hours in (20.0, month)],
    }
    return {**found, **changed}


def test_a_user_who_moves_is_one_of_each_unit():
    found, months = by_month(rows(), may_end_early=False)
    assert months == 12
    assert found["enhet"] == ["B", "A", "C"]
    hours = numpy.array(found["timer_per_uke"])
    assert hours[:, 0].tolist() == [20] * 12
    assert hours[:, 1].tolist() == [1, 2, *[0] * 10]
    assert hours[:, 2].tolist() == [0, 0, *range(3, 13)]


def test_months_that_lack_are_as_the_last():
    found, months = by_month(rows(range(1, 5)), may_end_early=True)
    assert months == 4
    assert found["timer_per_uke"][:, 2].tolist() == [0, 0, 3, 4, *[4] * 8]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (rows(range(1, 5)), "No row is of month 5"),
        (rows(maaned=[1] * 24), "The same user stands twice for a month"),
        (rows(maaned=[13] * 24), "is the number of a month"),
        (rows(maaned=[1.5] * 24), "is the number of a month"),
        (rows(bruker=["a"]), "'bruker' has 1 values, and 'maaned' 24"),
        ({"maaned": [1], "enhet": ["A"], "timer_per_uke": [1]}, "Send 'bruker', 'maaned' and 'enhet'"),
    ],
)
def test_what_can_t_be_is_refused(columns, message):
    with pytest.raises(SituationError, match=message):
        by_month(columns, may_end_early=False)


def test_questions_over_the_web_take_them():
    """As in a pool that empties, worked out by hand: see tests/analysis/test_forecast.py."""
    client = create_app().test_client()
    users = {"bruker": [], "enhet": [], "maaned": [], "timer_per_uke": []}
    for month in (1, 2):
        for name, unit, hours in (("a", "A", 20), ("b", "B", 20), ("c", "A", 80 * month)):
            for column, value in zip(users, (name, unit, month, hours), strict=True):
                users[column].append(value)
    frames = {"etat": {"etat_budsjettramme": 90_000_000, "etat_tillitsreform_styrking": 0}}
    body = {"users": users, "etater": frames}
    held_back = client.post("/forecast", json={**body, "method": "held"}).json
    assert held_back["etater"]["etat"]["pool"] is None  # one user alone makes it
    found = client.post("/forecast", json={**body, "method": "held", "suppression": False}).json
    assert found["months"] == 2
    assert found["etater"]["etat"]["runs_out"] == 7
    assert found["etater"]["etat"]["uncovered"][-1]["value"] == 53_900_000
    assert client.post("/flows", json={**body, "suppression": False}).json["months"] == 2
    refused = client.post("/compare", json=body)
    assert refused.status_code == 400
    assert refused.json["path"] == ["users", "maaned"]
    assert client.post("/flows", json={"population": "bevegelse"}).status_code == 200
    body = {"population": "bevegelse", "months": 5, "samples": 4}
    first = client.post("/forecast", json=body).json["record"]
    beyond = {"accounts": {"Bergenhus": {"2019-01": 2**60}}}  # which a 64-bit float holds, and not its neighbours
    assert client.post("/forecast", json={**body, **beyond}).json["path"] == ["accounts"]
    assert client.post("/forecast", json={**body, "since": first}).json["changed"] == []

"""One road, one answer: the same input gives the same kroner, or is refused, at every door."""

import csv
import io
import json

import pytest
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.web.app import create_app
from tests.commands import rows, run

FRAME = 30_000_000
#: Users in columns, and what is done with each at every door: None is a refusal, else the year's kroner by unit.
#: 30 000 000 and the grant of 14 000 000, less the reserve of 2 %, are 43 120 000. So many users that no sum is of few.
INPUTS = {
    "one unit": ({"enhet": ["A"] * 5, "timer_per_uke": [5] * 5}, {"A": 43_120_000}),
    # 4.5 points and 11.25 a user, of 15.75: 12 320 000 and 30 800 000; of the hours A has a third, 14 373 333, of which
    # 95 % are 13 654 667: the reserve of 880 000 goes to A
    "two units": ({"enhet": ["A", "B"] * 5, "timer_per_uke": [5, 10] * 5}, {"A": 13_200_000, "B": 30_800_000}),
    "no hours": ({"enhet": ["A"], "timer_per_uke": [0]}, {"A": 0}),
    "hours below 0": ({"enhet": ["A"], "timer_per_uke": [-1]}, None),
    "more hours than a week has": ({"enhet": ["A"], "timer_per_uke": [168.5]}, None),
    "hours that are a text": ({"enhet": ["A"], "timer_per_uke": ["fem"]}, None),
    "no unit": ({"enhet": [""], "timer_per_uke": [5]}, None),
    "a unit in two spellings": ({"enhet": ["Nord", "NORD"], "timer_per_uke": [5, 10]}, None),
    "no hours at all": ({"enhet": ["A"]}, None),
    "an unknown column": ({"enhet": ["A"], "timer_per_ukke": [5]}, None),
    "a unit in two areas": ({"enhet": ["A", "A"], "byomraade": ["N", "S"], "timer_per_uke": [5, 5]}, None),
    "visits that make more hours than a week has": (
        {"enhet": ["A"], "besoek_per_uke": [1000], "timer_per_uke": [500]},
        None,
    ),
}


def by_python(users, _folder):
    results = simulate(users, regelverk(), 2019, agencies={"etat": {"etat_budsjettramme": FRAME}})
    return dict(zip(results.population.unit_names, results.value("enhet_samlet_tildeling").tolist(), strict=True))


def _given(content):
    found = {}
    for row in rows(content):
        if (row["level"], row["variable"], row["period"]) == ("enhet", "enhet_samlet_tildeling", "2019"):
            found[row["id"]] = row["value"]
    return found


def by_api(users, _folder):
    body = {"users": users, "etater": {"etat": {"etat_budsjettramme": FRAME}}, "regulations": ["2021-06"]}
    answer = create_app().test_client().post("/compare", json=body)
    if answer.status_code != 200:
        assert answer.status_code == 400
        raise ValueError(answer.json["error"])
    return _given(answer.json)


def _file(users):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(users)
    writer.writerows(zip(*users.values(), strict=True))
    return text.getvalue()


def by_command(users, folder):
    (folder / "b.csv").write_text(_file(users), encoding="utf-8")
    data = ("--data", str(folder / "b.csv"), "--frame", str(FRAME), "--no-suppression")
    result = run("compare", *data, "--regulation", "2021-06", "--format", "json")
    if result.exit_code:
        assert result.exit_code == 2
        raise ValueError(result.stderr)
    return _given(json.loads(result.stdout))


def by_page(users, _folder):
    form = {"ramme": str(FRAME), "regelverk": "vedtak_2021_06_statusrapport", "aar": "2019"}
    file = (io.BytesIO(_file(users).encode()), "b.csv")
    answer = create_app().test_client().post("/last-ned/kjoering.json", data={**form, "brukere": file})
    if answer.status_code != 200:
        assert answer.status_code == 400
        raise ValueError(answer.get_data(as_text=True))
    (given,) = answer.json["result"]["kroner"].values()
    return {
        name: amounts["enhet_samlet_tildeling"]
        for name, amounts in given.items()
        if "enhet_samlet_tildeling" in amounts
    }


@pytest.mark.parametrize("door", [by_python, by_api, by_command, by_page])
@pytest.mark.parametrize("name", INPUTS)
def test_every_door_answers_the_same(door, name, tmp_path):
    users, expected = INPUTS[name]
    if expected is None:
        with pytest.raises((ValueError, SituationParsingError)) as error:
            door(users, tmp_path)
        assert str(error.value)
    else:
        assert door(users, tmp_path) == expected

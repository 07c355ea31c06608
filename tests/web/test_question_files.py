"""The files of questions on their pages: the same answers as the commands give of the same files."""

import io
import re

import pytest

from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.commands import as_json, run
from tests.intake.files import HEADS, users_by_month

FILES = {
    "mars.csv": HEADS + users_by_month(1, 3, 20),
    "hele.csv": HEADS + users_by_month(1, 12, 20),
    "resten.csv": HEADS + users_by_month(4, 12, 25),
    "tillegg.csv": "etat;maaned;kroner\netat;2019-05;1000\n",
    "regnskap.csv": "enhet;maaned;kroner\n"
    + "".join(f"{unit};2019-{month:02};5000000\n" for unit in "AB" for month in (1, 2, 3)),
    "befolkning.csv": "alder;Personer 2019;Personer 2029\n67-79 år;1000;1200\n80+;500;650\n",
}


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


@pytest.fixture
def ask(client, folder):
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")

    def ask(path, files, **fields):
        sent = {field: (io.BytesIO((folder / name).read_bytes()), name) for field, name in files.items()}
        told = {"spoer": "1", **fields, **sent}
        return client.post(f"/sporsmaal/{path}", data=told, content_type="multipart/form-data")

    return ask


OWN = ("--data", "mars.csv", "--frame", "90000000")


def test_a_forecast_with_all_its_files(ask):
    assert run("forecast", *OWN, "--record", "mars.json").exit_code == 0
    files = {"brukere": "mars.csv", "ventet": "resten.csv", "tillegg": "tillegg.csv"}
    files |= {"fil.accounts": "regnskap.csv", "fil.since": "mars.json"}
    answer = ask("forecast.json", files, ramme="90000000", samples="2")
    assert answer.status_code == 200, answer.text
    options = (
        "--expected",
        "resten.csv",
        "--extra",
        "tillegg.csv",
        "--accounts",
        "regnskap.csv",
        "--since",
        "mars.json",
    )
    by_command = as_json("forecast", *OWN, *options, "--samples", "2")
    assert {name for name, value in answer.json.items() if by_command[name] != value} <= {"record"}
    assert answer.json["record"]["result"] == by_command["record"]["result"]
    said = ask("forecast", files, ramme="90000000", samples="2").text
    assert "Annet enn beløp som er endret" in said
    assert "Regnskapet januar–mars 2019" in said


def test_flows_of_a_part_of_the_year(ask):
    answer = ask("flows.json", {"brukere": "mars.csv"}, ramme="90000000")
    by_command = as_json("flows", *OWN)
    assert answer.json["months"] == by_command["months"] == 3
    assert answer.json["record"]["result"] == by_command["record"]["result"]


def test_compare_takes_extra_money(ask):
    whole = {"brukere": "hele.csv"}
    fields = {"ramme": "90000000", "regulations": "2021-12"}
    plain, more = (ask("compare.json", {**whole, **extra}, **fields).json for extra in ({}, {"tillegg": "tillegg.csv"}))
    in_all = [
        next(one["values"] for one in found["figures"] if one["variable"] == "etat_ramme_i_alt")
        for found in (plain, more)
    ]
    assert in_all[1][0] - in_all[0][0] == 1000


def test_an_outlook_of_the_embedded_users_takes_a_file(ask):
    answer = ask("outlook.json", {"fil.inhabitants": "befolkning.csv"}, population="publisert", rate="67-79=50")
    by_command = as_json("outlook", "--population", "befolkning.csv", "--rate", "67-79=50")
    assert answer.json["years"] == by_command["years"]


@pytest.mark.parametrize(
    ("path", "files", "fields", "said"),
    [
        ("forecast", {"fil.accounts": "tillegg.csv"}, {"months": "3"}, "tillegg.csv"),
        ("forecast", {"fil.since": "mars.csv"}, {"months": "3"}, "«mars.csv» er ingen protokoll"),
        ("forecast", {"fil.since": "befolkning.csv"}, {}, "er ingen protokoll"),
        ("forecast", {"tillegg": "tillegg.csv"}, {}, "Filen med brukere mangler"),
        ("flows", {"brukere": "mars.csv", "ventet": "resten.csv"}, {}, "ventet"),
        ("outlook", {"fil.inhabitants": "mars.csv"}, {}, "ingen kolonne «alder»"),
        ("outlook", {"fil.inhabitants": "befolkning.csv"}, {"inhabitants": "80-;2019;5"}, "og i en fil"),
    ],
)
def test_files_that_can_t_be_used_are_refused_on_the_page(ask, path, files, fields, said):
    answer = ask(path, files, **fields)
    assert answer.status_code == 400
    faults = re.findall(r'<p class="fault".*?</p>|<div class="faults".*?</div>', answer.text, re.DOTALL)
    assert any(said in fault for fault in faults), faults

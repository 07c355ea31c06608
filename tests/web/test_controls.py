"""What refuses a request names the control of the door that it came in by."""

from io import BytesIO

import pytest

from openfisca_bergen_hbt.web.api.controls import in_fields, in_keys
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings

USERS = "enhet;timer_per_uke\n" + "A;5\n" * 9


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(access_log=False)).test_client()


@pytest.mark.parametrize(
    ("message", "of_api", "of_page"),
    [
        ("give it by --frame.", "give it by 'frames'.", "give it by «Ramme i hele kroner»."),
        ("--years: no", "'years': no", "«Eller flere år»: no"),
        ("Leave --level out", "Leave 'levels' out", "Leave «A level that they hold figures of» out"),
        ("(--no-suppression)", "('suppression')", "(--no-suppression)"),  # the page always holds back
        (
            "say by --decimal comma",
            "say by --decimal comma",
            "say by «Desimaltegn» comma",
        ),  # no file is sent to the API
        ("there is no unit '--frame'", "there is no unit '--frame'", "there is no unit '--frame'"),  # what was sent
        (
            "Use bergen-hbt compare --samples 9",
            "Use bergen-hbt compare --samples 9",
            "Use bergen-hbt compare --samples 9",
        ),
        ("Start it with --origin SITE", "Start it with --origin SITE", "Start it with --origin SITE"),  # of the server
    ],
)
def test_each_door_names_its_own_control(message, of_api, of_page):
    assert in_keys(message) == of_api
    assert in_fields(message) == of_page


def test_the_api_names_keys(client):
    body = {"years": "2018-2019", "max_loss": "2%"}
    refused = client.post("/compare", json=body)
    assert refused.status_code == 400
    assert "--" not in refused.json["error"]
    assert "'max_loss'" in refused.json["error"]
    assert "'years'" in refused.json["error"]


def test_the_page_names_fields(client):
    refused = client.post("/", data={"brukere": (BytesIO(USERS.encode()), "brukere.csv"), "koding": "klingon"})
    assert refused.status_code == 400
    assert "«Tegnkoding»" in refused.text
    assert "--encoding" not in refused.text
    without_frame = client.post("/", data={"brukere": (BytesIO(USERS.encode()), "brukere.csv")})
    assert without_frame.status_code == 400
    assert "«Ramme i hele kroner»" in without_frame.text
    assert "--frame" not in without_frame.text

"""Pages of other sites: who may call, and the legislation explorer's own requests."""

import json

import pytest
from click.testing import CliRunner
from playwright.sync_api import Error

from openfisca_bergen_hbt.cli import main
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings, origin_in
from tests.web.bad_bodies import GOOD
from tests.web.serving import served

EXPLORER, OTHER = "http://localhost:2030", "https://bergen.example"


@pytest.fixture(scope="module")
def client():
    return create_app(Settings(origins=frozenset({EXPLORER, OTHER}), access_log=False)).test_client()


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://bergen.example", "https://bergen.example"),
        ("https://bergen.example/", "https://bergen.example"),
        ("HTTPS://Bergen.Example", "https://bergen.example"),
        ("https://bergen.example:443", "https://bergen.example"),
        ("http://bergen.example:80/", "http://bergen.example"),
        ("http://bergen.example:443", "http://bergen.example:443"),
        ("http://localhost:2030", "http://localhost:2030"),
        ("http://[::1]:2030/", "http://[::1]:2030"),
        ("https://båt.example", "https://xn--bt-yia.example"),  # as browsers write it
    ],
)
def test_an_origin_as_browsers_send_it(given, sent):
    assert origin_in(given) == sent


NONE = ["*", "nonsense", "", "null", "bergen.example", "https://", "ftp://bergen.example", "file:///tmp", "https://*.example",
        "https://bergen.example/side", "https://bergen.example?a=1", "https://bergen.example#a", "https://a@bergen.example",
        "https://bergen.example:99999", "https://bergen.example:port", "https://[::1", "https://a.example,https://b.example",
        " https://bergen.example", "https://bergen.example\n", "https://a b.example"]  # fmt: skip


@pytest.mark.parametrize("given", NONE)
def test_what_is_no_origin_is_refused_at_start(given):
    result = CliRunner().invoke(main, ["serve", "--check", "--origin", OTHER, "--origin", given])
    assert result.exit_code == 2
    assert "is no origin: give the scheme and the host of one site, https://other.example." in result.output


@pytest.mark.parametrize("origin", [EXPLORER, OTHER])
@pytest.mark.parametrize("route", ["/spec", "/variables", "/nothing", "/calculate"])
def test_each_site_that_is_named_may_call(origin, route, client):
    answer = client.get(route, headers={"Origin": origin})
    headers = answer.headers
    assert headers["Access-Control-Allow-Origin"] == origin
    assert "Origin" in answer.vary
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "origin", ["https://other.example", "null", "http://localhost:5001", "https://bergen.example.evil", "*"]
)
def test_no_other_site_may_call(origin, client):
    for answer in (
        client.get("/spec", headers={"Origin": origin}),
        client.options("/calculate", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}),
        client.post("/calculate", json=GOOD, headers={"Origin": origin}),
        client.post("/", data={"aar": "2019"}, headers={"Origin": origin}),
    ):
        assert answer.status_code == 403
        assert "--origin" in answer.get_data(as_text=True)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.vary


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:5000", "http://localhost:5000"),
        ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("[::1]:5000", "http://[::1]:5000"),
        ("hbt.example", "https://hbt.example"),  # behind a proxy that speaks TLS
        ("HBT.example:443", "https://hbt.example"),
    ],
)
def test_pages_of_our_own_may_call(host, origin):
    client = create_app(Settings(host_names=frozenset({"hbt.example"}), access_log=False)).test_client()
    headers = {"Host": host, "Origin": origin}
    assert client.post("/calculate", json=GOOD, headers=headers).status_code == 200
    elsewhere = {"Host": host, "Origin": "http://localhost:2030"}
    assert client.post("/calculate", json=GOOD, headers=elsewhere).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a@localhost", "localhost:port", "", "[::1"],
)
def test_a_name_that_is_not_ours(host, client):
    """A page of another site could read what it likes where its own name leads to this machine."""
    answer = client.get("/spec", headers={"Host": host})
    assert answer.status_code == 421
    assert "--host-name" in answer.get_data(as_text=True)


@pytest.mark.parametrize("given", ["*", "a b", "hbt.example:443", "https://hbt.example", "", "a..b"])
def test_what_is_no_name_is_refused_at_start(given):
    result = CliRunner().invoke(main, ["serve", "--check", "--host-name", given])
    assert result.exit_code == 2
    assert "is no name of a host" in result.output


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [("cross-site", "no-cors", 403), ("same-site", "no-cors", 403), ("cross-site", "navigate", 200),
     ("same-origin", "cors", 200), ("none", "navigate", 200)],
)  # fmt: skip
def test_pictures_and_scripts_of_other_pages(site, mode, status, client):
    assert client.get("/spec", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}).status_code == status


def test_pages_of_two_sites_in_a_browser(browser):
    """What the site of a page that is named may do, and that of another may not."""
    with served(4) as other, served(4) as named, served(4, origins=frozenset({named})) as ours:
        call = f"""async () => (await fetch("{ours}/calculate", {{
            method: "POST", body: {json.dumps(json.dumps(GOOD))}, headers: {{"Content-Type": "application/json"}}
        }})).status"""
        for site, found in ((named, 200), (other, None)):
            page = browser.new_context(bypass_csp=True).new_page()
            page.goto(f"{site}/health")
            if found:
                assert page.evaluate(call) == found
            else:
                with pytest.raises(Error, match="Failed to fetch"):
                    page.evaluate(call)
            page.context.close()


def test_a_browser_may_ask_first(client):
    asked = {
        "Origin": EXPLORER,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-requested-with",
    }
    answer = client.options("/calculate", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == EXPLORER
    allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert allowed >= set(asked["Access-Control-Request-Headers"].split(","))
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert client.post("/calculate", json=GOOD, headers={"Origin": EXPLORER}).status_code == 200


def test_what_the_legislation_explorer_asks_for(client):
    """Its server asks for three lists, its pages for one thing at a time, and for the names of two headers."""
    lists = {route: client.get(route) for route in ("/variables", "/parameters", "/spec")}
    for answer in lists.values():
        assert answer.status_code == 200
        assert answer.headers["Country-Package"] == "openfisca-bergen-hbt"
        assert answer.headers["Country-Package-Version"]
    headers = {"Origin": EXPLORER, "Accept": "*/*", "Referer": f"{EXPLORER}/"}
    entities = client.get("/entities", headers=headers).json
    assert all(isinstance(entity["description"], str) for entity in entities.values())
    for kind in ("variable", "parameter"):
        for name, listed in lists[f"/{kind}s"].json.items():
            assert listed["description"]
            answer = client.get(f"/{kind}/{name}", headers=headers)
            assert answer.status_code == 200
            assert answer.headers["Access-Control-Allow-Origin"] == EXPLORER
            exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
            assert {"Country-Package", "Country-Package-Version"} <= set(exposed)
            shown = answer.json
            assert (shown["id"], shown["description"]) == (name, listed["description"])
            if kind == "parameter":  # the table of its page: a value for each date
                assert shown["values"]
                assert all(len(date) == len("2019-01-01") for date in shown["values"])
            else:
                assert shown["entity"] in entities
                assert all(formula is None or formula["content"] for formula in shown.get("formulas", {}).values())

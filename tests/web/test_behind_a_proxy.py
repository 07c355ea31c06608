"""The server under a path of its own, behind a proxy that speaks TLS."""

import gzip
import json
import urllib.parse
import urllib.request

import pytest

from tests.commands import run
from tests.web.serving import served


@pytest.fixture(scope="module")
def address():
    with served(4, prefix="/hbt", host_names=frozenset({"hbt.example"})) as found:
        yield found


@pytest.fixture
def page(browser, address):
    context = browser.new_context(locale="nb-NO")
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(urllib.parse.urlsplit(request.url).path))
    page.failed = []
    page.on("response", lambda answer: page.failed.append(answer.url) if not answer.ok else None)
    page.goto(f"{address}/hbt/")
    yield page
    context.close()


def get(url, **headers):
    asked = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked) as answer:
        return answer.read(), answer.headers


def test_all_of_the_page_stays_under_its_path(page):
    with page.expect_response(lambda answer: answer.request.headers.get("x-del") == "1") as answer:
        page.get_by_label("År", exact=True).fill("2018")
        page.get_by_label("År", exact=True).press("Enter")
    assert answer.value.status == 200
    page.wait_for_url("**/hbt/?aar=2018&*")
    page.reload()
    assert page.get_by_label("År", exact=True).input_value() == "2018"
    ours = page.url.partition("/hbt/")[0]
    for link in page.locator("#resultat a, #resultat img").all():
        address = link.get_attribute("href") or link.get_attribute("src")
        assert address.removeprefix(ours).startswith(("/hbt/", "#"))  # those in pictures are whole
    with page.expect_download() as download:
        page.locator(".downloads a", has_text="Protokoll").click()
    assert download.value.suggested_filename == "statusrapport-2018-protokoll.json"
    page.locator("#resultat table a", has_text="Bergenhus").first.click()
    page.wait_for_url("**/hbt/forklar?*")
    page.get_by_text("Tilbake til sammenligningen").click()
    page.wait_for_url("**/hbt/?aar=2018")
    assert all(path.startswith("/hbt/") for path in page.asked)
    assert page.failed == []


def test_a_request_is_sent_from_the_docs(page, address):
    page.goto(f"{address}/hbt/docs")
    operation = page.locator(".opblock", has=page.locator("[data-path='/health']"))
    operation.locator(".opblock-summary").click()
    operation.get_by_role("button", name="Try it out").click()
    with page.expect_response("**/hbt/health") as answer:
        operation.get_by_role("button", name="Execute").click()
    assert answer.value.json()["status"] == "ok"


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("kept", ["/hbt", ""])  # a proxy may take its path off
def test_addresses_in_answers(scheme, kept, address):
    headers = {"Host": "hbt.example", "X_Forwarded_Proto": scheme, "X_Forwarded_Host": "evil.example"}
    content, _ = get(f"{address}{kept}/variables", **headers)
    assert json.loads(content)["timer_per_uke"]["href"] == f"{scheme}://hbt.example/hbt/variable/timer_per_uke"
    # of the page that reads it, with whatever scheme that has
    assert json.loads(get(f"{address}{kept}/spec", **headers)[0])["servers"] == [{"url": "/hbt"}]


def test_a_slash_too_many_stays_under_the_path(address):
    class Kept(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Kept)
    with pytest.raises(urllib.error.HTTPError) as moved:
        opener.open(f"{address}/hbt/variables/?x=1")
    with moved.value as answer:
        assert answer.headers["Location"] == "/hbt/variables?x=1"


@pytest.mark.parametrize("route", ["/", "/spec", "/variables", "/fil/page.css", "/docs/swagger-ui-bundle.js"])
def test_answers_are_compressed_for_those_who_take_it(route, address):
    plain, without = get(f"{address}/hbt{route}", Accept_Encoding="identity")
    short, headers = get(f"{address}/hbt{route}", Accept_Encoding="br, gzip;q=0.8")
    assert (without["Content-Encoding"], headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(short) == plain
    assert len(short) < len(plain) / 2
    assert int(headers["Content-Length"]) == len(short)
    assert "Accept-Encoding" in without["Vary"]
    assert get(f"{address}/hbt{route}", Accept_Encoding="gzip;q=0")[0] == plain


def test_what_is_short_or_compressed_already_is_left_so(address):
    for route in ("/health", "/last-ned/rapport.xlsx"):
        assert get(f"{address}/hbt{route}", Accept_Encoding="gzip")[1]["Content-Encoding"] is None


@pytest.mark.parametrize("path", ["hbt", "/hbt/", "/h b", "//x", "/å", "https://x"])
def test_what_is_no_path_is_refused(path):
    result = run("serve", "--check", "--prefix", path)
    assert result.exit_code == 2
    assert f"'{path}' is no path" in result.stderr

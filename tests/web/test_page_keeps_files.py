"""Her own files in Chromium: what goes wrong on the way is said, and no figures of others are shown in their place."""

import json
import socket
import time
import urllib.parse

import pytest

from tests.web.test_page_of_analysts import USERS, address, text, updated, visit  # noqa: F401 (fixtures)
from tests.web.test_server import server  # noqa: F401 (a fixture)

MEBIBYTE = 2**20


@pytest.fixture
def with_users(visit, tmp_path):  # noqa: F811
    """Return a page that shows her own users."""
    file = tmp_path / "brukere.csv"
    file.write_text(USERS, encoding="utf-8")
    page = visit("/")
    page.get_by_label("Ramme i hele kroner").fill("30000000")
    answer = updated(page, lambda: page.get_by_label("Brukere", exact=True).set_input_files(file))
    assert answer.status == 200
    return page


def refused(page):
    """Return what a page that shows no figures says is wrong; her files are still there."""
    told = page.locator("#resultat > .faults").inner_text()
    assert "Kort sagt" not in text(page)
    assert page.evaluate("document.getElementById('brukere').files.length") == 1
    assert urllib.parse.urlsplit(page.url).query == ""  # nothing of it in the address
    return told


def chosen(page, size):
    """Choose a file of so many bytes instead of her users."""
    page.evaluate(
        """size => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(size)], "stor.csv"));
            const field = document.getElementById("brukere");
            field.files = files.files;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        }""",
        size,
    )


def test_a_file_that_is_too_long(with_users):
    answer = updated(with_users, lambda: chosen(with_users, 40 * MEBIBYTE))
    assert (answer.status, answer.request.method) == (413, "POST")
    assert "større enn serveren tar imot: 16 MiB" in refused(with_users)


def test_without_scripts_a_file_that_is_too_long(visit, tmp_path):  # noqa: F811
    (tmp_path / "stor.csv").write_bytes(b"0" * 40 * MEBIBYTE)
    page = visit("/", java_script_enabled=False)
    page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "stor.csv")
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name="Regn ut på egne data").click()
    assert navigation.value.status == 413
    assert "større enn serveren tar imot: 16 MiB" in page.inner_text("[role=alert]")
    assert page.get_attribute("html", "lang") == "nb"


def test_an_upload_that_is_broken_off(with_users):
    asked = []
    with_users.on("request", lambda request: asked.append((request.method, request.url)))
    with_users.route("**/*", lambda route: route.abort("connectionreset"))
    with_users.get_by_label("2018-01").check()
    with_users.locator("#resultat > .faults").wait_for()
    assert "Det kom ikke noe svar" in refused(with_users)
    assert [method for method, _ in asked] == ["POST"]
    with_users.unroute("**/*")
    updated(with_users, lambda: with_users.get_by_role("button", name="Regn ut", exact=True).click())
    assert "Kategorimodellen innføres" in text(with_users)
    assert "Bergenhus" not in text(with_users)


@pytest.mark.parametrize("status", [502, 200])
def test_a_proxy_that_answers_instead(status, with_users):
    page = "<!doctype html><h1>Sign in</h1>"
    with_users.route("**/*", lambda route: route.fulfill(status=status, content_type="text/html", body=page))
    with_users.get_by_label("2018-01").check()
    with_users.locator("#resultat > .faults").wait_for()
    assert f"Forespørselen ble ikke utført ({status})" in refused(with_users)


def test_a_download_that_fails(with_users):
    shown = text(with_users)
    with_users.route("**/last-ned/*", lambda route: route.abort())
    with_users.locator(".downloads button", has_text="Excel").click()
    with_users.locator("#resultat > .faults").wait_for()
    assert text(with_users).endswith(shown)  # her figures stay
    with_users.unroute("**/last-ned/*")
    with with_users.expect_download() as download:
        with_users.locator(".downloads button", has_text="Excel").click()
    assert download.value.suggested_filename == "egne-data-statusrapport-2019.xlsx"
    assert with_users.locator("#resultat > .faults").count() == 0


def test_without_scripts_a_download_needs_the_files_again(visit, tmp_path):  # noqa: F811
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    page = visit("/", java_script_enabled=False)
    page.get_by_label("Ramme i hele kroner").fill("30000000")
    page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv")
    with page.expect_navigation():
        page.get_by_role("button", name="Regn ut på egne data").click()
    with page.expect_navigation() as navigation:
        page.locator(".downloads button", has_text="Excel").click()
    assert navigation.value.status == 400
    assert "Filen med brukere mangler." in page.inner_text("[role=alert]")


@pytest.mark.parametrize("scripts", [True, False])
def test_on_the_way_back_the_form_is_that_of_the_figures(scripts, visit, tmp_path):  # noqa: F811
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    page = visit("/?aar=2018", java_script_enabled=scripts)
    page.get_by_label("Ramme i hele kroner").fill("30000000")
    page.get_by_label("Brukere", exact=True).set_input_files(tmp_path / "brukere.csv")
    page.get_by_label("År", exact=True).fill("2019")
    page.get_by_role("link", name="API").click()
    page.wait_for_url("**/docs")
    page.go_back()
    page.wait_for_url("**/?aar=2018")
    page.get_by_text("Kort sagt").wait_for()
    shown = [page.get_by_label(name, exact=True).input_value() for name in ("År", "Ramme i hele kroner", "Brukere")]
    assert shown == ["2018", "", ""]


def test_jumps_within_the_page(with_users):
    shown = text(with_users)
    with_users.evaluate("window.loaded = true")
    with_users.locator(".skip").focus()
    with_users.keyboard.press("Enter")
    assert with_users.url.endswith("/#innhold")
    with_users.go_back()
    with_users.go_forward()
    with_users.evaluate("location.hash = 'trinn'")
    with_users.wait_for_timeout(300)
    assert with_users.evaluate("window.loaded")
    assert text(with_users) == shown
    assert with_users.evaluate("document.getElementById('brukere').files.length") == 1


def test_without_scripts_enter_keeps_the_choice_in_the_address(visit):  # noqa: F811
    page = visit("/", java_script_enabled=False)
    page.get_by_label("År", exact=True).fill("2018")
    with page.expect_navigation():
        page.get_by_label("År", exact=True).press("Enter")
    assert "aar=2018" in page.url
    page.goto(page.url)
    assert page.get_by_label("År", exact=True).input_value() == "2018"


def test_no_box_ticked_is_no_choice(visit):  # noqa: F811
    page = visit("/?regelverk=2018-06")
    for name in ("grunnregelverk", "vedtak_2021_06_statusrapport"):
        page.locator(f"[name=regelverk][value={name}]").set_checked(False)
    answer = updated(page, lambda: page.locator("#dato").press("Enter"))
    assert answer.status == 400
    assert "Velg fra 1 til 12 regelverk." in text(page)


def head(route, length, more=""):
    return f"POST {route} HTTP/1.1\r\nHost: [::1]\r\nContent-Length: {length}\r\n{more}\r\n".encode()


def answered(caller):
    """Return the status and the body of the next answer on a connection."""
    with caller.makefile("rb") as file:
        status = int(file.readline().split()[1])
        headers = dict(line.decode().lower().strip().split(": ", 1) for line in iter(file.readline, b"\r\n"))
        return status, headers, file.read(int(headers["content-length"]))


def test_a_connection_outlives_a_body_that_is_too_long(server):  # noqa: F811
    port, _, _ = server  # takes 1 MiB
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.settimeout(30)
        for route, kind in (("/calculate", "application/json"), ("/", "text/html; charset=utf-8")):
            caller.sendall(head(route, 3 * MEBIBYTE, "Content-Type: application/json\r\n") + b"GET /spec" * 100)
            status, headers, content = answered(caller)  # before the rest is sent
            assert (status, headers["content-type"]) == (413, kind)
            caller.sendall(b"x" * (3 * MEBIBYTE - 900))
        caller.sendall(b"GET /health HTTP/1.1\r\nHost: [::1]\r\n\r\n")
        status, _, content = answered(caller)
        assert (status, json.loads(content)["status"]) == (200, "ok")


def test_a_body_that_is_just_too_long(server):  # noqa: F811
    port, _, _ = server
    for length, expected in ((MEBIBYTE, 400), (MEBIBYTE + 1, 413)):
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.settimeout(30)
            caller.sendall(head("/calculate", length, "Content-Type: application/json\r\n") + b"x" * length)
            assert answered(caller)[0] == expected


@pytest.mark.parametrize("more", ["", "Connection: close\r\n", "Expect: 100-continue\r\n"])
def test_a_caller_that_still_sends_gets_the_answer(more, server):  # noqa: F811
    """A proxy that sends as it receives reads the answer late, and says 502 where the connection is broken."""
    port, _, _ = server
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.settimeout(30)
        caller.sendall(head("/calculate", 30 * MEBIBYTE, more))
        for _ in range(30):
            caller.sendall(b"x" * MEBIBYTE)
            time.sleep(0.01)
        assert answered(caller)[0] == 413


@pytest.mark.parametrize("more", ["Expect: 100-continue\r\n", "Connection: close\r\n"])
def test_a_caller_that_waits_or_leaves_is_let_go(more, server):  # noqa: F811
    port, _, _ = server
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.settimeout(30)
        caller.sendall(head("/calculate", 3 * MEBIBYTE, more))
        status, headers, _ = answered(caller)
        assert (status, headers["connection"]) == (413, "close")
        assert caller.recv(10) == b""


def test_pieces_of_a_body_that_is_too_long(server):  # noqa: F811
    port, _, _ = server
    with socket.create_connection(("127.0.0.1", port)) as caller:
        caller.settimeout(30)
        caller.sendall(b"POST /calculate HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"10000\r\n" + b"x" * 2**16 + b"\r\n"
        caller.sendall(piece * 16)  # 1 MiB
        caller.sendall(b"1\r\nx\r\n")
        assert answered(caller)[0] == 413

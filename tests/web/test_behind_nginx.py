"""The documented lines of nginx, in nginx: with TLS and a sign-in, at the root and under a path of its own."""

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from tests.web.serving import served

DOCS = Path(__file__).parent.parent.parent / "docs" / "server.md"
OTHER = "https://other.example"
SIGNED_IN = {"Authorization": "Bearer of-the-municipality"}
MEBIBYTE = 2**20
for program in ("nginx", "openssl"):
    if shutil.which(program) is None and not os.environ.get("CI"):
        pytest.skip(f"there is no {program} on this machine", allow_module_level=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def lines(folder, port, signing, ours, prefix):
    """Return the documented lines with the ports, the files and the path of this run."""
    (found,) = re.findall(r"^```nginx\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    instead = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/ssl/certs/hbt.pem": f"{folder}/hbt.pem",
        "/etc/ssl/private/hbt.key": f"{folder}/hbt.key",
        "http://127.0.0.1:4180": f"http://127.0.0.1:{signing}",
        "http://127.0.0.1:5000": ours,
        "location / {": f"location {prefix}/ {{",
    }
    for documented, here in instead.items():
        assert found.count(documented) == 1
        found = found.replace(documented, here)
    return found


@pytest.fixture(scope="module", params=["", "/hbt"])
def proxy(request, tmp_path_factory):
    """Yield the port and the path of a proxy; whoever has the right header has signed in."""
    folder, port, signing, prefix = tmp_path_factory.mktemp("nginx"), free_port(), free_port(), request.param
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=hbt.example.kommune.no")
    names = ("-keyout", folder / "hbt.key", "-out", folder / "hbt.pem")
    subprocess.run(["openssl", *made, *names], check=True, capture_output=True)
    names = frozenset({"hbt.example.kommune.no"})
    with served(4, prefix=prefix, origins=frozenset({OTHER}), host_names=names) as ours:
        (folder / "nginx.conf").write_text(
            f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors; events {{}}
            http {{
                access_log off; client_body_temp_path {folder}/sent; proxy_temp_path {folder}/answered;
                server {{
                    listen 127.0.0.1:{signing};
                    location / {{
                        if ($http_authorization = "{SIGNED_IN["Authorization"]}") {{ return 200; }}
                        return 401;
                    }}
                }}
                {lines(folder, port, signing, ours, prefix)}
            }}"""
        )
        nginx = subprocess.Popen(["nginx", "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield port, prefix
        nginx.terminate()
        nginx.wait(timeout=10)


def ask(proxy, method, route, body=None, **headers):
    """Return the status, the body and the headers of an answer."""
    port, prefix = proxy
    unverified = ssl._create_unverified_context()  # noqa: S323, SLF001 (its certificate is this run's own)
    caller = http.client.HTTPSConnection("127.0.0.1", port, context=unverified, timeout=30)
    caller.request(method, f"{prefix}{route}", body, {name.replace("_", "-"): held for name, held in headers.items()})
    with caller.getresponse() as answer:
        found = answer.status, answer.read(), answer.headers
    caller.close()
    return found


def test_addresses_are_those_of_the_proxy(proxy):
    port, prefix = proxy
    listed = json.loads(ask(proxy, "GET", "/variables", **SIGNED_IN)[1])
    assert listed["timer_per_uke"]["href"] == f"https://127.0.0.1:{port}{prefix}/variable/timer_per_uke"
    assert json.loads(ask(proxy, "GET", "/spec", **SIGNED_IN)[1])["servers"] == [{"url": prefix or "/"}]
    page = ask(proxy, "GET", "/", **SIGNED_IN)[1].decode()
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert len(links) > 10
    assert all(link.startswith(f"{prefix}/") for link in links)
    for link in {link.partition("?")[0] for link in links if "/fil/" in link or "/docs" in link}:
        assert ask((port, ""), "GET", link, **SIGNED_IN)[0] == 200


def test_answers_are_compressed(proxy):
    _, content, headers = ask(proxy, "GET", "/spec", Accept_Encoding="gzip", **SIGNED_IN)
    assert headers["Content-Encoding"] == "gzip"
    assert content[:2] == b"\x1f\x8b"


@pytest.mark.parametrize("sent", [b"x" * 30 * MEBIBYTE, [b"x" * MEBIBYTE] * 30], ids=["known", "in pieces"])
@pytest.mark.parametrize("route", ["/", "/calculate"])
def test_what_is_too_long_is_refused_in_our_words(route, sent, proxy):
    headers = {"Content_Type": "application/json", **SIGNED_IN}
    status, content, _ = ask(proxy, "POST", route, iter(sent) if isinstance(sent, list) else sent, **headers)
    assert status == 413
    assert ("større enn serveren tar imot: 16 MiB" if route == "/" else "more than 16777216 bytes") in content.decode()


def test_a_sign_in_is_needed_but_to_ask_whether_one_may_call(proxy):
    assert ask(proxy, "GET", "/variables")[0] == 401
    assert ask(proxy, "POST", "/calculate", b"{}", Content_Type="application/json")[0] == 401
    first = {"Origin": OTHER, "Access_Control_Request_Method": "POST"}
    status, content, headers = ask(proxy, "OPTIONS", "/calculate", **first)
    assert (status, content) == (200, b"")
    assert headers["Access-Control-Allow-Origin"] == OTHER
    assert "Authorization" in headers["Access-Control-Allow-Headers"]

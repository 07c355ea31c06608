"""Every example of the page for client developers runs against a server."""

import contextlib
import io
import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.commands import rows
from tests.web.serving import served

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
USUAL = "http://127.0.0.1:5000"


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def address():
    with served(2) as found:
        yield found


CURL = [block for block in blocks("sh") if block.startswith("curl")] + re.findall(
    r"^curl .*?'\n", README, re.MULTILINE | re.DOTALL
)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
@pytest.mark.parametrize("command", CURL)
def test_curl(command, address):
    shell = ["bash", "-c", command.replace(USUAL, f"--noproxy '*' {address}")]
    answer = json.loads(subprocess.run(shell, check=True, capture_output=True, text=True).stdout)
    if "/tull" in command:  # an error in the language that is asked for
        assert answer["error"].startswith("Det finnes ingen variabel «tull».")
        return
    assert "error" not in answer
    if "figures" in answer:
        given = {
            (r["regulation"][:14], r["id"]): r["value"]
            for r in rows(answer)
            if r["variable"] == "enhet_samlet_tildeling"
        }
        # before the model the money follows the hours: 25 hours * 52 weeks * 987.6216269 kr
        assert given["vedtak_2017_10", "A"] == 1_283_908
    elif "/forecast" in command:
        # 44 000 000 less 2 % is 43 120 000, of which A has 11.25 of 33.75 points; so of the million; less 100
        assert answer["units"]["A"]["value"] == 14_373_333 + 333_333 - 100
    else:
        # 30 000 000 + 14 000 000 less 2 % is 43 120 000: 12 320 000 by points, and the whole reserve of 880 000
        assert answer["enheter"]["A"]["enhet_samlet_tildeling"]["2019"] == 13_200_000


def test_there_are_examples():
    assert (len(CURL), len(blocks("python")), len(blocks("r")), len(blocks("powerquery"))) == (5, 2, 1, 1)


def test_python(address, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    code, _ = blocks("python")  # the other is of the package, and run with the blocks of all pages
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.replace(USUAL, address), {})  # noqa: S102 (the page's own code)
    assert printed.getvalue() == "970000.0\n"  # 1 000 000 less 3 % in the reserve


@pytest.mark.parametrize(
    ("kind", "pattern", "doubled"),
    [("r", r"body <- '(.*)'", False), ("powerquery", r'Body = "(.*)",', True)],
)
def test_bodies_sent_from_r_and_excel(kind, pattern, doubled, address):
    (code,) = blocks(kind)
    body = re.search(pattern, code)[1].replace('""', '"' if doubled else '""')
    (route,) = re.findall(rf"{USUAL}(/\w+)", code)
    request = urllib.request.Request(address + route, body.encode(), {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        found = json.load(answer)
    shown = [r for r in rows(found) if r["variable"] == "enhet_samlet_tildeling" and r["level"] == "byomraade"]
    assert len(shown) == 2 * 6  # two regulations, six areas


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no R on this machine: its body is sent above")
def test_r(address):
    (code,) = blocks("r")
    result = subprocess.run(
        ["Rscript", "-e", code.replace(USUAL, address)], check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr


def test_the_example_of_an_error(address):
    (example,) = blocks("json")
    situation = {"brukere": {"a": {"vurdert_timer_per_uke": {"2019": "5"}}}}
    request = urllib.request.Request(
        f"{address}/calculate", json.dumps(situation).encode(), {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
    assert json.loads(error.value.read()) == json.loads(example)

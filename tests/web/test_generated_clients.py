"""Clients that others' tools make of the specification compute the README's example, and tools find no fault in it."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.web.serving import served

CLIENTS = Path(__file__).parent / "clients"
NODE = CLIENTS / "node_modules" / ".bin"
#: The README's example: the answer is worked out there.
RIGHT = {
    "brukere": {"a": {"vurdert_timer_per_uke": {"2019": 5}}, "b": {"vurdert_timer_per_uke": {"2019": 10}}},
    "enheter": {"A": {"brukere": ["a"], "enhet_samlet_tildeling": {"2019": None}}, "B": {"brukere": ["b"]}},
    "etater": {"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"2019": 30000000}}},
}
#: More hours than a week has.
WRONG = {**RIGHT, "brukere": {name: {"vurdert_timer_per_uke": {"2019": 200}} for name in "ab"}}
VERSIONS = ("3.1", "3.0")


def tool(program, how):
    """Return a program; skip the test where it is not installed, but not in the gate, which installs it."""
    found = shutil.which(program)
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"{program} is not installed: {how}")
    assert found, f"{program} is not installed: {how}"
    return found


def of_node(name):
    return tool(str(NODE / name), "npm install --no-package-lock --prefix tests/web/clients")


def of_python(name):
    return tool(str(Path(sys.executable).parent / name), "pip install -e '.[dev]'")


def run(*command, **more):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "NO_PROXY": "127.0.0.1", **more.pop("env", {})}
    result = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, **more)
    assert result.returncode == 0, f"{result.stdout[-3000:]}\n{result.stderr[-3000:]}"
    return result.stdout


@pytest.fixture(scope="module")
def address():
    with served(2) as found:
        yield found


@pytest.fixture(scope="module")
def specified(address, tmp_path_factory):
    """Return the files of the specification, by version of OpenAPI."""
    folder = tmp_path_factory.mktemp("specification")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for version in VERSIONS:
        with opener.open(f"{address}/spec?openapi={version}") as answer:
            (folder / f"{version}.json").write_bytes(answer.read())
    return {version: folder / f"{version}.json" for version in VERSIONS}


def assert_computes(printed):
    answer, error, path = json.loads(printed)
    # 30 000 000 + 14 000 000 less 2 % is 43 120 000: 12 320 000 by points, and the whole reserve of 880 000
    assert answer["enheter"]["A"]["enhet_samlet_tildeling"] == {"2019": 13_200_000}
    assert answer["regulation"].startswith("vedtak_2021_06")
    assert "hours a week are a number from 0 to 168" in error
    assert path == ["brukere", "a", "vurdert_timer_per_uke", "2019"]


def test_openapi_python_client(address, specified, tmp_path):
    made = tmp_path / "made"
    program = of_python("openapi-python-client")
    printed = run(program, "generate", "--fail-on-warning", "--path", specified["3.1"], "--output-path", made)
    assert "warning" not in printed.lower()
    script = CLIENTS / "with_openapi_python_client.py"
    bodies = map(json.dumps, (RIGHT, WRONG))
    assert_computes(run(sys.executable, script, address, *bodies, env={"PYTHONPATH": str(made)}))


@pytest.mark.parametrize("version", VERSIONS)
def test_openapi_generator(version, address, specified, tmp_path):
    tool("java", "apt-get install default-jre-headless")
    made, options = tmp_path / "made", ("-g", "python", "--package-name", "generated")
    run(of_python("openapi-generator-cli"), "generate", "-i", specified[version], "-o", made, *options)
    script = CLIENTS / "with_openapi_generator.py"
    bodies = map(json.dumps, (RIGHT, WRONG))
    assert_computes(run(sys.executable, script, address, *bodies, env={"PYTHONPATH": str(made)}))


def test_openapi_ts(address, specified, tmp_path):
    run(of_node("openapi-ts"), "-i", specified["3.1"], "-o", tmp_path / "generated", "-c", "@hey-api/client-fetch")
    shutil.copy(CLIENTS / "with_openapi_ts.ts", tmp_path)
    options = ("--module", "commonjs", "--target", "es2022", "--strict", "--skipLibCheck", "--types", "node")
    roots = ("--typeRoots", CLIENTS / "node_modules" / "@types")
    run(of_node("tsc"), *options, *roots, "--outDir", tmp_path / "made", tmp_path / "with_openapi_ts.ts")
    bodies = map(json.dumps, (RIGHT, WRONG))
    assert_computes(run("node", tmp_path / "made" / "with_openapi_ts.js", address, *bodies))


@pytest.mark.parametrize("version", VERSIONS)
def test_spectral_finds_no_error(version, specified):
    options = ("--ruleset", CLIENTS / "spectral.yaml", "--fail-severity", "error")
    assert "(0 errors" in run(of_node("spectral"), "lint", *options, specified[version])


@pytest.mark.parametrize("version", VERSIONS)
def test_redocly_finds_no_error(version, specified):
    printed = run(of_node("redocly"), "lint", "--format", "json", specified[version])
    assert json.loads(printed[printed.index("{") :])["totals"]["errors"] == 0

"""Every example of the README and of the pages runs as it stands."""

import contextlib
import io
import json
import os
import re
import runpy
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from openfisca_web_api.app import create_app

from openfisca_bergen_hbt import CountryTaxBenefitSystem
from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.cli import main
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.population.embedded import moving, published
from openfisca_bergen_hbt.report.forms import screen
from openfisca_bergen_hbt.report.subjects.compare import brief
from openfisca_bergen_hbt.simulate import simulate

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: What ``test_adding.py`` follows in a copy of the repository is left to it.
PAGES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")) if "adding" not in path.name]


def blocks_of(text):
    """Return the blocks of code of a page, each with its kind."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


BLOCKS = blocks_of(README)
COMMANDS = [
    line for page in (README, *PAGES) for kind, text in blocks_of(page) if kind == "sh" for line in text.splitlines()
]
COMMANDS_BY_NAME = main.list_commands(None)
HELP = [main.get_command(None, name).epilog or "" for name in COMMANDS_BY_NAME]
EXAMPLES = [line.strip() for text in HELP for line in text.splitlines() if line.strip().startswith("bergen-hbt ")]
PROGRAMS = Path(sys.executable).parent


def run(command, cwd):
    program, *arguments = shlex.split(command)
    return subprocess.run([PROGRAMS / program, *arguments], check=False, cwd=cwd, capture_output=True, text=True)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("openfisca test")])
def test_openfisca_test(command, tmp_path):
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    result = run(command, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


OURS = [c for c in dict.fromkeys([*COMMANDS, *EXAMPLES]) if c.startswith("bergen-hbt ")]


#: Makes the files that documented commands read.
MAKING = (
    "bergen-hbt population --example bevegelse --output brukere.csv --units-output enheter.csv",
    "bergen-hbt population --example publisert --output brukere_2019.csv",
    "bergen-hbt population --example bevegelse --output brukere.xlsx --units-output enheter.xlsx",
    "bergen-hbt population --municipalities 356 --output land.parquet --agency-output land-etater.csv --force",
    "bergen-hbt population --municipalities 356 --output land.parquet --units-output land-enheter.csv --force",
    "bergen-hbt compare --record kjoering.json",
    "bergen-hbt compare --data brukere.csv --frame 1021686820 --output kontroll.html",
    "bergen-hbt explain enhet_samlet_tildeling --id Bergenhus --format html --output hvorfor.html",
    "bergen-hbt compare --data brukere.csv --units enheter.csv --frame 1021686820 --output rapport.html",
    "bergen-hbt audit tests --output arbeidspapir.html",
    "bergen-hbt fit --data brukere.csv --frame bergen --allocations tildelt.csv --output tilpasset.yaml",
)
#: An earlier forecast, made when the months are known.
OF_MAY = (
    "bergen-hbt forecast --data brukere_jan_mai.csv --units enheter.csv --frame 1021686820 --record mai.json "
    "--output mai_igjen.html"
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    with contextlib.chdir(folder):
        shutil.copytree(ROOT / "tests" / "variables", "tests")
        given = simulate(moving(2019), CountryTaxBenefitSystem(), 2019).value("enhet_samlet_tildeling")
        letters = [f"{unit};{kroner:.0f}\n" for unit, kroner in zip(moving(2019).unit_names, given, strict=True)]
        Path("tildelt.csv").write_text("enhet;kroner\n" + "".join(letters), encoding="utf-8")
        for invented in (ROOT / "docs" / "oppdiktet").glob("*.csv"):
            shutil.copy(invented, folder)
        for command in MAKING:
            CliRunner().invoke(main, shlex.split(command)[1:], catch_exceptions=False)
        head, *rows = Path("brukere.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        for file, months in (("brukere_jan_mai.csv", range(1, 6)), ("resten.csv", range(6, 13))):
            mine = [row for row in rows if int(row.split(",")[3][-2:]) in months]
            Path(file).write_text(head + "".join(mine), encoding="utf-8")
        CliRunner().invoke(main, shlex.split(OF_MAY)[1:], catch_exceptions=False)
        (case,) = [block for kind, block in BLOCKS if kind == "yaml"]
        Path("min_test.yaml").write_text(case, encoding="utf-8")
        scenarios = (ROOT / "docs" / "scenarioer.md").read_text(encoding="utf-8")
        (plan,) = [block for kind, block in blocks_of(scenarios) if kind == "yaml"]
        Path("plan.yaml").write_text(plan, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", OURS)
def test_every_documented_command_runs(command, tmp_path, monkeypatch, files):
    monkeypatch.chdir(tmp_path)
    if "tests" in command or "arbeidspapir" in command:
        (tmp_path / "tests").symlink_to(files / "tests")
    for file in files.glob("*.*"):
        if file.name in command and not re.search(rf"--(\w+-)?(output|record) {re.escape(file.name)}", command):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    if "forslag.yaml" in command and "new" not in command:
        CliRunner().invoke(main, ["proposal", "new", "forslag.yaml"])
    _, *arguments = shlex.split(command)
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    assert result.stdout or "--output" in command or "--requirements" in command or "proposal new" in command
    assert not re.search(r"\b(None|nan)\b", result.stdout)


def test_every_command_is_documented():
    for name in COMMANDS_BY_NAME:
        assert any(line.startswith(f"bergen-hbt {name}") for line in COMMANDS), name


def test_the_program_itself_runs(tmp_path):
    result = run("bergen-hbt compare --regulation grunnregelverk", tmp_path)
    assert result.returncode == 0, result.stderr


def test_the_first_two_commands_are_single_lines_that_set_everything_up():
    for command in COMMANDS[:2]:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")


def test_the_auditor_s_own_case(tmp_path):
    (case,) = [block for kind, block in BLOCKS if kind == "yaml"]
    (tmp_path / "min_test.yaml").write_text(case, encoding="utf-8")
    result = run("openfisca test -c openfisca_bergen_hbt min_test.yaml", tmp_path)
    assert "1 passed" in result.stdout


def test_the_request_of_the_api_client(law):
    request = re.search(r"--data '(.*?)'\n```", README, flags=re.DOTALL).group(1)
    answer = create_app(law).test_client().post("/calculate", json=json.loads(request))
    # 30 000 000 + 14 000 000 less 2 % is 43 120 000; A has 4.5 of 15.75 points, 12 320 000, and 5 of 15 hours: it is
    # compensated for 0.95 * 43 120 000 / 3 - 12 320 000 = 1 334 666.67, but the reserve is no more than 880 000
    assert answer.json["enheter"]["A"]["enhet_samlet_tildeling"]["2019"] == 12_320_000 + 880_000


def test_the_python_example():
    (code,) = [text for page in PAGES for kind, text in blocks_of(page) if kind == "python" and "regelverk(" in text]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})  # noqa: S102 (the page's own code)
    assert printed.getvalue().startswith("{'A': ")


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("openfisca serve")])
def test_the_stock_server(command, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program, *arguments = shlex.split(command.replace("--port 5000", ""))
    server = subprocess.Popen(
        [PROGRAMS / program, *arguments, "--bind", f"127.0.0.1:{port}", "--workers", "1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/spec") as answer:
                assert json.load(answer)["info"]["title"]
                return
            time.sleep(0.2)
        pytest.fail("the server did not answer")
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_the_picture_shows_what_the_command_shows():
    picture = (ROOT / "docs" / "compare.svg").read_text(encoding="utf-8")
    shown = re.sub(r"<[^>]+>|&#160;|\s|\N{NO-BREAK SPACE}", "", picture)
    for line in screen.write(brief(Comparison(published(2019), 2019, versions()))).decode().splitlines():
        figures = re.sub(r"\s|\N{NO-BREAK SPACE}", "", line)
        assert figures.replace("&", "&amp;") in shown, line


def test_the_glossary_gives_the_interpretations_as_shipped():
    from openfisca_bergen_hbt import data

    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for name, interpretation in data.interpretations().items():
        assert f"| {name} | {interpretation['text'].strip()} |" in glossary


def test_the_readme_can_be_read_at_once():
    assert len(README.splitlines()) <= 120


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(("picture", "draw"), [("performance.svg", "drawn"), ("performance-sizes.svg", "by_size")])
def test_the_pictures_of_performance_show_the_figures_of_their_page(picture, draw):
    page = ROOT / "docs" / "performance.md"
    drawing, text = runpy.run_path(str(page.with_suffix(".py"))), page.read_text(encoding="utf-8")
    kept = (page.parent / picture).read_text(encoding="utf-8")
    shown = [set(re.findall(r'aria-label="([^"]*)"', svg)) for svg in (kept, drawing[draw](text))]
    assert shown[0] == shown[1]
    assert len(drawing["figures"](text)) == 26
    assert len(drawing["sizes"](text)) == 25

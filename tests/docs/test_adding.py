"""The pages on adding to the law are followed, block by block, in a copy of the repository: nothing else is touched."""

import html
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from openfisca_bergen_hbt.audit.changes import REQUIRED

ROOT = Path(__file__).parent.parent.parent
FRONT_DOOR = ("parameters", "variables", "reforms", "proposals")
DECISION = "vedtak_2022_06_nattjeneste"
#: A block of a page: the file that the line above it names, if any; its kind; its text.
BLOCK = re.compile(r"(?:^`([^`\n]+)`\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: The programs, as modules that an interpreter finds in the copy.
PROGRAMS = {"bergen-hbt": ["openfisca_bergen_hbt.cli"], "openfisca": ["openfisca_core.scripts.openfisca_command"]}
#: What runs a program's ``main`` from the copy, whatever is installed.
RUN = "import sys; from importlib import import_module; sys.exit(import_module(sys.argv.pop(1)).main())"
#: What tells what a server of ours answers.
ASK = """
import json, sys
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
client = create_app(Settings(access_log=False)).test_client()
print(json.dumps([client.get(path).get_data(as_text=True) for path in sys.argv[1:]]))
"""


class Copy:
    """A copy of the repository, with the regulation's folders inside the package, as a wheel has them."""

    def __init__(self, folder):
        self.folder = folder
        package = folder / "openfisca_bergen_hbt"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "openfisca_bergen_hbt", package, ignore=ignored)
        for name in (*FRONT_DOOR, "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in FRONT_DOOR:
            (package / name).symlink_to(folder / name)

    def python(self, *arguments):
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "COLUMNS": "200"}
        done = subprocess.run(
            [sys.executable, "-c", *arguments],
            check=False,
            cwd=self.folder,
            capture_output=True,
            text=True,
            env=environment,
        )
        assert done.returncode == 0, f"{arguments[1:]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout.replace("\N{NO-BREAK SPACE}", " ")

    def run(self, command):
        program, *arguments = shlex.split(command)
        return self.python(RUN, *PROGRAMS[program], *arguments)

    def answers(self, *paths):
        return json.loads(self.python(ASK, *paths))

    def follow(self, page):
        """Write the files of a page and run its commands, in their order; return what each command printed."""
        said, written = {}, []
        for file, kind, text in BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
            if kind == "sh":
                said |= {command: self.run(command) for command in text.splitlines()}
                continue
            assert file, f"the block does not say which file it is:\n{text}"
            assert not (self.folder / file).exists(), f"{file} is there already: a page only adds"
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).write_text(text, encoding="utf-8")
            written.append(file)
        return said, written


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """The copy with the decision in it, and what the commands of its page printed."""
    copy = Copy(tmp_path_factory.mktemp("decided"))
    said, written = copy.follow("adding-a-decision.md")
    assert [file.split("/")[0] for file in written] == [*FRONT_DOOR[:1] * 2, *FRONT_DOOR[1:3], "tests", "enheter.csv"]
    return copy, said


def test_a_decision(decided):
    copy, said = decided
    assert DECISION in said["bergen-hbt log"]
    assert "0,015" in said["bergen-hbt show 2023-01-01 natt.andel"]
    assert "etat_nattpott_gjelder" in said["bergen-hbt diff 2022-06 2023-01"]
    report = html.unescape((copy.folder / "rapport.html").read_text(encoding="utf-8"))
    assert "Tilskudd til nattjeneste" in report
    assert "En egen pott til nattjenesten" in report
    ladder = json.loads(copy.run("bergen-hbt compare --format json"))  # on 2019, which the decision leaves alone
    assert ladder["regulations"][-1]["id"] == DECISION
    copy.run("bergen-hbt verify rapport.html --data brukere.csv --units enheter.csv")


def test_a_decision_on_the_server(decided):
    decisions, variable, page = decided[0].answers("/decisions", "/variable/enhet_nattilskudd", "/")
    assert json.loads(decisions)[-1]["id"] == DECISION
    assert json.loads(variable)["id"] == "enhet_nattilskudd"
    assert "2022-06" in page


def test_the_coverage_of_a_decision(decided):
    """All of it is tried, in a year after the other decisions, and noticed by the page's test cases."""
    copy, said = decided
    (command,) = [command for command in said if "--coverage" in command]
    changes = json.loads(copy.run(f"{command} --format json"))["coverage"]["changes"]
    new = [change for change in changes if change["kind"] in REQUIRED and "natt" in change["name"]]
    assert len([change for change in new if change["kind"] == "parameter"]) == 2  # a little more, a little less
    assert len([change for change in new if change["kind"] == "decision"]) == 3  # left out, earlier, later
    assert len([change for change in new if change["kind"] == "hinge"]) == 3
    assert [change for change in new if not change["noticed_by"]] == []


def test_a_case_to_complete_for_a_new_rule(decided):
    case = decided[0].run("bergen-hbt audit new enhet_nattilskudd")
    assert "enhet_nattimer_per_uke: 10" in case
    assert "natt.andel = 0.015" in case


def test_a_parameter(copy):
    said, _ = copy.follow("adding-a-parameter.md")
    assert "10" in said["bergen-hbt show 2021-06-01 natt.grense"]
    assert "7,5" in said["bergen-hbt log natt.grense"]


def test_a_variable(copy):
    said, _ = copy.follow("adding-a-variable.md")
    assert "1 passed" in said["openfisca test -c openfisca_bergen_hbt tests/variables/natt.yaml"]
    assert "enhet_nattimer_per_uke: 10" in said["bergen-hbt audit new etat_nattimer_per_uke"]
    (copy.folder / "enheter.csv").write_text("enhet,nattimer_per_uke\nBergenhus,-1\n", encoding="utf-8")
    copy.run("bergen-hbt population --output brukere.csv")
    with pytest.raises(AssertionError, match="er under 0"):
        copy.run("bergen-hbt check-data brukere.csv --units enheter.csv")

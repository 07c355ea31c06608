"""One way to ask: an invented question, two files in a copy of the package, has all that the others have."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import pytest

import openfisca_bergen_hbt
from openfisca_bergen_hbt.analysis import asking, causes, published
from openfisca_bergen_hbt.analysis.asking import Request
from openfisca_bergen_hbt.analysis.asking.preparing import LackingInputsError, NoFiguresError, prepare
from openfisca_bergen_hbt.analysis.compare import QUESTION
from openfisca_bergen_hbt.analysis.explain import QUESTION as EXPLAIN
from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.report import questions

PACKAGE = Path(openfisca_bergen_hbt.__file__).parent
PAGE = Path(__file__).parent.parent.parent / "docs" / "adding-a-question.md"
#: Asks for the names of commands, and runs commands and requests, as one program; prints what came as JSON.
PROGRAM = """
import json, sys
from click.testing import CliRunner
from openfisca_bergen_hbt.cli import main
from openfisca_bergen_hbt.web.app import create_app
came = {}
for command in json.loads(sys.argv[1]):
    result = CliRunner().invoke(main, command.split(), catch_exceptions=False)
    came[command] = [result.exit_code, result.stdout, result.stderr]
client = create_app().test_client()
came["spec"] = client.get("/spec").json
came["request"] = client.post("/largest", json={"top": 2}).json
came["refused"] = client.post("/largest", json={"top": 0}).json
print(json.dumps(came))
"""
FILES = ["storst.txt", "storst.json", "storst.md", "storst.html", "storst.xlsx"]


@pytest.fixture(scope="module")
def came(tmp_path_factory):
    """What commands and requests come to where the question of the page is in the package."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for room, block in zip(("analysis", "report/subjects"), blocks, strict=True):
        (folder / PACKAGE.name / room / "largest.py").write_text(block, encoding="utf-8")
    commands = ["--help", "largest --help", "largest --top 2", "largest --top 2 --format json", "largest --top 0"]
    commands += [f"largest --top 2 --output {file}" for file in FILES] + [f"verify {file}" for file in FILES]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_it_is_a_command(came):
    assert "Name the units that are given most." in came["--help"][1]
    for text in (
        "--top COUNT",
        "How many units.",
        "--regulation ID",
        "--data FILE",
        "--record FILE",
        "largest --top 2",
    ):
        assert text in came["largest --help"][1]
    assert "--without" not in came["largest --help"][1]
    code, _, said = came["largest --top 0"]
    assert (code, "0 is not in the range 1<=x<=100" in said) == (2, True)


def test_it_is_specified(came):
    assert came["spec"]["paths"]["/largest"]["post"]["summary"] == "Name the units that are given most."
    body = came["spec"]["components"]["schemas"]["LargestRequest"]
    assert body["properties"]["top"] == {
        "type": "integer", "minimum": 1, "maximum": 100, "default": 3, "description": "How many units."
    }  # fmt: skip
    assert {"year", "population", "users", "regulation"} <= set(body["properties"])
    assert came["refused"] == {"error": "Expected a whole number >= 1.", "path": ["top"]}


def test_command_and_request_give_the_same(came):
    answer = json.loads(came["largest --top 2 --format json"][1])
    assert answer == came["request"]
    # the published figures: Fana Ytrebygda has most hours, then Arna Åsane
    assert list(answer["given"]) == ["Fana Ytrebygda", "Arna Åsane"]
    assert answer["record"]["request"]["options"] == {"top": 2}
    assert "Fana Ytrebygda" in came["largest --top 2"][1]


@pytest.mark.parametrize("file", FILES)
def test_every_form_is_written_and_verified(file, came):
    assert came[f"largest --top 2 --output {file}"] == [0, "", ""]
    code, said, _ = came[f"verify {file}"]
    assert (code, said.startswith("Same to the krone as recorded")) == (0, True), said


def users(**columns):
    return lambda _year: replace(from_table(columns, regelverk(), {}, {}), personal=True)


def test_a_regulation_without_its_inputs_is_left_out_where_none_was_asked_for_by_name():
    visits_lack = users(enhet=["A"], vurdert_timer_per_uke=[5.0])
    asked = prepare(QUESTION, Request(question="compare"), visits_lack)
    assert asked.left_out == {"Grunnregelverket": "besoek_per_uke"}
    assert len(asked.versions) == 6
    named = Request(question="compare", regulations=("grunnregelverk", "2019-06"))
    with pytest.raises(LackingInputsError, match="'Grunnregelverket'"):
        prepare(QUESTION, named, visits_lack)
    assert [version.id for version in prepare(QUESTION, named, visits_lack, leave_out=True).versions] == ["2019-06"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"year": 2023}, NoFiguresError, "2023"),
        ({"population": "bergen"}, ValueError, "no embedded example 'bergen'"),
        ({"regulations": ("x",)}, ValueError, "no regulation 'x'"),
        ({"options": {}}, ValueError, "required field `variable`"),
    ],
)
def test_what_cant_be_asked(change, error, message):
    options = {"variable": "enhet_samlet_tildeling", "id": "Bergenhus"}
    asked = {"question": "explain", "population": "publisert", "options": options, **change}
    with pytest.raises(error, match=message):
        prepare(EXPLAIN, Request(**asked))


def test_a_question_is_imported_when_it_is_asked_for():
    """Starting a command once took as long as all of them together."""
    program = (
        "import sys; from openfisca_bergen_hbt.cli import main; main.get_command(None, 'compare');"
        "print([name for name in sys.modules if name.rpartition('.')[2] in ('explain', 'solve', 'published', 'show')])"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_every_question_has_examples_of_each_kind():
    for name in questions.names():
        question = questions.question(name)
        assert question.name == name
        assert all(example.startswith(name) for example in question.examples)
        assert question.bodies


def test_help_says_the_bounds_and_names_that_hold():
    """A message has no value of the code's in it, so that the catalogue can find it."""
    said = {
        "first": f"The first year, {causes.FIRST} to {causes.LAST - 1}.",
        "last": f"The last year, {causes.FIRST + 1} to {causes.LAST}.",
    }
    for name, text in said.items():
        assert get_type_hints(causes.Options, include_extras=True)[name].__metadata__[0].description == text
    table = get_type_hints(published.Options, include_extras=True)["table"].__metadata__[0]
    assert table.description == f"One table: {', '.join(published.TABLES)}. Default: all."
    year = asking.Year.__metadata__[0].extra["fault"]
    assert year == f"'year' is a whole number from {asking.FIRST_YEAR} to {asking.LAST_YEAR}."

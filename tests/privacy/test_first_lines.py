"""Each question on own data says first how many of the figures that it holds back are unsafe; or that none is held."""

import json
import re

import polars
import pytest

from openfisca_bergen_hbt.report import questions
from tests.commands import run

FRAME = ("--frame", "60000000")
UNSAFE = re.compile(r"(\d+) av (\d+) tall som er holdt tilbake, er usikre: beløpene kan røpe dem\. Til publisering:")
INTERNAL = "Internt: små tall er ikke holdt tilbake"
ALLOCATIONS = {"Liten": 1_000_000, "Midt": 20_000_000, "Stor": 39_000_000}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two users in one unit, forty and forty-four in the others; and what each is said to have got."""
    folder = tmp_path_factory.mktemp("egne")
    hours = {"Liten": [30.0, 20.0], "Midt": [4.0, 12.0] * 20, "Stor": [4.0, 20.0] * 22}
    rows = [(unit, of) for unit, mine in hours.items() for of in mine]
    users = polars.DataFrame(rows, schema=["enhet", "timer_per_uke"], orient="row")
    users.write_csv(folder / "brukere.csv")
    polars.DataFrame(list(ALLOCATIONS.items()), schema=["enhet", "kroner"], orient="row").write_csv(folder / "brev.csv")
    people = "alder;2019;2029\n67-79 år;1000;1200\n80 år eller eldre;500;650\n"
    (folder / "befolkning.csv").write_text(people, encoding="utf-8")
    plan = "scenarios:\n  - name: I dag\n  - name: Uten\n    without: [vedtak_2018_01_kategorimodell]\n"
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    return folder


def asked(files, question):
    """The shortest way to ask each question that is asked of own data."""
    data = () if question == "check-data" else ("--data", str(files / "brukere.csv"), *FRAME)
    own = {
        "check-data": (str(files / "brukere.csv"), *FRAME),
        "explain": ("enhet_samlet_tildeling", "--id", "Liten"),
        "fit": ("--allocations", str(files / "brev.csv"), "--parameter", "reserve.andel"),
        "outlook": ("--population", str(files / "befolkning.csv"), "--rate", "67-79=50", "--rate", "80-=250"),
        "scenarios": (str(files / "plan.yaml"),),
        "sensitivity": ("--samples", "2"),
        "solve": ("--parameter", "reserve.andel", "--until", "etat_sentral_reserve[etat] = 600000"),
    }
    return [question, *own.get(question, ()), *data]


OF_OWN_DATA = [name for name in questions.names() if questions.question(name).is_of_users]


@pytest.mark.parametrize("question", OF_OWN_DATA)
def test_what_is_held_back_is_said_first(files, question):
    made = run(*asked(files, question))
    assert made.exit_code == 0, made.stderr
    text = " ".join(made.stdout.split())
    first = text.split("─")[0]  # before the first table
    found = UNSAFE.search(first)
    assert found or "Beløp kan røpe dem. Til publisering: compare --public." in first, first
    assert not found or 0 < int(found[1]) <= int(found[2])
    assert INTERNAL not in text


@pytest.mark.parametrize("question", OF_OWN_DATA)
def test_that_nothing_is_held_back_is_said_first(files, question):
    made = run(*asked(files, question), "--no-suppression")
    assert made.exit_code == 0, made.stderr
    assert INTERNAL in made.stdout.split("─")[0]


def test_json_says_it_too(files):
    content = json.loads(run(*asked(files, "forecast"), "--format", "json").stdout)
    nulls = sum(of["value"] is None for of in content["units"].values())
    (said,) = content["first_lines"]
    assert next(iter(content)) in ("mark", "first_lines")
    unsafe, held = map(int, UNSAFE.match(said).groups())
    assert unsafe == held >= nulls == 2  # of the two users, and of the unit by which the sum would tell of them


def test_what_the_letters_gave_few_users_is_held_back(files):
    content = json.loads(run(*asked(files, "fit"), "--format", "json").stdout)
    assert content["letters"] == {"Liten": None, "Midt": None, "Stor": 39_000_000}
    assert [unit for unit, amount in content["misses"].items() if amount is None] == ["Liten", "Midt"]
    del content["record"]  # which holds what was asked, letters and all
    assert not {"1000000", "20000000"} & {*re.findall(r"\d+", json.dumps(content))}
    internal = json.loads(run(*asked(files, "fit"), "--format", "json", "--no-suppression").stdout)
    assert internal["letters"] == ALLOCATIONS


@pytest.mark.parametrize(
    ("target", "is_held"),
    [
        ("enhet_samlet_tildeling[Liten]", True),
        ("enhet_samlet_tildeling[Midt] + enhet_samlet_tildeling[Stor]", True),
        ("min(change)", True),
        ("enhet_samlet_tildeling[Stor]", False),
        ("sum(enhet_samlet_tildeling)", False),
    ],
)
def test_no_amount_of_few_users_is_solved_for(files, target, is_held):
    of = ["solve", "--parameter", "reserve.andel", "--until", f"{target} = 1000000"]
    made = run(*of, "--data", str(files / "brukere.csv"), *FRAME)
    assert made.exit_code == (2 if is_held else 0), made.stderr
    assert ("holds an amount that is held back" in made.stderr) is is_held
    assert run(*of, "--data", str(files / "brukere.csv"), *FRAME, "--no-suppression").exit_code == 0

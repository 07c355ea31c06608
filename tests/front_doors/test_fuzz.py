"""Bodies, addresses, command lines and Python calls with one oddity each: refused in words, or answered; never else."""

import copy
import json
import math
import random
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from openfisca_core.errors import SituationParsingError

from openfisca_bergen_hbt.cli import main
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.web.app import create_app
from tests.commands import rows
from tests.front_doors import meaning
from tests.fuzz import CASES

pytestmark = pytest.mark.fuzz
SITUATION = {
    "brukere": {"a": {"vurdert_timer_per_uke": {"2019": 5}}, "b": {"vurdert_timer_per_uke": {"2019": 90.5}}},
    "enheter": {
        "A": {"brukere": ["a"], "enhet_samlet_tildeling": {"2019": None}},
        "B": {"brukere": ["b"], "enhet_samlet_tildeling": {"2019": None}},
    },
    "byomraader": {"N": {"brukere": ["a", "b"]}},
    "etater": {"T": {"brukere": ["a", "b"], "etat_budsjettramme": {"2019": 30_000_000}}},
}
COMPARED = {
    "users": {"enhet": ["A", "A", "B"], "timer_per_uke": [5, 20, 100]},
    "etater": {"etat": {"etat_budsjettramme": 30_000_000}},
    "regulations": ["2018-01", "2019-06"],
    "year": 2019,
    "suppression": False,  # sums of so few users are held back
}
#: What may stand anywhere in a body, and in a name.
VALUES = (
    None, True, False, -1, 0, 1.5, 1e300, 10**19, 5e-324, "", "5", "x", "2019", "\ud800", "a\nb", "Ø" * 300,
    [], {}, [None],
    {"2019": {}}, {"2019": 1}, "__proto__", "ETERNITY", "vedtak_2018_01_kategorimodell", 2019, "1e5", [[]],
)  # fmt: skip
NAMES = (
    "",
    "2019",
    "year:2019",
    "2019-13",
    "2018",
    "regulation",
    "changes",
    "x" * 300,
    "brukere",
    "ø",
    "a/b",
    "\n",
    "years",
)
FIELDS = (
    "aar",
    "til",
    "eksempel",
    "regelverk",
    "dato",
    "uten",
    "lesning",
    "ramme",
    "tall.reserve.andel",
    "ark",
    "koding",
    "kolonne.x",
    "hvem",
    "x",
)
TEXTS = (
    "", "2019", "2018", "20x9", "2018-06", "abc", "nan", "0,03", "4 %", "1e9", "grunnregelverk", "publisert",
    "bevegelse",
    "lesning_t05_skjoenn", "vedtak_2018_01_kategorimodell", "\N{FULLWIDTH DIGIT TWO}019", "a\nb", "../..",
    "<b>", "%00", "5_0",
)  # fmt: skip
OPTIONS = (
    "--year",
    "--years",
    "--regulation",
    "--without",
    "--reading",
    "--set",
    "--frame",
    "--example",
    "--format",
    "--max-loss",
)
PYTHON = (
    None, True, "2019", 2019.5, [], {}, [1, 2], ["A", None, "B"], [5.0, math.nan, 6.0], [5, 6, "7"], "A",
    {"A": {}}, object(),
    {"A": {"enhet_kjoeretid_per_uke": "3"}}, {"B": {"kjoeretid": 3}}, {"etat": {"etat_budsjettramme": -1}}, [1e300] * 3,
)  # fmt: skip


def dice_of(case):
    return random.Random(case)  # noqa: S311 (a fuzz that is the same each time)


def places(node):
    """Yield each mapping or list of a body with its keys."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield node, key
        yield from places(child)


def odd(dice, body):
    body = copy.deepcopy(body)
    parent, key = dice.choice(list(places(body)))
    kind = dice.randrange(4)
    if kind == 0:
        parent[key] = dice.choice(VALUES)
    elif kind == 1:
        del parent[key]
    elif isinstance(parent, dict) and kind == 2:
        parent[dice.choice(NAMES)] = parent.pop(key)
    elif isinstance(parent, dict):
        parent[dice.choice(NAMES)] = dice.choice(VALUES)
    else:
        parent.append(dice.choice(VALUES))
    return body


@pytest.fixture(scope="module")
def client():
    return create_app().test_client()


def refused_or_answered(response, about):
    assert response.status_code in (200, 400, 404), (about, response.status_code)
    if response.status_code != 200:
        assert response.get_data(as_text=True).strip(), about


def is_right(address, body, answer):
    """Whether an answer could be worked out apart from the package; it is then the same to the krone."""
    try:
        expected = meaning.calculated(body) if address == "/calculate" else meaning.compared(body)
    except meaning.UnreadableError:
        return False
    if address == "/calculate":
        for unit, values in answer["enheter"].items():
            found = values.get("enhet_samlet_tildeling", {}).get("2019")
            assert found in (None, expected.get(unit, 0)), body
        return True
    for row in rows(answer):
        if row["variable"] == "enhet_samlet_tildeling" and row["level"] == "enhet":
            held_back = row["value"] is None and body.get("suppression") is not False
            assert held_back or row["value"] == expected[row["regulation"]][row["id"]], body
    return True


def test_bodies(client):
    worked_out = 0
    for case in range(CASES):
        dice = dice_of(case)
        address, body = dice.choice([("/calculate", SITUATION), ("/calculate", SITUATION), ("/compare", COMPARED)])
        text = json.dumps(odd(dice, body))
        if dice.random() < 0.1:
            place = dice.randrange(len(text))
            text = text[:place] + dice.choice('{}[]",:\\x') + text[place:]
        answer = client.post(address, data=text, content_type="application/json")
        refused_or_answered(answer, (case, address, text))
        if answer.status_code == 200:
            worked_out += is_right(address, json.loads(text), answer.json)
    assert worked_out > CASES / 20  # most bodies are refused


def test_addresses(client):
    for case in range(CASES):
        dice = dice_of(case)
        pairs = [(dice.choice(FIELDS), dice.choice(TEXTS)) for _ in range(dice.randint(1, 3))]
        path = dice.choice(["/", "/", "/last-ned/kjoering.json", "/forklar", "/regulations/", "/variable/", "/spec"])
        path += quote(dice.choice(TEXTS)) if path.endswith(("s/", "e/")) else ""
        address = f"{path}?{'&'.join(f'{quote(name)}={quote(text)}' for name, text in pairs)}"
        answer = client.get(address)
        assert answer.status_code in (200, 302, 308, 400, 404), (case, address, answer.status_code)
        if answer.status_code == 200 and answer.is_json and "result" in answer.json and len(pairs) > 1:
            turned = client.get(f"{path}?{'&'.join(f'{quote(name)}={quote(text)}' for name, text in pairs[::-1])}")
            assert turned.status_code == 200, (case, address)
            assert turned.json["result"] == answer.json["result"], (case, address)


def test_command_lines():
    for case in range(max(1, CASES // 5)):  # each a run of its own
        dice = dice_of(case)
        arguments = [part for _ in range(dice.randint(1, 2)) for part in (dice.choice(OPTIONS), dice.choice(TEXTS))]
        result = CliRunner().invoke(main, ["compare", *arguments])
        about = (case, arguments, result.exception)
        assert result.exit_code in (0, 2), about
        assert result.exception is None or isinstance(result.exception, SystemExit), about
        if result.exit_code == 0 and len(set(arguments[::2])) > 1:
            turned = CliRunner().invoke(main, ["compare", *arguments[2:], *arguments[:2]])
            assert turned.stdout == result.stdout, about


def test_python_calls():
    law = regelverk()
    table = {"enhet": ["A", "A", "B"], "vurdert_timer_per_uke": [5.0, 20.0, 100.0]}
    frame = {"etat": {"etat_budsjettramme": 30_000_000}}
    plain = simulate(table, law, 2019, agencies=frame).value("enhet_samlet_tildeling").tolist()
    for case in range(CASES):
        dice = dice_of(case)
        given = {"table": dict(table), "law": law, "year": 2019, "units": {}, "agencies": frame}
        what = dice.choice(
            ["enhet", "vurdert_timer_per_uke", "etat", "byomraade", "year", "units", "agencies", "table"]
        )
        oddity = dice.choice(PYTHON)
        if what in given:
            given[what] = oddity
        else:
            given["table"][what] = oddity
        try:
            results = simulate(
                given["table"], given["law"], given["year"], units=given["units"], agencies=given["agencies"]
            )
            found = results.value("enhet_samlet_tildeling").tolist()
        except (ValueError, SituationParsingError) as error:
            assert str(error), case  # noqa: PT017 (most are refused)
        else:
            assert found == plain or what in ("enhet", "vurdert_timer_per_uke", "agencies"), (case, what, oddity, found)

"""The arithmetic of the lines of an explanation: as worked out by hand, true, and of nothing that is held back."""

import re
from math import floor

import pytest

from openfisca_bergen_hbt.analysis.explain import term
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.web.app import create_app
from openfisca_bergen_hbt.web.settings import Settings
from tests.commands import all_steps, as_json, run

ETAT = "Etat for hjemmetjenester"
LR = " (hele kroner, med største rest)"

#: Three users, in categories 2, 2 and 3: 4.5 + 4.5 + 11.25 = 20.25 points and 16 hours a week. Of 15 000 000 kroner
#: 2 % is the reserve and 14 700 000 the pot: 3 266 666.67, 3 266 666.67 and 8 166 666.67, the two kroner that are left
#: to the largest floor and the first listed.
USERS = "bruker,enhet,vurdert_timer_per_uke\na,A,3\nb,B,3\nc,C,10\n"


@pytest.fixture
def data(tmp_path):
    (tmp_path / "brukere.csv").write_text(USERS, encoding="utf-8")
    return ("--data", str(tmp_path / "brukere.csv"), "--frame", "1000000", "--year", "2019")


def lines(*arguments):
    """Return all lines of an explanation, with plain spaces in their arithmetic."""
    found = list(all_steps(as_json("explain", *arguments)["explanation"]))
    return [{**step, "arithmetic": step["arithmetic"].replace("\N{NO-BREAK SPACE}", " ")} for step in found]


def told(name, *arguments):
    """Return the arithmetic of the first line of a variable."""
    return next(step["arithmetic"] for step in lines(*arguments) if step["variable"] == name)


def test_the_reserve_of_the_published_frame():
    assert told("etat_sentral_reserve", "etat_sentral_reserve", "--id", ETAT) == "0,02 × 1 035 686 820 = 20 713 736"


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("etat_disponibel_ramme", "B", "1 000 000 + 14 000 000 = 15 000 000"),
        ("etat_ramme_til_fordeling", "B", "15 000 000 − 300 000 − 0 = 14 700 000"),
        ("enhet_kategoritildeling", "A", f"14 700 000 × 4,5 / 20,25 = 3 266 667{LR}"),
        ("enhet_kategoritildeling", "B", f"14 700 000 × 4,5 / 20,25 = 3 266 666{LR}"),
        # twelve months with 4.5 of 20.25 in each
        ("enhet_ramme_hittil", "B", f"avrundet(14 700 000 × 12 / 12) × 2,6666666667 / 12 = 3 266 666{LR}"),
        ("enhet_poengandel", "B", "4,5 / 20,25 = 0,222222222"),
        ("enhet_timebasert_ramme", "C", "14 700 000 × 10 / 16 = 9 187 500"),
        ("enhet_urimelig_utslag", "C", "maks(0; (1 − 0,05) × 9 187 500 − 8 166 667) = 561 458"),
        ("enhet_reservekompensasjon", "C", f"min(300 000; 561 458) × 561 458 / 561 458 = 300 000{LR}"),
        ("enhet_samlet_tildeling", "C", "8 166 667 + 0 + 0 + 300 000 + 0 + 0 + 0 = 8 466 667"),
        # 10 hours in 52 weeks at 987.6216269 kroner are 513 563.246
        ("enhet_aktivitetsbasert_inntekt", "C", "987,6216269 × 520 = 513 563"),
    ],
)
def test_lines_of_a_unit(data, name, unit, expected):
    top = "enhet_underdekning"
    assert told(name, top, "--id", unit, *data, "--no-suppression") == expected


def test_what_a_rule_does_beyond_arithmetic_shows_its_parts_alone(data):
    found = lines("enhet_kategoriramme", "--id", "B", *data, "--no-suppression")
    parts = {step["variable"]: step for step in found}
    assert parts["enhet_fordelingsandel"]["steps"]
    assert {parts[name]["arithmetic"] for name in ("enhet_fordelingsandel", "enhet_kategoripoeng")} == {""}


def test_the_sum_of_units_is_not_reckoned_as_if_it_were_one(data):
    of_all = next(
        step
        for step in lines("etat_reserve_foer_krav", "--id", "etat", *data, "--no-suppression")
        if step["variable"] == "enhet_urimelig_utslag"
    )
    # 0.95 of the 14 700 000 less all that is allocated is below 0, and the sum of what units lack is not
    assert (of_all["of"], round(of_all["value"]), of_all["arithmetic"]) == ("3 enheter", 561_458, "")


def test_what_is_held_back_is_in_no_arithmetic(data):
    found = lines("enhet_underdekning", "--id", "B", *data)
    assert any(step["value"] == MARK for step in found)
    for step in found:
        if any(below["value"] == MARK for below in step["steps"]):
            assert step["arithmetic"] == ""
    written = " ".join(step["arithmetic"] for step in found)
    assert "15 000 000" in written
    for secret in ("4,5", "20,25", "0,222", "156", "2 756 250"):  # points, share, hours a year, kroner by the hours
        assert secret not in written


def test_an_arithmetic_that_comes_to_another_value_is_not_shown():
    made = term.krone(term.term(2) * 1.6)  # 3.2
    assert term.written(made, 3.0, "kr") == "2 × 1,6 = 3"
    assert term.written(made, 4.0, "kr") == ""
    assert term.written(term.term(2) * 1.6, 3.2 + 1e-7, "andel") == ""
    assert term.written(term.term(3), 3.0, "kr") == ""  # nothing is reckoned


def test_brackets():
    one, two = term.term(1), term.term(2)
    assert (one - (two + one)).text == "1 − (2 + 1)"
    assert (one / (two * two)).text == "1 / (2 × 2)"
    assert (one + (two - one)).text == "1 + 2 − 1"
    assert (term.term(-1) + two * (one + two)).text == "-1 + 2 × (1 + 2)"
    assert (two - term.term(-1)).text == "2 − (-1)"
    assert (two + term.krone(one / two)).text == "2 + avrundet(1 / 2)"
    assert (two + term.krone(term.term(0.75))).text == "2 + avrundet(0,75)"
    assert (two + term.krone(one)).text == "2 + 1"


def reckoned(text):
    """Reckon with an arithmetic as it is written, by Python's own rules."""
    text = re.sub(r"(?<=\d) (?=\d)", "", text).translate(str.maketrans({"×": "*", "−": "-", ",": ".", ";": ","}))
    assert re.fullmatch(r"[\d.,*/+\-() ]+|.*\b(min|maks|avrundet)\(.*", text)
    words = {"min": min, "maks": max, "avrundet": lambda amount: floor(amount + 0.5)}
    return eval(text, {"__builtins__": {}}, words)  # noqa: S307 (digits and signs, as was just made sure of)


@pytest.mark.parametrize("example", [(), ("--example", "bevegelse"), ("--year", "2018")])
@pytest.mark.parametrize("asked", [("enhet_underdekning", "Laksevåg"), ("etat_reserve_saldo", ETAT)])
def test_all_that_is_shown_is_true_as_it_is_written(asked, example):
    shown = [step for step in lines(asked[0], "--id", asked[1], *example) if step["arithmetic"]]
    assert len(shown) > 1
    for step in shown:
        text, _, came = step["arithmetic"].removesuffix(LR).partition(" = ")
        off_by = 1 if step["arithmetic"].endswith(LR) else 0.5 if step["unit"] == "kr" else 1e-9 * abs(step["value"])
        assert abs(reckoned(text) - step["value"]) <= off_by, step["arithmetic"]
        assert reckoned(came) == pytest.approx(step["value"], abs=1e-4)


def test_every_form_shows_it():
    asked = ("explain", "etat_sentral_reserve", "--id", ETAT)
    expected = "0,02 × 1 035 686 820 = 20 713 736"
    assert expected in run(*asked).text
    assert expected in run(*asked, "--format", "markdown").text
    assert expected in run(*asked, "--format", "html").text
    page = create_app(Settings()).test_client().get("/forklar?hvem=Bergenhus").text
    assert expected in page.replace("\N{NO-BREAK SPACE}", " ")

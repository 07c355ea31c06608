"""Extra money and carry-over from files: in the units' amounts, in the envelope, and in what is said."""

import pytest

from openfisca_bergen_hbt.text.numbers import whole
from tests.commands import as_json, run

USERS = "enhet;etat;vurdert_timer_per_uke\nA;E;10\nB;E;20\n"
GIVEN = ("--data", "brukere.csv", "--frame", "86000000", "--regulation", "2021-12", "--no-suppression")


@pytest.fixture
def files(folder):
    (folder / "brukere.csv").write_text(USERS, encoding="utf-8")
    (folder / "enheter.csv").write_text("enhet;overfoert_fra_i_fjor\nA;-100\nB;50\n", encoding="utf-8")
    (folder / "tillegg.csv").write_text("etat;maaned;kroner\nE;2019-05;1 000\n", encoding="utf-8")
    return folder


def figures(*options):
    found = as_json("compare", *GIVEN, *options)
    return {(one["level"], one["variable"]): one["values"] for one in found["figures"] if one["period"] == "2019"}


@pytest.mark.usefixtures("files")
def test_extra_money_and_carry_over_add_up():
    plain, more = figures(), figures("--units", "enheter.csv", "--extra", "tillegg.csv")
    given, with_more = (found["enhet", "enhet_samlet_tildeling"] for found in (plain, more))
    # 1000 * 11.25 / 33.75 and the rest; -100 and 50 of their own
    assert [after - before for before, after in zip(given, with_more, strict=True)] == [333 - 100, 667 + 50]
    assert more["etat", "etat_ramme_i_alt"] == [100_000_000 + 1000 - 50]  # the frame, and the reform's 14 mill.
    assert more["etat", "etat_igjen_sentralt"] == plain["etat", "etat_igjen_sentralt"]
    for name in ("etat_sentral_reserve", "etat_kategoripott", "etat_pott_over_80", "etat_ufordelt"):
        assert more["etat", name] == plain["etat", name]
    said = run("compare", *GIVEN, "--units", "enheter.csv", "--extra", "tillegg.csv", "--format", "markdown").text
    assert "Tilleggsbevilgninger 1 000 kr, overført fra i fjor -50 kr" in said
    assert f"Rammen i alt er {whole(100_000_950)} kr".replace("\N{NO-BREAK SPACE}", " ") in said
    assert "Penger utenom rammen" not in run("compare", *GIVEN, "--format", "markdown").text


def test_zeros_move_nothing(files):
    (files / "null.csv").write_text("etat;maaned;kroner\nE;2019-05;0\n", encoding="utf-8")
    assert figures("--extra", "null.csv") == figures()


@pytest.mark.usefixtures("files")
def test_forecast_takes_them():
    given = ("--data", "brukere.csv", "--frame", "86000000", "--months", "5", "--method", "held", "--no-suppression")
    plain, more = (
        as_json("forecast", *given, *options) for options in ((), ("--units", "enheter.csv", "--extra", "tillegg.csv"))
    )
    assert more["in_all"]["value"] - plain["in_all"]["value"] == 950


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("E;2019-05;-5", "tillegg.csv, row 2, column kroner: '-5' is below 0"),
        ("E;2019-05;5,5", "row 2, column kroner: '5.5' is not whole kroner"),
        ("E;2018-05;5", "row 2, column maaned: '2018-05' lies outside 2019"),
        ("E;2019-05;5\nE;2019-05;6", "row 2, column etat: stands here twice for a month"),
        ("F;2019-05;5", "there is no agency 'F'"),
        ("E;2019;5", "row 2, column maaned"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_column(files, content, message):
    (files / "tillegg.csv").write_text(f"etat;maaned;kroner\n{content}\n", encoding="utf-8")
    refused = run("compare", *GIVEN, "--extra", "tillegg.csv")
    assert refused.exit_code == 2
    assert message in refused.stderr

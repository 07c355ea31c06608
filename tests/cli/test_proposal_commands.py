"""Proposals on the command line: ``compare --proposal``, ``--set``, ``proposal new`` and ``solve``."""

import shlex

import pytest

from tests.commands import as_json, rows, run

LAW = "vedtak_2021_06_statusrapport"
TOTAL = "etat_samlet_tildeling"


def totals(content, variable=TOTAL):
    return {
        row["regulation"]: row["value"]
        for row in rows(content)
        if row["variable"] == variable and row["level"] == "etat"
    }


def test_a_proposal_stands_below_its_baseline():
    content = as_json("compare", "--proposal", "stoerre_reserve")
    assert [regulation["id"] for regulation in content["regulations"]] == [LAW, "stoerre_reserve"]
    reserve = totals(content, "etat_sentral_reserve")
    assert reserve == {LAW: 20_713_736, "stoerre_reserve": 41_427_473}  # 2 % and 4 % of 1 035 686 820
    assert content["regulations"][1]["proposals"][0]["changes"][0] == {
        "parameter": "reserve.andel",
        "from": "2019-01-01",
        "to": None,
        "value": 0.04,
    }
    bases = {assumption["basis"] for assumption in content["assumptions"] if assumption["parameter"] == "reserve.andel"}
    assert bases == {"assumption", "proposal"}


def test_proposals_settings_decisions_and_dates_can_be_mixed():
    content = as_json(
        "compare",
        *("--regulation", "grunnregelverk", "--regulation", "2018-06"),
        *(
            "--proposal",
            "stoerre_reserve",
            "--set",
            "reserve.andel=0.01",
            "--without",
            "vedtak_2019_05_plan_hjemmeboende_eldre",
        ),
    )
    ids = [regulation["id"] for regulation in content["regulations"]]
    assert ids == ["grunnregelverk", "2018-06", "stoerre_reserve", "set"]
    assert "vedtak_2019_05_plan_hjemmeboende_eldre" not in content["regulations"][2]["decisions"]
    assert totals(content, "etat_sentral_reserve")["set"] == 10_356_868  # 1 % of 1 035 686 820, on top of the other


def test_set_from_a_date():
    content = as_json("compare", "--set", "kategorimodell.vekt.kategori_2=5.0@2019-01-01")
    assert [regulation["id"] for regulation in content["regulations"]] == [LAW, "set"]
    later = as_json("compare", "--set", "kategorimodell.vekt.kategori_2=5.0@2020-01-01")

    def moved(content):
        units = [
            row for row in rows(content) if row["variable"] == "enhet_kategoritildeling" and row["level"] == "enhet"
        ]
        return len({(row["id"], row["value"]) for row in units}) > 6

    assert moved(content)
    assert not moved(later)


def test_the_table_shows_what_a_proposal_moves():
    text = run("compare", "--proposal", "vekter_etter_gjennomsnitt").text
    assert "Vekter etter gjennomsnittlige" in text
    assert "flytter penger mellom" in text
    assert "Tall fra forslag" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_new_proposal_runs_as_it_stands(tmp_path):
    target = tmp_path / "forslag.yaml"
    assert run("proposal", "new", str(target)).exit_code == 0
    content = as_json("compare", "--proposal", str(target))
    assert totals(content, "etat_sentral_reserve")["forslag"] == 31_070_605  # 3 % of 1 035 686 820 = 31 070 604.6
    assert run("proposal", "new", str(target)).exit_code == 2
    assert run("proposal", "new", str(target), "--force").exit_code == 0


def test_a_new_proposal_says_how_it_is_run_whatever_it_is_called(folder):
    made = run("proposal", "new", "mitt 'lure' forslag.yaml")
    assert made.exit_code == 0, made.stderr
    line = next(line for line in made.stderr.splitlines() if "run it with" in line)
    assert shlex.split(line.partition("run it with ")[2])[1:] == ["compare", "--proposal", "mitt 'lure' forslag.yaml"]
    assert run("compare", "--proposal", "mitt 'lure' forslag.yaml").exit_code == 0
    refused = run("proposal", "new", "a\nb.yaml")  # in the file it would stand in a comment, and after it
    assert (refused.exit_code, refused.stderr.count("line break")) == (2, 1)
    shown = run("proposal", "new", "-")
    assert (shown.stdout.startswith("# A proposal"), shown.stderr) == (True, "")
    assert [file.name for file in folder.iterdir()] == ["mitt 'lure' forslag.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--proposal", "finnes_ikke"], "stoerre_reserve"),
        (["--proposal", "stoerre_reserve", "--proposal", "stoerre_reserve"], "given twice"),
        (["--set", "reserve.andel=2"], "from 0 to 1"),
        (["--set", "tull"], "PARAMETER=VALUE"),
    ],
)
def test_a_wrong_proposal_is_refused(arguments, message):
    result = run("compare", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_proposals_on_different_baselines_are_refused(tmp_path):
    target = tmp_path / "annen.yaml"
    change = "  - {parameter: reserve.andel, from: 2019-01-01, value: 0.03}\n"
    target.write_text(f"title: x\nbaseline: grunnregelverk\nchanges:\n{change}", encoding="utf-8")
    result = run("compare", "--proposal", "stoerre_reserve", "--proposal", str(target))
    assert result.exit_code == 2
    assert "grunnregelverk" in result.stderr
    assert run("compare", "--proposal", str(target)).exit_code == 0  # the foundation is a baseline as good as any


def test_solve_finds_the_value():
    found = as_json(
        "solve",
        *(
            "--parameter",
            "reserve.andel",
            "--until",
            "etat_samlet_tildeling[Etat for hjemmetjenester] = 1 000 000 000",
        ),
    )
    # all but the reserve is handed out, save some kroner left in the pool: 1 - 1 000 000 000 / 1 035 686 820
    assert found["value"] == pytest.approx(0.034457, abs=1e-6)
    assert abs(found["amount"] - 1_000_000_000) <= 1
    check = as_json("compare", "--set", f"reserve.andel={found['value']!r}")
    assert totals(check)["set"] == found["amount"]


def test_solve_says_that_no_value_does():
    result = run(
        "solve",
        *("--parameter", "kategorimodell.vekt.kategori_2", "--until", "enhet_samlet_tildeling[Bergenhus] = 190000000"),
    )
    assert result.exit_code == 0
    assert "Ingen verdi gir enhet_samlet_tildeling[Bergenhus] = 190 000 000 kr" in result.text
    assert "Syntetisk" in result.text


def test_solve_on_the_foundation():
    price = as_json(
        "solve",
        *("--parameter", "aktivitetsbasert.timepris", "--regulation", "grunnregelverk", "--year", "2017"),
        *("--between", "900", "1100", "--until", "enhet_samlet_tildeling[Årstad] = 150897000"),
    )
    assert price["value"] == pytest.approx(1000, rel=1e-8)  # 150 897 hours at 1000 kroner


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["reserve.andl", "etat_samlet_tildeling[Bergen] = 1"], "reserve.andel"),
        (["reserve.andel", "etat_samlet_tildeling = 1"], "VARIABLE[NAME] = AMOUNT"),
        (["reserve.andel", "enhet_samlet_tildeling[Bergen] = 1"], "Bergenhus"),
        (["reserve.andel", "enhet_samlet_tildelin[Bergenhus] = 1"], "enhet_samlet_tildeling"),
        (["reserve.andel", "enhet_maanedsramme[Bergenhus] = 1"], "yearly"),
        (["reserve.andel", "vedtakstimer[Bergenhus] = 1"], "yearly"),
        (["budsjett.tillitsreform_styrking", "enhet_samlet_tildeling[Bergenhus] = 1"], "--between"),
        (["reserve.andel", "enhet_samlet_tildeling[Bergenhus] = 1", "--between", "1", "0"], "smaller"),
        (["reserve.andel", "enhet_samlet_tildeling[Bergenhus] = 1", "--between", "0", "2"], "from 0 to 1"),
    ],
)
def test_a_wrong_question_is_refused(arguments, message):
    parameter, until, *rest = arguments
    result = run("solve", "--parameter", parameter, "--until", until, *rest)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_proposed_number_has_the_proposal_as_its_source():
    content = as_json("compare", "--proposal", "stoerre_reserve")
    (found,) = [a for a in content["assumptions"] if a["parameter"] == "reserve.andel" and a["basis"] == "proposal"]
    assert found["source"] == "Forslaget «En større reserve»"

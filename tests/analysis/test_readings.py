"""Rival readings side by side, and the statements that they overturn."""

from itertools import combinations

import pytest

from openfisca_bergen_hbt.analysis.readings import admissible
from openfisca_bergen_hbt.regelverk import chosen_readings, readings, regelverk
from tests.commands import as_json, run

IDS = [reading.id() for reading in readings()]
OF_NORM = [reading.id() for reading in readings() if reading.of_population]


def test_the_readings_are_those_of_the_contract():
    assert len(IDS) == 16
    assert len(OF_NORM) == 3
    assert sorted(IDS) == IDS


def test_every_single_one_and_every_pair_but_those_that_exclude_each_other():
    pairs = [some for some in admissible(readings(), 2) if len(some) == 2]
    assert len(pairs) == 16 * 15 // 2 - 3
    for one, other in combinations(OF_NORM, 2):
        with pytest.raises(ValueError, match="exclude each other"):
            chosen_readings([one, other])


def test_an_unknown_reading_and_one_twice_are_refused():
    with pytest.raises(ValueError, match="Did you mean"):
        regelverk(lesninger=["lesning_t13_tertia"])
    with pytest.raises(ValueError, match="asked for twice"):
        chosen_readings([IDS[0], IDS[0]])


def test_what_they_do_to_the_example():
    found = as_json("readings", "--example", "bevegelse")
    law = found["law"]["headlines"]
    alone = {one["readings"][0]: one for one in found["read"] if len(one["readings"]) == 1}
    assert set(alone) == set(IDS)
    # the reserve of 2 % and what is compensated of it are shared out: nothing stays
    assert alone["lesning_t05_reserven_deles_ut"]["headlines"]["etat_samlet_tildeling"] == 1_035_686_820
    assert alone["lesning_t27_innenfor_rammen"]["headlines"] == law
    assert alone["lesning_t27_innenfor_rammen"]["before"] != found["law"]["before"]
    assert sum(alone["lesning_t27_innenfor_rammen"]["before"].values()) == 1_021_686_820


def test_a_statement_is_overturned_by_the_smallest_sets_only():
    overturned = as_json("readings")["overturned_by"]
    assert overturned["Laksevåg"] == []
    assert overturned["Årstad"] == [["lesning_t05_reserven_deles_ut"]]
    text = run("readings").text
    assert "ingen av lesningene" in text
    assert "ingen stemmer" in text


def test_compare_under_a_reading_says_so_and_is_recorded():
    found = as_json("compare", "--regulation", "2019-06", "--reading", "lesning_t27_innenfor_rammen")
    (regulation,) = found["regulations"]
    assert regulation["readings"] == ["lesning_t27_innenfor_rammen"]
    assert "lest «Innenfor rammen»" in regulation["title"]
    assert found["record"]["request"]["readings"] == ["lesning_t27_innenfor_rammen"]


def test_a_reading_of_the_embedded_population_is_refused_on_own_data(tmp_path):
    (tmp_path / "b.csv").write_text("enhet;timer_per_uke\n" + "A;5\n" * 9, encoding="utf-8")
    result = run("compare", "--data", str(tmp_path / "b.csv"), "--frame", "1000000", "--reading", OF_NORM[0])
    assert result.exit_code == 2
    assert "embedded population" in result.stderr


def test_what_does_nothing_is_said():
    asked = ("--regulation", "grunnregelverk", "--regulation", "2018-06", "--example", "bevegelse")
    text = " ".join(run("compare", *asked, "--reading", "lesning_t13_tertial").text.split())
    assert "Lesninger som ikke gjør noe: En vesentlig endring vurderes etter hvert tertial (i Grunnregelverket)" in text
    assert "Kjøretid per uke (i Grunnregelverket); Etatsdirektørens omfordeling (i Grunnregelverket)" in text
    assert "Grunnregelverket (lest" not in text

"""A transition: what it takes that no unit loses more than a share, and who pays, to the krone."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.analysis.transition import read_share, transition
from openfisca_bergen_hbt.law.versions import in_force, named
from openfisca_bergen_hbt.regelverk import FOUNDATION
from openfisca_bergen_hbt.rules.money import sum_by
from tests.commands import as_json, run
from tests.populations import populations

ASKED = ("compare", "--proposal", "vekter_etter_gjennomsnitt", "--max-loss")


def test_by_hand_on_a_shipped_proposal():
    found = as_json(*ASKED, "0,1 %")["transition"]
    # Arna Åsane may lose 218 319 of 218 319 254, and loses 418 633; Laksevåg 129 382, and loses 146 720; Årstad loses
    # 143 719 of the 144 560 that it may
    lacks = {"Arna Åsane": 200_314, "Laksevåg": 17_338}
    assert {name: amount for name, amount in found["lacks"].items() if amount} == lacks
    ways = found["ways"]
    assert {name: way["lacking"] for name, way in ways.items()} == {"extra": 0, "reserve": 0, "gainers": 0}
    assert ways["extra"]["frame"] == 1_035_686_820 + 217_652
    assert ways["reserve"]["frame"] == ways["gainers"]["frame"] == 1_035_686_820
    assert ways["reserve"]["left"] == 1_035_686_820 - 1_014_973_080 - 217_652
    assert ways["extra"]["given"] == ways["reserve"]["given"]
    assert ways["extra"]["given"]["Arna Åsane"] == 217_900_621 + 200_314
    # 217 652 by 178 825, 286 950 and 243 297: 54 890.7, 88 080.2, 74 681.1
    given = {"Bergenhus": 162_379_093 - 54_891, "Fana Ytrebygda": 234_672_252 - 88_080}
    given |= {"Fyllingsdalen": 126_368_872 - 74_681}
    assert given.items() <= ways["gainers"]["given"].items()
    assert sum(ways["gainers"]["given"].values()) == 1_014_973_080


def test_it_is_said_first_and_shown_on_a_screen():
    text = " ".join(run(*ASKED, "0.1%").text.split())
    assert "tape mer enn 0,1 % mot «Statusrapport», trengs 217 652 kr til Arna Åsane, Laksevåg." in text
    # 1 014 973 080 + 217 652; 1 035 686 820 less that
    assert "Reserven 217 652 0 1 015 190 732 +20 496 088 1 035 686 820" in text
    assert "Ingen enhet taper mer enn 1 % mot «Statusrapport»." in run(*ASKED, "1%").text


def test_a_reserve_that_is_too_small_is_said():
    asked = ("compare", "--regulation", "2018-06", "--set", "reserve.andel=0.0001", "--max-loss", "0%")
    text = " ".join(run(*asked).text.split())
    assert "Ingen enhet taper" in text  # more is handed out
    asked = ("compare", "--regulation", "grunnregelverk", "--regulation", "2018-06", "--max-loss", "2%")
    text = " ".join(run(*asked).text.split())
    assert "Strekker ikke til: reserven: 11 740 636 kr mangler" in text  # 32 454 372 - 20 713 736


@pytest.mark.parametrize("text", ["2", "0.02", "-1%", "101%", "to %", "2 % og", "%"])
def test_what_is_no_percentage_is_refused(text):
    result = run(*ASKED, text)
    assert result.exit_code == 2
    assert "such as 2%" in result.stderr


def test_years_have_no_transition():
    result = run("compare", "--years", "2018-2019", "--max-loss", "2%")
    assert result.exit_code == 2
    assert "--years" in result.stderr


@given(populations(), st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_every_way_adds_up_in_each_etat(population, percent):
    versions = [named(FOUNDATION), in_force()]
    compared = Comparison(population, 2019, versions)
    found = transition(compared, read_share(f"{percent}%"))
    agency, etater = population.agency_of_unit, len(population.agency_names)
    least = [amount - int(Fraction(amount) * percent / 100) for amount in map(int, found.before)]
    extra, reserve, gainers = found.ways.values()
    assert extra.lacking == 0
    assert all(given >= limit for given, limit in zip(extra.given, least, strict=True))
    assert (sum_by(agency, gainers.given, etater) == sum_by(agency, found.after, etater)).all()
    # who pays keeps what he had, and nobody is given more than he lacks
    for way in found.ways.values():
        assert ((way.given - found.after) <= found.lacks).all()
        assert way.frame == way.handed_out + way.left
        assert way.handed_out == way.given.sum()
    gained = found.after > found.before
    assert (gainers.given[gained] >= found.before[gained]).all()
    frame = compared.runs[-1].results.value("etat_ramme_i_alt").sum()
    assert reserve.frame == gainers.frame == frame
    assert extra.frame == frame + found.lacks.sum()

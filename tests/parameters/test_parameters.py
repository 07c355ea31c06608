"""The numbers are those of the contract and of the slides; ``tests/audit`` checks their files."""

from datetime import date
from functools import partial
from itertools import pairwise

import pytest
import yaml

from openfisca_bergen_hbt.grunnregelverk import folder
from openfisca_bergen_hbt.law.proposals import from_settings
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force, with_proposals
from openfisca_bergen_hbt.rules.derived import DERIVED, leaf, value_followed

FILES = sorted(path for path in folder("parameters").rglob("*.yaml") if path.name != "index.yaml")
#: 2019: Bergen, Trondheim, Stavanger, Oslo, ASSS with Oslo, in the order of the slide.
KOSTRA = {
    "netto_driftsutgifter_per_innbygger": (19_747, 18_557, 20_877, 20_313, 20_597),
    "driftsutgifter_per_institusjonsplass": (1_151_310, 1_126_449, 1_278_249, 1_418_211, 1_283_814),
    "hjemmetjenestebrukere_67_79": (57.2, 60.2, 49.7, 64.8, 60.7),
    "hjemmetjenestebrukere_over_80": (267.9, 272.6, 275.2, 286.5, 274.3),
    "institusjonsbrukere_over_80": (132.8, 166.2, 78.3, 107.9, 120.5),
    "institusjonsplasser_over_80": (0.206, 0.226, 0.232, 0.196, 0.194),
    "helsefagutdanning": (0.762, 0.825, 0.796, 0.748, 0.774),
}


def test_the_values_are_those_of_the_contract(law):
    at_2019 = law.get_parameters_at_instant("2019-01-01")
    assert at_2019.budsjett.ramme == round(51_784_341 / 0.05) - 14_000_000
    assert at_2019.aktivitetsbasert.timepris == round((51_784_341 / 0.05 + 51_784_341) / 1_101_101, 7)
    assert at_2019.normtid.minutter_per_besoek == 0.45 * 60
    assert at_2019.tid.timer_per_uke_maks == 7 * 24
    bounds = [at_2019.kategorimodell.nedre_grense[f"kategori_{number}"] for number in range(1, 7)]
    assert bounds == [0, 1.5, 7.5, 15, 30, 80]
    weights = [at_2019.kategorimodell.vekt[f"kategori_{number}"] for number in range(1, 6)]
    # T-4: the midpoints of the bands
    assert weights == [(low + high) / 2 for low, high in pairwise(bounds)]
    assert (at_2019.reserve.andel, at_2019.reserve.toleranse) == (0.02, 0.05)
    assert (at_2019.avstand.andel, at_2019.omfordeling.terskel) == (0.01, 0.05)
    assert at_2019.budsjett.tillitsreform_styrking == 14_000_000


@pytest.mark.parametrize("name", DERIVED)
def test_what_is_derived_is_what_its_function_makes_of_the_numbers_it_follows(foundation, name):
    parameter = leaf(foundation.parameters, name)
    assert [dated.value for dated in parameter.values_list] == [
        DERIVED[name](partial(value_followed, foundation.parameters))
    ]
    assert parameter.metadata["derived_from"]
    assert "range" not in parameter.metadata


def test_what_is_derived_follows_what_it_is_derived_from():
    def values(*settings):
        proposal = from_settings(settings, SYSTEMS.foundation(), date(2019, 1, 1))
        found = SYSTEMS.system(with_proposals(in_force(), [proposal])[-1]).get_parameters_at_instant("2018-01-01")
        return found.budsjett.ramme, found.aktivitetsbasert.timepris

    of_the_law = 1_021_686_820, 987.6216269
    # 51 784 341 / 4 % - 14 mill; (51 784 341 / 4 % + 51 784 341) / 1 101 101 hours
    assert values("merforbruk.andel=0.04") == (
        1_294_608_525 - 14_000_000,
        round((1_294_608_525 + 51_784_341) / 1_101_101, 7),
    )
    assert values("budsjett.tillitsreform_andel_til_etaten=0.5@2018-01-01") == (
        1_035_686_820 - 7_000_000,
        of_the_law[1],
    )
    # the 14 million are the adopted ones; a change after 1 January 2019 never acts; a number that is given stays
    assert values("budsjett.tillitsreform_styrking=20000000") == of_the_law
    assert values("merforbruk.andel=0.04@2019-07-01") == of_the_law
    assert values("merforbruk.andel=0.04", "budsjett.ramme=900000000@2017-01-01")[0] == 900_000_000


def test_every_range_has_a_reason():
    for path in FILES:
        metadata = yaml.safe_load(path.read_text(encoding="utf-8"))["metadata"]
        assert ("range" in metadata) == ("range_reason" in metadata), path
        if metadata["basis"] in ("derived", "assumption"):
            assert ("range" in metadata) != ("derived_from" in metadata), path


def test_parameters_begin_on_the_contract_s_dates():
    begin = {}
    for path in FILES:
        first = min(map(str, yaml.safe_load(path.read_text(encoding="utf-8"))["values"]))
        begin.setdefault(first, set()).add(path.relative_to(folder("parameters")).with_suffix("").as_posix())
    assert begin["2017-01-01"] == {
        "tid/uker_per_aar",
        "tid/timer_per_uke_maks",
        "normtid/minutter_per_besoek",
        "budsjett/ramme",
        "aktivitetsbasert/timepris",
        "befolkning/spredning",
    }
    assert {name.split("/")[0] for name in begin["2019-01-01"]} == {
        "legemiddelhaandtering",
        "merforbruk",
        "aarsverk",
        "sykefravaer",
        "kostra",
    }
    bergen = {name for name in begin["2018-01-01"] if name.startswith("kostra")}
    assert len(bergen) == 7
    assert all(name.endswith("/bergen") for name in bergen)


def test_kostra_is_the_table_of_the_slides(law):
    at = law.get_parameters_at_instant
    bergen_2018 = [at("2018-06-01").kostra[name]["bergen"] for name in KOSTRA]
    assert bergen_2018 == [19_333, 1_150_586, 60.9, 285.2, 147.3, 0.211, 0.735]
    columns = zip(*KOSTRA.values(), strict=True)
    for municipality, figures in zip(
        ("bergen", "trondheim", "stavanger", "oslo", "asss_med_oslo"), columns, strict=True
    ):
        assert tuple(at("2019-06-01").kostra[name][municipality] for name in KOSTRA) == figures

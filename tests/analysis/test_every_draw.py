"""All draws as files: they lie in the ranges, add up, and give the bands again by other arithmetic."""

import json

import polars
import pytest

from openfisca_bergen_hbt.web.app import create_app
from tests.commands import as_json, run

SAMPLES = 40
OF_DRAWS = ("draw", "regulation", "level", "id", "figure", "value")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("trekk") / "trekk.parquet"
    assert run("sensitivity", "--samples", str(SAMPLES), "--output", str(path)).exit_code == 0
    return path


@pytest.fixture(scope="module")
def draws(file):
    return polars.read_parquet(file)


@pytest.fixture(scope="module")
def found():
    return as_json("sensitivity", "--samples", str(SAMPLES))


def percentile(values, share):
    """Return a percentile by hand: on the line between the two draws that it lies between."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = ordered[min(below + 1, len(ordered) - 1)]
    return ordered[below] + (place - below) * (above - ordered[below])


def test_every_drawn_number_lies_in_its_range(draws, file):
    known = {one["parameter"]: one for one in json.loads(polars.read_parquet_metadata(file)["numbers"])}
    assert set(known) == set(draws.columns) - set(OF_DRAWS)
    for name, one in known.items():
        assert draws[name].n_unique() == SAMPLES
        assert draws[name].is_between(one["low"], one["high"]).all()
    assert polars.read_parquet_metadata(file)["seed"] == "20200604"


def test_each_figure_has_a_row_for_each_draw(draws, found):
    figures = draws.group_by("regulation", "level", "id", "figure").agg(polars.col("draw").sort())
    assert len(figures) == len(found["bands"])
    assert figures["draw"].to_list() == [list(range(1, SAMPLES + 1))] * len(found["bands"])


def test_the_units_add_up_to_what_is_handed_out_in_every_draw(draws):
    given = draws.filter(figure="enhet_samlet_tildeling", level="enhet").group_by("regulation", "draw")
    handed_out = draws.filter(figure="etat_samlet_tildeling").select("regulation", "draw", "value")
    both = given.agg(polars.col("value").sum().alias("units")).join(handed_out, on=["regulation", "draw"])
    assert len(both) == len(handed_out)
    assert (both["units"] == both["value"]).all()


def test_the_draws_give_the_bands_again(draws, found):
    for band in found["bands"]:
        mine = draws.filter(**{name: band[name] for name in ("regulation", "level", "id", "figure")})
        ends = [percentile(mine["value"].to_list(), share) for share in (0.05, 0.95)]
        assert (band["low"], band["high"]) == pytest.approx(ends, abs=0.5), band


def test_json_holds_the_draws_where_they_are_asked_for(draws, found):
    assert not any("draw" in key for key in found)
    content = as_json("sensitivity", "--samples", str(SAMPLES), "--draws")
    assert {key: content[key] for key in found if key != "record"} == {
        key: value for key, value in found.items() if key != "record"
    }
    assert content["record"]["result"] == found["record"]["result"]
    assert [value for one in content["drawn_figures"] for value in one["draws"]] == draws["value"].to_list()
    for one in content["drawn_numbers"]:
        assert one["draws"] == draws[one["parameter"]].to_list()[:SAMPLES]


def test_over_the_web():
    answer = create_app().test_client().post("/sensitivity", json={"samples": 4, "draws": True})
    assert answer.status_code == 200
    assert {len(one["draws"]) for one in answer.json["drawn_figures"]} == {4}


def test_the_file_is_verified(file):
    assert run("verify", str(file)).exit_code == 0


def test_without_draws_there_are_no_rows(tmp_path):
    path = tmp_path / "ingen.parquet"
    assert run("sensitivity", "--samples", "0", "--output", str(path)).exit_code == 0
    assert polars.read_parquet(path).height == 0

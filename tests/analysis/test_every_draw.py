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
        abs_ = 0.5 if band["low"] == int(band["low"]) else 1e-8  # whole kroner and users are rounded
        ends = [percentile(mine["value"].to_list(), share) for share in (0.05, 0.95)]
        assert (band["low"], band["high"]) == pytest.approx(ends, rel=1e-8, abs=abs_), band


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


def test_the_bands_are_of_all_that_compare_shows(found):
    """The figures' names are written out here: those of the tables of docs/analyst.md's report."""
    last = "vedtak_2018_01_kategorimodell"  # the decisions after it change nothing in 2019
    assert set(found["alike"].values()) == {last}
    of_last = {(one["level"], one["figure"]) for one in found["bands"] if one["regulation"] == last}
    ladder = ("vedtakstimer", "aktivitetskostnad", "disponibel_ramme", "samlet_tildeling", "merforbruk")
    assert {("sum", f"etat_{name}") for name in ladder} <= of_last
    of_units = ["enhet_antall_brukere", "enhet_vedtakstimer", "enhet_samlet_tildeling", "enhet_kategoriramme"]
    of_units += ["enhet_tildeling_per_bruker", "enhet_tildeling_per_time", "enhet_underdekning", "endring"]
    of_units += [f"antall_kategori_{number}" for number in range(1, 7)]
    assert {(level, name) for level in ("enhet", "byomraade", "sum") for name in of_units} <= of_last


def test_the_laws_own_figures_are_those_of_compare(found):
    compared = as_json("compare")
    shown = {
        (column["regulation"], column["level"], member, column["variable"]): value
        for column in compared["figures"]
        if column["period"] == "2019"
        for member, value in zip(compared["ids"][column["level"]], column["values"], strict=True)
    }
    common = [band for band in found["bands"] if tuple(band.values())[:4] in shown]
    assert len(common) > 150
    for band in common:
        assert band["value"] == pytest.approx(shown[tuple(band.values())[:4]], rel=1e-8), band


def test_users_by_category_add_up_to_the_users_in_every_draw(draws):
    at = {"level": "enhet"}
    counted = draws.filter(polars.col("figure").str.starts_with("antall_kategori_"), **at).group_by("id", "draw")
    users = draws.filter(figure="enhet_antall_brukere", **at).select("id", "draw", "value")
    both = counted.agg(polars.col("value").sum().alias("counted")).join(users, on=["id", "draw"])
    assert len(both) == 6 * SAMPLES
    assert (both["counted"] == both["value"]).all()


def test_nothing_that_is_held_back_is_in_a_band_or_a_draw(tmp_path):
    file, path = tmp_path / "brukere.csv", tmp_path / "trekk.parquet"
    hours = [("A", 5.0)] * 7 + [("A", 20.0)] * 2 + [("B", 9.0)] * 8 + [("C", 30.0)] * 3
    file.write_text("enhet;timer_per_uke\n" + "".join(f"{unit};{of}\n" for unit, of in hours))
    own = ("--data", str(file), "--frame", "30000000", "--samples", "8")
    compared = as_json("compare", *own[:4])
    hidden = {
        (column["level"], member, column["variable"])
        for column in compared["figures"]
        for member, value in zip(compared["ids"][column["level"]], column["values"], strict=True)
        if value is None
    }
    assert ("enhet", "C", "enhet_antall_brukere") in hidden  # three users
    assert run("sensitivity", *own, "--output", str(path)).exit_code == 0
    bands = as_json("sensitivity", *own)["bands"]
    held = [one for one in bands if (one["level"], one["id"], one["figure"]) in hidden]
    assert {one["figure"] for one in held} >= {"enhet_antall_brukere", "enhet_vedtakstimer", "antall_kategori_4"}
    assert {(one["value"], one["low"], one["high"]) for one in held} == {(None, None, None)}
    # users by category in a draw would tell, beside the count itself, how many lie between two bounds
    assert {one["low"] for one in bands if one["figure"].startswith("antall_kategori_")} == {None}
    for row in polars.read_parquet(path).filter(polars.col("level") != "sum").iter_rows(named=True):
        is_held = (row["level"], row["id"], row["figure"]) in hidden or row["figure"].startswith("antall_kategori_")
        assert (row["value"] is None) == is_held
    unheld = as_json("sensitivity", *own, "--no-suppression")["bands"]
    assert None not in {one["low"] for one in unheld}

"""Users in many files: the figures of one file to the last bit, and faults with their file, row group and row."""

from pathlib import Path

import numpy
import polars
import pytest

from openfisca_bergen_hbt.analysis.comparison import Comparison
from openfisca_bergen_hbt.intake.microdata import Files, read_populations
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force, versions
from openfisca_bergen_hbt.partitions import files as partition_files
from openfisca_bergen_hbt.partitions.reading import Reader
from openfisca_bergen_hbt.partitions.row_groups import row_groups
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.simulate import simulate

PLACES = {"Arna": ("Ytre", "X"), "Bergenhus": ("Indre", "X"), "Fana": ("Ytre", "X"), "Åsane": ("Nord", "Y")}
RAMMER = "etat;budsjettramme;tillitsreform_styrking\nX;40 000 000;14 000 000\nY;20 000 000;0\n"


def users(count=90, seed=1):
    """Users by month in four units and two etater, some of whom move, come and go."""
    random = numpy.random.default_rng(seed)
    months = []
    hours = numpy.round(numpy.minimum(random.lognormal(1.5, 1.5, count), 168), 3)
    unit = random.choice(list(PLACES), count)
    for month in range(1, 13):
        hours[random.integers(0, count, 9)] = numpy.round(random.uniform(0, 100, 9), 3)
        unit[random.integers(0, count, 2)] = "Fana"
        own = {"bruker": [f"b{n}" for n in range(count)], "enhet": unit.tolist()}
        own |= {group: [PLACES[one][n] for one in unit] for n, group in enumerate(("byomraade", "etat"))}
        frame = polars.DataFrame({**own, "maaned": [f"2019-{month:02}"] * count, "vurdert_timer_per_uke": hours.copy()})
        months.append(frame.filter(polars.Series(random.random(count) < 0.9)))
    return polars.concat(months)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rammer.csv").write_text(RAMMER, encoding="utf-8")
    return tmp_path


def by(table, column, folder, *, keep=False, ending="parquet", groups=20):
    for (value,), part in table.partition_by(column, as_dict=True, include_key=True).items():
        place = folder / f"{column}={value}"
        place.mkdir(parents=True)
        part = part if keep else part.drop(column)  # noqa: PLW2901 (a part as it is written)
        part.write_parquet(place / "del.parquet", row_group_size=groups) if ending == "parquet" else part.write_csv(
            place / "del.csv"
        )
    return folder


def by_month(table, folder, **how):
    for (month,), part in table.partition_by("maaned", as_dict=True).items():
        year, number = month.split("-")
        place = folder / f"aar={year}" / f"maaned={number}"
        place.mkdir(parents=True)
        part.drop("maaned").write_parquet(place / "del.parquet", **how)
    return folder


def read(data, year=2019):
    return Reader(Files(Path(data), agencies=Path("rammer.csv")), [year]).read({year: [SYSTEMS.system(in_force())]})[
        year
    ]


def figures(found, asked=None):
    compared = Comparison(found.population, 2019, asked or versions()[1:], suppression=False)
    compared.compute()
    return [(*block[:4], list(block.ids), block.values.tobytes()) for block in compared.blocks()]


@pytest.mark.parametrize(
    "layout", ["month", "month, small parts", "enhet", "etat, csv", "byomraade, keys kept", "files"]
)
def test_any_layout_gives_every_figure_of_one_file(layout, folder, monkeypatch):
    table = users()
    table.write_csv("alt.csv")
    data = folder / "data"
    if layout.startswith("month"):
        monkeypatch.setattr(partition_files, "ROWS_AT_ONCE", 30 if "small" in layout else 400_000)
        by_month(table, data, row_group_size=7)
    elif layout == "files":
        data.mkdir()
        for number in range(3):
            table.sample(fraction=1, shuffle=True, seed=number)
            table[number::3].write_parquet(data / f"{number}.parquet")
        (data / "_SUCCESS").write_text("")
        table.clear().write_parquet(data / "tom.parquet")
    else:
        by(table, layout.partition(",")[0], data, keep="kept" in layout, ending="csv" if "csv" in layout else "parquet")
    one = read_populations(Files(Path("alt.csv"), agencies=Path("rammer.csv")), [2019])[2019]
    found = read(data)
    assert list(found.population.unit_names) == list(one.population.unit_names)
    assert figures(found) == figures(one)


def test_a_law_that_was_not_asked_for_first_reads_the_files_again(folder):
    table = users().with_columns(besoek_per_uke=polars.col("vurdert_timer_per_uke") * 2)
    table.write_csv("alt.csv")
    one = read_populations(Files(Path("alt.csv"), agencies=Path("rammer.csv")), [2019])[2019].population
    found = read(by(table, "etat", folder / "data")).population
    given = [simulate(people, regelverk("2017-01-01"), 2019).value("enhet_samlet_tildeling") for people in (found, one)]
    assert given[0].tobytes() == given[1].tobytes()


def test_users_are_followed_however_their_months_stand(folder):
    table = users().with_columns(etat=polars.lit("X"))
    halves = table.with_columns(polars.col("bruker").str.slice(1).cast(int).mod(2).alias("halv"))
    together = folder / "sammen"
    together.mkdir()
    for (half,), part in halves.partition_by("halv", as_dict=True).items():
        part.drop("halv").write_csv(together / f"{half}.csv")
    (folder / "rammer.csv").write_text("budsjettramme\n40 000 000\n", encoding="utf-8")
    table.write_csv("alt.csv")
    one = read_populations(Files(Path("alt.csv"), agencies=Path("rammer.csv")), [2019])[2019].population
    law = regelverk(lesninger=["lesning_t15_faktisk_bruker"])
    apart = read(by_month(table, folder / "maaneder")).population
    for name in ("enhet_tildeling_over_80", "enhet_maanedsramme", "enhet_fordelingsandel"):
        expected, *found = (
            simulate(people, law, 2019).by_month(name) for people in (one, read(together).population, apart)
        )
        assert all(amounts.tobytes() == expected.tobytes() for amounts in found), name
    assert simulate(one, regelverk(), 2019).by_month("enhet_fordelingsandel").tobytes() != expected.tobytes()


def refused(data):
    with pytest.raises(DataError) as error:
        read(data)
    return str(error.value)


def test_faults_name_file_row_group_and_row(folder):
    table = users()
    hours = polars.when(polars.int_range(polars.len()) == 45).then(200.0).otherwise(polars.col("vurdert_timer_per_uke"))
    january = table.filter(polars.col("maaned") == "2019-01").with_columns(hours.alias("vurdert_timer_per_uke"))
    other = table.filter(polars.col("maaned") != "2019-01")
    data = by_month(polars.concat([january, other]), folder / "data", row_group_size=20)
    # the 46th row below the heading is row 47, and the sixth of the third group of twenty
    said = "aar=2019/maaned=01/del.parquet, row group 3, row 47, column vurdert_timer_per_uke: '200' is above 168"
    assert said in refused(data)


def test_a_user_twice_in_a_month_is_found_in_other_files(folder):
    table = users()
    data = by(table, "etat", folder / "data", groups=50)
    extra = table.filter(polars.col("etat") == "X")[70:71]
    extra.drop("etat").with_columns(enhet=polars.lit("Åsane"), byomraade=polars.lit("Nord")).write_parquet(
        data / "etat=Y" / "fler.parquet"
    )
    # row 72 of etat=X, in its second group
    said = "etat=Y/fler.parquet, row group 1, row 2, column bruker: the same user stands also in etat=X/del.parquet, "
    assert f"{said}row group 2, row 72 for a month. Keep one row." in refused(data)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"byomraade": polars.lit("Sør")}, "the unit lies in another 'byomraade' in etat=X/del.parquet"),
        ({"enhet": polars.lit("FANA")}, "names differ in capitals or spaces alone: 'FANA' and 'Fana'"),
        ({"timer_per_uke": polars.lit(1.0)}, "the columns are not those of etat=X/del.parquet: timer_per_uke"),
        ({"maaned": polars.lit("2018-01")}, "lies outside 2019"),
        ({"enhet": polars.lit("Sum")}, "looks like a row of sums"),
        ({"etat": polars.lit("Y")}, "is not what the folder says (etat=X)"),
        ({"bruker": polars.lit("01010150074")}, "a Norwegian identity number stands here"),
    ],
)
def test_what_one_file_would_be_refused_for_is_found_across_files(change, said, folder):
    data = by(users(), "etat", folder / "data")
    table = users(1, seed=5).with_columns(
        bruker=polars.lit("ny"), enhet=polars.lit("Fana"), byomraade=polars.lit("Ytre")
    )
    new = table.drop("etat").with_columns(**change)
    new.write_parquet(data / "etat=X" / "nye.parquet")
    assert said in refused(data)


def test_a_month_that_no_file_is_about(folder):
    data = by_month(users().filter(polars.col("maaned") != "2019-03"), folder / "data")
    assert "no rows for 2019-03" in refused(data)


def test_files_that_are_none(folder):
    (folder / "tom").mkdir()
    assert "there are no files of Parquet or CSV" in refused(folder / "tom")
    (folder / "tom" / "bok.xlsx").write_bytes(b"PK")
    assert "holds files of Parquet and CSV alone" in refused(folder / "tom")
    (folder / "skadet").mkdir()
    (folder / "skadet" / "a.parquet").write_bytes(b"PAR1 og mer")
    assert "a.parquet: the file can't be read as Parquet" in refused(folder / "skadet")
    (folder / "galt" / "maaned=13").mkdir(parents=True)
    (folder / "galt" / "maaned=13" / "a.csv").write_text("enhet;timer_per_uke\nA;1\n")
    assert "the folder says no month" in refused(folder / "galt")


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_row_groups_are_told_as_another_reader_tells_them(size, tmp_path):
    pyarrow = pytest.importorskip("pyarrow.parquet")
    users().write_parquet(tmp_path / "a.parquet", row_group_size=size)
    told = pyarrow.ParquetFile(tmp_path / "a.parquet").metadata
    with (tmp_path / "a.parquet").open("rb") as opened:
        found = row_groups(opened)
    assert found == [told.row_group(n).num_rows for n in range(told.num_row_groups)]


def test_several_years_are_read_in_one_go_and_other_years_left_alone(folder):
    table = users()
    later = table.with_columns(polars.col("maaned").str.replace("2019", "2020"))
    by_month(polars.concat([table, later]), folder / "data")
    (folder / "rammer.csv").write_text(RAMMER, encoding="utf-8")
    files = Files(folder / "data", agencies=Path("rammer.csv"))
    law = SYSTEMS.system(in_force())
    both = Reader(files, [2019, 2020]).read({2019: [law], 2020: [law]})
    alone = read(folder / "data")
    assert any("12 files of other years: not read" in note for note in alone.notes)
    hours = [simulate(found.population, law, 2019).value("enhet_vedtakstimer") for found in (both[2019], alone)]
    assert hours[0].tobytes() == hours[1].tobytes()
    assert simulate(both[2020].population, law, 2020).value("enhet_vedtakstimer").tobytes() == hours[0].tobytes()

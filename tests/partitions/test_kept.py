"""What an interrupted run has finished: read again, never used for other data or another law, and of no single user."""

from pathlib import Path

import polars
import pytest

from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.partitions import partition_sums, reading
from openfisca_bergen_hbt.partitions.kept import Kept
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.simulate import simulate
from tests.partitions.test_reading import by, by_month, folder, users

__all__ = ["folder"]


@pytest.fixture
def summed(monkeypatch):
    """The numbers of users whose sums are made, part by part."""
    found = []
    original = partition_sums.sums_of_units

    def counted(people, *arguments, **named):
        found.append(len(people.unit_of_user))
        return original(people, *arguments, **named)

    monkeypatch.setattr(partition_sums, "sums_of_units", counted)
    return found


def read(data, key="lov", law=None, begin=lambda _: lambda: None):
    files = Files(Path(data), agencies=Path("rammer.csv"))
    kept = Kept(Path("ferdig"), key)
    return reading.Reader(files, [2019], begin, kept).read({2019: [law or SYSTEMS.system(in_force())]})[2019]


def amounts(found, law=None):
    results = simulate(found.population, law or SYSTEMS.system(in_force()), 2019)
    return [results.value(name).tobytes() for name in ("enhet_samlet_tildeling", "enhet_vedtakstimer")]


def test_a_run_that_is_interrupted_goes_on_where_it_was(folder, summed):
    data = by_month(users(), folder / "data")
    expected = amounts(read(data, "annet"))
    assert len(summed) == 12
    summed.clear()

    def begin(files):
        left = iter(range(6))

        def done():
            if next(left) == 5:
                raise KeyboardInterrupt

        assert files == 12
        return done

    with pytest.raises(KeyboardInterrupt):
        read(data, begin=begin)
    assert len(summed) == 6
    summed.clear()
    assert amounts(read(data)) == expected
    assert len(summed) == 6
    summed.clear()
    assert amounts(read(data)) == expected
    assert summed == []


def test_what_is_stale_is_not_used(folder, summed):
    data = by(users(), "etat", folder / "data")
    first = amounts(read(data))
    assert len(summed) == 2
    summed.clear()
    read(data, "en annen lov")
    assert len(summed) == 2
    summed.clear()
    changed = polars.read_parquet(data / "etat=X" / "del.parquet", hive_partitioning=False)
    changed.with_columns(polars.col("vurdert_timer_per_uke") / 2).write_parquet(data / "etat=X" / "del.parquet")
    assert amounts(read(data)) != first
    assert len(summed) == 1
    for file in Path("ferdig").iterdir():
        file.write_bytes(file.read_bytes()[:-50])  # cut off
    summed.clear()
    read(data)
    assert len(summed) == 2


def test_a_user_in_a_finished_file_is_known(folder):
    data = by(users(), "etat", folder / "data")
    read(data)
    again = polars.read_parquet(data / "etat=X" / "del.parquet", hive_partitioning=False)[5:6]
    again.write_parquet(data / "etat=X" / "fler.parquet")
    with pytest.raises(DataError, match=r"fler.parquet, row group 1, row 2.*stands also in etat=X/del.parquet"):
        read(data)


def test_nothing_of_a_user_is_kept(folder):
    table = users().with_columns(bruker=polars.concat_str(polars.lit("pseudonym"), "bruker"))
    read(by(table, "etat", folder / "data"))
    kept = [file.read_bytes() for file in Path("ferdig").iterdir()]
    assert len(kept) == 2
    assert all(b"Fana" in content or b"sane" in content for content in kept)  # by unit, stored as they are
    assert not any(b"pseudonym" in content for content in kept)


def test_users_who_are_followed_are_kept_too(folder):
    law = regelverk(lesninger=["lesning_t15_faktisk_bruker"])
    table = users().filter(polars.col("enhet") != "Åsane")
    table = table.with_columns(bruker=polars.concat_str("bruker", "enhet"))
    data = by(table, "enhet", folder / "data")
    (folder / "rammer.csv").write_text("budsjettramme\n40 000 000\n", encoding="utf-8")
    assert amounts(read(data, law=law), law) == amounts(read(data, law=law), law)

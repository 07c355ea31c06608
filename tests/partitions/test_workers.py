"""Users read by several processes of this machine: the figures of one file, and readable refusals."""

import os
import pickle
from datetime import date

import polars
import pytest

from openfisca_bergen_hbt.intake.problems import DataError, Problem
from openfisca_bergen_hbt.law.proposals import from_settings
from openfisca_bergen_hbt.law.systems import SYSTEMS, version_of
from openfisca_bergen_hbt.law.versions import asked_for, in_force
from openfisca_bergen_hbt.partitions.workers import Processes
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.rules.errors import SituationError
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import speaking
from tests.commands import run
from tests.partitions.test_cluster import one, read
from tests.partitions.test_reading import by, by_month, figures, folder, users

__all__ = ["folder"]


@pytest.fixture(scope="module")
def processes():
    found = Processes(2)
    yield found
    found.close()


def test_processes_give_every_figure_of_one_file(folder, processes):
    table = users()
    assert figures(read(by_month(table, folder / "data"), processes)) == figures(one(table))


def test_a_law_that_shows_up_later_is_made_by_each_process(folder, processes):
    """Decisions, readings and proposals go to the processes as what they are."""
    table = users().with_columns(besoek_per_uke=polars.col("vurdert_timer_per_uke") * 2)
    found, alone = read(by(table, "etat", folder / "data"), processes).population, one(table).population
    changed = from_settings(
        ["reserve.andel=0.03", "kategorimodell.nedre_grense.kategori_6=70"], regelverk(), date(2019, 1, 1)
    )
    law = SYSTEMS.system(asked_for(["2019-06"], readings=["lesning_t10_maanedsrater"], proposals=[changed])[-1])
    for asked in (law, regelverk("2017-01-01")):
        pair = [simulate(people, asked, 2019).value("enhet_samlet_tildeling") for people in (found, alone)]
        assert pair[0].tobytes() == pair[1].tobytes()


def test_a_system_is_made_again_from_what_it_is_made_of():
    for version in (in_force(), asked_for(["2019-06"], without=["vedtak_2018_01_kategorimodell"])[0]):
        assert SYSTEMS.system(version_of(SYSTEMS.system(version))) is SYSTEMS.system(version)


def test_a_system_of_ones_own_stays_in_its_process():
    with pytest.raises(ValueError, match="is made of more than decisions, readings and proposals"):
        version_of(type("Egen", (type(regelverk()),), {})(regelverk()))


def test_what_is_wrong_is_told_as_by_one_process(folder, processes):
    table = users()
    data = by(table, "etat", folder / "data", groups=50)
    extra = table.filter(polars.col("etat") == "X")[70:71].drop("etat")
    extra.write_parquet(data / "etat=X" / "fler.parquet")
    said = []
    for workers in (None, processes):
        with pytest.raises(DataError) as error:
            read(data, workers)
        said.append(str(error.value))
    # row 72 of the first file, in its second group of fifty
    assert "fler.parquet, row group 1, row 2" in said[0]
    assert "del.parquet, row group 2, row 72" in said[0]
    assert said[0] == said[1]
    with speaking("nb"), pytest.raises(DataError) as error:
        read(data, processes)
    assert "del.parquet, radgruppe 2, rad 72" in str(error.value)
    assert "Behold én rad" in str(error.value)


@pytest.mark.parametrize("error", [DataError(Problem("nei", "etat", [3])), SituationError(["enheter", "A"], "nei")])
def test_refusals_come_back_as_they_are(error):
    found = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    assert (type(found), str(found), found.args) == (type(error), str(error), error.args)


def test_a_process_that_dies_is_told():
    processes = Processes(2)
    with pytest.raises(ValueError, match=r"has died, .*--workers"):
        list(processes.results(os._exit, [(1,)]))
    processes.close()


def test_the_command_reads_in_processes(folder):
    by_month(users(), folder / "data")
    asked = ("compare", "--data", "data", "--agency", "rammer.csv", "--format", "csv", "--no-suppression")
    here, there = run(*asked), run(*asked, "--workers", "2")
    assert (there.exit_code, there.stdout, there.stderr) == (0, here.stdout, here.stderr)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--data", "alt.csv", "--workers", "2"), "--workers is for users in many files"),
        (("--data", "alt.csv", "--scheduler", "tcp://a:1"), "--scheduler is for users in many files"),
        (("--data", "data", "--workers", "2", "--scheduler", "tcp://a:1"), "Give one of them"),
        (("--data", "data", "--workers", "0"), "0 is not in the range"),
    ],
)
def test_what_does_not_go_together(asked, said, folder):
    table = users(9)
    table.write_csv("alt.csv")
    by_month(table, folder / "data")
    result = run("compare", "--agency", "rammer.csv", *asked)
    assert (result.exit_code, said in result.stderr) == (2, True)

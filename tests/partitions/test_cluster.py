"""Users read by workers of Dask: the figures of one simulation to the last bit, whatever happens to the workers."""

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import dask
import numpy
import polars
import pytest
from distributed import LocalCluster, Security

from openfisca_bergen_hbt.grunnregelverk import folder as law_folder
from openfisca_bergen_hbt.intake.microdata import Files, read_populations
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.law.systems import SYSTEMS, version_of
from openfisca_bergen_hbt.law.versions import in_force
from openfisca_bergen_hbt.partitions import cluster, reading
from openfisca_bergen_hbt.partitions.cluster import Cluster, OtherVersionError
from openfisca_bergen_hbt.partitions.files import partitions
from openfisca_bergen_hbt.partitions.kept import Kept
from openfisca_bergen_hbt.partitions.partition_sums import Instructions, follow_users, read_partition
from openfisca_bergen_hbt.partitions.reading import Reader
from openfisca_bergen_hbt.provenance import hashes
from openfisca_bergen_hbt.regelverk import regelverk
from openfisca_bergen_hbt.simulate import simulate
from openfisca_bergen_hbt.text.language import speaking
from tests.commands import run
from tests.partitions.test_reading import by, by_month, figures, folder, users

__all__ = ["folder"]
#: How many workers are killed in one run; ten in .ci/nightly.
KILLED = int(os.environ.get("KILLED_WORKERS", "3"))


@pytest.fixture(scope="module")
def local():
    # A local cluster gives up a worker that is away after 15 seconds, when it may be killed for the second time.
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "10 minutes"}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as made,
    ):
        yield made


@pytest.fixture
def workers(local):
    found = Cluster(local.scheduler_address, hashes.identity)
    yield found
    found.close()


def read(data, workers, begin=lambda _: lambda: None, law=None, kept=None):
    files = Files(data, agencies=Path("rammer.csv"))
    reader = Reader(files, [2019], begin, kept, workers)
    return reader.read({2019: [law or SYSTEMS.system(in_force())]})[2019]


def one(table):
    table.write_csv("alt.csv")
    return read_populations(Files(Path("alt.csv"), agencies=Path("rammer.csv")), [2019])[2019]


def refused(data, workers):
    with pytest.raises(DataError) as error:
        read(data, workers)
    return str(error.value)


@pytest.mark.parametrize("layout", [by_month, lambda table, folder: by(table, "etat", folder)])
def test_workers_give_every_figure_of_one_simulation(layout, folder, workers):
    table = users()
    assert figures(read(layout(table, folder / "data"), workers)) == figures(one(table))


def test_workers_that_are_killed_cost_no_user_and_count_none_twice(folder, workers):
    table = users(400)
    data = by_month(table, folder / "data")
    random = numpy.random.default_rng(KILLED)
    after, killed = {*random.choice(numpy.arange(1, 12), KILLED, replace=False).tolist()}, []

    def begin(files):
        finished = iter(range(1, files + 1))

        def done():
            if next(finished) in after:
                killed.append(random.choice(pids(workers, but=killed)))
                os.kill(killed[-1], signal.SIGKILL)

        return done

    assert figures(read(data, workers, begin)) == figures(one(table))
    assert len(killed) == KILLED


def pids(workers, but):
    """Return the processes of the workers that are alive."""
    while True:
        workers.client.wait_for_workers(1)
        found = {*workers.client.run(os.getpid, on_error="ignore").values()} - {*but}
        if found:
            return sorted(found)


def test_a_file_that_workers_die_of_is_named(workers, monkeypatch):
    monkeypatch.setattr(cluster, "LIVES", 0)
    with pytest.raises(ValueError, match=r"workers died again and again of the same file, .*: 1$"):
        list(workers.results(os._exit, [(1,)]))


def test_faults_name_file_row_group_and_row(folder, workers):
    table = users()
    data = by_month(table, folder / "data", row_group_size=20)
    bad = data / "aar=2019" / "maaned=05" / "del.parquet"
    rows = polars.read_parquet(bad, hive_partitioning=False)
    wrong = polars.when(polars.int_range(polars.len()) == 45).then(200.0).otherwise(polars.col("vurdert_timer_per_uke"))
    rows.with_columns(wrong.alias("vurdert_timer_per_uke")).write_parquet(bad, row_group_size=20)
    # the 46th row below the heading is row 47, and the sixth of the third group of twenty
    said = "aar=2019/maaned=05/del.parquet, row group 3, row 47, column vurdert_timer_per_uke: '200' is above 168"
    assert said in refused(data, workers)
    with speaking("nb"):  # in the words of who asks, whoever reads
        said = "aar=2019/maaned=05/del.parquet, radgruppe 3, rad 47, kolonne vurdert_timer_per_uke: «200» er over 168"
        assert said in refused(data, workers)


def test_a_user_twice_in_a_month_is_found_in_other_files(folder, workers):
    table = users()
    data = by(table, "etat", folder / "data", groups=50)
    extra = table.filter(polars.col("etat") == "X")[70:71]
    extra.drop("etat").with_columns(enhet=polars.lit("Åsane"), byomraade=polars.lit("Nord")).write_parquet(
        data / "etat=Y" / "fler.parquet"
    )
    # row 72 of etat=X, in its second group
    said = "etat=Y/fler.parquet, row group 1, row 2, column bruker: the same user stands also in etat=X/del.parquet, "
    assert f"{said}row group 2, row 72 for a month. Keep one row." in refused(data, workers)


@pytest.mark.parametrize("rows", [reading.ROWS_OF_USERS, 300])  # 300: several buckets of users
def test_users_whose_months_stand_apart_are_followed_by_workers(rows, folder, workers, monkeypatch):
    monkeypatch.setattr(reading, "ROWS_OF_USERS", rows)
    (folder / "rammer.csv").write_text("budsjettramme\n40 000 000\n", encoding="utf-8")
    table = users().filter(polars.col("enhet") != "Åsane").drop("etat")
    assert table.height > 600
    law = regelverk(lesninger=["lesning_t15_faktisk_bruker"])
    found = read(by_month(table, folder / "maaneder"), workers).population
    for figure in ("enhet_tildeling_over_80", "enhet_fordelingsandel", "enhet_ramme_hittil"):
        pair = [simulate(people, law, 2019).by_month(figure) for people in (found, one(table).population)]
        assert pair[0].tobytes() == pair[1].tobytes()


def test_of_users_who_are_followed_counts_alone_leave_a_worker(folder):
    table = users().with_columns(bruker=polars.concat_str(polars.lit("pseudonym"), "bruker"))
    files = partitions(by_month(table, folder / "data"))
    law = version_of(regelverk(lesninger=["lesning_t15_faktisk_bruker"]))
    how = Instructions([2019], Written(), None, {2019: [law]}, tells_users=False)
    counted, contents, problems = found = follow_users(files, how, 0, 1)
    assert not problems
    assert {*contents} == {file.name for file in files}
    for (_, (first, second)), counts in counted.sums.items():  # each user of a unit once, as without months
        assert counts.sum() == table.select("bruker", "enhet").n_unique(), (first, second)
    assert b"pseudonym" not in pickle.dumps(found)
    hashed = table.select(polars.struct("bruker", polars.col("enhet").cast(polars.String)).hash()).to_series().unique()
    assert not any(value.tobytes() in pickle.dumps(found) for value in hashed.to_numpy())


def test_what_leaves_a_worker_is_of_no_user(folder):
    table = users().with_columns(bruker=polars.concat_str(polars.lit("pseudonym"), "bruker"))
    (file, *_) = partitions(by(table, "etat", folder / "data"))
    laws = {2019: [version_of(SYSTEMS.system(in_force()))]}
    here, elsewhere = (
        read_partition(file, Instructions([2019], Written(), None, laws, tells_users=told)) for told in (True, False)
    )
    assert elsewhere.users == {}
    assert len(here.users[2019][0]) == table.filter(polars.col("etat") == "X")["bruker"].n_unique()
    sent = pickle.dumps(elsewhere)
    assert b"pseudonym" not in sent
    hashed = table["bruker"].unique().hash().to_numpy()
    assert not any(value.tobytes() in sent for value in hashed)


def test_resume_with_workers(folder, workers):
    data = by_month(users(), folder / "data")
    first, again = (read(data, workers, kept=Kept(Path("ferdig"), "lov")) for _ in range(2))
    assert len(list(Path("ferdig").iterdir())) == 12
    assert figures(first) == figures(again)


def start_worker(address, path):
    """Start a worker that finds packages in a folder first."""
    asked = [sys.executable, "-m", "dask", "worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(asked, cwd=path, env={**os.environ, "PYTHONPATH": str(path)}, **quiet)


def another_numpy(path):
    (path / "numpy-1.0.dist-info").mkdir()
    (path / "numpy-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0\n")
    return f"numpy 1.0, and here it is {version('numpy')}"


def another_package(path):
    (path / "openfisca_bergen_hbt-0.4.0.dist-info").mkdir()
    (path / "openfisca_bergen_hbt-0.4.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: openfisca-bergen-hbt\nVersion: 0.4.0\n"
    )
    return "openfisca-bergen-hbt 0.4.0, and here it is "


def another_law(path):
    package = Path(hashes.__file__).parent.parent
    shutil.copytree(package, path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("parameters", "variables", "reforms", "readings", "proposals"):
        shutil.copytree(law_folder(name), path / package.name / name, ignore=shutil.ignore_patterns("__pycache__"))
    reserve = path / package.name / "parameters" / "reserve" / "andel.yaml"
    reserve.write_text(reserve.read_text(encoding="utf-8").replace("0.02", "0.021"), encoding="utf-8")
    return "another law ("


def no_package(path):
    """Hide the package, as where it is not installed."""
    (path / "sitecustomize.py").write_text("import sys\nsys.modules['openfisca_bergen_hbt'] = None\n")
    another_numpy(path)
    return "numpy 1.0"


@pytest.mark.parametrize("make", [another_numpy, another_package, another_law])
def test_a_worker_of_another_version_is_refused_by_name(make, tmp_path):
    said = make(tmp_path)
    with LocalCluster(n_workers=0, dashboard_address=":0") as empty:
        worker = start_worker(empty.scheduler_address, tmp_path)
        try:
            with pytest.raises(OtherVersionError) as error:
                Cluster(empty.scheduler_address, hashes.identity)
        finally:
            worker.kill()
            worker.wait()
    assert str(error.value).startswith("the worker tcp://")
    assert said in str(error.value)


@pytest.mark.parametrize("make", [another_numpy, no_package])
def test_a_worker_of_another_version_that_comes_later_is_refused_too(make, tmp_path, local, workers):
    said = make(tmp_path)
    results = workers.results(time.sleep, [(0.2,)] * 100)
    next(results)
    worker = start_worker(local.scheduler_address, tmp_path)
    try:
        with pytest.raises(OtherVersionError, match=said):
            list(results)
    finally:
        worker.kill()
        worker.wait()


def test_the_command_takes_a_file_of_the_scheduler(folder, local):
    data = by_month(users(), folder / "data")
    Path("scheduler.json").write_text(json.dumps({"address": local.scheduler_address}), encoding="utf-8")
    asked = ("compare", "--data", str(data), "--agency", "rammer.csv", "--format", "csv", "--no-suppression")
    here, there = run(*asked), run(*asked, "--scheduler", "scheduler.json")
    assert (there.exit_code, there.stderr) == (0, here.stderr)
    assert there.stdout == here.stdout


@pytest.mark.parametrize(
    ("scheduler", "said"),
    [
        ("tcp://127.0.0.1:9", "there is no answer"),
        ("sky://a", "there is no answer"),
        ("nei.json", "neither the file of a scheduler, nor an address"),
        ("rammer.csv", "neither the file of a scheduler, nor an address"),
    ],
)
def test_a_scheduler_that_is_none(scheduler, said, folder, monkeypatch):
    monkeypatch.setattr(Cluster.__init__, "__defaults__", (2,))
    by_month(users(), folder / "data")
    start = time.monotonic()
    result = run("compare", "--data", "data", "--agency", "rammer.csv", "--scheduler", scheduler)
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert time.monotonic() - start < 10


def test_a_scheduler_without_workers():
    empty = LocalCluster(n_workers=0, dashboard_address=":0")
    with empty, pytest.raises(ValueError, match="no worker within 1 seconds"):
        Cluster(empty.scheduler_address, hashes.identity, 1)


def test_without_dask_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=r"pip install 'openfisca-bergen-hbt\[cluster\]'"):
        Cluster("tcp://127.0.0.1:9", hashes.identity)


def test_tls_is_by_dasks_own_settings(folder):
    by_month(users(9), folder / "data")
    made = Security.temporary()
    settings = {"ca-file": made.tls_ca_file, "client.cert": made.tls_client_cert, "client.key": made.tls_client_key}
    how = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**how, security=made, protocol="tls") as local:
        with pytest.raises(ValueError, match="there is no answer"):
            Cluster(local.scheduler_address, hashes.identity, 3)
        with dask.config.set({f"distributed.comm.tls.{name}": value for name, value in settings.items()}):
            workers = Cluster(local.scheduler_address, hashes.identity)
            assert figures(read(folder / "data", workers)) == figures(read(folder / "data", None))
            workers.close()

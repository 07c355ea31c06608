"""Users in object storage: the figures of one file, by this process and by workers, and readable refusals."""

import sys
import time
from pathlib import Path

import boto3
import fsspec
import pytest
import s3fs
from distributed import LocalCluster
from moto.server import ThreadedMotoServer

from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.partitions.cluster import Cluster
from openfisca_bergen_hbt.partitions.stored import Stored
from openfisca_bergen_hbt.provenance import hashes
from tests.commands import run
from tests.partitions.test_cluster import one, read
from tests.partitions.test_reading import by, by_month, figures, folder, users

__all__ = ["folder"]


@pytest.fixture(scope="module")
def server():
    """A local server of S3, and what says where it is and who asks."""
    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    made.start()
    host, port = made.get_host_and_port()
    yield {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "hemmelig-navn",
        "AWS_SECRET_ACCESS_KEY": "hemmelig-nokkel",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    made.stop()


@pytest.fixture(autouse=True)
def asking(server, monkeypatch):
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    yield
    s3fs.S3FileSystem.clear_instance_cache()


def uploaded(folder, bucket):
    """Put all files of a folder in a bucket of their own."""
    store = boto3.client("s3")
    store.create_bucket(Bucket=bucket)
    for file in sorted(folder.rglob("*.*")):
        if file.is_file():
            store.put_object(Bucket=bucket, Key=f"brukere/{file.relative_to(folder)}", Body=file.read_bytes())
    store.close()


@pytest.mark.parametrize(
    ("layout", "pattern"),
    [("maaned", ""), ("maaned", "aar=2019/*/*.parquet"), ("etat", ""), ("csv", "*/*.csv")],
)
def test_object_storage_gives_every_figure_of_one_file(layout, pattern, folder):
    table = users()
    if layout == "maaned":
        by_month(table, folder / "data", row_group_size=20)
    else:
        by(table, "etat", folder / "data", ending="csv" if layout == "csv" else "parquet")
    bucket = f"b-{layout}-{len(pattern)}"
    uploaded(folder / "data", bucket)
    found = read(Stored(f"s3://{bucket}/brukere/{pattern}"), None)
    assert figures(found) == figures(one(table))
    assert any(f"{12 if layout == 'maaned' else 2} files of users" in note for note in found.notes)


def test_workers_read_object_storage(folder, server):
    table = users()
    uploaded(by(table, "etat", folder / "data", groups=50), "arbeidere")
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", env=server) as local:
        workers = Cluster(local.scheduler_address, hashes.identity)
        found = read(Stored("s3://arbeidere/brukere/"), workers)
        workers.close()
    assert figures(found) == figures(one(table))


def test_faults_and_users_twice_are_found_in_object_storage(folder):
    table = users()
    data = by(table, "etat", folder / "data", groups=50)
    again = table.filter(table["etat"] == "X")[70:71].drop("etat")
    again.write_parquet(data / "etat=X" / "fler.parquet")
    uploaded(data, "to-ganger")
    with pytest.raises(DataError) as error:
        read(Stored("s3://to-ganger/brukere"), None)
    # row 72 of the first file, in its second group of fifty
    said = "etat=X/fler.parquet, row group 1, row 2, column bruker: the same user stands also in etat=X/del.parquet, "
    assert f"{said}row group 2, row 72 for a month. Keep one row." in str(error.value)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_other_addresses(kind, folder):
    table = users()
    data = by(table, "etat", folder / "data")
    if kind == "memory":
        system = fsspec.filesystem("memory")
        for file in data.rglob("*.parquet"):
            system.pipe_file(f"/brukere/{file.relative_to(data)}", file.read_bytes())
    address = "memory://brukere" if kind == "memory" else f"file://{data}"
    assert figures(read(Stored(address), None)) == figures(one(table))


def test_the_command_takes_an_address(folder):
    uploaded(by_month(users(), folder / "data"), "kommando")
    asked = ("compare", "--agency", "rammer.csv", "--format", "csv", "--no-suppression", "--data")
    here, there = run(*asked, "data"), run(*asked, "s3://kommando/brukere/")
    assert (there.exit_code, there.stdout) == (0, here.stdout)


REFUSED = ("compare", "--frame", "30000000", "--data")


def test_a_bucket_that_is_none():
    result = run(*REFUSED, "s3://finnes-ikke/brukere/")
    assert (result.exit_code, "there is no such bucket, folder or file" in result.stderr) == (2, True)


def test_a_folder_without_files(folder):
    uploaded(folder / "tom", "tom")
    result = run(*REFUSED, "s3://tom/brukere/")
    assert (result.exit_code, "there are no files of Parquet or CSV" in result.stderr) == (2, True)


def test_without_credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "nei")
    result = run(*REFUSED, "s3://kommando/brukere/")
    assert (result.exit_code, "credentials" in result.stderr) == (2, True)


def test_a_store_that_does_not_answer(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    start = time.monotonic()
    result = run(*REFUSED, "s3://kommando/brukere/")
    assert (result.exit_code, "it can't be reached (" in result.stderr) == (2, True)
    assert "hemmelig" not in result.stderr
    assert time.monotonic() - start < 60


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sky://bucket/brukere/", "it can't be reached (ValueError)"),
        ("s3://navn:hemmelig@bucket/brukere/", "s3://bucket/brukere/: an address holds no name and password"),
    ],
)
def test_addresses_that_are_none(address, said):
    result = run(*REFUSED, address)
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert "hemmelig" not in result.stderr


def test_without_what_reads_them_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    result = run(*REFUSED, "s3://kommando/brukere/")
    assert (result.exit_code, "pip install 'openfisca-bergen-hbt[cluster]'" in result.stderr) == (2, True)


def test_questions_about_users_themselves_ask_for_one_file():
    result = run("explain", "enhet_samlet_tildeling", "--id", "A", "--data", "s3://kommando/", "--frame", "30000000")
    assert (result.exit_code, "Give one file" in result.stderr) == (2, True)
    assert not Path("kommando").exists()

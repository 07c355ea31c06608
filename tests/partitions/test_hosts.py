"""Users read by workers on two hosts, each in a network namespace of its own (in ``.ci/nightly``: it takes root)."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.partitions.test_reading import by_month, folder, users

__all__ = ["folder"]
pytestmark = pytest.mark.skipif("TWO_HOSTS" not in os.environ, reason="in .ci/nightly")
#: The hosts, and their addresses.
HOSTS = {"bergen-a": "10.77.0.1", "bergen-b": "10.77.0.2"}
SCHEDULER = f"tcp://{HOSTS['bergen-a']}:8786"
#: How long the scheduler waits for a worker that is silent.
PATIENCE = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10 s"}


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


@pytest.fixture
def hosts():
    """Two hosts with a line between them."""
    with ExitStack() as made:
        for host in HOSTS:
            ip("netns", "add", host)
            made.callback(ip, "netns", "del", host)
        ip("link", "add", "line-a", "netns", "bergen-a", "type", "veth", "peer", "name", "line-b", "netns", "bergen-b")
        for host, address in HOSTS.items():
            line = f"line{host[-2:]}"
            ip("-n", host, "addr", "add", f"{address}/24", "dev", line)
            ip("-n", host, "link", "set", line, "up")
            ip("-n", host, "link", "set", "lo", "up")
        yield made


def start(made, host, *arguments):
    """Start a program of Dask on a host, until the test ends."""
    command = ["ip", "netns", "exec", host, sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    process = subprocess.Popen(
        command, env={**os.environ, **PATIENCE}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    made.callback(process.wait)
    made.callback(process.terminate)


def compared(*arguments, host=None):
    """Start a comparison on a host, or on this machine."""
    command = [sys.executable, "-c", "from openfisca_bergen_hbt.cli import main; main()", "compare", "--data", "data"]
    command += ["--agency", "rammer.csv", "--format", "csv", "--no-suppression", *arguments]
    on = ["ip", "netns", "exec", host] if host else []
    return subprocess.Popen([*on, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("cut", [False, True])
def test_two_hosts_give_what_one_process_gives(cut, hosts, folder):
    by_month(users(2000), folder / "data")
    start(hosts, "bergen-a", "scheduler", "--host", HOSTS["bergen-a"], "--port", "8786")
    for host in HOSTS:
        start(hosts, host, "worker", SCHEDULER, "--nthreads", "1")
    expected, _ = compared().communicate()
    there = compared("--scheduler", SCHEDULER, "--resume", "ferdig", host="bergen-a")
    if cut:  # in the middle of the work: what the other host had in hand is done by this one
        while len(list(Path("ferdig").glob("*"))) < 3 and there.poll() is None:
            time.sleep(0.02)
        ip("-n", "bergen-b", "link", "set", "line-b", "down")
    found, said = there.communicate(timeout=300)
    assert there.returncode == 0, said.decode()
    assert found == expected

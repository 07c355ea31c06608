"""Users in many files: how long they take, and how much memory, by their number and by who reads them.

    python benchmarks/scale.py [millions of user-months …] [--workers N] [--cluster N] [--files N]

Each size is a folder ``aar=2019/maaned=01`` … of Parquet, made in a folder that is taken away, and one process that
asks for ``compare``; with ``--workers``, again with that many processes of this machine, and with ``--cluster`` with
that many workers of Dask. The time of the processor is that of all of them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy
import polars

UNITS = 400


def make(folder, users, files):
    """Write users in twelve months, 2 % of them changing each month; each month in some files."""
    random = numpy.random.default_rng(1)
    unit = random.integers(0, UNITS, users)
    hours = numpy.round(numpy.minimum(random.lognormal(0.6, 1.5, users), 168), 2)
    names = polars.Series([f"enhet {number:03}" for number in range(UNITS)])
    still = {
        "bruker": polars.select(polars.format("b{}", polars.int_range(users))).to_series(),
        "enhet": names.gather(unit),
    }
    for month in range(1, 13):
        place = folder / "aar=2019" / f"maaned={month:02}"
        place.mkdir(parents=True)
        hours[random.integers(0, users, users // 50)] = numpy.round(random.uniform(0, 100, users // 50), 2)
        rows = polars.DataFrame({**still, "vurdert_timer_per_uke": hours})
        for number in range(files):
            rows[number::files].write_parquet(place / f"brukere-{number}.parquet", row_group_size=200_000)


def compared(folder, *how):
    """Run ``compare`` in a process of its own, and return its seconds, those of the processor, and its peak in MiB."""
    start = time.perf_counter()
    code = "from openfisca_bergen_hbt.cli import main; main()"
    asked = ["compare", "--data", folder, "--frame", "bergen", "--output", os.devnull, "--format", "json", *how]
    done = subprocess.Popen([sys.executable, "-c", code, *asked], stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(done.pid, 0)
    if status:
        sys.exit("compare went wrong")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def by_cluster(folder, workers):
    """Run ``compare`` with workers of Dask, and return what ``compared`` does; the peak is the largest worker's."""
    import psutil
    from distributed import LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster:
        processes = [psutil.Process(nanny.pid) for nanny in cluster.workers.values()]
        before = sum(sum(process.cpu_times()[:2]) for process in processes)
        seconds, own, _ = compared(folder, "--scheduler", cluster.scheduler_address)
        theirs = sum(sum(process.cpu_times()[:2]) for process in processes) - before
        peaks = [Path(f"/proc/{process.pid}/status").read_text(encoding="ascii") for process in processes]
    peak = max(int(text.partition("VmHWM:")[2].split()[0]) for text in peaks) / 1024
    return seconds, own + theirs, peak


def main():
    """Measure each size, read in each way."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("millions", nargs="*", type=float, default=[1.2, 6, 12])
    options.add_argument("--workers", type=int)
    options.add_argument("--cluster", type=int)
    options.add_argument("--files", type=int, default=1, help="how many files each month is in")
    asked = options.parse_args()
    print("million user-months   MB of files   read by          seconds   CPU seconds   peak MiB")
    for millions in asked.millions:
        with ExitStack() as kept:
            name = kept.enter_context(tempfile.TemporaryDirectory())
            users = str(int(millions * 1e6 / 12))
            subprocess.run([sys.executable, __file__, "--make", name, users, str(asked.files)], check=True)
            size = sum(file.stat().st_size for file in Path(name).rglob("*.parquet")) / 1e6
            ways = {"one process": lambda: compared(name)}  # noqa: B023 (called at once)
            if asked.workers:
                how = ("--workers", str(asked.workers))
                ways[f"{asked.workers} processes"] = lambda: compared(name, *how)  # noqa: B023 (as above)
            if asked.cluster:
                ways[f"{asked.cluster} of Dask"] = lambda: by_cluster(name, asked.cluster)  # noqa: B023 (as above)
            for way, run in ways.items():
                seconds, cpu, peak = run()
                print(f"{millions:19.1f} {size:13.0f}   {way:13} {seconds:10.1f} {cpu:13.1f} {peak:10.0f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        main()

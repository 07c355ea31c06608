"""Users in many files: how long they take, and how much memory, by their number.

    python benchmarks/scale.py [millions of user-months …]

Each size is a folder ``aar=2019/maaned=01`` … of Parquet, made in a folder that is taken away, and one process.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import polars

UNITS = 400


def make(folder, users):
    """Write users in twelve months, 2 % of them changing each month."""
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
        polars.DataFrame({**still, "vurdert_timer_per_uke": hours}).write_parquet(
            place / "brukere.parquet", row_group_size=200_000
        )


def main():
    """Measure each size in a process of its own."""
    print("million user-months   MB of files   seconds   peak MiB")
    for millions in map(float, sys.argv[1:] or ["1.2", "6", "12"]):
        with tempfile.TemporaryDirectory() as name:
            subprocess.run([sys.executable, __file__, "--make", name, str(int(millions * 1e6 / 12))], check=True)
            size = sum(file.stat().st_size for file in Path(name).rglob("*.parquet")) / 1e6
            start = time.perf_counter()
            code = "from openfisca_bergen_hbt.cli import main; main()"
            asked = ["compare", "--data", name, "--frame", "bergen", "--output", os.devnull, "--format", "json"]
            done = subprocess.Popen([sys.executable, "-c", code, *asked], stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(done.pid, 0)
            seconds = time.perf_counter() - start
            if status:
                sys.exit("compare went wrong")
            print(f"{millions:19.1f} {size:13.0f} {seconds:9.1f} {used.ru_maxrss / 1024:10.0f}", flush=True)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()

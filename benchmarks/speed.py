"""How fast whole commands run, as ratios to processes that do less, measured side by side in one run.

    python benchmarks/speed.py [--quick]

Processor time; each ratio is the median over rounds in which the two take turns. What the two compute is checked to be
equal.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import plain_numpy
import polars
import sample

from openfisca_bergen_hbt.intake.columns import USERS
from openfisca_bergen_hbt.intake.export import table_in_file
from openfisca_bergen_hbt.intake.reading import sheet_of
from openfisca_bergen_hbt.intake.sheet import Written

#: The last decision: the law in force.
LAST = "vedtak_2021_06_statusrapport"


def seconds(work):
    """Return how long a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(command):
    """Return the processor time of a process."""
    done = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(done.pid, 0)
    if status:
        raise SystemExit(f"{command} went wrong")
    return used.ru_utime + used.ru_stime


def our_command(asked):
    """Return one of our commands, as a process of this Python."""
    return [sys.executable, "-c", "from openfisca_bergen_hbt.cli import main; main()", *asked]


def modules_of(asked, file):
    """Write the names of the modules that one of our commands has imported at its end to a file."""
    at_the_end = f"import atexit, sys; atexit.register(lambda: open({str(file)!r}, 'w').write('\\n'.join(sys.modules)))"
    run([sys.executable, "-c", f"{at_the_end}; from openfisca_bergen_hbt.cli import main; main()", *asked])


def processes(label, limit, ours_, other, rounds):
    """Print the time of one of our commands beside another process."""
    command = our_command(ours_)
    run(command)
    pairs = [(run(command), run([sys.executable, *other])) for _ in range(rounds)]
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{label:<66}{mine * 1000:9.1f}{theirs * 1000:9.1f}{ratio:8.2f}{limit:8.2f}")


def own_data(rounds):
    """Print the time of ``compare --data`` with a million users beside polars reading and NumPy computing."""
    months, unit = sample.users(1_000_000)
    names = [f"enhet {number:02}" for number in range(sample.UNITS)]
    users = polars.DataFrame(
        {
            "bruker": [f"b{number:07}" for number in range(len(unit))],
            "enhet": polars.Series(names).gather(unit),
            "vurdert_timer_per_uke": months[0].round(2),
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in (("parquet", users.write_parquet), ("csv", users.write_csv)):
            file = Path(folder) / f"users.{kind}"
            write(file)
            # the frame less the 14 million that the reform adds, which the plain process has in its frame
            asked = ["compare", "--data", str(file), "--frame", str(plain_numpy.FRAME - 14_000_000), "--no-suppression"]
            one = [*asked, "--regulation", LAST]
            modules_of(one, modules := Path(folder) / "modules")
            bare = [str(Path(__file__).parent / "plain_process.py"), str(file)]
            plain = [*bare, "--imports", str(modules)]
            check_same_amounts([*one, "--format", "json"], plain)
            label = f"1 000 000 users from {kind}, one regulation / polars and NumPy"
            processes(label, 1.2 if kind == "parquet" else 2, one, plain, rounds)
            bare_label = "  the same / polars and NumPy in a process that imports nothing else"
            processes(bare_label, 3, one, bare, rounds)
            label = f"1 000 000 users from {kind}, six regulations / polars and NumPy"
            processes(label, 2, asked, [*plain, "--times", "6"], rounds)


def reading(rounds):
    """Print the time of reading a file of users beside four times that of a quarter of it: 1 is linear."""
    for kind in ("csv", "xlsx"):
        small, large = (users_in_file(kind, number) for number in (50_000, 200_000))
        pairs = [(seconds(large), 4 * seconds(small)) for _ in range(rounds)]
        mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
        label = f"reading 200 000 users from {kind} / four times 50 000"
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{label:<66}{mine * 1000:9.1f}{theirs * 1000:9.1f}{ratio:8.2f}{1.5:8.1f}")


def users_in_file(kind, number):
    """Return what reads a file of so many users."""
    rows = polars.DataFrame({"enhet": [f"enhet {n % sample.UNITS}" for n in range(number)], "timer_per_uke": 7.25})
    return partial(sheet_of, table_in_file(rows, f".{kind}"), USERS, Written())


def check_same_amounts(ours_, plain):
    """Refuse to compare the speed of commands that do not give each unit the same."""
    answer = json.loads(subprocess.run(our_command(ours_), check=True, capture_output=True).stdout)
    (values,) = [each["values"] for each in answer["figures"] if each["variable"] == "enhet_samlet_tildeling"]
    given = dict(zip(answer["ids"]["enhet"], values, strict=True))
    printed = subprocess.run([sys.executable, *plain], check=True, capture_output=True, text=True).stdout
    expected = {name: int(amount) for name, amount in (line.split("\t") for line in printed.splitlines())}
    if given != expected:
        raise SystemExit("the two do not give the same")


def main():
    """Run every comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args().quick else 9
    # pip compiles what it installs, and Python what it runs from a clone: in every process anew where that is forbidden
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(f"{'Whole commands':<66}{'ours ms':>9}{'other ms':>9}{'ratio':>8}{'goal':>8}")
    core = ["-c", "import openfisca_core.simulations, openfisca_core.taxbenefitsystems"]
    processes("`bergen-hbt compare` / a process importing openfisca_core", 1.85, ["compare"], core, rounds)
    own_data(rounds)
    reading(rounds)


if __name__ == "__main__":
    main()

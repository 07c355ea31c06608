"""A process that reads users with polars and computes the law in force with hand-written NumPy, and does no more.

    python benchmarks/plain_process.py FILE [--times N] [--imports LIST]

No check of the data, no source, no assumption, no explanation, nothing held back. Prints what each unit gets. With a
list of modules, one a line, it imports them first, to start as our command does.
"""

import argparse
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import numpy
import plain_numpy
import polars


def main():
    """Read the file, compute as many times as there are regulations to compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--times", type=int, default=1, help="how many regulations the command compares")
    parser.add_argument("--imports", type=Path, help="a file with the names of modules to import first")
    given = parser.parse_args()
    file = given.file
    for name in given.imports.read_text().split() if given.imports else ():
        with suppress(ImportError):  # core names a module for each file of variables that it executes
            import_module(name)
    users = polars.read_parquet(file) if file.endswith(".parquet") else polars.read_csv(file)
    names = sorted(users["enhet"].unique().to_list())
    unit = users["enhet"].cast(polars.Enum(names)).to_physical().to_numpy().astype(numpy.intp)
    hours, nothing = users["vurdert_timer_per_uke"].to_numpy(), numpy.zeros(len(names))
    for _ in range(given.times):
        found = plain_numpy.year([hours] * 12, unit, len(names), nothing, nothing, share_unchanged=True)
    for name, amount in zip(names, found["enhet_samlet_tildeling"].tolist(), strict=True):
        print(f"{name}\t{amount:.0f}")


if __name__ == "__main__":
    main()

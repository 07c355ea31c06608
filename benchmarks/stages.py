"""How fast users become sums, and units kroner: the law in force, twelve months, beside other ways, in one run.

    python benchmarks/stages.py [--quick]

Milliseconds of processor time, and on the clock, on one core and on two: each number of cores is a process that is held
to them, in which the ways take turns; a ratio is the median over the turns. Ours computes the whole law, as the
textbook NumPy does; the others stop at users and hours by unit and category. All are checked to be equal to ours.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import tracemalloc

import numpy
import plain_numpy
import plain_sums
import polars
import sample

from openfisca_bergen_hbt import CountryTaxBenefitSystem
from openfisca_bergen_hbt.law.systems import SYSTEMS
from openfisca_bergen_hbt.law.versions import versions
from openfisca_bergen_hbt.simulate import simulate, sums_of_units, year_period

SIZES = (4_000, 100_000, 1_000_000, 4_000_000, 10_000_000)
WAYS = ("ours", "textbook", "blocked", "polars", "DuckDB")
#: The most that our time may be of another way's: by cores, users and way.
GOALS = {
    1: {
        1_000_000: {"textbook": 0.45, "blocked": 2.7, "polars": 1, "DuckDB": 1},
        4_000_000: {"textbook": 0.38, "blocked": 2, "polars": 1, "DuckDB": 1},
    },
    2: {1_000_000: {"polars": 1, "DuckDB": 1}, 4_000_000: {"polars": 1, "DuckDB": 1}},
}
WIDTH = 66


def taking_turns(ways, rounds):
    """Return each way's times, by name: processor time and time on the clock of each round."""
    times = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            begun, clock = time.process_time(), time.perf_counter()
            work()
            times[name].append((time.process_time() - begun, time.perf_counter() - clock))
    return times


def median(times, which):
    """Return the median of the processor times (0) or of those on the clock (1), in milliseconds."""
    return statistics.median(each[which] for each in times) * 1000


def ways_of(users, cores, system):
    """Return the ways to compute so many users, the same hours each month, after they were found to be equal."""
    (months, unit), units = sample.users(users), sample.UNITS
    population, (driving, directors) = sample.as_population(months, unit), sample.given_to(units)
    frame = polars.DataFrame({"hours": months[0], "unit": unit.astype(numpy.int32)})
    connection = plain_sums.table(months[0], unit, cores)
    ways = {
        "ours": lambda: sample.ours(system, population),
        "textbook": lambda: plain_numpy.year(months, unit, units, driving, directors, share_unchanged=True),
        "blocked": lambda: plain_sums.blocked(months[0], unit, units),
        "polars": lambda: plain_sums.in_polars(frame, units),
        "DuckDB": lambda: plain_sums.in_duckdb(connection, units),
    }
    sample.check_equal(ways["ours"](), ways["textbook"]())
    of_ours, january = sums_of_units(population, system, sample.YEAR), year_period(sample.YEAR).first_month
    for name in WAYS[2:]:
        counts, hours = ways[name]()
        numpy.testing.assert_array_equal(of_ours["counts", january], counts)
        summed = of_ours["hours_by_category", january].sum(axis=-1)
        numpy.testing.assert_allclose(summed, hours, rtol=1e-9, atol=1e-6)
    return ways


def sizes(cores, rounds):
    """Print a line for each number of users."""
    system, which = CountryTaxBenefitSystem(), cores - 1
    said = ("processor time on one core", "on the clock, on two cores")[which]
    print(f"{'ms, ' + said:<54}" + "".join(f"{name:>10}" for name in WAYS))
    ratios = []
    for users in SIZES:
        times = taking_turns(ways_of(users, cores, system), rounds if users > 1e6 else rounds * 3)
        label = f"{users:,} users".replace(",", " ")
        print(f"{label:<54}" + "".join(f"{median(times[name], which):10.2f}" for name in WAYS))
        other = ("  on the clock", "  processor time")[which]
        print(f"{other:<54}" + "".join(f"{median(times[name], 1 - which):10.2f}" for name in WAYS))
        for name, goal in GOALS[cores].get(users, {}).items():
            alone = "" if name == "textbook" else ", stage 1 alone"
            line = f"{label}, {cores} core{'s' * (cores > 1)} / {name}{alone}"
            ratios.append(compared(line, times["ours"], times[name], which, goal))
    print("\n".join([heading("The law in force, 60 units, same hours"), *ratios]))


def compared(label, ours, other, which, goal):
    """Return a line: both times, their ratio, and the goal."""
    ratio = statistics.median(one[which] / two[which] for one, two in zip(ours, other, strict=True))
    return f"{label:<{WIDTH}}{median(ours, which):9.1f}{median(other, which):9.1f}{ratio:8.2f}{goal:8.2f}"


def heading(what):
    """Return the heading of lines that hold ours against another's."""
    return f"{what:<{WIDTH}}{'ours ms':>9}{'other ms':>9}{'ratio':>8}{'goal':>8}"


def month_by_month(rounds):
    """Print our time beside NumPy's that works on every month, and what a user takes of memory above the inputs."""
    system, (driving, directors), memory = CountryTaxBenefitSystem(), sample.given_to(sample.UNITS), []
    print(heading("The law in force, 60 units, one core, processor time"))

    def ways_of(users, changing):
        months, unit = sample.users(users, changing=changing)
        population, given = sample.as_population(months, unit), (unit, sample.UNITS, driving, directors)
        return {
            "ours": lambda: sample.ours(system, population),
            "other": lambda: plain_numpy.year(months, *given, share_unchanged=False),
        }

    for users, changing, goal, most in ((4_000, 0, 3.3, ""), (1_000_000, 0, None, 6), (1_000_000, 11, 0.26, "")):
        ways = ways_of(users, changing)
        sample.check_equal(ways["ours"](), ways["other"]())
        label = f"{users:,}".replace(",", " ") + f" users, {'2 % change a month' if changing else 'same hours'}"
        if goal:
            times = taking_turns(ways, rounds * (5 if users < 1e5 else 1))
            print(compared(f"{label} / NumPy month by month", *times.values(), 0, goal))
        if users > 1e5:
            memory.append(f"{label:<{WIDTH}}{peak(ways['ours']) / users:9.1f}{most:>8}")
    print(f"{'Bytes a user above the inputs, at the peak':<{WIDTH}}{'ours':>9}{'goal':>8}")
    print("\n".join(memory))


def peak(work):
    """Return the peak of memory that a call allocates, in bytes."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def slopes(rounds):
    """Print how our time grows: a line fitted to five sizes of one thing while the others stay."""
    systems = [SYSTEMS.system(version) for version in reversed(versions())]
    law = systems[:1]

    def of(users=100_000, units=sample.UNITS, agencies=1, changing=0, systems=law):
        months, unit = sample.users(users, changing=changing, units=units)
        population = sample.as_population(months, unit, units=units, agencies=agencies)

        def run():
            for system in systems:
                simulate(population, system, sample.YEAR).value("enhet_samlet_tildeling")

        return run

    grown = {
        "millions of users": (1e6, {n * 1e6: of(users=n * 1_000_000) for n in (1, 2, 4, 6, 8)}),
        "thousands of units": (1e3, {n: of(units=n) for n in (1000, 2000, 4000, 6000, 8000)}),
        "hundreds of etater, 8 000 units": (100, {n: of(units=8000, agencies=n) for n in (100, 200, 400, 600, 800)}),
        "months with changes, 1 million users": (1, {n: of(1_000_000, changing=n) for n in (1, 3, 5, 8, 11)}),
        "regulations, 1 million users": (1, {n: of(1_000_000, systems=systems[:n]) for n in range(1, 6)}),
    }
    print(f"{'Processor time, a line fitted':<{WIDTH}}{'at 0':>9}{'each':>9}{'off by':>9}")
    for what, (unit, runs) in grown.items():
        for run in runs.values():
            run()
        times = taking_turns(runs, rounds)
        sizes = numpy.array([size / unit for size in runs])
        found = numpy.array([median(each, 0) for each in times.values()])
        each, start = numpy.polyfit(sizes, found, 1)
        off = numpy.abs(start + each * sizes - found).max() / found.max()
        print(f"{what:<{WIDTH}}{start:9.1f}{each:9.2f}{off:9.0%}")


def main():
    """Run each part in a process that is held to its cores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    given = parser.parse_args()
    rounds = 3 if given.quick else 9
    if given.part:
        part, cores = json.loads(given.part)
        parts = {"sizes": lambda: sizes(cores, rounds), "months": lambda: month_by_month(rounds)}
        {**parts, "slopes": lambda: slopes(rounds)}[part]()
        return
    for part, cores in (("sizes", 1), ("sizes", 2), ("months", 1), ("slopes", 1)):
        held = sorted(os.sched_getaffinity(0))[:cores]
        command = [sys.executable, __file__, "--part", json.dumps([part, cores]), *["--quick"] * given.quick]
        subprocess.run(
            command,
            check=True,
            env={**os.environ, "POLARS_MAX_THREADS": str(cores)},
            preexec_fn=lambda held=held: os.sched_setaffinity(0, held),
        )


if __name__ == "__main__":
    main()

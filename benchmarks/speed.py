"""How fast the law in force runs, as ratios to hand-written NumPy, measured side by side in one run.

    python benchmarks/speed.py [--quick]

Each ratio is the median over rounds in which the two take turns. What the two compute is checked to be equal.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from functools import partial
from pathlib import Path

import numpy
import plain_numpy
import polars

from openfisca_bergen_hbt import CountryTaxBenefitSystem
from openfisca_bergen_hbt.intake.columns import USERS
from openfisca_bergen_hbt.intake.export import table_in_file
from openfisca_bergen_hbt.intake.reading import sheet_of
from openfisca_bergen_hbt.intake.sheet import Written
from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.simulate import simulate

UNITS, YEAR = 60, 2019
#: The last decision: the law in force.
LAST = "vedtak_2021_06_statusrapport"


def population(users, *, changing):
    """Return users with lognormal hours in 60 units; 2 % of them changing each month, or none."""
    random = numpy.random.RandomState(1)
    hours = numpy.minimum(random.lognormal(0.6, 1.5, users), 168)
    months = [hours]
    for _ in range(11):
        if changing:
            hours = hours.copy()
            who = random.randint(0, users, users // 50)
            hours[who] = numpy.minimum(random.lognormal(0.6, 1.5, len(who)), 168)
        months.append(hours)
    return months, random.randint(0, UNITS, users)


def as_population(months, unit, driving, directors):
    """Return the benchmark's arrays as the package's population."""
    unchanged = all(hours is months[0] for hours in months)
    return Population(
        unit_names=[f"enhet {number}" for number in range(UNITS)],
        unit_of_user=unit,
        agency_names=["etat"],
        agency_of_unit=numpy.zeros(UNITS, dtype=numpy.intp),
        users={"vurdert_timer_per_uke": months[0] if unchanged else months},
        units={"enhet_kjoeretid_per_uke": driving, "enhet_etatsdirektoer_omfordeling": directors},
    )


def ours(system, people):
    """Build the simulation and compute all that the hand-written NumPy computes."""
    results = simulate(people, system, YEAR)
    found = {}
    for name in EXPECTED:
        monthly = system.get_variable(name).definition_period == "month"
        found[name] = results.by_month(name) if monthly else results.value(name)
    found["antall"] = [results.value(f"antall_kategori_{number}") for number in range(1, 7)]
    return found


EXPECTED = (
    "enhet_vedtakstimer",
    "enhet_aktivitetsbasert_inntekt",
    "enhet_underdekning",
    "enhet_kategoritildeling",
    "enhet_ramme_hittil",
    "enhet_maanedsramme",
    "etat_endring_i_brukermassen",
    "enhet_tildeling_over_80",
    "etat_udekket_over_80",
    "enhet_timebasert_ramme",
    "enhet_reservekompensasjon",
    "enhet_avstandstilskudd",
    "enhet_samlet_tildeling",
    "etat_reserve_saldo",
    "etat_ufordelt",
    "etat_merforbruk",
    "etat_aktivitetskostnad",
)


def check_equal(found, expected):
    """Refuse to compare the speed of things that are not the same."""
    for name in EXPECTED:
        numpy.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-6, err_msg=name)
    numpy.testing.assert_array_equal(numpy.array(found["antall"]).T, expected["antall"][:, 1:])


def seconds(work):
    """Return how long a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak(work):
    """Return the peak of memory that a call allocates, in bytes."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def compare(label, limit, users, *, changing, share_unchanged, rounds, system, memory_limit=None):
    """Print one line: both times, their ratio and, where asked for, the ratio of peak memory."""
    months, unit = population(users, changing=changing)
    driving = numpy.arange(UNITS) % 3 * 2.5
    directors = numpy.where(numpy.arange(UNITS) == 4, 250_000.0, 0.0)
    people = as_population(months, unit, driving, directors)

    def run_ours():
        return ours(system, people)

    def run_numpy():
        return plain_numpy.year(months, unit, UNITS, driving, directors, share_unchanged=share_unchanged)

    check_equal(run_ours(), run_numpy())
    pairs = [(seconds(run_ours), seconds(run_numpy)) for _ in range(rounds)]
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    line = f"{label:<66}{mine * 1000:9.1f}{theirs * 1000:9.1f}{ratio:8.2f}{limit:8.1f}"
    if memory_limit:
        line += f"{peak(run_ours) / peak(run_numpy):9.2f}{memory_limit:7.1f}"
    print(line)


def run(command):
    """Return how long a process takes."""
    return seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def processes(label, limit, ours_, other, rounds):
    """Print the time of one of our commands beside another process."""
    command = [sys.executable, "-c", "from openfisca_bergen_hbt.cli import main; main()", *ours_]
    run(command)
    pairs = [(run(command), run([sys.executable, *other])) for _ in range(rounds)]
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{label:<66}{mine * 1000:9.1f}{theirs * 1000:9.1f}{ratio:8.2f}{limit:8.1f}")


def own_data(rounds):
    """Print the time of ``compare --data`` with a million users beside polars reading and NumPy computing."""
    months, unit = population(1_000_000, changing=False)
    names = [f"enhet {number:02}" for number in range(UNITS)]
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
            plain = [str(Path(__file__).parent / "plain_process.py"), str(file)]
            # the frame less the 14 million that the reform adds, which the plain process has in its frame
            asked = ["compare", "--data", str(file), "--frame", str(plain_numpy.FRAME - 14_000_000)]
            one = [*asked, "--regulation", LAST]
            check_same_amounts([*one, "--format", "json"], plain)
            label = f"1 000 000 users from {kind}, one regulation / polars and NumPy"
            processes(label, 2.0, one, plain, rounds)
            processes(
                "  the same / polars and NumPy in a process that imports nothing else",
                3.0,
                one,
                [*plain, "--bare"],
                rounds,
            )
            label = f"1 000 000 users from {kind}, six regulations / polars and NumPy"
            processes(label, 2.0, asked, [*plain, "--times", "6"], rounds)


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
    rows = polars.DataFrame({"enhet": [f"enhet {n % UNITS}" for n in range(number)], "timer_per_uke": 7.25})
    return partial(sheet_of, table_in_file(rows, f".{kind}"), USERS, Written())


def check_same_amounts(ours_, plain):
    """Refuse to compare the speed of commands that do not give each unit the same."""
    command = [sys.executable, "-c", "from openfisca_bergen_hbt.cli import main; main()", *ours_]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
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
    system = CountryTaxBenefitSystem()
    print(f"{'One year of the law in force, 60 units':<66}{'ours ms':>9}{'NumPy ms':>9}{'ratio':>8}{'goal':>8}", end="")
    print(f"{'memory':>9}{'goal':>7}")
    still, moving = {"changing": False, "system": system}, {"changing": True, "system": system}
    compare("1 000 000 users, same hours / NumPy sharing months", 1.0, 1_000_000, **still, share_unchanged=True,
            rounds=rounds, memory_limit=1.5)  # fmt: skip
    compare("100 000 users, same hours / NumPy month by month", 0.4, 100_000, **still, share_unchanged=False,
            rounds=rounds)  # fmt: skip
    compare("4 000 users, same hours / NumPy month by month", 4.0, 4_000, **still, share_unchanged=False,
            rounds=rounds * 3)  # fmt: skip
    compare("1 000 000 users, 2 % change a month / NumPy month by month", 0.5, 1_000_000, **moving,
            share_unchanged=False, rounds=rounds, memory_limit=2.5)  # fmt: skip
    core = ["-c", "import openfisca_core.simulations, openfisca_core.taxbenefitsystems"]
    processes("`bergen-hbt compare` / a process importing openfisca_core", 1.9, ["compare"], core, rounds)
    own_data(rounds)
    reading(rounds)


if __name__ == "__main__":
    main()

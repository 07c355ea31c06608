"""How long the controller's questions take, reading the file included, in processor time beside their goals.

    python benchmarks/through_the_year.py

60 units and 100 000 users of whom 2 % change each month, in CSV by month: 10 s. An embedded population: 2 s.
"""

import tempfile
from pathlib import Path

import polars
import sample
from speed import our_command, run

USERS = 100_000
#: Seconds.
OWN, EMBEDDED = 10, 2


def write_months(file, last):
    """Write users of the months to the last one, a row each for a user and a month."""
    months, unit = sample.users(USERS, changing=11)
    names = polars.Series([f"enhet {number:02}" for number in range(sample.UNITS)])
    rows = [
        polars.DataFrame(
            {
                "bruker": [f"b{number:06}" for number in range(USERS)],
                "enhet": names.gather(unit),
                "maaned": [f"{sample.YEAR}-{month:02}"] * USERS,
                "vurdert_timer_per_uke": hours.round(2),
            }
        )
        for month, hours in enumerate(months[:last], 1)
    ]
    polars.concat(rows).write_csv(file)


def main():
    """Run each question, and print its time."""
    with tempfile.TemporaryDirectory() as folder:
        known, whole = Path(folder) / "jan_mai.csv", Path(folder) / "aaret.csv"
        write_months(known, 5)
        write_months(whole, 12)
        own = ("--frame", "bergen", "--output", str(Path(folder) / "svar.json"), "--force")
        expected = ("--method", "expected", *own)
        questions = [
            ("forecast, trend, five months", OWN, "forecast", "--data", str(known), *own),
            ("forecast, expected users", OWN, "forecast", "--data", str(whole), "--months", "5", *expected),
            ("flows, five months", OWN, "flows", "--data", str(known), *own),
            ("flows, twelve months", OWN, "flows", "--data", str(whole), *own),
            ("forecast, embedded", EMBEDDED, "forecast", "--example", "bevegelse", "--months", "5"),
            ("flows, embedded", EMBEDDED, "flows", "--example", "bevegelse"),
        ]
        print(f"{'Through the year':<40}{'s':>8}{'goal':>8}")
        for label, goal, *asked in questions:
            print(f"{label:<40}{run(our_command(asked)):8.1f}{goal:8}")


if __name__ == "__main__":
    main()

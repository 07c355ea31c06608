"""Files read for one year, as most tests of them want them; and users by month as such files have them."""

from openfisca_bergen_hbt.intake.microdata import read_populations

HEADS = "bruker;enhet;maaned;vurdert_timer_per_uke\n"


def users_by_month(first, last, hours=20):
    """Return the rows of twenty users in two units, from one month of 2019 to another."""
    return "".join(
        f"b{user};{'AB'[user % 2]};2019-{month:02};{hours}\n" for month in range(first, last + 1) for user in range(20)
    )


def read_population(files, year):
    return read_populations(files, [year])[year]

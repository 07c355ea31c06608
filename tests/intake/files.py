"""Files read for one year, as most tests of them want them."""

from openfisca_bergen_hbt.intake.microdata import read_populations


def read_population(files, year):
    return read_populations(files, [year])[year]

"""The users that benchmarks run on, and what the package computes of them, all that the hand-written NumPy computes."""

import numpy

from openfisca_bergen_hbt.population import Population
from openfisca_bergen_hbt.simulate import simulate

UNITS, YEAR = 60, 2019

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


def users(number, *, changing=0, units=UNITS):
    """Return users with lognormal hours in units; in so many months from February on, 2 % of them change.

    Returns:
        The hours of twelve months, the same array where nobody changes, and the unit of each user.
    """
    random = numpy.random.RandomState(1)
    hours = numpy.minimum(random.lognormal(0.6, 1.5, number), 168)
    months = [hours]
    for month in range(1, 12):
        if month <= changing:
            hours = hours.copy()
            who = random.randint(0, number, number // 50)
            hours[who] = numpy.minimum(random.lognormal(0.6, 1.5, len(who)), 168)
        months.append(hours)
    return months, random.randint(0, units, number)


def given_to(units):
    """Return each unit's driving time, and what the director gives it."""
    return numpy.arange(units) % 3 * 2.5, numpy.where(numpy.arange(units) == 4, 250_000.0, 0.0)


def as_population(months, unit, *, units=UNITS, agencies=1):
    """Return the benchmark's arrays as the package's population; units lie in the agencies by turns."""
    driving, directors = given_to(units)
    frames = {"etat_budsjettramme": numpy.full(agencies, 1e9), "etat_tillitsreform_styrking": numpy.zeros(agencies)}
    return Population(
        unit_names=[f"enhet {number}" for number in range(units)],
        unit_of_user=unit,
        agency_names=[f"etat {number}" for number in range(agencies)],
        agency_of_unit=numpy.arange(units) % agencies,
        users={"vurdert_timer_per_uke": months[0] if all(hours is months[0] for hours in months) else months},
        units={"enhet_kjoeretid_per_uke": driving, "enhet_etatsdirektoer_omfordeling": directors},
        agencies=frames if agencies > 1 else {},
    )


def ours(system, population):
    """Build the simulation and compute all that the hand-written NumPy computes."""
    results = simulate(population, system, YEAR)
    found = {}
    for name in EXPECTED:
        monthly = system.get_variable(name).definition_period == "month"
        found[name] = results.by_month(name) if monthly else results.value(name)
    found["antall"] = [results.value(f"antall_kategori_{number}") for number in range(1, 7)]
    return found


def check_equal(found, expected):
    """Refuse to compare the speed of things that are not the same."""
    for name in EXPECTED:
        numpy.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-6, err_msg=name)
    numpy.testing.assert_array_equal(numpy.array(found["antall"]).T, expected["antall"][:, 1:])

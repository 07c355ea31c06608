"""Random populations of own data, and the second populations that witnesses stand for."""

from dataclasses import replace

import numpy

from openfisca_bergen_hbt.population.table import from_table
from openfisca_bergen_hbt.regelverk import regelverk


def random_people(seed, units=24, areas=3):
    """Users of units of 20 to 60, in areas, with hours as skewed as real ones."""
    random = numpy.random.default_rng(seed)
    unit = numpy.repeat(numpy.arange(units), random.integers(20, 60, units))
    hours = numpy.minimum(numpy.round(numpy.exp(random.normal(0.7, 1.5, len(unit))) * 4) / 4, 168)
    return people_of(unit, hours, areas)


def people_of(unit, hours, areas):
    """Users of some hours in units, in areas; the price of an hour is 900 kr."""
    table = {
        "enhet": [f"Enhet {number:02}" for number in unit],
        "byomraade": [f"Område {number * areas // (unit.max() + 1)}" for number in unit],
        "timer_per_uke": hours,
    }
    frame = {"etat": {"etat_budsjettramme": float(52 * hours.sum() * 900 // 1), "etat_tillitsreform_styrking": 0.0}}
    return replace(from_table(table, regelverk(), agencies=frame), personal=True)


def moving_people(seed, units=60, areas=8, share=0.3):
    """The same, of whom some change their hours within the year, or leave."""
    people, random = random_people(seed, units, areas), numpy.random.default_rng(seed + 1)
    hours = people.users["timer_per_uke"]
    months = numpy.tile(hours, (12, 1))
    for user in numpy.flatnonzero(random.random(len(hours)) < share):
        months[random.integers(1, 12) :, user] = random.choice(hours) if random.random() < 0.7 else 0
    return replace(people, users={"timer_per_uke": list(months)})


def exchanged(people, users, exchange):
    """The population in which users who are the same all year are exchanged between two units."""
    months = numpy.atleast_2d(numpy.array(people.users["timer_per_uke"], dtype=float))
    hours, stays = months[0], (months == months[0]).all(axis=0)
    for unit, sign in ((exchange.unit, 1), (exchange.partner, -1)):
        mine = numpy.flatnonzero((people.unit_of_user == unit) & stays & (hours >= users.bounds[0]) & (hours > 0))
        band = numpy.searchsorted(users.bounds, hours[mine], "right") - 1
        count = numpy.bincount(band, minlength=len(users.bounds)) + sign * exchange.more
        new = []
        for bands, more in ((users.over_80, exchange.hours_over_80), (~users.over_80, -exchange.less_below)):
            target = hours[mine][bands[band]].sum() + sign * more
            low, high = (count[bands] @ of[bands] for of in (users.bounds, users.tops))
            part = (target - low) / (high - low) if high > low else 0.0
            assert -1e-9 <= part <= 1 + 1e-9
            new.append(numpy.repeat((users.bounds + part * (users.tops - users.bounds))[bands], count[bands]))
        months[:, mine] = numpy.concatenate(new)
    return replace(people, users={"timer_per_uke": list(months) if len(months) > 1 else months[0]})


def swapped(people, one, other):
    """The population in which two units have each other's users."""
    unit = people.unit_of_user
    return replace(people, unit_of_user=numpy.where(unit == one, other, numpy.where(unit == other, one, unit)))

"""What a body means, worked out apart from the package: what its units are given, by the rules written once more."""

import numpy

from openfisca_bergen_hbt.population import Population
from tests.independent import all_agencies

#: The decisions that a regulation of the fuzz has, by their numbers.
IN_FORCE = {
    "grunnregelverk": set(),
    "2018-01": {1, 2},
    "2019-06": {1, 2, 3},
    "vedtak_2017_10_normtid_avviklet": {1},
    "vedtak_2018_01_kategorimodell": {1, 2},
    "vedtak_2019_05_plan_hjemmeboende_eldre": {1, 2, 3},
    "vedtak_2019_09_politisk_plattform": {1, 2, 3, 4},
    "vedtak_2020_12_vurderingsteam": {1, 2, 3, 4, 5},
    "vedtak_2021_06_statusrapport": {1, 2, 3, 4, 5, 6},
}
#: The frame of an etat that none is given for (T-21).
FRAME = 1_021_686_820


class UnreadableError(Exception):
    """The body says something that is not worked out here."""


def only(keys, node):
    """Return a mapping that has no other keys."""
    if not isinstance(node, dict) or not node.keys() <= keys:
        raise UnreadableError
    return node


def hours_by_month(values):
    """Return twelve months of a user's hours in 2019: a year's, or months'; 0 where nothing is said."""
    months = [0.0] * 12
    for period, value in values.items():
        if value is None:
            continue
        if period == "2019":
            months = [float(value)] * 12
        elif period[:5] == "2019-" and len(period) == len("2019-01"):
            months[int(period[5:]) - 1] = float(value)
        else:
            raise UnreadableError
    return months


def given(units, users, hours, frames, regulation):
    """Return what each unit is given in 2019, by name.

    Args:
        units: the agency of each unit, by name.
        users: the unit of each user.
        hours: each user's hours a week, twelve months.
        frames: each agency's frame, by name.
        regulation: a key of ``IN_FORCE``.
    """
    names, agencies = list(units), list(frames)
    by_month = list(numpy.array(hours).T)
    population = Population(
        unit_names=names,
        unit_of_user=numpy.array([names.index(unit) for unit in users], dtype=int),
        agency_names=agencies,
        agency_of_unit=numpy.array([agencies.index(agency) for agency in units.values()], dtype=int),
        users={
            "vurdert_timer_per_uke": by_month,
            # as many visits of an hour: hours by norm times that are the same
            "besoek_per_uke": by_month,
            "normtid_minutter_per_besoek": numpy.full(len(users), 60.0),
        },
        agencies={"etat_budsjettramme": numpy.array(list(frames.values()), dtype=float)},
    )
    found = all_agencies(population, 2019, decisions=IN_FORCE[regulation])
    return dict(zip(names, found["enhet_samlet_tildeling"].tolist(), strict=True))


def calculated(body):
    """Return what the units of a body of ``/calculate`` are given; the body's plain parts are read, others are not.

    Raises:
        UnreadableError: it says something else.
    """
    only({"brukere", "enheter", "byomraader", "etater"}, body)
    users = {name: only({"vurdert_timer_per_uke"}, user) for name, user in body["brukere"].items()}
    groups = {}
    for plural, variable in (("enheter", "enhet_samlet_tildeling"), ("etater", "etat_budsjettramme")):
        members = {name: only({"brukere", variable}, group).get("brukere", []) for name, group in body[plural].items()}
        groups[plural] = {user: name for name, listed in members.items() for user in listed}
        if groups[plural].keys() != users.keys():
            raise UnreadableError
    asked = {name: only({"2019"}, etat.get("etat_budsjettramme", {})) for name, etat in body["etater"].items()}
    frames = {name: FRAME if values.get("2019") is None else values["2019"] for name, values in asked.items()}
    units = {groups["enheter"][user]: groups["etater"][user] for user in users}
    hours = [hours_by_month(user.get("vurdert_timer_per_uke", {})) for user in users.values()]
    names = [groups["enheter"][user] for user in users]
    return given(units, names, hours, frames, "vedtak_2021_06_statusrapport")


def compared(body):
    """Return what the units of a body of ``/compare`` are given, by regulation and unit.

    Raises:
        UnreadableError: it says something else.
    """
    only({"users", "etater", "regulations", "year", "suppression"}, body)
    users = only({"enhet", "timer_per_uke"}, body["users"])
    etater = body.get("etater", {"etat": {}})
    frames = {name: only({"etat_budsjettramme"}, of).get("etat_budsjettramme", FRAME) for name, of in etater.items()}
    if body.get("year", 2019) != 2019 or len(frames) != 1:
        raise UnreadableError
    (etat,) = frames
    hours = [[float(each)] * 12 for each in users["timer_per_uke"]]
    units = dict.fromkeys(users["enhet"], etat)
    # Without a choice: each date on which something was adopted, of which the ids are the last decision's.
    asked = body.get("regulations") or [name for name in IN_FORCE if not name.startswith("20")]
    return {regulation: given(units, users["enhet"], hours, frames, regulation) for regulation in asked}

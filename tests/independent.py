"""The rules once more, in plain Python: written from the contract's text, not from the package, readings included.

Slow and simple on purpose: one etat, one unit, one month, one user at a time.
"""

import math

import numpy

BOUNDS = [(80, 6), (30, 5), (15, 4), (7.5, 3), (1.5, 2), (0, 1)]
MIDPOINT = {0: 0, 1: 0.75, 2: 4.5, 3: 11.25, 4: 22.5, 5: 55, 6: 0}
PRICE = 987.6216269
GRANT = 14_000_000
RESERVE, TOLERANCE, DISTANCE, THRESHOLD = 0.02, 0.05, 0.01, 0.05
WEEKS = 52
MONTHS = range(12)
#: What a table says of a user whom no team has assessed.
NOT_GIVEN = float(numpy.finfo(float).min)


def krone(x):
    return float(math.floor(x + 0.5))


def category(hours):
    return 0 if hours == 0 else next(number for bound, number in BOUNDS if hours >= bound)


def largest_remainder(pot, weights):
    total = sum(weights)
    if total == 0 or pot <= 0:
        return [0.0] * len(weights)
    quotas = [round(pot * w / total, 3) for w in weights]
    if sum(math.floor(q) for q in quotas) > pot:
        quotas = [pot * w / total for w in weights]
    floors = [math.floor(q) for q in quotas]
    fractions = [round(q - f, 3) for q, f in zip(quotas, floors, strict=True)]
    order = sorted(range(len(weights)), key=lambda i: (-fractions[i], -floors[i], i))
    for i in order[: int(pot - sum(floors))]:
        floors[i] += 1
    return [float(f) for f in floors]


def hours_of_year(norm, assessed, teams, *, year, decisions, readings):
    """Return a user's hours a week by month: what the decisions (1 to 6) in force count them from."""
    found = []
    for m in MONTHS:
        day = (year, m + 1)
        since = (2017, 10) if "t02_oktober_2017" in readings else (2018, 1)
        hours = assessed[m] if 1 in decisions and day >= since else norm[m]
        if 5 in decisions and day >= (2021, 1) and teams is not None and teams[m] != NOT_GIVEN:
            hours = teams[m]
        found.append(hours)
    return found


class Etat:
    """One etat: its users (unit, hours by month), and its units."""

    def __init__(self, users, units, given, *, year, decisions, readings):
        self.users, self.units, self.given = users, units, given
        self.year, self.decisions, self.readings = year, decisions, readings
        self.n = len(units)
        self.home = [unit["home"] for unit in units]
        self.open = year >= 2018
        self.out = {}

    def reads(self, name):
        """Say whether a reading is on; one whose decision is left out does nothing."""
        decision = {"t02": 1, "t20": 1, "t27": None}.get(name[:3], 2)
        return name in self.readings and (decision is None or decision in self.decisions)

    def by_unit(self, value):
        """Add up a value of the users by unit: ``value(unit, hours by month)``."""
        found = [0.0] * self.n
        for unit, hours in self.users:
            found[unit] += value(unit, hours)
        return found

    def of_home(self, values):
        return sum(v for v, home in zip(values, self.home, strict=True) if home)

    def compute(self):
        out = self.out
        hours = self.by_unit(lambda _, h: sum(h) * WEEKS / 12)
        out["enhet_vedtakstimer"], out["etat_vedtakstimer"] = hours, self.of_home(hours)
        income = [krone(PRICE * h) if home else 0.0 for h, home in zip(hours, self.home, strict=True)]
        cost = krone(PRICE * self.of_home(hours))
        out["enhet_aktivitetsbasert_inntekt"], out["etat_aktivitetskostnad"] = income, cost
        self.available = self.frame()
        self.categories()
        self.pots()
        self.course()
        self.over_80()
        self.reserve()
        extra = sum(self.given["extra"])
        carried = [unit["carried"] for unit in self.units]
        closed = 2 in self.decisions and self.open
        if closed:
            total = [
                self.year_frame[u]
                + self.distance[u]
                + sum(self.paid[m][u] for m in MONTHS)
                + self.compensation[u]
                + self.units[u]["director"]
                + self.at_the_end[u]
                + sum(self.extra[m][u] for m in MONTHS)
                + carried[u]
                for u in range(self.n)
            ]
        elif self.reads("t27_innenfor_rammen"):
            total = largest_remainder(
                self.available, [h if home else 0 for h, home in zip(hours, self.home, strict=True)]
            )
        else:
            total = income
        everything = self.available + (extra + sum(carried) if closed else 0)
        out["enhet_samlet_tildeling"], out["etat_samlet_tildeling"] = total, sum(total)
        out["etat_ramme_i_alt"] = everything
        out["etat_igjen_sentralt"] = everything - sum(total)
        out["etat_merforbruk"] = cost - everything
        out["enhet_underdekning"] = [i - t for i, t in zip(income, total, strict=True)]
        if self.open:
            undistributed = self.pot - sum(self.year_frame) + self.distance_pot - sum(self.distance)
            out["etat_ufordelt"] = undistributed + extra - sum(map(sum, self.extra))
        return out

    def frame(self):
        grant = self.given["grant"]
        in_force = 1 in self.decisions and (self.open or self.reads("t02_oktober_2017"))
        found = self.given["frame"] + (grant if in_force else 0)
        self.out["etat_disponibel_ramme"] = found
        return found

    def categories(self):
        closed = self.open
        self.cat = [[category(h) if closed else 0 for h in hours] for _, hours in self.users]
        for number in range(1, 7):
            self.out[f"antall_kategori_{number}"] = [
                sum(c[0] == number and unit == u for (unit, _), c in zip(self.users, self.cat, strict=True))
                for u in range(self.n)
            ]
        self.weight = dict(MIDPOINT)
        if self.reads("t04_gjennomsnitt"):
            for number in range(1, 6):
                mine = [
                    hours[0]
                    for (unit, hours), c in zip(self.users, self.cat, strict=True)
                    if c[0] == number and self.home[unit]
                ]
                if mine:
                    self.weight[number] = sum(mine) / len(mine)
        self.points = [[0.0] * self.n for _ in MONTHS]
        for (unit, _), c in zip(self.users, self.cat, strict=True):
            for m in MONTHS:
                self.points[m][unit] += self.weight[c[m]] if self.home[unit] else 0
        self.out["enhet_kategoripoeng"] = self.points
        self.over = [[0.0] * self.n for _ in MONTHS]
        self.direct = [0.0] * self.n
        for (unit, hours), c in zip(self.users, self.cat, strict=True):
            for m in MONTHS:
                self.over[m][unit] += hours[m] if c[m] == 6 else 0
            self.direct[unit] += hours[0] if 1 <= c[0] <= 5 else 0

    def pots(self):
        driving = any(unit["driving"] > 0 for unit in self.units)
        self.distance_pot = krone(self.available * DISTANCE) if self.open and driving else 0.0
        self.reserve_pot = krone(self.available * RESERVE) if self.open else 0.0
        rest = self.available - self.reserve_pot if self.open else 0.0
        if not self.reads("t14_avstand_i_tillegg"):
            rest -= self.distance_pot
        h6 = self.of_home(self.over[0])
        h = self.of_home(self.direct) + h6
        self.pool = krone(rest * h6 / h) if h else 0.0
        self.pot = rest - self.pool
        self.cost = rest / (h * WEEKS) if h else 0.0
        self.out |= {"etat_avstandspott": self.distance_pot, "etat_sentral_reserve": self.reserve_pot}
        self.out |= {"etat_pott_over_80": self.pool, "etat_kategoripott": self.pot}
        self.in_january = largest_remainder(self.pot, self.points[0])
        self.distance = largest_remainder(self.distance_pot, [unit["driving"] for unit in self.units])
        self.out |= {"enhet_kategoritildeling": self.in_january, "enhet_avstandstilskudd": self.distance}
        self.out["etat_kostnad_per_time"] = self.cost

    def held_points(self, m, base):
        """Return the units' points in month m where those of the month ``base`` hold."""
        if not self.reads("t15_faktisk_bruker"):
            return self.points[base]
        found = [0.0] * self.n
        for (unit, _), c in zip(self.users, self.cat, strict=True):
            if self.home[unit] and c[m] != 6:
                found[unit] += self.weight[c[m] if c[base] == 6 else c[base]]
        return found

    def material(self, m, held, change):
        if self.reads("t13_tertial") and m + 1 not in (4, 8):
            return False
        if self.reads("t08_endring_per_enhet"):
            for now, before in zip(self.points[m], held, strict=True):
                if (before == 0 and now > 0) or (before > 0 and round(abs(now - before) / before, 9) >= THRESHOLD):
                    return True
            return False
        return change >= THRESHOLD

    def course(self):
        def shares(points):
            total = sum(points)
            return [p / total if total else 0.0 for p in points]

        base, own, distribution, changes, moved = 0, [], [], [], []
        for m in MONTHS:
            if m and moved[m - 1]:
                base = m - 1
            own.append(shares(self.points[m]))
            held = self.held_points(m, base)
            distribution.append(shares(held))
            change = round(sum(abs(s - d) for s, d in zip(own[m], distribution[m], strict=True)) / 2, 9)
            changes.append(change)
            moved.append(self.open and self.material(m, held, change))
        so_far = []
        for m in MONTHS:
            with_shares = [k for k in range(m + 1) if any(s > 0 for s in distribution[k])]
            if self.reads("t13_hele_aaret"):
                sums = distribution[with_shares[-1]] if with_shares else [0.0] * self.n
            else:
                sums = [sum(distribution[k][u] for k in range(m + 1)) for u in range(self.n)]
            so_far.append(largest_remainder(krone(self.pot * len(with_shares) / 12), sums))
        self.year_frame = so_far[11]
        closed = [own, distribution] if self.open else [[[0.0] * self.n for _ in MONTHS]] * 2
        self.out["enhet_poengandel"], self.out["enhet_fordelingsandel"] = closed
        self.out["etat_endring_i_brukermassen"], self.out["etat_vesentlig_endring"] = changes, moved
        self.out["enhet_ramme_hittil"], self.out["enhet_kategoriramme"] = so_far, self.year_frame
        self.out["enhet_maanedsramme"] = numpy.diff(so_far, axis=0, prepend=numpy.zeros((1, self.n)))
        self.extra = [largest_remainder(self.given["extra"][m] if self.open else 0, distribution[m]) for m in MONTHS]
        self.out["enhet_tilleggsramme"] = self.extra

    def over_80(self):
        yard = self.of_home(self.direct)
        self.yardstick = [
            self.pot * d / yard if yard and home else 0.0 for d, home in zip(self.direct, self.home, strict=True)
        ]
        self.outcome = [max(0.0, (1 - TOLERANCE) * y - g) for y, g in zip(self.yardstick, self.in_january, strict=True)]
        self.compensation = largest_remainder(min(self.reserve_pot, krone(sum(self.outcome))), self.outcome)
        if self.reads("t05_skjoenn"):
            self.compensation = [0.0] * self.n
        left = self.reserve_pot - sum(self.compensation) - sum(unit["director"] for unit in self.units)
        if self.reads("t14_avstand_i_tillegg"):
            left -= self.distance_pot
        self.left = left if self.open else 0.0
        helps = max(0.0, self.left) if self.reads("t15_reserven_dekker") else 0.0
        self.paid, uncovered, remaining, claims_by_month = [], [], [], []
        from_pool = from_reserve = 0.0
        for m in MONTHS:
            claims = [
                h * WEEKS / 12 * self.cost if home else 0.0 for h, home in zip(self.over[m], self.home, strict=True)
            ]
            claim = krone(sum(claims))
            most = krone(self.pool * (m + 1) / 12) if self.reads("t10_maanedsrater") else self.pool
            pool_pays = min(claim, most - from_pool)
            reserve_pays = min(claim - pool_pays, helps - from_reserve)
            from_pool += pool_pays
            from_reserve += reserve_pays
            self.paid.append(largest_remainder(pool_pays + reserve_pays, claims))
            uncovered.append(claim - pool_pays - reserve_pays)
            remaining.append(self.pool - from_pool)
            claims_by_month.append(claims)
        self.left -= from_reserve
        self.out["enhet_krav_over_80"], self.out["enhet_tildeling_over_80"] = claims_by_month, self.paid
        self.out["etat_rest_pott_over_80"], self.out["etat_udekket_over_80"] = remaining, uncovered
        self.out["etat_udekket_over_80_i_aaret"] = sum(uncovered)

    def reserve(self):
        share = 1 if self.reads("t05_reserven_deles_ut") else 0
        self.at_the_end = largest_remainder(krone(max(0.0, self.left) * share), self.points[11])
        self.out["enhet_timebasert_ramme"], self.out["enhet_urimelig_utslag"] = self.yardstick, self.outcome
        self.out["enhet_reservekompensasjon"] = self.compensation
        self.out["enhet_reserve_ved_aarets_slutt"] = self.at_the_end
        self.out["etat_reserve_saldo"] = self.left - sum(self.at_the_end)


def grant_of(given, agencies, *, year, decisions, readings):
    """Return the reform's grant of each etat: what is given, or all of it for the only one."""
    if given is not None:
        return [float(grant) for grant in given]
    assert agencies == 1
    if "t20_styrkingen_utenfor" in readings and 1 in decisions:
        return [0.0]
    return [GRANT * 3 / 12 if year == 2017 else float(GRANT)]


def by_months(given, users):
    """Return an input of the users as twelve lists; None for one that is not given."""
    if given is None:
        return None
    months = given if isinstance(given, list) else [given] * 12
    return [[float(months[m][user]) for m in MONTHS] for user in range(users)]


def all_agencies(population, year, *, decisions, readings=frozenset()):
    """Compute each etat of a population by itself, and put the units back in their places.

    Args:
        population: the package's population (its arrays alone are used).
        year: the calendar year.
        decisions: the numbers (1 to 6) of the decisions that are in.
        readings: the readings, without ``lesning_``.

    Returns:
        By variable: an array whose last axis is the units or the etater.
    """
    users, units, agencies = (
        len(population.unit_of_user),
        len(population.unit_names),
        len(population.agency_names),
    )
    of_users, of_units, of_agencies = population.users, population.units, population.agencies
    assessed, teams = (by_months(of_users.get(f"{kind}_timer_per_uke"), users) for kind in ("vurdert", "teamvurdert"))
    visits, minutes = (by_months(of_users[name], users) for name in ("besoek_per_uke", "normtid_minutter_per_besoek"))
    hours = [
        hours_of_year(
            [v * n / 60 for v, n in zip(visits[user], minutes[user], strict=True)],
            assessed[user],
            teams and teams[user],
            year=year,
            decisions=decisions,
            readings=readings,
        )
        for user in range(users)
    ]
    zeros = [0.0] * max(units, agencies)
    grants = grant_of(
        of_agencies.get("etat_tillitsreform_styrking"), agencies, year=year, decisions=decisions, readings=readings
    )
    results = {}
    for agency in range(agencies):
        mine = [
            u
            for u in range(units)
            if population.agency_of_unit[u] == agency and any(unit == u for unit in population.unit_of_user)
        ]
        place = {unit: number for number, unit in enumerate(mine)}
        described = [
            {
                "home": not of_units.get("enhet_tjenesteomraade", zeros)[u],
                "driving": float(of_units.get("enhet_kjoeretid_per_uke", zeros)[u]),
                "director": float(of_units.get("enhet_etatsdirektoer_omfordeling", zeros)[u]),
                "carried": float(of_units.get("enhet_overfoert_fra_i_fjor", zeros)[u]),
            }
            for u in mine
        ]
        extra = of_agencies.get("etat_tilleggsbevilgning", [zeros] * 12)
        given = {
            "frame": float(of_agencies["etat_budsjettramme"][agency]),
            "grant": grants[agency],
            "extra": [float(extra[m][agency]) for m in MONTHS],
        }
        own = [(place[unit], hours[user]) for user, unit in enumerate(population.unit_of_user) if unit in place]
        etat = Etat(own, described, given, year=year, decisions=decisions, readings=readings)
        for name, values in etat.compute().items():
            array = numpy.asarray(values, dtype=float)
            of_etat = name.startswith("etat_")
            shape = array.shape if of_etat else array.shape[:-1] if mine else (12,) * (array.ndim - 1)
            full = results.setdefault(name, numpy.zeros((*shape, agencies if of_etat else units)))
            if of_etat:
                full[..., agency] = array
            elif mine:
                full[..., mine] = array
    return results

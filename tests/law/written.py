"""Proposals at random, and what is right about each by rules of its own: a model of numbers painted over in order."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

BOUND, WEIGHT = "kategorimodell.nedre_grense.kategori_", "kategorimodell.vekt.kategori_"
FRAME, GRANT, PASSED_ON = (
    "budsjett.ramme",
    "budsjett.tillitsreform_styrking",
    "budsjett.tillitsreform_andel_til_etaten",
)
OVERSPEND, SHARE, PRICE = "merforbruk.kroner", "merforbruk.andel", "aktivitetsbasert.timepris"
MOST = 2**53
LAST = date(2100, 12, 31)
AS_OF = date(2019, 1, 1)

#: Of each number: its first day, the law's value, the least and the most that it may be, and values to try.
SHARES_TRIED = (0, 0.01, 0.02, 0.035, 0.3, 0.5, 0.7, 1, 1.01, -0.01)
NUMBERS = {
    **{
        f"{BOUND}{number}": (
            2018,
            value,
            0,
            168,
            (*(value * factor for factor in (0.5, 0.75, 1.2, 2.2)), 168, 168.5, -1),
        )
        for number, value in enumerate((0, 1.5, 7.5, 15, 30, 80), start=1)
    },
    **{
        f"{WEIGHT}{number}": (2018, value, 0, 1_000_000, (0, 0.75, 11.125, 67.50376122, 1_000_000, 1_000_001, 1e30))
        for number, value in enumerate((0.75, 4.5, 11.25, 22.5, 55), start=1)
    },
    "reserve.andel": (2018, 0.02, 0, 1, SHARES_TRIED),
    "avstand.andel": (2018, 0.01, 0, 1, SHARES_TRIED),
    "reserve.toleranse": (2018, 0.05, 0, 1, SHARES_TRIED),
    "reserve.deles_ut_ved_aarets_slutt": (2018, 0, 0, 1, SHARES_TRIED),
    "omfordeling.terskel": (2018, 0.05, 0, 1, SHARES_TRIED),
    "tid.uker_per_aar": (2017, 52, 1, 54, (1, 52.18, 53, 54, 54.5, 0, 1e308)),
    FRAME: (2017, 1_021_686_820, -MOST, MOST, (0, 1, 927_533_001, MOST - 14_000_000, MOST, 1e16, -1, 1000.5)),
    GRANT: (2018, 14_000_000, -MOST, MOST, (0, 7_000_001, -14_000_000, -2_000_000_000, MOST, 0.5)),
    PASSED_ON: (2018, 1, 0, 1, SHARES_TRIED),
    OVERSPEND: (2019, 51_784_341, -MOST, MOST, (0, 1, 60_000_000, -5, MOST, 1e30)),
    SHARE: (2019, 0.05, 0, 1, (0.045, 0.055, 1, 0, 0.000000001, 0.00001, 1.5)),
    PRICE: (2017, 987.6216269, 0, 1_000_000, (0, 800, 1_000_000, 1_000_001, 1e308)),
}
WHOLE = {FRAME, GRANT, OVERSPEND}
SHARES = {name for name, (*_, tried) in NUMBERS.items() if tried is SHARES_TRIED} | {SHARE}


@dataclass(frozen=True)
class Written:
    """A change, as it is written in a file or set on a command line."""

    parameter: str
    start: date
    stop: date | None
    value: float

    def covers(self, day):
        return self.start <= day <= (self.stop or date.max)

    def in_file(self):
        until = f", to: {self.stop}" if self.stop else ""
        return f"  - {{parameter: {self.parameter}, from: {self.start}{until}, value: {digits(self.value)}}}\n"

    def as_set(self, way):
        return f"{self.parameter}={in_norwegian(self.parameter, self.value, way)}@{self.start}"


def digits(value):
    """Write a number out, beyond doubt and all reason."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_norwegian(parameter, value, way):
    """Write a number in one of the ways that are read as meant."""
    if way == "percent" and parameter in SHARES:
        return f"{digits(float(Decimal(repr(value)) * 100))} %".replace(".", ",")
    text = digits(value)
    if text.partition(".")[2][3:] == "" and len(text.partition(".")[2]) == 3:
        text += "0"  # 11.125 may be 11125
    if "." not in text and way == "grouped":
        return f"{int(text):,}".replace(",", " ")
    return text.replace(".", ",") if way == "comma" else text


def drawn(random):
    """Return from one to three proposals in order, each a list of changes."""
    names = random.sample(list(NUMBERS), random.randint(1, 4))
    if random.random() < 0.4:
        names = [f"{BOUND}{number}" for number in random.sample(range(1, 7), 3)]
    return [[_change(random, random.choice(names)) for _ in range(random.randint(1, 3))] for _ in range(_few(random))]


def _few(random):
    return random.choice((1, 1, 2, 2, 3))


def _change(random, name):
    _, _, low, high, tried = NUMBERS[name]
    if usual := random.random() < 0.9:
        tried = [value for value in tried if low <= value <= high and not (name in WHOLE and value % 1)]
        starts = [date(2019, 1, 1), date(2019, 7, 1), date(2020, 1, 1), date(2021, 3, 9)]
    else:
        starts = [date(2016, 12, 31), date(2017, 1, 1), date(2018, 7, 1), date(2101, 1, 1)]
    start = random.choice(starts)
    ends = [date(start.year, 12, 31), date(2021, 12, 31), LAST] if usual else [date(2018, 12, 31), date(2101, 1, 1)]
    return Written(name, start, random.choice([None, None, *ends]), random.choice(tried))


@dataclass
class Model:
    """What numbers are after changes, painted over each other in order."""

    painted: list[Written] = field(default_factory=list)

    def value(self, name, day):
        """Return a number on a day; None before its first."""
        over = [change for change in self.painted if change.parameter == name and change.covers(day)]
        if over:
            return over[-1].value
        if name in (FRAME, PRICE) and all(change.parameter != name for change in self.painted):
            return self.derived(name)
        first, usual, *_ = NUMBERS[name]
        if name in (FRAME, PRICE):
            return self.derived_before(name)
        return usual if day.year >= first else None

    def derived(self, name):
        """Return the frame or the price that follows 2019's overspend (T-1)."""
        overspend, share = self.value(OVERSPEND, AS_OF), self.value(SHARE, AS_OF)
        frame = overspend / share
        if name == PRICE:
            return round((frame + overspend) / 1_101_101, 7)
        return (frame - 14_000_000 * self.value(PASSED_ON, AS_OF) + 0.5) // 1

    def derived_before(self, name):
        """Return what was derived before the number was itself given, which it stays on the other days."""
        given = next(n for n, change in enumerate(self.painted) if change.parameter == name)
        return Model(self.painted[: self.ends_before[given]]).derived(name)

    #: For each change, how many come from proposals before its own.
    ends_before: list[int] = field(default_factory=list)

    def with_proposal(self, changes):
        before = len(self.painted)
        return Model([*self.painted, *changes], [*self.ends_before, *[before] * len(changes)])

    def days(self):
        """Return the days on which any number changes."""
        found = {date(2017, 1, 1), date(2018, 1, 1), AS_OF}
        for change in self.painted:
            found |= {change.start} | ({change.stop + timedelta(days=1)} if change.stop else set())
        return sorted(found)

    def in_order(self):
        """Return whether the numbers can stand together on every day."""
        derives = [name for name in (FRAME, PRICE) if all(change.parameter != name for change in self.painted)]
        if derives:
            overspend, share = self.value(OVERSPEND, AS_OF), self.value(SHARE, AS_OF)
            if not share or overspend / share > MOST:
                return False
            if PRICE in derives and not 0 <= self.derived(PRICE) <= 1_000_000:
                return False
        return all(self._in_order_on(day) for day in self.days())

    def _in_order_on(self, day):
        if not 0 <= self.value(FRAME, day) <= MOST:
            return False
        if day.year < 2018:
            return True
        bounds = [self.value(f"{BOUND}{number}", day) for number in range(1, 7)]
        frame = self.value(FRAME, day) + self.value(GRANT, day) * self.value(PASSED_ON, day)
        return (
            all(low < high for low, high in pairwise(bounds))
            and self.value("reserve.andel", day) + self.value("avstand.andel", day) <= 1
            and 0 <= frame <= MOST
        )


def allowed(changes):
    """Return whether each change of a proposal is one that its number can take, and none meets another."""
    for number, change in enumerate(changes):
        first, _, low, high, _ = NUMBERS[change.parameter]
        if not low <= change.value <= high or (change.parameter in WHOLE and change.value % 1):
            return False
        if not first <= change.start.year <= LAST.year or (change.stop and not change.start <= change.stop <= LAST):
            return False
        for other in changes[:number]:
            same_time = change.start <= (other.stop or LAST) and other.start <= (change.stop or LAST)
            if other.parameter == change.parameter and same_time:
                return False
    return True

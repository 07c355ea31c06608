"""Office tables with one oddity each: refused with words of ours, or the same kroner as the plain table; never else."""

import csv
import datetime
import io
import random

import openpyxl
import pytest
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from openfisca_bergen_hbt import CountryTaxBenefitSystem
from openfisca_bergen_hbt.intake.microdata import Files
from openfisca_bergen_hbt.intake.problems import DataError
from openfisca_bergen_hbt.simulate import simulate
from tests.fuzz import CASES
from tests.intake.files import read_population

UNITS = ("Arna", "Årstad", "Laksevåg sør", "Fana/Ytrebygda")
HEADINGS = ("enhet", "timer_per_uke")
FRAME = 10_000_000
#: No message is longer.
LONGEST = 20_000
LAW = CountryTaxBenefitSystem()
#: Cells that mean no hours of a week.
NO_HOURS = (
    "-1", "169", "1e9", "fem", "5 t", "nan", "inf", "#N/A", "5,5,5", "1.2.3", "5:30 t", "2019-01-01", "=1+1", "12 12",
    "²", "1e400", "0x10", "٥", "5_0", "½", "—", "ja", "True", "NULL", "\x00", "5\n6", "9" * 400,
)  # fmt: skip
#: The same number, written in other ways.
SAME_HOURS = (
    lambda h: f" {h} ",
    lambda h: f"{h}0".replace(".", ",") if "." in str(h) else f"{h},0",
    lambda h: f"\N{NO-BREAK SPACE}{h}",
    lambda h: f"+{h}",
    lambda h: f"{h:.3f}",
)
NO_NAMES = (
    "",
    " ",
    "Sum",
    "Arna Totalt",
    "Kilde: SSB",
    "=SUM(A1)",
    "@x",
    "A\x07",
    "x" * 300,
    "A\ufffd",
    "a\nb",
)
SAME_NAMES = (
    str.upper,
    str.lower,
    lambda name: f"{name} ",
    lambda name: f"\u200b{name}",
    lambda name: name.replace("Å", "A\u030a").replace("å", "a\u030a"),
    lambda name: name.replace(" ", "\N{NO-BREAK SPACE}"),
)
ELSE = (
    "notat",
    "x;y",
    'en "sa" det',
    "a,b\tc",
    "<b>",
    "=1+1",
    "#REF!",
    "12,5",
    "1.5",
    "\N{SOFT HYPHEN}",
    "'",
    "01017012345",
)


def plain(dice):
    return [[dice.choice(UNITS), dice.choice((0, 1, 2.5, 7.25, 12, 33.5, 90))] for _ in range(dice.randint(1, 12))]


def strange_hours(dice, rows):
    dice.choice(rows)[1] = dice.choice([*NO_HOURS, True, datetime.date(2019, 1, 1), datetime.time(5, 30), None, ""])


def hours_written_otherwise(dice, rows):
    row = dice.choice(rows)
    row[1] = dice.choice(SAME_HOURS)(row[1])


def strange_name(dice, rows):
    dice.choice(rows)[0] = dice.choice(NO_NAMES)


def name_written_otherwise(dice, rows):
    row = dice.choice(rows)
    row[0] = dice.choice(SAME_NAMES)(row[0])


def another_column(dice, rows):
    for row in rows:
        row.append(dice.choice(ELSE))
    heading = dice.choice(["Merknad", "", "a;b", 'x"y', "timer", "enhet2", "Enhet", "timer_pr_uke"])
    return [["enhet", "timer_per_uke", heading], *rows]


def a_cell_too_many(dice, rows):
    dice.choice(rows).append(dice.choice(ELSE))


def headings_written_otherwise(dice, rows):
    write = dice.choice([str.upper, str.title, lambda h: f" {h} ", lambda h: h.replace("_", " ")])
    return [[write(heading) for heading in HEADINGS], *rows]


def strange_heading(dice, rows):
    headings = list(HEADINGS)
    headings[dice.randrange(2)] = dice.choice(["", "enhett", "timer", "Timer per uke 2018", "enhet"])
    return [headings, *rows]


def something_below(dice, rows):
    rows.append(
        dice.choice([[], ["", ""], ["Sum", sum(h for _, h in rows)], ["Kilde: Gerica"], ["", 55], ["* rettet"]])
    )


def something_above(dice, rows):
    return [dice.choice([[], ["Uttrekk 2019"], ["", ""]]), HEADINGS, *rows]


def something_between(dice, rows):
    rows.insert(dice.randrange(len(rows) + 1), dice.choice([[], ["", ""], list(HEADINGS), [None, None]]))


ODDITIES = (
    strange_hours, hours_written_otherwise, strange_name, name_written_otherwise, another_column, a_cell_too_many,
    headings_written_otherwise, strange_heading, something_below, something_above, something_between,
)  # fmt: skip


def odd(dice, rows):
    """Return a table with one oddity, its headings included."""
    rows = [list(row) for row in rows]
    return dice.choice(ODDITIES)(dice, rows) or [HEADINGS, *rows]


def as_csv(dice, table):
    text = io.StringIO()
    mark = dice.choice(";,\t")
    writer = csv.writer(text, delimiter=mark, lineterminator=dice.choice(["\n", "\r\n", "\r"]))
    comma = mark != "," and dice.random() < 0.5
    writer.writerows([[_written(cell, comma=comma) for cell in row] for row in table])
    content = text.getvalue()
    if dice.random() < 0.15:  # a quotation mark, or a cut, somewhere
        place = dice.randrange(len(content))
        content = content[:place] + dice.choice(['"', "\x00", "\r"]) + content[place:]
        return content.encode()
    return content.encode(dice.choice(["utf-8", "utf-8-sig", "utf-16"]))


def _written(cell, *, comma):
    if isinstance(cell, float) and comma:
        return str(cell).replace(".", ",")
    return "" if cell is None else str(cell)


def as_xlsx(_dice, table):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(
            [ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell) if isinstance(cell, str) else cell for cell in row]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def kroner(path):
    population = read_population(Files(path, frame=FRAME), 2019).population
    given = simulate(population, LAW, 2019).value("enhet_samlet_tildeling").tolist()
    return {
        " ".join(name.casefold().split()): kroner for name, kroner in zip(population.unit_names, given, strict=True)
    }


def outcome(path):
    """Return the kroner of a table, or what is said of it."""
    try:
        return kroner(path)
    except DataError as error:
        return str(error)


@pytest.mark.fuzz
def test_an_odd_table_is_refused_or_means_what_the_plain_one_means(tmp_path):
    for case in range(CASES):
        dice = random.Random(case)  # noqa: S311 (a fuzz that is the same each time)
        rows = plain(dice)
        clean = tmp_path / "b.csv"
        clean.write_text("enhet;timer_per_uke\n" + "".join(f"{u};{h}\n" for u, h in rows), encoding="utf-8")
        expected = kroner(clean)
        ending, write = dice.choice([("csv", as_csv), ("csv", as_csv), ("xlsx", as_xlsx)])
        content = write(dice, odd(dice, rows))
        path = tmp_path / f"odd.{ending}"
        path.write_bytes(content)
        found = outcome(path)
        assert found == expected or (isinstance(found, str) and 0 < len(found) < LONGEST), (case, content[:400], found)

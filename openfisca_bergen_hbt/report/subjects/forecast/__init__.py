"""Where the year ends, in words and tables: the units, the pool, the next change, the reserve, the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openfisca_bergen_hbt.analysis.flows.counting import MONTHS
from openfisca_bergen_hbt.analysis.forecast import EXPECTED, HELD, TREND, Forecast
from openfisca_bergen_hbt.analysis.forecast.figures import NOT_SHOWN, OfEtat, Spread
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table
from openfisca_bergen_hbt.report.subjects.forecast import accounts, since
from openfisca_bergen_hbt.text import numbers

#: How the rest of the year is filled, and what that assumes.
METHODS = {
    HELD: (
        "Resten av året er den siste måneden holdt uendret. Metoden gir ett forløp: at spennet er null, sier ikke at "
        "tallene er sikre."
    ),
    TREND: (
        "Resten av året følger overgangsmatrisen fra månedene som er kjent: like stor andel av hver kategori flytter "
        "seg som til nå i hele etaten, hver enhet får nye brukere så ofte som til nå, og timene per bruker i en "
        "kategori er som i den siste måneden. Sesong og planer er ikke med."
    ),
    EXPECTED: (
        "Resten av året er de ventede brukerne som er oppgitt. I trekkene får hver bruker forløpet til en tilfeldig "
        "bruker i samme enhet og kategori; om forventningene er riktige, sier spennet ingenting om."
    ),
}
ALL_GIVEN = "Alle tolv månedene er kjent: dette er året slik regelverket gir det, og ingen prognose."
BAND = "Fra og til: ni av ti av {samples} trukne forløp ligger mellom (frø {seed})."
POOL_HELD_BACK = "Potten til brukere over 80 timer er holdt tilbake: det er for få brukere bak den."
HELD_BACK = f"«{MARK}» er holdt tilbake: få brukere står bak tallet, eller det ville røpet et slikt."
ABOUT_POOL = "Tom: andelen av trekkene der potten innen måneden ikke har kunnet betale alle krav."
ABOUT_CHANGE = (
    "Endring: halvparten av summen av enhetenes avvik fra andelene som gjelder. Sett først: andelen av trekkene der "
    "neste vesentlige endring først ses i måneden; den virker fra måneden etter, og i desember flytter den ingenting."
)


def paper(found: Forecast) -> Paper:
    """Return where the year ends."""
    sections = [
        Section([_units(found)], "enheter", "Hva hver enhet får"),
        Section([_pool(found), _uncovered(found)], "pott", "Potten til brukere over 80 timer"),
        Section([_reserve(found)], "reserve", "Reserven"),
    ]
    if len(found.etater) == 1:
        sections.insert(2, Section([_change(found)], "endring", "Neste vesentlige endring"))
    if len(found.etater) > 1:
        sections.append(Section([_etater(found)], "etater", "Etat for etat"))
    if found.accounts:
        sections.append(
            Section(accounts.tables(found.accounts, found.year), "regnskap", "Regnskapet ved siden av modellen")
        )
    if found.changed is not None and found.earlier is not None:
        sections.append(Section(since.tables(found, found.earlier), "siden", "Siden forrige prognose"))
    title = f"Prognose for {found.year}" if found.months < MONTHS else f"Året {found.year}"
    return Paper(title, sections, list(_headlines(found)), notes=list(_notes(found)))


def as_json(found: Forecast) -> dict[str, Any]:
    """Return all that was found, with what else than amounts has changed since an earlier forecast."""
    if found.earlier is None:
        return found.figures()
    others = [one._asdict() for one in since.differences(found, found.earlier)]
    return {**found.figures(), "since": found.earlier.date, "also_changed": others}


def _headlines(found: Forecast) -> Iterator[str]:
    if found.months < MONTHS:
        yield f"Kjent til og med {numbers.month_name(found.months)} {found.year}. {METHODS[found.method]}"
    else:
        yield ALL_GIVEN
    if found.flows:
        yield f"Hva om: {'; '.join(found.flows)}."
    if len(found.etater) == 1:
        yield from _of_etat(found, next(iter(found.etater.values())))
    else:
        etater = found.etater.values()
        short, hidden = sum(of.runs_out is not None for of in etater), sum(of.pool is None for of in etater)
        beside = f" I {hidden} er den holdt tilbake: det er for få brukere bak den." if hidden else ""
        yield f"Potten til brukere over 80 timer går tom i {short} av {len(found.etater)} etater.{beside}"
    if found.accounts:
        yield accounts.in_words(found.accounts, found.year)
    if found.changed is not None and found.earlier is not None:
        yield from since.in_words(found, found.earlier)


def _of_etat(found: Forecast, etat: OfEtat) -> Iterator[str]:
    yield POOL_HELD_BACK if etat.pool is None else _pool_in_words(found, etat)
    yield from _change_in_words(found, etat)
    saldo = etat.reserve_left
    overdrawn = " Den er overtrukket." if (saldo.value or 0) < 0 else ""
    yield f"Saldoen i reserven er {_kr(saldo)} ved årets slutt.{overdrawn}"


def _pool_in_words(found: Forecast, etat: OfEtat) -> str:
    pool = f"Potten til brukere over 80 timer ({numbers.whole(etat.pool or 0)} kr)"
    if etat.runs_out is None:
        share = etat.has_run_out[-1]
        chance = f" I {numbers.percent(share)} av trekkene går den tom." if found.samples else ""
        return f"{pool} rekker ut året, med {_kr(etat.pool_left[-1])} igjen.{chance}"
    month = numbers.month_name(etat.runs_out)
    return f"{pool} går tom i {month}; ved årets slutt er {_kr(etat.uncovered[-1])} av kravene udekket."


def _change_in_words(found: Forecast, etat: OfEtat) -> Iterator[str]:
    if etat.seen:
        months = ", ".join(map(numbers.month_name, etat.seen))
        yield f"Vesentlig endring sett i {months}: den flytter midler fra måneden etter."
    if found.months >= MONTHS - 1:
        return
    chance = sum(etat.next_seen)
    threshold = numbers.percent(etat.threshold)
    if not chance or etat.moves is None:
        of = "" if not found.samples else f" i noen av {found.samples} trekk"
        yield f"Ingen ny vesentlig endring (terskel {threshold}) ses{of} i resten av året."
        return
    likely = max(range(MONTHS), key=etat.next_seen.__getitem__)
    where = f"oftest først i {numbers.month_name(likely + 1)}"
    drawn = (
        f"i {numbers.percent(chance)} av trekkene, {where}"
        if found.samples
        else f"først i {numbers.month_name(likely + 1)}"
    )
    yield f"Ny vesentlig endring (terskel {threshold}) ses {drawn}. Den flytter da {_kr(etat.moves)} mellom enhetene."


def _kr(of: Spread) -> str:
    if of.value is None or of.low is None or of.high is None:
        return f"{MARK} kr"
    band = "" if of.low == of.high else f" ({numbers.millions(of.low)}–{numbers.millions(of.high)} mill.)"
    return f"{numbers.whole(of.value)} kr{band}"


def _notes(found: Forecast) -> Iterator[str]:
    if found.samples:
        yield BAND.format(samples=found.samples, seed=found.seed)
    if _holds_back(found):
        yield HELD_BACK
    yield f"Regelverk: «{found.regulation}»."
    yield found.population


def _holds_back(found: Forecast) -> bool:
    """Return whether some amount, or the change in the mix of users, is held back."""
    amounts = [*found.units.values(), found.in_all]
    of_etater: list[tuple[float | None, ...]] = [
        (of.pool, of.given.value, of.left.value, of.reserve_left.value, *of.change) for of in found.etater.values()
    ]
    if found.accounts:
        of_etater += [(of.frame, of.volume) for of in (*found.accounts.so_far.values(), found.accounts.all_so_far)]
    return any(of.value is None for of in amounts) or any(None in of for of in of_etater)


def _spread(of: Spread) -> list[Cell]:
    return [of.value, of.low, of.high]


def _known(found: Forecast, month: int) -> str:
    """Return what a month is called: those that are given are marked as known."""
    return f"{numbers.month_name(month)}{' (kjent)' if month <= found.months else ''}"


def _units(found: Forecast) -> Table:
    rows: list[list[Cell]] = [[name, *_spread(of)] for name, of in found.units.items()]
    rows.append(["Sum", *_spread(found.in_all)])
    heads = [Column("Enhet"), *_band_heads("Samlet tildeling")]
    notes = ["Spennet for summen er trukket for seg, og er ikke summen av spennene."] if found.samples else []
    title = f"Ventet tildeling for {found.year}" if found.months < MONTHS else f"Tildeling for {found.year}"
    return Table(heads, rows, title, "Prognose", "forecast", notes, has_sum=True, ranked_by=1)


def _pool(found: Forecast) -> Table:
    etater = list(found.etater.values())
    rows: list[list[Cell]] = []
    for month in range(MONTHS):
        chance: Cell = "" if len(etater) > 1 or etater[0].pool is None else etater[0].has_run_out[month]
        left = _sum([of.pool_left[month] for of in etater])
        rows.append([_known(found, month + 1), *_spread(left), chance])
    heads = [Column("Måned", width=16), *_band_heads("Rest"), Column("Tom", "percent")]
    return Table(heads, rows, "Rest i potten, måned for måned", "Pott over 80", "pool", [ABOUT_POOL])


def _uncovered(found: Forecast) -> Table:
    rows: list[list[Cell]] = [
        [_known(found, month + 1), *_spread(_sum([of.uncovered[month] for of in found.etater.values()]))]
        for month in range(MONTHS)
    ]
    title = "Krav hittil som potten ikke har betalt"
    return Table([Column("Måned", width=16), *_band_heads("Udekket")], rows, title, "Udekket", "uncovered")


def _band_heads(heading: str) -> list[Column]:
    return [Column(heading, "kr"), Column("Fra", "kr"), Column("Til", "kr")]


def _sum(spreads: list[Spread]) -> Spread:
    """Return amounts added up; of several etater the ends are those of all at once, which is wider than they are."""
    if NOT_SHOWN in spreads:
        return NOT_SHOWN
    return Spread(*(sum(getattr(of, name) for of in spreads) for name in ("value", "low", "high")))


def _change(found: Forecast) -> Table:
    (etat,) = found.etater.values()
    rows: list[list[Cell]] = []
    for month in range(MONTHS):
        known = month < found.months
        seen = "sett" if month + 1 in etat.seen else "" if known else numbers.percent(etat.next_seen[month])
        rows.append([_known(found, month + 1), etat.change[month], etat.threshold, seen])
    heads = [
        Column("Måned", width=16),
        Column("Endring", "percent"),
        Column("Terskel", "percent"),
        Column("Sett først"),
    ]
    return Table(heads, rows, "Endring i brukermassen", "Endring", "next_change", [ABOUT_CHANGE])


def _reserve(found: Forecast) -> Table:
    rows: list[list[Cell]] = [[name, of.reserve, *_spread(of.reserve_left)] for name, of in found.etater.items()]
    heads = [Column("Etat", width=30), Column("Avsatt", "kr"), *_band_heads("Saldo")]
    return Table(heads, rows, "Reserven ved årets slutt", "Reserve", "reserve", ranked_by=1)


def _etater(found: Forecast) -> Table:
    rows: list[list[Cell]] = [
        [
            name,
            of.given.value,
            "" if of.runs_out is None else numbers.month_name(of.runs_out),
            of.uncovered[-1].value,
            float(sum(of.next_seen)),
            "" if of.moves is None else of.moves.value,
        ]
        for name, of in found.etater.items()
    ]
    heads = [
        *(Column("Etat", width=30), Column("Delt ut", "kr"), Column("Potten tom i", width=12)),
        *(Column("Udekket", "kr"), Column("Ny endring", "percent"), Column("Flytter", "kr")),
    ]
    return Table(heads, rows, "Etat for etat", "Etater", "forecast_etater", ranked_by=1)

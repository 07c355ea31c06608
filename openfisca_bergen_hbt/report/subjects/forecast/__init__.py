"""Where the year ends, in words and tables: the units, the pool, the next change, the reserve, the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openfisca_bergen_hbt.analysis.flows.counting import MONTHS
from openfisca_bergen_hbt.analysis.forecast import EXPECTED, HELD, TREND, Forecast
from openfisca_bergen_hbt.analysis.forecast.figures import NOT_SHOWN, OfEtat, Spread
from openfisca_bergen_hbt.privacy.suppression import MARK
from openfisca_bergen_hbt.report.paper import Cell, Column, Paper, Section, Table, from_to
from openfisca_bergen_hbt.report.subjects.forecast import accounts, since
from openfisca_bergen_hbt.text import numbers
from openfisca_bergen_hbt.text.language import say, to_say

#: How the rest of the year is filled, and what that assumes.
METHODS = {
    HELD: to_say(
        "Resten av året er den siste måneden holdt uendret. Metoden gir ett forløp: at spennet er null, sier ikke at "
        "tallene er sikre."
    ),
    TREND: to_say(
        "Resten av året følger overgangsmatrisen fra månedene som er kjent: like stor andel av hver kategori flytter "
        "seg som til nå i hele etaten, hver enhet får nye brukere så ofte som til nå, og timene per bruker i en "
        "kategori er som i den siste måneden. Sesong og planer er ikke med."
    ),
    EXPECTED: to_say(
        "Resten av året er de ventede brukerne som er oppgitt. I trekkene får hver bruker forløpet til en tilfeldig "
        "bruker i samme enhet og kategori; om forventningene er riktige, sier spennet ingenting om."
    ),
}
ALL_GIVEN = to_say("Alle tolv månedene er kjent: dette er året slik regelverket gir det, og ingen prognose.")
BAND = to_say("Fra og til: ni av ti av {samples} trukne forløp ligger mellom (frø {seed}).")
POOL_HELD_BACK = to_say("Potten til brukere over 80 timer er holdt tilbake: det er for få brukere bak den.")
HELD_BACK = to_say("«{mark}» er holdt tilbake: få brukere står bak tallet, eller det ville røpet et slikt.")
ABOUT_POOL = to_say("Tom: andelen av trekkene der potten innen måneden ikke har kunnet betale alle krav.")
ABOUT_CHANGE = to_say(
    "Endring: halvparten av summen av enhetenes avvik fra andelene som gjelder. Sett først: andelen av trekkene der "
    "neste vesentlige endring først ses i måneden; den virker fra måneden etter, og i desember flytter den ingenting."
)


def paper(found: Forecast) -> Paper:
    """Return where the year ends."""
    sections = [
        Section([_units(found)], "enheter", say("Hva hver enhet får")),
        Section([_pool(found), _uncovered(found)], "pott", say("Potten til brukere over 80 timer")),
        Section([_reserve(found)], "reserve", say("Reserven")),
    ]
    if len(found.etater) == 1:
        sections.insert(2, Section([_change(found)], "endring", say("Neste vesentlige endring")))
    if len(found.etater) > 1:
        sections.append(Section([_etater(found)], "etater", say("Etat for etat")))
    if found.accounts:
        sections.append(
            Section(accounts.tables(found.accounts, found.year), "regnskap", say("Regnskapet ved siden av modellen"))
        )
    if found.changed is not None and found.earlier is not None:
        sections.append(Section(since.tables(found, found.earlier), "siden", say("Siden forrige prognose")))
    title = (
        say("Prognose for {year}").format(year=found.year)
        if found.months < MONTHS
        else say("Året {year}").format(year=found.year)
    )
    return Paper(title, sections, list(_headlines(found)), notes=list(_notes(found)))


def as_json(found: Forecast) -> dict[str, Any]:
    """Return all that was found, with what else than amounts has changed since an earlier forecast."""
    if found.earlier is None:
        return found.figures()
    others = [one._asdict() for one in since.differences(found, found.earlier)]
    return {**found.figures(), "since": found.earlier.date.isoformat(), "also_changed": others}


def _headlines(found: Forecast) -> Iterator[str]:
    if found.months < MONTHS:
        yield say("Kjent til og med {month} {year}. {method}").format(
            month=numbers.month_name(found.months), year=found.year, method=say(METHODS[found.method])
        )
    else:
        yield say(ALL_GIVEN)
    if found.flows:
        yield say("Hva om: {flows}.").format(flows="; ".join(found.flows))
    if len(found.etater) == 1:
        yield from _of_etat(found, next(iter(found.etater.values())))
    else:
        etater = found.etater.values()
        short, hidden = sum(of.runs_out is not None for of in etater), sum(of.pool is None for of in etater)
        runs_out = say("Potten til brukere over 80 timer går tom i {short} av {etater} etater.")
        said = [runs_out.format(short=short, etater=len(found.etater))]
        if hidden:
            said.append(say("I {hidden} er den holdt tilbake: det er for få brukere bak den.").format(hidden=hidden))
        yield " ".join(said)
    if found.accounts:
        yield accounts.in_words(found.accounts, found.year)
    if found.changed is not None and found.earlier is not None:
        yield from since.in_words(found, found.earlier)


def _of_etat(found: Forecast, etat: OfEtat) -> Iterator[str]:
    yield say(POOL_HELD_BACK) if etat.pool is None else _pool_in_words(found, etat)
    yield from _change_in_words(found, etat)
    saldo = etat.reserve_left
    overdrawn = [say("Den er overtrukket.")] if (saldo.value or 0) < 0 else []
    yield " ".join([say("Saldoen i reserven er {saldo} ved årets slutt.").format(saldo=_kr(saldo)), *overdrawn])


def _pool_in_words(found: Forecast, etat: OfEtat) -> str:
    pool = numbers.whole(etat.pool or 0)
    if etat.runs_out is None:
        left = say("Potten til brukere over 80 timer ({pool} kr) rekker ut året, med {left} igjen.")
        chance = say("I {share} av trekkene går den tom.").format(share=numbers.percent(etat.has_run_out[-1]))
        return " ".join([left.format(pool=pool, left=_kr(etat.pool_left[-1])), *([chance] if found.samples else [])])
    return say(
        "Potten til brukere over 80 timer ({pool} kr) går tom i {month}; ved årets slutt er {uncovered} av kravene "
        "udekket."
    ).format(pool=pool, month=numbers.month_name(etat.runs_out), uncovered=_kr(etat.uncovered[-1]))


def _change_in_words(found: Forecast, etat: OfEtat) -> Iterator[str]:
    if etat.seen:
        months = ", ".join(map(numbers.month_name, etat.seen))
        yield say("Vesentlig endring sett i {months}: den flytter midler fra måneden etter.").format(months=months)
    if found.months >= MONTHS - 1:
        return
    chance = sum(etat.next_seen)
    threshold = numbers.percent(etat.threshold)
    if not chance or etat.moves is None:
        none = (
            say("Ingen ny vesentlig endring (terskel {threshold}) ses i noen av {samples} trekk i resten av året.")
            if found.samples
            else say("Ingen ny vesentlig endring (terskel {threshold}) ses i resten av året.")
        )
        yield none.format(threshold=threshold, samples=found.samples)
        return
    likely = max(range(MONTHS), key=etat.next_seen.__getitem__)
    one = (
        say(
            "Ny vesentlig endring (terskel {threshold}) ses i {chance} av trekkene, oftest først i {month}. Den "
            "flytter da {moves} mellom enhetene."
        )
        if found.samples
        else say(
            "Ny vesentlig endring (terskel {threshold}) ses først i {month}. Den flytter da {moves} mellom enhetene."
        )
    )
    month = numbers.month_name(likely + 1)
    yield one.format(threshold=threshold, chance=numbers.percent(chance), month=month, moves=_kr(etat.moves))


def _kr(of: Spread) -> str:
    if of.value is None or of.low is None or of.high is None:
        return f"{MARK} kr"
    amount = f"{numbers.whole(of.value)} kr"
    if of.low == of.high:
        return amount
    low, high = numbers.millions(of.low), numbers.millions(of.high)
    return say("{amount} ({low}–{high} mill.)").format(amount=amount, low=low, high=high)


def _notes(found: Forecast) -> Iterator[str]:
    if found.samples:
        yield say(BAND).format(samples=found.samples, seed=found.seed)
    if _holds_back(found):
        yield say(HELD_BACK).format(mark=MARK)
    yield say("Regelverk: «{regulation}».").format(regulation=found.regulation)
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
    name = numbers.month_name(month)
    return say("{month} (kjent)").format(month=name) if month <= found.months else name


def _units(found: Forecast) -> Table:
    rows: list[list[Cell]] = [[name, *_spread(of)] for name, of in found.units.items()]
    rows.append([say("Sum"), *_spread(found.in_all)])
    heads = [Column(say("Enhet")), *_band_heads(say("Samlet tildeling"))]
    notes = [say("Spennet for summen er trukket for seg, og er ikke summen av spennene.")] if found.samples else []
    title = (
        say("Ventet tildeling for {year}").format(year=found.year)
        if found.months < MONTHS
        else say("Tildeling for {year}").format(year=found.year)
    )
    return Table(heads, rows, title, say("Prognose"), "forecast", notes, has_sum=True, ranked_by=1)


def _pool(found: Forecast) -> Table:
    etater = list(found.etater.values())
    rows: list[list[Cell]] = []
    for month in range(MONTHS):
        chance: Cell = "" if len(etater) > 1 or etater[0].pool is None else etater[0].has_run_out[month]
        left = _sum([of.pool_left[month] for of in etater])
        rows.append([_known(found, month + 1), *_spread(left), chance])
    heads = [Column(say("Måned"), width=16), *_band_heads(say("Rest")), Column(say("Tom"), "percent")]
    return Table(heads, rows, say("Rest i potten, måned for måned"), say("Pott over 80"), "pool", [say(ABOUT_POOL)])


def _uncovered(found: Forecast) -> Table:
    rows: list[list[Cell]] = [
        [_known(found, month + 1), *_spread(_sum([of.uncovered[month] for of in found.etater.values()]))]
        for month in range(MONTHS)
    ]
    title = say("Krav hittil som potten ikke har betalt")
    heads = [Column(say("Måned"), width=16), *_band_heads(say("Udekket"))]
    return Table(heads, rows, title, say("Udekket"), "uncovered")


def _band_heads(heading: str) -> list[Column]:
    return [Column(heading, "kr"), *from_to("kr")]


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
        seen = say("sett") if month + 1 in etat.seen else "" if known else numbers.percent(etat.next_seen[month])
        rows.append([_known(found, month + 1), etat.change[month], etat.threshold, seen])
    heads = [
        Column(say("Måned"), width=16),
        Column(say("Endring"), "percent"),
        Column(say("Terskel"), "percent"),
        Column(say("Sett først")),
    ]
    return Table(heads, rows, say("Endring i brukermassen"), say("Endring"), "next_change", [say(ABOUT_CHANGE)])


def _reserve(found: Forecast) -> Table:
    rows: list[list[Cell]] = [[name, of.reserve, *_spread(of.reserve_left)] for name, of in found.etater.items()]
    heads = [Column(say("Etat"), width=30), Column(say("Avsatt"), "kr"), *_band_heads(say("Saldo"))]
    return Table(heads, rows, say("Reserven ved årets slutt"), say("Reserve"), "reserve", ranked_by=1)


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
        *(Column(say("Etat"), width=30), Column(say("Delt ut"), "kr"), Column(say("Potten tom i"), width=12)),
        *(Column(say("Udekket"), "kr"), Column(say("Ny endring"), "percent"), Column(say("Flytter"), "kr")),
    ]
    return Table(heads, rows, say("Etat for etat"), say("Etater"), "forecast_etater", ranked_by=1)

"""What each area, or unit, is given under each regulation, and what that is per user and per hour."""

from __future__ import annotations

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import CHANGE, CHANGE_SHARE, HOURS, USERS
from openfisca_bergen_hbt.report.paper import Column, Table
from openfisca_bergen_hbt.report.parts.figures import columns, groups, per, shares, table_rows, with_sum

#: The part of the areas' table that tells what the amounts are per user and per hour.
PER_USER_AND_HOUR = "Per bruker og per vedtakstime"


def rests_on_own_norms(compared: Comparison) -> bool:
    """Return whether the first regulation counts hours by norm times that each embedded area has of its own (T-22)."""
    return not compared.runs[0].version.decisions and compared.population.made_for is not None


def areas(compared: Comparison) -> Table:
    """Return what each area is given, in total and per user and hour, and what changes from first to last."""
    by, shown = groups(compared), columns(compared)
    first, last = shown[0], shown[-1]
    start, end = compared.runs[0], compared.runs[-1]
    name = f"Samlet tildeling etter {by.heading.lower()}"
    heads = [
        Column(by.heading),
        Column("Brukere", "count", short="Brukere", part=PER_USER_AND_HOUR),
        Column("Vedtakstimer", "hours", detail=True),
    ]
    cells = [by.cells(compared, end, figure, with_sum(by.values(last.results, figure))) for figure in (USERS, HOURS)]
    for column in shown:
        between = column is not first and column is not last
        heads.append(Column(column.title.replace("\n", " "), "kr", short=column.title, part=name, detail=between))
        cells.append(by.cells(compared, column.runs[0], GIVEN, with_sum(by.values(column.results, GIVEN))))
    if last is not first:
        before, after = (with_sum(by.values(column.results, GIVEN)) for column in (first, last))
        heads += [
            Column("Endring, kr", "kr_change", short=f"Endring fra\n{first.short_title}", part=name),
            Column("Endring, %", "percent_change", short="%", part=name),
        ]
        cells.append(by.cells(compared, end, CHANGE, after - before))
        cells.append(by.cells(compared, end, CHANGE_SHARE, shares(after - before, before)))
    times = {"før": (start, first), "etter": (end, last)} if last is not first else {"": (end, last)}
    for figure, divisor, unit, kind in (
        ("enhet_tildeling_per_bruker", USERS, "bruker", "kr"),
        ("enhet_tildeling_per_time", HOURS, "time", "ore"),
    ):
        for time, (run, column) in times.items():
            short = f"kr/{unit}\n{time}".rstrip()
            heading = f"Kr per {unit}{time and f', {time}'}"
            heads.append(Column(heading, kind, short=short, part=PER_USER_AND_HOUR, detail=True))
            cells.append(by.cells(compared, run, figure, per(compared, column, divisor)))
    notes = [] if by.level != "enhet" else ["Tallene gjelder enheter: ingen byområder er oppgitt."]
    if last is not first and rests_on_own_norms(compared):
        notes.append(f"Endringen fra {first.short_title} er gitt områdets egen tid per besøk i 2017 (T-22).")
    sheets = {"byomraade": "Byområder", "etat": "Etter etat", "enhet": "Fordeling"}
    ranked_by = next(
        number for kind in ("percent_change", "kr") for number, head in enumerate(heads) if head.kind == kind
    )
    return Table(
        heads,
        table_rows([*by.names, "Sum"], cells),
        name,
        sheets[by.level],
        "change",
        notes,
        has_sum=True,
        ranked_by=ranked_by,
    )

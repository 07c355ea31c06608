"""What each area, or unit, is given under each regulation, and what that is per user and per hour."""

from __future__ import annotations

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison
from openfisca_bergen_hbt.analysis.shown import CHANGE, CHANGE_SHARE, HOURS, USERS
from openfisca_bergen_hbt.report.paper import Column, Table
from openfisca_bergen_hbt.report.parts.figures import columns, groups, per, shares, with_sum
from openfisca_bergen_hbt.text.language import say, to_say

#: The part of the areas' table that tells what the amounts are per user and per hour.
PER_USER_AND_HOUR = to_say("Per bruker og per vedtakstime")


def rests_on_own_norms(compared: Comparison) -> bool:
    """Return whether the first regulation counts hours by norm times that each embedded area has of its own (T-22)."""
    return not compared.runs[0].version.decisions and compared.population.made_for is not None


def areas(compared: Comparison) -> Table:
    """Return what each area is given, in total and per user and hour, and what changes from first to last."""
    by, shown = groups(compared), columns(compared)
    first, last = shown[0], shown[-1]
    start, end = compared.runs[0], compared.runs[-1]
    name = say("Samlet tildeling etter {groups}").format(groups=by.heading.lower())
    per_user_and_hour = say(PER_USER_AND_HOUR)
    heads = [
        Column(by.heading),
        Column(say("Brukere"), "count", short=say("Brukere"), part=per_user_and_hour),
        Column(say("Vedtakstimer"), "hours", detail=True),
    ]
    cells = [by.cells(compared, end, figure, with_sum(by.values(last.results, figure))) for figure in (USERS, HOURS)]
    for column in shown:
        between = column is not first and column is not last
        heads.append(Column(column.title.replace("\n", " "), "kr", short=column.title, part=name, detail=between))
        cells.append(by.shown(compared, column.runs[0], GIVEN))
    if last is not first:
        before, after = (with_sum(by.values(column.results, GIVEN)) for column in (first, last))
        short = say("Endring fra\n{short_title}").format(short_title=first.short_title)
        heads.append(Column(say("Endring, kr"), "kr_change", short=short, part=name))
        heads.append(Column(say("Endring, %"), "percent_change", short="%", part=name))
        cells.append(by.cells(compared, end, CHANGE, after - before))
        cells.append(by.cells(compared, end, CHANGE_SHARE, shares(after - before, before)))
    times = {say("før"): (start, first), say("etter"): (end, last)} if last is not first else {"": (end, last)}
    for figure, divisor, unit, kind in (
        ("enhet_tildeling_per_bruker", USERS, say("bruker"), "kr"),
        ("enhet_tildeling_per_time", HOURS, say("time"), "ore"),
    ):
        for time, (run, column) in times.items():
            short = f"kr/{unit}\n{time}".rstrip()
            heading = say("Kr per {unit}").format(unit=unit) + (time and f", {time}")
            heads.append(Column(heading, kind, short=short, part=per_user_and_hour, detail=True))
            cells.append(by.cells(compared, run, figure, per(compared, column, divisor)))
    notes = [] if by.level != "enhet" else [say("Tallene gjelder enheter: ingen byområder er oppgitt.")]
    if last is not first and rests_on_own_norms(compared):
        own_norms = say("Endringen fra {short_title} er gitt områdets egen tid per besøk i 2017 (T-22).")
        notes.append(own_norms.format(short_title=first.short_title))
    sheets = {"byomraade": say("Byområder"), "etat": say("Etter etat"), "enhet": say("Fordeling")}
    ranked_by = next(
        number for kind in ("percent_change", "kr") for number, head in enumerate(heads) if head.kind == kind
    )
    return Table(heads, by.rows(cells), name, sheets[by.level], "change", notes, has_sum=True, ranked_by=ranked_by)

"""What the report of a comparison says, before it becomes a page or a workbook: words, and tables with raw values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import msgspec
import numpy

from openfisca_bergen_hbt.analysis.comparison import GIVEN, Comparison, Run, knows_frame
from openfisca_bergen_hbt.analysis.conclusions import ENOUGH
from openfisca_bergen_hbt.analysis.shown import CHANGE, CHANGE_SHARE, HOURS, USERS
from openfisca_bergen_hbt.analysis.years import Years
from openfisca_bergen_hbt.grunnregelverk import package_version
from openfisca_bergen_hbt.regelverk import readings
from openfisca_bergen_hbt.report.paper import Cell, Column, Lines, Paper, Section, Table, Tidy
from openfisca_bergen_hbt.report.parts import (
    common,
    figures,
    findings,
    ground_tables,
    public,
    statements,
    sureness,
    transition,
    unit_tables,
    years,
)
from openfisca_bergen_hbt.report.parts.figures import (
    LADDER,
    NO_FRAME,
    OVERSPEND,
    TOO_FEW,
    about,
    banded,
    called,
    changes,
    columns,
    groups,
    hides_amounts,
    hides_total,
    of_population,
    per,
    population_as_json,
    shares,
    state,
    table_rows,
    title,
    totals,
    with_sum,
)
from openfisca_bergen_hbt.rules.money import ratio
from openfisca_bergen_hbt.text import numbers

#: The bands of change: what each is called, and its upper limit; a limit belongs to the band around 0.
BANDS = (
    ("Mer enn 5 % mindre", -0.05),
    ("1 til 5 % mindre", -0.01),
    ("Mellom 1 % mindre og 1 % mer", 0.01),
    ("1 til 5 % mer", 0.05),
    ("Mer enn 5 % mer", numpy.inf),
)
#: What is said of the first two decisions, which work from one day (T-26).
BOTH, ALONE = "til sammen (T-26)", "regnestykke (T-26)"
#: The place of what is handed out among the totals.
HANDED_OUT = [name for name, *_ in LADDER].index("etat_samlet_tildeling")
#: What of the frame nobody is given.
LEFT = "etat_igjen_sentralt"
#: What of the ladder there is always room for.
DECISIVE = ("etat_samlet_tildeling", "etat_merforbruk")
#: The part of the areas' table that tells what the amounts are per user and per hour.
PER_USER_AND_HOUR = "Per bruker og per vedtakstime"


def paper(compared: Comparison | Years) -> Paper:
    """Return all that is to be said of a comparison, or of several years."""
    if isinstance(compared, Years):
        return years.paper(compared)
    if compared.public:
        return _public(compared)
    areas = _areas(compared)
    each: list[Table | None] = [unit_tables.units(compared)]
    changes = [areas, common.in_common(compared, groups(compared), areas), _bands(compared)]
    if groups(compared).level != "enhet":
        each.append(common.in_common(compared, figures.units(compared), unit_tables.units(compared)))
    units = [unit_tables.agencies(compared), *each, unit_tables.categories(compared)]
    decided = [ground_tables.effects(compared), ground_tables.decisions(compared)]
    return _paper(
        compared,
        [
            *findings.first_lines(compared),
            *findings.why_hours_grew(compared),
            *sureness.first_lines(compared),
            *transition.headlines(compared),
            *_headlines(compared),
        ],
        Section([ladder(compared)], "trinn", "Trinn for trinn"),
        *transition.sections(compared),
        Section(_made(changes), "hvem", "Hvem får mer og mindre"),
        *sureness.sections(compared),
        Section(_made(units), "enheter", "Enhetene"),
        Section(_made(decided), "vedtak", "Vedtakene"),
    )


def brief(compared: Comparison | Years) -> Paper:
    """Return what there is room for on a screen, with no more computed than that needs."""
    if isinstance(compared, Years):
        return years.paper(compared)
    if compared.public:
        return _public(compared)
    opening = [*findings.first_lines(compared), *findings.why_hours_grew(compared)]
    opening += [*sureness.first_lines(compared), *transition.headlines(compared)]
    areas = _areas(compared)
    changes = _made([areas, common.in_common(compared, groups(compared), areas)])
    sections = [Section([ladder(compared)]), Section(changes), *transition.sections(compared)]
    return _paper(compared, opening, *sections)


def first_lines(compared: Comparison | Years) -> list[str]:
    """Return what is to be read before any figure, in forms that hold figures alone, too."""
    if isinstance(compared, Years):
        return years.first_lines(compared)
    return public.first_lines(compared) if compared.public else findings.first_lines(compared)


def as_tidy(compared: Comparison | Years) -> Tidy:
    """Return every figure, a row each; a figure that is held back is empty."""
    by_name = dict(zip(sureness.columns(compared), zip(*sureness.rows(compared), strict=True), strict=True))
    about = of_population(compared)
    said = {"description": about, "first_lines": json.dumps(first_lines(compared), ensure_ascii=False)}
    return Tidy(by_name, said)


def as_json(compared: Comparison | Years) -> dict[str, Any]:
    """Return every figure as JSON holds it, with the regulations, the population, and what the figures rest on.

    The figures of a variable and period stand together as a column, in the order of the ids of their level.
    """
    if isinstance(compared, Years):
        return years.as_json(compared)
    ids: dict[str, Sequence[str]] = {}
    figures = Lines()
    for block in compared.blocks():
        ids[block.level] = block.ids
        figures.append(msgspec.json.encode(block.as_column()))
    rests_on = compared.foundations()  # on what the figures have asked for
    return {
        "ids": ids,
        "figures": figures,
        "year": compared.year,
        "population": {
            **population_as_json(compared.population, suppression=compared.suppression),
            "description": of_population(compared),
        },
        "regulations": [
            {
                "id": run.version.id,
                "title": run.version.title,
                "decisions": [decision.id() for decision in run.version.decisions],
                "readings": [reading.id() for reading in run.version.readings],
                "proposals": msgspec.to_builtins(run.version.proposals),
                **({} if compared.public else {"state": state(run, earlier)}),
            }
            for run, earlier in zip(compared.runs, [None, *compared.runs], strict=False)
        ],
        "first_lines": first_lines(compared),
        **({"public": public.as_json(compared)} if compared.public else _beyond_figures(compared)),
        "left_out": compared.left_out,
        "not_computable": compared.not_computable,
        "assumptions": [asdict(assumption) for assumption in rests_on.assumptions],
        "interpretations": {name: found["text"] for name, found in rests_on.interpretations.items()},
        "version": package_version(),
    }


def _beyond_figures(compared: Comparison) -> dict[str, Any]:
    """Return what JSON holds beside the figures: how sure they are, what does nothing, and a transition."""
    return {
        **({} if (said := statements.as_json(compared)) is None else {"statements": said}),
        **({} if compared.sureness is None else {"sureness": sureness.as_json(compared.sureness)}),
        "notes": dict(_effects_said(compared)),
        **({"transition": found} if (found := transition.as_json(compared)) else {}),
    }


def _public(compared: Comparison) -> Paper:
    """Return what can be published."""
    rests_on = compared.foundations()
    ground = [make(rests_on) for make in (ground_tables.assumptions, ground_tables.interpretations)]
    acted = findings.acting(compared)
    when = [("Når tallene virker", acted)] if acted else []
    return public.paper(compared, [*about(compared, rests_on), *findings.unread(compared), *when], ground)


def _paper(compared: Comparison, headlines: Sequence[str], *sections: Section) -> Paper:
    """Return sections as a paper, with what the figures in them rest on."""
    rests_on = compared.foundations()  # on what the sections have asked for
    makers = (ground_tables.assumptions, ground_tables.interpretations, ground_tables.sources)
    ground = [make(rests_on) for make in makers]
    return Paper(
        title(compared),
        [*sections, Section(ground, "grunnlag", "Det tallene hviler på", named=True)],
        headlines,
        [
            *about(compared, rests_on),
            *_effects_said(compared),
        ],
    )


def _effects_said(compared: Comparison) -> list[tuple[str, str]]:
    """Return what does nothing, from when each changed number acts, and what is untried, each with its heading."""
    acted = findings.acting(compared)
    when = [("Når tallene virker", acted)] if acted else []
    return [*findings.unread(compared), *when, *statements.about(compared), *sureness.about(compared)]


def _made(tables: Sequence[Table | None]) -> list[Table]:
    return [table for table in tables if table]


def _headlines(compared: Comparison) -> list[str]:
    """Return the most important figures in words."""
    if hides_amounts(compared):
        return [TOO_FEW]
    first, last = compared.runs[0], compared.runs[-1]
    _, cost, frame, handed_out, over = totals(last)
    share = f" ({numbers.percent(abs(over) / frame)} av rammen)" if frame > 0 else ""
    more_or_less = "mer enn" if over > 0 else "mindre enn"
    cost_and_frame = f"Vedtakstimene i {compared.year} koster {numbers.whole(cost)} kr"
    if knows_frame(compared.population, compared.year):
        cost_and_frame += (
            f". Det er {numbers.whole(abs(over))} kr {more_or_less} den disponible rammen på {numbers.whole(frame)} "
            f"kr{share}"
        )
        if compared.published_overspend() is not None:
            cost_and_frame += f" ({findings.CALIBRATED})"
    else:
        cost_and_frame += f" etter prisen for 2019; {NO_FRAME} for {compared.year} (T-21)"
    cost_and_frame += "."
    given = f"Etter «{last.version.title}» deles det ut {numbers.whole(handed_out)} kr til enhetene."
    found = [cost_and_frame, *findings.together(compared), given]
    if len(columns(compared)) == 1:
        if first is not last:
            found.append("Ingen av regelverkene flytter penger mellom dem som får.")
        return found
    return [*found, *_most(compared)]


def _most(compared: Comparison) -> list[str]:
    """Return who gains most and who loses most, of those whose amounts are shown."""
    found: list[str] = []
    first, last, by = compared.runs[0], compared.runs[-1], groups(compared)
    before, after = by.values(first.results, GIVEN), by.values(last.results, GIVEN)
    change = after - before
    if (hidden := compared.hides(GIVEN, by.level)) is not None:
        change[hidden] = 0
    surviving = statements.surviving_units(compared)
    for place, way, sign in ((int(change.argmax()), "opp", 1), (int(change.argmin()), "ned", -1)):
        if change[place] * sign > 0:
            most = (
                f"Fra «{first.version.title}» går {by.names[place]} mest {way}: {numbers.signed(change[place])} kr "
                f"({numbers.signed_percent(change[place], before[place])})"
                f"{_rests_on(compared, place, float(after[place]))}."
            )
            if surviving is None or statements.is_surest(compared, sign):
                found.append(most)
                continue
            # A headline that does not survive is none: the next one that does takes its place, and it is marked.
            ordered = [by.names[number] for number in (-change * sign).argsort() if change[number] * sign > 0]
            if sure := [name for name in ordered if name in surviving]:
                number = list(by.names).index(sure[0])
                found.append(
                    f"{sure[0]} får {'mer' if sign > 0 else 'mindre'} enn etter «{first.version.title}»: "
                    f"{numbers.signed(change[number])} kr ({numbers.signed_percent(change[number], before[number])}), "
                    f"i minst {statements.share_in_words(ENOUGH)} av trekkene og under hver lesning."
                )
            found.append(f"{statements.MARK}: {most}")
    return found


def _rests_on_own_norms(compared: Comparison) -> bool:
    """Return whether the first regulation counts hours by norm times that each embedded area has of its own (T-22)."""
    return not compared.runs[0].version.decisions and compared.population.made_for is not None


def _rests_on(compared: Comparison, place: int, after: float) -> str:
    """Return what a change from norm times rests on: whose time per visit is the norm (T-22), beside its rivals."""
    if not _rests_on_own_norms(compared):
        return ""
    rivals = []
    for reading in (reading for reading in readings() if reading.of_population):
        before = float(groups(compared).values(compared.first_under(reading), GIVEN)[place])
        rivals.append(f"{reading.short_title} {numbers.signed_percent(after - before, before)}")
    return f", gitt områdets egen tid per besøk i 2017 (T-22). Lest på andre måter: {'; '.join(rivals)}"


class Step(NamedTuple):
    """A row of the ladder: a regulation, and the row that it is set beside."""

    name: str
    short_name: str
    run: Run
    before: int | None
    note: str


def _steps(compared: Comparison) -> list[Step]:
    """Return the regulations in order; before the first two decisions, what they do together (T-26)."""
    joint, steps = findings.joint(compared), list[Step]()
    place: dict[int, int] = {}
    for number, run in enumerate(compared.runs):
        title, short, note = (f"{number}. {run.version.title}", f"{number}. {run.version.short_title}", "")
        if joint and run is joint[1]:
            names = " og ".join(one.version.short_title for one in joint[1:])
            steps.append(Step(f"{number}–{number + 1}. {names}", f"{number}–{number + 1}. {names}", joint[2], 0, BOTH))
        if joint and run in joint[1:]:
            note = ALONE
        earlier = compared.runs[number - 1] if number else None
        before = place[number - 1] if number else None
        said = ", ".join(filter(None, [state(run, earlier), note]))
        steps.append(Step(title, short, run, before, said))
        place[number] = len(steps) - 1
    return steps


def ladder(compared: Comparison) -> Table:
    """Return the regulations step by step, with their totals."""
    rows: list[list[Cell]] = []
    changed: list[list[Cell]] = []
    steps = _steps(compared)
    for step in steps:
        latest = step.run.version.latest
        adopted = numbers.month(latest.adopted_by()) if latest else ""
        given = totals(step.run)
        changed.append([] if step.before is None else changes(compared, steps[step.before].run, step.run))
        shown: list[Cell] = [
            None if hides_total(compared, name) else banded(compared, step.run, ("sum", ""), name, value)
            for (name, *_), value in zip(LADDER, given, strict=True)
        ]
        if not knows_frame(compared.population, compared.year):
            shown[-1] = NO_FRAME
        left = float(step.run.results.value(LEFT).sum())
        shown.append(None if hides_total(compared, LEFT) else banded(compared, step.run, ("sum", ""), LEFT, left))
        rows.append([step.name, adopted, *shown, changed[-1][HANDED_OUT] if changed[-1] else "", step.note])
    published = compared.published_overspend()
    notes = [*findings.together(compared), OVERSPEND]
    if published is not None:
        notes.append(
            f"Publisert merforbruk {compared.year}: {numbers.whole(published)} kr ({findings.CALIBRATED}: rammen og "
            "prisen er regnet av det, og kildene har ingen uavhengig prøve av kronene)."
        )
    notes += sureness.notes(compared)
    if closed := findings.closing(compared, compared.runs[-1]):
        notes.append(f"{compared.runs[-1].version.short_title}: {closed}")
    heads = [
        Column(heading, kind, short=_folded(heading), detail=name not in DECISIVE) for name, heading, kind in LADDER
    ]
    heads.append(Column(called(LEFT), "kr"))
    ends = [Column("Delt ut, endring fra trinnet over", "kr_change", detail=True), Column("Merknad", width=30)]
    return Table(
        [Column("Regelverk", width=52), Column("Vedtatt", width=12, detail=True), *heads, *ends],
        rows,
        "Regelverkene trinn for trinn",
        "Sammendrag",
        "ladder",
        notes,
        short_names=[step.short_name for step in steps],
        changes=changed,
    )


def _folded(heading: str) -> str:
    """Return a heading of two words with each on a line of its own, where it is long."""
    return heading.replace(" ", "\n") if len(heading) > len("Merforbruk") else heading


def _areas(compared: Comparison) -> Table:
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
    if last is not first and _rests_on_own_norms(compared):
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


def _bands(compared: Comparison) -> Table | None:
    """Return the number of units and users by band of change from the first regulation to the last."""
    first, last = compared.runs[0].results, compared.runs[-1].results
    before, after = first.value(GIVEN), last.value(GIVEN)
    if len(columns(compared)) == 1 or not (before > 0).any():
        return None
    change = numpy.round(ratio(after - before, before), 9)
    limits = numpy.array([limit for _, limit in BANDS[:-1]])
    # a limit belongs to the band that is nearer to no change
    band = numpy.where(change < 0, numpy.searchsorted(limits, change, "right"), numpy.searchsorted(limits, change))
    members = {name: (before > 0) & (band == number) for number, (name, _) in enumerate(BANDS)}
    if (before <= 0).any():
        members["Fikk ingenting før"] = before <= 0
    users, hidden = last.value(USERS), [compared.hides(name, "enhet") for name in (USERS, GIVEN)]
    rows: list[list[Cell]] = []
    for name, mine in members.items():
        # with the units' own numbers beside it, the sum of the band would give the one back that is held back
        sums: list[Cell] = [
            None if held is not None and (held & mine).any() else float(of[mine].sum())
            for held, of in zip(hidden, (users, after - before), strict=True)
        ]
        rows.append([name, float(mine.sum()), *sums])
    heads = [Column("Enheter", "count"), Column("Brukere", "count"), Column("Kroner i alt", "kr_change")]
    return Table(
        [Column("Endring i samlet tildeling", width=32), *heads],
        rows,
        "Hvem får mer, og hvem får mindre",
        "Vinnere og tapere",
        "bands",
        [f"Fra «{compared.runs[0].version.title}» til «{compared.runs[-1].version.title}»."],
    )

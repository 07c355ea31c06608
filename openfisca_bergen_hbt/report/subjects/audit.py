"""An audit: each test with what was expected, what came and its sources, and what of the law the tests would notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.explain.steps import Step
from openfisca_bergen_hbt.audit import skeleton
from openfisca_bergen_hbt.audit.changes import KINDS
from openfisca_bergen_hbt.audit.coverage import Coverage
from openfisca_bergen_hbt.audit.explanation import explain_failures
from openfisca_bergen_hbt.audit.runner import FAILED, HELD, REFUSED, Check
from openfisca_bergen_hbt.audit.session import Audit, CitedSource, Tally, record_of
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.provenance.record import hash_of
from openfisca_bergen_hbt.regelverk import FOUNDATION, decisions
from openfisca_bergen_hbt.report.paper import (
    Blanks,
    Block,
    Cell,
    Code,
    Column,
    Heading,
    Items,
    Paper,
    Paragraph,
    Section,
    Table,
    Tree,
)
from openfisca_bergen_hbt.report.subjects import explain
from openfisca_bergen_hbt.text.language import say, to_say
from openfisca_bergen_hbt.text.numbers import exact

STATUSES = {HELD: to_say("holder"), FAILED: to_say("holder ikke"), REFUSED: to_say("avvist")}
KIND_NAMES = {
    "parameter": to_say("tall (litt høyere, litt lavere)"),
    "bound": to_say("grenser (åpnet eller lukket)"),
    "decision": to_say("vedtak (utelatt, en måned senere, en måned tidligere)"),
    "hinge": to_say("regler som et vedtak endrer (utelatt av vedtaket)"),
    "reading": to_say("lesninger (utelatt)"),
    "formula": to_say("formler (et annet svar)"),
    "branch": to_say("grener i formler (tvunget hver vei)"),
}
SUBJECT_NAMES = {"parameter": to_say("parameter"), "decision": to_say("vedtak"), "variable": to_say("variabel")}
TITLE = to_say("Arbeidspapir: prøving av regelverket")
#: What the auditor fills in.
FIELDS = (to_say("Revisor"), to_say("Sak"), to_say("Konklusjon"), to_say("Dato og underskrift"))


@dataclass(frozen=True)
class Audited:
    """An audit, with what explains it."""

    audit: Audit
    #: The explanations of what differs, by the position of the test.
    trees: Mapping[int, Sequence[Step]]
    #: What of the law the tests would notice, where that was asked for, and a test to complete for each hole.
    coverage: Coverage | None
    skeletons: Sequence[str]
    record: Mapping[str, Any]


def audited(audit: Audit, paths: Sequence[Path], coverage: Coverage | None, depth: int | None) -> Audited:
    """Return what is to be said of an audit, with so many levels of its explanations (None: all)."""
    trees = {
        number: explain_failures(outcome, audit.systems.system(outcome.case.regulation), depth)
        for number, outcome in enumerate(audit.outcomes)
        if outcome.status == FAILED and outcome.checks and outcome.case.regulation
    }
    counts = {kind: list(coverage.noticed_of(kind)) for kind in KINDS} if coverage else None
    skeletons = [skeleton.for_change(hole.change, audit.systems) for hole in coverage.holes] if coverage else []
    return Audited(audit, trees, coverage, skeletons, record_of(audit, paths, counts, depth))


def paper(found: Audited) -> Paper:
    """Return the working paper of an audit."""
    audit, coverage = found.audit, found.coverage
    by_decision = _tallies(say("vedtak"), say("Etter vedtak hvis regler er kjørt"), audit.by_decision())
    by_theme = _tallies(say("tema"), say("Etter tema for det som er forventet"), audit.by_theme())
    sections = [Section([by_decision, by_theme, _regulations(audit)], "sammendrag", say("Sammendrag"))]
    if coverage:
        blocks = [*_coverage(coverage), *_holes(coverage, found.skeletons)]
        sections.append(Section(blocks, "dekning", say("Hva testene ville merket")))
    tests = [block for number in range(len(audit.outcomes)) for block in _tested(found, number)]
    return Paper(
        say(TITLE),
        [
            Section([Blanks([say(field) for field in FIELDS])], "revisjonen", say("Revisjonen")),
            *sections,
            Section(tests, "tester", say("Testene")),
        ],
        list(_headlines(audit, coverage)),
        [(say("Avvist"), str(fault)) for fault in audit.faults],
    )


def _headlines(audit: Audit, coverage: Coverage | None) -> Iterator[str]:
    total = audit.total
    counted = say("Tester: {tests}, filer: {files}. {held} holder, {failed} holder ikke, {refused} er avvist.")
    yield counted.format(**total.counts(), files=len(audit.files))
    yield say("{values} verdier er holdt mot det som er forventet, i 64-bits flyttall.").format(values=audit.values)
    waived = sum(bool(outcome.case.waiver) for outcome in audit.outcomes)
    if waived:
        yield say("{waived} tester har en videre margin enn ellers tillatt, med begrunnelse.").format(waived=waived)
    if coverage:
        tried = say("{tried} små endringer av regelverket er prøvd: {holes} ble ikke merket.")
        yield tried.format(tried=len(coverage.tried), holes=len(coverage.holes))


def _tallies(name: str, title: str, found: Sequence[Tally]) -> Table:
    counts = (say("Tester"), *(say(status).capitalize() for status in STATUSES.values()))
    columns = [Column("", width=40), *(Column(heading, "count") for heading in counts)]
    titles = {FOUNDATION: say("Grunnregelverket"), **{decision.id(): say(decision.title) for decision in decisions()}}
    rows: list[list[Cell]] = [[titles.get(t.name, t.name), t.tests, t.held, t.failed, t.refused] for t in found]
    return Table(columns, rows, title, name)


def _regulations(audit: Audit) -> Table:
    columns = [
        Column(say("Regelverk"), width=40),
        Column(say("Siste vedtak"), width=40),
        Column(say("SHA-256"), width=64),
    ]
    rows = [[_title(version), version.id, hash_of(version)] for version in audit.versions()]
    return Table(columns, rows, say("Regelverkene som er prøvd"), say("regelverk"))


def _title(version: Version) -> str:
    return say("Gjeldende regelverk") if version.decisions == decisions() else version.title


def _coverage(coverage: Coverage) -> Iterator[Table]:
    noticed_of = [Column(say("Merket"), "count"), Column(say("Av"), "count"), Column(say("Andel"), "percent")]
    rows: list[list[Cell]] = [
        [say(KIND_NAMES[kind]), *coverage.noticed_of(kind), coverage.percent(kind) / 100] for kind in KINDS
    ]
    themes = ", ".join(dict.fromkeys(name.split(".")[0] for name in coverage.unread))
    note = say(
        "Hver endring er gjort alene, og testene som leser det som er endret, er kjørt på nytt. "
        "{unread} tall leses ikke av noen regel ({themes}), så ingen test kan merke dem."
    ).format(unread=len(coverage.unread), themes=themes)
    heads = [Column(say("Endringer av"), width=40), *noticed_of]
    yield Table(heads, rows, say("Etter slag endring"), say("dekning"), notes=[note])
    for subject, name_of_subject in SUBJECT_NAMES.items():
        heading = say(name_of_subject)
        names: list[list[Cell]] = [[name, noticed, of, noticed / of] for name, noticed, of in coverage.by_name(subject)]
        heads = [Column(heading.capitalize(), width=40), *noticed_of]
        yield Table(heads, names, say("Etter {heading}").format(heading=heading), heading)


def _hole_name(hole: Any) -> str:
    return f"{hole.change.name} ({hole.change.start}): {hole.change.what}"


def _holes(coverage: Coverage, skeletons: Sequence[str]) -> Iterator[Block]:
    """Yield the holes, and for each of them a test to complete."""
    if not coverage.holes:
        return
    columns = [Column(say("Endring"), width=60), Column(say("Slag")), Column(say("Tester som leser det"), "count")]
    rows: list[list[Cell]] = [
        [_hole_name(hole), say(KIND_NAMES[hole.change.kind]).split(" (")[0], hole.read_by] for hole in coverage.holes
    ]
    yield Table(columns, rows, say("Hull: endringer som ingen test merket"))
    yield Heading(say("Tester som kan tette hullene"))
    for hole, text in zip(coverage.holes, skeletons, strict=True):
        yield Code(text.rstrip(), _hole_name(hole))


def _tested(found: Audited, number: int) -> Iterator[Block]:
    """Yield what is to be said of a test."""
    outcome = found.audit.outcomes[number]
    case, version = outcome.case, outcome.case.regulation
    look = "held" if outcome.status == HELD else "refused"
    yield Heading(f"{number + 1}. {case.name}: {say(STATUSES[outcome.status])}", look)
    regulation = f"{_title(version)} (SHA-256 {hash_of(version)[:12]}…)" if version else "–"
    waiver = [say("videre margin: {waiver}").format(waiver=case.waiver)] if case.waiver else []
    yield Paragraph(" · ".join([case.place, regulation, *waiver]), "note")
    if case.description:
        yield Paragraph(case.description)
    for reason in (*map(str, outcome.faults), *filter(None, [outcome.error])):
        yield Paragraph(reason, "refused")
    yield from (Paragraph(str(note), "note") for note in outcome.notes)
    if outcome.checks:
        name = say("{name}: verdiene").format(name=case.name)
        yield Table(_values(), [_row(check) for check in outcome.checks], name=name)
    yield from (Tree(explain.branch(tree)) for tree in found.trees.get(number, ()))
    if sources := [_source(source) for source in found.audit.sources(outcome)]:
        yield Paragraph(say("Kilder:"), "note")
        yield Items(sources)


def _values() -> list[Column]:
    """Return the columns of a test's values."""
    return [
        *(Column(say("Variabel"), width=40), Column(say("Hvem")), Column(say("Periode"), width=10)),
        *(Column(heading, "exact") for heading in (say("Forventet"), say("Kom"), say("Differanse"), say("Margin"))),
    ]


def _row(check: Check) -> list[Cell]:
    unit = data.unit_label(check.unit)
    label = f"{say(check.label)} ({unit}), {check.variable}"
    if check.difference is None:
        return [label, check.member, check.period, _answer(check.expected), _answer(check.came), "", ""]
    return [label, check.member, check.period, check.expected, check.came, check.difference, check.margin]


def _answer(value: float | str) -> str:
    return {True: say("ja"), False: say("nei")}[value] if isinstance(value, bool) else str(value)


def _source(source: CitedSource) -> str:
    value = "" if source.value is None else f" = {exact(source.value)} {data.unit_label(source.unit)}"
    return f"{source.name}{value}: {source.reference}"

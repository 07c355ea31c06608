"""An audit as a working paper: each test with what was expected, what came, its sources, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from openfisca_bergen_hbt import data
from openfisca_bergen_hbt.analysis.explain import Step
from openfisca_bergen_hbt.audit.changes import KINDS
from openfisca_bergen_hbt.audit.coverage import Coverage
from openfisca_bergen_hbt.audit.runner import FAILED, HELD, REFUSED, Check, Outcome
from openfisca_bergen_hbt.audit.session import Audit, Source, Tally
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.provenance.record import hash_of
from openfisca_bergen_hbt.regelverk import FOUNDATION, decisions
from openfisca_bergen_hbt.report.document import Block, Code, Document, Heading, Paragraph, to_markdown
from openfisca_bergen_hbt.report.forms.markdown import as_document_table, record_block
from openfisca_bergen_hbt.report.forms.template import rendered
from openfisca_bergen_hbt.report.subjects import explain
from openfisca_bergen_hbt.report.subjects.audit_report import Report
from openfisca_bergen_hbt.report.tables import Column, DataTable, Value
from openfisca_bergen_hbt.text.numbers import exact

STATUSES = {HELD: "holder", FAILED: "holder ikke", REFUSED: "avvist"}
KIND_NAMES = {
    "parameter": "tall (litt høyere, litt lavere)",
    "bound": "grenser (åpnet eller lukket)",
    "decision": "vedtak (utelatt, en måned senere, en måned tidligere)",
    "hinge": "regler som et vedtak endrer (utelatt av vedtaket)",
    "formula": "formler (et annet svar)",
    "branch": "grener i formler (tvunget hver vei)",
}
SUBJECT_NAMES = {"parameter": "parameter", "decision": "vedtak", "variable": "variabel"}
TITLE = "Arbeidspapir: prøving av regelverket"


@dataclass(frozen=True)
class Tested:
    """A test in the working paper."""

    number: int
    name: str
    place: str
    status: str
    regulation: str
    description: str
    waiver: str
    values: DataTable
    reasons: Sequence[str]
    sources: Sequence[str]
    trees: Sequence[Step]


@dataclass(frozen=True)
class Paper:
    """A working paper, as it is rendered."""

    title: str
    headlines: Sequence[str]
    faults: Sequence[str]
    by_decision: DataTable
    by_theme: DataTable
    regulations: DataTable
    coverage: Sequence[DataTable]
    holes: DataTable | None
    skeletons: Sequence[tuple[str, str]]
    tests: Sequence[Tested]


def paper(report: Report) -> Paper:
    """Return the working paper of an audit."""
    audit, trees, coverage = report.audit, report.trees, report.coverage
    total = audit.total
    tests = [_tested(audit, number, outcome, trees.get(number, ())) for number, outcome in enumerate(audit.outcomes)]
    return Paper(
        title=TITLE,
        headlines=list(_headlines(audit, total, coverage)),
        faults=[str(fault) for fault in audit.faults],
        by_decision=_tallies("vedtak", "Etter vedtak hvis regler er kjørt", audit.by_decision()),
        by_theme=_tallies("tema", "Etter tema for det som er forventet", audit.by_theme()),
        regulations=_regulations(audit),
        coverage=list(_coverage(coverage)) if coverage else [],
        holes=_holes(coverage) if coverage and coverage.holes else None,
        skeletons=list(zip(map(_hole_name, coverage.holes), report.skeletons, strict=True)) if coverage else [],
        tests=tests,
    )


def _headlines(audit: Audit, total: Tally, coverage: Coverage | None) -> Iterator[str]:
    yield (
        f"{total.tests} tester i {len(audit.files)} filer: {total.held} holder, {total.failed} holder ikke, "
        f"{total.refused} er avvist."
    )
    yield f"{audit.values} verdier er holdt mot det som er forventet, i 64-bits flyttall."
    waived = sum(bool(outcome.case.waiver) for outcome in audit.outcomes)
    if waived:
        yield f"{waived} tester har en videre margin enn ellers tillatt, med begrunnelse."
    if coverage:
        yield f"{len(coverage.tried)} små endringer av regelverket er prøvd: {len(coverage.holes)} ble ikke merket."


def _tallies(name: str, title: str, found: Sequence[Tally]) -> DataTable:
    columns = [
        Column("", width=40),
        *(Column(name, "count") for name in ("Tester", *map(str.capitalize, STATUSES.values()))),
    ]
    titles = {FOUNDATION: "Grunnregelverket", **{decision.id(): decision.title for decision in decisions()}}
    rows: list[list[Value]] = [[titles.get(t.name, t.name), t.tests, t.held, t.failed, t.refused] for t in found]
    return DataTable(name, title, columns, rows)


def _regulations(audit: Audit) -> DataTable:
    columns = [Column("Regelverk", width=40), Column("Siste vedtak", width=40), Column("SHA-256", width=64)]
    rows = [[_title(version), version.id, hash_of(version)] for version in audit.versions()]
    return DataTable("regelverk", "Regelverkene som er prøvd", columns, rows)


def _title(version: Version) -> str:
    return "Gjeldende regelverk" if version.decisions == decisions() else version.title


def _coverage(coverage: Coverage) -> Iterator[DataTable]:
    columns = [
        Column("Endringer av", width=40),
        Column("Merket", "count"),
        Column("Av", "count"),
        Column("Andel", "percent"),
    ]
    rows: list[list[Value]] = [[KIND_NAMES[kind], *coverage.of(kind), coverage.percent(kind) / 100] for kind in KINDS]
    note = (
        "Hver endring er gjort alene, og testene som leser det som er endret, er kjørt på nytt. "
        f"{len(coverage.unread)} tall leses ikke av noen regel (KOSTRA-tabellen), så ingen test kan merke dem."
    )
    yield DataTable("dekning", "Etter slag endring", columns, rows, [note])
    for subject, heading in SUBJECT_NAMES.items():
        by_name: list[list[Value]] = [
            [name, noticed, of, noticed / of] for name, noticed, of in coverage.by_name(subject)
        ]
        yield DataTable(heading, f"Etter {heading}", [Column(heading.capitalize(), width=40), *columns[1:]], by_name)


def _hole_name(hole: Any) -> str:
    return f"{hole.change.name} ({hole.change.start}): {hole.change.what}"


def _holes(coverage: Coverage) -> DataTable:
    columns = [Column("Endring", width=60), Column("Slag"), Column("Tester som leser det", "count")]
    rows: list[list[Value]] = [
        [_hole_name(hole), KIND_NAMES[hole.change.kind].split(" (")[0], hole.read_by] for hole in coverage.holes
    ]
    return DataTable("hull", "Hull: endringer som ingen test merket", columns, rows)


def _tested(audit: Audit, number: int, outcome: Outcome, trees: Sequence[Step]) -> Tested:
    case = outcome.case
    return Tested(
        number=number + 1,
        name=case.name,
        place=case.place,
        status=STATUSES[outcome.status],
        regulation=f"{_title(case.regulation)} (SHA-256 {hash_of(case.regulation)[:12]}…)" if case.regulation else "–",
        description=case.description,
        waiver=case.waiver,
        values=_values(outcome),
        reasons=[*map(str, outcome.faults), *([outcome.error] if outcome.error else [])],
        sources=[_source(source) for source in audit.sources(outcome)],
        trees=trees,
    )


def _values(outcome: Outcome) -> DataTable:
    columns = [
        Column("Variabel", width=40),
        Column("Hvem"),
        Column("Periode", width=10),
        Column("Forventet", "exact"),
        Column("Kom", "exact"),
        Column("Differanse", "exact"),
        Column("Margin", "exact"),
    ]
    rows = [_row(check) for check in outcome.checks]
    return DataTable("verdier", f"{outcome.case.name}: verdiene", columns, rows)


def _row(check: Check) -> list[Value]:
    unit = data.units()[check.unit]["label"]
    label = f"{check.label} ({unit}), {check.variable}"
    if check.difference is None:
        return [label, check.member, check.period, _answer(check.expected), _answer(check.came), "", ""]
    return [label, check.member, check.period, check.expected, check.came, check.difference, check.margin]


def _answer(value: float | str) -> str:
    return {True: "ja", False: "nei"}[value] if isinstance(value, bool) else str(value)


def _source(source: Source) -> str:
    value = "" if source.value is None else f" = {exact(source.value)} {data.units()[source.unit]['label']}"
    return f"{source.name}{value}: {source.reference}"


def as_html(report: Report) -> str:
    """Return a working paper as a self-contained page."""
    content = paper(report)
    trees = {test.number: [Markup(explain.item(tree)) for tree in test.trees] for test in content.tests}  # noqa: S704 (escaped there)
    return rendered("audit.html.j2", report.record, title=content.title, paper=content, trees=trees).decode()


def as_markdown(report: Report) -> str:
    """Return a working paper as Markdown."""
    content = paper(report)
    blocks: list[Block] = [Paragraph("\n".join(f"- {headline}" for headline in content.headlines))]
    blocks += [Paragraph(f"**Avvist:** {fault}") for fault in content.faults]
    for table in (content.by_decision, content.by_theme, content.regulations, *content.coverage, content.holes):
        if table:
            blocks += [Heading(table.title), as_document_table(table), *map(Paragraph, table.notes)]
    for name, skeleton in content.skeletons:
        blocks += [Paragraph(f"Test som kan tette hullet «{name}»:"), Code(skeleton.rstrip())]
    for test in content.tests:
        blocks += list(_markdown_test(test))
    return to_markdown(Document(content.title, blocks)) + record_block(report.record)


def _markdown_test(test: Tested) -> Iterator[Block]:
    yield Heading(f"{test.number}. {test.name}: {test.status}")
    about = [test.place, test.regulation, *([f"margin: {test.waiver}"] if test.waiver else [])]
    yield Paragraph(" · ".join(about))
    if test.description:
        yield Paragraph(test.description)
    if test.values.rows:
        yield as_document_table(test.values)
    yield from map(Paragraph, test.reasons)
    for tree in test.trees:
        yield Code("\n".join(explain.tree_lines(tree)))
    yield Paragraph("\n".join(f"- {source}" for source in test.sources))

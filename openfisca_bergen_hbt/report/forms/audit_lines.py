"""An audit for a terminal: one line a test, what differs, and why; then a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openfisca_bergen_hbt.analysis.explain.steps import Step
from openfisca_bergen_hbt.audit.changes import KINDS
from openfisca_bergen_hbt.audit.coverage import SUBJECTS, Coverage
from openfisca_bergen_hbt.audit.runner import FAILED, REFUSED, Check, Outcome
from openfisca_bergen_hbt.audit.session import Audit, Tally
from openfisca_bergen_hbt.report.forms import terminal
from openfisca_bergen_hbt.report.paper import Block, Column, Paper, Paragraph, Section, Table, written_tree
from openfisca_bergen_hbt.report.subjects.audit import Audited
from openfisca_bergen_hbt.report.subjects.explain import branch
from openfisca_bergen_hbt.text.numbers import plain

#: How many values of a test that are not as expected are listed; the rest are counted.
LISTED = 10


def _as_in_file(value: float | str) -> str:
    """Write a value as a test file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else plain(float(f"{value:.12g}"))


def lines(outcome: Outcome, trees: Sequence[Step] = ()) -> Iterator[str]:
    """Yield the line of a test, and below it what differs and why."""
    case = outcome.case
    mark = outcome.status if outcome.status not in (FAILED, REFUSED) else outcome.status.upper()
    differing = [check for check in outcome.checks if not check.held]
    texts = list(map(_text, differing or outcome.checks[:1]))
    if not differing and len(outcome.checks) > 1:
        texts[0] += f" (and {len(outcome.checks) - 1} more)"
    yield f"{mark:8}{case.place}  {case.name}{f': {texts[0]}' if texts and not outcome.faults else ''}"
    yield from (f"        {fault}" for fault in outcome.faults)
    yield from (f"        note: {note.message}" for note in outcome.notes)
    if outcome.error:
        yield f"        it could not be computed: {outcome.error}"
    if outcome.faults:
        return
    yield from (f"        {text}" for text in texts[1:LISTED])
    if len(texts) > LISTED:
        yield f"        … and {len(texts) - LISTED} more values"
    for tree in trees:
        yield from (f"          {line}" for line in written_tree(branch(tree)).splitlines())


def _text(check: Check) -> str:
    difference = "" if check.difference is None else f", difference {_as_in_file(check.difference)}"
    where = f"{check.variable} ({check.member}, {check.period})"
    return f"{where} expected {_as_in_file(check.expected)}, came {_as_in_file(check.came)}{difference}"


def as_text(found: Audited) -> str:
    """Return an audit as text; lines are as long as they are: one a test, and skeletons that can be copied."""
    audit, coverage = found.audit, found.coverage
    trees = [found.trees.get(number, ()) for number in range(len(audit.outcomes))]
    tests = [line for told in map(lines, audit.outcomes, trees) for line in told]
    faults = [f"{REFUSED.upper():8}{fault}" for fault in audit.faults]
    summarised = terminal.write(_summary(audit, coverage)).decode()
    ending = _holes(coverage, found.skeletons) if coverage else ()
    text = "\n".join([*tests, *faults, "\n"]) + summarised + "".join(f"{line}\n" for line in ending)
    return text.translate(terminal.PICTURES)


def _summary(audit: Audit, coverage: Coverage | None) -> Paper:
    """Return the summary of an audit, with what of the law the tests would notice where that was asked for."""
    total = audit.total
    count = f"Tests: {total.tests}, files: {len(audit.files)}, values: {audit.values}"
    text = f"{count}. {total.held} held, {total.failed} failed, {total.refused} refused."
    if audit.faults:
        text += f" Faults of files as a whole: {len(audit.faults)}."
    blocks: list[Block] = [
        _tallies("By decision whose rules ran", audit.by_decision()),
        _tallies("By theme of what is expected", audit.by_theme()),
    ]
    return Paper(text, [Section([*blocks, *(_coverage(coverage) if coverage else ())])])


def _tallies(title: str, found: Sequence[Tally]) -> Table:
    rows = [(tally.name, *map(str, (tally.tests, tally.held, tally.failed, tally.refused))) for tally in found]
    return Table(_columns("", "tests", "held", "failed", "refused"), rows, title)


def _columns(first: str, *others: str) -> list[Column]:
    return [Column(first), *(Column(heading, "count") for heading in others)]


def _coverage(coverage: Coverage) -> Iterator[Block]:
    rows = [(kind, *map(str, coverage.noticed_of(kind)), f"{coverage.percent(kind):.1f} %") for kind in KINDS]
    yield Table(_columns("changes of", "noticed", "of", ""), rows, "What the tests would notice")
    for subject in SUBJECTS:
        names = [(name, str(n), str(of), f"{100 * n / of:.1f} %") for name, n, of in coverage.by_name(subject)]
        yield Table(_columns(subject, "noticed", "of", ""), names, f"By {subject}")
    if coverage.unread:
        text = f"{len(coverage.unread)} numbers are read by no rule, so that no test can notice them"
        yield Paragraph(f"{text}: {', '.join(coverage.unread[:3])}{' …' if len(coverage.unread) > 3 else ''}")  # noqa: PLR2004


def _holes(coverage: Coverage, skeletons: Sequence[str]) -> Iterator[str]:
    """Yield the lines of each hole, with the skeleton of a test that would catch it."""
    for hole, skeleton in zip(coverage.holes, skeletons, strict=True):
        read = f"{hole.read_by} tests read it" if hole.read_by else "no test reads it"
        change = hole.change
        yield f"\nHole: {change.kind} {change.name} ({change.start}), {change.what}; {read}. A test to complete:\n"
        yield from skeleton.splitlines()

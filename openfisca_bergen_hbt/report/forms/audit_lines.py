"""An audit for a terminal: one line a test, what differs, and why; then a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openfisca_bergen_hbt.analysis.explain.steps import Step
from openfisca_bergen_hbt.audit.changes import KINDS, KINDS_IN_WORDS
from openfisca_bergen_hbt.audit.coverage import SUBJECTS, Coverage
from openfisca_bergen_hbt.audit.runner import FAILED, HELD, REFUSED, Check, Outcome
from openfisca_bergen_hbt.audit.session import Audit, Tally
from openfisca_bergen_hbt.report.forms import terminal
from openfisca_bergen_hbt.report.paper import Block, Column, Paper, Paragraph, Section, Table
from openfisca_bergen_hbt.report.subjects.audit import Audited
from openfisca_bergen_hbt.report.subjects.explain import branch
from openfisca_bergen_hbt.report.writing import written_tree
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.numbers import percent, plain

#: How many values of a test that are not as expected are listed; the rest are counted.
LISTED = 10
#: How a line begins, by what came of the test.
MARKS = {HELD: marked("held"), FAILED: marked("FAILED"), REFUSED: marked("REFUSED")}
#: The headings of counts of tests and of changes, and what changes are of.
OF_TESTS = (marked("tests"), marked("held"), marked("failed"), marked("refused"))
OF_CHANGES = (marked("noticed"), marked("of"), "")
KIND_NAMES = {**KINDS_IN_WORDS, "variable": marked("variable")}
BY = {
    "parameter": marked("By parameter"),
    "decision": marked("By decision"),
    "variable": marked("By variable"),
}


def _as_in_file(value: float | str) -> str:
    """Write a value as a test file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else plain(float(f"{value:.12g}"))


def lines(outcome: Outcome, trees: Sequence[Step] = ()) -> Iterator[str]:
    """Yield the line of a test, and below it what differs and why."""
    case = outcome.case
    mark = _(MARKS[outcome.status])
    differing = [check for check in outcome.checks if not check.held]
    texts = list(map(_text, differing or outcome.checks[:1]))
    if not differing and len(outcome.checks) > 1:
        texts[0] = _("{text} (and {number} more)").format(text=texts[0], number=len(outcome.checks) - 1)
    yield f"{mark:8}{case.place}  {case.name}{f': {texts[0]}' if texts and not outcome.faults else ''}"
    yield from (f"        {fault}" for fault in outcome.faults)
    noted, failed = _("note: {note}"), _("it could not be computed: {error}")
    yield from (f"        {noted.format(note=note.message)}" for note in outcome.notes)
    if outcome.error:
        yield f"        {failed.format(error=outcome.error)}"
    if outcome.faults:
        return
    yield from (f"        {text}" for text in texts[1:LISTED])
    if len(texts) > LISTED:
        yield "        " + _("… and {number} more values").format(number=len(texts) - LISTED)
    for tree in trees:
        yield from (f"          {line}" for line in written_tree(branch(tree)).splitlines())


def _text(check: Check) -> str:
    told = {
        "value": f"{check.variable} ({check.member}, {check.period})",
        "expected": _as_in_file(check.expected),
        "came": _as_in_file(check.came),
    }
    if check.difference is None:
        return _("{value} expected {expected}, came {came}").format(**told)
    message = _("{value} expected {expected}, came {came}, difference {difference}")
    return message.format(**told, difference=_as_in_file(check.difference))


def as_text(found: Audited) -> str:
    """Return an audit as text; lines are as long as they are: one a test, and skeletons that can be copied."""
    audit, coverage = found.audit, found.coverage
    trees = [found.trees.get(number, ()) for number in range(len(audit.outcomes))]
    tests = [line for told in map(lines, audit.outcomes, trees) for line in told]
    faults = [f"{_(MARKS[REFUSED]):8}{fault}" for fault in audit.faults]
    summarised = terminal.write(_summary(audit, coverage)).decode()
    ending = _holes(coverage, found.skeletons) if coverage else ()
    text = "\n".join([*tests, *faults, "\n"]) + summarised + "".join(f"{line}\n" for line in ending)
    return text.translate(terminal.PICTURES)


def _summary(audit: Audit, coverage: Coverage | None) -> Paper:
    """Return the summary of an audit, with what of the law the tests would notice where that was asked for."""
    total = audit.total
    message = _("Tests: {tests}, files: {files}, values: {values}. {held} held, {failed} failed, {refused} refused.")
    text = message.format(**total.counts(), files=len(audit.files), values=audit.values)
    if audit.faults:
        text += " " + _("Faults of files as a whole: {number}.").format(number=len(audit.faults))
    blocks: list[Block] = [
        _tallies(_("By decision whose rules ran"), audit.by_decision()),
        _tallies(_("By theme of what is expected"), audit.by_theme()),
    ]
    return Paper(text, [Section([*blocks, *(_coverage(coverage) if coverage else ())])])


def _tallies(title: str, found: Sequence[Tally]) -> Table:
    rows = [(tally.name, *map(str, (tally.tests, tally.held, tally.failed, tally.refused))) for tally in found]
    return Table(_columns("", OF_TESTS), rows, title)


def _columns(first: str, others: Sequence[str]) -> list[Column]:
    return [Column(first), *(Column(_(heading), "count") for heading in others)]


def _coverage(coverage: Coverage) -> Iterator[Block]:
    rows = [
        (_(KIND_NAMES[kind]), *map(str, coverage.noticed_of(kind)), percent(coverage.percent(kind) / 100))
        for kind in KINDS
    ]
    yield Table(_columns(_("changes of"), OF_CHANGES), rows, _("What the tests would notice"))
    for subject in SUBJECTS:
        found = coverage.by_name(subject)
        names = [(name, str(n), str(of), percent(n / of)) for name, n, of in found]
        yield Table(_columns(_(KIND_NAMES[subject]), OF_CHANGES), names, _(BY[subject]))
    if coverage.unread:
        message = _("{number} numbers are read by no rule, so that no test can notice them: {names}")
        names_of_some = ", ".join(coverage.unread[:3]) + (" …" if len(coverage.unread) > 3 else "")  # noqa: PLR2004
        yield Paragraph(message.format(number=len(coverage.unread), names=names_of_some))


def _holes(coverage: Coverage, skeletons: Sequence[str]) -> Iterator[str]:
    """Yield the lines of each hole, with the skeleton of a test that would catch it."""
    for hole, skeleton in zip(coverage.holes, skeletons, strict=True):
        change = hole.change
        of_some = _("Hole: {kind} {name} ({start}), {what}; {number} tests read it. A test to complete:")
        of_none = _("Hole: {kind} {name} ({start}), {what}; no test reads it. A test to complete:")
        told = {"kind": _(KIND_NAMES[change.kind]), "name": change.name, "start": change.start, "what": change.what}
        yield f"\n{(of_some if hole.read_by else of_none).format(**told, number=hole.read_by)}\n"
        yield from skeleton.splitlines()

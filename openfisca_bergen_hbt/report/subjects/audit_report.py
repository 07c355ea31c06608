"""What is to be said of an audit, in whatever form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openfisca_bergen_hbt.analysis.explain import Step
from openfisca_bergen_hbt.audit import skeleton
from openfisca_bergen_hbt.audit.changes import KINDS
from openfisca_bergen_hbt.audit.coverage import Coverage
from openfisca_bergen_hbt.audit.explanation import explain_failures
from openfisca_bergen_hbt.audit.runner import FAILED
from openfisca_bergen_hbt.audit.session import Audit, record_of


@dataclass(frozen=True)
class Report:
    """An audit, with what explains it."""

    audit: Audit
    #: The explanations of what differs, by the position of the test.
    trees: Mapping[int, Sequence[Step]]
    #: What of the law the tests would notice, where that was asked for, and a test to complete for each hole.
    coverage: Coverage | None
    skeletons: Sequence[str]
    record: Mapping[str, Any]


def report(audit: Audit, paths: Sequence[Path], coverage: Coverage | None, depth: int | None) -> Report:
    """Return what is to be said of an audit.

    Args:
        audit: the audit.
        paths: what was audited.
        coverage: what of the law the tests would notice, where that was asked for.
        depth: how many levels of an explanation to show; None for all.
    """
    trees = {
        number: explain_failures(outcome, audit.systems.system(outcome.case.regulation), depth)
        for number, outcome in enumerate(audit.outcomes)
        if outcome.status == FAILED and outcome.checks and outcome.case.regulation
    }
    counts = {kind: list(coverage.of(kind)) for kind in KINDS} if coverage else None
    skeletons = [skeleton.for_change(hole.change, audit.systems) for hole in coverage.holes] if coverage else []
    return Report(audit, trees, coverage, skeletons, record_of(audit, paths, counts))

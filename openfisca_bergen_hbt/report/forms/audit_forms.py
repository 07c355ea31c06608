"""The forms in which an audit can be written: text, JUnit's XML, JSON, Markdown and a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

from openfisca_bergen_hbt.audit.changes import KINDS
from openfisca_bergen_hbt.audit.coverage import SUBJECTS, Coverage
from openfisca_bergen_hbt.audit.runner import FAILED, REFUSED
from openfisca_bergen_hbt.provenance.record import KEY, hash_of
from openfisca_bergen_hbt.report.forms import audit_lines, outputs
from openfisca_bergen_hbt.report.subjects.audit import Audited, paper
from openfisca_bergen_hbt.text.language import _

#: What XML can't hold.
NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
#: What JUnit calls a test that doesn't hold, and one that is refused.
REASONS = {FAILED: "failure", REFUSED: "error"}


def as_json(report: Audited) -> str:
    """Return an audit as JSON."""
    audit, coverage = report.audit, report.coverage
    tests = [
        {
            "file": outcome.case.file,
            "line": outcome.case.line,
            "name": outcome.case.name,
            "status": outcome.status,
            "regulation": outcome.case.regulation.id if outcome.case.regulation else None,
            "regulation_hash": hash_of(outcome.case.regulation) if outcome.case.regulation else None,
            "waiver": outcome.case.waiver or None,
            "values": [asdict(check) for check in outcome.checks],
            "faults": [asdict(fault) for fault in outcome.faults],
            "notes": [asdict(note) for note in outcome.notes],
            "error": outcome.error or None,
            "sources": [asdict(source) for source in audit.sources(outcome)],
            "explanations": [asdict(tree) for tree in report.trees.get(number, ())],
        }
        for number, outcome in enumerate(audit.outcomes)
    ]
    content = {
        "summary": {
            "exit_code": audit.exit_code,
            "total": audit.total.counts(),
            "by_decision": {tally.name: tally.counts() for tally in audit.by_decision()},
            "by_theme": {tally.name: tally.counts() for tally in audit.by_theme()},
        },
        "faults": [asdict(fault) for fault in audit.faults],
        "tests": tests,
        "coverage": _coverage_as_json(coverage, report.skeletons) if coverage else None,
        "record": report.record,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _coverage_as_json(coverage: Coverage, holes: Sequence[str]) -> dict[str, Any]:
    by_hole = dict(zip(map(id, coverage.holes), holes, strict=True))
    return {
        "counts": {kind: list(coverage.noticed_of(kind)) for kind in KINDS},
        "percent": {kind: coverage.percent(kind) for kind in KINDS},
        "by": {
            subject: {name: [noticed, of] for name, noticed, of in coverage.by_name(subject)} for subject in SUBJECTS
        },
        "read_by_no_rule": list(coverage.unread),
        "changes": [
            {
                "kind": found.change.kind,
                "name": found.change.name,
                "start": found.change.start,
                "what": found.change.what,
                "noticed_by": found.noticed_by,
                "read_by": found.read_by,
                "skeleton": by_hole.get(id(found)),
            }
            for found in coverage.tried
        ],
    }


def as_junit(report: Audited) -> str:
    """Return an audit as the XML that continuous-integration servers read; a refused test is an error."""
    audit = report.audit
    total = audit.total
    errors = total.refused + len(audit.faults)
    counts = {"tests": str(total.tests + len(audit.faults)), "failures": str(total.failed), "errors": str(errors)}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": "bergen-hbt audit", **counts})
    _properties(suite, {KEY: json.dumps(report.record, ensure_ascii=False)})
    for number, outcome in enumerate(audit.outcomes):
        case = outcome.case
        of_case = {"classname": case.file, "name": case.name, "file": case.file, "line": str(case.line)}
        element = ElementTree.SubElement(suite, "testcase", of_case)
        sources = "\n".join(f"{source.name}: {source.reference}" for source in audit.sources(outcome))
        version = case.regulation
        of_law = {"regulation": version.id, "regulation-sha256": hash_of(version)} if version else {}
        _properties(element, {**of_law, "sources": sources})
        text = "\n".join(audit_lines.lines(outcome, report.trees.get(number, ())))
        if outcome.status in REASONS:
            _reason(element, REASONS[outcome.status], text)
    for fault in audit.faults:
        element = ElementTree.SubElement(suite, "testcase", {"classname": fault.file, "name": _("the file as a whole")})
        _reason(element, "error", str(fault))
    ElementTree.indent(root)
    for element in root.iter():
        element.attrib.update({name: NOT_IN_XML.sub("", value) for name, value in element.items()})
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _properties(element: ElementTree.Element, values: Mapping[str, str]) -> None:
    inside = ElementTree.SubElement(element, "properties")
    for name, value in values.items():
        ElementTree.SubElement(inside, "property", {"name": name, "value": value})


def _reason(element: ElementTree.Element, kind: str, text: str) -> None:
    clean = NOT_IN_XML.sub("", text)
    ElementTree.SubElement(element, kind, {"message": clean.splitlines()[0]}).text = clean


#: What says of each test what it is, in a form of its own.
OWN: Mapping[str, Callable[[Audited], str]] = {"text": audit_lines.as_text, "junit": as_junit, "json": as_json}


def write(name: str, found: Audited) -> bytes:
    """Return an audit in a form of its own, or its working paper."""
    return OWN[name](found).encode() if name in OWN else outputs.write(name, paper(found), found.record)

"""Files of test cases, read strictly: what can't be run, or could not fail, is a fault with its line and column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from openfisca_bergen_hbt.audit.cases import situations
from openfisca_bergen_hbt.audit.cases.margins import MARGINS, Margins
from openfisca_bergen_hbt.audit.cases.model import Case, CaseFile
from openfisca_bergen_hbt.audit.cases.outputs import OutputReader
from openfisca_bergen_hbt.audit.cases.regulations import DECISIONS_ONLY, named_in, on_top_of, reforms_by_path
from openfisca_bergen_hbt.audit.cases.situations import period_of
from openfisca_bergen_hbt.law.systems import Systems
from openfisca_bergen_hbt.law.versions import Version
from openfisca_bergen_hbt.situation import Situation
from openfisca_bergen_hbt.text.language import _, marked
from openfisca_bergen_hbt.text.names import nearest
from openfisca_bergen_hbt.text.strict_yaml import Faults, Node, YamlError, describe, parse, read_text

KEYS = ("name", "description", "keywords", "period", "input", "output", "reforms", *MARGINS, "waiver")
#: Keys that core knows and that take from a test what makes it one, with why.
REFUSED = {
    "only_variables": marked("'{key}' is not allowed: it leaves outputs out of the test."),
    "ignore_variables": marked("'{key}' is not allowed: it leaves outputs out of the test."),
    "parameters": marked(
        "'{key}' is not allowed: it replaces the whole tree of parameters, so that another law is tested."
    ),
    "extensions": marked("'{key}' is not allowed: an extension changes the law that is tested."),
    "max_spiral_loops": marked(
        "'{key}' is not allowed: it decides when a variable that reaches itself is given its default."
    ),
}
WAIVER = re.compile(r"#\s*waiver:\s*(\S.*?)\s*$")


def read_file(path: Path, shown_as: str, systems: Systems) -> CaseFile:
    """Return the cases of a file, with what is wrong with them; faults give the file by the name it is shown as."""
    digest = ""
    try:
        text = read_text(path, shown_as)
        digest = hashlib.sha256(text.encode()).hexdigest()
        root = parse(text, shown_as)
    except YamlError as error:
        return CaseFile(path, digest, faults=[error.fault])
    faults = Faults(shown_as)
    if root.kind == "null" or (root.kind == "list" and not root.items):
        faults.add(None, _("the file contains no test."))
    elif root.kind not in ("list", "mapping"):
        faults.add(root, _("a file of test cases is a list, each beginning with '- name:'."))
    base = named_in(text, path, faults)
    nodes = list(root.items) if root.kind == "list" else [root] if root.kind == "mapping" else []
    reader = _CaseReader(shown_as, text.splitlines(), base, systems)
    cases = [reader.case(node, number, lines) for number, (node, lines) in enumerate(reader.with_lines(nodes), 1)]
    names = [case.name for case in cases]
    for node, case in zip(nodes, cases, strict=True):
        if names.count(case.name) > 1:
            faults.add(
                node,
                _("{number} tests are called '{name}': give each a name of its own.").format(
                    number=names.count(case.name), name=case.name
                ),
            )
    return CaseFile(path, digest, cases, faults.found)


class _CaseReader:
    """Reads the cases of a file."""

    def __init__(self, file: str, lines: Sequence[str], base: Version | None, systems: Systems) -> None:
        self.file = file
        self.lines = lines
        self.base = base
        self.systems = systems

    def with_lines(self, nodes: Sequence[Node]) -> Iterator[tuple[Node, Sequence[str]]]:
        """Yield each case with its lines, to which comments right above it belong."""
        starts = []
        for node in nodes:
            first = node.line - 1
            while first > 0 and self.lines[first - 1].lstrip().startswith("#"):
                first -= 1
            starts.append(first)
        yield from zip(nodes, (self.lines[a:b] for a, b in pairwise([*starts, len(self.lines)])), strict=True)

    def case(self, node: Node, number: int, lines: Sequence[str]) -> Case:
        """Return the case that stands somewhere, on some lines."""
        faults = Faults(self.file)
        name = _("test {number}").format(number=number)
        if node.kind != "mapping":
            faults.add(
                node, _("a test is written as keys and values, and not as {found}.").format(found=describe(node))
            )
            return Case(self.file, node.line, name, faults=faults.found)
        fields = dict(node.fields)
        for key in [key for key in fields if key in REFUSED]:
            faults.add(node.keys[key], _(REFUSED[key]).format(key=key))
            del fields[key]
        fields = faults.mapping(
            Node("mapping", node.line, node.column, fields=fields, keys=node.keys), KEYS, _("a test")
        )
        if "name" in fields:
            name = " ".join((faults.words(fields["name"], "'name'") or name).split())
        description = (faults.words(fields["description"], "'description'") or "") if "description" in fields else ""
        self._keywords(fields, faults)
        period = period_of(fields["period"], faults) if "period" in fields else None
        regulation = self._regulation(fields.get("reforms"), faults)
        waiver = self._waiver(fields, lines, faults)
        situation, expectations = Situation(), []
        if regulation:
            system = self.systems.system(regulation)
            situation = situations.situation_given(fields.get("input"), system, period, faults)
            margins = Margins(fields, system, waiver, faults)
            expectations = OutputReader(system, situation, period, margins).expectations(fields.get("output"), node)
        file, line = self.file, node.line
        return Case(file, line, name, regulation, situation, expectations, description, waiver, faults.found)

    def _keywords(self, fields: Mapping[str, Node], faults: Faults) -> None:
        keywords = fields.get("keywords")
        for keyword in keywords.items if keywords and keywords.kind == "list" else filter(None, [keywords]):
            faults.words(keyword, _("a keyword"))

    def _regulation(self, node: Node | None, faults: Faults) -> Version | None:
        """Return the regulation of a case: that of the file, with the decisions that the case names."""
        if node is None:
            return self.base
        if self.base is None:
            return None
        named = []
        for item in node.items if node.kind == "list" else [node]:
            path = faults.words(item, _("a reform")) if item.kind != "mapping" else None
            if path is None:
                faults.add(item, _("'reforms' is a list of decisions. {advice}").format(advice=_(DECISIONS_ONLY)))
                continue
            reform = reforms_by_path().get(path)
            if reform is None:
                near = nearest(path, reforms_by_path())
                faults.add(
                    item,
                    _("there is no decision or reading '{path}'. {advice} {hint}").format(
                        path=path, advice=_(DECISIONS_ONLY), hint=near
                    ),
                )
                continue
            named.append(reform)
        if not named:
            faults.add(node, _("'reforms' names no decision. {advice}").format(advice=_(DECISIONS_ONLY)))
            return None
        try:
            found = on_top_of(self.base, named)
            self.systems.system(found)
        except ValueError as error:
            faults.add(node, str(error))
            return None
        return found

    def _waiver(self, fields: Mapping[str, Node], lines: Sequence[str], faults: Faults) -> str:
        """Return why a margin may be wide: a comment of the case, or a key (which core does not take)."""
        if "waiver" in fields:
            return faults.words(fields["waiver"], "'waiver'") or ""
        found = [match[1] for line in lines if (match := WAIVER.search(line))]
        return found[0] if found else ""

"""A record says that the law has changed where what it says has changed, and not where code was moved or explained.

A move of thirty modules would have changed the hash of every decision, and made each old record say "law changed".
"""

import ast

import pytest

from openfisca_bergen_hbt.grunnregelverk import PACKAGE, folder
from openfisca_bergen_hbt.provenance import hashes
from openfisca_bergen_hbt.provenance.statements import statements

RULES = hashes.ROOT / "rules"
OVER_80 = folder("variables") / "over_80.py"
DECISION = folder("reforms") / "vedtak_2018_01_kategorimodell.py"
#: A file, a text that stands in it, and what might stand there instead.
SAYS_THE_SAME = {
    "an import from elsewhere": (DECISION, "openfisca_bergen_hbt.rules.months", "openfisca_bergen_hbt.rules.calendar"),
    "a new import": (OVER_80, "from openfisca_core", "import math\nfrom openfisca_core"),
    "a comment": (DECISION, "\n\n\n", "\n\n\n# a comment\n"),
    "a docstring": (DECISION, '"""January 2018', '"""The year 2018'),
    "layout": (DECISION, '("T-14", "T-26")', '(\n        "T-14",\n        "T-26",\n    )'),
    "a new import in a helper": (RULES / "months.py", "    return Period", "    import math\n    return Period"),
    "a docstring of a helper": (RULES / "money.py", '"""Divide', '"""Return a ratio'),
    "a docstring of what a decision is": (hashes.ROOT / "vedtak.py", '"""Re-point', '"""Change'),
}
SAYS_ANOTHER_THING = {
    "a formula": (OVER_80, "uker_per_aar / 12 * cost", "uker_per_aar / 13 * cost", "rules"),
    "a variable's default": (OVER_80, "value_type = float", "value_type = float\n    default_value = 1", "rules"),
    "a helper": (RULES / "money.py", "whole >= 0.5", "whole >= 0.4", "rules"),
    "a bound on inputs": (RULES / "inputs.py", "hours[block].min() >= 0", "hours[block].min() > 0", "rules"),
    "an entity": (RULES / "entities.py", '"brukere"', '"personer"', "rules"),
    "what a decision is": (hashes.ROOT / "vedtak.py", '    "set_input",\n', "", "rules"),
    "the foundation": (hashes.ROOT / "grunnregelverk.py", "numpy.float64", "numpy.float32", "rules"),
    "the date of a decision's formula": (DECISION, "formula_2018_01", "formula_2018_02", "decisions"),
    "the date of a decision": (DECISION, "date(2018, 1, 1)", "date(2018, 2, 1)", "decisions"),
    "a decision's formula": (DECISION, "+ enhet(", "- enhet(", "decisions"),
    "a decision's hinges": (DECISION, "(enhet_samlet_tildeling, ", "(", "decisions"),
}


@pytest.fixture
def law_with(monkeypatch):
    """Return the hashes of the law as if a file said something else."""
    read = hashes.source

    def hashed(file, text, other):
        assert text in read(file)
        monkeypatch.setattr(
            hashes, "source", lambda path: read(path).replace(text, other) if path == file else read(path)
        )
        hashes.rules.cache_clear()
        hashes.decisions.cache_clear()
        return hashes.law()

    yield hashed
    hashes.rules.cache_clear()
    hashes.decisions.cache_clear()


@pytest.mark.parametrize("what", SAYS_THE_SAME)
def test_what_says_the_same_has_the_same_hashes(what, law_with):
    before = hashes.law()
    assert law_with(*SAYS_THE_SAME[what]) == before


@pytest.mark.parametrize("what", SAYS_ANOTHER_THING)
def test_what_says_another_thing_has_another_hash(what, law_with):
    *change, part = SAYS_ANOTHER_THING[what]
    before = hashes.law()
    after = law_with(*change)
    assert [name for name in before if after[name] != before[name]] == [part]
    if part == "decisions":
        assert [name for name in before[part] if after[part][name] != before[part][name]] == [DECISION.stem]


def test_a_bound_is_told_by_the_hash_of_parameters(monkeypatch):
    bound = folder("parameters") / "kategorimodell" / "nedre_grense" / "kategori_2.yaml"
    read = hashes.source
    before = hashes.parameters()
    monkeypatch.setattr(
        hashes, "source", lambda path: read(path).replace("1.5", "1.7") if path == bound else read(path)
    )
    hashes.parameters.cache_clear()
    assert hashes.parameters() != before
    hashes.parameters.cache_clear()


def test_a_statement_may_stand_in_another_module(tmp_path):
    one, other, both = (tmp_path / name for name in ("one.py", "other.py", "both.py"))
    one.write_text("BOUND = 1.5\n")
    other.write_text("import one\n\n\ndef reached(hours):\n    return hours >= one.BOUND\n")
    both.write_text("import one\n\n\ndef reached(hours):\n    return hours >= one.BOUND\n\n\nBOUND = 1.5\n")
    assert hashes.written(one, other) == hashes.written(both) != hashes.written(other)


def test_every_module_that_the_law_is_made_of_is_hashed():
    """What ``variables/`` and ``reforms/`` import of the package, and what that imports, is hashed as rules."""
    root = hashes.ROOT

    def imported(path):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE:
                place = root.joinpath(*node.module.split(".")[1:])
                for found in (place, *(place / alias.name for alias in node.names)):
                    if found.with_suffix(".py").exists():
                        yield found.with_suffix(".py")

    waiting = [*folder("variables").glob("*.py"), *folder("reforms").glob("*.py")]
    found = set()
    while waiting:
        new = set(imported(waiting.pop())) - found
        found |= new
        waiting += new
    assert {RULES / "months.py", root / "vedtak.py", root / "grunnregelverk.py"} <= found
    said = {root / "text" / "language.py"}  # which language an error is told in is no rule
    assert found - said <= set(hashes.rule_files())


def test_a_statement_is_kept_as_its_kind_and_what_is_in_it():
    assert statements('"""Not this."""\nimport numpy\nMOST = 1_000  # nor this\n') == [
        ["Assign", ["targets", [["Name", ["id", "MOST"]]]], ["value", ["int", "1000"]]]
    ]


def test_statements_are_the_same_on_every_version_of_python():
    """What versions 3.11 to 3.13 parse or dump differently, written down once: the format of an f-string, for one."""
    source = """
def g(a, /, b: int = 1, *c, d=2.50, **e):
    match a:
        case {"key": [1, *rest]} if rest:
            return f"{a!r:>{b}}c" "d" f"{e=}" f"{d:%Y}" "", (a, *c), lambda: "\U0001fae8"
"""
    assert hashes.hash_of(statements(source)) == "a9f393a6ec33f9fad78a07eb94494083428162ac9e44c6fd0f3500425c662d64"

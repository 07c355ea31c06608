"""The repository's own test cases, and the audit of a text."""

from pathlib import Path

from tests.commands import run

ROOT = Path(__file__).parent.parent.parent
OWN = [str(ROOT / "tests" / "variables"), str(ROOT / "tests" / "reforms"), str(ROOT / "tests" / "readings")]


def audit(text, *options, name="t.yaml"):
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return run("audit", *options, name)

"""Skeletons run, and do not hold before they are completed."""

import json
from pathlib import Path

import pytest

from openfisca_bergen_hbt.regelverk import regelverk
from tests.audit.own import ROOT, audit
from tests.commands import run


def variables():
    return sorted(name for name, variable in regelverk().variables.items() if variable.formulas)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("variable", variables())
def test_a_skeleton_runs_and_does_not_hold(variable):
    assert run("audit", "new", variable, "--output", "s.yaml").exit_code == 0
    text = Path("s.yaml").read_text(encoding="utf-8")
    assert "# Source: " in text
    assert all(len(line) < 400 for line in text.splitlines())
    outcome = as_json_of("s.yaml")
    assert outcome["status"] == "failed"
    assert not any(value["held"] for value in outcome["values"])  # no placeholder is right by accident


def as_json_of(path):
    (outcome,) = json.loads(run("audit", path, "--format", "json").stdout)["tests"]
    return outcome


@pytest.mark.usefixtures("folder")
def test_a_skeleton_of_another_regulation_and_period():
    result = run("audit", "new", "timer_per_uke", "--regulation", "grunnregelverk", "--period", "2018-03")
    assert result.stdout.startswith("# regulation: grunnregelverk\n")
    assert "besoek_per_uke" in result.stdout
    assert "vurdert_timer_per_uke" not in result.stdout
    Path("s.yaml").write_text(
        result.stdout.replace("[0, 0, 0, 0]", "[4.5, 9, 90, 2.25]"), encoding="utf-8"
    )  # visits * 27 / 60
    assert run("audit", "s.yaml").exit_code == 0


@pytest.mark.usefixtures("folder")
def test_the_example_of_the_page_for_auditors_completes_the_skeleton():
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    completed = page[page.index("```yaml\n") + len("```yaml\n") :].split("```")[0]
    skeleton_text = run("audit", "new", "enhet_kategoritildeling").stdout
    text = skeleton_text[: skeleton_text.index("  output:")] + completed
    assert audit(text).exit_code == 0
    assert audit(text.replace("776000", "776001")).exit_code == 1

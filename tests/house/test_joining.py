"""What leads a newcomer in names what there is: targets, folders of tests, versions."""

import re
import tomllib

import pytest
import yaml

from tests.house.rooms import ROOT

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_guide_names_what_there_is():
    targets = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))
    assert {"install", "test", "lint", "serve", "bench", "docs"} <= targets
    assert set(re.findall(r"^make (\w+)", GUIDE, re.MULTILINE)) <= targets
    for path in re.findall(r"pytest -q (\S+)", GUIDE):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("script", re.findall(r"python (\S+[.]py)", MAKEFILE))
def test_what_the_makefile_runs_is_there(script):
    assert (ROOT / script).exists()


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]


def test_public_checks_run_the_gate_on_every_python_that_we_take():
    gate = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]["gate"]
    assert f">={gate['strategy']['matrix']['python'][0]}" == PROJECT["requires-python"]
    assert gate["steps"][-1]["run"] == "bash .ci/run"

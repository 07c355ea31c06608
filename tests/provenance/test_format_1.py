"""Records of version 0.4.0 can still be run again: ``format_1.json`` is one that its ``compare`` wrote."""

import json
import shutil
from pathlib import Path

import pytest

from openfisca_bergen_hbt.provenance.format_1 import upgraded
from openfisca_bergen_hbt.provenance.record import AuditRecord, as_record
from tests.commands import run

OLD = Path(__file__).with_name("format_1.json")


def test_an_old_record_is_run_again_and_says_what_has_changed(tmp_path):
    shutil.copy(OLD, tmp_path / "k.json")
    result = run("verify", str(tmp_path / "k.json"))
    assert "law: the rules have changed" in result.stdout  # hashed otherwise since: announced in the CHANGELOG
    assert "etat_ramme_i_alt: nothing then, 1 035 686 820 kr now" in result.stdout  # a variable that is new since
    assert "enhet_samlet_tildeling" not in result.stdout  # every unit's money is as it was
    assert result.exit_code == 1


def test_what_an_old_explanation_asked_for():
    question = {"variable": "enhet_samlet_tildeling", "member": "B", "month": None, "depth": 3}
    inputs = {"files": {"frame": 30000000}, "hashes": {"users": "x"}}
    old = {**json.loads(OLD.read_text(encoding="utf-8")), "command": "explain", "question": question, "inputs": inputs}
    request = as_record(old).request
    assert (request.question, request.population, request.frame) == ("explain", None, 30000000)
    assert request.options == {"variable": "enhet_samlet_tildeling", "id": "B", "month": None, "depth": 3}


def test_an_old_audit():
    inputs = {"paths": ["t.yaml"], "hashes": {"t.yaml": "x"}}
    old = {**json.loads(OLD.read_text(encoding="utf-8")), "command": "audit", "inputs": inputs}
    assert isinstance(as_record(old), AuditRecord)


@pytest.mark.parametrize("content", [{"format": 1}, {"format": 1, "inputs": [], "question": {}}])
def test_what_lacks_something_is_no_record(content, tmp_path):
    assert "result" not in upgraded(content)
    (tmp_path / "r.json").write_text(json.dumps(content), encoding="utf-8")
    result = run("verify", str(tmp_path / "r.json"))
    assert (result.exit_code, "is not a record" in result.stderr) == (2, True)

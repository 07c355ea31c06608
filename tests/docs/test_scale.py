"""What ``docs/scale.md`` shows beside commands: the manifest for Kubernetes."""

import re
import tomllib
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from openfisca_bergen_hbt.cli import main

DOCS = Path(__file__).parent.parent.parent / "docs"
MANIFEST = [*yaml.safe_load_all((DOCS / "kubernetes.yaml").read_text(encoding="utf-8"))]
VERSION = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def pods():
    return [one["spec"]["template"]["spec"] for one in MANIFEST if "template" in one["spec"]]


@pytest.mark.parametrize("one", MANIFEST, ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_kubernetes_takes_the_manifest(one):
    kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)


def test_a_fault_of_the_manifest_would_be_found():
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**MANIFEST[0], "spek": {}}, kubernetes_validate.latest_version(), strict=True)


def test_the_image_is_of_this_version_and_made_as_the_page_says():
    assert {container["image"] for pod in pods() for container in pod["containers"]} == {f"bergen-hbt:{VERSION}"}
    assert f"docker build -t bergen-hbt:{VERSION} ." in (DOCS / "scale.md").read_text(encoding="utf-8")


def test_the_job_asks_for_what_the_command_has():
    (asked,) = [pod["containers"][0]["args"] for pod in pods() if pod["containers"][0]["name"] == "compare"]
    assert asked[0] == "bergen-hbt"
    options = {option for param in main.get_command(None, asked[1]).params for option in param.opts}
    assert {word for word in asked if word.startswith("--")} <= options


def test_who_talks_with_the_scheduler_is_let_in():
    names = {one["metadata"]["name"] for one in MANIFEST}
    for pod in pods():
        for word in pod["containers"][0]["args"]:
            if found := re.fullmatch(r"tcp://([\w-]+):8786", word):
                assert found[1] in names

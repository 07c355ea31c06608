"""Fixtures, and the YAML cases under pytest: ``reforms/`` on the foundation, the others on the law in force."""

import os
from importlib.util import find_spec

import pytest
import yaml
from openfisca_core.tools.test_runner import OpenFiscaPlugin, YamlItem

from openfisca_bergen_hbt import CountryTaxBenefitSystem, grunnregelverk
from tests.failed_pages import pytest_runtest_makereport  # noqa: F401 (a hook)

# Options of this run are not for the programs that it runs: `openfisca test` is pytest, too.
os.environ.pop("PYTEST_ADDOPTS", None)
# The tests say what commands answer as it stands in the code; those of the language say it themselves.
os.environ["BERGEN_HBT_LANG"] = "as-written"

# The gate tries the same examples each time, however long one takes beside others; a run by hand tries new ones.
# (An auditor who runs `openfisca test` may not have hypothesis at all.)
if os.environ.get("CI") and find_spec("hypothesis"):
    import hypothesis

    hypothesis.settings.register_profile("gate", derandomize=True, deadline=None)
    hypothesis.settings.load_profile("gate")

SYSTEMS = {}


def system_of(path):
    make = (
        grunnregelverk.CountryTaxBenefitSystem
        if path.parent.name in ("reforms", "readings")
        else CountryTaxBenefitSystem
    )
    if make not in SYSTEMS:
        SYSTEMS[make] = make()
    return SYSTEMS[make]


class YamlCases(pytest.File):
    def collect(self):
        for case in yaml.safe_load(self.path.read_text(encoding="utf-8")):
            yield YamlItem.from_parent(
                self,
                name=case["name"],
                baseline_tax_benefit_system=system_of(self.path),
                test=case,
                options={},
            )


def pytest_collect_file(parent, file_path):
    runs_openfisca_test = any(
        isinstance(plugin, OpenFiscaPlugin) for plugin in parent.config.pluginmanager.get_plugins()
    )
    if file_path.suffix == ".yaml" and "clients" not in file_path.parts and not runs_openfisca_test:
        return YamlCases.from_parent(parent, path=file_path)
    return None


@pytest.fixture(scope="session")
def law():
    return CountryTaxBenefitSystem()


@pytest.fixture(scope="session")
def foundation():
    return grunnregelverk.CountryTaxBenefitSystem()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that a command is run in: empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def browser():
    from tests.chromium import launched  # only where a page is looked at: an auditor may not have playwright

    with launched() as opened:
        yield opened

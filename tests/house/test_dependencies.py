"""All that the package imports is named in ``pyproject.toml``: what another package brings may be gone tomorrow."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.rooms import MODULES, PACKAGE, REGULATION, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = [*MODULES.values(), *(path for folder in REGULATION for path in (ROOT / folder).glob("*.py"))]
#: What is read without an import: the files of the API's page; and what fsspec imports for an address of S3.
READ = {"swagger-ui-py", "s3fs"}


def named(requirements):
    """Return the names of requirements as registries compare them."""
    return {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", text).group()).lower() for text in requirements}


def imported():
    """Return the packages of others that some file imports."""
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {PACKAGE}


def test_the_dependencies_are_what_is_imported():
    distributions = packages_distributions()
    used = named(distributions[package][0] for package in imported()) | READ
    assert named([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["cluster"]]) == used


def test_no_address_is_given_that_nobody_has_seen():
    assert "urls" not in PROJECT

"""Running ``bergen-hbt`` in tests."""

import json

from click.testing import CliRunner

from openfisca_bergen_hbt.cli import main


def run(*arguments):
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    result.text = result.stdout.replace("\N{NO-BREAK SPACE}", " ")
    return result


def as_json(*arguments):
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)

"""Running ``bergen-hbt`` in tests."""

import json

from click.testing import CliRunner

from openfisca_bergen_hbt.cli import main

#: The regulations of the default comparison, in order.
REGULATIONS = [
    "grunnregelverk",
    "vedtak_2017_10_normtid_avviklet",
    "vedtak_2018_01_kategorimodell",
    "vedtak_2019_05_plan_hjemmeboende_eldre",
    "vedtak_2019_09_politisk_plattform",
    "vedtak_2020_12_vurderingsteam",
    "vedtak_2021_06_statusrapport",
]


def run(*arguments):
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    result.text = result.stdout.replace("\N{NO-BREAK SPACE}", " ")
    return result


def rows(content):
    """Return the figures of a comparison's JSON as one row each."""
    return [
        {**{name: column[name] for name in ("regulation", "level", "variable", "period")}, "id": member, "value": value}
        for column in content["figures"]
        for member, value in zip(content["ids"][column["level"]], column["values"], strict=True)
    ]


def as_json(*arguments):
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def all_steps(step):
    """Yield the steps of an explanation's JSON: each, and then those below it."""
    yield step
    for below in step["steps"]:
        yield from all_steps(below)

"""The schema of test cases takes what is right, and marks mistakes."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from openfisca_bergen_hbt.audit import skeleton
from openfisca_bergen_hbt.law.systems import SYSTEMS
from tests.audit.faulty import PERSON, UNITS
from tests.audit.own import OWN
from tests.commands import run


@pytest.fixture(scope="module")
def validator():
    schema = as_schema()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def as_schema():
    return json.loads(run("audit", "schema").stdout)


def as_an_editor_sees_it(text):
    def named(value):
        if isinstance(value, dict):
            return {str(key): named(inner) for key, inner in value.items()}
        return [named(inner) for inner in value] if isinstance(value, list) else value

    return named(yaml.safe_load(text))


def test_the_schema_takes_our_own_tests(validator):
    for folder in OWN:
        for path in Path(folder).glob("*.yaml"):
            assert list(validator.iter_errors(as_an_editor_sees_it(path.read_text(encoding="utf-8")))) == [], path
    for variable in ("enhet_kategoritildeling", "brukerkategori", "etat_statusrapport_vedtatt", "lmh_timer"):
        assert validator.is_valid(as_an_editor_sees_it(skeleton.new(variable, SYSTEMS)))


@pytest.mark.parametrize(
    "text",
    [
        PERSON.replace("output", "outputs"),
        PERSON.replace("normtid_timer_per_uke", "normtid_timer"),
        PERSON.replace("2019-01", "2019-13"),
        PERSON.replace("4.5", "'4.5'"),
        PERSON.replace("4.5", "{2019: 4.5}"),
        PERSON.replace("    normtid_timer_per_uke: 4.5", "    {}"),
        PERSON + "  reforms: [antigravity.Reform]\n",
        UNITS.replace("etat_sentral_reserve: 20", "enheter: {A: {etat_sentral_reserve: 20}}"),
        UNITS.replace("etat_sentral_reserve: 20", "brukerkategori: [KATEGORI_7, KATEGORI_2]"),
        UNITS.replace("etat_sentral_reserve: 20", "antall_kategori_1: [1.5, 0]"),
        UNITS.replace("etat_sentral_reserve: 20", "besoek_per_uke: 20"),
        "[]",
    ],
)
def test_the_schema_marks_mistakes(text, validator):
    assert not validator.is_valid(as_an_editor_sees_it(text))

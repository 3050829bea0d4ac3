"""The published JSON Schema says of structure what the reader says."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.unit.regimes.bad_files import GOOD, STRUCTURE

from tallystick.regimes.files.schema_file import counting_schema, instrument_schema, schema_text
from tallystick.regimes.files.yaml_file import parse_yaml, read_yaml
from tallystick.regimes.library import DATA

SPEC = Path(__file__).parents[3] / "spec"
FILES = sorted([*(DATA / "instruments").glob("*.yaml"), *(DATA / "templates").glob("*.yaml")])


def validator(name: str) -> Any:
    schema = json.loads((SPEC / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_published_schemas_are_those_of_the_code() -> None:
    """Mend: .venv/bin/python -c 'from pathlib import Path; \
    from tallystick.regimes.files.schema_file import *; write_schemas(Path("spec"))'"""
    assert (SPEC / "regime.schema.json").read_text() == schema_text(instrument_schema())
    assert (SPEC / "counting.schema.json").read_text() == schema_text(counting_schema())


def test_every_shipped_file_validates() -> None:
    check = validator("regime.schema.json")
    assert len(FILES) > 60
    for path in FILES:
        assert [error.message for error in check.iter_errors(read_yaml(path).plain)] == [], path.name
    check = validator("counting.schema.json")
    for path in (DATA / "counting").glob("*.yaml"):
        assert check.is_valid(read_yaml(path).plain), path.name


@pytest.mark.parametrize("name", STRUCTURE)
def test_every_file_of_bad_structure_fails(name: str) -> None:
    old, new, _, _ = STRUCTURE[name]
    check = validator("regime.schema.json")
    assert check.is_valid(parse_yaml(GOOD.encode(), "good").plain)
    assert not check.is_valid(parse_yaml(GOOD.replace(old, new, 1).encode(), name).plain)

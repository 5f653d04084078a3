"""The golden schemas are JSON Schemas, and they are what the models say today."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator, SchemaError

from tools.schemas import FOLDER, findings, schema_texts

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(FOLDER.glob("*.json"))


def test_the_golden_schemas_are_those_of_the_models() -> None:
    assert findings(schema_texts(), FOLDER) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_golden_schema_is_a_json_schema(file: Path) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_text("utf-8")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_golden_schema_refuses_a_field_that_nobody_knows(file: Path) -> None:
    schema = json.loads(file.read_text("utf-8"))
    kinds = [{"$defs": schema["$defs"], **each} for each in schema.get("oneOf", ())] or [schema]
    for kind in kinds:
        found = Draft202012Validator(kind).iter_errors({"no such field": 1})
        assert any(error.validator == "additionalProperties" for error in found)


def test_a_schema_that_is_none_is_refused() -> None:
    with pytest.raises(SchemaError):
        Draft202012Validator.check_schema({"type": "chair"})

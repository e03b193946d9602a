"""What is read from a challenge's OpenAPI document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from worksample.checks.contract import Contract


def test_names_the_members_of_all_objects_however_deep() -> None:
    user: dict[str, Any] = {"properties": {"email": {}, "bio": {"type": "string"}}}
    schemas = {"One": {"properties": {"user": user}}, "Many": {"items": {"oneOf": [user, {}]}}}
    document = {"components": {"schemas": schemas}, "paths": {}}
    assert Contract(document, Path("openapi.yaml")).member_names == {"user", "email", "bio"}


def test_takes_a_property_named_properties_for_a_name() -> None:
    schema = {"properties": {"properties": {"type": "object", "properties": {"colour": {}}}}}
    document = {"components": {"schemas": {"One": schema}}, "paths": {}}
    names = Contract(document, Path("openapi.yaml")).member_names
    assert {"properties", "colour"} <= names

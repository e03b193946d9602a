"""Each way in which an answer violates the contract is a finding of its own."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support import reports
from worksample.checks import Answer, CheckFailed, Contract, Dialect, World
from worksample.suites.contract_shapes import expect_schema

USER = {
    "type": "object",
    "required": ["name", "token"],
    "additionalProperties": False,
    "properties": {"name": {"type": "string"}, "token": {"type": "string"}},
}
SCHEMA = {"type": "object", "properties": {"users": {"type": "array", "items": USER}}}
RESPONSE = {"content": {"application/json": {"schema": SCHEMA}}}
CONTRACT = Contract(
    {"paths": {"/users": {"get": {"operationId": "users", "responses": {"200": RESPONSE}}}}}, Path()
)


def violations(*users: dict[str, Any]) -> list[str]:
    exchange = reports.exchange(method="GET", status=200, got={"users": users})
    world = cast(World, SimpleNamespace(context=SimpleNamespace(contract=CONTRACT)))
    with pytest.raises(CheckFailed) as failure:
        expect_schema(world, "users", Answer(exchange, Dialect()))
    return [each.actual for each in failure.value.findings]


def test_each_missing_and_extra_field_is_a_finding_once() -> None:
    wrong = {"name": "a", "email": "b"}
    assert sorted(violations(wrong, wrong)) == [
        'users.0: ""token" is a required property"',
        "users.0: \"Additional properties are not allowed ('email' was unexpected)\"",
    ]

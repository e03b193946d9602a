"""Members that a contract does not name: which of them hold something private."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from worksample.checks import Contract
from worksample.probes.exchange import Response
from worksample.suites.private_members import shows_private

PROFILE = {"name": {"type": "string"}}
ACCOUNT = {**PROFILE, "email": {}, "token": {}}


def violations(members: dict[str, Any], body: bytes) -> list[Any]:
    """Return how an answer violates a contract that names these members of an object."""
    schema = {"type": "object", "additionalProperties": False, "properties": members}
    answers = {"200": {"content": {"application/json": {"schema": schema}}}}
    read = {"operationId": "read", "responses": answers}
    contract = Contract({"paths": {"/it": {"get": read}}}, Path())
    return contract.violations(contract.operation("read"), Response(200, (), body))


@pytest.mark.parametrize(
    "extra",
    ['"id": 7', '"createdAt": "now"', '"followersCount": 2', '"hashtags": ["a"]', '"salt": null'],
)
def test_further_member_is_not_private(extra: str) -> None:
    [found] = violations(PROFILE, f'{{"name": "Ada", {extra}}}'.encode())
    assert found.unexpected
    assert not shows_private(found)


@pytest.mark.parametrize(
    "extra",
    [
        '"password": "x"',
        '"passwordHash": "x"',
        '"salt": "x"',
        '"email": "x"',
        '"token": "x"',
        '"contact": "ada@example.com"',
        '"data": {"crypt": "$2b$12$abcdefghijklmnopqrstuv"}',
    ],
)
def test_secret_hash_or_address_is_private(extra: str) -> None:
    [found] = violations(PROFILE, f'{{"name": "Ada", {extra}}}'.encode())
    assert shows_private(found)


def test_owner_of_an_account_may_see_what_is_theirs() -> None:
    own = b'{"name": "Ada", "email": "a@b.cd", "token": "x", "refreshToken": "y"}'
    [found] = violations(ACCOUNT, own)
    assert not shows_private(found)
    [found] = violations(ACCOUNT, own.replace(b"refreshToken", b"passwordHash"))
    assert shows_private(found)


def test_many_unexpected_members_hide_no_other_violation() -> None:
    item = {"type": "object", "additionalProperties": False, "properties": PROFILE}
    members = {"all": {"type": "array", "items": item}}
    body = b'{"all": [' + b'{"id": 1}, ' * 99 + b"7]}"
    found = violations(members, body)
    assert len([each for each in found if each.unexpected]) == 5
    [other] = [each.text for each in found if not each.unexpected]
    assert other.startswith("all.99: ")

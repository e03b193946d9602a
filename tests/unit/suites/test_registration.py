"""Registering a name that is taken, with the cards of a library."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest

from worksample.checks import Answer, Check, CheckFailed
from worksample.suites.account_adapters import EmailRegistration
from worksample.suites.registration import NAMES

from .library import Library

Json = dict[str, Any]


class Registration(EmailRegistration):
    """Registers readers; a refusal gives `reason`."""

    reason = "the card is taken"

    async def register(self, fields: Json) -> Answer:
        answer = await self.world.register(fields)
        if answer.status != 422:
            return answer
        body = orjson.dumps({"errors": {"body": [self.reason]}})
        response = replace(answer.response, body=body)
        return Answer(replace(answer.exchange, response=response), answer.dialect)


class SilentRegistration(Registration):
    """Gives no reason."""

    reason = "no"


def run(adapter: type[EmailRegistration], world: Library) -> None:
    (check,) = NAMES.checks(adapter, clause="A2", stage=2)
    assert isinstance(check, Check)
    assert check.function is not None
    asyncio.run(check.function(world))  # type: ignore[arg-type]


def test_passes_where_a_taken_name_is_refused_by_name() -> None:
    run(Registration, Library())


def test_fails_where_a_name_is_given_twice() -> None:
    world = Library()
    world.careless = True
    with pytest.raises(CheckFailed, match="expected status 422, got 201"):
        run(Registration, world)


def test_fails_where_the_refusal_does_not_name_the_field() -> None:
    with pytest.raises(CheckFailed, match="a text that names the card"):
        run(SilentRegistration, Library())

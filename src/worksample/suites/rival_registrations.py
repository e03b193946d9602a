"""Registrations of which only one can succeed, and a burst of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from worksample.checks import Answer, expect
from worksample.messages import message
from worksample.probes.exchange import Request
from worksample.suites.account_member import Json
from worksample.suites.account_world import AccountWorld
from worksample.suites.bursts import small_burst_size

Client = AccountWorld[Any]
#: Returns the fields of so many registrations, of which only one can succeed.
Rivals = Callable[[Client, int], list[Json]]


def same_name(world: Client, count: int) -> list[Json]:
    """Return registrations of one new name with different addresses."""
    name = world.unique_name("u")
    return [
        world.new_account(**{world.api.name: name, "email": world.new_email()})
        for _ in range(count)
    ]


def same_address(world: Client, count: int) -> list[Json]:
    """Return registrations of one new address with different names."""
    email = world.new_email()
    return [world.new_account(email=email) for _ in range(count)]


class Registrations:
    """A burst of registrations, of which one gets the `prize` (adapter of the suite of bursts)."""

    def __init__(self, world: Client, rivals: Rivals, prize: str) -> None:
        self.world, self.rivals, self.prize = world, rivals, prize

    @property
    def label(self) -> str:
        """What one of the requests does, for findings."""
        return message("one of many registers the same {prize}", prize=self.prize)

    async def prepare(self) -> None:
        """Require that registering works."""
        await self.world.sign_up()

    async def requests(self) -> list[Request]:
        """Register something new many times."""
        api = self.world.api
        return [
            self.world.request("POST", api.register, {api.member: each})
            for each in self.rivals(self.world, small_burst_size(self.world))
        ]

    async def judge(self, answers: Sequence[Answer]) -> None:
        """Expect that one of them got it."""
        for answer in answers:
            expect(answer).not_server_error(
                because=message(
                    "a taken {prize} must be refused, however many requests arrive",
                    prize=self.prize,
                )
            )
        opened = sum(200 <= answer.status < 300 for answer in answers)
        expect(opened, message("registrations that got the {prize}", prize=self.prize)).equals(1)

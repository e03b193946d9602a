"""What the answers about accounts of an `AccountWorld` may hold; adapters of the suite of leaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from worksample.checks import Answer
from worksample.suites.account_member import AccountApi
from worksample.suites.account_world import AccountWorld


@dataclass(frozen=True, slots=True)
class GeneratedSecrets:
    """The addresses and passwords that `AccountWorld` makes; no other text of a check matches.

    own_account: the operations on the own account, with or without a trailing slash.
    """

    own_account: re.Pattern[str]
    address: re.Pattern[bytes] = re.compile(rb"(?<![a-z0-9])[a-z][a-z0-9]{8}@example\.com", re.I)
    password: re.Pattern[bytes] = re.compile(rb"Aa1!p[a-z0-9]{10}")


def generated_by(api: AccountApi) -> Callable[[Any], GeneratedSecrets]:
    """Return an adapter of `leaks.PASSIVE` for a product with these operations."""
    paths = "|".join(map(re.escape, (api.register, api.login, api.own)))
    patterns = GeneratedSecrets(re.compile(rf"(?:{paths})/*"))

    def adapter(context: Any) -> GeneratedSecrets:
        return patterns

    return adapter


class AccountDisclosures:
    """The answers about the own account, from which a challenge's `Disclosures` may derive."""

    world: AccountWorld[Any]

    async def account_answers(self) -> list[tuple[str, Answer]]:
        """Return the answers about the own account, with its password."""
        account = self.world.new_account()
        registered = await self.world.register(account)
        member = await self.world.own_member()
        return [
            (account["password"], registered),
            (member.password, await self.world.log_in(member.email, member.password)),
            (member.password, await member.me()),
            (member.password, await member.change(**{self.world.api.text: "b"})),
        ]

"""Adapters of the suites about accounts."""

from __future__ import annotations

from worksample.checks import Answer, expect
from worksample.suites.account_adapters import EmailAccounts, EmailRegistration

from .world import Conduit, Json, Person


class ConduitAccounts(EmailAccounts):
    """Makes accounts, whose text is the bio."""

    product_names = ("conduit", "realworld")
    taken_name_check = "a-taken-username-is-refused-and-named"
    taken_by_change_check = "a-change-cannot-take-what-others-have"

    async def write_elsewhere(self, member: Person) -> Answer:
        """Publish an article."""
        return await member.post(member.world.article())


class ConduitRegistration(EmailRegistration):
    """Registers accounts; each has a profile."""

    world: Conduit

    async def expect_no_account(self, fields: Json, because: str) -> None:
        """Expect that there is no profile of this name."""
        shown = await self.world.visitor().view_profile(fields["username"])
        expect(shown).missing(because=because)

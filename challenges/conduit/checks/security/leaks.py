"""Leaks in responses: passwords and hashes, e-mail addresses, server internals (S3, S7)."""

from __future__ import annotations

from worksample.checks import Answer, Words
from worksample.suites import leaks
from worksample.suites.account_disclosures import AccountDisclosures, generated_by

from ..conduit_accounts import ConduitAccounts
from ..operations import LOGIN
from ..valid_requests import ConduitRequests
from ..world import Conduit


class ConduitDisclosures(AccountDisclosures):
    """Requests whose answers must not disclose anything."""

    world: Conduit
    accounts: ConduitAccounts
    catalogue: ConduitRequests
    invalid_paths = (
        "/articles?limit=x", "/articles?offset=99999999999999999999", "/nowhere", "/user",
    )  # fmt: skip

    def __init__(self, world: Conduit) -> None:
        self.world = world
        self.accounts = ConduitAccounts(world)
        self.catalogue = ConduitRequests(world)

    async def public_answers(self) -> tuple[str, list[Answer]]:
        """Return an author's address, and what a reader sees of the author."""
        author, reader = await self.world.own_member(), await self.world.own_member()
        article = await author.publish(tagList=[self.world.unique_name("tag")])
        await author.add_comment(article)
        await reader.starts_following(author)
        return author.email, [
            await reader.view_profile(author.username),
            await reader.read(article),
            await reader.list(author=author.username),
            await reader.feed(),
            await reader.comments(article),
            await reader.favorite(article),
        ]

    async def database_refusals(self) -> list[Answer]:
        """Return answers to duplicates, to NUL characters and to values that are too long."""
        owner, other = await self.world.own_member(), await self.world.own_member()
        article = await owner.publish()
        return [
            await self.world.register(self.world.new_account(username=owner.username)),
            await self.world.register(self.world.new_account(email=owner.email)),
            await other.change(username=owner.username),
            await other.change(bio="nul \0 inside"),
            await owner.post(self.world.article(title="nul \0 inside")),
            await owner.post(self.world.article(title="long " * 1000)),
            await owner.edit(article, title=None, body=None),
            await owner.comment(article, "nul \0 inside"),
            await other.follow(other.username),
        ]


CHECKS = [
    *leaks.PASSIVE.checks(
        generated_by(Conduit.api),
        clause="S3",
        stage=9,
        words={"no-answer-shows-insides": Words(clause="S7")},
    ),
    *leaks.SUITE.checks(
        ConduitDisclosures,
        clause="S7",
        stage=9,
        words={
            "others-see-no-address": Words(
                id="profiles-hold-no-address",
                title="Profiles, articles and comments never hold an e-mail address",
                why="An author object that holds the whole account row leaks every address.",
                hint="Use a separate type for profiles, instead of the account with fields "
                "removed.",
                clause="S3",
                stage=4,
            ),
            "accounts-hold-no-password": Words(clause="S3", stage=2),
            "a-login-does-not-tell-who-is-a-member": Words(
                clause="A4", operations=[LOGIN], stage=9
            ),
        },
    ),
]

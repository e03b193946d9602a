"""Tokens: forged, expired and outdated ones, and those of renamed accounts (S2, S9, S10)."""

from __future__ import annotations

from worksample.checks import Answer, Aspect, Meaning, Words, check, expect
from worksample.suites import tokens

from ..conduit_accounts import ConduitAccounts
from ..world import Conduit, Person

CITES = tokens.CITES
SKILLS = tokens.SUITE.skills
CHECKS = [
    *tokens.SUITE.checks(
        ConduitAccounts,
        clause="S2",
        stage=9,
        words={
            "tokens-of-deleted-accounts-are-refused": Words(
                why="An account is deleted for a reason; its token must not be able to publish."
            )
        },
    ),
    *tokens.LIFETIMES.checks(ConduitAccounts, clause="S9", stage=9, since="1.1"),
    *tokens.REVOCATION.checks(ConduitAccounts, clause="S10", stage=9, since="1.1"),
]


@check(
    title="A token goes on meaning the same account when somebody else takes its old name",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="If the token holds the name and somebody else registers it, one of the two gets access to "
    "the account of the other.",
    hint="Store the id of the account in the token, not its name or address.",
    cites=f"{CITES} (CWE-287)",
    skills=SKILLS,
)
async def tokens_survive_a_change_of_name(world: Conduit) -> None:
    person = await world.own_member()
    old_name, new_name = person.username, world.unique_name("n")
    expect(await person.change(username=new_name)).ok()
    await _reregister(world, username=old_name)
    seen = await _expect_still_valid(person)
    expect(seen.at("user", "username"), "the account of the token").equals(new_name)
    expect(seen.at("user", "email"), "the account of the token").equals(person.email)


@check(
    title="A token goes on meaning the same account when somebody else takes its old address",
    aspect=Aspect.SECURITY,
    stage=9,
    clause="S2",
    why="If the token holds the address and somebody else registers it, one of the two gets access "
    "to the account of the other.",
    hint="Store the id of the account in the token, not its name or address.",
    cites=f"{CITES} (CWE-287)",
    skills=SKILLS,
)
async def tokens_survive_a_change_of_address(world: Conduit) -> None:
    person = await world.own_member()
    old, new = person.email, world.new_email()
    expect(await person.change(email=new)).ok()
    await _reregister(world, email=old)
    seen = await _expect_still_valid(person)
    expect(seen.at("user", "username"), "the account of the token").equals(person.username)
    expect(seen.at("user", "email"), "the account of the token").equals(new)


async def _reregister(world: Conduit, **left: str) -> None:
    """Register another account with the name or address in `left`; a refusal is accepted too."""
    account = world.new_account(**left)
    answer = await world.register(account)
    if answer.status in world.dialect.accepts(Meaning.CREATED):
        heir = await world.owner_of(account, answer)
        seen = expect(await heir.me()).ok()
        expect(seen.at("user", "username"), "the account of the token").equals(account["username"])


async def _expect_still_valid(person: Person) -> Answer:
    because = "the token belongs to the account, which only changed its name or address"
    return expect(await person.me()).ok(because=because)

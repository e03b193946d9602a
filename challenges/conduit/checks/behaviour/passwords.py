"""Passwords: only the right one signs in, and every character counts (A3, A4, A8, A11)."""

from __future__ import annotations

from dataclasses import replace

from worksample.checks import Aspect, Words, check, expect
from worksample.suites import passwords

from ..conduit_accounts import ConduitAccounts
from ..operations import LOGIN, REGISTER, UPDATE_USER
from ..world import Conduit

SIGNING_IN = Words(clause="A4", operations=[LOGIN])
CHANGING = Words(clause="A8", operations=[UPDATE_USER, LOGIN])
LENGTH = {"length": "A11"}
CHECKS = passwords.SUITE.checks(
    ConduitAccounts,
    clause="A3",
    operations=[REGISTER, LOGIN],
    words={
        "a-wrong-password-is-refused": SIGNING_IN,
        "an-unknown-address-gets-the-same-refusal": SIGNING_IN,
        "nobody-signs-in-with-half-of-it": SIGNING_IN,
        "a-new-password-replaces-the-old-one": CHANGING,
        "every-character-of-a-password-counts": Words(rules=LENGTH),
        "every-character-of-a-changed-password-counts": replace(CHANGING, rules=LENGTH),
        "a-password-is-measured-in-characters": Words(rules=LENGTH),
        "a-password-cannot-be-changed-to-a-short-one": Words(
            clause="A7", rules={"blank": "A10", **LENGTH}, operations=[UPDATE_USER]
        ),
    },
)


@check(
    aspect=Aspect.BEHAVIOUR,
    stage=2,
    skills=passwords.SUITE.skills,
    title="After a change of address the new one signs in and the old one does not",
    clause="A8",
    why="The old address may belong to somebody else tomorrow.",
)
async def a_new_address_replaces_the_old_one(world: Conduit) -> None:
    person = await world.own_member()
    name = world.unique_name("New.")
    changed = expect(await person.change(email=f"{name}@example.com ")).ok()
    expect(changed.at("user", "username"), "the username").equals(person.username)
    for typed in (f"{name}@example.com", f"{name.lower()}@example.com"):
        answer = await world.enters(typed, person.password, because="it is the new address")
        expect(answer.at("user", "username"), "the account signed in to").equals(person.username)
    expect(await world.log_in(person.email, person.password)).refused(
        because="it is the old address"
    )

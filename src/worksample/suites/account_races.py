"""Races between requests that create or change accounts of an `AccountWorld`.

`SUITE` fits every such product; `NAMES` also asks that no two accounts have the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from worksample.checks import Answer, Aspect, Race, Suite, serializable
from worksample.checks.serializable import DOUBLE_PREEMPTIONS
from worksample.messages import message
from worksample.suites import two_instances
from worksample.suites.account_member import Json, Member
from worksample.suites.races import (
    BOTH_SUCCEED,
    CHECK_THEN_ACT,
    DATABASE_LOCK_HINT,
    LOST_UPDATE,
    ONE_SUCCEEDS,
    PARTIAL_UPDATE_HINT,
    SKILLS,
    UNIQUE_CONSTRAINT_HINT,
)
from worksample.suites.reused_accounts import ReusedAccount
from worksample.suites.rival_registrations import Client, Rivals, same_address, same_name

#: A server may end every session when the password changes: the second request then gets a 401.
REVOKED = (("done", "refused"),)


class RacingAccounts(Protocol):
    """The accounts of a product."""

    @property
    def world(self) -> Client:
        """The client of the check."""


class UniqueNames(RacingAccounts, Protocol):
    """Accounts of which no two have the same name."""

    @property
    def taken_name_check(self) -> str:
        """The id of the check that tests registering a taken name."""

    @property
    def taken_by_change_check(self) -> str:
        """The id of the check that tests changing to a taken name."""


SUITE = Suite[RacingAccounts](
    "account-races", RacingAccounts, aspect=Aspect.CONCURRENCY, skills=SKILLS, cites=CHECK_THEN_ACT
)
NAMES = Suite[UniqueNames](
    "name-races", UniqueNames, aspect=Aspect.CONCURRENCY, skills=SKILLS, cites=CHECK_THEN_ACT
)


def _two_spellings(world: Client, count: int) -> list[Json]:
    """Return two registrations of one new address, in small letters and in capitals."""
    email = world.new_email()
    return [world.new_account(email=spelt) for spelt in (email, email.upper())][:count]


async def _register_at_once(
    world: Client, rivals: Rivals, needs: str, other: Client | None = None
) -> None:
    """Expect that one of two rivals gets the account; `other` registers the second one."""

    async def new_race() -> Race:
        first, second = rivals(world, 2)
        return Race(
            first=lambda: world.register(first),
            second=lambda: (other or world).register(second),
            read_state=lambda: _count_usable(world, first, second),
        )

    await serializable(
        world,
        new_race,
        needs=needs,
        serial_outcomes=ONE_SUCCEEDS,
        interchangeable=True,
        double_preemptions=0,
    )


async def _count_usable(world: Client, *accounts: Json) -> Any:
    """Return how many of `accounts` can sign in and get the account that they registered.

    Nobody gets one whose address or name is nowhere in the database, where that of another is.
    """
    usable = 0
    for account in accounts:
        if await _is_nowhere(world, account, accounts):
            continue
        answer = await world.log_in(account["email"], account["password"])
        usable += _shown(world, answer).get(world.api.name) == account[world.api.name]
    return {"accounts": usable}


async def _is_nowhere(world: Client, account: Json, rivals: Sequence[Json]) -> bool:
    for field in ("email", world.api.name):
        if await world.is_unknown(account[field], *(each[field] for each in rivals)):
            return True
    return False


def _shown(world: Client, answer: Answer) -> Json:
    """Return the account in a successful answer, or else {}."""
    found = answer.json().get(world.api.member) if 200 <= answer.status < 300 else None
    return found if isinstance(found, dict) else {}


async def _signs_in(world: Client, account: Json, other: Member[Any]) -> bool:
    if await world.is_unknown(account["email"], other.email):
        return False
    answer = await world.log_in(account["email"], account["password"])
    return 200 <= answer.status < 300


async def _has_name(member: Member[Any], name: str) -> bool:
    return _shown(member.world, await member.me()).get(member.world.api.name) == name


@SUITE.check(
    title="Two people who register the same address at the same moment: one gets the account",
    why="Of two accounts with one address, the owner can sign in to only one.",
    hint=UNIQUE_CONSTRAINT_HINT,
    lab=True,
)
async def an_address_is_given_to_one_of_two(world: Client, accounts: RacingAccounts) -> None:
    await _register_at_once(world, same_address, "a-taken-address-is-refused-and-named")


@SUITE.check(
    title="One address in capitals and in small letters at the same moment is still one account",
    why="A phone capitalises the first letter and a browser does not: a user then has two "
    "accounts, with half of everything in each.",
    hint="Put the unique index on a normalised form, such as lower(email).",
    lab=True,
)
async def two_spellings_at_once_are_one_account(world: Client, accounts: RacingAccounts) -> None:
    await _register_at_once(world, _two_spellings, "an-address-in-other-letters-is-taken")


@SUITE.check(
    title="A password and another change of the account at the same moment are both kept",
    why="A stolen password that was just changed must not become valid again.",
    hint=PARTIAL_UPDATE_HINT,
    cites=LOST_UPDATE,
    lab=True,
)
async def a_new_password_survives_another_change(world: Client, accounts: RacingAccounts) -> None:
    async def new_race() -> Race:
        member, text, new = await world.own_member(), world.unique_name("n"), world.password()

        async def read_state() -> Any:
            entered = await world.log_in(member.email, new)
            signs_in = 200 <= entered.status < 300
            seen = entered if signs_in else await world.log_in(member.email, member.password)
            return {
                "the new password signs in": signs_in,
                message("{text} is new", text=world.api.text): _shown(world, seen).get(
                    world.api.text
                )
                == text,
            }

        return Race(
            first=lambda: member.change(password=new),
            second=lambda: member.change(**{world.api.text: text}),
            read_state=read_state,
        )

    await serializable(
        world,
        new_race,
        needs=world.api.changing_check,
        serial_outcomes=(*BOTH_SUCCEED, *REVOKED),
        double_preemptions=0,
    )


@NAMES.check(
    title="Two people who register the same name at the same moment: one gets it",
    why="Two accounts with one name are taken for each other.",
    hint=UNIQUE_CONSTRAINT_HINT,
    lab=True,
)
async def a_name_is_given_to_one_of_two(world: Client, names: UniqueNames) -> None:
    await _register_at_once(world, same_name, names.taken_name_check)


@NAMES.check(
    title="Two people who register one name at two copies of the server: one gets it",
    why="A lock in the memory of one instance has no effect in the other.",
    hint=DATABASE_LOCK_HINT,
    skills=two_instances.SUITE.skills,
    lab=True,
)
async def a_name_is_given_once_by_two_copies(world: Client, names: UniqueNames) -> None:
    other = await world.second_instance()
    await _register_at_once(world, same_name, world.api.registering_check, other)


@NAMES.check(
    title="A name that one person takes and another registers at the same moment has one owner",
    why="A user who changes the name at that moment shares it with a stranger.",
    hint=UNIQUE_CONSTRAINT_HINT,
    lab=True,
)
async def renaming_and_registering_do_not_share_a_name(world: Client, names: UniqueNames) -> None:
    renamed = ReusedAccount(world)

    async def new_race() -> Race:
        member, name = await renamed.member(), world.unique_name("u")
        account = world.new_account(**{world.api.name: name, "email": world.new_email()})

        async def read_state() -> Any:
            return {
                "the renamed account has the name": await _has_name(member, name),
                "the registered account signs in": await _signs_in(world, account, member),
            }

        return Race(
            first=lambda: member.change(**{world.api.name: name}),
            second=lambda: world.register(account),
            read_state=read_state,
        )

    await _expect_one_owner(world, new_race, names, double_preemptions=0)


@NAMES.check(
    title="Two people who change to the same name at the same moment: one gets it",
    why="A rename can take a name just as a registration can, and is often left unprotected.",
    hint=UNIQUE_CONSTRAINT_HINT,
    lab=True,
)
async def a_name_is_changed_to_by_one_of_two(world: Client, names: UniqueNames) -> None:
    first, second = ReusedAccount(world), ReusedAccount(world)

    async def new_race() -> Race:
        ann, bob, name = await first.member(), await second.member(), world.unique_name("u")

        async def read_state() -> Any:
            return {"owners of the name": sum([await _has_name(each, name) for each in (ann, bob)])}

        return Race(
            first=lambda: ann.change(**{world.api.name: name}),
            second=lambda: bob.change(**{world.api.name: name}),
            read_state=read_state,
        )

    await _expect_one_owner(world, new_race, names, interchangeable=True)


async def _expect_one_owner(
    world: Client,
    new_race: Any,
    names: UniqueNames,
    *,
    interchangeable: bool = False,
    double_preemptions: int = DOUBLE_PREEMPTIONS,
) -> None:
    await serializable(
        world,
        new_race,
        needs=names.taken_by_change_check,
        serial_outcomes=ONE_SUCCEEDS,
        interchangeable=interchangeable,
        double_preemptions=double_preemptions,
    )

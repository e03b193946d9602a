"""Races between two requests that create or change accounts (M1 with A2, A5, A7, A8)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worksample.checks import Race
from worksample.suites.races import (
    BOTH_SUCCEED,
    CHECK_THEN_ACT,
    LOST_UPDATE,
    ONE_SUCCEEDS,
    PARTIAL_UPDATE_HINT,
    UNIQUE_CONSTRAINT_HINT,
    RaceFactory,
    pair_of_writes,
)

from ..operations import REGISTER, UPDATE_USER
from ..world import CHANGING, Conduit, Person

#: A server may end every session when the password changes: the second request then gets a 401.
REVOKED = (("done", "refused"),)

race = partial(pair_of_writes, clause="M1", stage=6)


@race(
    title="Two people who register the same name at the same moment: one gets it",
    operations=(REGISTER,),
    why="Two accounts with one name see each other's articles as their own, and a profile shows "
    "either of them.",
    hint=UNIQUE_CONSTRAINT_HINT,
    cites=CHECK_THEN_ACT,
    needs="a-taken-username-is-refused-and-named",
    outcomes=ONE_SUCCEEDS,
    symmetric=True,
    double_preemptions=0,
)
async def a_name_is_given_to_one_of_two(world: Conduit) -> RaceFactory:
    async def new_race() -> Race:
        name = world.unique_name("u")
        first, second = (
            world.new_account(username=name, email=world.new_email()) for _ in range(2)
        )
        return Race(
            first=lambda: world.register(first),
            second=lambda: world.register(second),
            read_state=lambda: count_usable_accounts(world, first, second),
        )

    return new_race


@race(
    title="Two people who register the same address at the same moment: one gets the account",
    operations=(REGISTER,),
    why="Of two accounts with one address, the owner can sign in to only one.",
    hint=UNIQUE_CONSTRAINT_HINT,
    cites=CHECK_THEN_ACT,
    needs="a-taken-address-is-refused-and-named",
    outcomes=ONE_SUCCEEDS,
    symmetric=True,
    double_preemptions=0,
)
async def an_address_is_given_to_one_of_two(world: Conduit) -> RaceFactory:
    async def new_race() -> Race:
        email = world.new_email()
        first, second = (world.new_account(email=email) for _ in range(2))
        return Race(
            first=lambda: world.register(first),
            second=lambda: world.register(second),
            read_state=lambda: count_usable_accounts(world, first, second),
        )

    return new_race


@race(
    title="One address in capitals and in small letters at the same moment is still one account",
    operations=(REGISTER,),
    clause="A5",
    why="A phone capitalises the first letter and a browser does not: a user then has two "
    "accounts, with articles in both.",
    hint="Put the unique index on a normalised form, such as lower(email).",
    cites=CHECK_THEN_ACT,
    needs="an-address-in-other-letters-is-taken",
    outcomes=ONE_SUCCEEDS,
    symmetric=True,
    double_preemptions=0,
)
async def two_spellings_at_once_are_one_account(world: Conduit) -> RaceFactory:
    async def new_race() -> Race:
        email = world.new_email()
        first = world.new_account(email=email)
        second = world.new_account(email=email.upper())
        return Race(
            first=lambda: world.register(first),
            second=lambda: world.register(second),
            read_state=lambda: count_usable_accounts(world, first, second),
        )

    return new_race


@race(
    title="A name that one person takes and another registers at the same moment has one owner",
    operations=(REGISTER, UPDATE_USER),
    why="A user who changes the name at that moment shares it, and the profile, with a stranger.",
    hint=UNIQUE_CONSTRAINT_HINT,
    cites=CHECK_THEN_ACT,
    needs="a-change-cannot-take-what-others-have",
    outcomes=ONE_SUCCEEDS,
    double_preemptions=0,
)
async def renaming_and_registering_do_not_share_a_name(world: Conduit) -> RaceFactory:
    async def new_race() -> Race:
        person, name = await world.sign_up(), world.unique_name("u")
        account = world.new_account(username=name, email=world.new_email())
        return Race(
            first=lambda: person.change(username=name),
            second=lambda: world.register(account),
            read_state=lambda: find_owners(world, name, person, account),
        )

    return new_race


@race(
    title="Two people who change to the same name at the same moment: one gets it",
    operations=(UPDATE_USER,),
    why="A rename can take a name just as a registration can, and is often left unprotected.",
    hint=UNIQUE_CONSTRAINT_HINT,
    cites=CHECK_THEN_ACT,
    needs="a-change-cannot-take-what-others-have",
    outcomes=ONE_SUCCEEDS,
    symmetric=True,
)
async def a_name_is_changed_to_by_one_of_two(world: Conduit) -> RaceFactory:
    async def new_race() -> Race:
        ann, bob, name = await world.sign_up(), await world.sign_up(), world.unique_name("u")

        async def read_state() -> Any:
            owners = [await has_username(ann, name), await has_username(bob, name)]
            return {"owners of the name": sum(owners)}

        return Race(
            first=lambda: ann.change(username=name),
            second=lambda: bob.change(username=name),
            read_state=read_state,
        )

    return new_race


@race(
    title="Bio and picture changed at the same moment are both kept",
    operations=(UPDATE_USER,),
    clause="A7",
    why="The phone saves the picture while the browser saves the bio: one change is lost, although "
    "both requests were answered with 200.",
    hint=PARTIAL_UPDATE_HINT,
    cites=LOST_UPDATE,
    needs=CHANGING,
    outcomes=BOTH_SUCCEED,
    double_preemptions=0,
)
async def two_changes_of_an_account_are_both_kept(world: Conduit) -> RaceFactory:
    async def new_race() -> Race:
        person = await world.sign_up()
        bio, image = world.sentence(), f"https://example.com/{world.unique_name('i')}.png"

        async def read_state() -> Any:
            shown = (await person.me()).at("user")
            return {
                "bio is new": shown.get("bio") == bio,
                "image is new": shown.get("image") == image,
            }

        return Race(
            first=lambda: person.change(bio=bio),
            second=lambda: person.change(image=image),
            read_state=read_state,
        )

    return new_race


@race(
    title="A password and a bio changed at the same moment are both kept",
    operations=(UPDATE_USER,),
    clause="A8",
    why="A stolen password that was just changed must not become valid again.",
    hint=PARTIAL_UPDATE_HINT,
    cites=LOST_UPDATE,
    needs=CHANGING,
    outcomes=(*BOTH_SUCCEED, *REVOKED),
    double_preemptions=0,
)
async def a_new_password_survives_another_change(world: Conduit) -> RaceFactory:
    async def new_race() -> Race:
        person = await world.sign_up()
        password, bio = world.password(), world.sentence()

        async def read_state() -> Any:
            entered = await world.log_in(person.email, password)
            shown = await world.visitor().view_profile(person.username)
            return {
                "the new password signs in": 200 <= entered.status < 300,
                "bio is new": shown.at("profile", "bio") == bio,
            }

        return Race(
            first=lambda: person.change(password=password),
            second=lambda: person.change(bio=bio),
            read_state=read_state,
        )

    return new_race


async def count_usable_accounts(world: Conduit, *accounts: dict[str, Any]) -> Any:
    """Return how many of `accounts` can sign in and get the account that they registered."""
    usable = []
    for account in accounts:
        answer = await world.log_in(account["email"], account["password"])
        user = answer.json().get("user") if 200 <= answer.status < 300 else None
        usable.append(isinstance(user, dict) and user.get("username") == account["username"])
    return {"accounts": sum(usable)}


async def find_owners(world: Conduit, name: str, person: Person, account: dict[str, Any]) -> Any:
    """Return which of the two owns `name`: the renamed `person` or the registered `account`."""
    answer = await world.log_in(account["email"], account["password"])
    return {
        "the renamed account has the name": await has_username(person, name),
        "the registered account signs in": 200 <= answer.status < 300,
    }


async def has_username(person: Person, name: str) -> bool:
    """Return whether the account of `person` has that name."""
    answer = await person.me()
    user = answer.json().get("user") if 200 <= answer.status < 300 else None
    return isinstance(user, dict) and user.get("username") == name

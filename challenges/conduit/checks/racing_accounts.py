"""Accounts when two people act at the same moment (M1 with A2, A5, A7, A8)."""

from __future__ import annotations

from typing import Any

from worksample.checks import Aspect, Race, check, either_order

from .world import CHANGING, Conduit, Person

SKILLS = ("concurrency", "relational-databases", "data-modeling")
ONE_OF_TWO = (("done", "refused"),)
BOTH = (("done", "done"),)
UNIQUE = (
    "Looking whether the name is free and then taking it leaves a moment in between. Let a unique "
    "constraint decide, and turn its violation into the refusal."
)
ONLY_WHAT_WAS_SENT = (
    "Loading the whole row, changing a field and storing the whole row writes old values over what "
    "came in between: update the columns that were sent, and no others."
)


@check(
    title="Two people who register the same name at the same moment: one gets it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Two accounts of one name: each sees the other's articles as their own, and signing in, "
    "mentions and profiles mean whichever comes first.",
    hint=UNIQUE,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def a_name_is_given_to_one_of_two(world: Conduit) -> None:
    async def scene() -> Race:
        name = world.word("u")
        first, second = (world.new_account(username=name, email=world.address()) for _ in range(2))
        return Race(
            first=lambda: world.register(first),
            second=lambda: world.register(second),
            look=lambda: accounts_that_open(world, first, second),
        )

    await either_order(
        world,
        scene,
        needs="a-taken-username-is-refused-and-named",
        serially=ONE_OF_TWO,
        symmetric=True,
        pairs=0,
    )


@check(
    title="Two people who register the same address at the same moment: one gets the account",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Two accounts with one address: the owner of the address signs into one of them, and the "
    "other belongs to nobody who could be told of it.",
    hint=UNIQUE,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def an_address_is_given_to_one_of_two(world: Conduit) -> None:
    async def scene() -> Race:
        email = world.address()
        first, second = (world.new_account(email=spelt) for spelt in (email, email))
        return Race(
            first=lambda: world.register(first),
            second=lambda: world.register(second),
            look=lambda: accounts_that_open(world, first, second),
        )

    await either_order(
        world,
        scene,
        needs="a-taken-address-is-refused-and-named",
        serially=ONE_OF_TWO,
        symmetric=True,
        pairs=0,
    )


@check(
    title="One address in capitals and in small letters at the same moment is still one account",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="A5",
    why="A phone writes the first letter large and a browser does not: whoever taps twice has two "
    "accounts, and their articles in either.",
    hint="The unique index has to be on what two spellings have in common, such as lower(email).",
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def two_spellings_at_once_are_one_account(world: Conduit) -> None:
    async def scene() -> Race:
        email = world.address()
        first = world.new_account(email=email)
        second = world.new_account(email=email.upper())
        return Race(
            first=lambda: world.register(first),
            second=lambda: world.register(second),
            look=lambda: accounts_that_open(world, first, second),
        )

    await either_order(
        world,
        scene,
        needs="an-address-in-other-letters-is-taken",
        serially=ONE_OF_TWO,
        symmetric=True,
        pairs=0,
    )


@check(
    title="A name that one person takes and another registers at the same moment has one owner",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Whoever renames themselves just then shares their name, and all that hangs on it, with a "
    "stranger.",
    hint=UNIQUE,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def renaming_and_registering_do_not_share_a_name(world: Conduit) -> None:
    async def scene() -> Race:
        person, name = await world.sign_up(), world.word("u")
        account = world.new_account(username=name, email=world.address())
        return Race(
            first=lambda: person.change(username=name),
            second=lambda: world.register(account),
            look=lambda: owners_of(world, name, person, account),
        )

    await either_order(
        world, scene, needs="a-change-cannot-take-what-others-have", serially=ONE_OF_TWO, pairs=0
    )


@check(
    title="Two people who change to the same name at the same moment: one gets it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A rename is as good a way to a taken name as registering, and is forgotten more often.",
    hint=UNIQUE,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def a_name_is_changed_to_by_one_of_two(world: Conduit) -> None:
    async def scene() -> Race:
        ann, bob, name = await world.sign_up(), await world.sign_up(), world.word("u")

        async def look() -> Any:
            owners = [await is_called(ann, name), await is_called(bob, name)]
            return {"who have the name now": sum(owners)}

        return Race(
            first=lambda: ann.change(username=name),
            second=lambda: bob.change(username=name),
            look=look,
        )

    await either_order(
        world,
        scene,
        needs="a-change-cannot-take-what-others-have",
        serially=ONE_OF_TWO,
        symmetric=True,
    )


@check(
    title="Bio and picture changed at the same moment are both kept",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="A7",
    why="The phone saves the picture while the browser saves the text: one of them is silently "
    "gone, although both said that it was stored.",
    hint=ONLY_WHAT_WAS_SENT,
    cites="lost update: Berenson et al. 1995, A Critique of ANSI SQL Isolation Levels, P4",
    skills=SKILLS,
    lab=True,
)
async def two_changes_of_an_account_are_both_kept(world: Conduit) -> None:
    async def scene() -> Race:
        person = await world.sign_up()
        bio, image = world.sentence(), f"https://example.com/{world.word('i')}.png"

        async def look() -> Any:
            shown = (await person.me()).at("user")
            return {
                "bio is new": shown.get("bio") == bio,
                "image is new": shown.get("image") == image,
            }

        return Race(
            first=lambda: person.change(bio=bio),
            second=lambda: person.change(image=image),
            look=look,
        )

    await either_order(world, scene, needs=CHANGING, serially=BOTH, pairs=0)


@check(
    title="A password and a bio changed at the same moment are both kept",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="A8",
    why="Somebody who has just changed a stolen password must not find it back in force.",
    hint=ONLY_WHAT_WAS_SENT,
    cites="lost update: Berenson et al. 1995, A Critique of ANSI SQL Isolation Levels, P4",
    skills=SKILLS,
    lab=True,
)
async def a_new_password_survives_another_change(world: Conduit) -> None:
    async def scene() -> Race:
        person = await world.sign_up()
        password, bio = world.password(), world.sentence()

        async def look() -> Any:
            entered = await world.log_in(person.email, password)
            shown = await world.visitor().look_at(person.username)
            return {
                "the new password signs in": 200 <= entered.status < 300,
                "bio is new": shown.at("profile", "bio") == bio,
            }

        return Race(
            first=lambda: person.change(password=password),
            second=lambda: person.change(bio=bio),
            look=look,
        )

    # A server may end every session with the old password: who comes second is then a stranger.
    revoked = (("done", "refused"),)
    await either_order(world, scene, needs=CHANGING, serially=(*BOTH, *revoked), pairs=0)


async def accounts_that_open(world: Conduit, *accounts: dict[str, Any]) -> Any:
    """Say how many of these accounts their owners get into, each as the one that they opened."""
    opened = []
    for account in accounts:
        answer = await world.log_in(account["email"], account["password"])
        user = answer.json().get("user") if 200 <= answer.status < 300 else None
        opened.append(isinstance(user, dict) and user.get("username") == account["username"])
    return {"accounts that open": sum(opened)}


async def owners_of(world: Conduit, name: str, person: Person, account: dict[str, Any]) -> Any:
    """Say which of the two the name belongs to."""
    answer = await world.log_in(account["email"], account["password"])
    return {
        "the one who renamed": await is_called(person, name),
        "the one who registered": 200 <= answer.status < 300,
    }


async def is_called(person: Person, name: str) -> bool:
    """Whether the account of `person` has that name now."""
    answer = await person.me()
    user = answer.json().get("user") if 200 <= answer.status < 300 else None
    return isinstance(user, dict) and user.get("username") == name

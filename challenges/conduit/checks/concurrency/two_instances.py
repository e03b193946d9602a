"""Two instances of the server on one database behave like one server (M2)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Aspect, Meaning, Race, check, expect, precondition
from worksample.suites.races import (
    BOTH_SUCCEED,
    DATABASE_LOCK_HINT,
    RaceFactory,
    pair_of_writes,
)
from worksample.suites.two_instances import SHARED_STATE_HINT, SUITE, TWELVE_FACTOR

from ..operations import PUBLISH
from ..world import CHANGING, PUBLISHING, Conduit
from .article_races import published_as_sent
from .instances import ConduitShared

CHECKS = SUITE.checks(ConduitShared, clause="M2", stage=6)
race = partial(
    pair_of_writes,
    clause="M2",
    stage=6,
    hint=DATABASE_LOCK_HINT,
    skills=SUITE.skills,
    across_instances=True,
    symmetric=True,
)


@check(
    title="A changed account is changed at both copies of the server",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="A stolen password that was changed still opens the account at an instance with a stale "
    "cache.",
    hint=SHARED_STATE_HINT,
    cites=TWELVE_FACTOR,
    skills=SUITE.skills,
    lab=True,
)
async def a_changed_account_is_changed_at_both_copies(world: Conduit) -> None:
    other = await world.second_instance()
    person = await world.sign_up()
    expect(await other.log_in(person.email, person.password)).ok()
    expect(await other.client_of(person).me()).ok()
    password, bio = world.password(), world.sentence()
    precondition(await person.change(password=password, bio=bio), Meaning.OK, needs=CHANGING)
    expect(await other.log_in(person.email, person.password)).bad_login(
        because="the password was changed through the other instance"
    )
    entered = expect(await other.log_in(person.email, password)).ok()
    expect(entered.at("user", "bio"), "the bio at the other instance").equals(bio)
    shown = expect(await other.visitor().view_profile(person.username)).ok()
    expect(shown.at("profile", "bio"), "the bio on the profile at the other instance").equals(bio)


@race(
    title="Two articles of one title, published at two copies of the server, get an address each",
    operations=(PUBLISH,),
    why="Numbers that each instance counts up in its own memory are assigned twice.",
    cites=TWELVE_FACTOR,
    needs=PUBLISHING,
    outcomes=BOTH_SUCCEED,
)
async def one_title_at_two_copies_gets_two_addresses(world: Conduit, other: Conduit) -> RaceFactory:
    ann, bob = await world.sign_up(), other.client_of(await world.sign_up())

    async def new_race() -> Race:
        title = f"Sunday {world.unique_name('t')}"
        first, second = world.article(title=title), world.article(title=title)

        async def read_state() -> object:
            return {
                "articles of A": await published_as_sent(ann, first),
                "articles of B": await published_as_sent(bob, second),
            }

        return Race(
            first=lambda: ann.post(first), second=lambda: bob.post(second), read_state=read_state
        )

    return new_race

"""Two instances of the server on one database behave like one server (M2)."""

from __future__ import annotations

from worksample.checks import Aspect, Meaning, Race, check, expect, precondition, serializable

from .account_races import BOTH_SUCCEED, ONE_SUCCEEDS, count_usable_accounts
from .article_races import published_as_sent
from .favourite_races import favourite_state
from .world import (
    CHANGING,
    DELETING,
    LIKING,
    PUBLISHING,
    REGISTERING,
    Article,
    Conduit,
    Person,
)

SKILLS = ("concurrency", "distributed-systems", "relational-databases")
SHARED_STATE_HINT = (
    "State in the memory of one instance is unknown to the other: keep it in the database."
)
DATABASE_LOCK_HINT = (
    "A lock in memory excludes the threads of one process only. Use a lock or constraint of the "
    "database: a unique constraint, a row lock."
)
TWELVE_FACTOR = "The Twelve-Factor App VI: processes are stateless and share nothing"


@check(
    title="Whoever signed in at one copy of the server is signed in at the other",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="Behind a load balancer every second click asks for the password again.",
    hint="Use the same signing key in all instances, or keep sessions in the database.",
    cites=TWELVE_FACTOR,
    skills=SKILLS,
    lab=True,
)
async def a_token_is_good_at_both_copies(world: Conduit) -> None:
    other = await world.second_instance()
    person = await world.sign_up()
    expect(await at_instance(other, person).me()).ok(because="the other instance issued the token")
    returning = await other.sign_in(person.email, person.password)
    expect(await at_instance(world, returning).me()).ok(
        because="the other instance issued the token"
    )


@check(
    title="What one copy of the server stores, the other shows at once",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="After saving, one reload shows the old text and the next one the new text: no one trusts "
    "such a service.",
    hint=SHARED_STATE_HINT,
    cites=TWELVE_FACTOR,
    skills=SKILLS,
    lab=True,
)
async def what_one_copy_stores_the_other_shows(world: Conduit) -> None:
    other = await world.second_instance()
    author = await world.sign_up()
    reader = at_instance(other, await world.sign_up())
    article = await author.publish(tagList=[world.unique_name("tag")])
    for _ in range(2):
        await _expect_same(author, reader, article)
    article = await author.edits(article, body=world.sentence(), description=world.sentence())
    await _expect_same(author, reader, article)
    await reader.likes(article)
    await _expect_same(author, reader, article)
    precondition(await author.delete(article), Meaning.DELETED, needs=DELETING)
    expect(await reader.read(article)).missing(because="it was deleted through the other instance")
    listed = expect(await reader.list(author=author.username)).ok()
    expect(listed.at("articlesCount"), "articlesCount").equals(0)


@check(
    title="A changed account is changed at both copies of the server",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="A stolen password that was changed still opens the account at an instance with a stale "
    "cache.",
    hint=SHARED_STATE_HINT,
    cites=TWELVE_FACTOR,
    skills=SKILLS,
    lab=True,
)
async def a_changed_account_is_changed_at_both_copies(world: Conduit) -> None:
    other = await world.second_instance()
    person = await world.sign_up()
    expect(await other.log_in(person.email, person.password)).ok()
    expect(await at_instance(other, person).me()).ok()
    password, bio = world.password(), world.sentence()
    precondition(await person.change(password=password, bio=bio), Meaning.OK, needs=CHANGING)
    expect(await other.log_in(person.email, person.password)).bad_login(
        because="the password was changed through the other instance"
    )
    entered = expect(await other.log_in(person.email, password)).ok()
    expect(entered.at("user", "bio"), "the bio at the other instance").equals(bio)
    shown = expect(await other.visitor().view_profile(person.username)).ok()
    expect(shown.at("profile", "bio"), "the bio on the profile at the other instance").equals(bio)


@check(
    title="Two people who register one name at two copies of the server: one gets it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="A lock in the memory of one instance has no effect in the other.",
    hint=DATABASE_LOCK_HINT,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def a_name_is_given_once_by_two_copies(world: Conduit) -> None:
    other = await world.second_instance()

    async def new_race() -> Race:
        name = world.unique_name("u")
        first, second = (world.new_account(username=name, email=world.new_email()) for _ in "ab")
        return Race(
            first=lambda: world.register(first),
            second=lambda: other.register(second),
            read_state=lambda: count_usable_accounts(world, first, second),
        )

    await serializable(
        world,
        new_race,
        needs=REGISTERING,
        serial_outcomes=ONE_SUCCEEDS,
        symmetric=True,
        double_preemptions=0,
    )


@check(
    title="Two articles of one title, published at two copies of the server, get an address each",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="Numbers that each instance counts up in its own memory are assigned twice.",
    hint=DATABASE_LOCK_HINT,
    cites=TWELVE_FACTOR,
    skills=SKILLS,
    lab=True,
)
async def one_title_at_two_copies_gets_two_addresses(world: Conduit) -> None:
    other = await world.second_instance()
    ann, bob = await world.sign_up(), at_instance(other, await world.sign_up())

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

    await serializable(
        world, new_race, needs=PUBLISHING, serial_outcomes=BOTH_SUCCEED, symmetric=True
    )


@check(
    title="Hearts that are tapped at two copies of the server at the same moment all count",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="A counter that each instance keeps for itself is wrong in both.",
    hint=DATABASE_LOCK_HINT,
    cites=TWELVE_FACTOR,
    skills=SKILLS,
    lab=True,
)
async def marks_at_two_copies_all_count(world: Conduit) -> None:
    other = await world.second_instance()
    author, ann = await world.sign_up(), await world.sign_up()
    bob = at_instance(other, await world.sign_up())

    async def new_race() -> Race:
        article = await author.publish()
        return Race(
            first=lambda: ann.favorite(article),
            second=lambda: bob.favorite(article),
            read_state=lambda: favourite_state(article, ann, bob),
        )

    await serializable(world, new_race, needs=LIKING, serial_outcomes=BOTH_SUCCEED, symmetric=True)


def at_instance(other: Conduit, person: Person) -> Person:
    """Return the same person as a client of the instance `other`."""
    return Person(
        other, person.username, person.token, email=person.email, password=person.password
    )


async def _expect_same(author: Person, reader: Person, article: Article) -> None:
    """Expect that `reader`, at the other instance, gets the same article as `author`."""
    mine, theirs = await author.sees(article), await reader.sees(article)
    for name in ("title", "description", "body", "tagList", "updatedAt", "favoritesCount"):
        expect(theirs.get(name), f"{name} at the other instance").equals(mine.get(name))
    listed = expect(await reader.list(author=author.username)).ok()
    shown = listed.each("articles", "description")
    expect(shown, "descriptions in the list at the other instance").equals(
        [mine.get("description")]
    )

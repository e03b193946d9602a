"""Two copies of the server on one database: nobody may notice which one answers (M2)."""

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
    "What a copy keeps in its own memory, the other does not know: keep it in the database."
)
DATABASE_LOCK_HINT = (
    "A lock in memory keeps out the threads of one process and nobody else. Let the database "
    "decide: a unique constraint, a row lock."
)
TWELVE_FACTOR = "The Twelve-Factor App VI: processes are stateless and share nothing"


@check(
    title="Whoever signed in at one copy of the server is signed in at the other",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="Behind a load balancer every second click would ask for the password again.",
    hint="Both have to sign and check tokens with one key, or to keep sessions in the database.",
    cites=TWELVE_FACTOR,
    skills=SKILLS,
    lab=True,
)
async def a_token_is_good_at_both_copies(world: Conduit) -> None:
    other = await world.second_instance()
    person = await world.sign_up()
    expect(await at_instance(other, person).me()).ok(
        because="the token was given by the other copy"
    )
    returning = await other.sign_in(person.email, person.password)
    expect(await at_instance(world, returning).me()).ok(
        because="the token was given by the other copy"
    )


@check(
    title="What one copy of the server stores, the other shows at once",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="Saved, reloaded, and the old text is back; reloaded again, and the new one is there: "
    "nobody trusts such a service with their words.",
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
    expect(await reader.read(article)).missing(because="the other copy has deleted it")
    listed = expect(await reader.list(author=author.username)).ok()
    expect(listed.at("articlesCount"), "articlesCount").equals(0)


@check(
    title="A changed account is changed at both copies of the server",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="A password that was changed because it was stolen goes on opening the account at every "
    "copy that has not heard of it.",
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
        because="the password was changed at the other copy"
    )
    entered = expect(await other.log_in(person.email, password)).ok()
    expect(entered.at("user", "bio"), "the bio at the other copy").equals(bio)
    shown = expect(await other.visitor().view_profile(person.username)).ok()
    expect(shown.at("profile", "bio"), "the bio on the profile at the other copy").equals(bio)


@check(
    title="Two people who register one name at two copies of the server: one gets it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M2",
    why="A lock that one copy keeps in its memory stops nobody at the other.",
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
    why="Numbers and names that a copy counts up in its memory are given out twice by two of them.",
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
                "of A": await published_as_sent(ann, first),
                "of B": await published_as_sent(bob, second),
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
    why="A count that each copy keeps for itself is right at neither.",
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
    """Return the same person, asking the other copy of the server."""
    return Person(
        other, person.username, person.token, email=person.email, password=person.password
    )


async def _expect_same(author: Person, reader: Person, article: Article) -> None:
    """Expect that the reader, at the other copy, sees the article as its author does."""
    mine, theirs = await author.sees(article), await reader.sees(article)
    for name in ("title", "description", "body", "tagList", "updatedAt", "favoritesCount"):
        expect(theirs.get(name), f"{name} at the other copy").equals(mine.get(name))
    listed = expect(await reader.list(author=author.username)).ok()
    shown = listed.each("articles", "description")
    expect(shown, "descriptions in the list at the other copy").equals([mine.get("description")])

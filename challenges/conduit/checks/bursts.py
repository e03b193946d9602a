"""Bursts: up to 48 requests that start at the same moment (M1).

They complement the interleaving searches in the `*_races` modules: they also find races that do not
pass the database connection, such as races in memory, and they work on a server that Worksample did
not start.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from worksample.checks import Answer, Aspect, check, expect
from worksample.probes.burst import bursts_needed, probability_lower_bound

from .account_races import SKILLS, UNIQUE_CONSTRAINT_HINT
from .article_races import SLUG_HINT
from .favourite_races import COUNTER_HINT
from .world import Article, Conduit, Person

# Measured in 2026-10 with PostgreSQL: 49 of 50 bursts of this size find a read-then-write race.
BURSTS = bursts_needed(probability_lower_bound(49, 50))
ACCOUNTS = 8
BURST_SIZE = 48
# Fewer, because each registration hashes a password.
REGISTRATIONS = 16


@check(
    title="When a crowd registers one name at the same moment, one gets it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="On launch day many people want the same name; a name with two owners identifies neither.",
    hint=UNIQUE_CONSTRAINT_HINT,
    cites="CWE-367 time-of-check time-of-use race condition",
    skills=SKILLS,
    lab=True,
)
async def a_name_is_given_to_one_of_a_crowd(world: Conduit) -> None:
    await world.sign_up()
    for _ in range(BURSTS):
        name = world.unique_name("u")
        accounts = [
            world.new_account(username=name, email=world.new_email()) for _ in range(REGISTRATIONS)
        ]
        requests = [world.request("POST", "/users", {"user": account}) for account in accounts]
        answers = await world.send_concurrently(requests, "one of many registers the same name")
        for answer in answers:
            expect(answer).not_server_error(
                because="a taken name must be refused, however many requests arrive"
            )
        opened = sum(200 <= answer.status < 300 for answer in answers)
        expect(opened, "registrations that got the name").equals(1)


@check(
    title="When fifty hearts come at the same moment, every person counts once",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="The most popular article is the one whose count goes wrong.",
    hint=COUNTER_HINT,
    skills=SKILLS,
    lab=True,
)
async def the_hearts_of_a_crowd_are_counted(world: Conduit) -> None:
    author, *people = await sign_up_accounts(world)
    for _ in range(BURSTS):
        article = await author.publish()
        hearts = [
            world.request("POST", f"{article.path}/favorite", token=person.token)
            for person in people * (BURST_SIZE // len(people))
        ]
        for answer in await world.send_concurrently(hearts, "one of many marks the article"):
            expect(answer).not_server_error()
        shown = await author.sees(article)
        expect(shown.get("favoritesCount"), "favoritesCount").equals(len(people))


@check(
    title="When hearts are set and taken back in a crowd, the count is that of those who are left",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="F2",
    why="A counter that drifts by one a day never becomes right again.",
    hint=COUNTER_HINT,
    skills=SKILLS,
    lab=True,
)
async def hearts_that_come_and_go_add_up(world: Conduit) -> None:
    author, *people = await sign_up_accounts(world)
    article = await author.publish()
    for _ in range(BURSTS):
        taps = [
            world.request(method, f"{article.path}/favorite", token=person.token)
            for person in people
            for method in ("POST", "DELETE", "POST")
        ]
        for answer in await world.send_concurrently(
            taps, "one of many sets or removes a favourite"
        ):
            expect(answer).not_server_error()
        seen = [await person.sees(article) for person in people]
        favorited = sum(each.get("favorited") is True for each in seen)
        for each in seen:
            expect(each.get("favoritesCount"), "favoritesCount").equals(
                favorited, because="that many accounts get `favorited: true`"
            )


@check(
    title="When fifty comments come at the same moment, all are there, each with its own number",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Ids computed by hand (max + 1) are assigned twice: a comment is lost, or deleting it "
    "deletes someone else's.",
    hint="Let the database assign ids: an identity column or a sequence.",
    skills=SKILLS,
    lab=True,
)
async def the_comments_of_a_crowd_are_all_there(world: Conduit) -> None:
    author, *people = await sign_up_accounts(world)
    for _ in range(BURSTS):
        await _burst_of_comments(world, author, people)


async def _burst_of_comments(world: Conduit, author: Person, people: list[Person]) -> None:
    article = await author.publish()
    texts = [f"{world.sentence()} ({number})" for number in range(BURST_SIZE)]
    requests = [
        world.request(
            "POST",
            f"{article.path}/comments",
            {"comment": {"body": text}},
            token=people[number % len(people)].token,
        )
        for number, text in enumerate(texts)
    ]
    answers = await world.send_concurrently(requests, "one of many comments")
    for answer in answers:
        expect(answer).created(because="every comment must be stored, however many arrive")
    listed = expect(await author.comments(article)).ok()
    expect(sorted(map(str, listed.each("comments", "body"))), "the comments").equals(sorted(texts))
    ids = Counter(str(answer.at("comment", "id")) for answer in answers)
    expect(max(ids.values()), "comments per `id`").equals(1)


@check(
    title="When fifty articles of one title come at the same moment, each has its own address",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="After a big event many people publish under the same title: texts are lost or shown under "
    "other names.",
    hint=SLUG_HINT,
    skills=SKILLS,
    lab=True,
)
async def the_articles_of_a_crowd_have_their_own_address(world: Conduit) -> None:
    people = await sign_up_accounts(world)
    for _ in range(BURSTS):
        await _burst_of_articles(world, people)


async def _burst_of_articles(world: Conduit, people: list[Person]) -> None:
    title = f"The morning after {world.unique_name('t')}"
    sent = [world.article(title=title) for _ in range(BURST_SIZE // 2)]
    owners = [people[number % len(people)] for number in range(len(sent))]
    requests = [
        world.request("POST", "/articles", {"article": article}, token=owner.token)
        for article, owner in zip(sent, owners, strict=True)
    ]
    answers = await world.send_concurrently(requests, "one of many publishes")
    for answer in answers:
        expect(answer).created(because="an article with a taken title must get a slug of its own")
    slugs = Counter(str(answer.at("article", "slug")) for answer in answers)
    expect(max(slugs.values()), "articles per `slug`").equals(1)
    for answer, article in zip(answers, sent, strict=True):
        await _expect_body_at_address(people[0], answer, article["body"])


async def sign_up_accounts(world: Conduit) -> list[Person]:
    """Sign up several accounts concurrently."""
    return list(await asyncio.gather(*(world.sign_up() for _ in range(ACCOUNTS))))


async def _expect_body_at_address(reader: Person, answer: Answer, body: str) -> None:
    found = await reader.read(Article(str(answer.at("article", "slug")), {}, {}))
    expect(found).ok()
    expect(found.at("article", "body"), "the body at this slug").equals(body)

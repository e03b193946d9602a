"""Crowds: fifty at the same moment, as when an article is read out on the radio (M1).

The second witness: it also sees what does not pass the wire, a race in memory for one, and it is
all that can be asked of a server that somebody else started.
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

# Found in 49 of 50 bursts of this size (facts of 2026-10, PostgreSQL, read then write).
BURSTS = bursts_needed(probability_lower_bound(49, 50))
ACCOUNTS = 8
BURST_SIZE = 48
# Each costs a password's hash.
REGISTRATIONS = 16


@check(
    title="When a crowd registers one name at the same moment, one gets it",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="A popular name on the day of the opening: every second owner is one too many.",
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
        answers = await world.send_concurrently(requests, "one of many registers one name")
        for answer in answers:
            expect(answer).not_server_error(because="a taken name is refused, however many ask")
        opened = sum(200 <= answer.status < 300 for answer in answers)
        expect(opened, "how many got the name").equals(1)


@check(
    title="When fifty hearts come at the same moment, every person counts once",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="The article of the day is the one whose count goes wrong.",
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
    why="A counter that drifts by one a day is wrong for ever after a week.",
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
        for answer in await world.send_concurrently(taps, "one of many taps the heart"):
            expect(answer).not_server_error()
        seen = [await person.sees(article) for person in people]
        left = sum(each.get("favorited") is True for each in seen)
        for each in seen:
            expect(each.get("favoritesCount"), "favoritesCount").equals(
                left, because="so many see that they have marked it"
            )


@check(
    title="When fifty comments come at the same moment, all are there, each with its own number",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Numbers that are counted up by hand (max + 1) are given twice: a comment is lost, or "
    "deleting it deletes somebody else's.",
    hint="Let the database number them: an identity column, a sequence.",
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
        expect(answer).created(because="every comment is kept, however many come")
    listed = expect(await author.comments(article)).ok()
    expect(sorted(map(str, listed.each("comments", "body"))), "the comments").equals(sorted(texts))
    numbers = Counter(str(answer.at("comment", "id")) for answer in answers)
    expect(max(numbers.values()), "how often a number was given").equals(1)


@check(
    title="When fifty articles of one title come at the same moment, each has its own address",
    aspect=Aspect.CONCURRENCY,
    stage=6,
    clause="M1",
    why="Everybody writes on the morning after: texts are lost, or shown under others' names.",
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
        expect(answer).created(because="every title gets an address, also one that is taken")
    slugs = Counter(str(answer.at("article", "slug")) for answer in answers)
    expect(max(slugs.values()), "how often an address was given").equals(1)
    for answer, article in zip(answers, sent, strict=True):
        await _expect_body_at_address(people[0], answer, article["body"])


async def sign_up_accounts(world: Conduit) -> list[Person]:
    """Return a few people, signed up side by side."""
    return list(await asyncio.gather(*(world.sign_up() for _ in range(ACCOUNTS))))


async def _expect_body_at_address(reader: Person, answer: Answer, body: str) -> None:
    found = await reader.read(Article(str(answer.at("article", "slug")), {}, {}))
    expect(found).ok()
    expect(found.at("article", "body"), "the text at its address").equals(body)

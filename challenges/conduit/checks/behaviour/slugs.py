"""Slugs: every title gets a unique one that is safe in a URL (R2)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from worksample.checks import Aspect, check, expect
from worksample.messages import message

from ..world import Article, Conduit, Person

SKILLS = ("rest", "api-design", "relational-databases")

# The ASCII characters that RFC 3986 (3.3) allows in a path segment without encoding. Letters of
# other scripts are allowed too: browsers encode them, and show them decoded.
_SEGMENT_CHARACTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@"
)
ALPHABETS = ("春夏秋冬山水木金土日月火", "ابتثجحخدذرزس", "абвгдежзиклмн", "कखगघचछजझटठ", "אבגדהוזחט")


def is_url_safe(slug: Any) -> bool:
    """Return whether `slug` is a string that can be one path segment of a URL without encoding."""
    if not isinstance(slug, str) or slug in ("", ".", ".."):
        return False
    return all(c in _SEGMENT_CHARACTERS or (not c.isascii() and c.isprintable()) for c in slug)


def random_text(world: Conduit, alphabet: str) -> str:
    """Return seven random characters of `alphabet`."""
    return "".join(world.rng.choices(alphabet, k=7))


async def _publish_and_expect_found(
    world: Conduit, author: Person, titles: Iterable[str]
) -> list[Article]:
    """Publish an article for each of `titles`; expect to find each at its slug, and return them."""
    articles = [await _publish(world, author, title) for title in titles]
    await expect_found(author, articles)
    return articles


async def _publish(world: Conduit, author: Person, title: str) -> Article:
    sent = world.article(title=title)
    answer = expect(await author.post(sent)).created(because="every title gets a slug")
    slug = answer.at("article", "slug")
    expect(slug, "the slug").satisfies(is_url_safe, "a string that is safe in a URL")
    return Article(str(slug), sent, answer.at("article"))


async def expect_found(reader: Person, articles: list[Article]) -> None:
    """Expect that `reader` finds each of `articles`, and no other one, at its slug."""
    for article in articles:
        seen = expect(await reader.read(article)).ok(
            because="the article must be found at its slug"
        )
        for field in ("title", "body"):
            expect(
                seen.at("article", field),
                message("{field} at {slug}", field=field, slug=article.slug),
            ).equals(article.sent[field], because="a slug belongs to one article")


story = partial(check, aspect=Aspect.BEHAVIOUR, stage=3, clause="R2", skills=SKILLS)


@story(
    title="A title in any script gets a slug",
    why="A slug that keeps only a to z is empty for most scripts: the second article collides with "
    "the first, or has no URL at all.",
    hint="When the slug would be empty, use a fallback, such as a random word or the id.",
)
async def a_title_in_any_script_gets_a_slug(world: Conduit) -> None:
    author = await world.sign_up()
    titles = [random_text(world, alphabet) for alphabet in ALPHABETS for _ in range(2)]
    await _publish_and_expect_found(world, author, titles)


@story(
    title="A title without a single letter gets a slug",
    why="An article with an empty slug has the URL of the list: nobody can read, edit or delete "
    "it.",
    hint="When the slug would be empty, use a fallback, such as a random word or the id.",
)
async def a_title_without_letters_gets_a_slug(world: Conduit) -> None:
    author = await world.sign_up()
    titles = [
        random_text(world, "🎉🐘🌧🍋🚲🎈🦉🍞"),
        random_text(world, "🎉🐘🌧🍋🚲🎈🦉🍞"),
        "---",
        ".",
        "..",
        "_",
    ]
    await _publish_and_expect_found(
        world, author, [*titles, random_text(world, "?!…¿¡—"), "???", "🎉"]
    )


@story(
    title="A title with every sign of a URL in it gets a slug that is safe",
    why="A slash, a question mark or a percent sign in a slug makes the URL mean something else.",
    cites="RFC 3986 3.3",
)
async def a_slug_is_safe_in_a_url(world: Conduit) -> None:
    author = await world.sign_up()
    signs = (
        "/",
        "?",
        "#",
        "%",
        "&",
        "+",
        "\\",
        '"',
        "'",
        "<b>",
        "../",
        "%2F",
        "{}",
        ":",
        "\t",
        "|",
    )
    await _publish_and_expect_found(
        world, author, [f"{world.unique_name()}{sign}and {sign}so" for sign in signs]
    )


@story(
    title="A title that the same person used before gets a slug of its own",
    why="“Weekly notes” comes every week. If the second one is refused, or overwrites the first, "
    "people stop writing it.",
)
async def a_title_used_before_gets_its_own_slug(world: Conduit) -> None:
    author, title = await world.sign_up(), f"Weekly {world.unique_name()}"
    await _publish_and_expect_found(world, author, [title, title, title])


@story(
    title="A title that another person used before gets a slug of its own",
    why="Nobody should lose a URL, or an article, to somebody else who chose the same title.",
)
async def a_title_of_another_author_gets_its_own_slug(world: Conduit) -> None:
    first, second = await world.sign_up(), await world.sign_up()
    title = f"Thoughts on {world.unique_name()}"
    articles = await _publish_and_expect_found(world, first, [title])
    articles += await _publish_and_expect_found(world, second, [title])
    await expect_found(first, articles)


@story(
    title="Titles that differ only in signs and capitals get slugs that differ",
    why="Different titles can yield the same slug. A server that only tests whether the title is "
    "taken gives one URL to two articles.",
)
async def similar_titles_get_different_slugs(world: Conduit) -> None:
    author, word = await world.sign_up(), world.unique_name()
    titles = (f"Hello {word}", f"hello, {word}!", f"HELLO {word.upper()}", f"Hello   {word}?")
    await _publish_and_expect_found(world, author, titles)


@story(
    title="A slug with a number at its end is not taken twice either",
    why="A slug with a number appended can equal the slug of a title that ends with that number.",
    hint="Use a unique index to find out whether a slug is free, and try the next one if not.",
)
async def a_numbered_slug_is_not_taken_twice(world: Conduit) -> None:
    author, title = await world.sign_up(), f"Episode {world.unique_name()}"
    numbered = [f"{title} {number}" for number in (1, 2, 3)]
    await _publish_and_expect_found(
        world, author, [*numbered, title, title, title, title, *numbered]
    )


@story(
    title="A title can be used again after one of its articles was deleted",
    why="A server that numbers slugs by counting articles uses a number twice once one is deleted.",
)
async def a_title_can_be_used_again_after_a_deletion(world: Conduit) -> None:
    author, title = await world.sign_up(), f"Minutes of {world.unique_name()}"
    articles = await _publish_and_expect_found(world, author, [title, title, title])
    await author.deletes(articles.pop(0))
    articles += await _publish_and_expect_found(world, author, [title, title])
    await author.deletes(articles.pop(1))
    articles += await _publish_and_expect_found(world, author, [title])
    await expect_found(author, articles)


@story(
    title="A title that looks like one of our own addresses gets an address that works",
    why="An article at /articles/feed can never be read: that route is the feed.",
)
async def a_title_named_like_a_route_gets_a_slug(world: Conduit) -> None:
    author = await world.sign_up()
    await _publish_and_expect_found(
        world, author, ("Feed", "feed", "Feed!", "Articles", "Comments")
    )
    renamed = await author.edits(await author.publish(), title="Feed")
    await expect_found(author, [renamed])
    feed = expect(await author.feed()).ok(because="the feed must still be at /articles/feed")
    expect(feed.at("articlesCount"), "articlesCount of the feed").equals(0)


@story(
    title="A title as long as it may be gets a slug, also for the second time",
    why="A slug is often longer than its title, as characters are replaced and a number is added. "
    "If its column is no wider than that of the title, the longest titles fail.",
)
async def a_long_title_gets_a_slug(world: Conduit) -> None:
    author = await world.sign_up()
    start = f"{world.unique_name()} "
    longest = start + "so it goes on " * 20
    titles = [longest[:250].ljust(250, "x") + end for end in ("ended", "ender", "ended")]
    titles += [start + "x" * (255 - len(start)), start + "ß" * (255 - len(start))]
    titles += [start + "界" * (255 - len(start))]
    await _publish_and_expect_found(world, author, titles)

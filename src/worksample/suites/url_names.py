"""Names in URLs that the server makes of titles: every title gets one that is unique and safe."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from worksample.checks import (
    Answer,
    Aspect,
    CheckFailed,
    Finding,
    Suite,
    expect,
    removed_on_failure,
    rule,
    shorten,
)
from worksample.messages import message
from worksample.suites.account_member import Json
from worksample.suites.account_world import AccountWorld

World = AccountWorld[Any]
# The ASCII characters that RFC 3986 (3.3) allows in a path segment without encoding. Letters of
# other scripts are allowed too: browsers encode them, and show them decoded.
_SEGMENT_CHARACTERS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@"
)
ALPHABETS = ("春夏秋冬山水木金土日月火", "ابتثجحخدذرزس", "абвгдежзиклмн", "कखगघचछजझटठ", "אבגדהוזחט")
EMOJI = "🎉🐘🌧🍋🚲🎈🦉🍞"
SIGNS = "?!…¿¡—"
URL_SIGNS = (
    "/", "?", "#", "%", "&", "+", "\\", '"', "'", "<b>", "../", "%2F", "{}", ":", "\t", "|",
)  # fmt: skip
EMPTY_HINT = "When the name would be empty, use a fallback, such as a random word or the id."


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with a title: its name in URLs, and the fields that were sent."""

    name: str
    sent: Json


class TitledThings(Protocol):
    """Things of one kind that have a title, and a name in URLs made of it.

    world: the world of the check.
    thing, name: the members of answers that hold the thing and, in it, the name.
    texts: the fields that show whether the right thing is found, the title among them.
    longest: how many characters a title may have.
    reserved: the names at which the product shows something else.
    """

    @property
    def world(self) -> World: ...

    @property
    def thing(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def texts(self) -> tuple[str, ...]: ...

    @property
    def longest(self) -> int: ...

    @property
    def reserved(self) -> tuple[str, ...]: ...

    def fields(self, title: str) -> Json:
        """Return the fields of a new thing."""

    async def create(self, author: Any, fields: Json) -> Answer:
        """Create a thing of exactly these fields."""

    async def retitle(self, author: Any, name: str, title: str) -> Answer:
        """Change the title of a thing, and nothing else."""

    async def retitle_in_working_form(self, author: Any, name: str, title: str) -> Answer:
        """Change the title of a thing; send more where each change of the title alone fails."""

    async def read(self, reader: Any, name: str) -> Answer:
        """Read a thing."""

    async def exists(self, author: Any, title: str = "") -> Named:
        """Create a thing with this title, or with a new one, as a precondition."""

    async def is_retitled(self, author: Any, thing: Named, title: str) -> Named:
        """Change the title of a thing, as a precondition; return it with its new name."""

    async def is_gone(self, author: Any, thing: Named) -> None:
        """Delete a thing, as a precondition."""


#: `reuse` and `limit` are rules that a challenge may name: that a title may be used again, and how
#: long one may be.
SUITE = Suite[TitledThings](
    "url-names",
    TitledThings,
    aspect=Aspect.BEHAVIOUR,
    skills=("rest", "api-design", "relational-databases"),
)


def is_url_safe(name: Any) -> bool:
    """Return whether `name` is a string that can be one path segment of a URL without encoding."""
    if not isinstance(name, str) or name in ("", ".", ".."):
        return False
    return all(c in _SEGMENT_CHARACTERS or (not c.isascii() and c.isprintable()) for c in name)


def random_text(world: World, alphabet: str) -> str:
    """Return seven random characters of `alphabet`."""
    return "".join(world.rng.choices(alphabet, k=7))


def named_in(things: TitledThings, answer: Answer, sent: Json) -> Named:
    """Return the thing in an answer; expect that its name is safe in a URL."""
    name = answer.at(things.thing, things.name)
    expect(name, message("the {name}", name=things.name)).satisfies(
        is_url_safe, "a string that is safe in a URL"
    )
    if name in things.reserved:
        expected = message("the {name}: no path that shows something else", name=things.name)
        raise answer.failure(expected, shorten(name))
    return Named(str(name), sent)


async def create_and_expect_found(
    things: TitledThings,
    author: Any,
    titles: Iterable[str],
    again: Iterable[str] = (),
    earlier: Iterable[Named] = (),
) -> list[Named]:
    """Create a thing for each of `titles`, and of `again`; expect to find each at its name.

    `again` are titles that were used before, or much like them. The rule of this is called `reuse`;
    where it may be broken, those that the server refuses are left out. Expect to find the `earlier`
    things too, and return all. A title that is refused hides nothing: the others are created and
    looked for all the same.
    """
    created = list(earlier)
    refused: tuple[Finding, ...] = ()
    wanted = [(_create, title) for title in titles] + [(_create_again, title) for title in again]
    for create, title in wanted:
        try:
            created += await create(things, author, title)
        except CheckFailed as failure:
            if not _has_response(failure):
                raise
            refused = refused or failure.findings
    try:
        await expect_found(things, author, created)
    except CheckFailed as failure:
        raise CheckFailed(*refused, *failure.findings) from None
    if refused:
        raise CheckFailed(*refused)
    return created


def _has_response(failure: CheckFailed) -> bool:
    return all(
        each.response is not None for finding in failure.findings for each in finding.exchanges
    )


async def _create(things: TitledThings, author: Any, title: str) -> list[Named]:
    sent = things.fields(title)
    async with _alone_with(things, title, sent):
        answer = await things.create(author, sent)
        expect(answer).created(because=message("every title gets a {name}", name=things.name))
        return [named_in(things, answer, sent)]


async def _create_again(things: TitledThings, author: Any, title: str) -> list[Named]:
    """Create a thing; return nothing if the server refuses, and may."""
    with rule("reuse") as reuse:
        sent = things.fields(title)
        answer = await things.create(author, sent)
        expect(answer).created(because="a title may be used again")
    return [] if reuse.broken else [named_in(things, answer, sent)]


def _alone_with(things: TitledThings, title: str, sent: Json) -> AbstractAsyncContextManager[None]:
    """Return the block in which a thing of `sent` gets `title`.

    Of titles without a letter or digit from ASCII, weak servers make one and the same name.
    """
    if any(sign.isascii() and sign.isalnum() for sign in title):
        return nullcontext()
    marker = next(sent[name] for name in things.texts if name != "title")
    return removed_on_failure(things.world, str(marker))


async def retitled(things: TitledThings, author: Any, thing: Named, title: str) -> Named:
    """Change the title of a thing; expect success, and return the thing."""
    async with _alone_with(things, title, thing.sent):
        answer = expect(await things.retitle_in_working_form(author, thing.name, title)).ok(
            because=message("every title gets a {name}", name=things.name)
        )
        return named_in(things, answer, {**thing.sent, "title": title})


async def expect_found(things: TitledThings, reader: Any, wanted: Iterable[Named]) -> None:
    """Expect that `reader` finds each of the things, and no other one, at its name."""
    for each in wanted:
        seen = expect(await things.read(reader, each.name)).ok(
            because=message(
                "the {thing} must be found at its {name}", thing=things.thing, name=things.name
            )
        )
        for field in things.texts:
            expect(
                seen.at(things.thing, field),
                message("{field} at {name}", field=field, name=each.name),
            ).equals(
                each.sent[field],
                because=message(
                    "a {name} belongs to one {thing}", name=things.name, thing=things.thing
                ),
            )


@SUITE.check(
    title="A title in any script gets a name",
    why="A name that keeps only a to z is empty for most scripts: the second thing collides with "
    "the first, or has no URL at all.",
    hint=EMPTY_HINT,
)
async def a_title_in_any_script_gets_a_name(world: World, things: TitledThings) -> None:
    titles = [random_text(world, alphabet) for alphabet in ALPHABETS for _ in range(2)]
    await create_and_expect_found(things, await world.shared_member(), titles)


@SUITE.check(
    title="A title without a single letter gets a name",
    why="A thing with an empty name has the URL of the list: nobody can read, change or delete it.",
    hint=EMPTY_HINT,
)
async def a_title_without_letters_gets_a_name(world: World, things: TitledThings) -> None:
    titles = [random_text(world, EMOJI), random_text(world, EMOJI), "---", ".", "..", "_"]
    titles += [random_text(world, SIGNS), "???", "🎉"]
    await create_and_expect_found(things, await world.shared_member(), titles)


@SUITE.check(
    title="A title with every sign of a URL in it gets a name that is safe",
    why="A slash, a question mark or a percent sign in a name makes the URL mean something else.",
    cites="RFC 3986 3.3",
)
async def a_name_is_safe_in_a_url(world: World, things: TitledThings) -> None:
    titles = [f"{world.unique_name()}{sign}and {sign}so" for sign in URL_SIGNS]
    await create_and_expect_found(things, await world.shared_member(), titles)


@SUITE.check(
    title="A title that the same person used before gets a name of its own",
    why="If the second thing of one title is refused, or overwrites the first, work is lost.",
)
async def a_title_used_before_gets_its_own_name(world: World, things: TitledThings) -> None:
    author, title = await world.shared_member(), f"Weekly {world.unique_name()}"
    await create_and_expect_found(things, author, [title], [title, title])


@SUITE.check(
    title="A title that another person used before gets a name of its own",
    why="Nobody should lose a URL, or what they wrote, to somebody else who chose the same title.",
)
async def a_title_of_another_author_gets_its_own_name(world: World, things: TitledThings) -> None:
    first, second = await world.shared_member(), await world.shared_member()
    title = f"Thoughts on {world.unique_name()}"
    created = await create_and_expect_found(things, first, [title])
    created = await create_and_expect_found(things, second, [], [title], created)
    await expect_found(things, first, created)


@SUITE.check(
    title="Titles that differ only in signs and capitals get names that differ",
    why="Different titles can yield the same name. A server that only tests whether the title is "
    "taken gives one URL to two things.",
)
async def similar_titles_get_different_names(world: World, things: TitledThings) -> None:
    author, word = await world.shared_member(), world.unique_name()
    alike = (f"hello, {word}!", f"HELLO {word.upper()}", f"Hello   {word}?")
    await create_and_expect_found(things, author, [f"Hello {word}"], alike)


@SUITE.check(
    title="A name with a number at its end is not taken twice either",
    why="A name with a number appended can equal the name of a title that ends with that number.",
    hint="Use a unique index to find out whether a name is free, and try the next one if not.",
)
async def a_numbered_name_is_not_taken_twice(world: World, things: TitledThings) -> None:
    author, title = await world.shared_member(), f"Episode {world.unique_name()}"
    numbered = [f"{title} {number}" for number in (1, 2, 3)]
    again = [title, title, title, *numbered]
    await create_and_expect_found(things, author, [*numbered, title], again)


@SUITE.check(
    title="A title can be used again after one of its things was deleted",
    why="A server that numbers names by counting things uses a number twice once one is deleted.",
)
async def a_title_can_be_used_again_after_a_deletion(world: World, things: TitledThings) -> None:
    author, title = await world.shared_member(), f"Minutes of {world.unique_name()}"
    created = await create_and_expect_found(things, author, [title], [title, title])
    for position, again in ((0, [title, title]), (1, [title])):
        for gone in created[position:][:1] or created[:1]:
            await things.is_gone(author, gone)
            created.remove(gone)
        created = await create_and_expect_found(things, author, [], again, created)


@SUITE.check(
    title="A title as long as it may be gets a name, also for the second time",
    why="A name is often longer than its title, as characters are replaced and a number is added. "
    "If its column is no wider than that of the title, the longest titles fail.",
)
async def a_long_title_gets_a_name(world: World, things: TitledThings) -> None:
    author, start, longest = await world.shared_member(), f"{world.unique_name()} ", things.longest
    same = (start + "so it goes on " * longest)[: longest - 5]
    titles = [same + end for end in ("ended", "ender")]
    titles += [start + letter * (longest - len(start)) for letter in "xß界"]
    with rule("limit") as limit:
        sent = things.fields(titles[0])
        answer = expect(await things.create(author, sent)).created(because="it may be so long")
    if limit.broken:
        return
    created = [named_in(things, answer, sent)]
    await create_and_expect_found(things, author, [], [*titles[1:], titles[0]], created)

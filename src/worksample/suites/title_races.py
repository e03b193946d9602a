"""Races for the name in URLs that one title gives: both things get one (see `url_names`)."""

from __future__ import annotations

from typing import Any, Protocol

from worksample.checks import Aspect, Race, Suite, serializable
from worksample.messages import message
from worksample.suites import two_instances
from worksample.suites.account_member import Json
from worksample.suites.races import (
    BOTH_SUCCEED,
    CHECK_THEN_ACT,
    DATABASE_LOCK_HINT,
    SKILLS,
    RaceFactory,
)
from worksample.suites.url_names import TitledThings, World

UNIQUE_NAME_HINT = (
    "Check-then-insert is a race: another request can take the name in between. Use a unique "
    "constraint, and try the next name when it is violated."
)


class RacingTitles(TitledThings, Protocol):
    """Titled things, and how to list them.

    creating_check, same_title_check: the ids of the checks that test creating a thing, and one
        with a title that another author has used.
    """

    @property
    def creating_check(self) -> str: ...

    @property
    def same_title_check(self) -> str: ...

    async def titles_of(self, author: Any) -> list[tuple[str, Any]]:
        """Return (name, title) of each thing of the author."""


#: `reuse` is a rule that a challenge may name: that a title may be used again.
SUITE = Suite[RacingTitles](
    "title-races", RacingTitles, aspect=Aspect.CONCURRENCY, skills=SKILLS, cites=CHECK_THEN_ACT
)


async def _found_as_sent(things: RacingTitles, author: Any, sent: Json) -> Any:
    """Count the author's things with the title of `sent`; compare their last text with `sent`."""
    text = things.texts[-1]
    names = [name for name, title in await things.titles_of(author) if title == sent["title"]]
    shown = [(await things.read(author, name)).at(things.thing, text) for name in names]
    as_sent = shown == [sent[text]] * len(names)
    return {f"{things.thing}s": len(names), message("{text} as sent", text=text): as_sent}


async def _both_as_sent(
    things: RacingTitles, first: tuple[Any, Json], second: tuple[Any, Json]
) -> Any:
    """Return, for each of two (author, fields) pairs, what is found of it."""
    return {
        message("{thing}s of {author}", thing=things.thing, author=name): (
            await _found_as_sent(things, *pair)
        )
        for name, pair in (("A", first), ("B", second))
    }


async def _create_at_once(world: World, things: RacingTitles, needs: str, other: World) -> None:
    """Judge two things of one title; the second author is a client of `other`."""
    ann, bob = await world.own_member(), other.client_of(await world.own_member())

    async def new_race() -> Race:
        title = f"Monday {world.unique_name('t')}"
        first, second = things.fields(title), things.fields(title)

        return Race(
            first=lambda: things.create(ann, first),
            second=lambda: things.create(bob, second),
            read_state=lambda: _both_as_sent(things, (ann, first), (bob, second)),
        )

    await _expect_both_succeed(world, new_race, needs, symmetric=True)


async def _expect_both_succeed(
    world: World, new_race: RaceFactory, needs: str, symmetric: bool
) -> None:
    await serializable(
        world,
        new_race,
        needs=needs,
        serial_outcomes=BOTH_SUCCEED,
        symmetric=symmetric,
        outcomes_rule="reuse",
    )


@SUITE.check(
    title="Two things of one title, created at the same moment, get a name each",
    why="Otherwise the second one is lost, or one URL shows either of them.",
    hint=UNIQUE_NAME_HINT,
    lab=True,
)
async def one_title_at_once_gets_two_names(world: World, things: RacingTitles) -> None:
    await _create_at_once(world, things, things.same_title_check, other=world)


@SUITE.check(
    title="Two things of one title, created at two copies of the server, get a name each",
    why="Numbers that each instance counts up in its own memory are assigned twice.",
    hint=DATABASE_LOCK_HINT,
    cites=two_instances.TWELVE_FACTOR,
    skills=two_instances.SUITE.skills,
    lab=True,
)
async def one_title_at_two_copies_gets_two_names(world: World, things: RacingTitles) -> None:
    other = await world.second_instance()
    await _create_at_once(world, things, things.creating_check, other)


@SUITE.check(
    title="A title that one changes to and another uses at the same moment serves both",
    why="A change takes a name, too: without protection it overwrites another thing, hides it or "
    "fails.",
    hint=UNIQUE_NAME_HINT,
    lab=True,
)
async def a_title_is_changed_to_and_used_at_once(world: World, things: RacingTitles) -> None:
    ann, bob = await world.own_member(), await world.own_member()

    async def new_race() -> Race:
        thing, title = await things.exists(ann), f"Tuesday {world.unique_name('t')}"
        fresh = things.fields(title)

        changed = {**thing.sent, "title": title}
        return Race(
            first=lambda: things.retitle(ann, thing.name, title),
            second=lambda: things.create(bob, fresh),
            read_state=lambda: _both_as_sent(things, (ann, changed), (bob, fresh)),
        )

    needs = "a-new-title-may-be-one-that-is-taken"
    await _expect_both_succeed(world, new_race, needs, symmetric=False)

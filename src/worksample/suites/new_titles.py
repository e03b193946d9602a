"""A new title: the thing is found at the name (see `url_names`) that the answer holds."""

from __future__ import annotations

from typing import Any

from worksample.checks import Aspect, CheckFailed, Finding, Suite, expect, rule
from worksample.checks.detours import may_go_round
from worksample.messages import message
from worksample.suites import url_names
from worksample.suites.url_names import (
    ALPHABETS,
    SIGNS,
    Named,
    TitledThings,
    World,
    expect_found,
    named_in,
    random_text,
    retitled,
)

SUITE = Suite[TitledThings](
    "new-titles", TitledThings, aspect=Aspect.BEHAVIOUR, skills=url_names.SUITE.skills
)


@SUITE.check(
    title="A thing whose new title is taken is found where the answer says",
    why="A change creates a name too, and often without testing whether it is free.",
)
async def a_new_title_may_be_one_that_is_taken(world: World, things: TitledThings) -> None:
    author, other = await world.shared_member(), await world.shared_member()
    taken, mine = await things.exists(other), await things.exists(author)
    title = taken.sent["title"]
    refused: tuple[Finding, ...] = ()
    try:
        changed = await _retitled_again(things, author, mine, title)
    except CheckFailed as failure:
        if not (_is_refusal(failure) and may_go_round()):
            raise
        changed, refused = None, failure.findings
    try:
        # A title of which only the name is taken: that asks what the refusal of the title hides.
        changed = changed or await _retitled_again(things, author, mine, f"{title}!") or mine
        await expect_found(things, other, [taken, changed])
    except CheckFailed as failure:
        raise CheckFailed(*refused, *failure.findings) from None
    if refused:
        raise CheckFailed(*refused)


async def _retitled_again(
    things: TitledThings, author: Any, mine: Named, title: str
) -> Named | None:
    """Change to a title that is used; return nothing if the server refuses, and may."""
    answer = await things.retitle_in_working_form(author, mine.name, title)
    with rule("reuse") as reuse:
        expect(answer).ok(because="a title may be used again")
    return None if reuse.broken else named_in(things, answer, {**mine.sent, "title": title})


def _is_refusal(failure: CheckFailed) -> bool:
    culprits = (f.exchanges[f.culprit] for f in failure.findings if f.culprit is not None)
    return any(400 <= each.status < 500 for each in culprits)


@SUITE.check(
    title="A thing can get any title afterwards that it could have had before",
    why="A thing whose new title yields no name is lost.",
)
async def a_new_title_may_be_any(world: World, things: TitledThings) -> None:
    author = await world.shared_member()
    titles = [random_text(world, alphabet) for alphabet in (*ALPHABETS, SIGNS, "🎉🐘🌧🍋🚲")]
    titles.append(f"{world.unique_name()}/b?c#d%")
    changed = [
        await retitled(things, author, await things.exists(author), title) for title in titles
    ]
    await expect_found(things, author, changed)
    long = f"{world.unique_name()} " + "x" * (things.longest - 15)
    with rule("limit"):
        changed = [await retitled(things, author, await things.exists(author), long)]
        await expect_found(things, author, changed)


@SUITE.check(
    title="A title can be corrected in its capitals, or sent again as it is",
    why="Front ends send the whole form even if only the text was changed. If a thing conflicts "
    "with its own name, it cannot be changed at all.",
)
async def a_title_does_not_stand_in_its_own_way(world: World, things: TitledThings) -> None:
    author = await world.shared_member()
    thing = await things.exists(author)
    title = thing.sent["title"]
    for new in (title, title.upper(), f"{title}!", title):
        answer = expect(await things.retitle_in_working_form(author, thing.name, new)).ok(
            because=message(
                "the only {thing} with this {name} is the edited one",
                thing=things.thing,
                name=things.name,
            )
        )
        thing = named_in(things, answer, {**thing.sent, "title": new})
        await expect_found(things, author, [thing])


@SUITE.check(
    title="The name that a thing left leads to no other thing",
    why="The old title is free again. The next thing under it must not overwrite, or be replaced "
    "by, the one that was renamed.",
)
async def a_left_title_can_be_used_by_others(world: World, things: TitledThings) -> None:
    author, other = await world.shared_member(), await world.shared_member()
    thing = await things.exists(author)
    await expect_found(things, author, [thing])
    moved = await things.is_retitled(author, thing, f"Moved to {world.unique_name('t')}")
    heir = await things.exists(other, thing.sent["title"])
    await expect_found(things, author, [moved, heir])

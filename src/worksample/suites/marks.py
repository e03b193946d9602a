"""Marks that people set on a thing, each for themselves (a star, a vote): races.

Setting one twice counts once, and so does removing it; a count must equal the marks that are set.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from worksample.checks import Answer, Aspect, Race, Suite, serializable
from worksample.suites import two_instances
from worksample.suites.account_member import Member
from worksample.suites.account_world import AccountWorld
from worksample.suites.races import (
    BOTH_SUCCEED,
    DATABASE_LOCK_HINT,
    IDEMPOTENT_HINT,
    LOST_UPDATE,
    SKILLS,
)

IDEMPOTENT = "RFC 9110 9.2.2 idempotent methods"
COUNTER_HINT = (
    "Reading a counter and writing it back loses concurrent changes. Store one row per person and "
    "thing with a unique key and count the rows, or use one statement (count = count + 1)."
)
World = AccountWorld[Any]
Person = Member[Any]
Act = Callable[[Person, Any], Awaitable[Answer]]


class Marks(Protocol):
    """The marks of one kind, on one kind of thing.

    setting_check, setting_twice_check, removing_check: the ids of the checks that test, one
        request after the other, setting a mark, setting it twice, and removing it twice.
    """

    @property
    def setting_check(self) -> str: ...

    @property
    def setting_twice_check(self) -> str: ...

    @property
    def removing_check(self) -> str: ...

    async def new_thing(self, owner: Any) -> Any:
        """Create a thing without marks, as a precondition."""

    async def set(self, person: Any, thing: Any) -> Answer:
        """Set the mark of `person`."""

    async def remove(self, person: Any, thing: Any) -> Answer:
        """Remove the mark of `person`."""

    async def has_set(self, person: Any, thing: Any) -> None:
        """Set the mark of `person`, as a precondition."""

    async def state(self, thing: Any, ann: Any, bob: Any) -> Any:
        """Return what both are shown of the marks on `thing`."""

    def in_answer(self, answer: Answer) -> Any:
        """Return what an answer to `set` shows of the marks."""


SUITE = Suite[Marks]("marks", Marks, aspect=Aspect.CONCURRENCY, skills=SKILLS)


async def _race(
    world: World,
    marks: Marks,
    needs: str,
    first: Act,
    second: tuple[int, Act],
    *,
    marked: Sequence[int] = (),
    symmetric: bool = True,
    view: Callable[[Answer], Any] | None = None,
    other: World | None = None,
) -> None:
    """Judge two requests about one thing: `first` by Ann, the second by a person given by number.

    The owner of the thing is number 0, Ann 1 and Bob 2 (at the instance `other`, if given);
    `marked` are those who have set their mark before.
    """
    owner, ann, bob = [await world.own_member() for _ in range(3)]
    people = (owner, ann, other.client_of(bob) if other else bob)
    who, act = second

    async def new_race() -> Race:
        thing = await marks.new_thing(owner)
        for number in marked:
            await marks.has_set(people[number], thing)
        return Race(
            first=lambda: first(ann, thing),
            second=lambda: act(people[who], thing),
            read_state=lambda: marks.state(thing, ann, people[2]),
            view=view,
        )

    await serializable(
        world, new_race, needs=needs, serial_outcomes=BOTH_SUCCEED, symmetric=symmetric
    )


@SUITE.check(
    title="Two people who set their marks at the same moment both count",
    why="Readers choose by the count, and a lost update is never corrected.",
    hint=COUNTER_HINT,
    cites=LOST_UPDATE,
    lab=True,
)
async def two_marks_at_once_both_count(world: World, marks: Marks) -> None:
    needs = marks.setting_check
    await _race(world, marks, needs, marks.set, (2, marks.set), view=marks.in_answer)


@SUITE.check(
    title="Two people who take their marks back at the same moment are both counted off",
    why="Otherwise the count stays too high for ever.",
    hint=COUNTER_HINT,
    cites=LOST_UPDATE,
    lab=True,
)
async def two_marks_taken_back_at_once_both_count(world: World, marks: Marks) -> None:
    needs, remove = marks.removing_check, marks.remove
    await _race(world, marks, needs, remove, (2, remove), marked=(1, 2, 0))


@SUITE.check(
    title="A mark that is set twice at the same moment counts once, and is no error",
    why="A double tap is the most common race of all; it must neither count twice nor fail.",
    hint=IDEMPOTENT_HINT,
    cites=IDEMPOTENT,
    lab=True,
)
async def a_double_tap_counts_once(world: World, marks: Marks) -> None:
    needs = marks.setting_twice_check
    await _race(world, marks, needs, marks.set, (1, marks.set), marked=(2,))


@SUITE.check(
    title="A mark that is taken back twice at the same moment is taken back once",
    why="Subtracted twice, it removes someone else's mark from the count.",
    hint=COUNTER_HINT,
    cites=IDEMPOTENT,
    lab=True,
)
async def a_mark_taken_back_twice_at_once_counts_once(world: World, marks: Marks) -> None:
    needs, remove = marks.removing_check, marks.remove
    await _race(world, marks, needs, remove, (1, remove), marked=(1, 2))


@SUITE.check(
    title="A mark that is set and taken back at the same moment ends as one of the two",
    why="A mark that is set but not counted, or counted but not set, makes the count wrong for "
    "good.",
    hint=COUNTER_HINT,
    lab=True,
)
async def a_mark_set_and_taken_back_at_once_adds_up(world: World, marks: Marks) -> None:
    second = (1, marks.remove)
    needs = marks.removing_check
    await _race(world, marks, needs, marks.set, second, marked=(2,), symmetric=False)


@SUITE.check(
    title="Marks that are set at two copies of the server at the same moment all count",
    why="A counter that each instance keeps for itself is wrong in both.",
    hint=DATABASE_LOCK_HINT,
    cites=two_instances.TWELVE_FACTOR,
    skills=two_instances.SUITE.skills,
    lab=True,
)
async def marks_at_two_copies_all_count(world: World, marks: Marks) -> None:
    other, needs = await world.second_instance(), marks.setting_check
    await _race(world, marks, needs, marks.set, (2, marks.set), other=other)

"""Races over any pair of writes: what two requests at the same moment do, one order explains.

A challenge writes one function for each pair. It is named as the check, prepares what all trials of
the pair share, and returns how to make the data of one trial:

    @pair_of_writes(title=…, why=…, clause="M1", stage=6, needs="…", outcomes=ONE_SUCCEEDS)
    async def a_name_is_given_to_one_of_two(world: Product) -> RaceFactory:
        async def new_race() -> Race: ...
        return new_race
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from worksample.checks import Aspect, Race, World, serializable
from worksample.checks.decorators import declare_as, id_of, source_of
from worksample.checks.serializable import DOUBLE_PREEMPTIONS
from worksample.checks.suite import Suite, Words

RaceFactory = Callable[[], Awaitable[Race]]
Outcomes = Sequence[tuple[str, str]]
Prepare = Callable[..., Awaitable[RaceFactory | Sequence[RaceFactory]]]
Function = TypeVar("Function", bound=Prepare)

ONE_SUCCEEDS: Outcomes = (("done", "refused"),)
BOTH_SUCCEED: Outcomes = (("done", "done"),)

UNIQUE_CONSTRAINT_HINT = (
    "Check-then-insert is a race: another request can take the name in between. Use a unique "
    "constraint, and answer its violation with the 4xx."
)
PARTIAL_UPDATE_HINT = (
    "Loading a row, changing a field and storing the whole row overwrites concurrent changes with "
    "old values: update only the columns that were sent."
)
IDEMPOTENT_HINT = "Check-then-insert is a race. Use a unique key and ON CONFLICT DO NOTHING."
DELETED_MEANWHILE_HINT = (
    "A row can be deleted between two statements: check how many rows the statement itself "
    "affected, and answer a foreign key violation with a 404."
)
DATABASE_LOCK_HINT = (
    "A lock in memory excludes the threads of one process only. Use a lock or constraint of the "
    "database: a unique constraint, a row lock."
)
CHECK_THEN_ACT = "CWE-367 time-of-check time-of-use race condition"
LOST_UPDATE = "lost update: Berenson et al. 1995, A Critique of ANSI SQL Isolation Levels, P4"


@dataclass(frozen=True, slots=True)
class PairOfWrites:
    """Two writes that are sent at the same moment.

    prepare: returns one race factory, or several that are judged in turn. It takes the world, and
        with `across_instances` also the world of a second instance of the server.
    needs, outcomes, symmetric, double_preemptions, outcomes_rule: as in `serializable`.
    """

    prepare: Prepare
    needs: str
    outcomes: Outcomes = ()
    symmetric: bool = False
    double_preemptions: int = DOUBLE_PREEMPTIONS
    across_instances: bool = False
    outcomes_rule: str = ""


SKILLS = ("concurrency", "relational-databases", "data-modeling")
SUITE = Suite[PairOfWrites]("races", PairOfWrites, aspect=Aspect.CONCURRENCY, skills=SKILLS)


@SUITE.check(
    title="Two writes at the same moment have the result of one after the other",
    why="Users send requests at the same moment every day; what then goes wrong is never repeated "
    "when someone looks for it.",
    lab=True,
)
async def two_writes_at_once_are_serializable(world: World, pair: PairOfWrites) -> None:
    others = (await world.second_instance(),) if pair.across_instances else ()
    races = await pair.prepare(world, *others)
    for new_race in (races,) if callable(races) else races:
        await serializable(
            world,
            new_race,
            needs=pair.needs,
            serial_outcomes=pair.outcomes,
            symmetric=pair.symmetric,
            double_preemptions=pair.double_preemptions,
            outcomes_rule=pair.outcomes_rule,
        )


def pair_of_writes(
    *,
    needs: str,
    outcomes: Outcomes = (),
    symmetric: bool = False,
    double_preemptions: int = DOUBLE_PREEMPTIONS,
    across_instances: bool = False,
    outcomes_rule: str = "",
    **words: Any,
) -> Callable[[Function], Function]:
    """Declare a function as a check of two writes at once; its id is the function's name.

    The function prepares the pair (see `PairOfWrites`); `words` are fields of `Words`.
    """

    def declare(prepare: Function) -> Function:
        pair = PairOfWrites(
            prepare,
            needs,
            outcomes,
            symmetric,
            double_preemptions,
            across_instances,
            outcomes_rule,
        )
        said = Words(**{"id": id_of(prepare.__name__), **words})
        template = two_writes_at_once_are_serializable
        declare_as(prepare, template.bind(lambda _: pair, said, source_of(prepare)))
        return prepare

    return declare

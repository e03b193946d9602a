"""The checks of the counter challenge."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from worksample.checks import (
    Aspect,
    Finding,
    PassiveCheck,
    PreconditionFailed,
    check,
    expect,
    passive_check,
)
from worksample.probes.exchange import Exchange

from .world import STORED_IN_DATABASE, Counters

counting = partial(
    check, aspect=Aspect.BEHAVIOUR, why="Decisions are made on these numbers.", skills=("rest",)
)


@counting(title="A counter can be made", stage=1, clause="C1")
async def a_counter_can_be_made(world: Counters) -> None:
    name = world.unique_name("cups")
    answer = expect(await world.create(name)).created()
    expect(answer.at("counter", "name"), "the name").equals(name)
    expect(answer.at("counter", "value"), "the value").equals(0)


@counting(title="A counter can be read", stage=1, clause="C2")
async def a_counter_can_be_read(world: Counters) -> None:
    name = await world.new_counter()
    answer = expect(await world.read(name)).ok()
    expect(answer.at("counter", "value"), "the value").equals(0)


@counting(title="What was never made is not there", stage=1, clause="C3")
async def what_was_never_made_is_not_there(world: Counters) -> None:
    expect(await world.read(world.unique_name("never"))).missing()


@counting(title="A name is text", stage=2, clause="C4")
async def a_name_is_text(world: Counters) -> None:
    for name in (5, None, ["cups"]):
        expect(await world.create(name)).invalid()


@counting(title="A name is given once", stage=2, clause="C4")
async def a_name_is_given_once(world: Counters) -> None:
    name = await world.new_counter()
    expect(await world.create(name)).taken()


@counting(title="Going up adds exactly one", stage=2, clause="U1")
async def going_up_adds_exactly_one(world: Counters) -> None:
    name = await world.new_counter()
    for value in (1, 2, 3):
        answer = expect(await world.increment(name)).ok()
        expect(answer.at("counter", "value"), "the value").equals(value)


@counting(title="What is not there cannot go up", stage=2, clause="C3", aspect=Aspect.CONTRACT)
async def what_is_not_there_cannot_go_up(world: Counters) -> None:
    expect(await world.increment(world.unique_name("never"))).missing()


@counting(title="All counters are listed", stage=3, clause="L1")
async def all_counters_are_listed(world: Counters) -> None:
    mine = [await world.new_counter() for _ in range(3)]
    names = expect(await world.list_all()).ok().each("counters", "name")
    expect([name for name in names if name in mine], "my counters").satisfies(
        lambda found: sorted(found) == sorted(mine), "each of them once"
    )


@counting(title="Counters are kept in the database", stage=3, clause="K1")
async def counters_are_kept_in_the_database(world: Counters) -> None:
    name = await world.new_counter()
    expect(await world.database.rows_containing(name), "rows").satisfies(bool, "one that holds it")


@counting(title="A counter is one row", stage=3, clause="K1")
async def a_counter_is_one_row(world: Counters) -> None:
    name = await world.new_counter()
    rows = await world.database.rows_containing(name)
    if not rows:
        raise PreconditionFailed(STORED_IN_DATABASE, Finding("a row that holds the name", "none"))
    expect(len(rows), "rows that hold the name").equals(1)


@counting(title="Counters outlive the server", stage=3, clause="K1", alone=True)
async def counters_outlive_the_server(world: Counters) -> None:
    target = world.target
    name = await world.new_counter()
    await target.restart()
    expect(await world.read(name)).ok(because="it was made before the server was started again")


@passive_check(
    title="Every answer is JSON and says so",
    aspect=Aspect.CONTRACT,
    stage=1,
    clause="G1",
    why="A client that cannot trust the content type has to guess.",
    skills=("rest",),
)
class EveryAnswerIsJson(PassiveCheck):
    """Every response below 500 has a JSON content type."""

    def check_exchange(self, exchange: Exchange) -> Iterable[Finding]:
        """See `PassiveCheck`."""
        response = exchange.response
        if response is None or response.status >= 500:
            return
        kind = response.header("content-type", "no content type")
        if not kind.startswith("application/json"):
            yield Finding("content type application/json", kind, exchanges=(exchange,), culprit=0)

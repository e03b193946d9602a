"""The base path of a server: the contract's, or the first usual one under which routes answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from worksample.checks.contract import Operation
from worksample.checks.documented_paths import documented_prefixes
from worksample.checks.operations import NOT_THERE
from worksample.checks.world import NO_PAYLOAD, World
from worksample.targets import Target

Works = Callable[[], Awaitable[bool]]

#: Where existing servers put a versioned or unversioned API.
USUAL_PREFIXES = ("/api", "", "/api/v1")
_MAX_OPERATIONS = 6
_WITH_BODY = ("POST", "PUT", "PATCH")


async def find_prefix(world: World, known: Sequence[str], works: Works) -> str:
    """Return the base path of the server, and leave it in the dialect of `world`.

    `known` are those of the challenge, the contract's first. `works` asks one operation of the
    contract. If it fails and no other route of the contract is there either, the other base paths
    are tried: the known and usual ones, then those in the OpenAPI documents of the submission. The
    contract's is returned if none answers.
    """
    usual = known[0]
    if await _works_under(world, usual, works) or await _has_routes(world, usual):
        return usual
    others = [each for each in _candidates(world, known) if each != usual]
    for prefix in others:
        if await _works_under(world, prefix, works):
            return prefix
    for prefix in others:
        if await _has_routes(world, prefix):
            return prefix
    _use(world, usual)
    return usual


def _candidates(world: World, known: Sequence[str]) -> list[str]:
    target, contract = world.context.target, world.context.contract
    documented: Sequence[str] = ()
    if isinstance(target, Target):
        paths = [operation.path for operation in contract.operations]
        documented = documented_prefixes(target.built.folder, paths)
    return list(dict.fromkeys([*known, *USUAL_PREFIXES, *documented]))


async def _works_under(world: World, prefix: str, works: Works) -> bool:
    _use(world, prefix)
    return await works()


async def _has_routes(world: World, prefix: str) -> bool:
    """Whether a route of the contract is there: it answers otherwise than a path that is not.

    A server that refuses every path alike (401, or a page for all) shows no route. One that does
    not answer at all may have it.
    """
    _use(world, prefix)
    for operation in _plain_operations(world):
        payload = {} if operation.method in _WITH_BODY else NO_PAYLOAD
        answer = await world.send(operation.method, operation.path, payload)
        if not answer.status:
            return True
        if answer.status in NOT_THERE:
            continue
        absent = f"/{world.unique_name('no-such-path-')}"
        control = await world.send(operation.method, absent, payload)
        if control.status != answer.status:
            return True
    return False


def _plain_operations(world: World) -> list[Operation]:
    """Return the operations to ask: without parameters, those that change nothing first."""
    asked = sorted(_asked_operations(world), key=lambda each: each.method != "GET")
    return [each for each in asked if "{" not in each.path][:_MAX_OPERATIONS]


def _asked_operations(world: World) -> Iterator[Operation]:
    """Yield the operations of the contract that this run asks, which may end at a stage."""
    staged = {each.id: world.asks(each) for each in world.operations}
    for operation in world.context.contract.operations:
        if staged.get(operation.id, True):
            yield operation


def _use(world: World, prefix: str) -> None:
    world.context.dialect = replace(world.dialect, prefix=prefix)

"""The adapter of a challenge for its writes: each on data of its own, with a way to see its effect.

A challenge's `Writes` names each kind of write and prepares one on demand. `write_operation` does
what all challenges do alike: it sends the request once, reads the state through the API, and
replaces the data of one write by the names of their roles, so that two writes of a kind can be
compared.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from worksample.checks import Answer, CheckFailed, Finding, PreconditionFailed, World, shorten
from worksample.checks.world import NO_PAYLOAD
from worksample.messages import message
from worksample.probes.exchange import Exchange
from worksample.probes.write_operations import (
    Baseline,
    Observation,
    PreparationFailed,
    Prepare,
    StateUnavailable,
    WriteOperation,
    normalize,
    record_baselines,
    succeeded,
)
from worksample.suites.write_findings import setup_finding

ANSWER_SECONDS = 15.0
#: The member of a state that holds the status of a read that was refused.
ANSWERED = "answered with"
Names = Mapping[str, str]
Observe = Callable[["StateReader"], Awaitable[Mapping[str, Any]]]


class Writes(Protocol):
    """Every kind of write that a product has.

    needs: the id of the check that blocks these checks when no write can be prepared.
    judged: the kinds that `a_kill_leaves_nothing_half_written` judges; all if empty. A challenge
        may ask it several times, each time about other kinds.
    """

    @property
    def needs(self) -> str: ...

    @property
    def judged(self) -> Collection[str]: ...

    @property
    def kinds(self) -> Mapping[str, Prepare]:
        """Name of each kind -> function that prepares one; it raises `PreparationFailed`."""

    async def unrelated(self) -> Exchange:
        """Send a read of the database that has nothing to do with the writes."""

    async def reauthenticate(self) -> None:
        """Sign all accounts in again if the server no longer accepts their tokens."""


class StateReader:
    """Reads the state that the server shows, and records the exchanges."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.exchanges: list[Exchange] = []

    async def get(self, path: str, member: str, token: str | None = None) -> Any:
        """Return `member` of the answer to a GET, or its status if that is a 4xx."""
        answer = await self.world.send("GET", path, token=token, label="reads the state")
        return self.extract(answer, member)

    async def entries(self, path: str, member: str, token: str | None = None) -> list[Any]:
        """Return the entries of a list; none if the answer is a 4xx."""
        found = await self.get(path, member, token)
        return found if isinstance(found, list) else []

    def extract(self, answer: Answer, member: str) -> Any:
        """Return `member` of `answer`, or its status if that is a 4xx.

        A member in the plural must be a list of objects, another one an object. Raises
        `StateUnavailable` otherwise.
        """
        self.exchanges.append(answer.exchange)
        if 400 <= answer.status < 500:
            return {ANSWERED: answer.status}
        if not 200 <= answer.status < 300:
            raise StateUnavailable(answer.exchange)
        try:
            found = answer.at(member)
        except CheckFailed:
            raise StateUnavailable(answer.exchange) from None
        wanted = list if member.endswith("s") else dict
        if not isinstance(found, wanted) or not _contains_objects(found):
            raise StateUnavailable(answer.exchange)
        return found


def _contains_objects(found: Any) -> bool:
    return isinstance(found, dict) or all(isinstance(each, dict) for each in found)


def write_operation(
    world: World,
    method: str,
    path: str,
    payload: Any = NO_PAYLOAD,
    *,
    token: str | None,
    label: str,
    observe: Observe,
    names: Names,
    promised: Collection[str],
    headers: Sequence[tuple[str, str]] = (),
) -> WriteOperation:
    """Return a write that is sent once, and whose state `observe` reads.

    names: values of this write -> names of their roles, such as `<title>`.
    promised: members of answers that every write of a kind must leave the same: not ids and times,
        nothing that the contract does not name, nothing that other writes change, too.
    """

    async def send() -> Exchange:
        request = world.request(method, path, payload, token=token, headers=headers)
        limit = max(ANSWER_SECONDS, world.context.client.limits.timeout)
        answer = await world.send_raw(request, label=label, fresh=True, timeout=limit)
        return answer.exchange

    async def see() -> Observation:
        reader = StateReader(world)
        state = normalize(await observe(reader), names, {*promised, ANSWERED})
        return Observation(state, tuple(reader.exchanges))

    return WriteOperation("", send, see)


def labelled(prepares: Mapping[str, Prepare]) -> dict[str, Prepare]:
    """Give each write the name of its kind; raise `PreparationFailed` if a setup request fails."""
    return {kind: _labelled(kind, prepare) for kind, prepare in prepares.items()}


def _labelled(kind: str, prepare_write: Prepare) -> Prepare:
    async def prepare() -> WriteOperation:
        try:
            write = await prepare_write()
        except PreconditionFailed as precondition:
            if not precondition.finding.exchanges:
                raise
            raise PreparationFailed(precondition.finding.exchanges[0]) from precondition
        return replace(write, kind=kind)

    return prepare


async def record_working_baselines(
    world: World, writes: Writes, kinds: Mapping[str, Prepare] | None = None
) -> WorkingWrites:
    """Run each kind undisturbed (default: all `writes.kinds`); return the baselines that work.

    Raises `PreparationFailed` if none can be prepared, or if the server does not answer the
    unrelated read, which is to show later that it has recovered; `PreconditionFailed` if no kind
    works.
    """
    chosen = writes.kinds if kinds is None else kinds
    unrelated = await writes.unrelated()
    if not succeeded(unrelated):
        raise PreparationFailed(unrelated)
    found = await record_baselines(world.wire, chosen, writes.unrelated)
    if not found.recorded:
        raise next(iter(found.failures.values()))
    good = working_baselines(world, found.recorded, writes.needs)
    return WorkingWrites(good, found.failures)


@dataclass(frozen=True, slots=True)
class WorkingWrites:
    """Baselines of the kinds of write that work, and by kind why others cannot be prepared."""

    baselines: Sequence[Baseline]
    failures: Mapping[str, PreparationFailed]

    def tell(self, world: World, writes: Writes) -> None:
        """Tell a check which of the kinds that it judges were left out."""
        for kind in writes.judged or self.failures:
            if failure := self.failures.get(kind):
                world.unprepared.append(precondition_of(world, failure, writes.needs))


def precondition_of(world: World, failure: PreparationFailed, needs: str) -> PreconditionFailed:
    """Return what blocks a check whose data could not be prepared or read.

    It is blocked by the check that tests the failed step; by `needs` if there is none.
    """
    step = failure.__cause__
    if isinstance(step, PreconditionFailed):
        return PreconditionFailed(step.needs, step.finding, exact=step.exact)
    return world.blocked_by(setup_finding(failure.exchange), needs)


def working_baselines(
    world: World, baselines: Mapping[str, Baseline], needs: str
) -> list[Baseline]:
    """Return the kinds of write that work when undisturbed; add a note about each other kind.

    Raises `PreconditionFailed`, blocked by the check `needs`, if none works.
    """
    good = [each for each in baselines.values() if each.works]
    for each in baselines.values():
        if not each.works:
            world.note(
                message(
                    "{kind} is not judged: it fails or shows no effect when undisturbed, too",
                    kind=each.kind,
                )
            )
    if not good:
        raise world.blocked_by(_no_effect_finding(next(iter(baselines.values()))), needs)
    return good


def _no_effect_finding(baseline: Baseline) -> Finding:
    """Return the finding that an undisturbed write failed, or changed nothing that is shown.

    Where a read is refused, that is the culprit: its operation may not be there.
    """
    if not succeeded(baseline.exchange):
        return setup_finding(baseline.exchange)
    refused = (each for each in baseline.reads if 400 <= each.status < 500)
    return Finding(
        expected=message("{write}: what was written can be read back", write=baseline.kind),
        actual=message("{state} before and after", state=shorten(baseline.after)),
        exchanges=(baseline.exchange, read)
        if (read := next(refused, None))
        else (baseline.exchange,),
        culprit=1 if read else 0,
    )

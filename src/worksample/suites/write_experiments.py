"""Two experiments on every kind of write: kill the server, and break its database connection.

Each takes a minute or more. The first check that needs one runs it; the checks of
`acknowledged_writes` and `write_atomicity` share the result.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from worksample.checks import PreconditionFailed, Undecided, World
from worksample.checks.check_runner import CHECK_TIMEOUT
from worksample.messages import message
from worksample.probes.connection_losses import LossHistory, all_losses, lose_connections
from worksample.probes.crashes import CrashHistory, crash_at_every_point
from worksample.probes.write_operations import Attempt
from worksample.suites.experiments import discard_unless_healthy, shared_experiment
from worksample.suites.write_findings import recovery_finding
from worksample.suites.writes import WorkingWrites, Writes, record_working_baselines

RECOVERS_CHECK = "a-broken-connection-is-mended"
#: Seconds for half of the losses; more where each needs more than so many times an undisturbed
#: write with its preparation, but never more than this share of the time that a check has: where
#: there is one lab only, a check makes both halves.
CONNECTION_LOSS_SECONDS = 50.0
PER_UNDISTURBED = 4
LONGEST_SHARE = 0.4
_HALVES = "losses 0", "losses 1"


async def crash_experiment(world: World, writes: Writes) -> CrashHistory:
    """Kill the server at every crash point of every kind of write; runs once per run."""

    async def make() -> tuple[WorkingWrites, CrashHistory]:
        working = await record_working_baselines(world, writes)
        return working, await crash_at_every_point(
            world.lab, writes.kinds, working.baselines, writes.unrelated, writes.reauthenticate
        )

    working, found = await shared_experiment(world, "crashes", make, writes.needs)
    working.tell(world, writes)
    if found.left_out:
        world.note(
            message(
                "{count} crash points were not reached in time and are not judged",
                count=len(found.left_out),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class ConnectionLosses:
    """The losses on all kinds of write, in the histories of the labs that each tried some kinds."""

    histories: Sequence[LossHistory]

    @property
    def attempts(self) -> list[Attempt]:
        """The attempts of all labs."""
        return [attempt for each in self.histories for attempt in each.attempts]

    @property
    def left_out(self) -> int:
        """For how many losses there was no time."""
        return sum(each.left_out for each in self.histories)

    @property
    def unrecovered(self) -> LossHistory | None:
        """The first history in which the server did not recover; None if there is none."""
        return next((each for each in self.histories if not each.recovered), None)


async def connection_loss_experiment(world: World, writes: Writes) -> ConnectionLosses:
    """Break the database connection at every point of every kind of write; runs once per run.

    Two checks that ask for it at the same time each try half of the kinds in their labs. Raises
    `PreconditionFailed` if no kind of write can be judged; where only those of one lab cannot be,
    the check is told.
    """
    halves = {name: _half(list(writes.kinds), number) for number, name in enumerate(_HALVES)}
    found: dict[str, LossHistory] = {}
    failures: list[PreconditionFailed] = []
    begun = world.context.shared
    for name in sorted(filter(halves.get, halves), key=lambda each: each in begun):
        if name not in begun and not all(each.recovered for each in found.values()):
            break  # The server of this lab was discarded, and the series has ended.
        losing = partial(_lose_connections, world, writes, halves[name])
        try:
            working, found[name] = await shared_experiment(world, name, losing, writes.needs)
        except PreconditionFailed as failure:
            failures.append(failure)
        else:
            working.tell(world, writes)
    if not found:
        raise failures[0]
    world.unprepared.extend(failures)
    return ConnectionLosses([found[name] for name in halves if name in found])


def _half(kinds: Sequence[str], half: int) -> list[str]:
    """Return every other pair of kinds: a write and its opposite often stand side by side."""
    return [kind for number, kind in enumerate(kinds) if (number + 1) // 2 % 2 == half]


async def _lose_connections(
    world: World, writes: Writes, chosen: Sequence[str]
) -> tuple[WorkingWrites, LossHistory]:
    """Break the connection at every point of the `chosen` kinds of write."""
    began = time.monotonic()
    kinds = {kind: writes.kinds[kind] for kind in chosen}
    working = await record_working_baselines(world, writes, kinds)
    each = (time.monotonic() - began) / len(kinds)
    losses = len(all_losses(working.baselines))
    budget = max(CONNECTION_LOSS_SECONDS, PER_UNDISTURBED * each * losses)
    longest = LONGEST_SHARE * CHECK_TIMEOUT * world.context.pace.patience
    found = await lose_connections(
        world.lab, kinds, working.baselines, writes.unrelated, min(budget, longest), longest
    )
    await discard_unless_healthy(world, healthy=found.recovered)
    return working, found


def require_complete_series(found: ConnectionLosses) -> None:
    """Raise `PreconditionFailed` if the server did not recover from a loss.

    Raises `Undecided` if there was no time for all losses.
    """
    if (broken := found.unrecovered) is not None:
        last = broken.failed_request or broken.attempts[-1].exchange
        raise PreconditionFailed(
            RECOVERS_CHECK, recovery_finding(last, "a lost database connection")
        )
    if found.left_out:
        raise Undecided(
            message(
                "{tried} lost connections showed nothing, but there was no time for {count} more",
                tried=len(found.attempts),
                count=found.left_out,
            )
        )

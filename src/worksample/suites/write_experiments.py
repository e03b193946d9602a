"""Two experiments on every kind of write: kill the server, and break its database connection.

Each takes a minute or more. The first check that needs one runs it; the checks of
`acknowledged_writes` and `write_atomicity` share the result.
"""

from __future__ import annotations

from worksample.checks import PreconditionFailed, World
from worksample.messages import message
from worksample.probes.connection_losses import LossHistory, lose_connections
from worksample.probes.crashes import CrashHistory, crash_at_every_point
from worksample.suites.experiments import discard_unless_healthy, shared_experiment
from worksample.suites.write_findings import recovery_finding
from worksample.suites.writes import WorkingWrites, Writes, record_working_baselines

RECOVERS_CHECK = "a-broken-connection-is-mended"
CONNECTION_LOSS_SECONDS = 100.0


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
        world.remark(
            message(
                "{count} crash points were not reached in time and are not judged",
                count=len(found.left_out),
            )
        )
    return found


async def connection_loss_experiment(world: World, writes: Writes) -> LossHistory:
    """Break the database connection at every point of every kind of write; runs once per run."""

    async def make() -> tuple[WorkingWrites, LossHistory]:
        working = await record_working_baselines(world, writes)
        found = await lose_connections(
            world.lab, writes.kinds, working.baselines, writes.unrelated, CONNECTION_LOSS_SECONDS
        )
        await discard_unless_healthy(world, healthy=found.recovered)
        return working, found

    working, found = await shared_experiment(world, "losses", make, writes.needs)
    working.tell(world, writes)
    if found.left_out and found.recovered:
        world.remark(
            message(
                "time ran out: {count} planned connection losses were not tried",
                count=found.left_out,
            )
        )
    return found


def require_complete_series(found: LossHistory) -> None:
    """Raise `PreconditionFailed` if the server did not recover from a loss."""
    if not found.recovered:
        last = found.failed_request or found.attempts[-1].exchange
        raise PreconditionFailed(
            RECOVERS_CHECK, recovery_finding(last, "a lost database connection")
        )

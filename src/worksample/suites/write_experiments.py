"""Two experiments on every kind of write: kill the server, and break its database connection.

Each takes a minute or more. The first check that needs one runs it; the checks of
`acknowledged_writes` and `write_atomicity` share the result.
"""

from __future__ import annotations

import time

from worksample.checks import PreconditionFailed, Undecided, World
from worksample.checks.check_runner import CHECK_TIMEOUT
from worksample.messages import message
from worksample.probes.connection_losses import LossHistory, all_losses, lose_connections
from worksample.probes.crashes import CrashHistory, crash_at_every_point
from worksample.suites.experiments import discard_unless_healthy, shared_experiment
from worksample.suites.write_findings import recovery_finding
from worksample.suites.writes import WorkingWrites, Writes, record_working_baselines

RECOVERS_CHECK = "a-broken-connection-is-mended"
#: Seconds for all losses; more where each needs more than so many times an undisturbed write with
#: its preparation, but never more than this share of the time that a check has.
CONNECTION_LOSS_SECONDS = 100.0
PER_UNDISTURBED = 4
LONGEST_SHARE = 0.8


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


async def connection_loss_experiment(world: World, writes: Writes) -> LossHistory:
    """Break the database connection at every point of every kind of write; runs once per run."""

    async def make() -> tuple[WorkingWrites, LossHistory]:
        began = time.monotonic()
        working = await record_working_baselines(world, writes)
        each = (time.monotonic() - began) / len(writes.kinds)
        losses = len(all_losses(working.baselines))
        budget = max(CONNECTION_LOSS_SECONDS, PER_UNDISTURBED * each * losses)
        longest = LONGEST_SHARE * CHECK_TIMEOUT * world.context.pace.patience
        found = await lose_connections(
            world.lab,
            writes.kinds,
            working.baselines,
            writes.unrelated,
            min(budget, longest),
            longest,
        )
        await discard_unless_healthy(world, healthy=found.recovered)
        return working, found

    working, found = await shared_experiment(world, "losses", make, writes.needs)
    working.tell(world, writes)
    return found


def require_complete_series(found: LossHistory) -> None:
    """Raise `PreconditionFailed` if the server did not recover from a loss.

    Raises `Undecided` if there was no time for all losses.
    """
    if not found.recovered:
        last = found.failed_request or found.attempts[-1].exchange
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

"""Run the checks of a challenge on a running server."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from worksample.catalogue import Challenge
from worksample.checks import (
    BRIEF,
    Check,
    CheckContext,
    CheckListener,
    CheckResult,
    Engine,
    Profile,
    Recorder,
)
from worksample.checks.pace import pace_of
from worksample.checks.schedule import Schedule
from worksample.checks.silent_server import unanswered_reads
from worksample.grading.limits import note_limits
from worksample.grading.reachability import require_reachable_database
from worksample.grading.server import RunningServer
from worksample.probes.http import HttpClient
from worksample.stacks import Settings
from worksample.targets import Target

#: What clients of production call themselves. A run says one of them, so that its requests do not
#: stand out: a server that answers them better than others is not right for anybody else either.
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/127.0.0.0 Safari/537.36",
    "okhttp/4.12.0",
    "axios/1.7.2",
    "Dart/3.4 (dart:io)",
)


@asynccontextmanager
async def open_context(
    challenge: Challenge,
    server: RunningServer,
    settings: Settings,
    seed: int,
    stage: int = 0,
    recorder: Recorder | None = None,
    profile: Profile = BRIEF,
) -> AsyncIterator[CheckContext]:
    """Return what checks share for this run: a client, the server, and its detected dialect.

    `stage` is the last one whose operations are asked; 0 for all. `recorder` gets every exchange.
    `profile` says which rules count. A server that answers no plain read has no dialect to detect.
    The time limit of the client fits the pace of the server.
    """
    target = server.target
    address = urlsplit(target.base_url)
    agent = AGENTS[seed % len(AGENTS)]
    client = HttpClient(f"{address.scheme}://{address.netloc}", agent=agent)
    context = CheckContext(
        client=client,
        target=target,
        contract=challenge.contract,
        seed=seed,
        profile=profile,
        stage=stage,
        database=server.database,
        labs=server.labs,
        declared=settings.dialect,
        base_path=settings.base_path or address.path,
        salt="" if isinstance(target, Target) else secrets.token_hex(4),
        recorder=recorder,
    )
    try:
        context.unanswered = await unanswered_reads(context, challenge.world.operations)
        if not context.unanswered:
            session = context.session()
            world = challenge.world(context, session, context.rng("learning the dialect"))
            context.dialect = await challenge.world.detect_dialect(world)
            await require_reachable_database(target, session.exchanges)
            await note_limits(context, session.exchanges)
            context.pace = await pace_of(session)
            client.limits = context.pace.limits(client.limits)
        yield context
    finally:
        await client.aclose()


async def run_checks(
    challenge: Challenge,
    context: CheckContext,
    checks: Sequence[Check],
    listener: CheckListener | None = None,
    schedule: Schedule | None = None,
) -> list[CheckResult]:
    """Run `checks` on `context`; return their results by stage, and within one as in `checks`.

    `schedule` says in which order they are asked, and until when; the default is by stage.
    """
    world = challenge.world
    engine = Engine(
        context, checks, world, listener, operations=world.operations, schedule=schedule
    )
    results = await engine.run()
    place = {check.id: number for number, check in enumerate(checks)}
    return sorted(
        results, key=lambda each: (each.check.stage, place.get(each.check.id, len(place)))
    )

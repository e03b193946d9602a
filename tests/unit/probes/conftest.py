"""A scripted server for the client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvloop

from tests.support.hostile import Handler, HostileServer
from tests.unit.probes.scenes import Scene
from worksample.probes.http import HttpClient, Limits

SMALL = Limits(timeout=20.0, idle=60.0, body=100_000)
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


@pytest.fixture(params=LOOPS, ids=["asyncio", "uvloop"])
def play(request: pytest.FixtureRequest) -> Callable[..., HostileServer]:
    """Run a scene against a scripted server, on each kind of event loop."""

    def run(script: Handler, scene: Scene, **options: Any) -> HostileServer:
        async def whole() -> None:
            client = HttpClient(server.url, **{"limits": SMALL, **options})
            try:
                await scene(client)
            finally:
                await client.aclose()

        with HostileServer(script) as server, asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(whole())
        return server

    return run

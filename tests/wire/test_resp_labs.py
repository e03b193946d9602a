"""Labs put a Valkey behind a wire of its own, beside the one of the database."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from pathlib import Path

from tests.wire.resp_harness import commands_of
from worksample.services.postgres import PostgresServer
from worksample.services.valkey import ValkeyServers
from worksample.stacks import detect
from worksample.targets import Lab, Target

APP = Path(__file__).parents[1] / "support" / "apps" / "visited-notes"
TIMEOUT_SECONDS = 60.0


async def get(target: Target, path: str) -> tuple[int, str]:
    def send() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(target.base_url + path, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    return await asyncio.to_thread(send)


def test_cache_is_away_and_comes_back_while_the_database_stays(server: PostgresServer) -> None:
    async def main() -> None:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            ValkeyServers.open() as valkey,
            detect(APP).build() as built,
            Lab.open(built, [server, valkey]) as lab,
        ):
            cache = lab.wires["resp"]
            assert lab.wires == {"postgres": lab.wire, "resp": cache}
            assert await get(lab.target, "/visits") == (200, "1")
            second = await lab.second_instance()
            assert await get(second, "/visits") == (200, "2")
            assert commands_of(list(cache.history)) == ["AUTH", "INCR"] * 2

            cache.take_down()
            assert await get(lab.target, "/visits") == (503, "away")
            assert (await get(lab.target, "/"))[0] == 200
            assert not lab.wire.disturbed

            await lab.restore()
            assert not cache.disturbed
            assert await get(lab.target, "/visits") == (200, "3")
            assert await get(second, "/visits") == (200, "4")
            assert not cache.problems

    asyncio.run(main())

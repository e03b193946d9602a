"""However the network splits the stream, the wire forwards and records the same of MySQL."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from tests.support.mariadb import needs_mariadb
from tests.wire.recording import Recording, relay
from tests.wire.replaying import Replay, replay
from tests.wire.test_mysql import binary_statements, several_results, text_statements
from worksample.services.mysql import MariadbServer
from worksample.wire.mysql import PROTOCOL

pytestmark = needs_mariadb


@pytest.fixture(scope="module")
def recordings(mariadb: MariadbServer) -> list[Recording]:
    """What clients and MariaDB sent each other, without the wire."""

    async def main() -> list[Recording]:
        database = await mariadb.create_resource()
        async with relay(database.url) as (through, url):
            near = database.at("127.0.0.1", int(url.rpartition(":")[2].partition("/")[0]))
            for work in (text_statements, several_results, binary_statements):
                await asyncio.to_thread(work, near)
        await database.drop()
        return through.recordings

    return asyncio.run(main())


def split(recording: Recording, sizes: Random | None) -> Recording:
    """Split the chunks of a recording into single bytes, or into pieces of random sizes."""
    found: Recording = []
    for sender, data in recording:
        at = 0
        while at < len(data):
            size = sizes.randint(1, 40) if sizes else 1
            found.append((sender, data[at : at + size]))
            at += size
    return found


@pytest.mark.parametrize("holds", [False, True], ids=["forwarded", "held"])
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_split_stream_is_forwarded_and_recorded_alike(
    recordings: list[Recording], seed: int | None, holds: bool
) -> None:
    async def replayed(recording: Recording) -> Replay:
        return await replay(recording, holds=holds, protocol=PROTOCOL)

    assert len(recordings) == 3
    for recording in recordings:
        whole = asyncio.run(replayed(recording))
        pieces = asyncio.run(replayed(split(recording, Random(seed) if seed else None)))
        assert pieces.passed == whole.passed
        assert pieces.summary() == whole.summary()
        assert whole.summary()
        assert not whole.connection.passthrough_reason
        for sender in ("client", "server"):
            sent = b"".join(data for who, data in recording if who == sender)
            assert len(whole.passed[sender]) == len(sent)

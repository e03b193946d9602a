"""However the network splits the stream, the wire forwards and records the same."""

from __future__ import annotations

import asyncio
from itertools import groupby, pairwise
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.wire.recording import CLIENT, Recording, relay
from tests.wire.replaying import replay
from tests.wire.test_drivers import (
    asyncpg_work,
    psycopg_cancel,
    psycopg_copy,
    psycopg_cursors,
    psycopg_extended,
    psycopg_notify,
    psycopg_pipeline,
    psycopg_simple,
)
from tests.wire.test_frameworks import (
    django_client_side_binding,
    django_server_side_binding,
    sqlalchemy_with_asyncpg,
    sqlalchemy_with_psycopg,
)
from worksample.services import Database
from worksample.services.postgres import PostgresServer

QUIET = settings(
    max_examples=60, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


async def notify_flood(url: str, database: Database) -> None:
    """Receive hundreds of notifications between and after the replies."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("listen news")
        for number in range(5):
            await connection.execute(
                "select pg_notify('news', n || repeat('x', n)) from generate_series(1, %s) n", [99]
            )
            await connection.execute(f"notify news, 'number {number}'".encode())
            await connection.execute("select %s::int", [number])


async def pipeline_with_errors(url: str, database: Database) -> None:
    """Execute pipelines that fail at their first, middle and last statement."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for wrong in (0, 2, 4):
            with pytest.raises(psycopg.Error):
                async with connection.pipeline() as pipeline:
                    for number in range(5):
                        divisor = number - wrong
                        await connection.execute("select 1 / %s::int", [divisor], prepare=True)
                    await pipeline.sync()
                    await connection.execute("select %s::text", [wrong])


MAX_RECORDING = 40_000
DRIVERS = (
    psycopg_simple,
    psycopg_extended,
    psycopg_pipeline,
    psycopg_copy,
    psycopg_cursors,
    psycopg_cancel,
    psycopg_notify,
    notify_flood,
    pipeline_with_errors,
    asyncpg_work,
)
FRAMEWORKS = (
    django_client_side_binding,
    django_server_side_binding,
    sqlalchemy_with_asyncpg,
    sqlalchemy_with_psycopg,
)


class Recordings(list[Recording]):
    """A list of recordings with a short repr."""

    def __repr__(self) -> str:
        return f"{len(self)} recordings"


@pytest.fixture(scope="module")
def recordings(server: PostgresServer) -> Recordings:
    """Recordings of all drivers; consecutive bytes of one side are joined."""

    async def main() -> list[Recording]:
        database = await server.create_resource()
        async with relay(f"{database.url}?sslmode=disable") as (through, url):
            for work in DRIVERS:
                await work(url, database)
            for framework in FRAMEWORKS:
                await framework(url)
        await database.drop()
        return through.recordings

    return Recordings(joined(each) for each in asyncio.run(main()))


def joined(recording: Recording) -> Recording:
    grouped = groupby(recording, key=lambda each: each[0])
    return [(sender, b"".join(data for _, data in each)) for sender, each in grouped]


def total(recording: Recording, wanted: str) -> bytes:
    return b"".join(data for sender, data in recording if sender == wanted)


def split(recording: Recording, random: Random) -> Recording:
    """Split each entry at random positions, often near its start, where the headers are."""
    chunks: Recording = []
    for sender, data in recording:
        near = min(random.choice((40, 600, len(data))), len(data))
        places = (random.randint(0, near) for _ in range(random.randint(0, 5)))
        cuts = sorted({0, len(data), *places})
        chunks += [(sender, data[begin:end]) for begin, end in pairwise(cuts)]
    return chunks


@QUIET
@given(seed=st.integers(0, 2**32), holds=st.booleans())
def test_random_splits_give_the_same_round_trips(
    recordings: Recordings, seed: int, holds: bool
) -> None:
    random = Random(seed)
    recording = random.choice(recordings)
    unsplit = asyncio.run(replay(recording))
    replayed = asyncio.run(replay(split(recording, random), holds=holds))
    assert replayed.passed[CLIENT] == total(recording, CLIENT)
    assert replayed.passed["server"] == total(recording, "server")
    assert replayed.summary() == unsplit.summary()
    assert (
        not replayed.connection.passthrough_reason or replayed.connection.tracker.is_cancel_request
    )


def test_single_byte_pieces_give_the_same_round_trips(recordings: Recordings) -> None:
    for recording in recordings:
        if sum(len(data) for _, data in recording) < MAX_RECORDING:
            single = [(sender, bytes([byte])) for sender, data in recording for byte in data]
            unsplit, replayed = asyncio.run(replay(recording)), asyncio.run(replay(single))
            assert replayed.summary() == unsplit.summary()
            assert replayed.passed == unsplit.passed


@QUIET
@given(
    seed=st.integers(0, 2**32),
    sender=st.sampled_from([CLIENT, "server"]),
    garbage=st.binary(min_size=1, max_size=200),
    over=st.booleans(),
)
def test_garbage_is_passed_through(
    recordings: Recordings, seed: int, sender: str, garbage: bytes, over: bool
) -> None:
    """Insert or overwrite bytes of either side at any position after the startup."""
    random = Random(seed)
    recording = list(random.choice(recordings))
    position = random.randint(1, len(recording) - 1) if len(recording) > 1 else 0
    if over:
        side, data = recording[position]
        at = random.randint(0, len(data))
        recording[position] = (side, data[:at] + garbage + data[at + len(garbage) :])
    else:
        recording.insert(position, (sender, garbage))
    replayed = asyncio.run(replay(split(recording, random)))
    assert replayed.passed[CLIENT] == total(recording, CLIENT)
    assert replayed.passed["server"] == total(recording, "server")


@QUIET
@given(first=st.binary(max_size=300), answer=st.binary(max_size=300))
def test_other_protocols_are_passed_through(first: bytes, answer: bytes) -> None:
    replayed = asyncio.run(replay([(CLIENT, first), ("server", answer)]))
    assert replayed.passed == {CLIENT: first, "server": answer}

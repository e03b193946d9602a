"""However the network cuts the stream, the wire passes the same bytes and sees the same."""

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
    """Hundreds of notices come between the answers, and after them."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("listen news")
        for number in range(5):
            await connection.execute(
                "select pg_notify('news', n || repeat('x', n)) from generate_series(1, %s) n", [99]
            )
            await connection.execute(f"notify news, 'number {number}'".encode())
            await connection.execute("select %s::int", [number])


async def pipeline_with_errors(url: str, database: Database) -> None:
    """Batches that fail at their beginning, in their middle, at their end, one after the other."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        for wrong in (0, 2, 4):
            with pytest.raises(psycopg.Error):
                async with connection.pipeline() as pipeline:
                    for number in range(5):
                        divisor = number - wrong
                        await connection.execute("select 1 / %s::int", [divisor], prepare=True)
                    await pipeline.sync()
                    await connection.execute("select %s::text", [wrong])


LONGEST = 40_000
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
    """Recorded talks, too long to be shown."""

    def __repr__(self) -> str:
        return f"{len(self)} talks"


@pytest.fixture(scope="module")
def recordings(server: PostgresServer) -> Recordings:
    """What drivers and PostgreSQL say, each side's words joined as far as the other is silent."""

    async def main() -> list[Recording]:
        database = await server.create_database()
        async with relay(f"{database.url}?sslmode=disable") as (through, url):
            for work in DRIVERS:
                await work(url, database)
            for framework in FRAMEWORKS:
                await framework(url)
        await database.drop()
        return through.recordings

    return Recordings(joined(each) for each in asyncio.run(main()))


def joined(said: Recording) -> Recording:
    grouped = groupby(said, key=lambda each: each[0])
    return [(who, b"".join(data for _, data in each)) for who, each in grouped]


def total(said: Recording, wanted: str) -> bytes:
    return b"".join(data for who, data in said if who == wanted)


def split(said: Recording, random: Random) -> Recording:
    """Cut each word at some places, often near its begin, where headers are."""
    pieces: Recording = []
    for who, data in said:
        near = min(random.choice((40, 600, len(data))), len(data))
        places = (random.randint(0, near) for _ in range(random.randint(0, 5)))
        cuts = sorted({0, len(data), *places})
        pieces += [(who, data[begin:end]) for begin, end in pairwise(cuts)]
    return pieces


@QUIET
@given(seed=st.integers(0, 2**32), holds=st.booleans())
def test_random_splits_give_the_same_round_trips(
    recordings: Recordings, seed: int, holds: bool
) -> None:
    random = Random(seed)
    said = random.choice(recordings)
    whole = asyncio.run(replay(said))
    done = asyncio.run(replay(split(said, random), holds=holds))
    assert done.passed[CLIENT] == total(said, CLIENT)
    assert done.passed["server"] == total(said, "server")
    assert done.summary() == whole.summary()
    assert not done.connection.passthrough_reason or done.connection.is_cancel_request


def test_single_byte_pieces_give_the_same_round_trips(recordings: Recordings) -> None:
    for said in recordings:
        if sum(len(data) for _, data in said) < LONGEST:
            single = [(who, bytes([byte])) for who, data in said for byte in data]
            whole, done = asyncio.run(replay(said)), asyncio.run(replay(single))
            assert done.summary() == whole.summary()
            assert done.passed == whole.passed


@QUIET
@given(
    seed=st.integers(0, 2**32),
    who=st.sampled_from([CLIENT, "server"]),
    garbage=st.binary(min_size=1, max_size=200),
    over=st.booleans(),
)
def test_garbage_is_passed_through(
    recordings: Recordings, seed: int, who: str, garbage: bytes, over: bool
) -> None:
    """Anywhere after the startup, by either side, between its words or over them."""
    random = Random(seed)
    said = list(random.choice(recordings))
    place = random.randint(1, len(said) - 1) if len(said) > 1 else 0
    if over:
        side, data = said[place]
        at = random.randint(0, len(data))
        said[place] = (side, data[:at] + garbage + data[at + len(garbage) :])
    else:
        said.insert(place, (who, garbage))
    done = asyncio.run(replay(split(said, random)))
    assert done.passed[CLIENT] == total(said, CLIENT)
    assert done.passed["server"] == total(said, "server")


@QUIET
@given(first=st.binary(max_size=300), answer=st.binary(max_size=300))
def test_other_protocols_are_passed_through(first: bytes, answer: bytes) -> None:
    done = asyncio.run(replay([(CLIENT, first), ("server", answer)]))
    assert done.passed == {CLIENT: first, "server": answer}

"""The performance probes on a real PostgreSQL: work, open transactions, missing indexes."""

from __future__ import annotations

import asyncio
import os
import time
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support.machine import OF_THE_MACHINE
from tests.wire.harness import PsycopgConnection, connect, rows, run_scene
from worksample.probes.cpu import ReferenceWorkload, can_pin, measure_cost, pinned
from worksample.probes.indexes import PlanCollector
from worksample.probes.transaction_cpu import CpuGate, longest_transaction_cpu
from worksample.probes.work import growing_statements, measure_work
from worksample.sandbox.processes import cpu_clock
from worksample.services.postgres import PostgresServer
from worksample.targets import Lab
from worksample.wire import Wire

TABLES = """
    CREATE TABLE articles (id int PRIMARY KEY, author int, slug text);
    CREATE TABLE tags (article int, tag text, PRIMARY KEY (article, tag));
    INSERT INTO articles SELECT n, n % 40, 'a-' || n FROM generate_series(1, 200) n;
    INSERT INTO tags SELECT n, 'tag-' || n FROM generate_series(1, 200) n;
"""


async def page(connection: PsycopgConnection, limit: int) -> None:
    """Read a page with one more statement for each entry."""
    found = await rows(connection, "SELECT id FROM articles ORDER BY id LIMIT %s", limit)
    for (each,) in found:
        await rows(connection, "SELECT tag FROM tags WHERE article = %s", each)


def test_n_plus_one_queries_are_counted(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        async with connect(wire) as connection:
            await rows(connection, TABLES)
            _, small = await measure_work(wire, "one", lambda: page(connection, 1))
            _, large = await measure_work(wire, "twenty", lambda: page(connection, 20))
        assert (small.count, large.count, large.rows) == (2, 21, 40)
        assert growing_statements(small, large) == [
            ("select tag from tags where article = ?", 1, 20)
        ]

    run_scene(server, scene, loop)


def test_cpu_time_in_open_transaction_is_found(server: PostgresServer, loop: str) -> None:
    async def scene(wire: Wire) -> None:
        gate = CpuGate(time.process_time)
        async with connect(wire, autocommit=False) as connection, wire.trace("A", gate):
            began = time.process_time()
            await rows(connection, "SELECT 1")
            compute(0.05)
            await rows(connection, "SELECT 2")
            await connection.commit()
            total = time.process_time() - began
        found = longest_transaction_cpu(gate.samples, total)
        assert found is not None
        assert found.seconds >= 0.05
        assert str(found.trip) == "SELECT 1"

    run_scene(server, scene, loop)


def compute(seconds: float) -> None:
    """Use `seconds` of CPU time."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


class Restarted:
    """A target without state, whose restart does nothing; each request opens a connection."""

    def __init__(self) -> None:
        self.killed = 0

    async def restart(self) -> None:
        """Do nothing."""

    async def kill(self) -> None:
        self.killed += 1


LOOKUPS = {
    "SELECT * FROM tags WHERE tag = 'tag-7'": ["an index on tags (tag)"],
    "SELECT * FROM articles WHERE lower(slug) = 'a-7'": ["an index on articles (lower(slug))"],
    "SELECT * FROM articles WHERE id = 7": [],
    "SELECT tag FROM tags WHERE article = 7": [],
    "SELECT count(*) FROM articles": [],
    "SELECT a.* FROM articles a JOIN tags t ON t.article = a.id WHERE t.tag = 'tag-7'": [
        "an index on tags (tag)"
    ],
}


def test_missing_index_is_proven_by_creating_it() -> None:
    """Starts its own server, since only the event loop that started it can read its log."""

    async def scene() -> None:
        async with asyncio.timeout(60), PostgresServer.start() as server:
            database = await server.create_resource()
            async with Wire.open(database) as wire:
                await look_up(server, wire)

    asyncio.run(scene())


async def look_up(server: PostgresServer, wire: Wire) -> None:
    async with connect(wire) as connection:
        await rows(connection, TABLES)
    target = Restarted()
    parts = {"database": wire.upstream, "wire": wire, "target": target}

    async def send(question: str) -> None:
        async with connect(wire) as connection:
            await rows(connection, question)

    async with PlanCollector.begin(cast(Lab, SimpleNamespace(**parts))) as collector:
        for question, missing in LOOKUPS.items():
            found = await collector.missing("looking up", partial(send, question))
            assert [str(each.candidate) for each in found] == missing, question
    assert target.killed == 1
    async with connect(wire) as connection:
        assert await rows(connection, "SHOW enable_seqscan") == [("on",)]


@pytest.mark.skipif(not can_pin(), reason=f"{OF_THE_MACHINE}needs Linux")
def test_reference_workload_measures_itself(loop: str, server: PostgresServer) -> None:
    async def scene(wire: Wire) -> None:
        async with ReferenceWorkload.start() as one, ReferenceWorkload.start() as other:
            target: Any = one
            with pinned([one.pid, other.pid]):
                assert len(os.sched_getaffinity(one.pid)) == 1
                found = await measure_cost(target, other, one.send, segments=3)
            assert os.sched_getaffinity(one.pid) == os.sched_getaffinity(0)
            assert found.seconds > 0
            assert found.relative > 0
            assert cpu_clock(one.pid) > 0

    run_scene(server, scene, loop)

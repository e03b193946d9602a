"""A trial index on a real PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest

from tests.unit.services.postgres.test_server import rows, with_server
from worksample.services import IndexCandidate
from worksample.services.postgres import PostgresServer


@pytest.mark.parametrize("writer_elsewhere", [False, True])
def test_statements_use_a_trial_index_whatever_other_databases_do(writer_elsewhere: bool) -> None:
    async def scene(server: PostgresServer) -> None:
        database, other = await server.create_resource(), await server.create_resource()
        await rows(database.url, "CREATE TABLE people (name text, bio text)")
        await rows(database.url, "INSERT INTO people SELECT n, '' FROM generate_series(1, 40) AS n")
        async with await psycopg.AsyncConnection.connect(other.url) as writer:
            if writer_elsewhere:
                await writer.execute("CREATE TABLE unfinished ()")
            await rows(database.url, "UPDATE people SET bio = 'new' WHERE name = '7'")
            async with database.log_plans() as log:
                asked = "EXPLAIN SELECT * FROM people WHERE btrim(name) = '7'"
                async with log.trial(IndexCandidate("people", "btrim(name)")) as created:
                    assert created
                    plan = str(await rows(database.url, asked))
        assert "Index Scan" in plan or "Bitmap Index Scan" in plan, plan

    with_server(scene)

"""Statements of a target on a real MariaDB, with the rows that they read and indexes to try."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support.mariadb import needs_mariadb
from tests.unit.services.mysql.test_server import with_server
from worksample.services import IndexCandidate
from worksample.services.mysql import Database, MariadbServer
from worksample.services.mysql.login import Connection, rows
from worksample.services.mysql.plan_log import candidates_in
from worksample.services.plans import ExecutedStatement, PlanLog

TABLES = (
    "CREATE TABLE people (id int PRIMARY KEY AUTO_INCREMENT, name varchar(60), bio text)",
    "CREATE TABLE notes (id int PRIMARY KEY AUTO_INCREMENT, writer int, words text)",
    "INSERT INTO people (name, bio) SELECT seq, concat('b', seq) FROM seq_1_to_60",
    "INSERT INTO notes (writer, words) SELECT seq MOD 60 + 1, seq FROM seq_1_to_240",
)
UPDATE = "UPDATE people SET bio = '' WHERE id = 3"
JOINED = (
    "SELECT count(*) FROM people p JOIN notes n ON n.writer = p.id WHERE p.name = '7' FOR UPDATE"
)


async def prepared(server: MariadbServer) -> Database:
    database = await server.create_resource()

    def fill(connection: Connection) -> None:
        for statement in TABLES:
            rows(connection, statement)

    await database.owner.run(database.name, fill)
    return database


async def logged(
    log: PlanLog, database: Database, statements: Sequence[str]
) -> list[ExecutedStatement]:
    """Execute `statements` as the target does, and return what the log has of that session."""
    mark = await log.position()

    def execute(connection: Connection) -> int:
        [(session,)] = rows(connection, "SELECT connection_id()")
        for each in statements:
            rows(connection, each)
        return int(session)

    session = await database.owner.run(database.name, execute)
    return await log.executed(mark, [session])


@needs_mariadb
def test_statements_are_logged_with_the_rows_that_they_read() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        async with database.log_plans() as log:
            found = await logged(log, database, [UPDATE, JOINED])
            assert (await log.table_rows())["people"] == 60
            assert IndexCandidate("people", "id") in await log.indexed()
        update, joined = found[-2:]
        assert (update.sql, dict(update.examined)) == (
            "UPDATE people SET bio = '' WHERE id = 3",
            {},
        )
        assert joined.sql == JOINED
        assert joined.examined["people"] >= 60
        assert joined.examined["notes"] == 240
        assert set(joined.candidates) >= {
            IndexCandidate("people", "name"),
            IndexCandidate("notes", "writer"),
        }

    with_server(scene)


@needs_mariadb
def test_trial_index_is_used_and_goes() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        candidates = [IndexCandidate("people", "name"), IndexCandidate("people", "bio")]
        async with database.log_plans() as log:
            for each in candidates:
                asked = f"SELECT id FROM people WHERE {each.key} = 'b7'"
                async with log.trial(each) as created:
                    assert created
                    (*_, found) = await logged(log, database, [asked])
                assert found.examined.get("people", 0) <= 1
            async with log.trial(IndexCandidate("people", "nothing")) as created:
                assert not created
            indexed = await log.indexed()
        assert not indexed.intersection(candidates)

    with_server(scene)


@needs_mariadb
def test_values_of_prepared_statements_are_logged() -> None:
    async def scene(server: MariadbServer) -> None:
        database = await prepared(server)
        prepare = ["PREPARE s FROM 'SELECT id FROM people WHERE id = ?'", "EXECUTE s USING 7"]
        async with database.log_plans() as log:
            (*_, found) = await logged(log, database, prepare)
        assert (found.sql, found.examined) == ("SELECT id FROM people WHERE id = 7", {"people": 1})

    with_server(scene)


@needs_mariadb
def test_nothing_is_logged_after_the_last_has_ended() -> None:
    async def scene(server: MariadbServer) -> None:
        database, other = await prepared(server), await prepared(server)
        async with database.log_plans() as log:
            async with other.log_plans():
                pass
            assert await logged(log, database, ["SELECT 1"])
        await database.owner.run(database.name, lambda here: rows(here, "SELECT 2"))
        counted = await database.admin.run(
            "", lambda here: rows(here, "SELECT count(*) FROM mysql.slow_log")
        )
        assert counted == [(0,)]

    with_server(scene)


@pytest.mark.parametrize(
    ("rewritten", "expected"),
    [
        ("select 1 from `app`.`users` `u` where `app`.`u`.`name` = 'x'", ["users.name"]),
        ("select 1 from `app`.`users` where `app`.`users`.`id` = 7", ["users.id"]),
        ("select 1 from `app`.`users` `u` where 5 = `app`.`u`.`name`", ["users.name"]),
        ("select 1 from `app`.`users` `u` where `app`.`u`.`name` in ('x','y')", ["users.name"]),
        ("select 1 from `app`.`users` `u` where `app`.`u`.`name` like 'x%'", []),
        ("select 1 from `app`.`users` `u` where `app`.`v`.`name` = 'x'", []),
    ],
)
def test_equalities_are_candidates(rewritten: str, expected: list[str]) -> None:
    columns = [("users", "id"), ("users", "name")]
    assert [f"{each.table}.{each.key}" for each in candidates_in(rewritten, columns)] == expected


def test_alias_of_two_tables_is_that_which_has_the_column() -> None:
    rewritten = (
        "select exists(select 1 from `app`.`marks` `f` where `app`.`f`.`note` = 1) "
        "from `app`.`notes` `n` "
        "where exists(select 1 from `app`.`follows` `f` where `app`.`f`.`who` = 2)"
    )
    columns = [("marks", "note"), ("follows", "who"), ("notes", "id")]
    assert set(candidates_in(rewritten, columns)) == {
        IndexCandidate("marks", "note"),
        IndexCandidate("follows", "who"),
    }

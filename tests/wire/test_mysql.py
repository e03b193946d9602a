"""The wire before a real MariaDB: clients get what they get without it, and faults work."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import mysql.connector
import pymysql
import pytest
from pymysql.constants import CLIENT

from tests.support.mariadb import needs_mariadb
from tests.wire.mysql_harness import ask, connected, run_mysql_scene
from worksample.services import Database
from worksample.services.mysql import MariadbServer
from worksample.services.mysql.login import Connection
from worksample.wire import FaultScript, Outcome, Wire, account
from worksample.wire.faults.cut_after import CutAfter
from worksample.wire.faults.cut_before import CutBefore
from worksample.wire.faults.hold import Hold
from worksample.wire.faults.swallow import Swallow

pytestmark = needs_mariadb

TABLE = "CREATE TABLE entry (number int PRIMARY KEY AUTO_INCREMENT, text longtext)"
LARGE = 17 * 1024 * 1024
Answers = list[Any]


def error_of(connection: Connection, statement: str) -> int:
    """Return the number of the error that a statement gets, 0 if it succeeds."""
    try:
        ask(connection, statement)
    except pymysql.Error as error:
        return int(error.args[0])
    return 0


def text_statements(database: Database) -> Answers:
    """Statements, errors and transactions of PyMySQL, which sends texts only."""
    with connected(database, autocommit=False) as here, here.cursor() as cursor:
        answers: Answers = [ask(here, TABLE)]
        cursor.execute("INSERT INTO entry (text) VALUES ('a'), ('ä')")
        answers += [cursor.rowcount, cursor.lastrowid, ask(here, "SELECT * FROM entry")]
        here.commit()
        answers.append(error_of(here, "SELECT nothing"))
        answers.append(error_of(here, "INSERT INTO entry VALUES (1, '')"))
        here.rollback()
        here.ping(reconnect=False)
        answers.append(ask(here, "SELECT text FROM entry WHERE number = %s", 2))
        return [*answers, ask(here, "DROP TABLE entry")]


def several_results(database: Database) -> Answers:
    """Several statements in a text, and a procedure with two results."""
    options = {"client_flag": CLIENT.MULTI_STATEMENTS}
    with connected(database, **options) as here, here.cursor() as cursor:
        cursor.execute(f"{TABLE}; INSERT INTO entry (text) VALUES ('x'); SELECT * FROM entry")
        answers: Answers = [cursor.rowcount]
        while cursor.nextset():
            answers.append((cursor.rowcount, cursor.fetchall()))
        ask(here, "CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2, 3 UNION SELECT 4, 5; END")
        cursor.callproc("two")
        answers.append(cursor.fetchall())
        while cursor.nextset():
            answers.append(cursor.fetchall())
        answers.append(error_of(here, "SELECT 1; SELECT nothing; SELECT 2"))
        return [*answers, ask(here, "DROP TABLE entry"), ask(here, "DROP PROCEDURE two")]


def large_packets(database: Database) -> Answers:
    """A statement and a row of more than 16 MiB, which take several packets each."""
    with connected(database, max_allowed_packet=2 * LARGE) as here:
        empty = len("SELECT length('')") + 1
        sizes = (2**24 - 2 - empty, 2**24 - 1 - empty, 2**24 - empty, LARGE)
        answers = [ask(here, f"SELECT length('{'x' * size}')") for size in sizes]
        [(text,)] = ask(here, f"SELECT repeat('y', {LARGE})")
        return [*answers, text == "y" * LARGE, ask(here, "SELECT 1")]


def binary_statements(database: Database) -> Answers:
    """Prepared statements of Connector/Python, other users and resets of the session."""
    names = database.placeholders
    login = {key: names[f"mysql.{key}"] for key in ("host", "user", "password", "database")}
    here = mysql.connector.connect(port=int(names["mysql.port"]), use_pure=True, **login)
    try:
        cursor = here.cursor(prepared=True)
        cursor.execute(TABLE)
        answers: Answers = []
        for number in range(3):
            cursor.execute("INSERT INTO entry (text) VALUES (%s)", (f"row {number}",))
            cursor.execute("SELECT * FROM entry WHERE number > %s", (number - 1,))
            answers.append(cursor.fetchall())
        with pytest.raises(mysql.connector.Error):
            cursor.execute("SELECT nothing WHERE 1 = %s", (1,))
        here.commit()
        cursor.close()
        here.cmd_change_user(login["user"], login["password"], login["database"])
        here.cmd_reset_connection()
        plain = here.cursor()
        plain.execute("SELECT count(*) FROM entry")
        answers.append(plain.fetchall())
        plain.execute("DROP TABLE entry")
        return answers
    finally:
        here.close()


WORK = (text_statements, several_results, large_packets, binary_statements)


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_client_gets_the_same_through_the_wire(
    mariadb: MariadbServer, work: Callable[[Database], Answers], loop: str
) -> None:
    async def scene(wire: Wire) -> None:
        direct = await asyncio.to_thread(work, wire.upstream)
        assert await asyncio.to_thread(work, wire.database) == direct
        assert not wire.problems
        assert all(trip.outcome is Outcome.ANSWERED for trip in wire.history)

    run_mysql_scene(mariadb, scene, loop)


def test_account_tells_statements_rows_and_transactions(mariadb: MariadbServer) -> None:
    async def scene(wire: Wire) -> None:
        async with wire.trace("A") as trace:
            await asyncio.to_thread(text_statements, wire.database)
        found = account(trace.trips)
        assert (found.writes, found.transactions, found.errors) == (3, 2, ("1054", "1062"))
        [inserted] = [trip for trip in trace.trips if "ä" in str(trip)]
        assert (inserted.before, inserted.after, inserted.affected) == ("I", "T", 2)
        [read] = [trip for trip in trace.trips if str(trip) == "SELECT * FROM entry"]
        assert (read.rows, read.before, read.after) == (2, "T", "T")
        assert read.size > 0

    run_mysql_scene(mariadb, scene)


def test_prepared_statement_has_the_shape_of_its_text(mariadb: MariadbServer) -> None:
    async def scene(wire: Wire) -> None:
        async with wire.trace("A") as trace:
            await asyncio.to_thread(binary_statements, wire.database)
        executed = [
            each
            for trip in trace.trips
            for each in trip.statements
            if each.executed and each.sql.startswith("INSERT")
        ]
        assert [each.parameters for each in executed] == [1, 1, 1]
        assert {each.shape for each in executed} == {"insert into entry (text) values (?)"}
        assert all(each.writes and each.changed_rows for each in executed)

    run_mysql_scene(mariadb, scene)


def take_one(wire: Wire, locks: bool = False) -> None:
    """Read the number of pieces, and write one less."""
    with connected(wire.database, autocommit=False) as here:
        [(pieces,)] = ask(here, f"SELECT pieces FROM stock{' FOR UPDATE' if locks else ''}")
        ask(here, "UPDATE stock SET pieces = %s", pieces - 1)
        here.commit()


async def stocked(wire: Wire) -> None:
    def prepare() -> None:
        with connected(wire.upstream) as here:
            ask(here, "CREATE TABLE stock (id int PRIMARY KEY, pieces int)")
            ask(here, "INSERT INTO stock VALUES (1, 10)")

    await asyncio.to_thread(prepare)


async def pieces(wire: Wire) -> int:
    [row] = await wire.upstream.rows_containing("")
    return int(row.values["pieces"])


UPDATE, COMMIT = 4, 5


def test_held_update_shows_the_lost_update(mariadb: MariadbServer) -> None:
    async def scene(wire: Wire) -> None:
        await stocked(wire)
        async with wire.trace("A", FaultScript({UPDATE: Hold()})) as trace:
            first = asyncio.create_task(asyncio.to_thread(take_one, wire))
            held = await trace.wait_for_step(UPDATE, unless=first)
            assert held is not None
            assert "UPDATE" in str(held.trip)
            await asyncio.to_thread(take_one, wire)
            held.release()
            await first
        assert await pieces(wire) == 9

    run_mysql_scene(mariadb, scene)


def test_request_that_waits_for_a_lock_is_seen_to_wait(mariadb: MariadbServer) -> None:
    async def scene(wire: Wire) -> None:
        await stocked(wire)
        async with wire.trace("A", FaultScript({COMMIT: Hold()})) as first_trace:
            first = asyncio.create_task(asyncio.to_thread(take_one, wire, True))
            held = await first_trace.wait_for_step(COMMIT, unless=first)
            assert held is not None
            async with wire.trace("B") as second_trace:
                second = asyncio.create_task(asyncio.to_thread(take_one, wire, True))
                wait = await second_trace.wait_for_lock(unless=second)
                assert wait is not None
                assert held.connection.number in wait.blockers
                held.release()
                await asyncio.gather(first, second)
        assert await pieces(wire) == 8

    run_mysql_scene(mariadb, scene)


@pytest.mark.parametrize("lock", ["SELECT get_lock('till', 20)", "ALTER TABLE stock ADD note int"])
def test_wait_outside_of_rows_is_seen_too(mariadb: MariadbServer, lock: str) -> None:
    def hold(wire: Wire) -> None:
        with connected(wire.database, autocommit=False) as here:
            ask(here, "SELECT get_lock('till', 20)")
            ask(here, "SELECT * FROM stock")
            here.commit()

    def want(wire: Wire) -> None:
        with connected(wire.database) as here:
            ask(here, lock)

    async def scene(wire: Wire) -> None:
        await stocked(wire)
        async with wire.trace("A", FaultScript({COMMIT: Hold()})) as first_trace:
            first = asyncio.create_task(asyncio.to_thread(hold, wire))
            held = await first_trace.wait_for_step(COMMIT, unless=first)
            assert held is not None
            async with wire.trace("B") as second_trace:
                second = asyncio.create_task(asyncio.to_thread(want, wire))
                assert await second_trace.wait_for_lock(unless=second) is not None
                held.release()
                await asyncio.gather(first, second)

    run_mysql_scene(mariadb, scene)


@pytest.mark.parametrize(
    ("fault", "left"),
    [(CutBefore(), 10), (CutAfter(), 9), (Swallow(), 9)],
    ids=lambda each: str(each),
)
def test_lost_commit_leaves_what_it_must(mariadb: MariadbServer, fault: Any, left: int) -> None:
    async def scene(wire: Wire) -> None:
        await stocked(wire)
        async with wire.trace("A", FaultScript({COMMIT: fault})) as trace:
            request = asyncio.create_task(asyncio.to_thread(take_one, wire))
            found = await trace.wait_for_step(COMMIT, unless=request)
            assert found is not None
            if isinstance(fault, Swallow):
                await found.wait_answered()
                found.release()
            with pytest.raises(pymysql.OperationalError) as caught:
                await request
            assert caught.value.args[0] == 2013
        assert await pieces(wire) == left

    run_mysql_scene(mariadb, scene)


def test_terminated_session_loses_its_transaction(mariadb: MariadbServer) -> None:
    async def scene(wire: Wire) -> None:
        await stocked(wire)
        async with wire.trace("A", FaultScript({COMMIT: Hold()})) as trace:
            request = asyncio.create_task(asyncio.to_thread(take_one, wire))
            held = await trace.wait_for_step(COMMIT, unless=request)
            assert held is not None
            session = held.connection.tracker.session_id
            [open_one] = await wire.upstream.idle_transactions([session])
            assert open_one.session == session
            await wire.upstream.terminate([session, session])
            held.release()
            with pytest.raises(pymysql.Error):
                await request
        assert await pieces(wire) == 10

    run_mysql_scene(mariadb, scene)


def test_deadlock_ends_the_transaction_in_the_record(mariadb: MariadbServer) -> None:
    waits = threading.Event()

    def both(database: Database) -> list[int]:
        """Let the second connection wait for the first, and then the first for the second."""
        with (
            connected(database, autocommit=False) as one,
            connected(database, autocommit=False) as two,
            ThreadPoolExecutor(1) as pool,
        ):
            ask(one, "INSERT INTO stock VALUES (2, 1), (3, 1)")
            one.commit()
            ask(one, "UPDATE stock SET pieces = 5 WHERE id = 2")
            ask(two, "UPDATE stock SET pieces = 6 WHERE id = 3")
            waiting = pool.submit(error_of, two, "UPDATE stock SET pieces = 6 WHERE id = 2")
            assert waits.wait(20)
            first = error_of(one, "UPDATE stock SET pieces = 5 WHERE id = 3")
            one.rollback()
            return sorted((first, waiting.result()))

    async def scene(wire: Wire) -> None:
        await stocked(wire)
        request = asyncio.create_task(asyncio.to_thread(both, wire.database))
        while not await wire.wait_for_lock(2):
            await asyncio.sleep(0)
        waits.set()
        assert await request == [0, 1213]
        [failed] = [trip for trip in wire.history if trip.error]
        assert (failed.error, failed.before, failed.after) == ("1213", "T", "I")
        assert wire.upstream.errors.is_conflict(failed.error)
        assert wire.upstream.errors.describe(failed.error) == "lock deadlock (1213)"

    run_mysql_scene(mariadb, scene)


def test_file_of_the_client_is_not_loaded(mariadb: MariadbServer, tmp_path: Path) -> None:
    file = tmp_path / "entries.csv"
    file.write_text("1\n")

    def load(wire: Wire) -> int:
        with connected(wire.database, local_infile=True) as here:
            ask(here, TABLE)
            return error_of(here, f"LOAD DATA LOCAL INFILE '{file}' INTO TABLE entry")

    async def scene(wire: Wire) -> None:
        assert await asyncio.to_thread(load, wire) in (1148, 4166)

    run_mysql_scene(mariadb, scene)


def test_client_that_compresses_all_the_same_is_forwarded(mariadb: MariadbServer) -> None:
    def compressed(wire: Wire) -> list[Any]:
        names = wire.database.placeholders
        login = {key: names[f"mysql.{key}"] for key in ("host", "user", "password", "database")}
        port = int(names["mysql.port"])
        here = mysql.connector.connect(port=port, use_pure=True, compress=True, **login)
        cursor = here.cursor()
        cursor.execute("SELECT repeat('x', 100)")
        rows = cursor.fetchall()
        here.close()
        return rows

    async def scene(wire: Wire) -> None:
        assert await asyncio.to_thread(compressed, wire) == [("x" * 100,)]
        while wire.connections:
            await asyncio.sleep(0)
        [problem] = wire.problems
        assert "it compresses its traffic although the database does not offer that" in problem
        assert not wire.history

    run_mysql_scene(mariadb, scene)


def test_client_that_insists_on_tls_is_told_so_plainly(mariadb: MariadbServer) -> None:
    def greeted_only(wire: Wire) -> None:
        with socket.create_connection(wire.address) as client:
            assert client.recv(5)[4] == 10

    async def scene(wire: Wire) -> None:
        await asyncio.to_thread(greeted_only, wire)
        while wire.connections:
            await asyncio.sleep(0)
        [problem] = wire.problems
        assert "requires an encrypted connection" in problem
        assert "sslMode=DISABLED" in problem
        await asyncio.to_thread(text_statements, wire.database)
        assert not wire.problems

    run_mysql_scene(mariadb, scene)

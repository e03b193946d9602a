import signal
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg

from tests.conftest import running_server
from tests.person import Person


def test_lost_connections_are_replaced(database_url: str, anna: Person) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: anna.publish(), range(16)))
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert [anna.publish()["body"] for _ in range(12)] == ["b"] * 12


def test_sigterm_finishes_what_has_begun(database_url: str) -> None:
    with running_server(database_url) as (process, url), httpx.Client(base_url=url) as http:
        anna = Person.register(http)
        path = f"/articles/{anna.publish()['slug']}/favorite"
        with psycopg.connect(database_url) as blocker, ThreadPoolExecutor(1) as threads:
            blocker.execute("LOCK TABLE favorites")
            begun = threads.submit(anna.ask, "POST", path)
            wait_until_blocked(database_url)
            process.send_signal(signal.SIGTERM)
            blocker.rollback()
            assert begun.result().status_code == 200
        assert process.wait(timeout=10) in (0, -signal.SIGTERM)


def wait_until_blocked(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as admin:
        while not admin.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            pass


def test_two_copies_share_accounts_and_tokens(database_url: str, anna: Person) -> None:
    with running_server(database_url) as (_, url), httpx.Client(base_url=url) as other:
        there = Person(other, anna.name, anna.token)
        assert there.ask("GET", "/user").json()["user"]["username"] == anna.name

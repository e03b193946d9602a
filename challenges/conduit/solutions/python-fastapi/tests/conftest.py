"""A database and a running server of our own for the tests."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from conduit.migrate import migrate
from tests.person import Person


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A fresh, migrated database on the server that DATABASE_URL names."""
    name = f"conduit_test_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            url = make_conninfo(os.environ["DATABASE_URL"], dbname=name)
            with psycopg.connect(url, autocommit=True) as conn:
                migrate(conn)
            yield url
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server(database_url: str) -> Iterator[str]:
    """The address of a running server."""
    with running_server(database_url) as (_, url):
        yield url


class running_server:  # noqa: N801 - used like a function
    """A server process and its address; ended when the block ends."""

    def __init__(self, database_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/api"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "conduit"],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "DATABASE_URL": database_url, "PORT": str(port)},
        )

    def __enter__(self) -> tuple[subprocess.Popen[bytes], str]:
        give_up_at = time.monotonic() + 30
        while time.monotonic() < give_up_at and self.process.poll() is None:
            try:
                httpx.get(f"{self.url}/tags")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return self.process, self.url
        self.__exit__()
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.fixture
def anna(http: httpx.Client) -> Person:
    return Person.register(http)


@pytest.fixture
def bert(http: httpx.Client) -> Person:
    return Person.register(http)

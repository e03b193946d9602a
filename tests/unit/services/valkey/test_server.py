"""A real Valkey: a new server for each target, with its own password, and nothing left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from worksample.errors import ServiceUnavailable, UserError
from worksample.sandbox.ports import free_port
from worksample.services import services
from worksample.services.valkey import SERVICE, ValkeyServers, ValkeyStore

Scene = Callable[[ValkeyServers], Awaitable[None]]


def with_servers(scene: Scene) -> None:
    async def run() -> None:
        async with ValkeyServers.open() as servers:
            await scene(servers)

    asyncio.run(run())


async def answer(store: ValkeyStore, *commands: str, lines: int = 1) -> list[str]:
    """Return the lines that the server of `store` answers to commands."""
    names = store.placeholders
    reader, writer = await asyncio.open_connection(names["valkey.host"], int(names["valkey.port"]))
    writer.write("".join(f"{each}\r\n" for each in commands).encode())
    found = [(await reader.readline()).decode().strip() for _ in range(lines)]
    writer.close()
    await writer.wait_closed()
    return found


def test_each_target_has_a_store_of_its_own() -> None:
    async def scene(servers: ValkeyServers) -> None:
        one, other = await servers.create_resource(), await servers.create_resource()
        login = f"AUTH {one.password}"
        assert await answer(one, login, "SET name ada", "GET name", lines=4) == [
            *("+OK", "+OK", "$3", "ada")
        ]
        assert await answer(other, f"AUTH {other.password}", "GET name", lines=2) == ["+OK", "$-1"]
        [refused] = await answer(other, login)
        assert refused.startswith("-WRONGPASS")
        [refused] = await answer(one, "GET name")
        assert refused.startswith("-NOAUTH")

    with_servers(scene)


def test_a_store_is_gone_when_it_is_dropped() -> None:
    async def scene(servers: ValkeyServers) -> None:
        store, other = await servers.create_resource(), await servers.create_resource()
        await store.drop()
        await store.drop()
        with pytest.raises(ConnectionRefusedError):
            await answer(store, "PING")
        assert await answer(other, f"AUTH {other.password}") == ["+OK"]

    with_servers(scene)


def test_environment_and_placeholders_name_the_same_store() -> None:
    async def scene(servers: ValkeyServers) -> None:
        store = await servers.create_resource()
        names = store.placeholders
        assert frozenset(names) == services()["valkey"].placeholder_names
        assert store.environment == {"REDIS_URL": names["valkey.url"]}
        address = f"{names['valkey.host']}:{names['valkey.port']}"
        assert names["valkey.url"] == f"redis://:{names['valkey.password']}@{address}/0"

    with_servers(scene)


def test_failure_within_the_block_stops_the_servers() -> None:
    found: list[ValkeyStore] = []

    async def scene(servers: ValkeyServers) -> None:
        found.append(await servers.create_resource())
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        with_servers(scene)
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(answer(found[0], "PING"))


def test_another_port_is_tried_where_one_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(servers: ValkeyServers) -> None:
        first = await servers.create_resource()
        ports = iter((first.port, free_port()))
        monkeypatch.setattr("worksample.services.valkey.server.free_port", lambda: next(ports))
        second = await servers.create_resource()
        assert await answer(second, f"AUTH {second.password}") == ["+OK"]

    with_servers(scene)


def test_only_the_owner_of_the_run_reads_the_password(tmp_path: Path) -> None:
    async def scene(servers: ValkeyServers) -> None:
        store = await servers.create_resource()
        [path] = servers.folder.glob("*/valkey.conf")
        assert store.password in path.read_text()
        assert path.stat().st_mode & 0o077 == 0

    with_servers(scene)


def test_a_server_that_does_not_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "valkey-server"
    program.write_text("#!/bin/sh\necho no memory\nexit 3\n")
    program.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("WORKSAMPLE_VALKEY_SERVER", str(program))

    async def scene(servers: ValkeyServers) -> None:
        with pytest.raises(ServiceUnavailable, match=r"did not start \(exit code 3\)") as found:
            await servers.create_resource()
        assert "no memory" in found.value.message

    with_servers(scene)


def test_a_program_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSAMPLE_VALKEY_SERVER", "/no/such/program")
    with pytest.raises(ServiceUnavailable, match="WORKSAMPLE_VALKEY_SERVER is /no/such/program"):
        SERVICE.describe()


def test_a_server_that_runs_already_is_refused() -> None:
    async def start() -> None:
        async with SERVICE.start(url="redis://127.0.0.1"):
            raise AssertionError("must not start")

    with pytest.raises(UserError, match="runs already"):
        asyncio.run(start())

"""Targets: start, readiness, stop, kill, restart, log and cleanup."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import threading
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop

from tests.unit.targets.servers import GOOD, built
from worksample.errors import ServerAddressError
from worksample.sandbox import Exit
from worksample.sandbox.ports import free_port
from worksample.sandbox.processes import descendants
from worksample.services.postgres import PostgresServer
from worksample.stacks import detect
from worksample.targets import ExternalTarget, Target

APPS = Path(__file__).parents[2] / "support" / "apps"


def on_target(
    folder: Path,
    body: Callable[[Target], Awaitable[Any]],
    code: str = GOOD,
    settings: str = "",
    run: Callable[[Any], Any] = asyncio.run,
) -> Any:
    async def main() -> Any:
        async with built(folder, code, settings) as result, Target.start(result) as target:
            return await body(target)

    return run(main())


async def get(target: Target | ExternalTarget, path: str = "/", data: bytes | None = None) -> str:
    def ask() -> str:
        with urllib.request.urlopen(target.base_url + path, data=data, timeout=30) as answer:
            return str(answer.read().decode())

    return await asyncio.to_thread(ask)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_started_server_answers(tmp_path: Path, run: Any) -> None:
    async def body(target: Target) -> None:
        assert target.controllable
        assert target.alive
        assert target.exit is None
        assert target.exit_description == ""
        assert await get(target, "/hello") == "/hello"
        assert len(target.pids()) == 1
        assert 0 < target.cpu_seconds() < 30

    on_target(tmp_path, body, run=run)


def test_flush_log_frames_the_output_of_a_request(tmp_path: Path) -> None:
    async def body(target: Target) -> str:
        await get(target, "/first")
        start = await target.flush_log()
        await get(target, "/second")
        end = await target.flush_log()
        await get(target, "/third")
        return target.log.text(start, end)

    assert on_target(tmp_path, body) == "request /second\n"


def test_restart_keeps_port_and_log(tmp_path: Path) -> None:
    async def body(target: Target) -> None:
        url, cpu, [pid] = target.base_url, target.cpu_seconds(), target.pids()
        await get(target, "/before")
        await target.restart()
        assert target.alive
        assert target.base_url == url
        assert target.pids() != [pid]
        assert target.cpu_seconds() > cpu
        await get(target, "/after")
        assert "request /before" in target.log.text()

    on_target(tmp_path, body)


def test_kill_sends_no_sigterm_and_begin_starts_again(tmp_path: Path) -> None:
    code = (
        "signal.signal(signal.SIGTERM, lambda *_: print('received SIGTERM', flush=True))\nserve()"
    )

    async def body(target: Target) -> None:
        assert await target.kill() == Exit(None, signal.SIGKILL)
        assert not target.alive
        assert target.exit_description == "killed by SIGKILL"
        assert target.pids() == []
        assert "received SIGTERM" not in target.log.text()
        await target.begin()
        assert await get(target) == "/"
        await target.kill()

    on_target(tmp_path, body, code)


def test_terminate_waits_for_graceful_shutdown(tmp_path: Path) -> None:
    code = """
def end(*_):
    print("closing", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
serve()"""

    async def body(target: Target) -> None:
        assert await target.terminate() == Exit(0, None)
        assert "closing" in target.log.text()
        assert not target.alive

    on_target(tmp_path, body, code)


def test_stop_kills_a_server_that_ignores_sigterm(tmp_path: Path) -> None:
    code = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nserve()"

    async def body(target: Target) -> None:
        assert await target.terminate() is None
        assert target.alive
        assert await target.stop() == Exit(None, signal.SIGKILL)

    on_target(tmp_path, body, code, "[run]\nstop_timeout = 0.2")


def test_unexpected_exit_is_noticed(tmp_path: Path) -> None:
    code = """
class Dies(Handler):
    def do_GET(self):
        if self.path == "/die":
            os._exit(9)
        self.answer(200, "")
serve(handler=Dies)"""

    async def body(target: Target) -> str:
        with pytest.raises(OSError):
            await get(target, "/die")
        while target.alive:
            await asyncio.sleep(0.005)
        return target.exit_description

    assert on_target(tmp_path, body, code) == "exit code 9"


def test_stop_ends_orphaned_children(tmp_path: Path) -> None:
    code = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait()
serve()"""
    supervisor_pid = 0

    async def body(target: Target) -> None:
        nonlocal supervisor_pid
        assert len(target.pids()) == 2
        assert target._program is not None
        supervisor_pid = target._program.supervisor_pid

    on_target(tmp_path, body, code)
    assert descendants(supervisor_pid) == []


def test_large_output_is_bounded_and_does_not_block(tmp_path: Path) -> None:
    code = """
class Loud(Handler):
    def do_GET(self):
        sys.stdout.write("x" * 20_000_000 + "\\n")
        sys.stdout.flush()
        self.answer(200, "still here")
serve(handler=Loud)"""

    async def body(target: Target) -> None:
        assert await get(target) == "still here"
        assert target.log.path.stat().st_size <= target.log.head + target.log.tail + 24

    on_target(tmp_path, body, code)


def test_start_waits_while_the_ready_path_answers_500(tmp_path: Path) -> None:
    code = """
asked = []
class Slow(Handler):
    def do_GET(self):
        asked.append(1)
        self.answer(500 if len(asked) < 4 else 200, "")
serve(handler=Slow)"""

    async def body(target: Target) -> bool:
        return target.alive

    assert on_target(tmp_path, body, code, '[run]\nready = "/tags"')


@pytest.mark.parametrize("status", [200, 301, 401, 404])
def test_any_status_below_500_is_ready(tmp_path: Path, status: int) -> None:
    code = f"""
class Other(Handler):
    def do_GET(self):
        self.answer({status}, "")
serve(handler=Other)"""

    async def body(target: Target) -> bool:
        return target.alive

    assert on_target(tmp_path, body, code)


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ('serve("0.0.0.0")', "http://127.0.0.1:"),
        ('serve("::1", server=Six)', "http://[::1]:"),
        ('serve("127.0.0.7")', "http://127.0.0.7:"),
    ],
)
def test_base_url_uses_the_loopback_address_of_the_server(
    tmp_path: Path, code: str, start: str
) -> None:
    async def body(target: Target) -> str:
        assert await get(target) == "/"
        return target.base_url

    assert on_target(tmp_path, body, code).startswith(start)


def test_fixed_port_is_used(tmp_path: Path) -> None:
    port = free_port()

    async def body(target: Target) -> str:
        return target.base_url

    found = on_target(tmp_path, body, f"serve(port={port})", f"[run]\nport = {port}")
    assert found == f"http://127.0.0.1:{port}"


def test_fixed_port_can_be_reused_at_once(tmp_path: Path) -> None:
    port = free_port()
    code = f"Handler.protocol_version = 'HTTP/1.0'\nserve(port={port})"

    async def body(target: Target) -> None:
        for _ in range(3):
            await get(target)

    for _ in range(3):
        on_target(tmp_path, body, code, f"[run]\nport = {port}")


@contextmanager
def answering(server: socket.socket) -> Iterator[None]:
    """Answer every connection with an empty 200 until the block ends."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("answers", [True, False], ids=["a server", "a silent server"])
def test_start_picks_another_port_after_losing_a_race(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    async def body(target: Target) -> str:
        assert await get(target) == "/"
        return target.base_url

    with ExitStack() as stack:
        other_server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if answers:
            stack.enter_context(answering(other_server))
        taken = other_server.getsockname()[1]
        ports = iter([taken, free_port()])
        monkeypatch.setattr("worksample.targets.target.free_port", lambda: next(ports))
        assert not on_target(tmp_path, body).endswith(f":{taken}")


def test_instances_share_database_and_secrets(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            PostgresServer.start() as server,
            detect(APPS / "stdlib-server").build() as result,
        ):
            database = await server.create_resource()
            async with (
                Target.start(result, [database]) as one,
                Target.start(result, [database], release=False) as two,
            ):
                mine, yours = one.environment(), two.environment()
                assert one.base_url != two.base_url
                assert mine["HOME"] != yours["HOME"]
                for key in ("DATABASE_URL", "SECRET_KEY", "JWT_SECRET", "PGPASSWORD"):
                    assert mine[key] == yours[key]
                assert await get(one) == await get(two)

    asyncio.run(main())


def test_committed_data_survives_a_crash(tmp_path: Path) -> None:
    async def main() -> None:
        lines: list[str] = []
        async with (
            PostgresServer.start() as server,
            detect(APPS / "psycopg-notes").build() as result,
        ):
            database = await server.create_resource()
            async with Target.start(result, [database], on_line=lines.append) as target:
                assert await get(target, data=b"a note") == "kept"
                await target.kill()
                await target.begin()
                assert await get(target) == "1"
                await target.stop()
                await database.reset()
        assert lines == ["migrated"]

    asyncio.run(main())


def test_external_target_answers_and_is_not_controllable(tmp_path: Path) -> None:
    async def body(target: Target) -> None:
        async with ExternalTarget.open(f"{target.base_url}/") as other:
            assert other.base_url == target.base_url
            assert not other.controllable
            assert other.alive
            assert (other.exit_description, await other.flush_log(), other.log.text()) == (
                "",
                0,
                "",
            )
            assert await get(other, "/x") == "/x"

    on_target(tmp_path, body)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1", "https://127.0.0.1:1", "127.0.0.1:8000", "http://x:port", "ftp://a/b"],
)
def test_unreachable_url_raises_user_error(url: str) -> None:
    async def main() -> None:
        async with ExternalTarget.open(url):
            pass

    with pytest.raises(ServerAddressError, match=re.escape(url)):
        asyncio.run(main())

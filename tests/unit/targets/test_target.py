"""A target is started, questioned, stopped, killed and started again; nothing of it is left."""

from __future__ import annotations

import asyncio
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
from worksample.errors import UserError
from worksample.sandbox import Exit
from worksample.sandbox.ports import free_port
from worksample.sandbox.processes import descendants
from worksample.services.postgres import PostgresServer
from worksample.stacks import recognise
from worksample.targets import ExternalTarget, Target

APPS = Path(__file__).parents[2] / "support" / "apps"


def on_target(
    folder: Path,
    scene: Callable[[Target], Awaitable[Any]],
    code: str = GOOD,
    settings: str = "",
    run: Callable[[Any], Any] = asyncio.run,
) -> Any:
    async def main() -> Any:
        async with built(folder, code, settings) as result, Target.start(result) as target:
            return await scene(target)

    return run(main())


async def get(target: Target | ExternalTarget, path: str = "/", data: bytes | None = None) -> str:
    def ask() -> str:
        with urllib.request.urlopen(target.base_url + path, data=data, timeout=30) as answer:
            return str(answer.read().decode())

    return await asyncio.to_thread(ask)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_a_server_is_started_and_answers(tmp_path: Path, run: Any) -> None:
    async def scene(target: Target) -> None:
        assert target.controllable
        assert target.alive
        assert target.exit is None
        assert target.exit_description == ""
        assert await get(target, "/hello") == "/hello"
        assert len(target.pids()) == 1
        assert 0 < target.cpu_seconds() < 30

    on_target(tmp_path, scene, run=run)


def test_the_log_tells_what_was_printed_during_a_request(tmp_path: Path) -> None:
    async def scene(target: Target) -> str:
        await get(target, "/first")
        start = await target.settle_log()
        await get(target, "/second")
        end = await target.settle_log()
        await get(target, "/third")
        return target.log.text(start, end)

    assert on_target(tmp_path, scene) == "asked /second\n"


def test_a_restart_keeps_port_and_log(tmp_path: Path) -> None:
    async def scene(target: Target) -> None:
        url, cpu, [pid] = target.base_url, target.cpu_seconds(), target.pids()
        await get(target, "/before")
        await target.restart()
        assert target.alive
        assert target.base_url == url
        assert target.pids() != [pid]
        assert target.cpu_seconds() > cpu
        await get(target, "/after")
        assert "asked /before" in target.log.text()

    on_target(tmp_path, scene)


def test_a_kill_is_sudden_and_can_be_recovered_from(tmp_path: Path) -> None:
    code = "signal.signal(signal.SIGTERM, lambda *_: print('asked to end', flush=True))\nserve()"

    async def scene(target: Target) -> None:
        assert await target.kill() == Exit(None, signal.SIGKILL)
        assert not target.alive
        assert target.exit_description == "killed by SIGKILL"
        assert target.pids() == []
        assert "asked to end" not in target.log.text()
        await target.begin()
        assert await get(target) == "/"
        await target.kill()

    on_target(tmp_path, scene, code)


def test_a_polite_end_is_waited_for(tmp_path: Path) -> None:
    code = """
def end(*_):
    print("closing", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
serve()"""

    async def scene(target: Target) -> None:
        assert await target.terminate() == Exit(0, None)
        assert "closing" in target.log.text()
        assert not target.alive

    on_target(tmp_path, scene, code)


def test_one_that_does_not_end_is_told_apart_and_killed_in_the_end(tmp_path: Path) -> None:
    code = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nserve()"

    async def scene(target: Target) -> None:
        assert await target.terminate() is None
        assert target.alive
        assert await target.stop() == Exit(None, signal.SIGKILL)

    on_target(tmp_path, scene, code, "[run]\nstop_timeout = 0.2")


def test_one_that_dies_in_the_middle_is_seen(tmp_path: Path) -> None:
    code = """
class Dies(Handler):
    def do_GET(self):
        if self.path == "/die":
            os._exit(9)
        self.answer(200, "")
serve(handler=Dies)"""

    async def scene(target: Target) -> str:
        with pytest.raises(OSError):
            await get(target, "/die")
        while target.alive:
            await asyncio.sleep(0.005)
        return target.exit_description

    assert on_target(tmp_path, scene, code) == "exit code 9"


def test_children_that_it_leaves_are_ended(tmp_path: Path) -> None:
    code = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait()
serve()"""
    keeper = 0

    async def scene(target: Target) -> None:
        nonlocal keeper
        assert len(target.pids()) == 2
        assert target._program is not None
        keeper = target._program.keeper

    on_target(tmp_path, scene, code)
    assert descendants(keeper) == []


def test_a_flood_of_output_neither_blocks_nor_fills_the_disk(tmp_path: Path) -> None:
    code = """
class Loud(Handler):
    def do_GET(self):
        sys.stdout.write("x" * 20_000_000 + "\\n")
        sys.stdout.flush()
        self.answer(200, "still here")
serve(handler=Loud)"""

    async def scene(target: Target) -> None:
        assert await get(target) == "still here"
        assert target.log.path.stat().st_size <= target.log.head + target.log.tail + 24

    on_target(tmp_path, scene, code)


def test_one_that_answers_500_at_first_is_waited_for(tmp_path: Path) -> None:
    code = """
asked = []
class Slow(Handler):
    def do_GET(self):
        asked.append(1)
        self.answer(500 if len(asked) < 4 else 200, "")
serve(handler=Slow)"""

    async def scene(target: Target) -> bool:
        return target.alive

    assert on_target(tmp_path, scene, code, '[run]\nready = "/tags"')


@pytest.mark.parametrize("status", [200, 301, 401, 404])
def test_any_answer_below_500_is_ready(tmp_path: Path, status: int) -> None:
    code = f"""
class Other(Handler):
    def do_GET(self):
        self.answer({status}, "")
serve(handler=Other)"""

    async def scene(target: Target) -> bool:
        return target.alive

    assert on_target(tmp_path, scene, code)


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ('serve("0.0.0.0")', "http://127.0.0.1:"),
        ('serve("::1", server=Six)', "http://[::1]:"),
        ('serve("127.0.0.7")', "http://127.0.0.7:"),
    ],
)
def test_whichever_loopback_address_it_listens_on_is_used(
    tmp_path: Path, code: str, start: str
) -> None:
    async def scene(target: Target) -> str:
        assert await get(target) == "/"
        return target.base_url

    assert on_target(tmp_path, scene, code).startswith(start)


def test_a_fixed_port_is_used_as_it_is(tmp_path: Path) -> None:
    port = free_port()

    async def scene(target: Target) -> str:
        return target.base_url

    found = on_target(tmp_path, scene, f"serve(port={port})", f"[run]\nport = {port}")
    assert found == f"http://127.0.0.1:{port}"


def test_a_fixed_port_may_be_used_again_at_once(tmp_path: Path) -> None:
    port = free_port()
    code = f"Handler.protocol_version = 'HTTP/1.0'\nserve(port={port})"

    async def scene(target: Target) -> None:
        for _ in range(3):
            await get(target)

    for _ in range(3):
        on_target(tmp_path, scene, code, f"[run]\nport = {port}")


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


@pytest.mark.parametrize("answers", [True, False], ids=["a server", "one that is mute"])
def test_a_port_that_somebody_took_in_between_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    async def scene(target: Target) -> str:
        assert await get(target) == "/"
        return target.base_url

    with ExitStack() as stack:
        thief = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if answers:
            stack.enter_context(answering(thief))
        taken = thief.getsockname()[1]
        ports = iter([taken, free_port()])
        monkeypatch.setattr("worksample.targets.target.free_port", lambda: next(ports))
        assert not on_target(tmp_path, scene).endswith(f":{taken}")


def test_two_instances_share_a_database_and_a_secret(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            PostgresServer.start() as server,
            recognise(APPS / "stdlib-server").build() as result,
        ):
            database = await server.create_database()
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


def test_a_real_application_keeps_its_data_over_a_crash(tmp_path: Path) -> None:
    async def main() -> None:
        lines: list[str] = []
        async with (
            PostgresServer.start() as server,
            recognise(APPS / "psycopg-notes").build() as result,
        ):
            database = await server.create_database()
            async with Target.start(result, [database], on_line=lines.append) as target:
                assert await get(target, data=b"a note") == "kept"
                await target.kill()
                await target.begin()
                assert await get(target) == "1"
                await target.stop()
                await database.reset()
        assert lines == ["migrated"]

    asyncio.run(main())


def test_a_running_server_can_be_questioned_not_controlled(tmp_path: Path) -> None:
    async def scene(target: Target) -> None:
        async with ExternalTarget.open(f"{target.base_url}/") as other:
            assert other.base_url == target.base_url
            assert not other.controllable
            assert other.alive
            assert (other.exit_description, await other.settle_log(), other.log.text()) == (
                "",
                0,
                "",
            )
            assert await get(other, "/x") == "/x"

    on_target(tmp_path, scene)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1", "https://127.0.0.1:1", "127.0.0.1:8000", "http://x:port", "ftp://a/b"],
)
def test_an_address_where_nobody_is_is_the_users_mistake(url: str) -> None:
    async def main() -> None:
        async with ExternalTarget.open(url):
            pass

    with pytest.raises(UserError, match="--url"):
        asyncio.run(main())

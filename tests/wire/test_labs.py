"""Labs of real servers: after any disturbance, the next check gets a working lab."""

from __future__ import annotations

import asyncio
import os
import shutil
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from worksample.errors import StartFailed
from worksample.sandbox.processes import descendants
from worksample.services.postgres import PostgresServer
from worksample.stacks import BuiltSubmission, detect
from worksample.targets import Lab, Target
from worksample.wire import FaultScript
from worksample.wire.faults.swallow import Swallow

NOTES = Path(__file__).parents[1] / "support" / "apps" / "psycopg-notes"
TIMEOUT_SECONDS = 60.0
Scene = Callable[[Lab], Awaitable[None]]


def run_scene(server: PostgresServer, scene: Scene, app: Path = NOTES) -> None:
    """Run a scene in a lab, and assert that it leaves no task, process or database."""

    async def main() -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS), detect(app).build() as built:
            before = asyncio.all_tasks()
            try:
                async with Lab.open(built, [server]) as lab:
                    await scene(lab)
            finally:
                assert asyncio.all_tasks() == before
                await assert_nothing_left(built, server)

    asyncio.run(main())


async def assert_nothing_left(built: BuiltSubmission, server: PostgresServer) -> None:
    """Assert that no process of the server and no database is left."""
    async with await server.admin.connect("postgres") as connection:
        names = "select datname from pg_database where datname like 'app_%'"
        cursor = await connection.execute(names)
        assert await cursor.fetchall() == []
    assert not [
        pid for pid in descendants(os.getpid()) if str(built.folder) in working_directory(pid)
    ]


def working_directory(pid: int) -> str:
    """Return the working directory of a process, "" if it is gone."""
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


async def ask(target: Target, text: str | None = None) -> str:
    """Add a note, or return the number of notes; raises `OSError` if that fails."""

    def send() -> str:
        data = None if text is None else text.encode()
        with urllib.request.urlopen(target.base_url, data, timeout=20) as answer:
            body: bytes = answer.read()
        return body.decode()

    return await asyncio.to_thread(send)


def test_statements_of_the_server_pass_the_wire(server: PostgresServer) -> None:
    async def scene(lab: Lab) -> None:
        assert lab.wired
        with recorded_statements(lab, "add") as statements:
            assert await ask(lab.target, "milk") == "kept"
        assert "INSERT INTO note" in statements()

    run_scene(server, scene)


@contextmanager
def recorded_statements(lab: Lab, name: str) -> Iterator[Callable[[], str]]:
    """Yield a function that returns the statements since the block began."""
    before = len(lab.wire.history)
    yield lambda: " ".join(map(str, list(lab.wire.history)[before:]))


async def kill(lab: Lab) -> None:
    await lab.target.kill()


async def stop_the_database(lab: Lab) -> None:
    lab.wire.take_down()


async def stop_and_start_the_database(lab: Lab) -> None:
    lab.wire.take_down(reset=False)
    lab.wire.bring_up()


async def swallow_an_answer(lab: Lab) -> None:
    """Let the server wait for a reply that never arrives, and end the check."""
    async with lab.wire.trace("A", FaultScript({1: Swallow()})) as trace:
        asking = asyncio.create_task(ask(lab.target, "lost"))
        assert await trace.wait_for_step(1, unless=asking)
        await trace.wait_answered()
    with suppress(OSError):
        await asking


async def kill_twin(lab: Lab) -> None:
    twin = await lab.second_instance()
    assert await ask(twin, "from the twin") == "kept"
    await twin.kill()
    await lab.target.kill()


@pytest.mark.parametrize(
    "disturb",
    [
        kill,
        stop_the_database,
        stop_and_start_the_database,
        swallow_an_answer,
        kill_twin,
    ],
    ids=lambda each: each.__name__,
)
def test_lab_works_again_after_any_disturbance(server: PostgresServer, disturb: Scene) -> None:
    async def scene(lab: Lab) -> None:
        await ask(lab.target, "milk")
        await disturb(lab)
        await lab.restore()
        assert await ask(lab.target, "bread") == "kept"
        assert int(await ask(lab.target)) >= 2
        assert await lab.wire.wait_idle(0)
        assert not lab.wire.disturbed
        assert await ask(await lab.second_instance(), "butter") == "kept"

    run_scene(server, scene)


@pytest.mark.parametrize("always", [True, False])
def test_server_with_open_transaction_is_restarted(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, always: bool
) -> None:
    monkeypatch.setattr("worksample.targets.lab.QUIET_SECONDS", 0.3)
    ready = "" if always else '[run]\nready = "/health"\n'
    app = changed(tmp_path, ", autocommit=True)", ")")
    (app / "worksample.toml").write_text(f'challenge = "notes"\n{ready}')

    async def scene(lab: Lab) -> None:
        for _ in range(2):
            pids = lab.target.pids()
            assert await ask(lab.target, "never committed") == "kept"
            await lab.restore()
            assert not set(pids) & set(lab.target.pids())
            assert await ask(lab.target) == "0"
            await lab.restore()

    run_scene(server, scene, app)


def changed(folder: Path, old: str, new: str) -> Path:
    """Return a copy of the notes application with `old` replaced by `new`."""
    shutil.copytree(NOTES, folder / "app")
    program = folder / "app" / "notes.py"
    text = program.read_text()
    assert old in text
    program.write_text(text.replace(old, new))
    return folder / "app"


def test_lab_begins_with_a_copy_of_what_another_one_holds(server: PostgresServer) -> None:
    async def scene(lab: Lab) -> None:
        await ask(lab.target, "milk")
        await lab.target.stop()
        lab.wire.take_down()
        for _ in range(2):
            copy = Lab.open(lab.built, [server], original=lab.copyable)
            async with copy as other:
                assert await ask(other.target) == "1"
                with recorded_statements(other, "add") as statements:
                    await ask(other.target, "bread")
                assert "INSERT INTO note" in statements()
                assert "migrated" not in other.target.printed()

    run_scene(server, scene)


def test_undisturbed_server_is_not_restarted(server: PostgresServer) -> None:
    async def scene(lab: Lab) -> None:
        twin = await lab.second_instance()
        pids = lab.target.pids(), twin.pids()
        await ask(lab.target, "milk")
        await lab.restore()
        assert (lab.target.pids(), twin.pids()) == pids
        assert await lab.second_instance() is twin
        assert await ask(twin) == "1"

    run_scene(server, scene)


def test_server_that_cannot_restart_raises_start_failed(
    server: PostgresServer, tmp_path: Path
) -> None:
    app = changed(tmp_path, "connection = psycopg", 'open("started", "x")\nconnection = psycopg')

    async def scene(lab: Lab) -> None:
        await lab.target.kill()
        with pytest.raises(StartFailed, match="ended"):
            await lab.restore()

    run_scene(server, scene, app)


def test_lab_that_cannot_start_leaves_nothing(server: PostgresServer, tmp_path: Path) -> None:
    app = changed(tmp_path, "connection = psycopg", 'raise SystemExit("no")\nconnection = psycopg')

    async def scene(lab: Lab) -> None:
        raise AssertionError("it cannot start")

    with pytest.raises(StartFailed, match="ended"):
        run_scene(server, scene, app)


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
def test_check_that_raises_leaves_nothing(
    server: PostgresServer, error: type[BaseException]
) -> None:
    async def scene(lab: Lab) -> None:
        await lab.second_instance()
        lab.wire.take_down()
        raise error

    with pytest.raises(error):
        run_scene(server, scene)


def test_databases_have_separate_connection_limits(server: PostgresServer) -> None:
    """Each database allows as many connections as an unconfigured PostgreSQL."""

    async def main() -> None:
        databases = [await server.create_resource() for _ in range(3)]
        async with AsyncExitStack() as stack:
            for database in databases:
                for _ in range(90):
                    await stack.enter_async_context(
                        await psycopg.AsyncConnection.connect(database.url)
                    )
            with pytest.raises(psycopg.OperationalError, match="too many connections"):
                for _ in range(20):
                    await stack.enter_async_context(
                        await psycopg.AsyncConnection.connect(databases[0].url)
                    )
        for database in databases:
            await database.drop()

    asyncio.run(main())

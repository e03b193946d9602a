"""Programs run with exactly what they are given, and end with all that descended from them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import uvloop

from worksample.sandbox import Command, Exit, LaunchError, LogFile, Program, run
from worksample.sandbox.processes import descendants

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        os.write(1, f"daemon {os.getpid()}\\n".encode())
        time.sleep(600)
    os._exit(0)
os.wait()
"""


def python(code: str, cwd: Path, **rest: Any) -> Command:
    return Command([sys.executable, "-I", "-S", "-c", code], cwd, {}, **rest)


def shell(line: str, cwd: Path, **env: str) -> Command:
    return Command(["/bin/sh", "-c", line], cwd, {"PATH": "/usr/bin:/bin", **env})


async def printed(program: Program, text: str) -> None:
    """Wait until the program has printed `text`, or has ended."""
    while text not in program.log.text() and program.exit is None:
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("loop", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_a_program_gets_its_folder_its_environment_and_no_input(tmp_path: Path, loop: Any) -> None:
    async def scene() -> LogFile:
        log = LogFile(tmp_path / "log")
        done = await run(shell("pwd; env; cat", tmp_path, ONLY="this"), log, timeout=30)
        assert done.ok
        return log

    lines = set(loop(scene()).text().splitlines())
    assert lines >= {str(tmp_path.resolve()), "ONLY=this"}
    assert not any(line.startswith(("HOME=", "VIRTUAL_ENV=")) for line in lines)


@pytest.mark.parametrize(
    ("line", "expected", "words"),
    [
        ("exit 3", Exit(3, None), "exit code 3"),
        ("kill -SEGV $$", Exit(None, signal.SIGSEGV), "killed by SIGSEGV"),
    ],
)
def test_how_it_ended_is_told(tmp_path: Path, line: str, expected: Exit, words: str) -> None:
    done = asyncio.run(run(shell(line, tmp_path), LogFile(tmp_path / "log"), timeout=30))
    assert (done.exit, str(done.exit), done.ok) == (expected, words, False)


def test_lines_are_streamed_whole_and_the_last_may_lack_its_end(tmp_path: Path) -> None:
    lines: list[str] = []
    line = "printf 'one\\ntw'; printf 'o\\r\\nthree'"
    asyncio.run(
        run(shell(line, tmp_path), LogFile(tmp_path / "log"), timeout=30, on_line=lines.append)
    )
    assert lines == ["one", "two", "three"]


def test_a_one_shot_run_ends_at_its_time_out(tmp_path: Path) -> None:
    done = asyncio.run(run(shell("sleep 600", tmp_path), LogFile(tmp_path / "log"), timeout=0.1))
    assert done.exit is None
    assert not done.ok


@pytest.mark.parametrize(
    ("argv", "cwd", "reason"),
    [
        (["no-such-program"], "/", "FileNotFoundError"),
        (["/"], "/", "PermissionError"),
        (["true"], "/no/such/folder", "FileNotFoundError"),
    ],
)
def test_what_cannot_be_started_says_why(
    tmp_path: Path, argv: list[str], cwd: str, reason: str
) -> None:
    command = Command(argv, Path(cwd), {"PATH": "/usr/bin:/bin"})
    with pytest.raises(LaunchError, match=reason):
        asyncio.run(run(command, LogFile(tmp_path / "log"), timeout=30))


def test_a_daemon_that_left_its_session_is_ended_too(tmp_path: Path) -> None:
    async def scene() -> tuple[list[int], list[int]]:
        async with Program.start(python(DAEMON, tmp_path), LogFile(tmp_path / "log")) as program:
            await program.wait()
            await printed_daemon(program)
            before = descendants(program.keeper)
            await program.stop()
            return before, descendants(program.keeper)

    before, after = asyncio.run(scene())
    assert len(before) == 1
    assert after == []


async def printed_daemon(program: Program) -> None:
    while "daemon" not in program.log.text():
        await asyncio.sleep(0.005)


def test_one_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: os.write(1, b'no\\n'))\n"
        "os.write(1, b'up\\n')\nwhile True: time.sleep(600)"
    )

    async def scene() -> tuple[Exit | None, str]:
        async with Program.start(python(code, tmp_path), LogFile(tmp_path / "log")) as program:
            await printed(program, "up")
            return await program.stop(grace=0.2), program.log.text()

    assert asyncio.run(scene()) == (Exit(None, signal.SIGKILL), "up\nno\n")


def test_signals_reach_a_group_when_a_shell_is_in_between(tmp_path: Path) -> None:
    inner = "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.01; done"
    command = shell(f'sh -c "{inner}"; true', tmp_path)
    grouped = Command(command.argv, tmp_path, command.env, group=True)

    async def scene() -> str:
        async with Program.start(grouped, LogFile(tmp_path / "log")) as program:
            await printed(program, "up")
            await program.stop(grace=30)
            return program.log.text()

    assert "asked" in asyncio.run(scene()).splitlines()


def test_leaving_the_block_by_an_error_ends_the_program(tmp_path: Path) -> None:
    keeper = 0

    async def scene() -> None:
        nonlocal keeper
        log = LogFile(tmp_path / "log")
        async with Program.start(shell("sleep 600", tmp_path), log) as program:
            keeper = program.keeper
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(scene())
    assert descendants(keeper) == []
    with pytest.raises(ProcessLookupError):
        os.kill(keeper, 0)


def test_a_cancelled_run_ends_the_program(tmp_path: Path) -> None:
    async def scene() -> int:
        log = LogFile(tmp_path / "log")
        pids: list[int] = []
        task = asyncio.create_task(held(Program.start(shell("sleep 600", tmp_path), log), pids))
        while not pids:
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return pids[0]

    with pytest.raises(ProcessLookupError):
        os.kill(asyncio.run(scene()), 0)


async def held(starting: Any, pids: list[int]) -> None:
    async with starting as program:
        pids.append(program.pid)
        await program.wait()


@pytest.mark.parametrize("loop", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_a_killed_keeper_takes_the_program_along(tmp_path: Path, loop: Any) -> None:
    async def scene() -> list[Exit | None]:
        log = LogFile(tmp_path / "log")
        async with Program.start(shell("exec sleep 600", tmp_path), log) as program:
            os.kill(program.keeper, signal.SIGKILL)
            ended = [await program.wait(30)]
            for _ in range(8):
                await program.signal(signal.SIGTERM)
                await program.settle_log()
                ended.append(await program.stop())
            return ended

    assert loop(scene()) == [Exit(None, signal.SIGKILL)] * 9

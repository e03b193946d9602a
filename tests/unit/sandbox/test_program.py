"""Programs run with exactly the given environment, and end together with their descendants."""

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


def python(code: str, cwd: Path, **options: Any) -> Command:
    return Command([sys.executable, "-I", "-S", "-c", code], cwd, {}, **options)


def shell(line: str, cwd: Path, **env: str) -> Command:
    return Command(["/bin/sh", "-c", line], cwd, {"PATH": "/usr/bin:/bin", **env})


async def wait_for_output(program: Program, text: str) -> None:
    """Wait until the program has printed `text` or has exited."""
    while text not in program.log.text() and program.exit is None:
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("loop", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_program_gets_cwd_environment_and_no_input(tmp_path: Path, loop: Any) -> None:
    async def body() -> LogFile:
        log = LogFile(tmp_path / "log")
        done = await run(shell("pwd; env; cat", tmp_path, ONLY="this"), log, timeout=30)
        assert done.ok
        return log

    lines = set(loop(body()).text().splitlines())
    assert lines >= {str(tmp_path.resolve()), "ONLY=this"}
    assert not any(line.startswith(("HOME=", "VIRTUAL_ENV=")) for line in lines)


@pytest.mark.parametrize(
    ("line", "expected", "description"),
    [
        ("exit 3", Exit(3, None), "exit code 3"),
        ("kill -SEGV $$", Exit(None, signal.SIGSEGV), "killed by SIGSEGV"),
    ],
)
def test_exit_reports_code_or_signal(
    tmp_path: Path, line: str, expected: Exit, description: str
) -> None:
    done = asyncio.run(run(shell(line, tmp_path), LogFile(tmp_path / "log"), timeout=30))
    assert (done.exit, str(done.exit), done.ok) == (expected, description, False)


def test_on_line_receives_whole_lines(tmp_path: Path) -> None:
    lines: list[str] = []
    line = "printf 'one\\ntw'; printf 'o\\r\\nthree'"
    asyncio.run(
        run(shell(line, tmp_path), LogFile(tmp_path / "log"), timeout=30, on_line=lines.append)
    )
    assert lines == ["one", "two", "three"]


def test_run_stops_the_program_at_its_timeout(tmp_path: Path) -> None:
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
def test_launch_error_names_the_reason(
    tmp_path: Path, argv: list[str], cwd: str, reason: str
) -> None:
    command = Command(argv, Path(cwd), {"PATH": "/usr/bin:/bin"})
    with pytest.raises(LaunchError, match=reason):
        asyncio.run(run(command, LogFile(tmp_path / "log"), timeout=30))


def test_stop_ends_a_daemonized_descendant(tmp_path: Path) -> None:
    async def body() -> tuple[list[int], list[int]]:
        async with Program.start(python(DAEMON, tmp_path), LogFile(tmp_path / "log")) as program:
            await program.wait()
            await wait_for_daemon(program)
            before = descendants(program.supervisor_pid)
            await program.stop()
            return before, descendants(program.supervisor_pid)

    before, after = asyncio.run(body())
    assert len(before) == 1
    assert after == []


async def wait_for_daemon(program: Program) -> None:
    while "daemon" not in program.log.text():
        await asyncio.sleep(0.005)


def test_stop_kills_a_program_that_ignores_sigterm(tmp_path: Path) -> None:
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: os.write(1, b'no\\n'))\n"
        "os.write(1, b'up\\n')\nwhile True: time.sleep(600)"
    )

    async def body() -> tuple[Exit | None, str]:
        async with Program.start(python(code, tmp_path), LogFile(tmp_path / "log")) as program:
            await wait_for_output(program, "up")
            await program.signal(signal.SIGTERM)
            await wait_for_output(program, "no")
            return await program.stop(grace=0.0), program.log.text()

    end, text = asyncio.run(body())
    assert end == Exit(None, signal.SIGKILL)
    assert text.startswith("up\nno\n")


def test_stop_signals_the_process_group_under_a_shell(tmp_path: Path) -> None:
    inner = "trap 'echo terminated; exit 0' TERM; echo up; while :; do sleep 0.01; done"
    command = shell(f'sh -c "{inner}"; true', tmp_path)
    grouped = Command(command.argv, tmp_path, command.env, group=True)

    async def body() -> str:
        async with Program.start(grouped, LogFile(tmp_path / "log")) as program:
            await wait_for_output(program, "up")
            await program.stop(grace=30)
            return program.log.text()

    assert "terminated" in asyncio.run(body()).splitlines()


def test_exception_in_the_block_ends_the_program(tmp_path: Path) -> None:
    supervisor_pid = 0

    async def body() -> None:
        nonlocal supervisor_pid
        log = LogFile(tmp_path / "log")
        async with Program.start(shell("sleep 600", tmp_path), log) as program:
            supervisor_pid = program.supervisor_pid
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(body())
    assert descendants(supervisor_pid) == []
    with pytest.raises(ProcessLookupError):
        os.kill(supervisor_pid, 0)


def test_cancellation_ends_the_program(tmp_path: Path) -> None:
    async def body() -> int:
        log = LogFile(tmp_path / "log")
        pids: list[int] = []
        task = asyncio.create_task(
            wait_in_program(Program.start(shell("sleep 600", tmp_path), log), pids)
        )
        while not pids:
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return pids[0]

    with pytest.raises(ProcessLookupError):
        os.kill(asyncio.run(body()), 0)


async def wait_in_program(starting: Any, pids: list[int]) -> None:
    async with starting as program:
        pids.append(program.pid)
        await program.wait()


@pytest.mark.parametrize("loop", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_killing_the_supervisor_kills_the_program(tmp_path: Path, loop: Any) -> None:
    async def body() -> list[Exit | None]:
        log = LogFile(tmp_path / "log")
        async with Program.start(shell("exec sleep 600", tmp_path), log) as program:
            os.kill(program.supervisor_pid, signal.SIGKILL)
            ended = [await program.wait(30)]
            for _ in range(8):
                await program.signal(signal.SIGTERM)
                await program.flush_log()
                ended.append(await program.stop())
            return ended

    assert loop(body()) == [Exit(None, signal.SIGKILL)] * 9

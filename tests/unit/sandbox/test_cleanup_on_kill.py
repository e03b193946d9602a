"""Killing Worksample leaves no process and no folder behind, not even a daemon or PostgreSQL."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.support.machine import OF_THE_MACHINE
from worksample.sandbox.processes import descendants
from worksample.sandbox.supervisor import LINUX

RUN = """
import asyncio, sys
from pathlib import Path
from worksample.cli._async_runner import run_interruptible
from worksample.sandbox import Command, LogFile, Program, ScratchDirectory
from worksample.services.postgres import PostgresServer
from tests.unit.sandbox.test_program import DAEMON

async def main():
    async with ScratchDirectory.open("left") as scratch, PostgresServer.start() as server:
        log = LogFile(scratch.path / "log")
        code = DAEMON + "\\ntime.sleep(600)"
        command = Command([sys.executable, "-I", "-S", "-c", code], scratch.path, {})
        async with Program.start(command, log) as program:
            while "daemon" not in log.text():
                await asyncio.sleep(0.005)
            print(scratch.path, server.log.path.parent, flush=True)
            await asyncio.sleep(600)

# As the commands do: asyncio.run alone may miss a SIGINT that comes just before it waits.
run_interruptible(main())
"""


def open_pidfds(pids: Iterable[int]) -> Iterator[int]:
    """Yield a file descriptor for each process, which becomes readable when the process exits.

    A process that has exited meanwhile, as some of PostgreSQL soon do, has none.
    """
    for pid in pids:
        with suppress(ProcessLookupError):
            yield os.pidfd_open(pid)


@pytest.mark.skipif(
    not LINUX, reason=f"{OF_THE_MACHINE}pidfd_open and subreapers exist on Linux only"
)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killing_the_parent_leaves_no_process_and_no_folder(number: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with ExitStack() as stack:
        stack.enter_context(process)
        stack.callback(process.kill)  # also if an assertion fails, or it would be waited for
        assert process.stdout is not None
        folders = [Path(each) for each in process.stdout.readline().split()]
        pidfds = list(open_pidfds(descendants(process.pid)))
        assert len(folders) == 2
        assert len(pidfds) > 6, "supervisors, the program, its daemon and PostgreSQL"
        process.send_signal(number)
        for each in pidfds:
            assert select.select([each], [], [], 60)[0], "a process is still running after a minute"
            os.close(each)
        process.wait(60)
    assert not any(each.exists() for each in folders)

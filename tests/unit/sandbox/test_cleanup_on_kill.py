"""kill -9 of ourselves leaves no process and no folder: not even a daemon, not even PostgreSQL."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from worksample.sandbox.processes import descendants
from worksample.sandbox.supervisor import LINUX

RUN = """
import asyncio, sys
from pathlib import Path
from worksample.sandbox import Command, LogFile, Program, Workroom
from worksample.services.postgres import PostgresServer
from tests.unit.sandbox.test_program import DAEMON

async def main():
    async with Workroom.open("left") as room, PostgresServer.start() as server:
        log = LogFile(room.path / "log")
        code = DAEMON + "\\ntime.sleep(600)"
        command = Command([sys.executable, "-I", "-S", "-c", code], room.path, {})
        async with Program.start(command, log) as program:
            while "daemon" not in log.text():
                await asyncio.sleep(0.005)
            print(room.path, server.log.path.parent, flush=True)
            await asyncio.sleep(600)

asyncio.run(main())
"""


def open_pidfd(pid: int) -> int:
    """Return a descriptor that becomes readable when the process has ended."""
    return os.pidfd_open(pid)


@pytest.mark.skipif(not LINUX, reason="pidfd_open is Linux's; elsewhere there is no subreaper")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killing_the_parent_leaves_no_process_and_no_folder(number: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with process:
        assert process.stdout is not None
        folders = [Path(each) for each in process.stdout.readline().split()]
        pidfds = [open_pidfd(pid) for pid in descendants(process.pid)]
        assert len(folders) == 2
        assert len(pidfds) > 6, "keepers, the program, its daemon, PostgreSQL and its helpers"
        process.send_signal(number)
        for each in pidfds:
            assert select.select([each], [], [], 60)[0], "a process is still there after a minute"
            os.close(each)
    assert not any(each.exists() for each in folders)

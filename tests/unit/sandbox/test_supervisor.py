"""The supervisor cleans up even if its parent dies without having read the replies."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.machine import OF_THE_MACHINE
from worksample.sandbox.supervisor import LINUX, descendants
from worksample.sandbox.supervisor_client import SUPERVISOR_SCRIPT


@pytest.mark.skipif(not LINUX, reason=f"{OF_THE_MACHINE}pidfd_open exists on Linux only")
def test_supervisor_cleans_up_when_parent_dies_without_reading(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    parent_end, supervisor_end = socket.socketpair()
    with supervisor_end:
        supervisor = subprocess.Popen(
            [sys.executable, "-I", "-S", str(SUPERVISOR_SCRIPT)], stdin=supervisor_end.fileno()
        )
    run_request = {
        "command": "run",
        "argv": ["/bin/sh", "-c", "sleep 600 & sleep 600"],
        "env": {"PATH": os.defpath},
        "cwd": "/",
        "log": str(tmp_path / "log"),
        "log_head": 1000,
        "log_tail": 1000,
        "user": None,
        "stop": [[signal.SIGTERM, 5.0]],
        "group": True,
    }
    cleanup_request = {"command": "remove_at_exit", "folders": [str(folder)]}
    parent_end.sendall(
        b"".join(json.dumps(each).encode() + b"\n" for each in (cleanup_request, run_request))
    )
    assert parent_end.recv(1000, socket.MSG_PEEK), "the supervisor has replied"
    pidfds = [os.pidfd_open(pid) for pid in descendants(supervisor.pid)]
    parent_end.close()
    try:
        assert supervisor.wait(60) == 0
        assert pidfds
        for each in pidfds:
            assert select.select([each], [], [], 60)[0], "a process is still running"
    finally:
        for each in pidfds:
            os.close(each)
        supervisor.kill()
    assert not folder.exists()

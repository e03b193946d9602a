"""A starter that is killed before it has read what its keeper said: the keeper keeps its word."""

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

from worksample.sandbox.keeper import LINUX, descendants
from worksample.sandbox.keeping import KEEPER


@pytest.mark.skipif(not LINUX, reason="pidfd_open is Linux's")
def test_a_keeper_whose_words_are_never_read_ends_everything(tmp_path: Path) -> None:
    guarded = tmp_path / "guarded"
    guarded.mkdir()
    ours, theirs = socket.socketpair()
    with theirs:
        keeper = subprocess.Popen([sys.executable, "-I", "-S", str(KEEPER)], stdin=theirs.fileno())
    order = {
        "do": "run",
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
    guard = {"do": "guard", "folders": [str(guarded)]}
    ours.sendall(b"".join(json.dumps(each).encode() + b"\n" for each in (guard, order)))
    assert ours.recv(1000, socket.MSG_PEEK), "the keeper has said that it started"
    watched = [os.pidfd_open(pid) for pid in descendants(keeper.pid)]
    ours.close()
    try:
        assert keeper.wait(60) == 0
        assert watched
        for each in watched:
            assert select.select([each], [], [], 60)[0], "a process is still there"
    finally:
        for each in watched:
            os.close(each)
        keeper.kill()
    assert not guarded.exists()

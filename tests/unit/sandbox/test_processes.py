"""CPU time and listening sockets of process trees, and free ports."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

import pytest

from worksample.sandbox import Command, LogFile, Program, processes
from worksample.sandbox.ports import free_port, is_free
from worksample.sandbox.processes import (
    CpuWaits,
    ListeningSocket,
    cpu_seconds,
    descendants,
    listening_sockets,
    wants_cpu,
)

BURN = "import time\nwhile time.process_time() < 0.2: pass\n"
IN_A_THREAD = """
import threading, time
def burn():
    end = time.thread_time() + 0.2
    while time.thread_time() < end: pass
thread = threading.Thread(target=burn); thread.start(); thread.join()
print("up", flush=True); time.sleep(600)
"""
IN_A_CHILD = f"""
import subprocess, sys, time
subprocess.run([sys.executable, "-I", "-S", "-c", {BURN!r}])
print("up", flush=True); time.sleep(600)
"""
BURNS_UNTIL_TOLD = """
import os, threading, time
def burn():
    while not os.path.exists("told"): pass
thread = threading.Thread(target=burn); thread.start(); thread.join()
print("up", flush=True); time.sleep(600)
"""
RIVALS = """
import os, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.fork()
while True: pass
"""
HERE = BURN + "print('up', flush=True); time.sleep(600)"
LISTENS = """
import socket, time
one = socket.create_server(("127.0.0.1", 0)); two = socket.create_server(("0.0.0.0", 0))
print("up", one.getsockname()[1], two.getsockname()[1], flush=True); time.sleep(600)
"""


async def observe(code: str, folder: Path) -> tuple[float, str, list[ListeningSocket]]:
    command = Command([sys.executable, "-I", "-S", "-c", code], folder, {})
    async with Program.start(command, LogFile(folder / "log")) as program:
        while "up" not in program.log.text():
            await asyncio.sleep(0.005)
        cpu = cpu_seconds(program.supervisor_pid)
        return cpu, program.log.text(), listening_sockets(descendants(program.supervisor_pid))


@pytest.mark.parametrize("code", [HERE, IN_A_THREAD, IN_A_CHILD], ids=["here", "thread", "child"])
def test_cpu_time_counts_every_thread_and_child(tmp_path: Path, code: str) -> None:
    cpu, _, _ = asyncio.run(observe(code, tmp_path))
    assert 0.18 <= cpu < 5.0


def test_a_program_wants_a_cpu_while_it_computes(tmp_path: Path) -> None:
    async def watch() -> None:
        command = Command([sys.executable, "-I", "-S", "-c", BURNS_UNTIL_TOLD], tmp_path, {})
        async with Program.start(command, LogFile(tmp_path / "log")) as program:
            while not wants_cpu(program.supervisor_pid):
                await asyncio.sleep(0.005)
            (tmp_path / "told").touch()
            while wants_cpu(program.supervisor_pid) or "up" not in program.log.text():
                await asyncio.sleep(0.005)

    asyncio.run(watch())


@pytest.mark.skipif(not processes.LINUX, reason="Linux counts how long threads wait")
def test_a_program_loses_the_time_in_which_it_waits_for_a_cpu(tmp_path: Path) -> None:
    async def watch() -> None:
        command = Command([sys.executable, "-I", "-S", "-c", RIVALS], tmp_path, {})
        async with Program.start(command, LogFile(tmp_path / "log")) as program:
            waits = CpuWaits(program.supervisor_pid)
            while not 0 < waits.lost(1.0) < 1:
                await asyncio.sleep(0.005)

    asyncio.run(watch())


@pytest.mark.parametrize(
    "threads, lost",
    [
        ({}, 0.0),
        ({"one": (1.0, 0.0)}, 0.0),
        ({"one": (0.0, 0.3)}, 0.3),
        ({"one": (0.2, 0.6)}, 0.6),
        ({"one": (1.0, 3.0), "two": (1.0, 3.0)}, 0.75),
    ],
    ids=["idle", "computing", "waiting", "mostly waiting", "more threads than CPUs"],
)
def test_of_each_second_so_much_is_lost(
    threads: dict[str, tuple[float, float]], lost: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = dict.fromkeys(threads, (7.0, 7.0))
    later = {name: (7.0 + run, 7.0 + wait) for name, (run, wait) in threads.items()}
    seen = iter((start, later, later))
    monkeypatch.setattr(processes, "_run_and_wait", lambda pids: next(seen))
    waits = CpuWaits(os.getpid())
    waits.lost(1.0)
    assert waits.lost(1.0) == pytest.approx(lost)
    assert waits.lost(1.0) == 0.0


def test_listening_sockets_are_found_with_their_addresses(tmp_path: Path) -> None:
    _, text, found = asyncio.run(observe(LISTENS, tmp_path))
    one, two = map(int, text.split()[1:])
    assert set(found) == {ListeningSocket(one, "127.0.0.1"), ListeningSocket(two, "0.0.0.0")}
    assert all(each.reaches_loopback for each in found)


@pytest.mark.parametrize(
    ("address", "reaches"),
    [("127.0.0.1", True), ("::1", True), ("::", True), ("0.0.0.0", True), ("10.0.0.5", False)],
)
def test_reaches_loopback(address: str, reaches: bool) -> None:
    assert ListeningSocket(80, address).reaches_loopback is reaches


def test_free_port_is_free_until_bound() -> None:
    port = free_port()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)

"""Run programs, send them signals, and find the processes that they leave behind.

This module runs as a process of its own.

Input (JSON on stdin): {"argv", "cwd", "env", "times", "signals": [{"when", "process", "send"}],
"patience"}. Output (JSON on stdout): {"ended": [{"exit", "stdout", "stderr"}], "left": [command
lines], "places": [folders], "memory": MB}.

On Linux this process is a subreaper (prctl(2)): orphaned processes, also after a double fork,
become its children. Elsewhere only descendants of the programs are found.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from worksample.sandbox.supervisor import LINUX, PR_SET_CHILD_SUBREAPER, descendants

PLACES = re.compile(r"/[\w/.-]*/worksample-[\w-]+")
STEP = 0.05
GRACE = 30.0


def command_line(pid: int) -> str:
    """Return the command line of a process; empty if it has ended or is a zombie."""
    try:
        text = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return text.replace(b"\0", b" ").decode(errors="replace").strip()


def peak_memory(pid: int) -> int:
    """Return the peak memory of a process in MB (VmHWM); 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


class Run:
    """One program, its output, and the signals to send to it."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.signals: list[dict[str, str]] = list(job["signals"])
        self.printed: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self.process = subprocess.Popen(
            job["argv"],
            cwd=job["cwd"],
            env=job["env"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        streams = (("stdout", self.process.stdout), ("stderr", self.process.stderr))
        self.readers = [threading.Thread(target=self.read, args=each) for each in streams]
        for reader in self.readers:
            reader.start()

    def read(self, name: str, stream: Any) -> None:
        """Collect output, and send the next signal if a line matches its `when`."""
        for line in stream:
            text = line.decode("utf-8", "replace")
            self.printed[name].append(text)
            if self.signals and self.signals[0].get("when"):
                self.send_if_matching("when", text)

    def send_if_matching(self, kind: str, text: str) -> None:
        """Send the next signal if `text` matches its `kind` pattern; SIGINT to the whole group."""
        if not self.signals or not re.search(self.signals[0].get(kind) or "(?!)", text):
            return
        number = signal.Signals[self.signals.pop(0)["send"]]
        with contextlib.suppress(ProcessLookupError):
            send = os.killpg if number is signal.SIGINT else os.kill
            send(self.process.pid, number)

    def ended(self) -> dict[str, Any]:
        """Wait for the program; return its exit code and output."""
        exit_code = self.process.wait()
        for reader in self.readers:
            reader.join(GRACE)
        return {"exit": exit_code, **{name: "".join(text) for name, text in self.printed.items()}}


class ProcessMonitor:
    """Concurrent runs and their descendants."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.places: set[str] = set()
        self.memory = 0
        self.runs = [Run(job) for _ in range(job["times"])]
        self.deadline = time.monotonic() + job["patience"]

    def wait(self) -> None:
        """Wait until all programs have ended; kill them after the deadline."""
        while any(run.process.poll() is None for run in self.runs):
            self.poll()
            if time.monotonic() > self.deadline:
                for run in self.runs:
                    run.process.kill()
            time.sleep(STEP)

    def poll(self) -> list[str]:
        """Return the command lines of all descendants; record the folders in them, and memory."""
        found = [line for pid in descendants(os.getpid()) if (line := command_line(pid))]
        for line in found:
            self.places.update(PLACES.findall(line))
        for run in self.runs:
            self.memory = max(self.memory, peak_memory(run.process.pid))
            run.send_if_matching("process", "\n".join(found))
        return found

    def left(self) -> list[str]:
        """Return the descendants that outlived the runs, and kill them.

        After a SIGKILL of a run, its supervisor gets `GRACE` seconds to clean up.
        """
        killed = any(run.process.returncode == -signal.SIGKILL for run in self.runs)
        deadline = time.monotonic() + (GRACE if killed else 0.0)
        while (found := self.poll()) and time.monotonic() < deadline:
            reap()
            time.sleep(STEP)
        for pid in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return found


def reap() -> None:
    """Reap the orphans that this process has adopted."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    """Run the job from stdin and print the result."""
    job = json.load(sys.stdin)
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    monitor = ProcessMonitor(job)
    monitor.wait()
    left = monitor.left()
    ended = [run.ended() for run in monitor.runs]
    places = sorted(workdir for workdir in monitor.places if Path(workdir).exists())
    found = {"ended": ended, "left": left, "places": places, "memory": monitor.memory}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

"""Run programs, interrupt them, and see what they leave behind. Runs as a process of its own.

In, on standard input, JSON: {"argv", "cwd", "env", "times", "signals": [{"when",
"process", "send"}], "patience"}. Out, JSON: {"ended": [{"exit", "stdout", "stderr"}], "left":
[command lines], "places": [folders], "memory": MB}.

On Linux this process is a subreaper: whoever loses its parent, even by a double fork, falls to us
and is seen. Elsewhere only what stays below the program itself is.
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
    """Return a process's command line, empty when it has gone or is a zombie."""
    try:
        text = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return text.replace(b"\0", b" ").decode(errors="replace").strip()


def peak_memory(pid: int) -> int:
    """Return the most memory in MB that a process ever had (VmHWM), 0 when it has gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


class Run:
    """One program, what it prints, and the signals that it gets on the way."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.signals: list[dict[str, str]] = list(order["signals"])
        self.printed: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self.process = subprocess.Popen(
            order["argv"],
            cwd=order["cwd"],
            env=order["env"],
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
        """Keep what the program prints, and see whether a signal is due."""
        for line in stream:
            text = line.decode("utf-8", "replace")
            self.printed[name].append(text)
            if self.signals and self.signals[0].get("when"):
                self.due("when", text)

    def due(self, kind: str, text: str) -> None:
        """Send the next signal if `text` is what it waits for; Ctrl-C reaches the whole group."""
        if not self.signals or not re.search(self.signals[0].get(kind) or "(?!)", text):
            return
        number = signal.Signals[self.signals.pop(0)["send"]]
        with contextlib.suppress(ProcessLookupError):
            send = os.killpg if number is signal.SIGINT else os.kill
            send(self.process.pid, number)

    def ended(self) -> dict[str, Any]:
        """Return how it ended and what it printed."""
        exit_code = self.process.wait()
        for reader in self.readers:
            reader.join(GRACE)
        return {"exit": exit_code, **{name: "".join(text) for name, text in self.printed.items()}}


class ProcessMonitor:
    """Several runs at once, and whoever descends from them."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.places: set[str] = set()
        self.memory = 0
        self.runs = [Run(order) for _ in range(order["times"])]
        self.deadline = time.monotonic() + order["patience"]

    def watch(self) -> None:
        """Look until all programs have ended; kill them when patience does."""
        while any(run.process.poll() is None for run in self.runs):
            self.look()
            if time.monotonic() > self.deadline:
                for run in self.runs:
                    run.process.kill()
            time.sleep(STEP)

    def look(self) -> list[str]:
        """Return the command lines of all that live, remember the folders that they name."""
        found = [line for pid in descendants(os.getpid()) if (line := command_line(pid))]
        for line in found:
            self.places.update(PLACES.findall(line))
        for run in self.runs:
            self.memory = max(self.memory, peak_memory(run.process.pid))
            run.due("process", "\n".join(found))
        return found

    def left(self) -> list[str]:
        """Return who is still there after the end; a kill -9 leaves the keepers some time."""
        killed = any(run.process.returncode == -signal.SIGKILL for run in self.runs)
        due = time.monotonic() + (GRACE if killed else 0.0)
        while (found := self.look()) and time.monotonic() < due:
            reap()
            time.sleep(STEP)
        for pid in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return found


def reap() -> None:
    """Take in the orphans that fell to us."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    """Do what standard input says."""
    order = json.load(sys.stdin)
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    watcher = ProcessMonitor(order)
    watcher.watch()
    left = watcher.left()
    ended = [run.ended() for run in watcher.runs]
    places = sorted(workdir for workdir in watcher.places if Path(workdir).exists())
    found = {"ended": ended, "left": left, "places": places, "memory": watcher.memory}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

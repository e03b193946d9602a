"""Run a command and measure it from outside: the time of each line, and peak memory."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.05
GENERATOR = "worksample.probes.generating"


@dataclass(slots=True)
class MeasuredRun:
    """The measurements of a command; times are seconds from its start.

    `lines` holds (time, line) of standard error, `output` all of standard output. `own_mb` is the
    peak resident memory of the command in MB, `generator_mb` that of its request generator; both
    are 0 except on Linux.
    """

    exit_code: int = -1
    seconds: float = 0.0
    output: bytes = b""
    lines: list[tuple[float, str]] = field(default_factory=list)
    own_mb: float = 0.0
    generator_mb: float = 0.0

    def moment_of(self, *words: str) -> float:
        """Return the time of the first line with all `words`; raise `LookupError` without one."""
        for moment, line in self.lines:
            if all(word in line for word in words):
                return moment
        raise LookupError(f"no line with {words} in:\n" + "\n".join(line for _, line in self.lines))


def worksample(*arguments: str) -> MeasuredRun:
    """Run `worksample` with these arguments until it exits, with its output in pipes."""
    run = MeasuredRun()
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "worksample", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        sampler = threading.Thread(target=_sample, args=(process, run))
        sampler.start()
        reader = threading.Thread(target=_read, args=(process.stderr, began, run))
        reader.start()
        run.output = process.stdout.read()
        reader.join()
        run.exit_code = process.wait()
        run.seconds = time.monotonic() - began
        sampler.join()
    return run


def _read(stream: Iterator[bytes], began: float, run: MeasuredRun) -> None:
    for line in stream:
        run.lines.append((time.monotonic() - began, line.decode(errors="replace").rstrip()))


def _sample(process: subprocess.Popen[bytes], run: MeasuredRun) -> None:
    """Sample peak memory; the kernel keeps the peak of a process until it exits."""
    while process.poll() is None:
        run.own_mb = max(run.own_mb, _peak_mb(process.pid))
        for pid in _descendants(process.pid):
            if GENERATOR in _command(pid):
                run.generator_mb = max(run.generator_mb, _peak_mb(pid))
        time.sleep(SAMPLE_SECONDS)


def _descendants(pid: int) -> Iterator[int]:
    """Yield the pids of all descendants of a process (none except on Linux)."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return
    for task in tasks:
        for child in map(int, _text(task / "children").split()):
            yield child
            yield from _descendants(child)


def _peak_mb(pid: int) -> float:
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _command(pid: int) -> str:
    return _text(Path(f"/proc/{pid}/cmdline")).replace("\0", " ")


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""

"""Run a command and watch it from outside: when each line came, and how much memory it took."""

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
    """What was seen of a command: seconds from its start, megabytes of resident memory.

    `lines` are those of standard error with the moment each came, `output` all of standard
    output; `own_mb` is the most that the command itself held, `generator_mb` its generator of
    requests (0 where the system does not tell).
    """

    exit_code: int = -1
    seconds: float = 0.0
    output: bytes = b""
    lines: list[tuple[float, str]] = field(default_factory=list)
    own_mb: float = 0.0
    generator_mb: float = 0.0

    def moment_of(self, *words: str) -> float:
        """Return when the first line came that holds all `words`; raise `LookupError` if none."""
        for moment, line in self.lines:
            if all(word in line for word in words):
                return moment
        raise LookupError(f"no line with {words} in:\n" + "\n".join(line for _, line in self.lines))


def worksample(*arguments: str) -> MeasuredRun:
    """Run `worksample` with these arguments to its end, as a user would, into pipes."""
    seen = MeasuredRun()
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "worksample", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        sampler = threading.Thread(target=_sample, args=(process, seen))
        sampler.start()
        reader = threading.Thread(target=_read, args=(process.stderr, began, seen))
        reader.start()
        seen.output = process.stdout.read()
        reader.join()
        seen.exit_code = process.wait()
        seen.seconds = time.monotonic() - began
        sampler.join()
    return seen


def _read(stream: Iterator[bytes], began: float, seen: MeasuredRun) -> None:
    for line in stream:
        seen.lines.append((time.monotonic() - began, line.decode(errors="replace").rstrip()))


def _sample(process: subprocess.Popen[bytes], seen: MeasuredRun) -> None:
    """Look now and then: the kernel keeps the highest mark for as long as a process lives."""
    while process.poll() is None:
        seen.own_mb = max(seen.own_mb, _peak_mb(process.pid))
        for pid in _below(process.pid):
            if GENERATOR in _command(pid):
                seen.generator_mb = max(seen.generator_mb, _peak_mb(pid))
        time.sleep(SAMPLE_SECONDS)


def _below(pid: int) -> Iterator[int]:
    """Yield all descendants of a process (Linux; nothing elsewhere)."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return
    for task in tasks:
        for child in map(int, _text(task / "children").split()):
            yield child
            yield from _below(child)


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

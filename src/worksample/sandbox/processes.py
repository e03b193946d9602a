"""Process trees: descendants, CPU time and listening sockets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from worksample.sandbox import supervisor

LINUX = sys.platform.startswith("linux")
CPUCLOCK_SCHED = 2
LISTEN = "0A"


def descendants(pid: int) -> list[int]:
    """Return the pids of all living descendants of `pid`, nearest first."""
    return supervisor.descendants(pid)


def cpu_seconds(supervisor_pid: int) -> float:
    """Return the CPU seconds (user and system) used so far by a supervisor's program.

    The sum includes all threads and descendants, also exited ones. Living processes are measured
    in nanoseconds by their CPU clock (clock_getcpuclockid(3)), exited children in clock ticks by
    their parent's /proc/PID/stat (proc(5)). On other systems than Linux, ps(1) reports living
    processes in steps of 10 ms.
    """
    pids = descendants(supervisor_pid)
    if not LINUX:
        return _cpu_seconds_from_ps(pids)
    living = sum(cpu_clock(pid) for pid in pids)
    return living + sum(_cpu_of_ended_children(pid) for pid in [supervisor_pid, *pids])


def cpu_clock(pid: int) -> float:
    """Return the CPU seconds of a living process and its threads, in ns resolution; Linux only."""
    try:
        return time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED)
    except OSError:
        return 0.0


def wants_cpu(supervisor_pid: int) -> bool:
    """Return whether a thread of a supervisor's program runs or waits for a CPU just now.

    Unlike its CPU time, that does not depend on how busy the machine is. False on other systems
    than Linux.
    """
    return LINUX and any(map(_has_runnable_thread, descendants(supervisor_pid)))


class CpuWaits:
    """How long a supervisor's program waits for a CPU that other programs use.

    The kernel counts for each thread how long it ran and how long it was ready to run and did not
    (the first two numbers of /proc/PID/task/TID/schedstat, in ns). On other systems than Linux, and
    where the kernel does not count, no time is lost.
    """

    def __init__(self, supervisor_pid: int) -> None:
        self._supervisor_pid = supervisor_pid
        self._seen: dict[str, tuple[float, float]] = {}

    def lost(self, seconds: float) -> float:
        """Return how many of the `seconds` since the last call the program was kept waiting.

        While its threads want more than one CPU, only the share that they did not get is lost: a
        program that spins in many threads loses no more than the others take.
        """
        before, self._seen = self._seen, _run_and_wait(descendants(self._supervisor_pid))
        ran = waited = 0.0
        for thread, (run, wait) in self._seen.items():
            run_before, wait_before = before.get(thread, (0.0, 0.0))
            ran += max(0.0, run - run_before)
            waited += max(0.0, wait - wait_before)
        wanted = ran + waited
        return min(seconds, wanted) * waited / wanted if wanted else 0.0


def _run_and_wait(pids: Iterable[int]) -> dict[str, tuple[float, float]]:
    """Return the seconds for which each thread ran and waited for a CPU, by its /proc path."""
    found: dict[str, tuple[float, float]] = {}
    for pid in pids:
        for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                run, wait, _ = path.read_text().split()
            except (OSError, ValueError):
                continue
            found[str(path)] = int(run) / 1e9, int(wait) / 1e9
    return found


def _has_runnable_thread(pid: int) -> bool:
    try:
        stats = [each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return False
    return any(stat.rpartition(")")[2].split()[0] == "R" for stat in stats)


def _cpu_of_ended_children(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def _cpu_seconds_from_ps(pids: list[int]) -> float:
    if not pids:
        return 0.0
    command = ["ps", "-o", "time=", "-p", ",".join(map(str, pids))]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return sum(_parse_cpu_time(each.strip()) for each in output.splitlines())


def _parse_cpu_time(text: str) -> float:
    """Parse `[[hours:]minutes:]seconds[.hundredths]` into seconds."""
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


@dataclass(frozen=True, slots=True, order=True)
class ListeningSocket:
    """A listening TCP socket: its port and the address it is bound to."""

    port: int
    address: str

    @property
    def reaches_loopback(self) -> bool:
        """Whether a client on this machine reaches it through a loopback address."""
        parsed: IPv4Address | IPv6Address = ip_address(self.address)
        return parsed.is_unspecified or parsed.is_loopback


def listening_sockets(pids: Iterable[int]) -> list[ListeningSocket]:
    """Return the listening sockets of the processes by port; empty if they cannot be read."""
    find = _listening_sockets_from_proc if LINUX else _listening_sockets_from_lsof
    return sorted(set(find(list(pids))))


def _listening_sockets_from_proc(pids: list[int]) -> list[ListeningSocket]:
    sockets = {inode for pid in pids for inode in _socket_inodes(pid)}
    found = []
    for name in ("tcp", "tcp6"):
        try:
            rows = Path(f"/proc/net/{name}").read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            _, local, _, state, *_, inode = row.split()[:10]
            if state == LISTEN and inode in sockets:
                found.append(_parse_proc_address(local))
    return found


def _socket_inodes(pid: int) -> set[str]:
    found: set[str] = set()
    try:
        entries = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return found
    for entry in entries:
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found


def _parse_proc_address(local: str) -> ListeningSocket:
    """Parse `0100007F:1F90`: the address in 32-bit words of native byte order, then the port."""
    address, port = local.split(":")
    words = [bytes.fromhex(address[at : at + 8]) for at in range(0, len(address), 8)]
    raw = b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)
    return ListeningSocket(int(port, 16), str(ip_address(raw)))


def _listening_sockets_from_lsof(pids: list[int]) -> list[ListeningSocket]:
    if not pids:
        return []
    command = ["lsof", "-nP", "-a", "-iTCP", "-sTCP:LISTEN", "-Fn", "-p", ",".join(map(str, pids))]
    try:
        output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return []
    names = [line[1:] for line in output.splitlines() if line.startswith("n")]
    return [_parse_lsof_name(name) for name in names]


def _parse_lsof_name(name: str) -> ListeningSocket:
    """Parse `127.0.0.1:8000`, `[::1]:8000` or `*:8000`."""
    address, _, port = name.rpartition(":")
    return ListeningSocket(int(port), "0.0.0.0" if address == "*" else address.strip("[]"))  # noqa: S104

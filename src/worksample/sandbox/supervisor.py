"""The supervisor: a small parent process for one program, which cleans up after it.

Worksample starts it as `python -I -S supervisor.py` with a Unix socket as standard input. It uses
only the standard library. Both ends of the socket exchange JSON, one object per line. Requests:

    {"command": "run", "argv", "env", "cwd", "log", "log_head", "log_tail", "user", "stop",
     "group"}                                           start the program
    {"command": "signal", "signal": 15, "group": false}
    {"command": "stop", "grace": 10.0}                  stop the program and its descendants
    {"command": "flush_log"}                            write all pending output to the log
    {"command": "remove_at_exit", "folders": [...]}     remove these folders before exiting

Replies: {"started": pid}, {"failed": reason}, {"exited": status of os.waitpid},
{"stopped": true}, {"log_flushed": true}.

When the socket closes, for whatever reason Worksample ended, the supervisor stops the program and
all its descendants, removes the registered folders and exits. On Linux the supervisor is a
subreaper (prctl(2)), so it adopts orphans that daemonize themselves (double fork, setsid), and the
kernel kills the program if the supervisor dies. On other systems it walks the process table.
"""

# Paths are strings here: importing pathlib makes every program start half as slow again.
# ruff: noqa: PTH110, PTH123, PTH208

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
F_SETPIPE_SZ = 1031
LINUX = sys.platform.startswith("linux")
HEADER = struct.Struct("<QQQ")
POLL_SECONDS = 0.005


def prctl(option: int, value: int) -> None:
    """Call prctl(2); do nothing on systems other than Linux."""
    if LINUX:
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


class LogWriter:
    """Writes a bounded log file: the first `head` bytes, then a ring buffer of `tail` bytes.

    The header holds the number of bytes ever written and both sizes, so that
    `worksample.sandbox.logfile.LogFile` can read the file while it grows.
    """

    def __init__(self, path: str, head: int, tail: int) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.head, self.tail = head, tail
        header = os.pread(self.fd, HEADER.size, 0)
        self.total = HEADER.unpack(header)[0] if len(header) == HEADER.size else 0
        self.write_header()

    def write_header(self) -> None:
        """Update the header with the number of bytes written."""
        os.pwrite(self.fd, HEADER.pack(self.total, self.head, self.tail), 0)

    def write(self, data: bytes) -> None:
        """Append `data`; a full ring buffer overwrites its oldest bytes."""
        while data:
            offset = self.total
            if offset >= self.head:
                offset = self.head + (offset - self.head) % self.tail
                space = self.head + self.tail - offset
            else:
                space = self.head - offset
            chunk, data = data[:space], data[space:]
            os.pwrite(self.fd, chunk, HEADER.size + offset)
            self.total += len(chunk)
        self.write_header()


def children_of(pid: int) -> list[int]:
    """Return the pids of the living children of `pid`."""
    found: list[int] = []
    with suppress(OSError, ValueError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                found += [int(each) for each in file.read().split()]
    return found


def process_table() -> dict[int, list[int]]:
    """Return parent pid -> child pids, from ps(1) (for systems without /proc)."""
    import subprocess

    text = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True).stdout
    table: dict[int, list[int]] = {}
    for line in text.splitlines():
        pid, parent = line.split()
        table.setdefault(int(parent), []).append(int(pid))
    return table


def descendants(pid: int) -> list[int]:
    """Return the pids of all living descendants of `pid`, nearest first."""
    own_pid = os.getpid()
    table = None if os.path.exists(f"/proc/{own_pid}/task/{own_pid}/children") else process_table()
    found: list[int] = []
    queue = [pid]
    while queue:
        parent = queue.pop(0)
        children = children_of(parent) if table is None else table.get(parent, [])
        unseen = [each for each in children if each not in found]
        found += unseen
        queue += unseen
    return found


def send_signal(pid: int, number: int, group: bool = False) -> None:
    """Send a signal to a process or process group; ignore one that has exited."""
    with suppress(ProcessLookupError, PermissionError):
        (os.killpg if group else os.kill)(pid, number)


class Supervisor:
    """Runs one program: its process tree, its log and the folders to remove at exit."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.inbox = b""
        self.pid = 0
        self.running = False
        self.output = -1
        self.log: LogWriter | None = None
        self.folders: list[str] = []
        self.stop_signals: list[list[float]] = [[signal.SIGTERM, 5.0]]
        self.group = False
        self.connected = True

    def send_message(self, **message: Any) -> None:
        """Send a reply to Worksample; note it if the connection is broken."""
        try:
            self.control.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self.connected = False

    def run(self, request: dict[str, Any]) -> None:
        """Start the program of a run request; reply `started` or `failed`."""
        self.stop_signals, self.group = request["stop"], request["group"]
        self.log = LogWriter(request["log"], request["log_head"], request["log_tail"])
        self.output, write_end = os.pipe()
        os.set_blocking(self.output, False)
        if LINUX:
            with suppress(OSError):
                fcntl.fcntl(write_end, F_SETPIPE_SZ, 1 << 20)
        self.spawn(request, write_end)
        os.close(write_end)
        self.poll.register(self.output, select.POLLIN)

    def spawn(self, request: dict[str, Any], write_end: int) -> None:
        """Fork and exec; a close-on-exec pipe carries the error of a failed exec."""
        error_read, error_write = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            exec_program(request, write_end, error_write, parent)
        os.close(error_write)
        error_text = b""
        while chunk := os.read(error_read, 4096):
            error_text += chunk
        os.close(error_read)
        if error_text:
            os.waitpid(pid, 0)
            self.send_message(failed=error_text.decode(errors="replace"))
        else:
            self.pid, self.running = pid, True
            self.send_message(started=pid)

    def drain(self, limit: int = 64) -> None:
        """Move the program's pending output into the log."""
        for _ in range(limit):
            if self.output < 0 or self.log is None:
                return
            try:
                data = os.read(self.output, 1 << 16)
            except BlockingIOError:
                return
            if data:
                self.log.write(data)
            else:
                self.poll.unregister(self.output)
                os.close(self.output)
                self.output = -1

    def reap(self) -> bool:
        """Reap exited children; return whether any child is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.pid and self.running:
                self.running = False
                self.drain(1 << 10)
                self.send_message(exited=status)

    def wait_until_ended(self, seconds: float, all_descendants: bool) -> bool:
        """Wait until the program (or every descendant) ended; return False after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            self.drain()
            left = self.reap()
            if not (left if all_descendants else self.running):
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)

    def stop(self, grace: float | None = None) -> None:
        """Shut the program down gracefully, then kill it and all its descendants."""
        for number, seconds in self.stop_signals:
            if not self.running:
                break
            send_signal(self.pid, int(number), self.group)
            self.wait_until_ended(seconds if grace is None else grace, all_descendants=self.group)
        self.kill_descendants()
        self.drain(1 << 12)

    def kill_descendants(self) -> None:
        """Kill descendants repeatedly until none is left (30 s at most)."""
        for _ in range(3000):
            if self.pid and (self.running or not LINUX):
                send_signal(self.pid, signal.SIGKILL, group=True)
            for pid in descendants(os.getpid()):
                send_signal(pid, signal.SIGKILL)
            if self.wait_until_ended(0.01, all_descendants=True):
                return

    def handle(self, request: dict[str, Any]) -> None:
        """Carry out one request."""
        command = request["command"]
        if command == "run":
            self.run(request)
        elif command == "signal" and self.running:
            send_signal(self.pid, int(request["signal"]), bool(request.get("group")))
        elif command == "stop":
            self.stop(request.get("grace"))
            self.send_message(stopped=True)
        elif command == "flush_log":
            self.drain()
            self.send_message(log_flushed=True)
        elif command == "remove_at_exit":
            self.folders = request["folders"]

    def receive_requests(self) -> None:
        """Read and handle requests; note the end of the connection."""
        try:
            data = self.control.recv(1 << 20)
        except OSError:
            # A peer that is killed with replies unread resets the connection (unix(7)).
            data = b""
        if not data:
            self.connected = False
            return
        *lines, self.inbox = (self.inbox + data).split(b"\n")
        for line in lines:
            self.handle(json.loads(line))

    def serve(self, wakeup_read: int) -> None:
        """Handle requests until the connection ends or SIGTERM arrives, then clean up."""
        self.poll.register(wakeup_read, select.POLLIN)
        while self.connected:
            ready = {number for number, _ in self.poll.poll()}
            if wakeup_read in ready and signal.SIGTERM in os.read(wakeup_read, 4096):
                break
            self.drain()
            self.reap()
            if self.control.fileno() in ready:
                self.receive_requests()
        self.stop()
        self.remove_folders()

    def remove_folders(self) -> None:
        """Remove the registered folders; retry while another process still writes to them."""
        import shutil

        for _ in range(1200):
            self.folders = [each for each in self.folders if os.path.lexists(each)]
            if not self.folders:
                return
            for each in self.folders:
                shutil.rmtree(each, ignore_errors=True)
            time.sleep(0.05 if any(map(os.path.lexists, self.folders)) else 0)


def exec_program(request: dict[str, Any], write_end: int, error_write: int, parent: int) -> None:
    """In the forked child: set session, user, streams and folder, then exec. Never returns."""
    try:
        os.setsid()
        if user := request.get("user"):
            os.setgroups([])
            os.setgid(user[1])
            os.setuid(user[0])
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        os.chdir(request["cwd"])
        devnull = os.open(os.devnull, os.O_RDONLY)
        for source, number in ((devnull, 0), (write_end, 1), (write_end, 2)):
            os.dup2(source, number)
        for each in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD):
            signal.signal(each, signal.SIG_DFL)
        os.umask(0o077 if user else 0o022)
        os.execvpe(request["argv"][0], request["argv"], request["env"])  # noqa: S606 - no shell is the point
    except BaseException as error:
        os.write(error_write, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(127)


def main() -> None:
    """Serve the socket that is standard input."""
    control = socket.socket(fileno=os.dup(0))
    devnull = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(devnull, number)
    wakeup_read, wakeup_write = os.pipe()
    os.set_blocking(wakeup_write, False)
    signal.set_wakeup_fd(wakeup_write, warn_on_full_buffer=False)
    for each in (signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    for each in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(each, lambda *_: None)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    Supervisor(control).serve(wakeup_read)


if __name__ == "__main__":
    main()

"""Run the `worksample` command in a subprocess, and read its output line by line."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROGRAM = (sys.executable, "-m", "worksample")
# What comes before a command that runs as a script runs it in the background.
IN_THE_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
_TIMEOUT = 120


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without variables that affect colours or the output width."""
    left_out = ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, **(extra or {})}


def worksample(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = _TIMEOUT
) -> subprocess.CompletedProcess[str]:
    """Run `worksample` with `arguments` and wait until it exits, `timeout` seconds at most."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
    )


class RunningProcess:
    """A running process whose output is read line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []

    def wait_for_line(self, part: str) -> str:
        """Read up to the first line that contains `part` and return it.

        Raises AssertionError if the output ends before.
        """
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if part in line:
                return self.lines[-1]
        raise AssertionError(f"no line contains {part!r}:\n" + "\n".join(self.lines))

    def stop(self, number: int) -> int:
        """Send the signal `number`, read the remaining output and return the exit code."""
        self.process.send_signal(number)
        assert self.process.stdout is not None
        self.lines += [line.rstrip("\n") for line in self.process.stdout]
        return self.process.wait(_TIMEOUT)


@contextmanager
def running_process(
    arguments: Sequence[str],
    cwd: Path,
    *,
    within: Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
) -> Iterator[RunningProcess]:
    """Start `worksample` with `arguments`, stderr merged into stdout; kill it at the end.

    `within` comes before the program on its command line, `extra` is added to its environment.
    """
    process = subprocess.Popen(
        [*within, *PROGRAM, *arguments],
        cwd=cwd,
        env=environment({"PYTHONUNBUFFERED": "1", **(extra or {})}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    watchdog = threading.Timer(_TIMEOUT, process.kill)
    watchdog.start()
    try:
        yield RunningProcess(process)
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


class _FixedResponseHandler(BaseHTTPRequestHandler):
    """Sends the response that is set on its server to every request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        status, body = self.server.answer  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if self.command != "HEAD" else b"")

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def log_message(self, *args: object) -> None:
        """Print nothing."""


class FixedResponseServer:
    """A server that sends the same response to every request; see `set_response`."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.set_response(200, b"{}")

    def set_response(self, status: int, body: bytes) -> None:
        """Set the response to all further requests."""
        self._server.answer = (status, body)  # type: ignore[attr-defined]


@contextmanager
def fixed_response_server() -> Iterator[FixedResponseServer]:
    """Run a server in a thread of this process, on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _FixedResponseHandler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield FixedResponseServer(server)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

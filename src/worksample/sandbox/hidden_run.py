"""Run a program that sees no other processes, and finds certain folders empty; Linux only.

    python -I -S hidden_run.py FOLDER... -- PROGRAM [ARGUMENT...]

The program runs in mount and process namespaces of its own (namespaces(7)), and in a user namespace
too if this process may not make the others. An ordinary user stays who they are there; whoever is
root loses the right to undo it. The exit is that of the program, 127 if it is not there. If the
namespaces cannot be made, the exit is 125, after a line with `NOT_HIDDEN`.
"""

# Paths are strings here: importing pathlib makes every program start half as slow again.
# ruff: noqa: PTH123

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, CAP_SYS_ADMIN = 1, 24, 21
NOT_POSSIBLE, NOT_FOUND = 125, 127
NOT_HIDDEN = "worksample: no namespaces: "


class Libc:
    """Calls of the C library that raise `OSError`."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)

    def unshare(self, flags: int) -> None:
        """Call unshare(2)."""
        self._check(self._library.unshare(flags))

    def prctl(self, option: int, value: int) -> None:
        """Call prctl(2)."""
        self._check(self._library.prctl(option, value, 0, 0, 0))

    def mount(self, kind: str, target: str, flags: int, options: str = "") -> None:
        """Call mount(2)."""
        name, data = kind.encode() or None, options.encode() or None
        self._check(self._library.mount(name, os.fsencode(target), name, flags, data))

    def _check(self, result: int) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


def enter_namespaces(libc: Libc) -> None:
    """Move this process into a new mount namespace, and its children into a process namespace."""
    try:
        libc.unshare(CLONE_NEWNS | CLONE_NEWPID)
    except PermissionError:
        user, group = os.geteuid(), os.getegid()
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID)
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)


def hide(libc: Libc, folders: list[str]) -> None:
    """Show the processes of the new namespace only, and `folders` empty, for good."""
    libc.mount("", "/", MS_REC | MS_PRIVATE)
    libc.mount("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for each in folders:
        libc.mount("tmpfs", each, MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=0755")
    with suppress(OSError):  # an ordinary user loses it when the program starts
        libc.prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN)


def complain(about: str, error: OSError) -> None:
    """Write what went wrong to the standard error."""
    os.write(2, f"{about}{error.strerror}\n".encode())


def execute(argv: list[str]) -> None:
    """Replace this process by the program. Never returns."""
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        os.setsid()
        os.execvp(argv[0], argv)  # noqa: S606 - no shell is the point
    except OSError as error:
        complain(f"{argv[0]}: ", error)
    finally:
        os._exit(NOT_FOUND)


def forward_sigterm(pid: int) -> None:
    """Pass SIGTERM on to `pid`, also one that came while it was blocked."""

    def forward(*_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, forward)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def first_process(libc: Libc, folders: list[str], argv: list[str], status: int) -> None:
    """Run the program as a child, and write how it ends to `status`; what it leaves is killed."""
    try:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        hide(libc, folders)
        pid = os.fork()
        if pid == 0:
            os.close(status)
            execute(argv)
        forward_sigterm(pid)
        while True:
            ended, how = os.wait()
            if ended == pid:
                os.write(status, str(how).encode())
                break
    except OSError as error:
        complain(NOT_HIDDEN, error)
    finally:
        os._exit(NOT_POSSIBLE)


def end_like(how: str) -> None:
    """End this process as a program did, by its status of os.wait ("": it was not started)."""
    if not how:
        sys.exit(NOT_POSSIBLE)
    if os.WIFSIGNALED(int(how)):
        number = os.WTERMSIG(int(how))
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    sys.exit(os.waitstatus_to_exitcode(int(how)))


def main() -> None:
    """Run the program that the command line names."""
    at = sys.argv.index("--")
    folders, argv = sys.argv[1:at], sys.argv[at + 1 :]
    libc = Libc()
    try:
        enter_namespaces(libc)
    except OSError as error:
        complain(NOT_HIDDEN, error)
        sys.exit(NOT_POSSIBLE)
    read_end, write_end = os.pipe()
    # Blocked in each process until it can pass the signal on: a first process ignores it before.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        first_process(libc, folders, argv, write_end)
    os.close(write_end)
    forward_sigterm(pid)
    with os.fdopen(read_end) as status:
        how = status.read()
    os.waitpid(pid, 0)
    end_like(how)


if __name__ == "__main__":
    main()

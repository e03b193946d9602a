"""Hide folders and all other processes from a program, where the system allows that."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from worksample.errors import InternalError
from worksample.messages import message
from worksample.sandbox.hidden_run import NOT_HIDDEN, NOT_POSSIBLE

_SCRIPT = Path(__file__).with_name("hidden_run.py")
_SECONDS = 10.0


def hiding(argv: Sequence[str], folders: Iterable[Path]) -> tuple[str, ...]:
    """Return the command that runs `argv` where `folders` are empty and no other process is seen.

    Call it only if `can_hide()`.
    """
    hidden = [str(each) for each in folders]
    return (sys.executable, "-I", "-S", str(_SCRIPT), *hidden, "--", *argv)


def require_hidden(code: int | None, printed: str) -> None:
    """Raise `InternalError` if a run by `hiding` never began, as its exit code and output show."""
    _, _, why = printed.partition(NOT_HIDDEN)
    if code == NOT_POSSIBLE and why:
        raise InternalError(
            message("a program could not be run apart from others: {why}", why=why.splitlines()[0]),
            hint="Check again; if it happens each time, this machine is out of namespaces.",
        )


@cache
def can_hide() -> bool:
    """Return whether this process may run programs like that; tried once."""
    if not sys.platform.startswith("linux"):
        return False
    with tempfile.TemporaryDirectory(prefix="worksample-hidden-") as place:
        (Path(place) / "file").touch()
        command = hiding(("/bin/sh", "-c", 'test ! -e "$0/file"', place), [Path(place)])
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0

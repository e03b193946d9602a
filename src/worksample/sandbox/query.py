"""Ask a program one question, such as its version."""

from __future__ import annotations

import subprocess

QUERY_TIMEOUT = 10.0


def first_line_of(*argv: str, seconds: float = QUERY_TIMEOUT) -> str:
    """Return the first line that a program prints; empty if it is missing or fails."""
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return next(iter(done.stdout.splitlines()), "").strip()

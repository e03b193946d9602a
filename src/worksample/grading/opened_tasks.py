"""Which tasks were opened on this machine that hand out most of a reference solution.

A later server for the same challenge may have been written with one beside it, so its report says
so. The list is kept for the user, in $XDG_STATE_HOME/worksample (~/.local/state/worksample).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from worksample.messages import message

_FILE = "opened-tasks"


def record(challenge: str, kind: str) -> None:
    """Record that a task of this kind was opened now; do nothing if that cannot be written."""
    path = _path()
    day = datetime.now(UTC).date().isoformat()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{challenge} {kind} {day}\n")
    except OSError:
        return


def note_of_opened_tasks(challenge: str) -> str:
    """Return a sentence about the first task of `challenge` that was opened, "" if none was."""
    try:
        lines = _path().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    for line in lines:
        name, _, rest = line.partition(" ")
        kind, _, day = rest.partition(" ")
        if name == challenge:
            return message(
                "a task of the kind {kind}, which holds most of a reference solution of this "
                "challenge, was opened on this machine on {day}",
                kind=kind,
                day=day,
            )
    return ""


def _path() -> Path:
    home = Path(os.environ.get("HOME", "/nonexistent"))
    state = os.environ.get("XDG_STATE_HOME") or home / ".local" / "state"
    return Path(state) / "worksample" / _FILE

"""The line that identifies a task: it decides what is drawn, and its seal is made for it."""

from __future__ import annotations

from worksample.catalogue import Challenge


def task_name(challenge: Challenge, kind: str, stack: str, seed: int) -> str:
    """Return the line that identifies a task."""
    return " ".join((challenge.id, challenge.version, kind, stack, str(seed)))

"""The tasks that come with Worksample, for whoever has no answers to make others from.

They lie packed in `tasks/<kind>/<stack>/<seed>.task` of a challenge, in an installed package only:
the build makes them (packages/shipped_tasks.py).
"""

from __future__ import annotations

from pathlib import Path

from worksample.catalogue import Challenge
from worksample.catalogue.answers import folders_in
from worksample.catalogue.seal import TASKS

_SUFFIX = ".task"


def shipped_stacks(challenge: Challenge, kind: str) -> list[str]:
    """Return the stacks in which tasks of a kind of work are shipped; none in a checkout."""
    found = folders_in(challenge.folder / TASKS / kind)
    return [stack for stack in found if shipped_seeds(challenge, kind, stack)]


def shipped_seeds(challenge: Challenge, kind: str, stack: str) -> list[int]:
    """Return the seeds of the tasks that are shipped, in order; none in a checkout."""
    found = shipped_task(challenge, kind, stack, 0).parent.glob(f"*{_SUFFIX}")
    return sorted(int(path.stem) for path in found if path.stem.isdecimal())


def shipped_task(challenge: Challenge, kind: str, stack: str, seed: int) -> Path:
    """Return the path at which a task is shipped, if it is."""
    return challenge.folder / TASKS / kind / stack / f"{seed}{_SUFFIX}"

"""Small servers that were grown from a starter: `grown/CHALLENGE/stage-N`.

Each folder holds the files that its stage adds or replaces; the first lies upon the starter of the
stack that `starter.txt` names. So a server has the tables and routes of its stage and no others.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from worksample.catalogue import Challenge

GROWN = Path(__file__).parent / "grown"


def grown_stages(challenge: Challenge) -> list[int]:
    """Return the stages of a challenge that have a grown server; empty if it has none."""
    folders = (GROWN / challenge.id).glob("stage-*")
    return sorted(int(each.name.removeprefix("stage-")) for each in folders)


def grown_copy(challenge: Challenge, stage: int, to: Path) -> None:
    """Write the server that has grown up to `stage` to the new folder `to`."""
    stack = (GROWN / challenge.id / "starter.txt").read_text(encoding="utf-8").strip()
    shutil.copytree(challenge.starters[stack], to)
    for each in grown_stages(challenge):
        if each <= stage:
            shutil.copytree(GROWN / challenge.id / f"stage-{each}", to, dirs_exist_ok=True)

"""What is to be judged."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from worksample.catalogue import Challenge
from worksample.grading.selection import Selection
from worksample.stacks import Settings

LARGEST_SEED = 1_000_000
EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is to be judged: the submission in `folder`, or the server that runs at `url`.

    `postgres` is the address of a PostgreSQL to use instead of the embedded one.
    """

    challenge: Challenge
    folder: Path
    settings: Settings
    selection: Selection = EVERYTHING
    seed: int = field(default_factory=lambda: secrets.randbelow(LARGEST_SEED))
    url: str = ""
    postgres: str = ""

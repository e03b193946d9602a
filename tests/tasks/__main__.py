"""Prove the tasks of many seeds, and go on where the last call stopped.

    python -m tests.tasks [--kind ID] [--seeds 500] [--challenge ID] [--stack ID] [--state FILE]

Each line of FILE (default: .prove-tasks) names a task that is proven. What makes a server slow is
measured once a stack; every other task of the kind `speed-up` that plants it is only made. Exits
with 1 if a task is not proven.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.tasks.proving import problems, problems_of_defects
from tests.tasks.proving_reviews import problems_of_review
from tests.tasks.proving_speed import planted, speed_problems
from worksample.catalogue import load_all
from worksample.errors import WorksampleError
from worksample.grading.kinds import kinds

#: What proves a task of each kind.
PROVERS = {
    "fix": problems,
    "review": problems_of_review,
    "speed-up": speed_problems,
    "test": problems_of_defects,
}


def main() -> int:
    """Prove what is not proven yet; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=PROVERS, help="default: all")
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--challenge", default="")
    parser.add_argument("--stack", default="")
    parser.add_argument("--state", type=Path, default=Path(".prove-tasks"))
    wanted = parser.parse_args()
    proven = set(wanted.state.read_text().splitlines()) if wanted.state.exists() else set()
    failed = 0
    for seed in range(wanted.seeds):
        for kind, challenge, stack in _stacks(wanted.kind, wanted.challenge, wanted.stack):
            name = f"{kind} {challenge} {stack} {seed}"
            if name in proven:
                continue
            try:
                one = f"{kind} {challenge} {stack} "
                one += planted(challenge, stack, seed) if kind == "speed-up" else str(seed)
                found = [] if one in proven else PROVERS[kind](challenge, stack, seed)
            except WorksampleError as error:
                found = [f"{name}: {error.message}"]
            for line in found:
                print(line, flush=True)
            failed += bool(found)
            if not found:
                proven |= {name, one}
                with wanted.state.open("a") as file:
                    file.writelines(f"{each}\n" for each in sorted({name, one}))
    print(f"{wanted.seeds} seeds: {failed} tasks not proven")
    return 1 if failed else 0


def _stacks(wanted: str | None, challenge: str, stack: str) -> list[tuple[str, str, str]]:
    return [
        (kind, each.id, name)
        for kind in PROVERS
        if wanted in (None, kind)
        for each in load_all()
        if kind in each.kinds and challenge in ("", each.id)
        for name in kinds()[kind].stacks(each)
        if stack in ("", name)
    ]


if __name__ == "__main__":
    sys.exit(main())

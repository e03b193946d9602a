"""The references with their mutants, and single changes of short sources."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from worksample.catalogue.answers import Answers
from worksample.tasks.variation import Variation
from worksample.tasks.variation.language import Place, languages

ROOT = Path(__file__).parents[3]
#: Challenge and solution, of those from which repositories with defects are made.
REFERENCES = sorted(
    (path.parts[-4], path.parts[-2]) for path in ROOT.glob("challenges/*/mutants/*/own-tests.json")
)


def answers(challenge: str) -> Answers:
    return Answers(ROOT / "challenges" / challenge)


def folder_of(challenge: str, solution: str) -> Path:
    return ROOT / "challenges" / challenge / "solutions" / solution


def sources(folder: Path) -> dict[str, bytes]:
    """Return the sources of the repository in `folder`, by their relative paths."""
    found = [
        each for suffix in ("py", "js", "go", "java", "cs") for each in folder.rglob(f"*.{suffix}")
    ]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found)}


def varied(clean: dict[str, bytes], chosen: list[Variation]) -> tuple[dict[str, bytes], int]:
    """Return sources after the changes that apply, and how many these are."""
    after, applied = dict(clean), 0
    for each in chosen:
        changed = each.applied(after[each.path]) if each.path in after else None
        if changed is not None:
            after[each.path] = changed
            applied += 1
    return after, applied


def change(path: str, kind: str, place: Place, source: str) -> str | None:
    """Return `source` after one change, or None if it is refused."""
    after = Variation(path, kind, "", place).applied(source.encode())
    return None if after is None else after.decode()


def places(path: str, kind: str, source: str) -> list[Place]:
    """Return the places for a kind of change in `source`."""
    language = languages()[PurePosixPath(path).suffix]
    module = language.parse(source.encode())
    return list(language.kinds[kind].places(module)) if module else []


def sampled(items: Sequence[int], count: int) -> list[int]:
    """Return `count` of `items`, others in each run of CI; all of them with VARIATIONS=all."""
    if os.environ.get("VARIATIONS") == "all":
        return list(items)
    seed = os.environ.get("STAGES_SEED", "1")
    return sorted(random.Random(seed).sample(items, min(count, len(items))))

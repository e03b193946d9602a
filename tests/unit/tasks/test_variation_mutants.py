"""Changes chosen on a clean reference apply to its mutants, and leave the defect as it is."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.unit.tasks import (
    csharp_meaning,
    go_meaning,
    java_meaning,
    javascript_meaning,
    python_meaning,
)
from tests.unit.tasks.references import REFERENCES, answers, folder_of, sampled, sources, varied
from worksample.tasks.variation import variations

COUNT = 30
SAMPLE = 2


def meanings(texts: Mapping[str, bytes]) -> dict[str, str | bytes]:
    """Return what each source means."""
    found: dict[str, str | bytes] = {}
    scripts = [path for path in texts if path.endswith(".js")]
    if scripts:
        trees = javascript_meaning.parsed([texts[path] for path in scripts])
        found = {p: javascript_meaning.meaning(t) for p, t in zip(scripts, trees, strict=True)}
    found |= {p: go_meaning.meaning(t) for p, t in texts.items() if p.endswith(".go")}
    found |= {p: java_meaning.meaning(t) for p, t in texts.items() if p.endswith(".java")}
    found |= {p: csharp_meaning.meaning(t) for p, t in texts.items() if p.endswith(".cs")}
    return found | {p: python_meaning.meaning(t) for p, t in texts.items() if p.endswith(".py")}


def assert_defect_survives(challenge: str, solution: str, number: int, tmp_path: Path) -> float:
    """Apply changes, a third of them beside the defect; return the share that applies."""
    mutant = answers(challenge).mutants(solution)[number]
    copy = answers(challenge).copy(solution, tmp_path / mutant.id, mutant)
    clean, defective = sources(folder_of(challenge, solution)), sources(copy)
    touched = [path for path in defective if defective[path] != clean.get(path)]
    found = variations(folder_of(challenge, solution), random.Random(number), COUNT, touched)
    after, applied = varied(defective, found)
    altered = [path for path in after if after[path] != defective[path]]
    before = meanings({path: defective[path] for path in altered})
    assert meanings({path: after[path] for path in altered}) == before, mutant.id
    return applied / len(found)


def assert_defects_survive(
    challenge: str, solution: str, numbers: Sequence[int], tmp_path: Path
) -> None:
    shares = [assert_defect_survives(challenge, solution, each, tmp_path) for each in numbers]
    assert min(shares) >= 0.7
    assert sum(shares) / len(shares) >= 0.95


@pytest.mark.parametrize(("challenge", "solution"), REFERENCES)
def test_defect_survives(challenge: str, solution: str, tmp_path: Path) -> None:
    count = len(answers(challenge).mutants(solution))
    numbers = sorted(random.Random(1).sample(range(count), SAMPLE))
    assert_defects_survive(challenge, solution, numbers, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("challenge", "solution"), REFERENCES)
def test_every_defect_survives(challenge: str, solution: str, tmp_path: Path) -> None:
    every = range(len(answers(challenge).mutants(solution)))
    numbers = sampled(every, 12)
    assert_defects_survive(challenge, solution, numbers, tmp_path)

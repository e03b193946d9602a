"""One stage of each challenge stands alone, and a server without the later ones is judged fairly.

$STAGES_SEED chooses the stage and the mutants: `make prove-stages` proves all of them.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Sequence

import pytest

from tests.stages.__main__ import prove
from tests.stages.grown_server import grown_stages
from tests.stages.proofs import grown, judge_grown, mutants, references, stages_of
from worksample.catalogue import load, load_all
from worksample.checks import CheckResult, StagedOperation, Verdict
from worksample.grading import Selection

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(1200)]

SEED = int(os.environ.get("STAGES_SEED", "1"))
MUTANTS = 6
CHALLENGES = [each for each in load_all() if stages_of(each)]
CHOSEN = [(each.id, random.Random(SEED).choice(stages_of(each))) for each in CHALLENGES]
GROWN = [each.id for each in CHALLENGES if 2 in grown_stages(each)]


@pytest.mark.parametrize(
    ("name", "stage"), CHOSEN, ids=[f"{name}, stage {n}, seed {SEED}" for name, n in CHOSEN]
)
def test_a_stage_stands_alone(name: str, stage: int) -> None:
    challenge, chosen = load(name), random.Random(SEED)
    planted = list(mutants(challenge, stage))
    planted = chosen.sample(planted, min(MUTANTS, len(planted)))
    proofs = [*grown(challenge, stage), *references(challenge, stage, SEED), *planted]

    assert asyncio.run(prove(challenge, proofs, SEED)) == 0


@pytest.mark.parametrize("name", GROWN)
def test_a_missing_operation_fails_one_check_and_blocks_what_needs_it(name: str) -> None:
    challenge = load(name)
    report = asyncio.run(judge_grown(challenge, 2, Selection(), SEED))

    assert report.problem is None
    proofs = _proofs_after(2, challenge.world.operations)
    results = {each.check.id: each for each in report.results}
    unexpected = [
        f"{each.check.id}: {each.verdict} {each.blocked_by or each.reason or each.findings}"
        for each in results.values()
        if each.verdict not in _allowed(each, proofs) or not _is_explained(each, results, proofs)
    ]
    assert unexpected == []
    assert any(results[each].verdict is Verdict.FAIL for each in proofs)


def _proofs_after(stage: int, operations: Sequence[StagedOperation]) -> set[str]:
    """Return the ids of the checks that prove the operations after `stage`."""
    return {each.proven_by for each in operations if each.stage > stage}


def _allowed(result: CheckResult, proofs: set[str]) -> set[Verdict]:
    """Return the verdicts that a check may get on a server that ends after stage 2."""
    if result.check.stage <= 2:
        return {Verdict.PASS}
    if result.check.id in proofs:
        return {Verdict.FAIL, Verdict.BLOCKED}
    return {Verdict.PASS, Verdict.BLOCKED, Verdict.UNDECIDED}


def _is_explained(result: CheckResult, results: dict[str, CheckResult], proofs: set[str]) -> bool:
    """Whether a proof that failed is the cause of a block; a block may also tell its reason."""
    seen: set[str] = set()
    while result.blocked_by and result.blocked_by not in seen:
        seen.add(result.blocked_by)
        result = results[result.blocked_by]
    if not seen:
        return True
    return result.check.id in proofs or bool(result.reason)

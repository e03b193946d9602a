"""Prove the stages of challenges: `python -m tests.stages [CHALLENGE ...] [--stage N]`."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Sequence

from tests.stages.proofs import Proof, grown, mutants, references, stages_of
from worksample.catalogue import Challenge, load, load_all
from worksample.grading import started
from worksample.stacks import Settings

JOBS = 2


async def prove(challenge: Challenge, proofs: Sequence[Proof], seed: int) -> int:
    """Run all proofs, print each, and return how many do not hold."""
    wrong, gate = 0, asyncio.Semaphore(JOBS)
    services = challenge.services.choose(Settings())
    async with started(challenge, services, {}) as shared, asyncio.TaskGroup() as group:

        async def one(proof: Proof) -> None:
            nonlocal wrong
            async with gate:
                lines = await proof.disprove(seed, shared)
            wrong += bool(lines)
            print(f"{'WRONG' if lines else 'ok   '} {proof.name}", *lines, sep="\n  ", flush=True)

        for proof in proofs:
            group.create_task(one(proof))
    return wrong


def _sample(planted: list[Proof], at_most: int, chosen: random.Random) -> list[Proof]:
    """Return some of the mutants; all of them if `at_most` is negative."""
    return chosen.sample(planted, at_most) if 0 <= at_most < len(planted) else planted


def main() -> int:
    """Prove what the arguments say; return 1 if something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("challenges", nargs="*", default=sorted(each.id for each in load_all()))
    parser.add_argument("--stage", type=int, action="append", help="only this stage (repeatable)")
    parser.add_argument("--one", action="store_true", help="one stage, chosen by the seed")
    parser.add_argument("--grown", action="store_true", help="only the servers that were grown")
    parser.add_argument("--mutants", type=int, default=-1, help="at most so many for each stage")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chosen, wrong = random.Random(options.seed), 0
    print(f"Proving stages, seed {options.seed}.")
    for name in options.challenges:
        challenge = load(name)
        stages = options.stage or stages_of(challenge)
        for stage in [chosen.choice(stages)] if options.one else stages:
            proofs = [*grown(challenge, stage)]
            if not options.grown:
                proofs += references(challenge, stage)
                proofs += _sample(list(mutants(challenge, stage)), options.mutants, chosen)
            wrong += asyncio.run(prove(challenge, proofs, options.seed))
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

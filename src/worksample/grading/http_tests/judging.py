"""Judge a learner's tests: on every correct server, and then on those with planted defects."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from worksample.checks import Verdict
from worksample.errors import InternalError
from worksample.grading.http_tests.bench import Done, Job, TestBench, correct_servers, plant
from worksample.grading.http_tests.quality import (
    CorrectRuns,
    finds,
    is_reversed,
    relied_on,
    unreliable,
)
from worksample.grading.http_tests.verdicts import (
    blocked_defects,
    of_correct_servers,
    of_defects,
    score_of,
)
from worksample.grading.kinds.base import Outcome
from worksample.grading.report import judge
from worksample.grading.run import Run
from worksample.messages import join_and, message
from worksample.tasks.testing import SealedTask

#: On a server with a defect the tests get this many times the time that they need on correct ones.
_PATIENCE, _LEAST_PATIENCE = 4, 30.0


async def judge_tests(run: Run, task: SealedTask, bench: TestBench, opened: Path) -> Outcome:
    """Run the tests on the correct servers, and if they are right, on those with defects.

    After the first round, all further runs are made in a random order: a run cannot know on which
    server it is. Copies of servers are made in the folder `opened`. Raises `InternalError` where
    this machine cannot run the servers.
    """
    here, missing = await _servers_here(run, task, opened)
    first = await bench.make([Job(name, path) for name, path in here.items()])
    looks = _is_sound(_by_server(first))
    jobs = [] if any(each.tests.problem for each in first) else _again(here)
    if looks:
        jobs += _defective(task, here[task.stack], opened, _patience(first))
    random.Random(run.request.seed).shuffle(jobs)  # noqa: S311 - not for secrets
    done = await bench.make(jobs)
    servers = _by_server([*first, *(each for each in done if each.job.defect is None)])
    if len(relied_on(servers)) > 1:
        run.note(_order(bench, servers))
    results = of_correct_servers(servers, unreliable(servers), missing)
    if not looks or any(each.verdict is Verdict.FAIL for each in results):
        results.append(blocked_defects(task))
        return Outcome(judge(results), tuple(results))
    found = _found(done, relied_on(servers))
    told, notes = of_defects(task, found)
    run.note(*notes)
    every = (*results, *told)
    return Outcome(judge(every), every, score_of(task, len(found)))


async def _servers_here(
    run: Run, task: SealedTask, opened: Path
) -> tuple[Mapping[str, Path], Mapping[str, str]]:
    """Return the correct servers, and why others are not here; say both.

    Raises `InternalError` if this machine cannot build that of the task's stack.
    """
    here, missing = await correct_servers(task, opened)
    if task.stack in missing:
        raise InternalError(
            message("The servers of this task cannot run here: {why}.", why=missing[task.stack]),
            hint="`worksample doctor` says how to get it.",
        )
    run.note(message("the correct servers are {names}", names=join_and(list(here))))
    for name, why in missing.items():
        run.note(message("{name} was left out: {why}", name=name, why=why))
    return here, missing


def _is_sound(servers: Sequence[CorrectRuns]) -> bool:
    """Return whether all tests pass so far, and there is one."""
    broken = any(run.problem for each in servers for run in each.all)
    return not broken and not unreliable(servers) and bool(relied_on(servers))


def _again(here: Mapping[str, Path]) -> list[Job]:
    """Return the further runs on correct servers: in the usual order, and in another one."""
    return [
        Job(name, path, other_order=other_order)
        for other_order in (False, True)
        for name, path in here.items()
    ]


def _defective(task: SealedTask, reference: Path, opened: Path, timeout: float) -> list[Job]:
    """Return the runs on servers with a defect."""
    return [
        Job(
            message("with defect {number}", number=each.number),
            plant(each, reference, opened / "planted" / str(each.number)),
            defect=each,
            timeout=timeout,
        )
        for each in task.defects
    ]


def _patience(first: Iterable[Done]) -> float:
    return max(_LEAST_PATIENCE, _PATIENCE * max(each.seconds for each in first))


def _by_server(done: Sequence[Done]) -> list[CorrectRuns]:
    """Return the runs on correct servers, by server."""
    names = dict.fromkeys(each.job.name for each in done)
    return [
        CorrectRuns(
            name,
            [each.tests for each in done if each.job.name == name and not each.job.other_order],
            [each.tests for each in done if each.job.name == name and each.job.other_order],
        )
        for name in names
    ]


def _found(done: Iterable[Done], tests: frozenset[str]) -> set[int]:
    """Return the numbers of the defects that one of `tests` shows."""
    return {each.job.defect.number for each in done if each.job.defect and finds(each.tests, tests)}


def _order(bench: TestBench, servers: Sequence[CorrectRuns]) -> str:
    """Return in words in which other order the tests ran."""
    if is_reversed(servers):
        return "the tests ran in reverse order, too"
    return bench.other_order or (
        "the tests ran in one order only: `other_order`, or `{files}` in their command, changes it"
    )

"""What blocks checks whose writes cannot be prepared."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from worksample.checks import Finding, PreconditionFailed
from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.write_operations import PreparationFailed, WriteOperation
from worksample.suites.writes import WorkingWrites, labelled, precondition_of

FAILED = Exchange(Request("POST", "/comments"), Response(500, (), b""))
FINDING = Finding("status 201", "500", exchanges=(FAILED,), culprit=0)


async def _commenting() -> WriteOperation:
    raise PreconditionFailed("a-comment-can-be-written", FINDING)


def world() -> Any:
    """Return a world in which no operation of the contract is known."""

    def blocked_by(finding: Finding, otherwise: str) -> PreconditionFailed:
        return PreconditionFailed(otherwise, finding)

    return SimpleNamespace(unprepared=[], blocked_by=blocked_by)


def failure() -> PreparationFailed:
    """Return how preparing a comment fails."""

    async def prepare() -> None:
        await labelled({"commenting": _commenting})["commenting"]()

    with pytest.raises(PreparationFailed) as raised:
        asyncio.run(prepare())
    return raised.value


def test_blocked_by_the_check_that_tests_the_failed_step() -> None:
    blocked = precondition_of(world(), failure(), "an-article-can-be-published")
    assert (blocked.needs, blocked.finding) == ("a-comment-can-be-written", FINDING)


def test_blocked_by_the_general_check_if_the_step_does_not_say() -> None:
    blocked = precondition_of(world(), PreparationFailed(FAILED), "an-article-can-be-published")
    assert blocked.needs == "an-article-can-be-published"
    assert blocked.finding.expected == "POST /comments answers 2xx while no fault is injected"


@pytest.mark.parametrize(
    ("judged", "left_out"), [((), 1), (("commenting",), 1), (("publishing",), 0)]
)
def test_tells_which_of_the_judged_kinds_were_left_out(
    judged: tuple[str, ...], left_out: int
) -> None:
    told = world()
    writes: Any = SimpleNamespace(judged=judged, needs="an-article-can-be-published")
    WorkingWrites([], {"commenting": failure()}).tell(told, writes)
    assert len(told.unprepared) == left_out
